"""Rows of new tables: typed ones, blank ones, and those with cells that cannot be what training had there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from engine.choices import Invalid, Problem
from engine.data.cells.numerals import Marks
from engine.data.cells.recognition import CellStyle, dates, recognise
from engine.data.cells.values import MISSING, NEVER_A_WORD, as_text, is_date, is_number, numbers
from engine.data.fitted import Date, Number
from engine.data.preprocessor import TableEncoder
from engine.data.raw import Table
from engine.data.tables.read.ending import second_table
from engine.data.tables.read.summaries import summary_rows

Unanswered = Mapping[int, str]
"""Rows that get no answer, each with the reason."""


def blank_end(raw: Table) -> Table:
    """Return the table without the rows at its end that hold nothing at all."""
    there = np.flatnonzero(raw.frame.notna().any(axis=1).to_numpy())
    end = int(there[-1]) + 1 if len(there) else 0
    return raw if end == len(raw) else replace(raw, frame=raw.frame.iloc[:end])


def bad_cells(raw: Table, encoder: TableEncoder, decimal: str) -> tuple[pd.DataFrame, Unanswered]:
    """Return the rows with numbers and dates where training had such, and which cannot be answered, and why.

    A cell that is no number where one belongs spoils its own row alone. Rows that lack a number get no answer
    where training left such rows out, and rows without anything get none either.
    """
    frame = raw.frame
    why: dict[int, str] = {}
    columns = {}
    for column in encoder.columns:
        if column.name not in frame.columns or not isinstance(column, Number | Date):
            continue
        found = frame[column.name]
        read = (
            _as_numbers(found, decimal) if isinstance(column, Number) else _as_dates(found, column.day_first)
        )
        columns[column.name] = read
        what = "number" if isinstance(column, Number) else "date"
        wrong = found.notna().to_numpy() & read.isna().to_numpy() & ~_stands_for_missing(found)
        for row in np.flatnonzero(wrong).tolist():
            why.setdefault(row, f"{column.name}: {as_text(found.iloc[row])[:60]!r} is no {what}")
        if encoder.drop_missing:
            for row in np.flatnonzero(read.isna().to_numpy()).tolist():
                why.setdefault(row, f"{column.name} is missing, and training left such rows out")
    for row, reason in [*([] if raw.all_rows else _none_of_data(frame)), *_no_examples(frame, encoder)]:
        why.setdefault(row, reason)
    return frame.assign(**columns) if columns else frame, why


def _none_of_data(frame: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Give rows that training would not have taken for data, each with the reason."""
    for row in np.flatnonzero(summary_rows(frame)).tolist():
        yield row, "the row sums up others"
    second = second_table(frame, np.arange(len(frame)))
    for row in range(len(frame) if second is None else second, len(frame)):
        yield row, "the row belongs to a second table"


def _no_examples(frame: pd.DataFrame, encoder: TableEncoder) -> Iterator[tuple[int, str]]:
    """Give rows in which there is nothing to be answered, each with the reason."""
    needed = [column.name for column in encoder.columns if column.name in frame.columns]
    if len(frame.columns) > 1 and needed:  # in a file of one column, a blank line is a missing value
        for row in np.flatnonzero(frame.isna().all(axis=1).to_numpy()).tolist():
            yield row, "the row is blank"
    if len(needed) > 1:  # a note below the table, say
        for row in np.flatnonzero(frame[needed].isna().all(axis=1).to_numpy()).tolist():
            yield row, "the row holds nothing that the network receives"


def _as_numbers(column: pd.Series[Any], decimal: str) -> pd.Series[Any]:
    """Return a column as numbers, missing where a cell is none."""
    if is_number(column):
        return column
    values, wrong = numbers(column)
    if not wrong.any():
        return pd.Series(values, column.index, name=column.name)
    codes, different = pd.factorize(column, use_na_sentinel=True)
    read = np.array([_number(as_text(word), decimal) for word in different] + [np.nan], np.float64)
    return pd.Series(read[codes], column.index, name=column.name)


def _number(word: str, decimal: str) -> float:
    for mark in dict.fromkeys((decimal, ".", ",")):
        style = CellStyle(Marks(mark, True), kind="number")
        found = recognise("", pd.Series([word], dtype=object), style).column
        if not np.isnan(found.iloc[0]):
            return float(found.iloc[0])
    return float("nan")


def _as_dates(column: pd.Series[Any], day_first: bool) -> pd.Series[Any]:
    return column if is_date(column) else dates(column, day_first)


def _stands_for_missing(column: pd.Series[Any]) -> Any:
    return np.array([isinstance(cell, str) and cell.strip().casefold() in MISSING for cell in column], bool)


# ----------------------------------------------------------------------------------------- typed by hand


def typed_rows(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return rows that a person typed; text that writes a number is one. Raises Invalid where none are."""
    if not rows:
        raise Invalid([Problem("", "no rows were given")])
    names = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    columns = {}
    for name in names:
        values = [_cell(row.get(name)) for row in rows]
        columns[name] = _typed_column(pd.Series(values, dtype=object, name=name))
    return Table(pd.DataFrame(columns), (), names)


def _cell(value: object) -> object:
    if isinstance(value, str):
        bare = value.strip()
        return None if bare.casefold() in {"", *NEVER_A_WORD} else _number_or_text(bare)
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def _number_or_text(text: str) -> object:
    """Return 1,5 and 1 000 as text that reads as a number; other text as it is."""
    plain = text.replace(",", ".") if text.count(",") == 1 else text
    point = recognise("", pd.Series([plain], dtype=object), CellStyle(Marks(".", True)))
    value = point.column.iloc[0]
    if isinstance(value, (str, pd.Timestamp)) or pd.isna(value):  # - may be a word that training has kept
        return text
    return _shorter(text, float(value))


def _shorter(text: str, value: float) -> object:
    try:
        float(text)
    except ValueError:
        return repr(value)
    return text


def _typed_column(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column of typed cells as numbers where all are that.

    Dates stay text: what stands first in 02/01/2024 is not found out of a few rows, but as in training.
    """
    values, wrong = numbers(column)
    if not wrong.any() and (not np.isnan(values).all() or column.isna().all()):
        return pd.Series(values, column.index, name=column.name)
    found = recognise(str(column.name), column).column
    return column if is_date(found) else found
