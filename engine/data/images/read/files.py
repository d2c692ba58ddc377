"""Picture files as one array: all of a list decoded into one size, colours, resizing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.choices import Message
from engine.data.cells.values import listed
from engine.data.images.read.decoding import Broken, Fit, Frame, fitted, read_image
from engine.data.images.read.finding import ENDINGS, image_files
from engine.data.memory import blocks, lies_on_disk, room
from engine.data.refusal import refused
from engine.data.source import Report

_FEW = 3
"""Reasons for which pictures cannot be read, and files that are named for each."""

__all__ = [
    "ENDINGS",
    "Broken",
    "Fit",
    "Frame",
    "image_files",
    "in_colours",
    "is_grey",
    "read_image",
    "read_images",
    "resized",
]


def read_images(
    paths: Sequence[Path], frame: Frame, report: Report, *, on_disk: bool
) -> tuple[NDArray[np.uint8], list[int], list[str]]:
    """Return pixels (N, height, width, 3), the indices of their files, and what is wrong with the rest,
    those of one reason together.

    `report` is told before each: a single one may take seconds, and who reads may wish to stop.

    `on_disk`: where the pixels are kept. Raises Invalid when there is no room for them or none can be read.
    """
    pixels = room((len(paths), frame.height, frame.width, 3), np.uint8, on_disk=on_disk)
    read: list[int] = []
    broken: dict[str, list[str]] = {}
    for index, path in enumerate(paths):
        report(
            index / len(paths),
            Message("Reading picture {index} of {count}", index=index + 1, count=len(paths)),
        )
        try:
            # into one array made before: a list of pictures put together would be held twice
            pixels[len(read)] = read_image(path, frame)
            read.append(index)
        except Broken as error:
            broken.setdefault(str(error), []).append(path.name)
    told = [f"{listed(names, _FEW)} ({why})" for why, names in broken.items()]
    if not read:
        raise refused(
            "data.path",
            Message(
                "none of {count} pictures can be read: {listed}",
                count=len(paths),
                listed="; ".join(told[:_FEW]),
            ),
        )
    return pixels[: len(read)], read, told


def in_colours(pixels: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Return pixels (N, height, width, 1 or 3) with that many channels.

    Formula: grey = 0.299·red + 0.587·green + 0.114·blue (ITU-R BT.601)
    """
    if pixels.shape[-1] == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=-1)
    grey = room((*pixels.shape[:-1], 1), np.uint8, on_disk=lies_on_disk(pixels))
    for index, image in enumerate(
        pixels
    ):  # one at a time: as floats all together would be eight times as large
        grey[index, ..., 0] = np.round(image @ np.array([0.299, 0.587, 0.114]))
    return grey


def is_grey(pixels: NDArray[np.uint8]) -> bool:
    """Return whether all channels are equal everywhere."""
    return all(
        np.array_equal(some[..., 0], some[..., channel])
        for some in (pixels[block] for block in blocks(len(pixels)))
        for channel in range(1, pixels.shape[-1])
    )


def resized(pixels: NDArray[np.uint8], frame: Frame) -> NDArray[np.uint8]:
    """Return pixels (N, any height, any width, channels) in the size of `frame`."""
    if pixels.shape[1:3] == (frame.height, frame.width):
        return pixels
    result = np.empty((len(pixels), frame.height, frame.width, pixels.shape[-1]), np.uint8)
    for index, image in enumerate(pixels):
        whole = Image.fromarray(image if image.shape[-1] == 3 else image[..., 0])
        # grey goes through RGB, so that all are fitted alike, and keeps its first channel
        result[index] = np.asarray(fitted(whole.convert("RGB"), frame))[..., : pixels.shape[-1]]
    return result
