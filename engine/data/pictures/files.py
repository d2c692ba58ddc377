"""Picture files: finding, decoding and resizing them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.values import listed, natural

ENDINGS = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm"}
)
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
"""What may be in a file, whatever its name: Pillow would let other programs draw some of the rest."""
MOST_PIXELS = 100_000_000
"""A picture file that claims more pixels than this is not decoded."""
_LARGEST_SIDE = 64

Fit = Literal["stretch", "pad", "crop"]


class Broken(ValueError):
    """A picture file cannot be read; the text says why."""


@dataclass(frozen=True)
class Frame:
    """The size that pictures are brought to, and how: stretched, padded with black, or cropped."""

    height: int
    width: int
    fit: Fit = "stretch"


def picture_files(folder: Path) -> list[Path]:
    """Return the picture files below a folder, hidden ones left out, in natural order of their paths."""
    found = [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in ENDINGS
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    ]
    return sorted(found, key=lambda path: natural(path.relative_to(folder).as_posix()))


def read_pictures(
    paths: Sequence[Path], frame: Frame, report: Report, memory: int
) -> tuple[NDArray[np.uint8], list[int], list[str]]:
    """Return pixels (N, height, width, 3), the indices of their files, and what is wrong with the rest.

    Raises Invalid when they do not fit into memory or none can be read.
    """
    needed = len(paths) * frame.height * frame.width * 3 * 4
    if needed > memory:
        raise refused(
            "data.height",
            f"{len(paths)} pictures of {frame.height} × {frame.width} need "
            f"{needed / 1e9:.1f} GB of memory, and {memory / 1e9:.1f} GB are free: make them "
            "smaller",
        )
    pixels = np.empty((len(paths), frame.height, frame.width, 3), np.uint8)
    read: list[int] = []
    broken: list[str] = []
    for index, path in enumerate(paths):
        if index % 20 == 0:
            report(index / len(paths), f"Reading picture {index + 1} of {len(paths)}")
        try:
            pixels[len(read)] = read_picture(path, frame)
            read.append(index)
        except Broken as error:
            broken.append(f"{path.name} ({error})")
    if not read:
        raise refused("data.path", f"none of {len(paths)} pictures can be read: {listed(broken)}")
    return pixels[: len(read)], read, broken


def read_picture(path: Path, frame: Frame) -> NDArray[np.uint8]:
    """Return a picture file as (height, width, 3). Raises Broken when it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of oddities in files that it reads all the same
            with _opened(path) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Broken(f"{picture.width} × {picture.height} pixels are too many")
                picture.draft("RGB", (2 * frame.width, 2 * frame.height))
                return np.asarray(_fitted(_rgb(ImageOps.exif_transpose(picture)), frame))
    except Broken:
        raise
    except FileNotFoundError:
        raise Broken("no such file") from None
    except UnidentifiedImageError:
        raise Broken("no picture format that is known") from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, Image.DecompressionBombError) as error:
        raise Broken(str(error) or type(error).__name__) from None


def _opened(path: Path) -> Image.Image:
    if path.exists() and not path.is_file():  # a pipe or a device, which may never end
        raise Broken("no ordinary file")
    return Image.open(path, formats=_FORMATS)


def _rgb(picture: Image.Image) -> Image.Image:
    """Return the picture in colour: 16-bit grey brought to 8 bits, transparent parts on white."""
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.asarray(picture, np.float64)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        grey = np.clip(values / top * 255, 0, 255).round().astype(np.uint8)
        return Image.fromarray(grey).convert("RGB")
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, clear).convert("RGB")
    return picture.convert("RGB")


def _fitted(picture: Image.Image, frame: Frame) -> Image.Image:
    size = (frame.width, frame.height)
    if picture.size == size:
        return picture
    if frame.fit == "pad":
        return ImageOps.pad(picture, size, Image.Resampling.BILINEAR, color=(0, 0, 0))
    if frame.fit == "crop":
        return ImageOps.fit(picture, size, Image.Resampling.BILINEAR)
    return picture.resize(size, Image.Resampling.BILINEAR)


def common_size(paths: Sequence[Path], report: Report) -> tuple[int, int]:
    """Return the (height, width) that most pictures have, each side at most 64 pixels with the shape kept."""
    sizes: dict[tuple[int, int], int] = {}
    for index, path in enumerate(paths):
        if index % 200 == 0:
            report(index / len(paths), "Looking at the sizes of the pictures")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with _opened(path) as picture:
                    sizes[picture.size] = sizes.get(picture.size, 0) + 1
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
            continue  # reading it will say what is wrong
    width, height = max(sizes, key=lambda size: (sizes[size], size), default=(32, 32))
    shrink = max(width, height, _LARGEST_SIDE) / _LARGEST_SIDE
    return max(1, round(height / shrink)), max(1, round(width / shrink))


def in_colours(pixels: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Return pixels (N, height, width, 1 or 3) with that many channels.

    Formula: grey = 0.299·red + 0.587·green + 0.114·blue (ITU-R BT.601)
    """
    if pixels.shape[-1] == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=-1)
    grey = np.empty((*pixels.shape[:-1], 1), np.uint8)
    for index, picture in enumerate(
        pixels
    ):  # one at a time: as floats all together would be eight times as large
        grey[index, ..., 0] = np.round(picture @ np.array([0.299, 0.587, 0.114]))
    return grey


def is_grey(pixels: NDArray[np.uint8]) -> bool:
    """Return whether all channels are equal everywhere."""
    red = pixels[..., 0]
    return all(np.array_equal(red, pixels[..., channel]) for channel in range(1, pixels.shape[-1]))


def resized(pixels: NDArray[np.uint8], frame: Frame) -> NDArray[np.uint8]:
    """Return pixels (N, any height, any width, channels) in the size of `frame`."""
    if pixels.shape[1:3] == (frame.height, frame.width):
        return pixels
    result = np.empty((len(pixels), frame.height, frame.width, pixels.shape[-1]), np.uint8)
    for index, picture in enumerate(pixels):
        whole = Image.fromarray(picture if picture.shape[-1] == 3 else picture[..., 0])
        result[index] = np.asarray(_fitted(whole.convert("RGB"), frame))[..., : pixels.shape[-1]]
    return result
