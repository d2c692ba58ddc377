"""Drawn things on grounds like those of photographs, to learn weights from that are good for any pictures.

Each thing is turned, of its own size, colour, place and light, a little blurred and grainy, in different
proportions, as people's own pictures are. None is taken from anywhere: numbers are all there is to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Mask = Callable[[np.random.Generator, int], Image.Image]
"""Draws a thing, white on black, in a square of that side."""
_PROPORTIONS = ((4, 3), (3, 4), (1, 1), (16, 9), (3, 2))


def photograph(random: np.random.Generator, mask: Mask, longer: float) -> Image.Image:
    """A photograph of one thing, so many pixels long or high: filled, with a pattern, or as an outline."""
    across, down = _PROPORTIONS[random.integers(len(_PROPORTIONS))]
    scale = longer / max(across, down)
    width, height = round(across * scale), round(down * scale)
    picture = ground(random, height, width)
    side = round(min(width, height) * random.uniform(0.45, 0.9))
    left, top = random.integers(0, width - side + 1), random.integers(0, height - side + 1)
    drawn = np.zeros((height, width), np.float64)
    drawn[top : top + side, left : left + side] = np.asarray(_drawn(random, mask, side), np.float64) / 255
    here = picture[top : top + side, left : left + side].mean(axis=(0, 1))
    colour = np.broadcast_to(apart(random, here), picture.shape)
    if random.random() < 0.25:
        # the pattern alone, around the thing's own colour
        colour = colour + 0.5 * (ground(random, height, width) - 128)
    picture = picture * (1 - drawn[..., None]) + colour * drawn[..., None]
    picture *= light(random, height, width)[..., None]
    picture += random.normal(0, random.uniform(2, 10), picture.shape)
    whole = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    return whole.filter(ImageFilter.GaussianBlur(random.uniform(0, 1)))


def _drawn(random: np.random.Generator, mask: Mask, side: int) -> Image.Image:
    """The thing with smooth edges; every fifth is only an outline where it is large enough for one."""
    # twice as large: shrunk afterwards, its edges are smooth
    whole = mask(random, 2 * side)
    if side > 20 and random.random() < 0.2:
        # a filter's size is odd, as it has a middle
        inner = whole.filter(ImageFilter.MinFilter(2 * round(side * random.uniform(0.05, 0.09)) + 1))
        whole = ImageChops.subtract(whole, inner)
    return whole.resize((side, side), Image.Resampling.BOX)


def ground(random: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """What things lie on or stand before: clouds, wood, cloth, paper, and anything between them."""
    found = np.zeros((height, width, 3)) + random.uniform(40, 215, 3)
    strength, fades = random.uniform(5, 35), random.uniform(0.4, 0.9)
    stretch = random.choice((1, 1, 1, 6))  # wood: long in one direction
    cells = int(random.integers(2, 4))
    while cells < 40:
        rows, columns = (cells, max(2, cells // stretch))
        plain = random.normal(0, strength, (rows, columns))
        for channel in range(3):
            small = plain + random.normal(0, strength / 3, (rows, columns))  # colours change less than light
            plane = Image.fromarray(small.astype(np.float32))
            found[..., channel] += np.asarray(plane.resize((width, height), Image.Resampling.BICUBIC))
        cells, strength = int(cells * 2.5), strength * fades
    if random.random() < 0.3:
        found += _lines(random, height, width)[..., None]
    # wood lies as often as it stands; of other shapes the ground would no longer fit the picture
    return found.transpose(1, 0, 2) if height == width and random.random() < 0.5 else found


def _lines(random: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """Lines at even distances: boards, tiles, ruled paper."""
    rows, columns = np.mgrid[0:height, 0:width] / max(height, width)
    angle, count = random.uniform(0, np.pi), random.uniform(2, 8)
    along = (np.cos(angle) * columns + np.sin(angle) * rows) * count
    across = (np.cos(angle) * rows - np.sin(angle) * columns) * count
    drawn = along % 1 < 0.12
    if random.random() < 0.5:
        drawn |= across % 1 < 0.12
    lines: NDArray[np.float64] = drawn * random.uniform(-50, 50)
    return lines


def apart(random: np.random.Generator, ground: NDArray[np.float64]) -> NDArray[np.float64]:
    """A colour that can be told from the ground."""
    while True:
        colour = random.uniform(0, 255, 3)
        if np.abs(colour - ground).max() > 80:
            return colour


def light(random: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """Light that falls from one side."""
    angle, slope = random.uniform(0, 2 * np.pi), random.uniform(0, 0.5)
    rows, columns = np.mgrid[0:height, 0:width]
    along = np.cos(angle) * columns / width + np.sin(angle) * rows / height
    found: NDArray[np.float64] = random.uniform(0.7, 1.1) * (1 + slope * (along - along.mean()))
    return found


# ------------------------------------------------------------------------------------------------ things


def letter(sign: str) -> Mask:
    """A letter, turned by some degrees."""

    def draw(random: np.random.Generator, side: int) -> Image.Image:
        mask = Image.new("L", (side, side), 0)
        font = ImageFont.load_default(size=0.9 * side)
        ImageDraw.Draw(mask).text((side / 2, side / 2), sign, fill=255, font=font, anchor="mm")
        return mask.rotate(random.uniform(-15, 15), Image.Resampling.BILINEAR)

    return draw


def outline(points: Sequence[tuple[float, float]]) -> Mask:
    """A polygon, turned by any angle and a little narrower than it is long."""

    def draw(random: np.random.Generator, side: int) -> Image.Image:
        angle = random.uniform(0, 2 * np.pi)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        corners = np.array(points) * (random.uniform(0.8, 1), 1) @ turn
        corners = (corners / np.abs(corners).max() * 0.95 + 1) / 2 * side
        mask = Image.new("L", (side, side), 0)
        ImageDraw.Draw(mask).polygon([(x, y) for x, y in corners.tolist()], fill=255)
        return mask

    return draw


def regular(corners: int) -> Mask:
    """A regular polygon."""
    return star(corners, None)


def star(rays: int, inner: float | None) -> Mask:
    """A star whose inner corners lie at that share of the radius; without, a regular polygon."""
    radii = [1.0] * rays if inner is None else [1.0, inner] * rays
    angles = np.arange(len(radii)) * 2 * np.pi / len(radii)
    return outline([(r * np.cos(a), r * np.sin(a)) for r, a in zip(radii, angles.tolist(), strict=True)])


def slice_of(degrees: float) -> Mask:
    """A slice of a round cake."""

    def draw(random: np.random.Generator, side: int) -> Image.Image:
        mask = Image.new("L", (side, side), 0)
        begin = random.uniform(0, 360)
        ImageDraw.Draw(mask).pieslice((2, 2, side - 2, side - 2), begin, begin + degrees, fill=255)
        return mask

    return draw


def moon(random: np.random.Generator, side: int) -> Image.Image:
    """A round thing with a round thing taken away."""
    mask = Image.new("L", (side, side), 0)
    pen, angle = ImageDraw.Draw(mask), random.uniform(0, 2 * np.pi)
    right, down = 0.3 * side * np.cos(angle), 0.3 * side * np.sin(angle)
    pen.ellipse((2, 2, side - 2, side - 2), fill=255)
    pen.ellipse((2 + right, 2 + down, side - 2 + right, side - 2 + down), fill=0)
    return mask


def ellipse(least: float, most: float) -> Mask:
    """A long round thing, so much as high as it is long."""

    def draw(random: np.random.Generator, side: int) -> Image.Image:
        mask = Image.new("L", (side, side), 0)
        high = random.uniform(least, most) * side / 2
        ImageDraw.Draw(mask).ellipse((2, side / 2 - high, side - 2, side / 2 + high), fill=255)
        return mask.rotate(random.uniform(0, 180), Image.Resampling.BILINEAR)

    return draw


def pill(random: np.random.Generator, side: int) -> Image.Image:
    """A bar with round ends."""
    mask = Image.new("L", (side, side), 0)
    high = random.uniform(0.15, 0.3) * side
    box = (2, side / 2 - high, side - 2, side / 2 + high)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius=high, fill=255)
    return mask.rotate(random.uniform(0, 180), Image.Resampling.BILINEAR)


def blob(random: np.random.Generator, side: int) -> Image.Image:
    """A round thing with soft bumps."""
    angles = np.linspace(0, 2 * np.pi, 60)
    radii = np.ones(60)
    for waves in range(2, 6):
        radii += random.normal(0, 0.25 / waves) * np.cos(waves * angles + random.uniform(0, 2 * np.pi))
    points = zip((np.cos(angles) * radii).tolist(), (np.sin(angles) * radii).tolist(), strict=True)
    return outline(list(points))(random, side)


def frame(random: np.random.Generator, side: int) -> Image.Image:
    """A picture frame."""
    mask = Image.new("L", (side, side), 0)
    low, wide = side * 0.15, max(2, round(side * 0.13))
    ImageDraw.Draw(mask).rectangle((low, low, side - low, side - low), outline=255, width=wide)
    return mask.rotate(random.uniform(0, 90), Image.Resampling.BILINEAR)


def sticks(random: np.random.Generator, side: int) -> Image.Image:
    """A few straight lines across each other."""
    mask = Image.new("L", (side, side), 0)
    for _ in range(5):
        ends = tuple(random.uniform(0, side, 4).tolist())
        ImageDraw.Draw(mask).line(ends, fill=255, width=max(2, side // 14))
    return mask


def spots(random: np.random.Generator, side: int) -> Image.Image:
    """Spots of different sizes, strewn about."""
    mask = Image.new("L", (side, side), 0)
    for _ in range(9):
        (x, y), r = random.uniform(0.1 * side, 0.9 * side, 2).tolist(), random.uniform(0.04, 0.12) * side
        ImageDraw.Draw(mask).ellipse((x - r, y - r, x + r, y + r), fill=255)
    return mask


def waves(random: np.random.Generator, side: int) -> Image.Image:
    """Bands that swing."""
    along, across = _turned(random, side)
    drawn = np.sin(2 * np.pi * (random.uniform(3, 6) * along + 0.3 * np.sin(4 * np.pi * across))) > 0
    return Image.fromarray((drawn * 255).astype(np.uint8))


def bricks(random: np.random.Generator, side: int) -> Image.Image:
    """A wall."""
    along, across = _turned(random, side)
    rows = random.uniform(4, 7)
    joint = (across * rows) % 1 > 0.18
    stone = (along * rows / 2 + 0.5 * (np.floor(across * rows) % 2)) % 1 > 0.12
    return Image.fromarray(((joint & stone) * 255).astype(np.uint8))


def _turned(random: np.random.Generator, side: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, columns = np.mgrid[0:side, 0:side] / side
    angle = random.uniform(0, np.pi)
    return np.cos(angle) * columns + np.sin(angle) * rows, np.cos(angle) * rows - np.sin(angle) * columns


THINGS: Mapping[str, Mask] = {
    "rhombus": outline([(1, 0), (0, 0.5), (-1, 0), (0, -0.5)]),
    "bar": outline([(1, 0.3), (-1, 0.3), (-1, -0.3), (1, -0.3)]),
    "pentagon": regular(5),
    "hexagon": regular(6),
    "octagon": regular(8),
    "star of 3": star(3, 0.3),
    "star of 5": star(5, 0.45),
    "star of 4": star(4, 0.4),
    "star of 8": star(8, 0.6),
    "arrow": outline([(1, 0), (0.2, 0.7), (0.2, 0.3), (-1, 0.3), (-1, -0.3), (0.2, -0.3), (0.2, -0.7)]),
    "corner": outline([(-0.7, 1), (-0.2, 1), (-0.2, -0.5), (0.7, -0.5), (0.7, -1), (-0.7, -1)]),
    "beam": outline(
        [(-1, 1), (1, 1), (1, 0.5), (0.25, 0.5), (0.25, -1), (-0.25, -1), (-0.25, 0.5), (-1, 0.5)]
    ),
    "clamp": outline(
        [(-0.8, 1), (-0.3, 1), (-0.3, -0.4), (0.3, -0.4), (0.3, 1), (0.8, 1), (0.8, -1), (-0.8, -1)]
    ),
    "step": outline(
        [(-1, 1), (0.3, 1), (0.3, 0.25), (1, 0.25), (1, -1), (-0.3, -1), (-0.3, -0.25), (-1, -0.25)]
    ),
    "trapezium": outline([(-1, -0.5), (1, -0.5), (0.45, 0.5), (-0.45, 0.5)]),
    "kite": outline([(0, 1), (0.6, 0.3), (0, -1), (-0.6, 0.3)]),
    "dart": outline([(1, 0), (-1, 0.7), (-0.4, 0), (-1, -0.7)]),
    "slice": slice_of(80),
    "half": slice_of(180),
    "mouth": slice_of(270),
    "moon": moon,
    "ellipse": ellipse(0.3, 0.55),
    "egg": ellipse(0.65, 0.85),
    "pill": pill,
    "blob": blob,
    "frame": frame,
    "sticks": sticks,
    "spots": spots,
    "waves": waves,
    "bricks": bricks,
    **{f"letter {sign}": letter(sign) for sign in "BEGKMNPQX47"},
}
"""What the shipped weights are learnt from. None of it is in the benchmark of people's own photographs."""
