"""Rows of new tables: typed ones, blank ones, and those with cells that cannot be what training had there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.column_types import NUMERIC, ColumnType
from engine.data.cells.missing.boxes import as_boxes
from engine.data.cells.number_forms import SECONDS
from engine.data.cells.number_marks import Marks
from engine.data.cells.recognition import CellStyle, dates, recognise
from engine.data.cells.shape_of_numerals import without_unit
from engine.data.cells.units import are_of_one_kind, converted, in_seconds, seconds_in
from engine.data.cells.values import (
    MISSING,
    NEVER_A_WORD,
    RARELY_MISSING,
    as_float,
    as_text,
    is_date,
    is_number,
    listed,
    numbers,
)
from engine.data.files.endings import IMAGES
from engine.data.files.table_parts import table_parts
from engine.data.new.inputs import Given, NewInputs, Unanswered
from engine.data.preprocessor import Preprocessor
from engine.data.raw import TRAINED_UNITS, UNITS
from engine.data.refusal import refused
from engine.data.tables.encode import TableEncoder
from engine.data.tables.fitted_columns import Date, Number
from engine.data.tables.raw import Table
from engine.data.tables.read.ending import end_of_data, second_table
from engine.data.tables.read.summaries import summary_rows

_FAR = 6.0
"""Scaled numbers beyond this are so rare in training that nothing was learnt about them."""

_PER_NOTE = 3
"""Rows that stand above each note at least."""


def blank_end(raw: Table) -> Table:
    """Return the table without the rows at its end that hold nothing at all."""
    there = np.flatnonzero(raw.frame.notna().any(axis=1).to_numpy())
    end = int(there[-1]) + 1 if len(there) else 0
    return raw if end == len(raw) else replace(raw, frame=raw.frame.iloc[:end])


def bad_cells(raw: Table, encoder: TableEncoder) -> tuple[pd.DataFrame, Unanswered]:
    """Return the rows with numbers and dates where training had such, and which cannot be answered, and why.

    A cell that is no number where one belongs spoils its own row alone. Rows that lack a number get no answer
    where training left such rows out, and rows without anything get none either.
    """
    frame, decimal = raw.frame, str(raw.found.get("decimal", "."))
    why: dict[int, str] = {}
    columns = {}
    for column in encoder.columns:
        if column.name not in frame.columns or not isinstance(column, Number | Date):
            continue
        found = frame[column.name]
        here = units_of(raw, UNITS).get(column.name, "")
        trained = units_of(raw, TRAINED_UNITS).get(column.name, "")
        timed = trained == SECONDS
        if isinstance(column, Date):
            read = _as_dates(found, column.day_first)
        elif timed:
            read = _as_seconds(found, here)
        elif are_of_one_kind((trained, here)) and is_number(found):
            read = converted_column(found, here, trained)
        else:
            read = _as_numbers(found, decimal, raw.durations, trained)
        columns[column.name] = read
        what = "date" if isinstance(column, Date) else "duration" if timed else "number"
        wrong = found.notna().to_numpy() & read.isna().to_numpy() & ~_stands_for_missing(found)
        for row in np.flatnonzero(wrong).tolist():
            why.setdefault(
                row,
                Message(
                    "{name}: {first!r} is no {what}",
                    name=column.name,
                    first=as_text(found.iloc[row])[:60],
                    what=what,
                ),
            )
        if encoder.drop_missing:
            for row in np.flatnonzero(read.isna().to_numpy()).tolist():
                why.setdefault(
                    row, Message("{name} is missing, and training left such rows out", name=column.name)
                )
    for row, reason in [*([] if raw.all_rows else _none_of_data(frame)), *_no_examples(frame, encoder)]:
        why.setdefault(row, reason)
    return frame.assign(**columns) if columns else frame, why


def _none_of_data(frame: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Give rows that training would not have taken for data, each with the reason."""
    for row in np.flatnonzero(summary_rows(frame)).tolist():
        yield row, "the row sums up others"
    # blank rows are still among these, so that no number is left out
    second = second_table(frame, np.arange(len(frame)))
    for row in range(len(frame) if second is None else second, len(frame)):
        yield row, "the row belongs to a second table"
    # a note of one cell would else be answered as a row that lacks all others
    filled = np.flatnonzero(frame.notna().any(axis=1).to_numpy())
    notes = filled[end_of_data(frame.iloc[filled]) :]
    # where most rows fill the first column alone, they are no notes
    if _PER_NOTE * len(notes) < len(filled):
        for row in notes.tolist():
            yield row, "the row is a note or a total below the data"


def _no_examples(frame: pd.DataFrame, encoder: TableEncoder) -> Iterator[tuple[int, str]]:
    """Give rows in which there is nothing to be answered, each with the reason."""
    needed = [column.name for column in encoder.columns if column.name in frame.columns]
    if len(frame.columns) > 1 and needed:  # in a file of one column, a blank line is a missing value
        for row in np.flatnonzero(frame.isna().all(axis=1).to_numpy()).tolist():
            yield row, "the row is blank"
    if len(needed) > 1:  # a note below the table, say
        for row in np.flatnonzero(frame[needed].isna().all(axis=1).to_numpy()).tolist():
            yield row, "the row holds nothing that the network receives"


def _as_numbers(column: pd.Series[Any], decimal: str, durations: bool, unit: str) -> pd.Series[Any]:
    """Return a column as numbers, of the unit that training had, missing where a cell is none."""
    if is_number(column):
        return column
    values, wrong = numbers(column)
    if not wrong.any():
        return pd.Series(values, column.index, name=column.name)
    codes, different = pd.factorize(column, use_na_sentinel=True)
    known = [_number(as_text(word), decimal, durations, unit) for word in different]
    read = np.array([*known, np.nan], np.float64)
    return pd.Series(read[codes], column.index, name=column.name)


def converted_column(column: pd.Series[Any], unit: str, other: str) -> pd.Series[Any]:
    """Return a column of numbers in another unit that measures the same."""
    values = column.to_numpy(np.float64, na_value=np.nan)
    read = [converted(value, unit, other) for value in (0.0, 1.0)]
    return pd.Series(read[0] + (read[1] - read[0]) * values, column.index, name=column.name)


def units_of(raw: Table, which: str) -> Mapping[str, str]:
    """Return the units of the columns of new rows, or those that they had in training."""
    units = raw.found.get(which, {})
    return units if isinstance(units, Mapping) else {}


def _as_seconds(column: pd.Series[Any], unit: str) -> pd.Series[Any]:
    """Return durations in seconds, as training had them, missing where a cell is none.

    `unit` is what numbers without one count: who learnt from 75分钟 would else take 75 min for 75 seconds.
    """
    if is_number(column):
        size = in_seconds(unit)
        return column * (np.nan if size is None else size)
    read = [duration_in(as_text(cell)) if pd.notna(cell) else np.nan for cell in column]
    return pd.Series(read, column.index, name=column.name, dtype=np.float64)


def duration_in(text: str) -> float:
    """Return a duration in seconds, NaN where a text is none; a number alone counts seconds."""
    known = seconds_in(text)
    if known is not None:
        return known
    found = recognise("", pd.Series([text], dtype=object), CellStyle(kind="number"))
    value = found.column.iloc[0]
    return float(value) if found.unit in ("", SECONDS) and pd.notna(value) else float("nan")


def _number(word: str, decimal: str, durations: bool, unit: str) -> float:
    # of one cell nobody sees that what stands behind its number is a unit
    word = without_unit(word, unit)
    # first the mark of training, by which 1,234 is what it was there
    for mark in dict.fromkeys((decimal, ".", ",")):
        style = CellStyle(Marks(mark, True), kind="number", durations=durations, settled=True)
        found = recognise("", pd.Series([word], dtype=object), style)
        value = float(found.column.iloc[0])
        if not np.isnan(value):
            known = are_of_one_kind((found.unit, unit))
            return converted(value, found.unit, unit) if known else value
    return float("nan")


def _as_dates(column: pd.Series[Any], day_first: bool) -> pd.Series[Any]:
    return column if is_date(column) else dates(column, day_first)


def _stands_for_missing(column: pd.Series[Any]) -> Any:
    words = MISSING | RARELY_MISSING
    return np.array([isinstance(cell, str) and cell.strip().casefold() in words for cell in column], bool)


def refuse_no_table(path: Path) -> None:
    """Raise Invalid where a file or folder is plainly no table."""
    if (path.is_dir() and not table_parts(path)) or path.suffix.lower() in IMAGES:
        raise refused(
            "", Message("this network was trained on a table; {name} is no table file", name=path.name)
        )


def new_rows(raw: Table, preprocessor: Preprocessor, judged: NDArray[np.bool_] | None = None) -> NewInputs:
    """Return rows as inputs, without those that cannot be answered, which are told.

    Of all rows those are taken that are `judged`: what other rows lack is of no account. None: all of them.
    """
    encoder = preprocessor.encoder
    if not isinstance(encoder, TableEncoder):
        raise refused(
            "", Message("this network was trained on {what}; rows of a table are not that", what=encoder.what)
        )
    raw = blank_end(raw)
    frame, notices = raw.frame, list(raw.notices)
    known = {*(column.name for column in encoder.columns), *preprocessor.predicted.names}
    known |= {*(column.name for column in encoder.left_out), *raw.ignored}
    extra = [name for name in frame.columns if name not in known]
    if extra:
        notices.append(
            Message("columns the network does not know are ignored: {listed}", listed=listed(extra, 20))
        )
    frame, unanswered = bad_cells(raw, encoder)
    wanted = range(len(frame)) if judged is None else np.flatnonzero(judged[: len(frame)]).tolist()
    rows = np.array([row for row in wanted if row not in unanswered], np.int64)
    chosen = replace(raw, frame=frame.iloc[rows])
    if not len(rows) and unanswered:
        raise refused("", _all_lost(unanswered))
    inputs = preprocessor.inputs(chosen, notices.append)
    notices += _far(inputs, encoder, chosen.frame)
    names = tuple(f"row {row + 1}" for row in range(len(frame)))
    return NewInputs(inputs, rows, names, raw, tuple(notices), unanswered, raw)


def _all_lost(unanswered: Unanswered) -> str:
    first = min(unanswered)
    more = Message(" (and {count} more rows)", count=len(unanswered) - 1) if len(unanswered) > 1 else ""
    return Message(
        "no row can be answered: row {first}: {unanswered}{more}",
        first=first + 1,
        unanswered=unanswered[first],
        more=more,
    )


def _far(inputs: NDArray[np.generic], encoder: TableEncoder, frame: pd.DataFrame) -> list[str]:
    """Return a sentence for every column of numbers that holds some far from those of training."""
    found: list[str] = []
    start = 0
    for column in encoder.columns:
        scaled = isinstance(column, Number) and (column.offset, column.scale) != (0, 1)
        # only the first input of a column is the number; one behind it, that tells of missing ones, is 0 or 1
        far = np.abs(np.asarray(inputs[:, start], np.float32)) > _FAR if scaled else np.zeros(0, np.bool_)
        if far.any():
            first = as_text(frame[column.name].iloc[int(far.argmax())])
            more = Message(" and {odd} more values lie", odd=far.sum() - 1) if far.sum() > 1 else " lies"
            found.append(
                Message(
                    "{name}: {first}{more} far from what training held; the prediction is a guess",
                    name=column.name,
                    first=first,
                    more=more,
                )
            )
        start += len(column.features)
    return found


# ----------------------------------------------------------------------------------------- typed by hand


def typed_rows(
    rows: Given,
    what: str,
    *,
    durations: bool = True,
    worded: Collection[str] = (),
    types: Mapping[str, ColumnType] = MappingProxyType({}),
    units: Mapping[str, str] = MappingProxyType({}),
) -> Table:
    """Return rows that a person typed, for a network trained on `what`; text that writes a number is one.

    Columns that training kept as words are `worded`: their cells stay as they are typed. `types` are those of
    the columns in training, `units` what their numbers counted: durations may come in any unit of time, and
    lengths in any of length. Raises Invalid where there are no rows.
    """
    if isinstance(rows, np.ndarray):
        raise refused(
            "", Message("this network was trained on {what}; give it rows, not pictures", what=what)
        )
    assert not isinstance(rows, str | Path)  # files are read by the source of the training
    if not rows:
        raise Invalid([Problem("", "no rows were given")])
    names = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if name in worded:
            words = [value.strip() if isinstance(value, str) else value for value in values]
            typed = pd.Series([_word(value) for value in words], dtype=object, name=name)
            columns[name] = as_boxes(typed) if types.get(name) == "ticked" else typed
        elif units.get(name) == SECONDS:
            # as they are: the row that holds no duration is told of by itself
            columns[name] = pd.Series([_duration(value) for value in values], dtype=object, name=name)
        else:
            numbers_of = [_in_unit(value, units.get(name, "")) for value in values]
            cells = [
                _cell(_by_type(value, types.get(name), units.get(name, "")), durations)
                for value in numbers_of
            ]
            columns[name] = _typed_column(pd.Series(cells, dtype=object, name=name))
    return Table(pd.DataFrame(columns), (), names)


def _duration(value: object) -> object:
    """Return a typed duration in seconds; what is none stays as it is."""
    if not isinstance(value, str) or value.strip().casefold() in {"", *NEVER_A_WORD}:
        return _cell(value, durations=True)
    read = duration_in(value)
    return value if np.isnan(read) else read


def _word(value: object) -> object:
    if isinstance(value, str):
        return None if value.casefold() in {"", *NEVER_A_WORD} else value
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _in_unit(value: object, unit: str) -> object:
    """Return a typed cell of another unit than training had as the number in that; others as they are."""
    if not isinstance(value, str) or not unit:
        return value
    value = without_unit(value, unit)
    found = recognise("", pd.Series([value], dtype=object), CellStyle(kind="measure", settled=True))
    if found.unit == unit or not are_of_one_kind((found.unit, unit)):
        return value
    return converted(float(found.column.iloc[0]), found.unit, unit)


def _by_type(value: object, kind: ColumnType | None, unit: str) -> object:
    """Return a typed cell as the number that a share or a duration was in training; others as they are.

    Pay per year is that of a month where training had months.

    0 is None where training had it as missing.
    """
    if not isinstance(value, str) or kind not in NUMERIC or kind == "number":
        return value
    found = recognise("", pd.Series([value], dtype=object), CellStyle(kind=kind, settled=True))
    read = found.column.iloc[0]
    if pd.isna(read):
        return None if kind == "positive" and as_float(value) is not None else value
    if found.unit != unit and are_of_one_kind((found.unit, unit)):
        return converted(float(read), found.unit, unit)
    return float(read)


def _cell(value: object, durations: bool) -> object:
    if isinstance(value, str):
        bare = value.strip()
        return None if bare.casefold() in {"", *NEVER_A_WORD} else _number_or_text(bare, durations)
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def _number_or_text(text: str, durations: bool) -> object:
    """Return 1,5 and 1 000 as text that reads as a number; other text as it is."""
    plain = text.replace(",", ".") if text.count(",") == 1 else text
    point = recognise("", pd.Series([plain], dtype=object), CellStyle(Marks(".", True), durations=durations))
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
