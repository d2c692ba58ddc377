"""Tables of Weka (ARFF): the columns with their kinds stand above the rows.

Source: Witten, Frank, Hall, Data Mining: Practical Machine Learning Tools and Techniques, 2011, section 2.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from engine.choices import Message
from engine.data.cells.number_marks import Marks
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.encodings import decode_errors, encoding_of
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.text_tables import column_names, refuse_too_large
from engine.data.tables.read.typed import Cells, typed_table

_PER_BYTE = 20
"""Memory per byte of the file, at the peak."""
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_ATTRIBUTE = re.compile(rf"@attribute\s+({_QUOTED}|[^\s'\"]\S*)\s+(.+)", re.IGNORECASE)
_CELL = re.compile(rf"\s*({_QUOTED})\s*(?:,|$)|([^,]*)(?:,|$)")
_ESCAPED = re.compile(r"\\(.)")
_MISSING = "?"


def read_arff_table(
    path: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int
) -> Table:
    """Return a table of Weka. What it calls nominal are words, also where they are digits.

    Raises Invalid where there are no columns, a row has more or fewer cells, or the rows are sparse.
    """
    refuse_too_large(path, path.stat().st_size * _PER_BYTE, memory)
    encoding, notices = encoding_of(path, how.encoding, report)
    try:
        text = path.read_bytes().decode(encoding.codec, decode_errors(encoding.codec)).removeprefix("\ufeff")
    except UnicodeError as error:
        said = Message(
            "{name} is not written in {codec} ({error})", name=path.name, codec=encoding.codec, error=error
        )
        raise refused("data.encoding", said) from None
    lines = enumerate(text.splitlines(), 1)
    first: list[str] = []
    nominal: list[str] = []
    for _, line in lines:
        found = _ATTRIBUTE.fullmatch(line.strip())
        if found is not None:
            first.append(_bare(found[1]))
            nominal += [first[-1]] * found[2].startswith("{")
        elif line.strip().lower() == "@data":
            break
    names, told = column_names(first, len(first))
    rows = list(_rows(path, lines, len(names)))
    if not names or not rows:
        raise refused(
            "data.path", Message("{name} has no rows of data below @data; add some", name=path.name)
        )
    wanted = [name for name in names if name not in set(how.left_out)]
    cells = pd.DataFrame(rows, columns=pd.Index(names), dtype=object)[wanted]
    numbers = np.arange(1, len(rows) + 1)
    whole = Cells(
        cells,
        tuple(names),
        numbers,
        Marks(".", False, how.thousands),
        (*notices, *told),
        {"encoding": encoding.setting},
        written=lambda name: cells[name].set_axis(numbers),
    )
    return typed_table(whole, how.kept_as_written(*nominal), targets, report)


def _rows(path: Path, lines: Iterator[tuple[int, str]], width: int) -> Iterator[list[str | None]]:
    for number, line in lines:
        bare = line.strip()
        if not bare or bare.startswith("%"):
            continue
        if bare.startswith("{"):
            raise refused(
                "data.path",
                Message("{name} is a sparse table of Weka: save it as CSV", name=path.name),
            )
        row = _cells(bare)
        if len(row) != width:
            raise refused(
                "data.path",
                Message(
                    "{name}, line {number}: {count} cells, and there are {width} columns",
                    name=path.name,
                    number=number,
                    count=len(row),
                    width=width,
                ),
            )
        yield [None if cell in ("", _MISSING) else _bare(cell) for cell in row]


def _cells(line: str) -> list[str]:
    # without quotes, as most tables are, far quicker
    if "'" not in line and '"' not in line:
        return [cell.strip() for cell in line.split(",")]
    return [found[1] or found[2].strip() for found in _CELL.finditer(line) if found.start() < len(line)]


def _bare(cell: str) -> str:
    quoted = len(cell) > 1 and cell[0] in "'\"" and cell[-1] == cell[0]
    return _ESCAPED.sub(r"\1", cell[1:-1]) if quoted else cell
