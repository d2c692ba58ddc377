"""Ending: what stands below the data or beside it and is no part of it: notes, sources, totals of the rows
above, a second table.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import counted, listed
from engine.data.decisions import LEFT_OUT, ROW, Decided, Decision, OtherReading, Specimen, line_of
from engine.data.tables.read.summaries import TOTAL

_LOOKED_AT, _FEW_SHOWN = 12, 3
_MOST_TABLES, _MOST_TITLES, _FEWEST, _SAMPLE, _MOSTLY = 5, 3, 5, 200, 0.9
_LABEL = re.compile(r"[^\W\d_]\s?[:\uff1a]")
"""What stands before a signature or a fact, as Source: the office."""
_TOLD = re.compile(rf"{_LABEL.pattern}|\[|^共\s?\d|^\(?\d+ rows?\b|^[-=~*_#]{{2}}|。$")
"""What says something of the table, though it holds digits: Saved: 5 March, 共80笔, 2023年为初步核算数。"""


def left_out(said: str, gone: pd.DataFrame, rows: NDArray[np.int64], *, doubtful: bool = False) -> Decided:
    """Return the notice of rows that were taken for none of the data; they can be kept by a setting."""
    first = zip(gone.head(_FEW_SHOWN).itertuples(index=False), rows.tolist(), strict=False)
    specimens = tuple(Specimen(line_of(cells), LEFT_OUT, row) for cells, row in first)
    kept = OtherReading("keep", (ROW,) * len(specimens))
    return Decided(said, Decision("", "data.other_rows", "", "leave_out", specimens, (kept,), doubtful))


def without_ending(
    frame: pd.DataFrame, rows: NDArray[np.int64], notices: list[str]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the rows without notes and totals at the end; what is left out is told.

    A note is a lone text in the first column of several; a total says so in its first cell, in a word that
    stands nowhere else in its column.
    """
    keep = end_of_data(frame)
    if keep == len(frame):
        return frame, rows
    shown = [str(next(filter(_there, cells))) for cells in frame.iloc[keep:].itertuples(index=False)]
    said = Message(
        "{counted} at the end left out as notes or totals: {listed}",
        counted=counted(len(shown), "row"),
        listed=listed(shown, 3),
    )
    notices.append(left_out(said, frame.iloc[keep:], rows[keep:]))
    return frame.iloc[:keep], rows[:keep]


def end_of_data(frame: pd.DataFrame) -> int:
    """Return how many rows stand above the notes and totals at the end."""
    keep = len(frame)
    if len(frame.columns) < 2 or keep < 3:
        return keep
    tail = frame.tail(_LOOKED_AT)
    for place in range(len(tail) - 1, 0, -1):
        cells = [(index, value) for index, value in enumerate(tail.iloc[place].tolist()) if _there(value)]
        if not cells or not (
            _is_note(cells, len(frame.columns)) or _is_total(cells, frame) or _is_cut(cells, frame)
        ):
            break
        keep -= 1
    return keep


def without_second_table(
    frame: pd.DataFrame, rows: NDArray[np.int64], notices: list[str]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the rows above a second table, which is told.

    The last row above it is a total where it has numbers, but none of the words that all other rows have.
    """
    place = second_table(frame, rows)
    if place is None:
        return frame, rows
    said = Message(
        "a second table that begins in row {rows} is left out, {count} rows; to learn from "
        "it, write it into a file of its own",
        rows=rows[place],
        count=len(frame) - place,
    )
    notices.append(left_out(said, frame.iloc[place:], rows[place:], doubtful=True))
    return _without_nameless(frame.iloc[:place], rows[:place], notices)


def told_second_table(frame: pd.DataFrame, rows: NDArray[np.int64]) -> list[str]:
    """Return the notice of a second table among new rows, which keep their places and are not answered."""
    place = second_table(frame, rows)
    if place is None:
        return []
    said = Message(
        "a second table that begins in row {rows} is not answered, {count} rows; to have them answered, too, "
        "set Other rows to keep",
        rows=rows[place],
        count=len(frame) - place,
    )
    return [left_out(said, frame.iloc[place:], rows[place:], doubtful=True)]


def second_table(frame: pd.DataFrame, rows: NDArray[np.int64]) -> int | None:
    """Return where a second table begins: behind a blank row, with words where numbers stood before.

    A title of a few lone cells may stand above them. `rows` says which row of the file each is; blank ones
    may be among them.
    """
    blank = frame.isna().all(axis=1).to_numpy(np.bool_)
    after = np.flatnonzero((np.diff(rows) > 1) | (blank[:-1] & ~blank[1:])) + 1
    for place in after.tolist()[:_MOST_TABLES]:
        titles = frame.iloc[place : place + _MOST_TITLES].notna().sum(axis=1).to_numpy() == 1
        names = place + (int(np.argmin(titles)) if not titles.all() else 0)
        # a blank row so near the top parts titles or units from the data, not two tables
        if place > _FEWEST and _names_columns(frame, frame.iloc[:place], names):
            return place
    return None


def _names_columns(frame: pd.DataFrame, above: pd.DataFrame, place: int) -> bool:
    """Return whether a row holds several words and no numbers, where numbers stand above some; names of the
    columns, written again, may hold digits.
    """
    cells = [(index, value) for index, value in enumerate(frame.iloc[place].tolist()) if _there(value)]
    words = all(
        isinstance(value, str) and (value == frame.columns[index] or not _is_numeric(value))
        for index, value in cells
    )
    signed = all(_LABEL.search(str(value)) for _, value in cells)
    return (
        len(cells) > 1
        and words
        and not signed
        and any(_mostly_numeric(above.iloc[:, index]) for index, _ in cells)
    )


def without_table_beside(frame: pd.DataFrame, rows: NDArray[np.int64], notices: list[str]) -> pd.DataFrame:
    """Return the columns before a second table, which has the same names again; it is told."""
    names = [str(name) for name in frame.columns]
    # `column_names` has numbered the names that occur again
    half = next((place for place, name in enumerate(names) if name == f"{names[0]} (2)"), 0)
    filled = frame.notna().any().to_numpy()
    first = [name for name, there in zip(names[:half], filled, strict=False) if there]
    others = [name for name, there in zip(names[half:], filled[half:], strict=True) if there]
    several = range(2, 2 + len(others) // max(len(first), 1))
    if len(first) < 2 or others != [f"{name} ({place})" for place in several for name in first]:
        return frame
    said = Message(
        "a second table beside the first, which begins with the column {names}, is left out; "
        "to learn from it, write its rows below those of the first",
        names=names[half],
    )
    notices.append(left_out(said, frame[names[half:]], rows, doubtful=True))
    return frame[first]


def _without_nameless(
    frame: pd.DataFrame, rows: NDArray[np.int64], notices: list[str]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    last, above = frame.iloc[-1], frame.iloc[:-1]
    words = [index for index in range(len(last)) if not _mostly_numeric(above.iloc[:, index])]
    named = any(_there(last.iloc[index]) for index in words)
    if named or not words or not all(above.iloc[:, index].map(_there).all() for index in words):
        return frame, rows
    said = Message("row {rows}, which sums up others, is left out", rows=rows[-1])
    notices.append(left_out(said, frame.iloc[-1:], rows[-1:], doubtful=True))
    return above, rows[:-1]


def _mostly_numeric(column: pd.Series[Any]) -> bool:
    cells = column.dropna().head(_SAMPLE)
    return len(cells) > 0 and sum(map(_is_numeric, cells)) > _MOSTLY * len(cells)


def _there(value: Any) -> bool:
    # NaN does not equal itself
    return value is not None and value == value and value is not pd.NaT and str(value).strip() != ""


def _is_note(cells: list[tuple[int, Any]], width: int) -> bool:
    index, value = cells[0]
    if index != 0 or not isinstance(value, str):
        return False
    few = len(cells) == 1 and (width > 2 or len(value.split()) > 2)
    # facts in several cells, as the file it was made from
    beside = cells[-1][0] == len(cells) - 1 < width - 1 and ":" in value
    # who made it and who checked it, under columns far apart
    few = few or (len(cells) <= width / 2 and all(_LABEL.search(str(other)) for _, other in cells))
    few = few or (beside and (len(cells) <= width / 2 or all(":" in str(other) for _, other in cells)))
    return few and (not _is_numeric(value) or _TOLD.search(value) is not None)


def _is_cut(cells: list[tuple[int, Any]], frame: pd.DataFrame) -> bool:
    """Return whether a row is a sentence that its commas cut, below numbers or days."""
    index, value = cells[0]
    words = isinstance(value, str) and " " in value.strip() and not _is_numeric(value)
    few = index == 0 and cells[-1][0] == len(cells) - 1 and 2 * len(cells) <= len(frame.columns)
    return words and few and _mostly_numeric(frame.iloc[:, 0])


def _is_total(cells: list[tuple[int, Any]], frame: pd.DataFrame) -> bool:
    index, value = cells[0]
    if not isinstance(value, str) or not TOTAL.fullmatch(value.strip().rstrip(":").strip()):
        return False
    numbers = sum(_is_numeric(other) for _, other in cells[1:])
    return numbers > 0 and int((frame.iloc[:, index] == value).sum()) == 1


def _is_numeric(value: Any) -> bool:
    # any digit will do, as in 12 kg or 5 March; a cell may hold a whole text
    return isinstance(value, (int, float, np.number)) or any(sign.isdigit() for sign in str(value)[:20])
