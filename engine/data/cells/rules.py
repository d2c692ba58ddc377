"""Rules by which cells are read, numbered as they came: a run reads its file by those of its own day."""

from __future__ import annotations

from enum import IntEnum


class Rules(IntEnum):
    """What was read from when on; a run keeps the newest of its day."""

    FIRST = 0
    OPEN_WORDS = 1
    """under 18 and less than 0.5 are limits, which were missing before."""
    PEOPLES_MARKS = 2
    """6,1 beside 5.4, 45 % beside 0.45, ▼ before numbers and pay per month beside pay per year are told
    in one way."""
    FRAMED_LIMITS = 3
    """Of the type number, 月售1000+ beside 月售220 is a number, and free beside amounts of money is 0."""


NEWEST = max(Rules)
