"""The validation and the test part of a table in files of their own beside it, and what else lies there."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from engine.choices import Message
from engine.data.decisions import decided
from engine.data.description import PartName
from engine.data.files.beside import lies_beside
from engine.data.files.endings import EXCEL, JSON, PARQUET, TABLES
from engine.data.files.layouts import ends_in, files_in, looks_marked
from engine.data.files.placement import part_of
from engine.data.files.table_folders import LONGEST_LINE, forms_beside, main_table, tables_in

_OWN: tuple[PartName, ...] = ("validation", "test")
_LINES = 50
_FEW = 5
"""Files that are named."""
_NAME = re.compile(r"[^\W\d][\w .()/%-]{,40}")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def parts_beside(table: Path) -> dict[PartName, Path]:
    """Return the file that is the validation part of the data in a table, and that of its test part.

    It is the only one of its part, and has the columns of the table. A table to be predicted has no column of
    answers, and is none.
    """
    found = {
        part: [path for path in _called(table) if part_of(path.name) == part and _may_continue(path, table)]
        for part in _OWN
    }
    return {part: paths[0] for part, paths in found.items() if len(paths) == 1}


def told_beside(path: Path, read: Sequence[Path]) -> list[str]:
    """Return what lies beside a table and is not read: lists and answers where it is the data of its folder,
    and, where it is called train or other parts are `read`, those parts that are not.
    """
    if not path.is_file():
        return []
    parted = bool(read) or part_of(path.name) == "train"
    told = _told_parts(path, read) if parted else []
    if forms := forms_beside(path):
        names = ", ".join(one.name for one in forms[:_FEW])
        told.append(Message("{files} beside, called as {name}, left out", files=names, name=path.name))
    lists = [one.name for one in files_in(path.parent) if lies_beside(one.name) and one != path]
    if lists and (parted or main_table(path.parent) == path):
        told.append(Message("{files} beside left out", files=", ".join(lists[:_FEW])))
    return told


def _told_parts(path: Path, read: Sequence[Path]) -> list[str]:
    used = {one.name for one in read}
    rest = [one for one in _called(path) if one.name not in used and part_of(one.name) in _OWN]
    told: list[str] = []
    for one in rest:
        part = part_of(one.name) or ""
        lacking = [name for name in _names(path) if name not in _names(one)] if _names(one) else []
        if not lacking and not (ends_in(path, *EXCEL) or _may_continue(one, path)):
            lacking = [Message("columns as {name}", name=path.name)]
        if lacking:
            said = Message(
                "{name} is called a {part} part, but has no {lacking}: it can be neither learnt nor judged, "
                "and is not read; the network that has learnt predicts its rows",
                name=one.name,
                part=part,
                lacking=", ".join(lacking[:_FEW]),
            )
            told.append(said)
        else:
            said = Message("{name} is called a {part} part and is not read", name=one.name, part=part)
            told.append(decided(said, f"data.{part}_path", str(one)))
    return told


def _called(table: Path) -> list[Path]:
    """Return the files beside a table that are called like parts of the same data."""
    if not table.is_file():
        return []
    return [path for path in tables_in(table.parent) if path != table and _belongs(path, table)]


def _belongs(path: Path, table: Path) -> bool:
    """Return whether a file is called like a part of the same data, as test.csv or adult.test."""
    # adult.data goes with adult.test
    alike = path.suffix == table.suffix or part_of(path.suffix) is not None
    return alike and (part_of(table.name) == "train" or _bare(path) == _bare(table))


def _bare(path: Path) -> list[str]:
    """Return the words of a name but for the ending and what says which part it is."""
    name = path.stem if ends_in(path, *TABLES) else path.name
    return [word for word in re.split(r"[\s._-]+", name.lower()) if part_of(word) is None]


def _may_continue(path: Path, table: Path) -> bool:
    """Return whether a file may hold the columns of another: all names, or where it has none, as many."""
    # a workbook would have to be unpacked for its names
    if ends_in(table, *EXCEL):
        return False
    if looks_marked(table):
        return looks_marked(path)
    names, own = _names(table), _names(path)
    if names or ends_in(table, *PARQUET, *JSON):
        # more columns than those of training, as a number of the row, change nothing
        return bool(names) and {*names} <= {*own}
    one, other = _first_lines(path), _first_lines(table)
    # without names in the first line, as in the sets of UCI, only the number of cells tells
    return bool(one and other) and (one[0] == other[0] or (not own and _cells(one) == _cells(other)))


def _names(path: Path) -> list[str]:
    """Return the names of the columns of a table by its first line; none where these are not known."""
    if ends_in(path, *EXCEL):
        return []
    if ends_in(path, *PARQUET, *JSON):
        return _keys(path)
    first, *below = _first_lines(path) or [""]
    names = _parted(first)
    # a single name with blanks is rather a sentence
    named = all(map(_NAME.fullmatch, names)) and (len(names) > 1 or " " not in first)
    return names if named and not _stand_again(names, below) else []


def _parted(line: str) -> list[str]:
    return [cell.strip().strip('"') for cell in re.split(r"[,;\t]", line)]


def _stand_again(cells: Sequence[str], below: Sequence[str]) -> bool:
    """Return whether a cell of the first line stands in its column again: it is a value, and names none."""
    # files that were put together have the whole row of names again
    rows = [row for row in map(_parted, below) if row != cells and len(row) == len(cells)]
    return any(cell in column for cell, *column in zip(cells, *rows, strict=True))


def _keys(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file, or of the first record of JSON lines; else none."""
    if ends_in(path, *PARQUET):
        import pyarrow
        import pyarrow.parquet

        try:
            return list(pyarrow.parquet.read_schema(path).names)
        except (OSError, pyarrow.ArrowException):
            return []
    try:
        record = json.loads(next(iter(_first_lines(path)), ""))
    except ValueError:
        return []
    return sorted(record) if isinstance(record, dict) else []


def _first_lines(path: Path) -> list[str]:
    with path.open("rb") as file:
        # bounded, as a file without line ends would be read whole
        lines = [file.readline(LONGEST_LINE) for _ in range(_LINES)]
    words = (line.decode("utf-8", "replace").strip().removeprefix("\ufeff") for line in lines)
    return [line for line in islice(words, _LINES) if line]


def _cells(lines: Sequence[str]) -> tuple[int, ...]:
    """Return how often marks that part cells stand in most lines; without any, how many words."""
    counts = Counter(_marks(line) for line in lines)
    return max(counts, key=counts.__getitem__)


def _marks(line: str) -> tuple[int, ...]:
    # commas within quotation marks part no cells
    bare = _QUOTED.sub("", line)
    marks = tuple(bare.count(mark) for mark in ",;\t|")
    return marks if any(marks) else (len(line.split()),)
