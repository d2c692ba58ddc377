"""Pictures in tables: all pixels of one in a cell, as in FER-2013, or each in a column, as MNIST in CSV."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import is_number, natural
from engine.data.files.endings import EXCEL, PARQUET, TEXT
from engine.data.files.placement import Placed, part_of, published_parts
from engine.data.images.raw import ImageSet
from engine.data.images.read.framed import in_frame
from engine.data.images.read.lists import PARTS
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.read.columns import called_label, chosen_column, class_like, is_text, words_of
from engine.data.tables.read.files import read_table
from engine.data.tables.read.format import TableFormat

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.images.sources.images import Images

_SMALLEST, _LARGEST = 8, 1024
"""Sides of a square picture."""
_BRIGHTEST, _BRIGHT = 255, 128
"""The white of 8 bits, and what some place of some picture reaches at least."""
_MOST_BESIDE = 4
"""Columns that are no pixels, where each pixel has one."""
_LOOKED_AT = 100
_GLANCE = 1 << 16


@dataclass(frozen=True)
class PixelColumns:
    """The columns of pixels (one whose cells hold them all, or one for each) and the shape of a picture."""

    names: tuple[str, ...]
    side: int
    channels: int

    def pixels(self, frame: pd.DataFrame) -> NDArray[np.uint8]:
        """Return the pictures (N, side, side, channels). Raises Invalid where a row is none."""
        if len(self.names) > 1:
            return _bytes(frame[[*self.names]].to_numpy(np.float64)).reshape(self._shape(len(frame)))
        (name,) = self.names
        count = math.prod(self._shape(1))
        # row by row: the numbers of all as doubles would be eight times as large as the pictures
        found = np.empty((len(frame), count), np.uint8)
        for row, cell in enumerate(frame[name]):
            levels = _levels(str(cell))
            # only the first rows were looked at before; a later one may have been cut off
            if len(levels) != count:
                raise refused(
                    "data.path",
                    Message(
                        "{name} in row {wrong} holds {count} numbers, and {wanted} make a picture as in the "
                        "other rows",
                        name=name,
                        wrong=row + 1,
                        count=len(levels),
                        wanted=count,
                    ),
                )
            found[row] = _bytes(levels)
        return found.reshape(self._shape(len(frame)))

    def _shape(self, count: int) -> tuple[int, int, int, int]:
        return count, self.side, self.side, self.channels


def _bytes(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return pixels as 8 bits each. Raises Invalid where some are none."""
    # written so that NaN fails, too
    if not ((values >= 0) & (values <= _BRIGHTEST)).all():
        raise refused("data.path", "some pixels are missing, or no numbers from 0 (black) to 255 (white)")
    return values.astype(np.uint8)


def pixel_columns(frame: pd.DataFrame) -> PixelColumns | None:
    """Return where a table holds pictures, as its first rows tell; None where it holds none."""
    first = frame.head(_LOOKED_AT)
    for name in first.columns:
        if is_text(first[name]):
            rows = [_levels(str(cell)) for cell in first[name].dropna()]
            counts = {len(one) for one in rows}
            found = _shape(str(name), max(counts, default=0))
            if found is not None and len(counts) == 1 and _seen(np.array(rows)):
                return found
    # a label that is a number stands among them, mostly first or last, and has to be left aside
    names = [str(name) for name in first.columns if is_number(first[name])]
    called = called_label(names)
    for rest in ([name for name in names if name not in called], names[1:], names[:-1], names):
        found = _shape(rest, len(rest))
        few = len(first.columns) - len(rest) <= _MOST_BESIDE
        if found is not None and few and _seen(first[rest].to_numpy(np.float64)):
            return found
    return None


def _shape(names: str | Sequence[str], count: int) -> PixelColumns | None:
    """Return the shape of square pictures of so many values; None where they make none."""
    for channels in (1, 3):
        side = math.isqrt(count // channels)
        if side * side * channels == count and _SMALLEST <= side <= _LARGEST:
            return PixelColumns((names,) if isinstance(names, str) else tuple(names), side, channels)
    return None


def _seen(values: NDArray[Any]) -> bool:
    """Return whether values are whole, from black to white, and some of them bright."""
    whole = values.size > 0 and bool((values == np.round(values)).all())
    return whole and values.min() >= 0 and _BRIGHT <= values.max() <= _BRIGHTEST


def _levels(cell: str) -> NDArray[np.float64]:
    """Return the numbers of a cell, apart by blanks or commas, perhaps in brackets; none for words."""
    # lists as NumPy and Python print them
    plain = cell.strip("[]() \n").replace(",", " ")
    # words are seen at once, without going through a long text
    if re.search(r"[^\d\s.]", plain[:_LOOKED_AT]):
        return np.zeros(0)
    try:
        return np.array(plain.split(), np.float64)
    except ValueError:
        return np.zeros(0)


def may_hold_pixels(path: Path) -> bool:
    """Return whether a file is a table, of plain text one with as many numbers a row as pictures have."""
    ending = path.suffix.lower()
    if ending not in TEXT:
        return ending in (*EXCEL, *PARQUET)
    with path.open("rb") as file:
        # the first two lines, names and values, are enough: whole tables of pixels are large
        lines = file.read(_GLANCE).decode("utf-8", "replace").splitlines()
    return any(len(re.findall(r"\d+", line)) >= _SMALLEST**2 for line in lines[:2])


def read_pixels(
    source: Images, path: Path, report: Report, memory: int, *, labelled: bool = True
) -> ImageSet | None:
    """Return the pictures in a table; None where it holds none.

    Unless `labelled`, labels may be missing, and the other columns are kept as those that were given. Raises
    Invalid where nothing tells the labels, or a row holds no picture.
    """
    # without the settings of a person, as a source of pictures has none for tables
    table = read_table(path, TableFormat(), (), report, memory)
    # a label that is a number must not count as a pixel
    frame = table.frame.drop(columns=[source.label], errors="ignore")
    columns = pixel_columns(frame)
    if columns is None:
        return None
    pixels = columns.pixels(frame)
    beside = table.frame[[name for name in table.frame.columns if name not in columns.names]]
    parts = _column_of_parts(beside)
    rest = beside.drop(columns=parts or [])
    guess = (called_label(rest.columns) or [class_like(rest, rest.columns)])[0]
    label = chosen_column(rest, source.label, "data.label", guess) if labelled else source.label
    # as written in the file, 1.0 would be told from 1, but all of its columns would be read once more
    marks = words_of(rest[label]) if label in rest.columns else [""] * len(frame)
    pixels, found = in_frame(source, pixels)
    part = [part_of(word) for word in words_of(beside[parts])] if parts else [None] * len(frame)
    found |= {"label": label} if not source.label else {}
    rows = np.arange(len(frame))
    others = rest.drop(columns=[label], errors="ignore")
    return ImageSet(
        pixels,
        np.array(marks, np.str_),
        tuple(sorted({*marks} - {""}, key=natural)),
        tuple(f"row {row}" for row in table.row_numbers),
        str(label or "label"),
        (*table.told_of((), (label,)), _told(columns)),
        published_parts([Placed(mark, one) for mark, one in zip(marks, part, strict=True)])
        if labelled
        else None,
        found,
        None if labelled else beside,
        None if labelled else rows,
        others.reset_index(drop=True) if labelled and len(others.columns) else None,
    )


def _told(columns: PixelColumns) -> str:
    where = columns.names[0] if len(columns.names) == 1 else f"{columns.names[0]} to {columns.names[-1]}"
    return Message(
        "the pixels of {side} × {side} pictures are taken from {where}, row by row",
        side=columns.side,
        where=where,
    )


def _column_of_parts(frame: pd.DataFrame) -> str | None:
    for name in frame.columns:
        words = words_of(frame[name])
        if str(name).casefold() in PARTS and all(part_of(word) for word in words):
            return str(name)
    return None
