"""How a course over time is to be read from a table: which columns mean what, and what windows are cut."""

from __future__ import annotations

from dataclasses import dataclass

from engine.data.series.read.calendar import Calendar, CalendarPart


@dataclass(frozen=True)
class CourseFormat:
    """Which columns mean what, and what windows are cut, as the person said; "" and 0 are found out.

    `kept` are columns that a network knows, which so are never left out; `timeless`: whether the rows are in
    order by themselves, whatever columns say.
    """

    targets: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    history: int = 48
    horizon: int = 24
    season: int = 0
    stride: int = 1
    calendar: Calendar | tuple[CalendarPart, ...] = "auto"
    longest_gap: int = 24
    changes: bool = False
    course: tuple[str, ...] = ()
    only: str = ""
    date_order: str = "auto"
    kept: tuple[str, ...] = ()
    timeless: bool = False
    borders: str = "each"
