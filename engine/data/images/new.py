"""New images to predict for: read from files, or drawn by a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.images.encode import ImageEncoder
from engine.data.images.raw import ImageSet
from engine.data.images.read.files import Frame, in_colours, resized
from engine.data.new.files import Trained
from engine.data.new.inputs import Given, NewInputs, ReadTable
from engine.data.preprocessor import Preprocessor
from engine.data.refusal import refused

_MOST_PIXELS = 1_000_000_000


def new_images(raw: ImageSet, preprocessor: Preprocessor) -> NewInputs:
    """Return images as inputs, in the colours of training; what a list names and cannot be read is told."""
    encoder = preprocessor.encoder
    if not isinstance(encoder, ImageEncoder):
        raise refused(
            "", Message("this network was trained on {what}; give it such, not pictures", what=encoder.what)
        )
    # a new picture in grey alone says nothing of the colours of training
    raw = replace(raw, pixels=in_colours(raw.pixels, encoder.channels))
    inputs = preprocessor.inputs(raw)
    if raw.given is None or raw.rows is None:
        return NewInputs(inputs, np.arange(len(raw), dtype=np.int64), raw.names, raw, raw.notices)
    names = tuple(f"row {row + 1}" for row in range(len(raw.given)))
    # every row of the list gets a line in the answer, also those whose picture cannot be read
    lost = sorted(set(range(len(names))) - set(raw.rows.tolist()))
    return NewInputs(
        inputs,
        raw.rows,
        names,
        raw,
        raw.notices,
        dict.fromkeys(lost, "no picture that can be read"),
        ReadTable(raw.given),
    )


def drawn_images(given: Given, trained: Trained) -> ImageSet:
    """Return pixels that a person drew, in the size of training. Raises Invalid for anything else."""
    encoder = trained.preprocessor.encoder
    assert isinstance(encoder, ImageEncoder)
    if not isinstance(given, np.ndarray):
        raise refused("", "this network was trained on pictures; give it pictures, not rows")
    return _from_pixels(given, encoder, trained)


def _from_pixels(given: NDArray[Any], encoder: ImageEncoder, trained: Trained) -> ImageSet:
    pixels = given[..., None] if given.ndim == 3 else given
    fits = pixels.ndim == 4 and pixels.shape[-1] in (1, 3) and pixels.dtype == np.uint8
    if not fits or not 0 < pixels.size <= _MOST_PIXELS:
        raise refused(
            "",
            Message(
                "pixels must be uint8 (N, height, width) or (N, height, width, 3), not {dtype} {shape}",
                dtype=str(given.dtype),
                shape=str(given.shape),
            ),
        )
    names = tuple(Message("picture {index}", index=index + 1) for index in range(len(pixels)))
    # as training fitted its pictures; runs of other sources have no such setting
    frame = Frame(encoder.height, encoder.width, trained.setting("fit", "stretch"))
    labels = np.full(len(pixels), "", np.str_)
    return ImageSet(resized(pixels, frame), labels, (), names, notices=_size_notice(pixels.shape[1:3], frame))


def _size_notice(size: tuple[int, ...], frame: Frame) -> tuple[str, ...]:
    if size == (frame.height, frame.width):
        return ()
    return (
        Message(
            "pictures of {size} × {size2} resized to the {height} × {width} of training",
            size=size[0],
            size2=size[1],
            height=frame.height,
            width=frame.width,
        ),
    )
