"""IDX files: the layout in which MNIST and its kin are published.

A file begins with two zero bytes, a byte for the type (8: bytes without sign) and one for the number of
dimensions; then each dimension as four bytes, the highest first; then the numbers.

Source: LeCun, Cortes and Burges, The MNIST database of handwritten digits, 1998.
"""

from __future__ import annotations

import gzip
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import listed
from engine.data.images.raw import BYTES_OF_PIXEL, ImageSet
from engine.data.images.read.numbered import NumberedPart, folder_of, joined
from engine.data.refusal import refused
from engine.data.source import Report

_BYTES = 8
_LARGEST_SIDE = 1024
_CHUNK = 1 << 20
_NAME = re.compile(
    r"(?P<set>.*?)(?P<part>train|t10k|test|valid|validation)(?P<rest>[-_.]images?[-_.]idx3[-_.]ubyte)(?:\.gz)?"
)
_WANTED = "a folder with train-images-idx3-ubyte and train-labels-idx1-ubyte (packed as .gz or not)"
_PARTS: dict[str, Literal["train", "validation", "test"]] = {
    "train": "train",
    "t10k": "test",
    "test": "test",
    "valid": "validation",
    "validation": "validation",
}


@dataclass(frozen=True)
class _Pair:
    """A file of pictures and its file of labels."""

    part: str
    images: Path
    labels: Path


def read_idx(path: str, classes: tuple[str, ...], report: Report, memory: int) -> ImageSet:
    """Return the pictures of all parts in a folder, or of the set that a file of pictures belongs to.

    Raises Invalid where files are missing or hold something else than their headers say.
    """
    pairs = list(_pairs(folder_of(path, _WANTED)))
    parts = []
    for index, pair in enumerate(pairs):
        report(index / len(pairs), Message("Reading {name}", name=pair.images.name))
        # pictures have three axes and labels one, which the header must say
        pixels, codes = read_file(pair.images, 3, memory), read_file(pair.labels, 1, memory)
        if len(pixels) != len(codes):
            raise refused(
                "data.path",
                Message(
                    "{name} holds {count} pictures, but {other} {total} labels",
                    name=pair.images.name,
                    count=len(pixels),
                    other=pair.labels.name,
                    total=len(codes),
                ),
            )
        if not 1 <= min(pixels.shape[1:]) <= max(pixels.shape[1:]) <= _LARGEST_SIDE:
            raise refused(
                "data.path",
                Message(
                    "{name}: pictures of {shape} × {width} pixels; sides from 1 to {most} can be read",
                    name=pair.images.name,
                    shape=pixels.shape[1],
                    width=pixels.shape[2],
                    most=_LARGEST_SIDE,
                ),
            )
        parts.append(NumberedPart(pair.part, _PARTS[pair.part], pixels[..., None], codes))
    named = classes or _mapping(pairs[0].images)
    return joined(parts, named, "data.classes" if classes else "data.path")


def _mapping(images: Path) -> list[str]:
    """Return the names of the label numbers, as emnist-letters-mapping.txt tells them; none without such.

    A line is a number and the codes of its letters, the capital one first.
    """
    found = _NAME.fullmatch(images.name)
    # EMNIST holds several sets in one folder, each with its own mapping
    path = images.with_name(f"{found['set'] if found else ''}mapping.txt")
    try:
        lines = path.read_text("ascii").split("\n") if path.is_file() else []
        codes = {int(cells[0]): chr(int(cells[1])) for line in lines if len(cells := line.split()) > 1}
    # chr() of a number too large; without names, the numbers do
    except (OSError, ValueError, OverflowError):
        return []
    # labels are bytes, so a mapping that goes on beyond 255 is damaged
    return [codes.get(code, "") for code in range(min(max(codes, default=-1), 255) + 1)]


def read_file(path: Path, dimensions: int, memory: int) -> NDArray[np.uint8]:
    """Return the array in a file, packed or not. Raises Invalid where it is no sound IDX file of bytes."""
    try:
        with _opened(path) as file:
            shape = _shape(path, file.read(4), file, dimensions)
            # prod of Python's own numbers: three times four bytes overflow int64
            if prod(shape) * BYTES_OF_PIXEL > memory:
                raise refused(
                    "data.path",
                    Message(
                        "{name} claims to hold {since} numbers, more than fit into memory",
                        name=path.name,
                        since=_times(shape),
                    ),
                )
            # one byte more than is claimed, to see whether the file goes on
            content = _read(file, prod(shape) + 1)
    # gzip raises EOFError where a download broke off
    except (OSError, EOFError, zlib.error) as error:
        raise refused(
            "data.path", Message("{name} cannot be read: {error}", name=path.name, error=error)
        ) from None
    if len(content) != prod(shape):
        held = (
            "more follow"
            if len(content) > prod(shape)
            else Message("only {count} follow", count=len(content))
        )
        raise refused(
            "data.path",
            Message(
                "{name} is damaged: its header says {since} numbers, but {held}",
                name=path.name,
                since=_times(shape),
                held=held,
            ),
        )
    return np.frombuffer(content, np.uint8).reshape(shape)


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        # by its first bytes: browsers unpack .gz on the way and leave the name
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _shape(path: Path, magic: bytes, file: BinaryIO, dimensions: int) -> tuple[int, ...]:
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise refused(
            "data.path",
            Message("{name} is no IDX file: it does not begin with two zero bytes", name=path.name),
        )
    if magic[2] != _BYTES or magic[3] != dimensions:
        raise refused(
            "data.path",
            Message(
                "{name} holds numbers of type {kind} in {axes} dimensions; bytes (type {known}) "
                "in {dimensions} can be read",
                name=path.name,
                kind=magic[2],
                axes=magic[3],
                known=_BYTES,
                dimensions=dimensions,
            ),
        )
    sizes = file.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise refused("data.path", Message("{name} is damaged: it ends within its header", name=path.name))
    return struct.unpack(f">{dimensions}I", sizes)


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def _read(file: BinaryIO, most: int) -> bytes:
    """Return at most so many bytes, in pieces: what a header claims is not trusted with memory."""
    pieces, missing = [], most
    while missing and (piece := file.read(min(missing, _CHUNK))):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _pairs(place: Path) -> Iterator[_Pair]:
    """Yield the files of pictures with their labels: training part first, then the others."""
    folder = place if place.is_dir() else place.parent
    found: dict[str, dict[str, Path]] = {}
    for match in _matches(folder):
        found.setdefault(match["set"], {}).setdefault(match["part"], folder / match.string)
    chosen = _NAME.fullmatch(place.name)
    if not found or (place.is_file() and chosen is None):
        raise refused(
            "data.path",
            Message("{place} holds no IDX files of pictures; choose {wanted}", place=place, wanted=_WANTED),
        )
    if chosen is None and len(found) > 1:
        raise refused(
            "data.path",
            Message(
                "{place} holds several sets ({listed}): choose the file of pictures of one",
                place=place,
                listed=listed(sorted(found)),
            ),
        )
    files = found[chosen["set"] if chosen else next(iter(found))]
    # in the order of _PARTS, so that training comes first
    for part in (part for part in _PARTS if part in files):
        yield _Pair(part, files[part], _labels_of(files[part]))


def _matches(folder: Path) -> list[re.Match[str]]:
    try:
        names = sorted(path.name for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise refused(
            "data.path",
            Message("{folder} cannot be read: {why}", folder=folder, why=error.strerror or error),
        ) from None
    return [match for name in names if (match := _NAME.fullmatch(name))]


def _labels_of(images: Path) -> Path:
    # within the name, as copies write train-images.idx3-ubyte or train_images-idx3-ubyte
    name = images.name.removesuffix(".gz").replace("image", "label").replace("idx3", "idx1")
    for place in (images.with_name(name), images.with_name(f"{name}.gz")):
        if place.is_file():
            return place
    raise refused(
        "data.path",
        Message(
            "{name} has no labels: {other} or {other}.gz is missing beside it", name=images.name, other=name
        ),
    )
