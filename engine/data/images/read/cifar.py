"""The binary files of CIFAR-10 and CIFAR-100.

A picture is one byte of label (CIFAR-100: the coarse one, then the fine one) and 3,072 bytes of pixels: all
red ones row by row, then all green ones, then all blue ones.

Source: Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from engine.choices import Message
from engine.data.images.raw import BYTES_OF_PIXEL, ImageSet
from engine.data.images.read.numbered import NumberedPart, folder_of, joined
from engine.data.refusal import refused
from engine.data.source import Report

_SIDE = 32
_PIXELS = 3 * _SIDE * _SIDE
_MOST_NAMES = 100_000
_TEN = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
_HUNDRED = ("train.bin",)
_TESTS = ("test_batch.bin", "test.bin")
_PICKLES = ("data_batch_1", "test_batch", "batches.meta", "train", "test", "meta")
_WANTED = "the folder that cifar-10-binary.tar.gz or cifar-100-binary.tar.gz unpacks to"


def read_cifar(path: str, labels: Literal["fine", "coarse"], report: Report, memory: int) -> ImageSet:
    """Return the pictures of all .bin files in a folder. Raises Invalid where that is no CIFAR."""
    folder = folder_of(path, _WANTED)
    files = [folder / name for name in (*_TEN, *_HUNDRED, *_TESTS) if (folder / name).is_file()]
    if not files:
        raise refused("data.path", _advice(folder))
    hundred = any(file.name in ("train.bin", "test.bin") for file in files)
    if hundred and any(file.name in (*_TEN, _TESTS[0]) for file in files):
        raise refused(
            "data.path",
            Message("{folder} mixes the files of CIFAR-10 and CIFAR-100: give each a folder", folder=folder),
        )
    parts = []
    try:
        if sum(file.stat().st_size for file in files) * BYTES_OF_PIXEL > memory:
            raise refused(
                "data.path", Message("the pictures in {folder} do not fit into memory", folder=folder)
            )
        for index, file in enumerate(files):
            report(index / len(files), Message("Reading {name}", name=file.name))
            # the fine label is the last byte of two; CIFAR-10 has but one, which is both first and last
            parts.append(_part(file, 2 if hundred else 1, -1 if labels == "fine" else 0))
        names = f"{labels}_label_names.txt" if hundred else "batches.meta.txt"
        return joined(parts, _names(folder / names), "data.path")
    except OSError as error:
        raise refused(
            "data.path", Message("{folder} cannot be read: {error}", folder=folder, error=error)
        ) from None


def _part(file: Path, labels: int, column: int) -> NumberedPart:
    content = np.fromfile(file, np.uint8)
    # a download that broke off ends within a picture
    if not len(content) or len(content) % (labels + _PIXELS):
        raise refused(
            "data.path",
            Message(
                "{name} is damaged: {count} bytes are no whole number of pictures of {labels} bytes each",
                name=file.name,
                count=len(content),
                labels=labels + _PIXELS,
            ),
        )
    records = content.reshape(-1, labels + _PIXELS)
    # the file has a plane for each colour, pictures here have colours last
    pixels = records[:, labels:].reshape(-1, 3, _SIDE, _SIDE).transpose(0, 2, 3, 1)
    published: Literal["train", "test"] = "test" if file.name in _TESTS else "train"
    return NumberedPart(file.stem, published, pixels, records[:, :labels][:, column])


def _names(file: Path) -> list[str]:
    """Return the names of the classes, or none where the file with them is missing."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", errors="replace") as lines:
        # a file of that name may be anything, and of any size
        text = lines.read(_MOST_NAMES)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _advice(folder: Path) -> str:
    if folder.is_dir() and any((folder / name).is_file() for name in _PICKLES):
        return Message(
            "{folder} holds CIFAR for Python (pickles), which can run any program when opened: "
            "take the binary version instead and choose {wanted}",
            folder=folder,
            wanted=_WANTED,
        )
    return Message("{folder} holds no .bin files of CIFAR; choose {wanted}", folder=folder, wanted=_WANTED)
