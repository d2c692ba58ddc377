"""Pictures whose labels are numbers, in the files of published sets: parts are joined and labels named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.description import PartName
from engine.data.images.raw import ImageSet
from engine.data.refusal import refused


@dataclass(frozen=True)
class NumberedPart:
    """The pictures of one file: pixels uint8 (N, height, width, channels), label numbers (N,)."""

    name: str
    published: PartName
    pixels: NDArray[np.uint8]
    codes: NDArray[np.uint8]


def folder_of(path: str, what: str) -> Path:
    """Return the path chosen as data. Raises Invalid where none is chosen or nothing is there."""
    if not path:
        raise refused("data.path", Message("is missing: choose {what}", what=what))
    if "\x00" in path or not Path(path).exists():
        raise refused("data.path", Message("there is no {path!r}; choose {what}", path=path, what=what))
    return Path(path)


def joined(parts: Sequence[NumberedPart], classes: Sequence[str], setting: str) -> ImageSet:
    """Return the pictures of all parts. `classes` are the names of the label numbers, or empty; "" is none.

    Raises Invalid, at `setting`, where a label has no name, and where the parts are of different sizes.
    """
    sizes = {part.pixels.shape[1:] for part in parts}
    if len(sizes) > 1:
        each = "; ".join(f"{part.name}: {_size(part.pixels)}" for part in parts)
        raise refused("data.path", Message("the files hold pictures of different sizes ({each})", each=each))
    codes = np.concatenate([part.codes for part in parts])
    present = np.unique(codes).tolist()
    if classes and present and present[-1] >= len(classes):
        raise refused(
            setting,
            Message(
                "names {count} classes, 0 to {total}, but labels go up to {present}",
                count=len(classes),
                total=len(classes) - 1,
                present=present[-1],
            ),
        )
    names = {code: name for code, name in enumerate(classes) if name}
    # a number without a name is called by itself; sorted, as indices of classes follow the numbers
    known = dict(sorted({**{code: str(code) for code in present}, **names}.items()))
    # a table of all bytes, so that labels are looked up at once
    named = np.array([known.get(code, "") for code in range(256)])
    return ImageSet(
        np.concatenate([part.pixels for part in parts]),
        named[codes],
        tuple(known.values()),
        tuple(f"{part.name} {index}" for part in parts for index in range(len(part.codes))),
        published=np.concatenate([np.full(len(part.codes), part.published) for part in parts]),
    )


def _size(pixels: NDArray[np.uint8]) -> str:
    return f"{pixels.shape[1]} × {pixels.shape[2]}"
