"""Folders of tables: which of them is the data, and which its test part, or whether all are one table.

Told by names and first lines.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from engine.data.files.endings import EXCEL, JSON, PARQUET, TABLES, TEXT
from engine.data.files.layouts import (
    ends_in,
    explains,
    files_in,
    is_litter,
    looks_marked,
    only_folder_in,
    sort_of_file,
)
from engine.data.files.placement import numbered_alike, part_of

LONGEST_LINE = 1 << 20
"""Bytes of a line at most."""
_LINES = 50
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_SUBMISSION = "submission"
"""What the file of a contest is called that shows how answers are handed in."""


def tables_in(folder: Path) -> tuple[Path, ...]:
    """Return the tables in a folder, or in the only folder in it, where that is all it holds.

    Files whose lines begin or end with their labels, as those of fastText, are such.
    """
    tables = tuple(path for path in files_in(folder) if _holds_rows(path))
    # archives unpack to a folder in a folder
    inner = None if tables else only_folder_in(folder)
    return tables if inner is None else tables_in(inner)


def _holds_rows(path: Path) -> bool:
    sort = sort_of_file(path)
    return sort == "tables" or (sort == "texts" and looks_marked(path))


def main_table(folder: Path) -> Path | None:
    """Return the table that a folder of tables is about, None where that is not known.

    It is the one called train; where none is, the only one that is neither a test or validation part nor a
    sample of what a contest wants to have handed in.
    """
    tables = tables_in(folder)
    train = [path for path in tables if part_of(path.name) == "train"]
    # a contest puts sample_submission beside train and test
    rest = [path for path in tables if part_of(path.name) is None and _SUBMISSION not in path.name.lower()]
    chosen = train or (rest if len(tables) > 1 else tables)
    return chosen[0] if len(chosen) == 1 else None


def files_alike(folder: Path) -> list[Path]:
    """Return the text tables in a folder that are one table, in the order of their names, as one a day.

    They begin with the same line of names, and are called alike but for numbers; else there are none.
    """
    data = [path for path in folder.iterdir() if not (is_litter(path.name) or explains(path.name))]
    found = [path for path in data if path.suffix.lower() in TEXT]
    # as bytes: nothing has to be decoded to see that lines are the same
    first = {_first_line(path) for path in found}
    # the same line of numbers is no line of names
    named = any(sign.isalpha() for line in first for sign in line.decode("utf-8", "replace"))
    alike = len(first) == 1 and numbered_alike([path.name for path in found])
    # parts of a split are not one table
    if not (named and alike) or any(part_of(path.name) for path in found):
        return []
    return sorted(found, key=lambda path: _order(path.name))


def _order(name: str) -> list[tuple[int, str]]:
    """Return a sort key by which day 2 comes before day 10."""
    return [(int(piece) if piece.isdecimal() else -1, piece) for piece in re.split(r"(\d+)", name)]


def _first_line(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.readline(LONGEST_LINE).strip()


def matching_test_table(table: Path) -> str:
    """Return the table beside one of training that is its test part: the only one, and of the same columns.

    A table to be predicted has no column of answers; then it is that of validation, as for the sets of GLUE.
    "" where there is neither.
    """
    beside = [path for path in tables_in(table.parent) if path != table and _belongs(path, table)]
    for part in ("test", "validation"):
        found = [path for path in beside if part_of(path.name) == part and _may_continue(path, table)]
        if found:
            return str(found[0]) if len(found) == 1 else ""
    return ""


def validation_beside(table: Path, test: Path) -> str:
    """Return what is called the validation part of the data in a table and its test part, "" where none is.

    It may be the test part itself, of a set whose test has no answers.
    """
    if not table.is_file():
        return ""
    beside = (path for path in tables_in(table.parent) if path != table and _belongs(path, table))
    found = [path for path in beside if part_of(path.name) == "validation" and _may_continue(path, table)]
    return (test if test in found else found[0]).name if found else ""


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
    """Return whether a file may hold the same columns as another: as many, and no other names above them."""
    # a workbook would have to be unpacked for its names
    if ends_in(table, *EXCEL):
        return False
    if looks_marked(table):
        return looks_marked(path)
    if ends_in(table, *PARQUET, *JSON):
        names = _keys(table)
        return bool(names) and _keys(path) == names
    one, other = _first_lines(path), _first_lines(table)
    if not one or not other:
        return False
    names = [name.strip().strip('"') for line in (one[0], other[0]) for name in re.split(r"[,;\t]", line)]
    named = all(re.fullmatch(r"[^\W\d]\w{,40}", name) for name in names)
    # without names in the first line, as in the sets of UCI, only the number of cells tells
    return one[0] == other[0] or (not named and _cells(one) == _cells(other))


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
