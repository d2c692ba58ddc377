"""Drawings made alike: the picture that a network gets of what was drawn, as its training pictures were made.

Pure functions over pixels. A network knows nothing but its training pictures, so a drawing has to go the way
that they have gone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_FILL = 20 / 28
"""Share of the picture's side that the drawing takes, as in MNIST."""
_TINY = 10
"""Pictures up to this side are made as those of NIST's forms are."""
_BLOCK = 4
"""A pixel of a tiny picture counts the ink in a square of so many pixels a side."""
_WIDTH = 20 / 32
"""Share of a tiny picture's width that its digit takes at most."""
_WIDENED = 1.6
"""How much a narrow digit is widened at most."""
_INK = 0.3
"""Share of a tiny picture's area that is ink, whichever digit it shows."""
_MOST_SLANT = 0.6
_MOST_LAYERS = 6
"""Strokes become thinner or thicker by so many layers of pixels at most."""
_HALF = 127


def as_trained(drawn: Pixels, height: int, width: int) -> Pixels:
    """Return a drawing as collections of digits hold it, uint8 (height, width). Nothing stays nothing."""
    if not drawn.any():
        return np.zeros((height, width), np.uint8)
    if height == width and height <= _TINY:
        return counted(drawn, height)
    return centred(drawn, height, width)


def centred(drawn: Pixels, height: int, width: int) -> Pixels:
    """Return a drawing that fills most of the picture, its centre of gravity in the middle, uint8.

    Every pixel is the mean of the area it stands for.

    Source: Y. LeCun, C. Cortes and C. Burges, The MNIST database of handwritten digits (1998).
    """
    cut = cropped(drawn)
    side = max(cut.shape) / _FILL
    weight = cut.sum()
    middle = [float((cut.sum(axis=1 - axis) * np.arange(cut.shape[axis])).sum() / weight) for axis in (0, 1)]
    square = _placed(cut, middle, int(np.ceil(side)))
    return np.clip(np.round(shrunk(square, height, width)), 0, 255).astype(np.uint8)


def counted(drawn: Pixels, side: int) -> Pixels:
    """Return a drawing as the digits of 8×8 are made, uint8 (side, side).

    They were scanned from forms, set upright, scaled to 32 × 20 of 32 × 32 black or white pixels, their
    strokes made equally thick; each pixel counts the ink, 0 to 16, in a block of 4 × 4.

    Source: M. D. Garris et al., NIST form-based handprint recognition system (1994); E. Alpaydin and
    C. Kaynak, Optical recognition of handwritten digits, UCI machine learning repository (1998).
    """
    fine = side * _BLOCK
    cut = cropped(upright(drawn))
    wide = min(round(_WIDTH * fine), max(1, round(_WIDENED * fine * cut.shape[1] / cut.shape[0])))
    form = np.zeros((fine, fine), np.bool_)
    left = (fine - wide) // 2
    form[:, left : left + wide] = shrunk(cut, fine, wide) > _HALF
    form = thickened(form, round(_INK * fine * fine))
    ink = form.reshape(side, _BLOCK, side, _BLOCK).sum(axis=(1, 3))
    return np.asarray(np.round(ink * (255 / _BLOCK**2)), np.uint8)


def cropped(drawn: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return the smallest part that holds everything drawn."""
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    return drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float64)


def upright(drawn: Pixels) -> Pixels:
    """Return the drawing sheared until it leans neither way, by the covariance of its rows and columns."""
    y, x = np.nonzero(drawn > _HALF)
    spread = float(np.var(y)) if len(y) else 0.0
    # a dot, or a flat stroke, leans nowhere
    if spread < 1:
        return drawn
    lean = float(np.mean((y - y.mean()) * (x - x.mean()))) / spread
    lean = min(max(lean, -_MOST_SLANT), _MOST_SLANT)
    height, width = drawn.shape
    # room enough for the largest slant to both sides
    wider = np.zeros((height, width + 2 * height), np.uint8)
    for row in range(height):
        start = height - round(lean * (row - float(y.mean())))
        wider[row, start : start + width] = drawn[row]
    return wider


def thickened(form: NDArray[np.bool_], ink: int) -> NDArray[np.bool_]:
    """Return black and white strokes with layers of pixels added or taken away to come near to `ink`."""
    for _ in range(_MOST_LAYERS):
        more = int(form.sum()) < ink
        # taking a layer away is growing the ground, which goes on beyond the edge
        changed = _grown(form) if more else ~_grown(~form, edge=True)
        # the nearest is kept: one layer more would lead away again
        if not changed.any() or abs(int(changed.sum()) - ink) >= abs(int(form.sum()) - ink):
            break
        form = changed
    return form


def shrunk(picture: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """Return a picture of another size, each pixel the mean over its area of the old one."""
    return _weights(picture.shape[0], height) @ picture @ _weights(picture.shape[1], width).T


def _grown(form: NDArray[np.bool_], edge: bool = False) -> NDArray[np.bool_]:
    """Return every pixel that is set, or has a neighbour above, below or beside it that is."""
    padded = np.pad(form, 1, constant_values=edge)
    inner = padded[1:-1, 1:-1]
    return inner | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]


def _placed(cut: NDArray[np.float64], middle: list[float], side: int) -> NDArray[np.float64]:
    """Return a square of zeros with `cut` in it, its `middle` in the middle as far as it fits."""
    square = np.zeros((side, side))
    start = [int(min(max(round(side / 2 - middle[axis]), 0), side - cut.shape[axis])) for axis in (0, 1)]
    square[start[0] : start[0] + cut.shape[0], start[1] : start[1] + cut.shape[1]] = cut
    return square


def _weights(old: int, new: int) -> NDArray[np.float64]:
    """Return (new, old): how much of each old pixel lies in each new one; rows add up to 1."""
    edges = np.linspace(0, old, new + 1)
    low = np.maximum(edges[:-1, None], np.arange(old)[None])
    high = np.minimum(edges[1:, None], np.arange(1, old + 1)[None])
    overlap = np.clip(high - low, 0, None)
    return np.asarray(overlap / overlap.sum(axis=1, keepdims=True))
