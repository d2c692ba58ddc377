"""A survey of picture files before they are read: sizes, depth, transparency. All of them decide, not one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from statistics import fmean, median

import numpy as np
from numpy.typing import NDArray

from engine.data.files.endings import IMAGES
from engine.data.files.layouts import below, ends_in
from engine.data.images.read.decoding import (
    Broken,
    Tones,
    bands_lost,
    deep_values,
    is_cut,
    is_deep,
    opened,
    usual_tones,
)
from engine.data.source import Report, silent

LARGEST_SIDE = 64
"""The longer side of pictures at most, where nobody says another, but of strips."""
_LEAST_SIDE = 16
"""The shorter side at least, where pictures have so many pixels."""
_LONGEST_STRIP = 512
"""Beyond this a strip costs more than its shorter side is worth."""
_ALIKE = 1.1
"""Proportions within this factor of each other count as the same: so little stretching is not seen."""
_CLEAR_MAJORITY = 2 / 3
"""The share of pictures that decides the proportions alone: the others get the margins, and these none."""
_FEW_LEVELS = 8
"""Pictures that would fill fewer of the 256 grey levels are stretched over all of them."""
_GLANCE = 20
"""Pictures by which the size of all is guessed."""
_MOST_DECODED = 300
_VALUES_OF_EACH = 20_000
_SIDEWAYS = (5, 6, 7, 8)
"""Orientations in which height and width change places (EXIF)."""
_ORIENTATION = 0x0112
_ANIMATED = ("GIF", "TIFF", "WEBP", "PNG", "AVIF")
"""Formats in which a second picture is one of its own; in a JPEG it is a preview."""


@dataclass(frozen=True)
class Survey:
    """What a look at all files says.

    `sizes`: (height, width) of each that can be opened, upright; `deep`: those of more than 8 bits, whose
    values lie between `low` and `high`, as fractions or not; `several`: how many files hold several pictures;
    `clear`: how many have a channel of transparency; `cut`: how many hold colours of 16 bits, cut to 8;
    `banded`: how many hold more bands than are read.
    """

    sizes: tuple[tuple[int, int], ...]
    deep: tuple[Path, ...] = ()
    several: int = 0
    clear: int = 0
    cut: int = 0
    banded: int = 0

    def alike_within(self, height: int, width: int) -> bool:
        """Return whether all pictures have the proportions of that size, or nearly."""
        ratios = [across / down * height / width for down, across in self.sizes if down and across]
        return all(1 / _ALIKE <= ratio <= _ALIKE for ratio in ratios)

    def size(self) -> tuple[int, int]:
        """Return a (height, width) that suits all pictures, with the median of their longer sides.

        The proportions are those that most pictures have. Where no clear majority has the same, they are the
        geometric mean of all: as many tall as wide ones make a square.
        """
        if not self.sizes:
            return 32, 32
        ratio = _usual_ratio([width / height for height, width in self.sizes if height and width])
        longer = median(max(size) for size in self.sizes)
        return small_size(*((longer, longer * ratio) if ratio < 1 else (longer / ratio, longer)))


def usual_size(path: str) -> tuple[int, int]:
    """Return about which (height, width) the pictures in a folder have once they are read.

    A few of them say; it is what photographs get where none can be opened.
    """
    folder = Path(path)
    files = [one for one in below(folder) if ends_in(one, *IMAGES)] if path and folder.is_dir() else []
    few = [files[place] for place in _evenly(len(files), _GLANCE)] if files else []
    found = survey(few, silent)
    return found.size() if found.sizes else (LARGEST_SIDE, LARGEST_SIDE)


def small_size(height: float, width: float) -> tuple[int, int]:
    """Return the size to which pictures are made smaller where nobody says another: 64 on the longer side.

    It is more where the shorter side would have less than 16, of strips: four halvings, as the network to
    begin with has them, would leave nothing of it.
    """
    longer, shorter = max(height, width), min(height, width)
    share = max(LARGEST_SIDE / longer, min(_LEAST_SIDE, shorter) / shorter)
    share = min(1.0, share, _LONGEST_STRIP / longer)
    return max(1, round(height * share)), max(1, round(width * share))


def _usual_ratio(ratios: Sequence[float]) -> float:
    """Return the proportions that a clear majority has, nearly; the geometric mean of all where none has."""
    rising = sorted(ratios)
    # from each proportion on, how many lie within the factor: the longest run is what most have
    ends = [bisect_right(rising, lowest * _ALIKE) for lowest in rising]
    start = max(range(len(ends)), key=lambda start: ends[start] - start)
    most = rising[start : ends[start]]
    return median(most) if len(most) >= _CLEAR_MAJORITY * len(rising) else exp(fmean(map(log, rising)))


def survey(paths: Sequence[Path], report: Report) -> Survey:
    """Look at the beginning of every file. What cannot be opened is left to the reading to tell."""
    sizes: list[tuple[int, int]] = []
    deep: list[Path] = []
    several = clear = cut = banded = 0
    for index, path in enumerate(paths):
        # not at each: only the head of a file is read, which is quick
        if index % 200 == 0:
            report(index / len(paths), "Looking at the sizes of the pictures")
        try:
            with opened(path) as image:
                width, height = image.size
                # here, as the tiles are known only until the picture is decoded
                cut += not is_deep(image) and is_cut(image)
                # telephones write all pictures lying and say which way is up
                sideways = image.getexif().get(_ORIENTATION) in _SIDEWAYS
                sizes.append((width, height) if sideways else (height, width))
                if is_deep(image):
                    deep.append(path)
                several += image.format in _ANIMATED and getattr(image, "is_animated", False)
                clear += image.has_transparency_data
                banded += bands_lost(image) > 0
        except Broken:
            continue
    return Survey(tuple(sizes), tuple(deep), several, clear, cut, banded)


def tones_of(deep: Sequence[Path], report: Report) -> Tones:
    """Return one black and white for all pictures of more than 8 bits.

    They are what is usual for the kind of file (`usual_tones`); where the pictures would then hold next to no
    grey levels, as faint ones of a camera do, the darkest and brightest of a thousand values each.
    """
    chosen = [deep[place] for place in _evenly(len(deep), _MOST_DECODED)]
    values: list[NDArray[np.float64]] = []
    low, high, fractions = np.inf, -np.inf, False
    for index, path in enumerate(chosen):
        report(index / len(chosen), "Looking for black and white of pictures of more than 8 bits")
        try:
            with opened(path) as image:
                found = deep_values(image).reshape(-1)
                fractions = fractions or image.mode == "F"
        except Broken:
            continue
        # infinity and NaN stand for no measurement
        found = found[np.isfinite(found)]
        if found.size:
            low, high = min(low, float(found.min())), max(high, float(found.max()))
            # 300 times 20,000 values are enough for a thousandth, and 48 MB
            values.append(found[_evenly(found.size, _VALUES_OF_EACH)])
    # what cannot be read is told later; until then 16 bits are as good as any
    if not values:
        return Tones(0.0, 65535.0)
    usual = usual_tones(low, high, fractions)
    # usual if possible, as it is the same for pictures of any later day
    if (high - low) / (usual.white - usual.black or 1.0) * 255 >= _FEW_LEVELS:
        return usual
    # a thousandth at each end, as single hot points of a sensor would take the whole range
    dark, bright = np.quantile(np.concatenate(values), [0.001, 0.999]).tolist()
    return Tones(dark, bright) if bright > dark else Tones(low, high)


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    """Return at most so many indices, evenly spread over all."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(count, most)).round().astype(np.int64))
