"""Excel workbooks (.xlsx): one sheet as a table."""

from __future__ import annotations

import datetime
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from engine.choices import Invalid, did_you_mean
from engine.data.raw import Table
from engine.data.recognition import recognise
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.dialect import has_header
from engine.data.tables.format import TableFormat
from engine.data.tables.text_tables import column_names, refuse_too_large
from engine.data.tables.workbook_limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, refuse_bombs
from engine.data.values import MISSING, as_text

_PER_BYTE = 6
"""Memory per byte of unpacked XML, at the peak."""
_PER_CELL, _PER_LETTER = 50, 3
"""Memory per cell and per letter, at the peak."""

MOST_LETTERS = 32_767
"""What Excel itself allows in a cell."""

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, NotImplementedError, SyntaxError,
    LookupError, ArithmeticError, ValueError, TypeError, AttributeError, EOFError, RuntimeError,
)  # fmt: skip
"""What the unpacker, the XML parser and openpyxl raise for workbooks that are damaged or encrypted."""


def read_excel_table(
    path: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int
) -> Table:
    """Return one sheet as a table; `sheet` "" is the first. Values are those that Excel saved, not formulas.

    Raises Invalid when it is no workbook, the sheet is not there or holds no rows.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            refuse_too_large(path, unpacked * _PER_BYTE, memory)
            refuse_bombs(archive, path, report)
        with path.open("rb") as file:
            workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            rows = list(_rows(_chosen(workbook, how.sheet), path, report, memory, blanks=how.blanks))
    except Invalid:
        raise
    except _DAMAGED as error:
        raise refused(
            "data.path",
            f"{path.name} is no Excel workbook that can be read ({error}); "
            "open it in a spreadsheet program and save it anew",
        ) from None
    if not rows:
        raise refused("data.path", f"{path.name}: the sheet is empty; choose another under sheet")
    return _table(rows, how, targets, path)


def _chosen(workbook: Workbook, sheet: str) -> Any:
    if not workbook.worksheets:
        raise refused("data.path", "the workbook has no sheet with cells")
    if not sheet:
        return workbook.worksheets[0]
    if sheet not in workbook.sheetnames:
        raise refused("data.sheet", f"no sheet {sheet!r}{did_you_mean(sheet, workbook.sheetnames)}")
    return workbook[sheet]


def _rows(
    sheet: Any, path: Path, report: Report, memory: int, *, blanks: bool
) -> Iterator[tuple[object, ...]]:
    """Yield the rows that hold something; with `blanks`, those between them too.

    Raises Invalid where they become more than a few bytes claim.
    """
    count = min(sheet.max_row or 1, MOST_ROWS)
    sheet.reset_dimensions()  # else every row is filled up to the last column, which may be the 16,384th
    size = _Size(path, memory)
    waiting, begun = 0, False
    for index, row in enumerate(sheet.iter_rows(values_only=True)):
        if index % 500 == 0:
            report(min(index / count, 1.0), f"Reading {path.name}")
        if index >= MOST_ROWS or len(row) > MOST_COLUMNS:
            raise refused("data.path", f"{path.name} claims more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} "
                          "columns, which no workbook has; save it anew")  # fmt: skip
        values = tuple(_value(cell) for cell in row)
        if any(value is not None for value in values):
            size.add(values)
            yield from [()] * (waiting if blanks and begun else 0)
            waiting, begun = 0, True
            yield values
        else:
            waiting += 1


class _Size:
    """What the rows read so far will take: a far cell, or one long text in many, makes much of little."""

    def __init__(self, path: Path, memory: int) -> None:
        self._path, self._memory = path, memory
        self._cells = self._letters = 0

    def add(self, values: tuple[object, ...]) -> None:
        """Count a row; raises Invalid when it is too much."""
        longest = [len(value) for value in values if isinstance(value, str)]
        if max(longest, default=0) > MOST_LETTERS:
            raise refused(
                "data.path",
                f"{self._path.name} holds a cell of more than {MOST_LETTERS:,} letters, which no "
                "workbook has; save it anew",
            )
        self._cells += len(values)
        self._letters += sum(longest)
        if self._cells > MOST_CELLS:
            raise refused(
                "data.path",
                f"{self._path.name} covers more than {MOST_CELLS:,} cells; save the sheet as CSV or Parquet, "
                "which are read faster, or remove what lies far to the right",
            )
        refuse_too_large(self._path, self._cells * _PER_CELL + self._letters * _PER_LETTER, self._memory)


def _value(cell: object) -> object:
    if isinstance(cell, str):
        if len(cell) > MOST_LETTERS:
            return cell
        return None if cell.strip().casefold() in MISSING else cell.strip()
    if isinstance(cell, datetime.date) and not isinstance(cell, datetime.datetime):
        return datetime.datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, (datetime.time, datetime.timedelta)):
        return str(cell)
    return cell


def _table(rows: list[tuple[object, ...]], how: TableFormat, targets: tuple[str, ...], path: Path) -> Table:
    shown = [["" if value is None else as_text(value) for value in row] for row in rows[:500]]
    named = how.header != "no" if how.header != "auto" else has_header(shown, ".")
    width = max(len(row) for row in rows)
    names, notices = column_names(shown[0] if named else (), width)
    body = rows[1:] if named else rows
    if not body:
        raise refused("data.path", f"{path.name} has no rows below its first; add rows of values")
    frame, day_first = {}, []
    for index, name in enumerate(names):
        if name in how.ignore:
            continue
        column = pd.Series([row[index] if index < len(row) else None for row in body], dtype=object)
        typed = column if how.keeps(name) else column.infer_objects()
        if typed.dtype == object and not how.keeps(name):
            typed = _mixed(column)
        found = recognise(name, typed, order=how.date_order) if not how.keeps(name) else None
        frame[name] = column.map(as_text, na_action="ignore") if found is None else found.column
        notices += found.notices if found else ()
        day_first += [name] * bool(found and found.day_first)
    return Table(pd.DataFrame(frame), targets, tuple(names), how.ignore, tuple(notices), tuple(day_first))


def _mixed(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return cells of several types as numbers or dates where all are that, else as text."""
    present = column.dropna()
    if present.map(lambda value: isinstance(value, (int, float)) and not isinstance(value, bool)).all():
        return pd.to_numeric(column)
    if present.map(lambda value: isinstance(value, datetime.datetime)).all():
        return pd.to_datetime(column, errors="coerce")
    return column.map(as_text, na_action="ignore")
