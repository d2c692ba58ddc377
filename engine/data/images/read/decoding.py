"""Decoding one picture file: upright, in colour, with one range from black to white, in the size wanted."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.choices import Message
from engine.data.images.read.other_forms import SAMPLES, what_it_is

# without a handler, Python prints each line that Pillow logs of a file to where errors go
logging.getLogger("PIL").addHandler(logging.NullHandler())

_FORMATS = ("PNG", "JPEG", "BMP", "DIB", "GIF", "TIFF", "WEBP", "PPM", "JPEG2000", "AVIF")
"""What may be in a file, whatever its name: Pillow would let other programs draw some of the rest."""
MOST_PIXELS = 100_000_000
"""A picture file that claims more pixels than this is not decoded."""

Fit = Literal["stretch", "pad", "crop"]
Background = Literal["white", "black"]


class Broken(ValueError):
    """A picture file cannot be read; the text says why."""


@dataclass(frozen=True)
class Tones:
    """The values of a picture of more than 8 bits that are black and white."""

    black: float
    white: float

    def grey(self, values: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Return the values as 0 (black, or no number) to 255 (white).

        Formula: 255 (value - black) / (white - black), cut at 0 and 255
        """
        # pictures of one level throughout have no span
        span = self.white - self.black or 1.0
        # microscopes and satellites write NaN where there is no measurement; cast to uint8 it would be
        # anything
        whole = np.nan_to_num((values - self.black) / span * 255, nan=0.0, posinf=255.0, neginf=0.0)
        return np.clip(whole, 0, 255).round().astype(np.uint8)


@dataclass(frozen=True)
class Frame:
    """What pictures are brought to.

    Their size, and how: stretched, padded with black, or cropped. `tones`: black and white of pictures of
    more than 8 bits, None: those that are usual for the values of each. `background`: what shines through
    where a picture is transparent.
    """

    height: int
    width: int
    fit: Fit = "stretch"
    tones: Tones | None = None
    background: Background = "white"


def read_image(path: Path, frame: Frame) -> NDArray[np.uint8]:
    """Return a picture file as (height, width, 3). Raises Broken when it cannot be read."""
    with opened(path) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Broken(
                Message("{width} × {height} pixels are too many", width=image.width, height=image.height)
            )
        # JPEG can decode at a half, a quarter or an eighth, far faster; twice the size leaves enough to
        # resize well
        image.draft("RGB", (2 * frame.width, 2 * frame.height))
        ImageOps.exif_transpose(image, in_place=True)  # otherwise all of it would be copied
        return np.asarray(fitted(_rgb(image, frame), frame))


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """Open a picture file; what goes wrong with it inside the block is raised as Broken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of oddities in files that it reads all the same
            if path.exists() and not path.is_file():  # a pipe or a device, which may never end
                raise Broken("no ordinary file")
            with Image.open(path, formats=_FORMATS) as image:
                yield image
    except Broken:
        raise
    except FileNotFoundError:
        raise Broken("no such file") from None
    except UnidentifiedImageError:
        raise Broken(what_it_is(path)) from None
    # Pillow raises SyntaxError for a broken PNG and IndexError for some other broken files
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, Image.DecompressionBombError) as error:
        raise Broken(str(error) or type(error).__name__) from None


def is_deep(image: Image.Image) -> bool:
    """Return whether a picture holds more than 8 bits a value: 16 or 32, or fractions."""
    # Pillow calls 16 bits I;16, I;16B and so on, 32 bits I
    return image.mode.startswith("I") or image.mode == "F"


def is_cut(image: Image.Image) -> bool:
    """Return whether colours in the file have 16 bits, of which Pillow keeps the upper 8.

    Known before anything is decoded.
    """
    # how it is to be decoded; the mode in which the file is written stands among that
    tiles: Sequence[tuple[object, ...]] = getattr(image, "tile", ())
    return bool(tiles) and ";16" in str(tiles[0][3])


def bands_lost(image: Image.Image) -> int:
    """Return how many bands a TIFF holds beside those that Pillow reads: satellites have more than three."""
    tags = getattr(image, "tag_v2", {})
    # the fourth of RGBA is one that is read; without colours every band is one too many
    return max(0, int(tags.get(SAMPLES, 1)) - len(image.getbands()))


def deep_values(image: Image.Image) -> NDArray[np.float64]:
    """Return the values of a picture of more than 8 bits, (height, width)."""
    return np.asarray(image).astype(np.float64)


def usual_tones(low: float, high: float, fractions: bool) -> Tones:
    """Return black and white as is usual for values from `low` to `high`.

    Fractions from 0 to 1 (or -1 to 1) are black to white; whole numbers have 8, 10, 12, 14, 16 or more bits;
    anything else is from the lowest to the highest.
    """
    # floats up to 1; those up to 255 are read as whole numbers below
    if fractions and high <= 1:
        if low >= 0:
            return Tones(0.0, 1.0)
        return Tones(-1.0, 1.0) if low >= -1 else Tones(low, high)
    if low < 0:
        return Tones(low, high)
    # cameras have 10 to 14 bits and write them into 16: of these white is far below 65535
    bits = next((bits for bits in (8, 10, 12, 14, 16, 24, 32) if high < 2**bits), None)
    return Tones(low, high) if bits is None else Tones(0.0, float(2**bits - 1))


def _rgb(image: Image.Image, frame: Frame) -> Image.Image:
    """Return the picture in colour: deep grey brought to 8 bits, transparent parts on the background."""
    if is_deep(image):
        values = deep_values(image)
        tones = frame.tones
        if tones is None:
            # infinity would become the white of all
            finite = values[np.isfinite(values)]
            low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
            tones = usual_tones(low, high, image.mode == "F")
        return Image.fromarray(tones.grey(values)).convert("RGB")
    # also a GIF or a palette PNG of which one colour is clear, though it has no alpha channel
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        shade = 255 if frame.background == "white" else 0
        ground = Image.new("RGBA", clear.size, (shade, shade, shade, 255))
        return Image.alpha_composite(ground, clear).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def fitted(image: Image.Image, frame: Frame) -> Image.Image:
    """Return a picture in the frame's size."""
    size = (frame.width, frame.height)
    if image.size == size:
        return image
    if frame.fit == "pad":
        return ImageOps.pad(image, size, Image.Resampling.BILINEAR, color=(0, 0, 0))
    if frame.fit == "crop":
        return ImageOps.fit(image, size, Image.Resampling.BILINEAR)
    return image.resize(size, Image.Resampling.BILINEAR)
