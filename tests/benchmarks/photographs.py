"""Photographs that are made: things of several kinds on grounds like those of photographs.

Each is turned, of its own size, colour, place and light, a little blurred and grainy, saved as JPEG, in
different proportions, as people's own pictures are. The shipped weights were learnt from other
things on other grounds (`packaging/drawn_things.py`), drawn by other code but for colours, light and letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from drawn_things import Mask, apart, letter, light
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

_STEPS = 64
_PROPORTIONS = ((4, 3), (3, 4), (1, 1), (16, 9), (3, 2))


def photograph(random: np.random.Generator, mask: Mask, longer: float) -> Image.Image:
    """A photograph of one thing, so many pixels long or high."""
    across, down = _PROPORTIONS[random.integers(len(_PROPORTIONS))]
    scale = longer / max(across, down)
    width, height = round(across * scale), round(down * scale)
    picture = _ground(random, height, width)
    side = round(min(width, height) * random.uniform(0.35, 0.75))
    left, top = random.integers(0, width - side + 1), random.integers(0, height - side + 1)
    drawn = np.zeros((height, width), np.float64)
    drawn[top : top + side, left : left + side] = np.asarray(mask(random, side), np.float64) / 255
    colour = apart(random, picture[top : top + side, left : left + side].mean(axis=(0, 1)))
    picture = picture * (1 - drawn[..., None]) + colour * drawn[..., None]
    picture *= light(random, height, width)[..., None]
    picture += random.normal(0, random.uniform(2, 10), picture.shape)
    whole = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    return whole.filter(ImageFilter.GaussianBlur(random.uniform(0, 1.2)))


def _ground(random: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """Clouds of three colours, coarse and fine, as grass, walls or sky are."""
    ground = np.zeros((height, width, 3)) + random.uniform(60, 190, 3)
    for cells, strength in ((3, 30), (8, 18), (24, 10)):
        light = random.normal(0, strength, (cells, cells))
        for channel in range(3):
            small = light + random.normal(0, strength / 3, (cells, cells))  # colours change less than light
            plane = Image.fromarray(small.astype(np.float32))
            ground[..., channel] += np.asarray(plane.resize((width, height), Image.Resampling.BICUBIC))
    return ground


def shape(corners: int) -> Mask:
    """A regular polygon; 0 corners make a circle."""

    def draw(random: np.random.Generator, side: int) -> Image.Image:
        mask = Image.new("L", (side, side), 0)
        pen = ImageDraw.Draw(mask)
        turn = random.uniform(0, 2 * np.pi)
        count = corners or _STEPS
        angles = turn + np.arange(count) * 2 * np.pi / count
        middle, radius = side / 2, side / 2 * 0.95
        pen.polygon(
            [(middle + radius * np.cos(angle), middle + radius * np.sin(angle)) for angle in angles], fill=255
        )
        return mask

    return draw


def texture(kind: str) -> Mask:
    """Stripes, checks, dots or rings that fill the square, of their own width and direction."""

    def draw(random: np.random.Generator, side: int) -> Image.Image:
        rows, columns = np.mgrid[0:side, 0:side] / side
        angle, waves = random.uniform(0, np.pi), random.uniform(4, 8)
        along = np.cos(angle) * columns + np.sin(angle) * rows
        across = -np.sin(angle) * columns + np.cos(angle) * rows
        first, second = np.sin(2 * np.pi * waves * along), np.sin(2 * np.pi * waves * across)
        middle = random.uniform(0.3, 0.7, 2)
        around = np.sin(2 * np.pi * waves * np.hypot(columns - middle[0], rows - middle[1]))
        drawn = {
            "stripes": first > 0,
            "checks": first * second > 0,
            "dots": (first > 0.3) & (second > 0.3),
            "rings": around > 0,
        }[kind]
        return Image.fromarray((drawn * 255).astype(np.uint8))

    return draw


def cross(random: np.random.Generator, side: int) -> Image.Image:
    """Two bars across each other."""
    mask = Image.new("L", (side, side), 0)
    pen, thick = ImageDraw.Draw(mask), side * random.uniform(0.2, 0.3)
    low, high = (side - thick) / 2, (side + thick) / 2
    pen.rectangle((low, side * 0.05, high, side * 0.95), fill=255)
    pen.rectangle((side * 0.05, low, side * 0.95, high), fill=255)
    return mask.rotate(random.uniform(0, 90), Image.Resampling.BILINEAR)


def ring(random: np.random.Generator, side: int) -> Image.Image:
    """A circle with a hole."""
    mask = Image.new("L", (side, side), 0)
    thick = side * random.uniform(0.15, 0.25)
    ImageDraw.Draw(mask).ellipse(
        (side * 0.05, side * 0.05, side * 0.95, side * 0.95), outline=255, width=round(thick)
    )
    return mask


SETS: Mapping[str, Mapping[str, Mask]] = {
    "shapes": {"circle": shape(0), "triangle": shape(3), "square": shape(4)},
    "letters": {sign: letter(sign) for sign in "AFRS"},
    "textures": {kind: texture(kind) for kind in ("stripes", "checks", "dots", "rings")},
    "cross_or_ring": {"cross": cross, "ring": ring},
}


def write_photographs(folder: Path, kinds: Mapping[str, Mask], count: int, seed: int) -> None:
    """Write `count` photographs of each kind into a folder of its name."""
    random = np.random.default_rng(seed)
    for name, mask in kinds.items():
        (folder / name).mkdir(parents=True)
        for number in range(count):
            made = photograph(random, mask, random.uniform(140, 320))
            made.save(folder / name / f"{number:03}.jpg", quality=85)
