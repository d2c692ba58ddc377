"""Readings of a column: cells as they are written and as they were read, and as they would be read otherwise.

Whatever would be read otherwise is read so, by `recognise` with another style: there is no second rule that
could say something else than what then happens.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.cells.column_types import MEASURES, NUMERIC, ColumnType
from engine.data.cells.recognition import CellStyle, recognise
from engine.data.cells.values import as_text, is_date, is_number
from engine.data.decisions import (
    GONE,
    LEFT_OUT,
    LONGEST,
    TYPES,
    Decided,
    OtherReading,
    Specimen,
    decision_in,
    shortened,
)

_LOOKED_AT = 200
"""Different cells that another reading is tried with."""
_FEW, _MOST_DIFFERENT = 3, 2_000
_KINDS = ("number", "category", "date")


def with_readings(
    notices: Sequence[str],
    cells: pd.Series[Any],
    read: pd.Series[Any],
    style: CellStyle,
    rows: NDArray[np.int64],
) -> list[str]:
    """Return the notices of a column with cells as written and as read, in this and in other ways.

    `cells` are those of the file and `read` what was made of them; `rows` says which row of the file each is.
    Where a notice names no setting, the type of the column is what a person can change.
    """
    if not notices:
        return []
    asked = {one.written for notice in notices for one in decision_in(notice).specimens}
    texts = _different(cells, asked)
    known = dict(zip(texts, read_cells(read.iloc[list(texts.values())]), strict=True))
    in_rows = {text: int(rows[place]) for text, place in texts.items()}
    return [_completed(notice, str(cells.name), known, in_rows, style) for notice in notices]


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
    notice: str, name: str, known: dict[str, str], rows: dict[str, int], style: CellStyle
) -> Decided:
    told = decision_in(notice)
    if "ticked" in (told.value, *(one.value for one in told.others)):
        return Decided(notice, told)  # it is about empty cells: those that hold something are read alike
    if not told.setting:
        told = replace(told, setting=TYPES, column=name, others=tuple(map(OtherReading, _KINDS)))
    wanted = [next((text for text in known if shortened(text) == one.written), "") for one in told.specimens]
    tried = list(dict.fromkeys([*filter(None, wanted), *_some(known)]))
    ways = {
        other: dict(zip(tried, _read_so(name, tried, _styled(style, told.setting, other.value)), strict=True))
        for other in told.others
    }
    ways = {other: way for other, way in ways.items() if _is_meant(told.setting, other.value, way)}
    differing = [word for word in tried if any(way[word] != known[word] for way in ways.values())]
    words = [word for word in wanted if word in differing] or differing or [*filter(None, wanted)]
    words = words[:_FEW]
    readings = {other: tuple(way[word] for word in words) for other, way in ways.items()}
    before = {tuple(known[word] for word in words)}
    others = []
    for other, read in readings.items():
        # two settings that read these cells alike are one choice for a person
        if read not in before:
            before.add(read)
            others.append(replace(other, read=read))
    specimens = tuple(Specimen(shortened(word), known[word], rows[word]) for word in words)
    return Decided(notice, replace(told, specimens=specimens, others=tuple(others)))


def _some(known: dict[str, str]) -> list[str]:
    """Return cells from all over the column, those first that were read as something else than is written."""
    # False comes before True, and sorting is stable
    every = sorted(known, key=lambda word: known[word] in (word, f'"{word}"'))
    return every[:_FEW] + every[:: max(len(every) // _LOOKED_AT, 1)]


def _is_meant(setting: str, value: object, way: dict[str, str]) -> bool:
    """Return whether cells can be read so: as numbers or dates some at least, by other marks all of them."""
    words = sum(read.startswith('"') for read in way.values())
    if setting == TYPES and value in (*NUMERIC, "date"):
        read = len(way) - words - sum(read == GONE for read in way.values())
        # whoever takes such an offer means the column, and would lose most of it where few cells are read
        return 2 * read >= max(len(way), 1)
    return setting in (TYPES, "data.missing") or not words


def measures_of(column: pd.Series[Any]) -> list[ColumnType]:
    """Return the types by which the cells of a column of words become numbers, no two of them the same."""
    different = column.dropna().unique()
    words = [as_text(word) for word in different[:: max(len(different) // _LOOKED_AT, 1)]]
    found: dict[tuple[str, ...], ColumnType] = {}
    for kind in MEASURES:
        way = dict(zip(words, _read_so(str(column.name), words, CellStyle(kind=kind)), strict=True))
        if words and _is_meant(TYPES, kind, way):
            found.setdefault(tuple(way.values()), kind)
    return list(found.values())


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


def _read_so(name: str, words: Sequence[str], style: CellStyle) -> list[str]:
    if style.kind == "leave_out":
        return [LEFT_OUT] * len(words)
    return read_cells(recognise(name, pd.Series(words, dtype=object, name=name), style).column)


def read_cells(column: pd.Series[Any]) -> list[str]:
    """Return cells as they were read: numbers and dates plainly, words in quotation marks."""
    plain = is_number(column) or is_date(column)
    return [
        GONE if missing else as_text(value) if plain else f'"{shortened(as_text(value))}"'
        for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)
    ]
