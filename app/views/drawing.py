"""Drawings: frozen values that say what is to be seen, and nothing of how it is painted.

A tone is a colour by its name in the theme: "text", "success", "series.3" (the fourth colour of runs and
classes), "diverging.0" to "diverging.8" (from low to high). Numbers are plain; arrays are never changed
after they were put in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Dash = Literal["solid", "dash", "dot", "dashdot"]
Marker = Literal["disc", "ring", "square", "diamond", "triangle", "cross"]
# in this order: the first two tell training from validation, the others once the tones repeat
DASHES: tuple[Dash, ...] = ("solid", "dash", "dot", "dashdot")
MARKERS: tuple[Marker, ...] = ("disc", "square", "triangle", "diamond", "cross", "ring")


TONES = 8
"""Tones of runs and classes that eyes tell apart; then they repeat."""


def series_tone(index: int) -> str:
    """Return the tone of run or class number `index`."""
    return f"series.{index % TONES}"


class Drawing:
    """What a view shows. Final subclasses below, one painter each."""


@dataclass(frozen=True)
class Viewport:
    """The part of a plot to show, None where the data decide, and its width and height in pixels."""

    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None
    width: int = 640
    height: int = 360


@dataclass(frozen=True)
class Nothing(Drawing):
    """There is nothing to show yet; `text` says what to do about it."""

    text: str


@dataclass(frozen=True)
class Axis:
    """What runs along an edge of a plot, and between which values. A log axis has low > 0."""

    label: str
    low: float
    high: float
    log: bool = False
    whole: bool = False
    """Whether only whole numbers make sense (epochs, steps)."""
    names: tuple[str, ...] = ()
    """What the places are called from `first` on, such as the times of rows; empty: their numbers."""
    first: int = 0


# eq=False, here and below: arrays give no single answer to ==
@dataclass(frozen=True, eq=False)
class Curve:
    """A line through points; NaN breaks it. `weight` 0 is a faint background, 1 plain, 2 strong.

    With `high`, each x stands for a column of values between `y` and `high`, too many for the pixels.
    """

    name: str
    x: Numbers
    y: Numbers
    tone: str
    weight: int = 1
    dash: Dash = "solid"
    marked: bool = False
    """Whether each point carries a small disc, where there is room."""
    legend: str = ""
    """What the legend says; empty: not in the legend."""
    high: Numbers | None = None


@dataclass(frozen=True, eq=False)
class SpreadBand:
    """The ground between two lines over the same `x`, as faint as a curve of weight 0.

    Where a value is no number, the place is passed over.
    """

    x: Numbers
    low: Numbers
    high: Numbers
    tone: str


@dataclass(frozen=True, eq=False)
class PointMarks:
    """Separate points of one kind; `rows`, if given, tells which example of the data each is."""

    name: str
    x: Numbers
    y: Numbers
    tone: str
    marker: Marker = "disc"
    size: float = 6.0
    hollow: bool = False
    rows: NDArray[np.int64] | None = None
    edge: str = ""
    """The tone of the outline; empty: the ground's, so that points stand apart."""


@dataclass(frozen=True, eq=False)
class Regions:
    """A plane in which every cell belongs to a class: `winner` (H, W), `strength` (H, W) from 0 to 1.

    Row 0 is the lowest y. `x` and `y` are the extents.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    # a byte: the probe that finds it takes 256 classes at most
    winner: NDArray[np.uint8]
    strength: NDArray[np.float32]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Heights:
    """A plane with a number in every cell: `values` (H, W), row 0 lowest; `low`, `high` end the scale."""

    x: tuple[float, float]
    y: tuple[float, float]
    values: NDArray[np.float32]
    low: float
    high: float


@dataclass(frozen=True)
class Upright:
    """A dashed vertical line where something happened."""

    x: float
    text: str
    tone: str = "plot_marker"


@dataclass(frozen=True)
class Threshold:
    """A dashed horizontal line to compare with, such as a baseline's score."""

    y: float
    text: str
    tone: str = "text_faint"


@dataclass(frozen=True, eq=False)
class Plot(Drawing):
    """Everything with two axes."""

    x: Axis
    y: Axis
    curves: tuple[Curve, ...] = ()
    points: tuple[PointMarks, ...] = ()
    ground: Regions | Heights | None = None
    uprights: tuple[Upright, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    bands: tuple[SpreadBand, ...] = ()
    diagonal: bool = False
    """Whether the line y = x is drawn."""
    square: bool = False
    """Whether both axes have the same scale, so that circles stay circles."""


@dataclass(frozen=True, eq=False)
class Matrix(Drawing):
    """A table of shades: `shade` (R, C) from 0 to 1, and what each cell says, small and under the cursor."""

    shade: NDArray[np.float64]
    texts: tuple[tuple[str, ...], ...]
    notes: tuple[tuple[str, ...], ...]
    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    row_label: str
    column_label: str
    off_diagonal: bool = False
    """Whether cells off the diagonal are mistakes and shown in the colour of mistakes."""


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture of a grid: pixels uint8 (H, W) or (H, W, 3), lines under it, their tone and its note."""

    pixels: NDArray[np.uint8]
    caption: str
    tone: str = "text_muted"
    note: str = ""


@dataclass(frozen=True, eq=False)
class Pictures(Drawing):
    """A grid of pictures in reading order; as many are shown as there is room for.

    `columns`: so many in each row, where there is room for them; 0: as many as fit.
    """

    pictures: tuple[Picture, ...]
    columns: int = 0


@dataclass(frozen=True)
class Bar:
    """One bar of a list: its length from 0 to 1, what stands beside it and its colour."""

    share: float
    text: str
    tone: str = "accent"
    name: str = ""


@dataclass(frozen=True)
class BarRow:
    """A line of the list: a title with a smaller second line, and one or several bars.

    `lead` stands before the title and is kept where the title has to be shortened.
    """

    title: str
    detail: str
    bars: tuple[Bar, ...]
    tone: str = "text"
    note: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Listing(Drawing):
    """Rows below each other; as many are shown as there is room for, the others can be scrolled to."""

    # kw_only: subclasses have fields without a default, which may not follow one that has
    first: int = field(default=0, kw_only=True)
    """The row at the top: those before it have been scrolled away."""


@dataclass(frozen=True)
class BarList(Listing):
    """A list of rows with bars."""

    rows: tuple[BarRow, ...]
    scale: str = ""
    """What the length of a bar means."""
    more: int = 0
    """How many rows there are beyond these."""


@dataclass(frozen=True)
class Word:
    """A word, or a part of one.

    `tone` colours it as strongly as `strength` (0 to 1) says; `label` stands small behind it; `glued` parts
    follow the one before without a space.
    """

    text: str
    tone: str = ""
    strength: float = 1.0
    label: str = ""
    note: str = ""
    glued: bool = False


@dataclass(frozen=True)
class PassageDrawing:
    """A text: a small title in a tone, its words, and a paler second text below."""

    words: tuple[Word, ...]
    title: str = ""
    tone: str = "text_muted"
    detail: str = ""
    note: str = ""


@dataclass(frozen=True)
class Passages(Listing):
    """Texts below each other; `more` says how many there are beyond these."""

    passages: tuple[PassageDrawing, ...]
    more: int = 0


@dataclass(frozen=True)
class Remark:
    """A sentence about the run: its colour, the sentence, and a smaller one that says how we know."""

    tone: str
    title: str
    detail: str


@dataclass(frozen=True)
class Remarks(Drawing):
    """Sentences, most important first."""

    remarks: tuple[Remark, ...] = field(default=())


@dataclass(frozen=True)
class Readout:
    """A value under the cursor: whose it is, how much, its tone, and the `y` at which it is drawn, if any."""

    name: str
    value: str
    tone: str
    dash: Dash = "solid"
    y: float | None = None
