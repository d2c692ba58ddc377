"""Excel workbooks (.xlsx): one sheet as a table."""

from __future__ import annotations

import datetime
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from engine.choices import Invalid, Message, did_you_mean
from engine.data.cells.number_marks import Marks
from engine.data.cells.values import as_text
from engine.data.files.several_tables import told_others
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.beginning import find_beginning
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.text_tables import column_names, refuse_too_large
from engine.data.tables.read.typed import Cells, typed_table
from engine.data.tables.read.workbooks.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, refuse_bombs
from engine.data.tables.read.workbooks.sheet_marks import (
    SheetMarks,
    is_code,
    is_fixed,
    sheet_marks,
    shown_number,
)

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


_MOST_SHOWN = 500
"""Rows among which the names are looked for."""


@dataclass(frozen=True)
class _Row:
    """A row that holds something: its number in the sheet, its values, and how those are shown.

    `forms`: the number format of each value, "" where it shows a number as it is; empty where all do.
    """

    number: int
    values: tuple[object, ...]
    forms: tuple[str, ...] = ()

    def value(self, place: int) -> object:
        return self.values[place] if place < len(self.values) else None

    def form(self, place: int) -> str:
        return self.forms[place] if place < len(self.forms) else ""

    def text(self, place: int) -> str | None:
        """Return a cell as the sheet shows it, None where it is empty."""
        value = self.value(place)
        if value is None:
            return None
        form = self.form(place)
        return shown_number(value, form) if form else as_text(value)


def read_excel_table(
    path: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int
) -> Table:
    """Return one sheet as a table; without a name, the one that a spreadsheet program shows, if it holds one.

    Values are those that Excel saved, not formulas. Raises Invalid when it is no workbook, the sheet is not
    there or holds no rows.
    """
    notices: list[str] = []
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            refuse_too_large(path, unpacked * _PER_BYTE, memory)
            refuse_bombs(archive, path, report)
        # given a path, openpyxl keeps the file open, and refuses .xls, as newer workbooks are called, too
        with path.open("rb") as file:
            workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            named = _named(workbook, how.sheet, notices)
            rows_of = partial(_all_rows, path=path, report=report, memory=memory)
            sheet, rows = (named, rows_of(named)) if named else _most_likely(workbook, rows_of)
            notices += _others(workbook, sheet, chosen=named is not None)
            # a private hook to the XML: read-only sheets tell neither merged cells nor formulas without value
            with sheet._get_source() as source:
                marks = sheet_marks(source)
    # it is a ValueError, too, and so among the damages below
    except Invalid:
        raise
    except _DAMAGED as error:
        raise refused(
            "data.path",
            Message(
                "{name} is no Excel workbook that can be read ({error}); open it in a spreadsheet "
                "program and save it anew",
                name=path.name,
                error=error,
            ),
        ) from None
    if not rows:
        raise refused(
            "data.path", Message("{name}: the sheet is empty; choose another under sheet", name=path.name)
        )
    cells = _cells(_spread(rows, marks, notices), marks, how, path)
    found = {**cells.found, "sheet": sheet.title} if len(workbook.sheetnames) > 1 else cells.found
    whole = replace(cells, notices=(*notices, *cells.notices), found=found)
    return typed_table(whole, how, targets, report)


def _named(workbook: Workbook, sheet: str, notices: list[str]) -> Any | None:
    """Return the sheet of that name; None where none is named, or the only one has another name."""
    there = workbook.worksheets
    if not there:
        raise refused("data.path", "the workbook has no sheet with cells")
    if sheet and sheet not in workbook.sheetnames:
        if len(there) > 1:
            raise refused(
                "data.sheet",
                Message(
                    "no sheet {sheet!r}{guess}",
                    sheet=sheet,
                    guess=did_you_mean(sheet, workbook.sheetnames),
                ),
            )
        notices.append(
            Message(
                "there is no sheet {sheet!r}; the only one, {title!r}, is read",
                sheet=sheet,
                title=there[0].title,
            )
        )
    return workbook[sheet] if sheet in workbook.sheetnames else None


def _most_likely(workbook: Workbook, rows_of: Callable[[Any], list[_Row]]) -> tuple[Any, list[_Row]]:
    """Return the sheet that the workbook opens with; where that holds no table, the visible one of most rows.

    A cover of a few words often stands before the data.
    """
    first = _opened_with(workbook)
    rows = rows_of(first)
    if _is_table(rows):
        return first, rows
    held = {one.title: rows_of(one) for one in _visible(workbook) if one is not first}
    most = max(held, key=lambda title: len(held[title]), default="")
    return (workbook[most], held[most]) if most and _is_table(held[most]) else (first, rows)


def _visible(workbook: Workbook) -> list[Any]:
    there = workbook.worksheets
    return [one for one in there if one.sheet_state == "visible"] or there


def _opened_with(workbook: Workbook) -> Any:
    seen, active = _visible(workbook), workbook.active
    return next((one for one in seen if active is not None and one.title == active.title), seen[0])


def _others(workbook: Workbook, found: Any, *, chosen: bool) -> list[str]:
    """Return the notice of the sheets that are not read, also where one was `chosen`."""
    rest = [one.title for one in workbook.worksheets if one.title != found.title]
    if not rest:
        return []
    words = Message("the sheet {title!r} is read", title=found.title)
    first = _opened_with(workbook)
    passed_over = not chosen and first.title != found.title
    if passed_over:
        words = Message(
            "{title!r}, with which the workbook opens, holds no table, so {words}",
            title=first.title,
            words=words,
        )
    return [told_others(words, found.title, rest, doubtful=passed_over)]


_LEAST_ROWS = 3
"""Names and two rows are the smallest table."""


def _is_table(rows: Sequence[_Row]) -> bool:
    """Return whether several rows hold several values each."""
    return sum(sum(value is not None for value in row.values) > 1 for row in rows) >= _LEAST_ROWS


def _all_rows(sheet: Any, path: Path, report: Report, memory: int) -> list[_Row]:
    return list(_rows(sheet, path, report, memory))


def _rows(sheet: Any, path: Path, report: Report, memory: int) -> Iterator[_Row]:
    """Yield the rows that hold something. Raises Invalid where they become more than a few bytes claim."""
    # for progress alone: the sheet may claim nothing or too much, and the next line forgets it
    count = min(sheet.max_row or 1, MOST_ROWS)
    sheet.reset_dimensions()  # else every row is filled up to the last column, which may be the 16,384th
    size = _Size(path, memory)
    forms: dict[int, str] = {}
    for index, row in enumerate(sheet.iter_rows()):
        if index % 500 == 0:
            report(min(index / count, 1.0), Message("Reading {name}", name=path.name))
        if index >= MOST_ROWS or len(row) > MOST_COLUMNS:
            raise refused(
                "data.path",
                Message(
                    "{name} claims more than {rows:,} rows or {columns:,} columns, which no "
                    "workbook has; save it anew",
                    name=path.name,
                    rows=MOST_ROWS,
                    columns=MOST_COLUMNS,
                ),
            )
        values = tuple(_value(cell.value) for cell in row)
        if any(value is not None for value in values):
            size.add(values)
            yield _Row(index + 1, values, _forms(row, forms))


def _forms(row: Sequence[Any], known: dict[int, str]) -> tuple[str, ...]:
    """Return the number formats of a row that show other digits than the numbers have, () for none."""
    found = []
    for cell in row:
        # empty cells of openpyxl have none; `number_format` is slow, and so asked once a style
        style = getattr(cell, "_style_id", 0)
        if style not in known:
            form = str(cell.number_format) if style else ""
            known[style] = form if is_fixed(form) else ""
        found.append(known[style])
    return tuple(found) if any(found) else ()


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
                Message(
                    "{name} holds a cell of more than {most:,} letters, which no workbook has; save it anew",
                    name=self._path.name,
                    most=MOST_LETTERS,
                ),
            )
        self._cells += len(values)
        self._letters += sum(longest)
        if self._cells > MOST_CELLS:
            raise refused(
                "data.path",
                Message(
                    "{name} covers more than {most:,} cells; save the sheet as CSV or Parquet, "
                    "which are read faster, or remove what lies far to the right",
                    name=self._path.name,
                    most=MOST_CELLS,
                ),
            )
        refuse_too_large(self._path, self._cells * _PER_CELL + self._letters * _PER_LETTER, self._memory)


def _value(cell: object) -> object:
    if isinstance(cell, str):
        return cell if len(cell) > MOST_LETTERS else cell.strip() or None
    # one type for all dates, of which datetime is a subclass of date
    if isinstance(cell, datetime.date) and not isinstance(cell, datetime.datetime):
        return datetime.datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, (datetime.time, datetime.timedelta)):
        return str(cell)
    return cell


def _spread(rows: list[_Row], marks: SheetMarks, notices: list[str]) -> list[_Row]:
    """Return the rows with the value of cells merged downwards in each of them."""
    places = {row.number: place for place, row in enumerate(rows)}
    spread = list(rows)
    count = 0
    for column, first, last in marks.merged:
        top = spread[places[first]] if first in places else None
        value = top.value(column - 1) if top else None
        if top is None or value is None:
            continue
        for number in range(first + 1, last + 1):
            if number in places:
                row = spread[places[number]]
                values = [*row.values, *[None] * (column - len(row.values))]
                values[column - 1] = value
                forms = [*row.forms, *[""] * (len(values) - len(row.forms))]
                forms[column - 1] = top.form(column - 1)
                spread[places[number]] = replace(row, values=tuple(values), forms=tuple(forms))
                count += 1
    if count:
        notices.append(
            Message(
                "merged cells: their value is taken for all {count} rows that they reach over", count=count
            )
        )
    return spread


def _cells(rows: list[_Row], marks: SheetMarks, how: TableFormat, path: Path) -> Cells:
    width = max(len(row.values) for row in rows)
    shown = [[row.text(place) or "" for place in range(len(row.values))] for row in rows[:_MOST_SHOWN]]
    begin = find_beginning(shown, [row.number for row in rows[:_MOST_SHOWN]], how, ".")
    names, notices = column_names(begin.names, width)
    body = rows[begin.data :]
    if not body:
        raise refused(
            "data.path", Message("{name} has no rows below its first; add rows of values", name=path.name)
        )
    above = rows[begin.data - 1].number if begin.data else rows[0].number - 1
    if how.blanks:
        body = _with_blanks(body, above)
    frame = {name: _column(body, place, how.keeps(name)) for place, name in enumerate(names)
             if name not in how.left_out}  # fmt: skip
    if not frame:
        raise refused("data.ignore", "names every column: leave at least two")
    doubts = _formulas(names, marks)
    told = [f"{name}: {doubt}" for name, doubt in doubts.items()]
    return Cells(
        pd.DataFrame(frame, copy=False),
        tuple(names),
        np.array([row.number - above for row in body], np.int64),
        Marks(".", True, how.thousands),
        (*begin.notices, *notices, *told),
        {"header": ("no", "yes", "two")[begin.named]},
        doubts,
        _written(body, names, above),
    )


def _with_blanks(body: list[_Row], above: int) -> list[_Row]:
    """Return the rows with those between them that hold nothing."""
    known = {row.number: row for row in body}
    return [known.get(number, _Row(number, ())) for number in range(above + 1, body[-1].number + 1)]


def _formulas(names: list[str], marks: SheetMarks) -> dict[str, str]:
    """Return what is wrong with columns of formulas that no program has worked out."""
    return {
        names[column - 1]: Message(
            "it holds {count} formulas without values: open the workbook in a spreadsheet "
            "program and save it",
            count=count,
        )
        for column, count in marks.formulas.items()
        if column <= len(names) and count > 1  # a lone one is a total, most often
    }


def _written(body: list[_Row], names: list[str], above: int) -> Callable[[str], pd.Series[Any]]:
    """Return what gives a column as the sheet shows it, by the number of the row below `above`."""

    def written(name: str) -> pd.Series[Any]:
        place = names.index(name)
        numbers = [row.number - above for row in body]
        return pd.Series([row.text(place) for row in body], numbers, dtype=object)

    return written


def _column(body: list[_Row], place: int, kept: bool) -> pd.Series[Any]:
    """Return a column as numbers or dates where all its cells are that, else as text."""
    if kept or any(is_code(row.form(place)) for row in body):
        return pd.Series([row.text(place) for row in body], dtype=object)
    column = pd.Series([row.value(place) for row in body], dtype=object)
    present = column.dropna()
    # before numbers: for isinstance, True is an int
    if present.map(lambda value: isinstance(value, bool)).any():
        return column.map(as_text, na_action="ignore")
    if present.map(lambda value: isinstance(value, (int, float))).all():
        return pd.to_numeric(column)
    if present.map(lambda value: isinstance(value, datetime.datetime)).all():
        return pd.to_datetime(column, errors="coerce")
    return column.map(as_text, na_action="ignore")
