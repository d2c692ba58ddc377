"""Lists of bars that do not fit are scrolled; what the hand has left is not spoken of any more."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.painters.canvases.canvas import Canvas
from app.painters.canvases.listing import ListCanvas
from app.painters.ink import Ink
from app.painters.painter import painter_of
from app.views.drawing import Bar, BarList, BarRow


def rows(count: int) -> BarList:
    return BarList(
        tuple(BarRow(f"layer {at}", "weights", (Bar(0.5, "1"),), note=f"{at}") for at in range(count))
    )


@pytest.fixture
def canvas(theme: Theme, qtbot: QtBot) -> Canvas:
    made = Canvas(theme)
    qtbot.addWidget(made)
    made.resize(240, 160)
    made.show()
    return made


def show(canvas: Canvas, drawing: BarList) -> None:
    canvas.show_drawing(drawing)
    canvas.grab()


def rows_of(canvas: Canvas) -> ListCanvas:
    assert isinstance(canvas.shown, ListCanvas)
    return canvas.shown


def first(canvas: Canvas) -> int:
    canvas.grab()
    assert isinstance(canvas.drawing, BarList)
    return canvas.drawing.first


def test_that_the_arrow_keys_scroll_a_list_to_its_last_row_and_back(canvas: Canvas) -> None:
    show(canvas, rows(12))
    QTest.keyClick(canvas.shown, Qt.Key.Key_Down)
    assert first(canvas) == 1
    for _ in range(20):
        QTest.keyClick(canvas.shown, Qt.Key.Key_Down)
    last = first(canvas)
    assert 1 < last < 12
    for _ in range(20):
        QTest.keyClick(canvas.shown, Qt.Key.Key_Up)
    assert first(canvas) == 0


def test_that_a_list_drawn_anew_stays_where_it_was_scrolled_to_as_far_as_it_reaches(canvas: Canvas) -> None:
    show(canvas, rows(12))
    assert rows_of(canvas).scroll_rows(3)
    show(canvas, rows(12))
    assert first(canvas) == 3
    show(canvas, rows(2))
    assert first(canvas) == 0


def test_that_a_list_that_fits_leaves_the_wheel_to_others(canvas: Canvas) -> None:
    show(canvas, rows(1))
    assert not rows_of(canvas).scroll_rows(1)


def test_that_a_hidden_canvas_forgets_where_the_mouse_was(canvas: Canvas) -> None:
    show(canvas, rows(3))
    QTest.mouseMove(canvas.shown, QPointF(20, 20).toPoint())
    plain = canvas.grab().toImage()
    canvas.hide()
    canvas.show()
    assert canvas.shown._at is None
    assert canvas.grab().toImage().size() == plain.size()


@pytest.mark.parametrize("height", range(60, 400, 17))
@pytest.mark.parametrize("scale", ["", "log scale"])
def test_that_no_row_is_left_out_that_has_room(height: int, scale: str, theme: Theme) -> None:
    """Beside the foot that counts the others there is less room than one more row needs."""
    bars = tuple(Bar(0.5, "1", name=name) for name in ("train", "validation", "test"))
    drawing = BarList(
        tuple(BarRow(f"class {at}", "9 examples", bars, note=f"{at}") for at in range(8)), scale
    )
    area, ink = QRectF(0, 0, 240, height), Ink(theme)
    painter, middle = painter_of(drawing), area.center().x()
    notes = [painter.note(area, drawing, ink, QPointF(middle, y)) for y in range(height)]
    shown = len({note for note in notes if note})
    row = 3 * (ink.small_size.height() + 1)
    foot = ink.small_size.height() + 4 if scale or shown < 8 else 0
    assert shown == 8 or height - foot - shown * (row + 3) < row + 3
    assert shown * (row + 3) <= max(height - foot, row + 3)
