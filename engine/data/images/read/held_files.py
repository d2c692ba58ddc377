"""Pictures that stand whole in the cells of a Parquet file, as the datasets of Hugging Face are published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from engine.choices import Message
from engine.data.files.endings import PARQUET
from engine.data.files.shards import shards_of
from engine.data.refusal import refused
from engine.data.source import Report

if TYPE_CHECKING:
    import pyarrow

_ROWS = 256
"""Rows that are in memory at once: photographs may have some megabytes each."""
_BYTES, _PATH = "bytes", "path"
"""What the two fields of a cell are called."""
_LIST = "list.csv"


def holds_files(path: Path) -> bool:
    """Return whether a Parquet file has a column whose cells are whole files: {"bytes": ..., "path": ...}."""
    if path.suffix.lower() not in PARQUET or not path.is_file():
        return False
    # needed for nothing but such files
    from pyarrow import ArrowException, parquet

    try:
        return _column_of_files(parquet.read_schema(path)) is not None
    # what cannot be read is said where it is read
    except (ArrowException, OSError, ValueError):
        return False


def unpacked(path: Path, folder: Path, report: Report) -> Path:
    """Write the pictures into an empty folder, and return a list of them with the other columns beside.

    Classes that are numbers get the names that the file itself has for them. Raises Invalid where the file is
    damaged.
    """
    import pandas as pd
    from pyarrow import ArrowException, parquet

    try:
        schema = parquet.read_schema(path)
        column = _column_of_files(schema)
        assert column is not None  # asked before
        plain = [one.name for one in schema if one.name == column or not _is_nested(one.type)]
        rows: list[dict[str, Any]] = []
        shards = shards_of(path)
        for place, one in enumerate(shards):
            report(place / len(shards), Message("Reading {name}", name=one.name))
            with parquet.ParquetFile(one) as file:
                for batch in file.iter_batches(batch_size=_ROWS, columns=plain):
                    rows += _written(batch.to_pylist(), column, folder, len(rows))
    except (ArrowException, OSError, ValueError) as error:
        said = Message("{name} is no Parquet file that can be read: {error}", name=path.name, error=error)
        raise refused("data.path", said) from None
    frame = pd.DataFrame(rows, columns=plain)
    for name, classes in _names_of_classes(schema).items():
        if name in frame:
            frame[name] = [_called(value, classes) for value in frame[name]]
    frame.to_csv(folder / _LIST, index=False)
    return folder / _LIST


def _written(
    cells: Sequence[dict[str, Any]], column: str, folder: Path, before: int
) -> Iterator[dict[str, Any]]:
    """Write the files of some rows, and give each row with the name of its file."""
    for place, row in enumerate(cells, before):
        held = row[column] or {}
        name = ""
        if held.get(_BYTES):
            # a number before it: two files may be called alike
            name = f"{place}_{PurePosixPath(str(held.get(_PATH) or 'picture').replace(chr(92), '/')).name}"
            (folder / name).write_bytes(held[_BYTES])
        yield {**row, column: name}


def _column_of_files(schema: pyarrow.Schema) -> str | None:
    return next((one.name for one in schema if _is_nested(one.type) and _holds_bytes(one.type)), None)


def _holds_bytes(kind: pyarrow.DataType) -> bool:
    import pyarrow

    return bool(pyarrow.types.is_struct(kind) and kind.get_field_index(_BYTES) >= 0)


def _is_nested(kind: pyarrow.DataType) -> bool:
    import pyarrow

    return bool(pyarrow.types.is_nested(kind))


def _names_of_classes(schema: pyarrow.Schema) -> dict[str, list[str]]:
    """Return what the datasets library wrote into the file of its columns of classes."""
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        return {name: one["names"] for name, one in features.items() if one.get("_type") == "ClassLabel"}
    # any other program may write there what it likes
    except (KeyError, ValueError, TypeError, AttributeError):
        return {}


def _called(value: Any, classes: Sequence[str]) -> str:
    """Return the name of a class by its number; "" where there is none, as -1 of a test part."""
    return str(classes[value]) if isinstance(value, int) and 0 <= value < len(classes) else ""
