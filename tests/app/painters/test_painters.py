"""The rules of painters: any drawing, of any numbers, into any size, without an error."""

from __future__ import annotations

import itertools
import math
import warnings

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter

import app.views  # noqa: F401 - fills the family
from app.document.record import RunRecord
from app.look.theme import Theme
from app.painters.export import picture
from app.painters.ink import CENTER, Ink
from app.painters.painter import Painter, painter_of
from app.views.course.curves import CurvesView
from app.views.drawing import (
    Axis,
    Bar,
    BarList,
    BarRow,
    Curve,
    Drawing,
    Heights,
    Matrix,
    Nothing,
    PassageDrawing,
    Passages,
    Picture,
    Pictures,
    Plot,
    PointMarks,
    Regions,
    Remark,
    Remarks,
    Threshold,
    Upright,
    Viewport,
    Word,
)
from app.views.view import ReadingView, View
from engine.events import Block, Facts, Measured, RunStarted
from tests.app.sample_records import EVERY, record
from tests.app.views.toys import fits, sample
from tests.engine.probes.toys import TOYS

SIZES = [(640, 360), (120, 90), (30, 20), (1, 1)]


def array(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def plot(y: np.ndarray, axis: Axis, **more: object) -> Plot:
    x = np.arange(len(y), dtype=np.float64)
    return Plot(Axis("x", 0, max(len(y) - 1, 0)), axis, (Curve("c", x, y, "series.0", legend="c"),), **more)


ODD: dict[str, Drawing] = {
    "nothing": Nothing("Press Train."),
    "no text": Nothing(""),
    "no passages": Passages(()),
    "passages": Passages(
        (
            PassageDrawing((), "empty"),
            PassageDrawing((Word(""), Word("x" * 5000, "series.1", math.nan), Word("end", glued=True))),
            PassageDrawing(
                (Word("Rome", "series.2", 9, "LOC", "note"),) * 99, "title " * 90, "danger", "below " * 99
            ),
        ),
        more=3,
    ),
    "scrolled passages": Passages((PassageDrawing((Word("a"),)),) * 40, first=39),
    "empty": plot(array(), Axis("", 0, 1)),
    "one point": plot(array(3), Axis("", 3, 3)),
    "constant": plot(array(5, 5, 5), Axis("", 5, 5)),
    "not finite": plot(array(math.nan, math.inf, 1, -math.inf, 2), Axis("", math.nan, math.inf)),
    "all unknown": plot(array(math.nan, math.nan), Axis("", 0, 1)),
    "huge": plot(array(1e300, -1e300, 0), Axis("", -1, 1)),
    "log of nothing": plot(array(-1, 0, 1e-300), Axis("", -1, 0, log=True)),
    "columns": Plot(
        Axis("", 0, 4),
        Axis("", 0, 1),
        (Curve("c", array(0, 1, 2), array(0, math.nan, 0.2), "series.1", high=array(1, math.nan, 0.9)),),
    ),
    "unknown columns": Plot(
        Axis("", 0, 4),
        Axis("", 0, 1),
        (Curve("c", array(0, 1), array(math.nan, math.nan), "series.1", high=array(math.nan, math.nan)),),
    ),
    "lines": plot(
        array(0, 1),
        Axis("", 0, 1),
        uprights=(Upright(0.5, "here " * 50), Upright(99, "away")),
        thresholds=(Threshold(0.5, "baseline"), Threshold(9, "away")),
        diagonal=True,
        square=True,
    ),
    "points": Plot(
        Axis("x", 0, 1),
        Axis("y", 0, 1),
        points=tuple(
            PointMarks("p", np.linspace(0, 1, 60), np.linspace(0, 1, 60), "series.2", marker, hollow=hollow)
            for marker in ("disc", "ring", "square", "diamond", "triangle", "cross")
            for hollow in (True, False)
        ),
    ),
    "unknown regions": Plot(
        Axis("x", 0, 1),
        Axis("y", 0, 1),
        square=True,
        ground=Regions((0, 1), (0, 1), np.zeros((2, 2), np.uint8), np.full((2, 2), np.nan, np.float32)),
    ),
    "no regions": Plot(
        Axis("x", 0, 1),
        Axis("y", 0, 1),
        ground=Regions((0, 0), (0, 0), np.zeros((0, 0), np.uint8), np.zeros((0, 0), np.float32)),
    ),
    "flat heights": Plot(
        Axis("x", 0, 1), Axis("y", 0, 1), ground=Heights((0, 1), (0, 1), np.ones((3, 2), np.float32), 1, 1)
    ),
    "large matrix": Matrix(
        np.random.default_rng(0).random((120, 120)),
        ((("9",) * 120),) * 120,
        ((("note",) * 120),) * 120,
        ("a long name of a class",) * 120,
        ("a long name of a class",) * 120,
        "true",
        "predicted",
        True,
    ),
    "empty matrix": Matrix(np.zeros((0, 0)), (), (), (), (), "", ""),
    "no pictures": Pictures(()),
    "odd pictures": Pictures(
        (
            Picture(np.zeros((1, 40), np.uint8), "wide"),
            Picture(np.zeros((40, 1, 3), np.uint8), "high and coloured " * 9),
            Picture(np.zeros((5, 5, 1), np.uint8), "", "series.3"),
        )
    ),
    "pictures in rows": Pictures((Picture(np.zeros((5, 5), np.uint8), ""),) * 7, columns=3),
    "no rows": BarList(()),
    "odd rows": BarList(
        (
            BarRow("title " * 40, "detail", (Bar(math.nan, "?"), Bar(-1, "−1"), Bar(7, "7", name="n"))),
            BarRow("", "", ()),
        ),
        "scale",
        5,
    ),
    "no remarks": Remarks(()),
    "remarks": Remarks((Remark("warning", "A sentence " * 20, "and why " * 40),) * 9),
}


def painted(drawing: Drawing, size: tuple[int, int], theme: Theme) -> QImage:
    image = QImage(*size, QImage.Format.Format_RGB32)
    ink = Ink(theme)
    image.fill(ink.color("card"))
    painter = QPainter(image)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        painter_of(drawing).paint(painter, QRectF(0, 0, *size), drawing, ink)
    assert painter.isActive()
    painter.end()
    return image


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("shade", ["light", "dark"])
def test_that_odd_drawings_are_painted_into_any_size(name, size, shade, theme):
    theme.set_scheme(shade)
    drawing = ODD[name]
    painted(drawing, size, theme)
    area = QRectF(0, 0, *size)
    for at in (QPointF(0, 0), QPointF(size[0] / 2, size[1] / 2), QPointF(9999, -5)):
        assert isinstance(painter_of(drawing).note(area, drawing, Ink(theme), at), str)
    assert isinstance(painter_of(drawing).words(drawing), str)


def leaves(kind: type[Drawing]) -> list[type[Drawing]]:
    below = kind.__subclasses__()
    return [leaf for one in below for leaf in leaves(one)] if below else [kind]


def test_that_every_kind_of_drawing_has_a_painter():
    kinds = {kind for kind in leaves(Drawing) if kind.__module__.startswith("app.views.")}
    assert kinds == set(Painter.by_drawing)


@pytest.mark.parametrize("kind", View.family.values())
def test_that_a_view_that_has_data_is_seen(kind, theme):
    measured = issubclass(kind, ReadingView)
    records = (
        [sample(kind, case) for case in TOYS if fits(kind, case)]
        if measured
        else [record(facts) for facts in EVERY if kind.fits(facts)]
    )
    assert records
    for made in records:
        drawing = kind().draw((made,), Viewport(width=500, height=300))
        image = painted(drawing, (500, 300), theme)
        shades = {image.pixel(x, y) for x in range(0, 500, 3) for y in range(0, 300, 3)}
        assert len(shades) > 3


def test_that_a_spike_among_ten_million_steps_is_painted(theme):
    long = RunRecord()
    long.apply(RunStarted("f", "long", 0, 1, 10_000_000, "CPU", 1, (), Facts()))
    values = np.full(10_000_000, 1, np.float32)
    values[5_000_000] = 2
    long.apply(Measured((Block("loss", 1, 1, values),), len(values), 1, 1, 1))
    drawing = CurvesView(smoothing=0).draw((long,), Viewport(width=560))
    assert isinstance(drawing, Plot)
    assert drawing.y.high > 2
    image = painted(drawing, (600, 300), theme)
    line = Ink(theme).color("series.0").rgb()
    high = [y for x in range(250, 400) for y in range(20, 200) if image.pixel(x, y) == line]
    assert max(high) - min(high) > 100


def test_that_a_hover_note_tells_what_lies_there(theme):
    ink, area = Ink(theme), QRectF(0, 0, 300, 300)
    matrix = Matrix(
        array(1, 0, 0, 1).reshape(2, 2),
        (("5", ""), ("", "3")),
        (("a is a", "a as b"), ("b as a", "b is b")),
        ("a", "b"),
        ("a", "b"),
        "true",
        "predicted",
    )
    notes = {
        painter_of(matrix).note(area, matrix, ink, QPointF(x, y))
        for x in range(0, 300, 9)
        for y in range(0, 300, 9)
    }
    # beside the cells, the whole name of the row or column
    assert notes == {"", "a", "b", "a is a", "a as b", "b as a", "b is b"}


def test_that_the_names_of_a_few_classes_are_all_written_under_narrow_columns(theme, monkeypatch):
    said = []
    monkeypatch.setattr("app.painters.matrix.write", lambda *told: said.append((told[2], told[1])))
    names = ("kitchen knives", "mugs and cups", "dinner plates")
    counts = tuple(tuple("1" for _ in names) for _ in names)
    matrix = Matrix(np.full((3, 3), 0.3), counts, counts, names, names, "true", "predicted")
    image = QImage(260, 200, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    painter_of(matrix).paint(painter, QRectF(0, 0, 260, 200), matrix, Ink(theme))
    painter.end()
    assert all(sum(text == name for text, _ in said) == 2 for name in names)  # of its row and of its column
    assert all(box.width() >= 28 for text, box in said if text in names)
    under = sorted((box for text, box in said if text in names), key=lambda box: box.top())[-3:]
    lefts = sorted(under, key=lambda box: box.left())
    # a blank of the font at least, or neighbours are read as one name
    level = [pair for pair in itertools.combinations(lefts, 2) if pair[0].top() == pair[1].top()]
    assert level
    assert all(one.right() + 6 <= other.left() for one, other in level)


@pytest.mark.parametrize("wide", [130, 170, 240, 400])
@pytest.mark.parametrize(
    ("names", "lines"),
    [
        (("setosa", "versicolor", "virginica"), {170: 2, 400: 1}),
        (("a name that is longer than any panel", "another one that is as long"), {}),
        (("yes", "no"), {130: 1, 240: 1}),
        (tuple(f"kind {place}" for place in range(12)), {}),
    ],
    ids=["iris", "long", "short", "many"],
)
def test_that_names_below_a_matrix_keep_apart_and_in_the_panel(theme, monkeypatch, wide, names, lines):
    said = []
    monkeypatch.setattr("app.painters.matrix.write", lambda *told: said.append(told))
    counts = tuple(tuple("1" for _ in names) for _ in names)
    matrix, ink = Matrix(np.full((len(names),) * 2, 0.3), counts, counts, names, names, "t", "p"), Ink(theme)
    image = QImage(wide, 170, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    painter_of(matrix).paint(painter, QRectF(0, 0, wide, 170), matrix, ink)
    painter.end()
    # those of the rows are written to their right end
    under = sorted((told[1] for told in said if told[2] in names and told[5] == CENTER), key=QRectF.left)
    level = [pair for pair in itertools.combinations(under, 2) if pair[0].top() == pair[1].top()]
    assert all(one.right() + 6 <= other.left() for one, other in level)
    assert all(box.left() >= -1 and box.right() <= wide + 1 for box in under)
    found = len({box.top() for box in under})
    assert found == lines.get(wide, found)


def test_that_a_picture_for_the_clipboard_has_its_size_and_title(theme):
    image = picture(ODD["points"], QSize(300, 200), "Loss", Ink(theme), scale=2)
    assert (image.width(), image.height()) == (600, 400)
    title = {image.pixel(x, y) for x in range(30, 100) for y in range(30, 60)}
    assert len(title) > 3
