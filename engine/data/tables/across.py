"""Tables in which time goes on across the row: a year in each, with a column for every month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from engine.choices import Message
from engine.data.cells.moments.date_words import MONTHS
from engine.data.refusal import refused
from engine.data.tables.within import Within, find_within

_ACROSS = (
    ("months", re.compile("|".join(MONTHS) + r"|\d{4}-\d\d", re.IGNORECASE), 12, "2024-01"),
    ("years", re.compile(r"(?:18|19|20)\d\d年?"), 5, "2024"),
    ("days", re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}"), 12, "2024-01-31"),
    # d_1 to d_1913 are the columns of the M5 sales, 1/22/20 those of the COVID-19 counts of Johns Hopkins
    ("days", re.compile(r"d_?\d+|day[ _]?\d+|\d{1,2}/\d{1,2}/\d\d(\d\d)?|\d{4}-\d\d-\d\d", re.IGNORECASE), 20,
     "2024-01-31"),
    ("hours", re.compile(r"(?:h|hour|hr)[ _]?\d\d?|\d\d?:00", re.IGNORECASE), 24, "2024-01-31 18:00"),
)  # fmt: skip
"""What columns may be, how they are called, from how many on they go on in time, and a time as it is read."""


TIME, VALUE = "time", "value"
"""What the columns of a table are called whose rows were turned."""
_MOST_COURSES, _MOST_ASKED = 100_000, 12


def _across(columns: Sequence[str]) -> tuple[str, list[str], str]:
    """Return what the columns are that follow each other in time, which, and a time as it is read."""
    for what, called, fewest, example in _ACROSS:
        # shortened months may end in a point: Jan., Feb.
        found = [name for name in columns if called.fullmatch(name.strip().rstrip("."))]
        if len(found) >= fewest:
            return what, found, example
    return "", [], ""


def _cure(what: str, example: str) -> str:
    return Message(
        "write a row for each of the {what}, with a column of times (as {example}) and one of values",
        what=what,
        example=example,
    )


def told_across(columns: Sequence[str]) -> str:
    """Return how a message goes on where time goes on across the rows of a table; "" where it does not."""
    what, found, example = _across(columns)
    if not found:
        return ""
    return Message(
        ". {count} of them are {what}: time goes on across the row. To forecast what comes next, {cure}",
        count=len(found),
        what=what,
        cure=_cure(what, example),
    )


def turned(frame: pd.DataFrame, targets: Sequence[str] = ()) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    """Return a table in which time goes on across the row with a row for each time: VALUE at TIME.

    Beside it stand what the columns are called that tell the courses apart; None where columns are no times
    by themselves, as months without a year, nothing tells courses apart, or `targets` are other columns.
    """
    names = [str(name) for name in frame.columns]
    # who names one of its columns means a row for each period, as earlier versions read it
    if not {*targets} & {*names} and (within := find_within(frame)) is not None:
        return _turned_within(frame, within)
    what, found, _ = _across(names)
    times = [_time_of(name) for name in found]
    rest = [name for name in names if name not in found]
    numeric = all(pd.api.types.is_numeric_dtype(frame[name]) for name in found)
    if any(name in names and name not in found for name in targets):
        return None
    if not found or not all(times) or not numeric or {TIME, VALUE} & {*rest} or len(frame) > _MOST_COURSES:
        return None
    # what names a course stands before its values
    apart = _telling(frame[names[: names.index(found[0])]])
    if not apart and len(frame) > 1:
        return None
    # row by row, so that each course stays together
    values = frame[found].to_numpy(dtype=float, na_value=float("nan"))
    long = pd.DataFrame({name: frame[name].repeat(len(found)).to_numpy() for name in apart})
    moments = pd.Series(times * len(frame))
    dated = what != "days" or not times[0].isdecimal()
    long[TIME] = pd.to_datetime(moments, format="mixed") if dated else moments.astype(int)
    long[VALUE] = values.reshape(-1)
    return long, apart


def _turned_within(frame: pd.DataFrame, within: Within) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    rest = [str(name) for name in frame.columns if str(name) not in within.columns]
    others = frame[[name for name in rest if name != within.base]]
    # one course has each period once; others are told apart by what stands beside it
    apart: tuple[str, ...] = ()
    if frame[within.base].duplicated().any():
        apart = _telling(others, [frame[within.base]])
        if not apart:
            return None
    if {TIME, VALUE} & {*apart} or len(frame) > _MOST_COURSES:
        return None
    long = pd.DataFrame({name: frame[name].repeat(len(within.columns)).to_numpy() for name in apart})
    long[TIME] = within.moments.reshape(-1)
    long[VALUE] = frame[[*within.columns]].to_numpy(dtype=float, na_value=float("nan")).reshape(-1)
    return long, apart


def told_within(frame: pd.DataFrame) -> str:
    """Return that each row is a day, a week or a year of values in order; "" where it is not."""
    within = find_within(frame)
    if within is None or _turned_within(frame, within) is None:
        return ""
    said = {
        "day": "each row is a day, called by {base}, of {count} values in order: {first} to {last}",
        "week": "each row is a week, called by {base}, of {count} values in order: {first} to {last}",
        "year": "each row is a year, called by {base}, of {count} values in order: {first} to {last}",
    }[within.period]
    first, last = within.columns[0], within.columns[-1]
    return Message(said, base=within.base, count=len(within.columns), first=first, last=last)


def _telling(frame: pd.DataFrame, beside: Sequence[pd.Series[Any]] = ()) -> tuple[str, ...]:
    """Return the first column, or the first two or three together, that differ in every row; where there is
    something `beside` them, together with that.
    """
    columns = [name for name in frame.columns if frame[name].notna().all()]
    for count in (1, 2, 3):
        for names in combinations(columns[:_MOST_ASKED], count):
            if not pd.concat([frame[[*names]], *beside], axis=1).duplicated().any():
                return tuple(map(str, names))
    return ()


def _time_of(name: str) -> str:
    """Return a time as it is read, "" where a column does not say one by itself."""
    bare = name.strip().rstrip(".年")
    if re.fullmatch(r"d_?\d+|day[ _]?\d+", bare, re.IGNORECASE):
        return re.sub(r"\D", "", bare)
    if re.fullmatch(r"(?:18|19|20)\d\d", bare):
        return f"{bare}-01-01"
    if re.fullmatch(r"\d{4}-\d\d", bare):
        return f"{bare}-01"
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d\d|\d{4})", bare)
    if american:
        year = american[3] if len(american[3]) == 4 else f"20{american[3]}"
        return f"{year}-{int(american[1]):02}-{int(american[2]):02}"
    return bare if re.fullmatch(r"\d{4}-\d\d-\d\d", bare) else ""


def predicted_across(frame: pd.DataFrame, targets: Sequence[str]) -> list[str]:
    """Return the notice that what is predicted is one of many columns that follow each other in time.

    That the file can be read as a time series is said only where its rows can be turned.
    """
    within = find_within(frame)
    if within is not None and {*targets} & {*within.columns}:
        said = Message(
            "{target!r} is one of {count} columns, {first} to {last}, that follow each other in time: the "
            "others, later ones too, predict it. To forecast what comes next, read the file as a time series "
            "without a target",
            target=next(name for name in targets if name in within.columns),
            count=len(within.columns),
            first=within.columns[0],
            last=within.columns[-1],
        )
        return [said]
    what, found, example = _across([str(name) for name in frame.columns])
    predicted = [name for name in targets if name in found]
    if not predicted:
        return []
    cure: str = _cure(what, example)
    if turned(frame, targets) is not None:
        cure = Message("read the file as a time series, or {cure}", cure=cure)
    return [
        Message(
            "{target!r} is one of {count} columns of {what}: time goes on across the row, and the "
            "others, later ones too, predict it. To forecast what comes next, {cure}",
            target=name,
            count=len(found),
            what=what,
            cure=cure,
        )
        for name in predicted
    ]


def refuse_across(columns: Sequence[str], targets: Sequence[str]) -> None:
    """Raise Invalid where a column to forecast is one of many that follow each other in time.

    It would be forecast from row to row, as if every January followed another.
    """
    what, found, example = _across(columns)
    wrong = [name for name in targets if name in found]
    if wrong:
        raise refused(
            "data.target",
            Message(
                "{wrong!r} is one of {count} columns of {what}: time goes on across the row: {cure}",
                wrong=wrong[0],
                count=len(found),
                what=what,
                cure=_cure(what, example),
            ),
        )
