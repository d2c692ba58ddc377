"""The calendar: how far the day, the week and the year have got at each row, as sine and cosine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.data.series.read.moments import Moments

CalendarPart = Literal["day", "week", "year"]
Calendar = Literal["auto", "none", "day", "week", "year"]

DAYS: dict[CalendarPart, float] = {"day": 1.0, "week": 7.0, "year": 365.2425}
_SEEN = 3
"""A part is taken by itself only where it comes round so often, so that it can be learnt."""
_MONDAY = 4.0
"""1970 began on a Thursday; four days later was Monday."""


def calendar_parts(moments: Moments, calendar: Calendar) -> tuple[CalendarPart, ...]:
    """Return which parts of the calendar say something: those longer than the step between rows.

    "auto" takes those that come round three times; "week" stands for day and week, "year" for all.
    """
    if calendar == "none" or not moments.dated:
        return ()
    wanted: tuple[CalendarPart, ...] = ("day", "week", "year")
    if calendar != "auto":
        # each goes with the shorter ones before it, as the names of the setting say
        wanted = wanted[: wanted.index(calendar) + 1]
    seen = _SEEN if calendar == "auto" else 0
    return tuple(
        part
        for part in wanted
        # two rows in each turn at least, or every row has nearly the same sine; n rows cover one step more
        # than they span
        if moments.step <= DAYS[part] / 2 and moments.span + moments.step >= seen * DAYS[part]
    )


def calendar_columns(moments: Moments, parts: tuple[CalendarPart, ...]) -> dict[str, NDArray[np.float64]]:
    """Return two columns for each part: "day sine" and "day cosine" go round once a day.

    Formula: sin(2πs), cos(2πs), s the share of the part that is over (midnight, Monday, 1 January: 0)
    """
    found: dict[str, NDArray[np.float64]] = {}
    if not parts:
        return found
    days = moments.values / 86_400e6
    for part in parts:
        if part == "year":
            stamps = moments.values.astype(np.int64).astype("datetime64[us]")
            begins = stamps.astype("datetime64[Y]")
            # leap years are a day longer, and 31 December should not be past the turn
            length = (
                (begins + np.timedelta64(1, "Y")).astype("datetime64[D]") - begins.astype("datetime64[D]")
            ).astype(np.float64)
            share = (days - begins.astype("datetime64[D]").astype(np.float64)) / length
        else:
            share = (days - (_MONDAY if part == "week" else 0.0)) / DAYS[part]
        # the rest of a division is positive in Python, so moments before 1970 are right, too
        angle = 2 * np.pi * (share % 1)
        found.update(zip(calendar_names((part,)), (np.sin(angle), np.cos(angle)), strict=True))
    return found


def calendar_names(parts: Iterable[CalendarPart] = ("day", "week", "year")) -> tuple[str, ...]:
    """Return what the columns of these parts are called."""
    return tuple(f"{part} {wave}" for part in parts for wave in ("sine", "cosine"))


def parts_among(columns: tuple[str, ...]) -> tuple[CalendarPart, ...]:
    """Return which parts of the calendar are among the columns of a course."""
    return tuple(part for part in DAYS if set(calendar_names((part,))) <= set(columns))
