"""Times that are told from the day on which somebody looked: 3天前, yesterday, 2 hours ago."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.choices import Message
from engine.data.decisions import decided

_AGO = re.compile(
    r"\d+\s?(秒钟?|分钟?|个?小时|天|周|星期|个?月|年)(之?前|以前)"
    r"|(\d+|an?|one|a few|last)\+? (s|sec|second|m|min|minute|h|hr|hour|d|day|w|wk|week|month|year)s?\.? ago"
    r"|\d+(s|m|h|d|w|mo|y) ago"
    r"|vor (\d+|einer|einem) (Sekunde|Minute|Stunde|Tag|Woche|Monat|Jahr)(e?n)?"
    r"|il y a (\d+|une?) (seconde|minute|heure|jour|semaine|mois|an)s?",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"刚刚|刚才|今[天日]|昨[天日]|前[天日]|just now|now|today|yesterday|last (week|month|year)"
    r"|heute|gestern|vorgestern|aujourd'hui|hier",
    re.IGNORECASE,
)
_NEARLY_ALL, _LOOKED_AT = 0.9, 200


def told_of_relative_times(name: str, texts: Sequence[str]) -> list[str]:
    """Return that times are told from a day that nobody wrote down, so that they stay words."""
    shown = texts[:_LOOKED_AT]
    ago = [text for text in shown if _AGO.fullmatch(text)]
    days = sum(_DAY.fullmatch(text) is not None for text in shown)
    # today and yesterday alone may be two classes
    if not ago or len(ago) + days < _NEARLY_ALL * len(shown):
        return []
    said = Message(
        "{name}: times as {first} are told from the day on which the table was made, which is unknown, and "
        "are words, each a value of its own; to learn from when it was, write days or hours in their place",
        name=name,
        first=ago[0],
    )
    return [decided(said, "data.types", "leave_out", column=name, cells=ago[:2])]
