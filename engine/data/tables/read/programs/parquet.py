"""Parquet files as tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as arrow
from pyarrow import compute, parquet

from engine.choices import Invalid, Message
from engine.data.cells.number_marks import Marks
from engine.data.files.shards import shards_of, told_shards
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.lists_of_words import as_cell, told_list
from engine.data.tables.read.text_tables import refuse_too_large, refuse_too_wide
from engine.data.tables.read.typed import Cells, as_written, typed_table

_PEAK = 3
_ROWS = 1 << 14
"""Rows in a piece: so few that even long texts fit."""
_MOST_FOR_LITTLE, _MOST_TIMES = 1 << 30, 1000
"""What is larger than a gigabyte in memory is no more than so many times as large as its file."""


def read_parquet_table(
    path: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int
) -> Table:
    """Return a Parquet file as a table; columns of lists and structures are left out with a notice."""
    try:
        facts = [parquet.read_metadata(one) for one in shards_of(path)]
        schema = parquet.read_schema(path)
        refuse_too_wide(len(schema))
        groups = (one.row_group(place) for one in facts for place in range(one.num_row_groups))
        size, rows = sum(group.total_byte_size for group in groups), sum(one.num_rows for one in facts)
        # a column of one value takes no bytes in the file, but eight a row in memory
        refuse_too_large(path, max(size * _PEAK, rows * max(len(schema), 1) * 8), memory)
        # lists of words are read where somebody names the column: earlier runs learnt without it
        sets = {field.name for field in schema if _is_list_of_words(field.type)}
        nested = [
            field.name
            for field in schema
            if arrow.types.is_nested(field.type) and not (field.name in sets and field.name in how.names)
        ]
        wanted = [name for name in schema.names if name not in how.left_out and name not in nested]
        # Texts stay in a dictionary until it is known how much they become: one may stand in every row.
        words = [field.name for field in schema if _is_text(field.type)]
        pieces: list[arrow.RecordBatch] = []
        for one in shards_of(path) if wanted else []:
            with parquet.ParquetFile(one, read_dictionary=words) as file:
                pieces += _pieces(file, wanted, one, report, memory)
    # it is a ValueError, too, and so among the damages below
    except Invalid:
        raise
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise refused(
            "data.path",
            Message("{name} is no Parquet file that can be read: {error}", name=path.name, error=error),
        ) from None
    if not wanted or not sum(len(piece) for piece in pieces):
        raise refused(
            "data.path", Message("{name} holds no rows with columns of numbers or text", name=path.name)
        )
    names = tuple(name for name in schema.names if name not in nested)
    notices = [*told_shards(path), *(_told_nested(schema.field(name)) for name in nested)]
    cells = _cells(_lists_as_text(arrow.Table.from_batches(pieces)), names, how, notices)
    return typed_table(cells, how, targets, report)


def _told_nested(field: arrow.Field) -> str:
    # sets of pictures and sound on Hugging Face hold each file whole: {"bytes": ..., "path": ...}
    if arrow.types.is_struct(field.type) and field.type.get_field_index("bytes") >= 0:
        return Message(
            "{name}: holds whole files, pictures perhaps, and is left out; to learn from pictures, write "
            "each into a folder that is called as its class, and open the folder of these",
            name=field.name,
        )
    if _is_list_of_words(field.type):
        return told_list(field.name, several=True)
    return Message("{name}: holds lists or structures and is left out", name=field.name)


def _is_list_of_words(kind: arrow.DataType) -> bool:
    lists = arrow.types.is_list(kind) or arrow.types.is_large_list(kind)
    return bool(lists and _is_text(kind.value_type))


def _lists_as_text(found: arrow.Table) -> arrow.Table:
    for place, field in enumerate(found.schema):
        if _is_list_of_words(field.type):
            cells = [as_cell(cell) for cell in found.column(place).to_pylist()]
            found = found.set_column(place, field.name, arrow.array(cells, arrow.string()))
    return found


def _pieces(
    file: parquet.ParquetFile, wanted: list[str], path: Path, report: Report, memory: int
) -> Iterator[arrow.RecordBatch]:
    """Yield the rows in pieces. Raises Invalid when they unpack to more than the file says.

    Few bytes may stand for very many rows of long texts; what the first pieces take tells.
    """
    count, done, held, size = file.metadata.num_rows, 0, 0, path.stat().st_size
    for piece in file.iter_batches(batch_size=_ROWS, columns=wanted):
        piece.validate(full=True)  # a damaged file may hold text that is no UTF-8, which only breaks later
        done += len(piece)
        held += sum(_plain_size(column) for column in piece.columns)
        becomes = int(held / max(done, 1) * max(count, done) * _PEAK)
        refuse_too_large(path, becomes, memory)
        if becomes > max(_MOST_FOR_LITTLE, _MOST_TIMES * size):
            raise refused(
                "data.path",
                Message(
                    "{name} of {size:,} bytes becomes {needed:.1f} GB: the same long values stand in "
                    "very many rows; keep fewer rows or shorter values",
                    name=path.name,
                    size=size,
                    needed=becomes / 1e9,
                ),
            )
        report(min(done / max(count, 1), 1.0), Message("Reading {name}", name=path.name))
        yield piece


def _is_text(kind: arrow.DataType) -> bool:
    return bool(arrow.types.is_string(kind) or arrow.types.is_large_string(kind))


def _plain_size(column: arrow.Array) -> int:
    """Return the bytes of a column when each row has its own text, as a table in memory has."""
    if not arrow.types.is_dictionary(column.type) or not len(column.dictionary):
        return int(column.nbytes)
    each = int(column.dictionary.nbytes) // len(column.dictionary)
    return len(column) * max(8, each)


def _cells(found: arrow.Table, names: tuple[str, ...], how: TableFormat, notices: list[str]) -> Cells:
    if len(set(names)) < len(names):
        raise refused("data.path", "two columns have the same name: rename one")
    frame = {}
    for name in found.column_names:
        try:
            column = found.column(name)
            kept = how.keeps(name) or _loses_digits(column)
            frame[name] = (column.cast(arrow.string()) if kept else _plain(column)).to_pandas()
        except arrow.ArrowException:
            notices.append(
                Message("{name}: holds neither numbers, dates nor text and is left out", name=name)
            )
    names = tuple(name for name in names if name in frame or name in how.left_out)
    rows = np.arange(1, len(found) + 1)

    def written(name: str) -> pd.Series[Any]:
        column = found.column(name)
        exact = arrow.types.is_decimal(column.type) or arrow.types.is_integer(column.type)
        cells = (column.cast(arrow.string()) if exact else _plain(column)).to_pandas()
        return as_written(cells).set_axis(rows)

    return Cells(
        pd.DataFrame(frame, copy=False),
        names,
        rows,
        Marks(".", False, how.thousands),
        notices,
        {},
        {},
        written,
    )


def _loses_digits(column: arrow.ChunkedArray) -> bool:
    """Return whether whole numbers with gaps are larger than doubles hold, as identifiers are."""
    # without gaps whole numbers stay int64, which holds every digit; with gaps pandas makes floats of them
    if not arrow.types.is_integer(column.type) or not column.null_count or column.null_count == len(column):
        return False
    span = compute.min_max(column).as_py()
    return bool(max(abs(span["min"]), abs(span["max"])) >= 2**53)


def _plain(column: arrow.ChunkedArray) -> arrow.ChunkedArray:
    """Return decimals as floats, zoned times in UTC without zone, everything unusual as text."""
    kind = column.type
    if arrow.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if arrow.types.is_decimal(kind) or arrow.types.is_float16(kind):
        return column.cast(arrow.float64())
    if arrow.types.is_timestamp(kind) or arrow.types.is_date(kind):
        # unsafe, as a cast of nanoseconds that loses digits is an error otherwise
        return column.cast(arrow.timestamp("us"), safe=False)
    if arrow.types.is_integer(kind) or arrow.types.is_floating(kind) or arrow.types.is_null(kind):
        return column
    return column.cast(arrow.string())
