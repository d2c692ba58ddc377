"""Readings of a column: cells as they are written and as they were read, and as they would be read otherwise.

Whatever would be read otherwise is read so, by `recognise` with another style: there is no second rule that
could say something else than what then happens. Of how a column is read there is one sentence, which offers
every other reading.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.cells.recognition import CellStyle
from engine.data.cells.values import as_text, is_date, is_number
from engine.data.decisions import (
    LONGEST,
    TYPES,
    Decided,
    OtherReading,
    Specimen,
    as_one,
    decision_in,
    shortened,
)
from engine.data.tables.read.rival_readings import (
    HALF,
    LARGE,
    READINGS,
    is_read,
    offered,
    read_cells,
    read_so,
    told_of_words,
)

_LOOKED_AT = 200
"""Different cells that another reading is tried with."""
_FEW, _MOST_DIFFERENT = 3, 2_000
_FIGURES = 4
_WORKED_OUT = re.compile(r"-?(?P<whole>\d+)\.(?P<behind>\d+)(e-?\d+)?")
_KINDS = ("number", "category", "date")
_OF_INPUTS = frozenset({"leave_out", "choices"})
"""Types that a column cannot have which is to be predicted."""


def with_readings(
    notices: Sequence[str],
    cells: pd.Series[Any],
    read: pd.Series[Any],
    style: CellStyle,
    rows: NDArray[np.int64],
    *,
    predicted: bool = False,
) -> list[str]:
    """Return the notices of a column with cells as written and as read, in this and in other ways.

    `cells` are those of the file and `read` what was made of them; `rows` says which row of the file each is.
    Where a notice names no setting, the type of the column is what a person can change. All that is said of
    its type is one sentence; words of which a large share can be read otherwise have one, too.
    """
    name = str(cells.name)
    about_type = [_of_type(notice, name) for notice in notices if decision_in(notice).setting in ("", TYPES)]
    if not about_type and style.kind is None and not (is_number(read) or is_date(read)):
        about_type = told_of_words(name, cells, style)
    others = [notice for notice in notices if decision_in(notice).setting not in ("", TYPES)]
    told = [*([as_one(name, about_type)] if about_type else []), *others]
    if not told:
        return []
    asked = {one.written for notice in told for one in decision_in(notice).specimens}
    texts = _different(cells, asked)
    known = dict(zip(texts, read_cells(read.iloc[list(texts.values())]), strict=True))
    in_rows = {text: int(rows[place]) for text, place in texts.items()}
    often = _often(cells) if about_type and not (is_number(read) or is_date(read)) else {}
    return [_completed(notice, known, in_rows, often, style, predicted=predicted) for notice in told]


def _of_type(notice: str, name: str) -> str:
    """Return what is said of how a column is read as a decision about its type."""
    told = decision_in(notice)
    if told.setting:
        return notice
    return Decided(notice, replace(told, setting=TYPES, column=name, others=tuple(map(OtherReading, _KINDS))))


def _often(cells: pd.Series[Any]) -> Mapping[str, int]:
    often: dict[str, int] = {}
    for cell, count in cells.value_counts(sort=False).items():
        often[_text(cell)] = often.get(_text(cell), 0) + int(count)
    return often


def _different(cells: pd.Series[Any], asked: Collection[str]) -> dict[str, int]:
    """Return different cells of a column as text, with the place where each stands first.

    Those that are `asked` for are among them; of very many others, some from all over the column. What is too
    long to be shown is none of them, as patterns take their time with it.
    """
    first = np.flatnonzero(~cells.duplicated().to_numpy() & cells.notna().to_numpy())
    if len(first) > _MOST_DIFFERENT:
        known = zip(first.tolist(), cells.iloc[first].tolist() if asked else (), strict=False)
        wanted = [place for place, cell in known if _text(cell) in asked]
        first = np.unique([*first[:: len(first) // _MOST_DIFFERENT], *wanted[: len(asked)]])
    texts: dict[str, int] = {}
    for place, cell in zip(first.tolist(), cells.iloc[first].tolist(), strict=True):
        text = _text(cell)
        if len(text) <= LONGEST:
            # cells that differ in outer blanks alone are one for a person
            texts.setdefault(text, place)
    return texts


def _text(cell: object) -> str:
    return as_text(cell).strip()


def _completed(
    notice: str,
    known: dict[str, str],
    rows: dict[str, int],
    often: Mapping[str, int],
    style: CellStyle,
    *,
    predicted: bool,
) -> Decided:
    told = decision_in(notice)
    of_type = told.setting == TYPES
    name = told.column
    # whoever has chosen a type is not asked for it again
    doubtful = told.doubtful and not (of_type and style.kind is not None)
    possible = [one for one in told.others if not (predicted and of_type and one.value in _OF_INPUTS)]
    wanted = [next((text for text in known if shortened(text) == one.written), "") for one in told.specimens]
    tried = list(dict.fromkeys([*filter(None, wanted), *_some(known)]))

    def tried_in(others: Sequence[OtherReading]) -> dict[OtherReading, dict[str, str]]:
        ways = {
            # boxes are about empty cells: those that hold something are read alike
            one: {}
            if "ticked" in (told.value, one.value)
            else dict(zip(tried, _read_by(name, tried, style, told.setting, one.value), strict=True))
            for one in others
        }
        for least in (HALF, LARGE):
            found = {
                one: way
                for one, way in ways.items()
                if not way or offered(told.setting, one.value, way, often, least)
            }
            if found:
                break
        return found

    ways = tried_in(possible)
    if doubtful and of_type and not ways:
        # a doubt without a way out is none: whatever reads the cells, and what they are by now
        ways = tried_in([*map(OtherReading, READINGS)]) or {OtherReading("words"): {}}
    words = _shown(wanted, tried, known, list(ways.values()))
    before = {tuple(brief(known[word], word) for word in words)}
    others = []
    for other, way in ways.items():
        reading = tuple(brief(way[word], word) for word in words) if way else ()
        # two settings that read these cells alike are one choice for a person
        if not reading or reading not in before:
            before.add(reading)
            others.append(replace(other, read=reading))
    specimens = tuple(Specimen(shortened(word), brief(known[word], word), rows[word]) for word in words)
    return Decided(notice, replace(told, specimens=specimens, others=tuple(others), doubtful=doubtful))


def brief(read: str, written: str) -> str:
    """Return a number as it is shown beside its cell: with as many figures as the cell has, or four.

    Ten days are 0.02737850787132101 years: what is worked out has more figures than anybody has written.
    """
    found = _WORKED_OUT.fullmatch(read)
    if found is None:
        return read
    figures = max(_FIGURES, sum(map(str.isdigit, written)), len(found["whole"]))
    return read if len(found["whole"] + found["behind"]) <= figures else f"{float(read):.{figures}g}"


def _shown(
    wanted: Sequence[str], tried: Sequence[str], known: Mapping[str, str], ways: Sequence[Mapping[str, str]]
) -> list[str]:
    """Return the cells to show: those asked for that are read otherwise, and others for other ways."""
    ways = [way for way in ways if way]
    differing = [word for word in tried if any(way[word] != known[word] for way in ways)]
    shown = ([word for word in wanted if word in differing] or differing or [*filter(None, wanted)])[:_FEW]
    seen = {_read_by_ways(word, ways) for word in shown}
    for word in differing:
        by = _read_by_ways(word, ways)
        if by not in seen and len(shown) <= _FEW:
            seen.add(by)
            shown.append(word)
    return shown


def _read_by_ways(word: str, ways: Sequence[Mapping[str, str]]) -> tuple[bool, ...]:
    return tuple(is_read(None, way[word]) for way in ways)


def _some(known: dict[str, str]) -> list[str]:
    """Return cells from all over the column, those first that were read as something else than is written."""
    # False comes before True, and sorting is stable
    every = sorted(known, key=lambda word: known[word] in (word, f'"{word}"'))
    return every[:_FEW] + every[:: max(len(every) // _LOOKED_AT, 1)]


def _read_by(name: str, words: Sequence[str], style: CellStyle, setting: str, value: Any) -> list[str]:
    return read_so(name, words, _styled(style, setting, value))


def _styled(style: CellStyle, setting: str, value: Any) -> CellStyle:
    """Return the style with one setting of the file changed."""
    match setting.removeprefix("data."):
        case "types":
            return replace(style, kind=value)
        case "missing":
            more = value if isinstance(value, tuple) else (value,)
            return replace(style, missing=(*style.missing, *more))
        case "date_order":
            return replace(style, order=value)
        case "decimal":
            # as if a person had chosen it, which is what this shows the outcome of
            return replace(style, marks=replace(style.marks, decimal=value, seen=True))
        case "thousands":
            marks = replace(style.marks, thousands=value)
            return replace(style, marks=replace(marks, decimal="," if value == "." else ".", seen=True))
    return style
