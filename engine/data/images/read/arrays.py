"""Pictures in files of NumPy arrays (.npz), as Keras publishes MNIST and MedMNIST all of its sets.

An array of pictures and one of labels stand in the file for each part: x_train and y_train, or
train_images and train_labels. Nothing in it is unpickled.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.label_sets import MARKS, NO_LABEL
from engine.data.cells.values import as_text, listed, natural
from engine.data.description import PartName
from engine.data.files.placement import Placed, part_of, published_parts
from engine.data.images.raw import ImageSet
from engine.data.images.read.array_names import are_images, are_labels, array_names
from engine.data.images.read.decoding import usual_tones
from engine.data.images.read.framed import in_frame
from engine.data.refusal import refused

if TYPE_CHECKING:
    from engine.data.images.sources.images import Images

_LARGEST_SIDE = 4096


def read_arrays(source: Images, path: Path, memory: int, *, labelled: bool = True) -> ImageSet:
    """Return the pictures of all parts in a file of arrays.

    Unless `labelled`, labels may be missing. Raises Invalid where arrays are missing or hold something else.
    """
    names = array_names(path)
    used: set[str] = set()
    pixels: list[NDArray[np.uint8]] = []
    marks: list[str] = []
    parts: list[PartName | None] = []
    places: list[str] = []
    for name in filter(are_images, names):
        part = part_of(name)
        some = _pixels(path, name, memory)
        # x_train goes with y_train, by the part that both names say
        answers = next((one for one in names if are_labels(one) and part_of(one) == part), None)
        if answers is None and labelled:
            raise refused(
                "data.path",
                Message(
                    "{name}: {other} has no labels; the arrays are {listed}",
                    name=path.name,
                    other=name,
                    listed=listed(names),
                ),
            )
        used |= {name, answers or name}
        mine = [""] * len(some) if answers is None else _marks(_array(path, answers, memory))
        if len(mine) != len(some):
            raise refused(
                "data.path",
                Message(
                    "{name}: {other} holds {count} pictures, {answers} {total} labels",
                    name=path.name,
                    other=name,
                    count=len(some),
                    answers=answers or "",
                    total=len(mine),
                ),
            )
        pixels.append(some)
        marks += mine
        parts += [part] * len(some)
        places += [f"{name} {index}" for index in range(len(some))]
    # the parts become one array
    if len({one.shape[1:] for one in pixels}) > 1:
        raise refused(
            "data.path", Message("{name} holds pictures of different sizes in its parts", name=path.name)
        )
    whole, found = in_frame(source, np.concatenate(pixels))
    return ImageSet(
        whole,
        np.array(marks, np.str_),
        tuple(sorted({*marks} - {"", NO_LABEL}, key=natural)),
        tuple(places),
        published=published_parts([Placed(mark, part) for mark, part in zip(marks, parts, strict=True)])
        if labelled
        else None,
        found=found,
        notices=_told_unread([name for name in names if name not in used]),
    )


def _told_unread(rest: list[str]) -> tuple[str, ...]:
    said = Message(
        "other arrays of the file are not read: {listed}; pictures are read from those called x or images, "
        "labels from y or labels",
        listed=listed(rest),
    )
    return (said,) if rest else ()


def _array(path: Path, name: str, memory: int) -> NDArray[Any]:
    try:
        with zipfile.ZipFile(path) as file:
            # the unpacked size, before unpacking: zeros pack a thousand times smaller
            if file.getinfo(f"{name}.npy").file_size * 4 > memory:
                raise refused(
                    "data.path",
                    Message("{name}: {other} does not fit into memory", name=path.name, other=name),
                )
        # arrays of objects would be unpickled, which may run any program
        with np.load(path, allow_pickle=False) as arrays:
            return np.asarray(arrays[name])
    except (OSError, ValueError, KeyError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error) as error:
        said = str(error).partition("\n")[0]
        raise refused(
            "data.path",
            Message(
                "{name}: {other} cannot be read as plain numbers: {said}",
                name=path.name,
                other=name,
                said=said,
            ),
        ) from None


def _pixels(path: Path, name: str, memory: int) -> NDArray[np.uint8]:
    """Return pictures (N, height, width, channels), 0 to 255. Raises Invalid where an array holds none."""
    values = _array(path, name, memory)
    # pictures that are 3 high stay as they are where the last axis may be colours as well
    if values.ndim == 4 and values.shape[1] in (1, 3) and values.shape[-1] not in (1, 3):
        values = np.moveaxis(values, 1, -1)  # as PyTorch has them
    values = values[..., None] if values.ndim == 3 else values
    sound = values.ndim == 4 and values.dtype.kind in "uif" and values.shape[-1] in (1, 3)
    if not sound or not values.size or max(values.shape[1:3]) > _LARGEST_SIDE:
        shape = " × ".join(map(str, values.shape))
        raise refused(
            "data.path",
            Message(
                "{name}: {other} holds no pictures but {shape} values; pictures are number × height "
                "× width, in colour with 3 values at each place; save a table as CSV",
                name=path.name,
                other=name,
                shape=shape,
            ),
        )
    # as they are, also where dark: 8 bits have one usual black and white
    if values.dtype == np.uint8:
        return values
    # one range for all, or pictures would lose how bright they are to each other
    tones = usual_tones(float(values.min()), float(values.max()), values.dtype.kind == "f")
    return tones.grey(values.astype(np.float64))


def _marks(values: NDArray[Any]) -> list[str]:
    """Return labels as text, from numbers or words, one a row, or from a column of 0 and 1 for each class."""
    # MedMNIST keeps labels as a column
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim == 1:
        return [as_text(value) for value in values.tolist()]
    rows = (values.reshape(len(values), -1) > 0).tolist()
    # exactly one mark in each row is one class written as 0 and 1; else each picture has a set of labels
    several = any(sum(row) != 1 for row in rows)
    cells = (MARKS[0].join(str(place) for place, held in enumerate(row) if held) for row in rows)
    return [cell or (NO_LABEL if several else "") for cell in cells]
