"""Typing a table: its columns as read become numbers, dates or words; the same for every kind of file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.column_types import NUMERIC, WORDED, ColumnType
from engine.data.cells.missing.boxes import are_boxes, lacking_together
from engine.data.cells.number_marks import Marks
from engine.data.cells.recognition import CellStyle, recognise
from engine.data.cells.values import as_text, counted, is_date, is_number, listed
from engine.data.decisions import decision_in
from engine.data.raw import RULES, UNITS
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.column_readings import with_readings
from engine.data.tables.read.ending import (
    left_out,
    told_second_table,
    without_ending,
    without_second_table,
    without_table_beside,
)
from engine.data.tables.read.flags import flags_of, told_of_flags
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.repeated_names import comments, names_again
from engine.data.tables.read.rows_in_doubt import asked_about, rows_in_doubt
from engine.data.tables.read.summaries import summary_rows

_MOST_SHOWN = 60
"""Notices up to which cells are shown as they would be read otherwise."""
_MEASURED = (*NUMERIC, "date")


@dataclass(frozen=True)
class Cells:
    """The cells of a table as a file holds them.

    `frame`: numbers, dates or text, None or NaN where empty; `names`: all columns of the file, those too that
    were not read; `rows`: which row of the file each is, counted from 1 below the names; `found`: settings
    that were found out; `written`: returns the cells of a column as they are written, where `frame` holds
    numbers.
    """

    frame: pd.DataFrame
    names: tuple[str, ...]
    rows: NDArray[np.int64]
    marks: Marks = field(default_factory=Marks)
    notices: Sequence[str] = ()
    found: Mapping[str, object] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)
    written: Callable[[str], pd.Series[Any]] | None = None


def typed_table(cells: Cells, how: TableFormat, targets: tuple[str, ...], report: Report) -> Table:
    """Return the table: every column with the type that its cells have, or that a person chose for it."""
    if how.columns_read is not None:
        there = [name for name in cells.frame.columns if name in how.columns_read]
        names = tuple(name for name in cells.names if name in how.columns_read)
        cells = replace(cells, frame=cells.frame[there], names=names)
    notices = list(cells.notices)
    whole_file = how.blanks or how.other_rows == "keep"
    frame, rows = (cells.frame, cells.rows) if whole_file else _rows_of_data(cells, how, notices)
    if how.blanks and how.other_rows != "keep":
        notices += told_second_table(frame, rows)
    flags = flags_of(frame)
    notices += told_of_flags(flags)
    marks = replace(cells.marks, flags=flags.letters)
    columns: dict[str, pd.Series[Any]] = {}
    day_first: list[str] = []
    missing: set[str] = set()
    units: dict[str, str] = {}
    orders: set[str] = set()
    doubts = dict(cells.doubts)
    kinds: dict[str, ColumnType] = {}
    lacking = lacking_together(frame)
    for index, name in enumerate(frame.columns):
        report(0.8 + 0.2 * (index + 1) / len(frame.columns), "Looking at the columns")
        style = replace(_style(marks, how, name), lacking=name in lacking)
        found = recognise(name, frame[name], style, rows)
        columns[name] = found.column.reset_index(drop=True)
        if not (found.doubt and _known(how, name)):
            plain = how.blanks or len(notices) > _MOST_SHOWN  # of thousands of columns nobody looks at all
            predicted = name in targets and found.of_target is not None
            told = (found.of_target or ()) if predicted else found.notices
            if how.blanks and name in dict(how.types):
                # what a column is was settled in training, and new rows are read so
                told = tuple(one for one in told if not decision_in(one).doubtful)
            notices += (
                told
                if plain
                else with_readings(told, frame[name], found.column, style, rows, predicted=name in targets)
            )
        day_first += [name] * found.day_first
        doubts |= {name: found.doubt} if found.doubt else {}
        missing.update(found.missing)
        units |= {name: found.unit} if found.unit else {}
        orders.update({found.order} - {""})
        kinds |= {name: found.kind} if found.kind else {}
    whole = pd.DataFrame(columns, copy=False)  # not column by column into `frame`, slow for thousands of them
    return Table(
        whole,
        targets,
        # without the columns of a table beside; columns that were not read are still columns of the file
        tuple(name for name in cells.names if name in whole or name not in cells.frame),
        how.left_out,
        tuple(notices),
        tuple(day_first),
        found={
            **cells.found,
            **_found(whole, how, sorted(missing), kinds),
            **_found_order(orders, how),
            UNITS: units,
            RULES: int(how.rules),
        },
        rows=rows,
        doubts=doubts,
        typed=tuple(name for name, _ in how.types),
        written=cells.written,
        all_rows=how.other_rows == "keep",
        durations=how.durations,
    )


def _rows_of_data(
    cells: Cells, how: TableFormat, notices: list[str]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the rows without notes, totals, second tables, and names in between, and their numbers."""
    # rows of boxes fill few cells, and sum nothing up
    if all(are_boxes(cells.frame[name]) for name in cells.frame.columns):
        return cells.frame, cells.rows
    # in this order: the notes at the end of the first table are at the end once the others are gone
    frame, rows = without_second_table(cells.frame, cells.rows, notices)
    frame, rows = without_ending(without_table_beside(frame, rows, notices), rows, notices)
    again, sums, remarks = names_again(frame), summary_rows(frame), comments(frame)
    for gone, one, several, what in (
        (again, "row that repeats", "rows that repeat", " the names"),
        (sums, "row that sums", "rows that sum", " up others"),
        (remarks, "row that is a comment", "rows that are comments", ""),
    ):
        if gone.any():
            said = counted(int(gone.sum()), one, several)
            text = Message(
                "{said}{what} left out: row {listed}",
                said=said,
                what=what,
                listed=listed(rows[gone].tolist()),
            )
            notices.append(left_out(text, frame[gone], rows[gone]))
    kept = ~(again | sums | remarks)
    if not kept.all():
        frame, rows = frame[kept].reset_index(drop=True), rows[kept]
    return _without_doubtful(frame, rows, how, notices)


def _without_doubtful(
    frame: pd.DataFrame, rows: NDArray[np.int64], how: TableFormat, notices: list[str]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the rows without those that may be no examples, if a person has said so; else ask about them."""
    doubtful = rows_in_doubt(frame)
    if not doubtful.any():
        return frame, rows
    if how.other_rows != "leave_out_likely":
        notices.append(asked_about(frame, rows, doubtful))
        return frame, rows
    said = Message(
        "{said} in doubt left out: row {listed}",
        said=counted(int(doubtful.sum()), "row"),
        listed=listed(rows[doubtful].tolist()),
    )
    notices.append(left_out(said, frame[doubtful], rows[doubtful]))
    return frame[~doubtful].reset_index(drop=True), rows[~doubtful]


def _known(how: TableFormat, name: str) -> bool:
    """Return whether the type of a column of new rows stands: its odd cells are judged row by row."""
    return how.blanks and not how.keeps(name) and dict(how.types).get(name) in _MEASURED


def _style(marks: Marks, how: TableFormat, name: str) -> CellStyle:
    kind = dict(how.types).get(name)
    # the cells of new rows are words, too, but empty boxes and ditto marks say what they said in training
    if how.keeps(name) and kind not in WORDED:
        kind = "words"
    # freely read, a few new cells as 4'05" would be feet again where training knew that they are minutes
    free = kind in ("number", "date")
    if how.odd_cells == "words" and _known(how, name) and free and name not in how.by_hand:
        # of new rows, an odd cell spoils its own row: whoever reads them must see it; but who chose the type
        # of a column in training had its odd cells filled there
        kind = None
    settled = how.blanks and name in dict(how.types)
    odd = how.odd_cells
    style = CellStyle(marks, how.date_order, how.missing, odd, kind, how.codes, how.durations)
    return replace(style, settled=settled, rules=how.rules)


def _found(
    frame: pd.DataFrame, how: TableFormat, missing: list[str], kinds: Mapping[str, ColumnType]
) -> dict[str, object]:
    """Return the types of all columns, and what was found to mean missing; `kinds` are types that the columns
    themselves do not show.
    """
    chosen = {**kinds, **dict(how.types)}
    types = {name: chosen.get(name) or _type_of(frame[name]) for name in frame.columns}
    types |= dict.fromkeys((name for name, kind in how.types if kind == "leave_out"), "leave_out")
    found: dict[str, object] = {"types": types}
    return {**found, "missing": missing} if missing and not how.missing else found


def _found_order(orders: set[str], how: TableFormat) -> dict[str, object]:
    """Return what stands first in all dates of the table, where they agree."""
    return {"date_order": next(iter(orders))} if len(orders) == 1 and how.date_order == "auto" else {}


def _type_of(column: pd.Series[Any]) -> ColumnType:
    return "number" if is_number(column) else "date" if is_date(column) else "words"


def as_written(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return the cells of a column as text without outer blanks, None where there is none."""
    known = column.astype(object).where(column.notna(), None)
    return known.map(lambda value: value if value is None else as_text(value).strip())
