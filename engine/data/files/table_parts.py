"""Tables in many files: which files of a folder are one table, and what the names of folders say.

Told by names and first lines.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from engine.data.files.endings import JSON, PARQUET, TEXT
from engine.data.files.layouts import explains, is_litter
from engine.data.files.placement import part_of
from engine.data.files.table_folders import first_line, in_order

_GLANCE = 1 << 16
"""Bytes of a file of JSON that hold its first record."""
_IN_COMMON = 0.5
"""Share of the keys of all files that each has to have, for files of JSON to be one table."""
_DEEPEST = 6
"""Folders within folders."""
_NOTHING = "__HIVE_DEFAULT_PARTITION__"
"""What a folder is called that holds the rows without a value."""
FOLDER = "folder"
"""The column that says which folder a row is of, where the name of the folder says no column."""


class Part(NamedTuple):
    """A file with a part of the rows of a table, and the values that its folders say of all of them."""

    path: Path
    values: Mapping[str, str | None]


def table_parts(folder: Path) -> list[Part]:
    """Return the files below a folder that are one table, in the order of their names; else none.

    They lie in folders that name a column and its value, as Spark and Hive write them (day=2023-05-01), or
    all in the folder itself; or in folders of another name where somebody wants the folder as one table.
    """
    return partitions(folder) or [Part(path, {}) for path in files_alike(folder)] or _within(folder)


def partitions(folder: Path) -> list[Part]:
    """Return the files of a table in folders that are called name=value, of several levels; else none."""
    # at the first that is called otherwise it is over: a folder may hold a million pictures
    if not folder.is_dir() or not all("=" in path.name and path.is_dir() for path in _data(folder)):
        return []
    parts = _within(folder)
    return [] if any(FOLDER in part.values for part in parts) else parts


def files_alike(folder: Path) -> list[Path]:
    """Return the tables in a folder that are one table, in the order of their names, as one a day, a station
    or a class.

    They are plain text that begins with the same line of names, Parquet with the same columns, or records of
    JSON with mostly the same keys, and none is called as a part; else there are none.
    """
    files = [path for path in _data(folder) if path.is_file()] if folder.is_dir() else []
    for endings, same in ((TEXT, _same_first_line), (PARQUET, _same_columns), (JSON, _same_keys)):
        own = [path for path in files if path.suffix.lower() in endings]
        # one file is a table by itself, and parts of a split are not one table
        if own and not any(part_of(path.name) for path in own) and same(own):
            return sorted(own, key=lambda path: in_order(path.name))
    return []


def kept_aside(name: str) -> bool:
    """Return whether a file or folder only serves the program that wrote a table: _SUCCESS, sums, logs."""
    return is_litter(name) or name.startswith("_") or name.endswith(".crc")


def _data(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if not (kept_aside(path.name) or explains(path.name)))


def _within(folder: Path) -> list[Part]:
    """Return the tables below the folders of a folder with what these are called; none where they differ."""
    parts = _below(folder, {}, 0) if folder.is_dir() else []
    files = [part.path for part in parts]
    columns = {tuple(part.values) for part in parts}
    forms = [
        endings for endings in (TEXT, PARQUET, JSON) if any(one.suffix.lower() in endings for one in files)
    ]
    # each level names one column, and a file beside the folders is of another table
    if len(columns) != 1 or columns == {()} or len(forms) != 1:
        return []
    return parts if all(one.suffix.lower() in forms[0] for one in files) and _one_table(files) else []


def _below(folder: Path, values: Mapping[str, str | None], depth: int) -> list[Part]:
    parts: list[Part] = []
    for path in sorted(_data(folder), key=lambda one: in_order(one.name)):
        if path.is_file():
            parts.append(Part(path, values))
        elif depth < _DEEPEST:
            parts += _below(path, {**values, **_said_by(path.name, values)}, depth + 1)
    return parts


def _said_by(name: str, before: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the column and the value that a folder is called: day=2023-05-01; else that it is this one."""
    column, sign, value = name.partition("=")
    if not (sign and column.strip()):
        column, value = FOLDER if FOLDER not in before else f"{FOLDER} {len(before) + 1}", name
    return {unquote(column): None if value == _NOTHING else unquote(value)}


def _one_table(files: Sequence[Path]) -> bool:
    """Return whether files may be parts of one table; text without a line of names may."""
    ending = files[0].suffix.lower()
    if ending in TEXT:
        # without names, as Spark writes CSV, as many cells tell
        return _same_first_line(files) or len({len(cells_in(first_line(path))) for path in files}) == 1
    return _same_columns(files) if ending in PARQUET else _same_keys(files)


def mark_in(line: bytes) -> bytes:
    """Return the mark that parts the cells of a line, as far as that tells."""
    return max((b",", b";", b"\t", b"|"), key=line.count)


def cells_in(line: bytes) -> list[str]:
    """Return the cells of a line of text, without their quotation marks."""
    return next(csv.reader([line.decode("utf-8", "replace")], delimiter=mark_in(line).decode()), [])


def _same_first_line(files: Sequence[Path]) -> bool:
    # as bytes: nothing has to be decoded to see that lines are the same
    first = {first_line(path) for path in files}
    # two bytes for each letter could not be put below each other as lines
    return len(first) == 1 and names_columns(next(iter(first))) and not any(b"\0" in line for line in first)


def names_columns(line: bytes) -> bool:
    """Return whether a line may be one of names: the same line of numbers is none."""
    return any(sign.isalpha() for sign in line.decode("utf-8", "replace"))


def _same_columns(files: Sequence[Path]) -> bool:
    import pyarrow
    import pyarrow.parquet

    try:
        return len({tuple(sorted(pyarrow.parquet.read_schema(path).names)) for path in files}) == 1
    except (OSError, pyarrow.ArrowException):
        return False


def _same_keys(files: Sequence[Path]) -> bool:
    keys = [_first_keys(path) for path in files]
    every = set[str]().union(*keys)
    # records lack what was not filled in
    return bool(every) and all(len(own) >= _IN_COMMON * len(every) for own in keys)


def _first_keys(path: Path) -> set[str]:
    """Return the keys of the first record of a file of JSON; none where what it holds is no plain record."""
    with path.open("rb") as file:
        start = file.read(_GLANCE).decode("utf-8-sig", "replace").lstrip()
    try:
        record, _ = json.JSONDecoder().raw_decode(start.removeprefix("[").lstrip())
    except (ValueError, RecursionError):
        return set()
    if not isinstance(record, dict):
        return set()
    # what holds lists of records, as notes on pictures do, is a document and no row
    nested = any(
        isinstance(one, list) and any(isinstance(row, (dict, list)) for row in one) for one in record.values()
    )
    return set() if nested else set(record)
