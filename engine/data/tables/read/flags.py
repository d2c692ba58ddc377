"""Flags: letters that statistical offices put behind numbers, the same few in several columns of a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from engine.choices import Message
from engine.data.cells.shape_of_numerals import parted
from engine.data.cells.values import MISSING, RARELY_MISSING, is_date, is_number, listed
from engine.data.decisions import TYPES, Decided, Decision, OtherReading

_LETTERS = frozenset("bcdefinprsuvz*†‡")
"""Break in the series, confidential, definition differs, estimated, forecast, see the notes, not significant,
provisional, revised, of low reliability and others; signs that point to a note."""
_NUMBER, _LOOKED_AT = re.compile(r"[+-]?\d[\d.,]*"), 2_000


@dataclass(frozen=True)
class Flags:
    """The letters that stand behind numbers, and in which columns of the table."""

    letters: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()


def flags_of(frame: pd.DataFrame) -> Flags:
    """Return the flags of a table: letters of offices behind at most two thirds of the numbers of columns.

    Some letter stands in two columns at least, and there are several: a single one is rather a unit.
    """
    found = {str(name): flags for name in frame.columns if (flags := _flags_in(frame[name]))}
    flagged = {name: counts for name, counts in found.items() if set(counts) - {""}}
    often = Counter(letter for counts in flagged.values() for letter in counts if letter)
    cells = sum((Counter(counts) for counts in flagged.values()), Counter())
    known = len(often) > 1 and max(often.values()) > 1 and 3 * cells[""] > sum(cells.values())
    return Flags(frozenset(often), tuple(flagged)) if known else Flags()


def told_of_flags(flags: Flags) -> list[str]:
    """Return that the flags of a table are left out, in one sentence for all columns that have some."""
    if not flags.columns:
        return []
    said = Message(
        "{columns}: what stands behind numbers ({letters}), by which an office remarks on them, is left out",
        columns=listed(flags.columns),
        letters=", ".join(sorted(flags.letters)),
    )
    first, *rest = flags.columns
    return [
        Decided(said, Decision("", TYPES, first, None, (), (OtherReading("category"),), also=tuple(rest)))
    ]


def _flags_in(column: pd.Series[Any]) -> Mapping[str, int] | None:
    """Return how often each flag stands behind the numbers of a column, "" where none does; None where a cell
    is something else.
    """
    if is_number(column) or is_date(column):
        return None
    found: Counter[str] = Counter()
    for cell, count in column.iloc[:_LOOKED_AT].value_counts(sort=False).items():
        word = str(cell).strip()
        if word.casefold() in MISSING | RARELY_MISSING:
            continue
        number, flag = parted(word)
        if not _NUMBER.fullmatch(number) or not set(flag) <= _LETTERS:
            return None
        found[flag] += count
    return found
