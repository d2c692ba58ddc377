"""The rules of plots on pyqtgraph, driven by mouse and keys: what moves, what zooms, what the page keeps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.painters.canvases.canvas import Canvas
from app.painters.canvases.plot import PlotCanvas
from app.painters.frame import axes_painter_of
from app.painters.plots.menu import PlotMenu
from app.panels.panel import ViewPanel
from app.views.course.curves import CurvesView
from app.views.drawing import Axis, Curve, Matrix, Plot, Regions, Upright, Viewport
from tests.app.sample_records import record

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> ViewPanel:
    made = ViewPanel(CurvesView(), theme)
    qtbot.addWidget(made)
    made.resize(640, 400)
    made.show()
    qtbot.waitExposed(made)
    made.set_records((record(),))
    qtbot.wait(40)
    return made


@pytest.fixture
def canvas(panel: ViewPanel) -> PlotCanvas:
    return on_pyqtgraph(panel.canvas)


@pytest.fixture
def alone(qtbot: QtBot, theme: Theme) -> Callable[[Plot | Matrix], PlotCanvas]:
    kept = []  # a canvas without a parent lives as long as somebody knows it

    def make(drawing: Plot | Matrix) -> PlotCanvas:
        made = Canvas(theme)
        kept.append(made)
        qtbot.addWidget(made)
        made.resize(400, 320)
        made.show()
        made.show_drawing(drawing, zoomable=True)
        qtbot.wait(20)
        return on_pyqtgraph(made)

    return make


def on_pyqtgraph(canvas: Canvas) -> PlotCanvas:
    assert isinstance(canvas.shown, PlotCanvas)
    return canvas.shown


def plot(canvas: PlotCanvas) -> Plot:
    assert isinstance(canvas.drawing, Plot)
    return canvas.drawing


def line(**more: object) -> Plot:
    x = np.linspace(0, 10, 50)
    return Plot(Axis("x", 0, 10), Axis("y", 0, 100), (Curve("c", x, x**2, "series.0"),), **more)


def table(size: int) -> Matrix:
    names = tuple(f"class {place}" for place in range(size))
    cells = tuple(tuple(f"{row} as {column}" for column in range(size)) for row in range(size))
    return Matrix(np.eye(size), cells, cells, names, names, "true", "predicted")


def wheel(canvas: PlotCanvas, at: QPointF, turns: int, keys: Qt.KeyboardModifier = NONE) -> bool:
    """Turn the wheel over a canvas; return whether it took it."""
    event = QWheelEvent(at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120 * turns), Qt.MouseButton.NoButton,
                        keys, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(canvas.viewport(), event)
    return event.isAccepted()


def drag(
    qtbot: QtBot, canvas: PlotCanvas, start: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NONE
) -> None:
    """Press, move and release as a hand does: pyqtgraph takes quick small moves for a click."""
    qtbot.mousePress(canvas.viewport(), LEFT, keys, start.toPoint())
    for step in (0.5, 1.0):
        at = start + step * (end - start)
        QApplication.sendEvent(canvas.viewport(), move(canvas, at, keys))
        qtbot.wait(15)
    qtbot.mouseRelease(canvas.viewport(), LEFT, keys, end.toPoint())
    qtbot.wait(40)


def move(canvas: PlotCanvas, at: QPointF, keys: Qt.KeyboardModifier) -> QMouseEvent:
    kind = QEvent.Type.MouseMove
    return QMouseEvent(kind, at, canvas.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, keys)


def test_that_pyqtgraph_is_not_imported_before_there_is_a_plot() -> None:
    code = "import sys, app.panels.panel, app.views; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_that_the_wheel_zooms_along_x_and_y_follows_the_data(canvas: PlotCanvas, qtbot: QtBot) -> None:
    whole, at = plot(canvas), canvas.frame.inside.center()
    under = canvas.frame.x.value(at.x())
    assert wheel(canvas, at, 3)
    qtbot.wait(40)
    part = plot(canvas)
    assert (part.x.high - part.x.low) / (whole.x.high - whole.x.low) == pytest.approx(1.2**-3, rel=0.01)
    assert canvas.frame.x.value(at.x()) == pytest.approx(under, rel=0.01)
    shown = [curve.y for curve in part.curves]
    assert max(np.nanmax(values) for values in shown) <= part.y.high < whole.y.high


def test_that_with_control_the_wheel_zooms_both_axes_and_over_an_axis_that_one_alone(
    canvas: PlotCanvas, qtbot: QtBot
) -> None:
    whole, inside = plot(canvas), canvas.frame.inside
    wheel(canvas, inside.center(), 1, CONTROL)
    qtbot.wait(40)
    part = plot(canvas)
    assert (part.x.high - part.x.low) / (whole.x.high - whole.x.low) == pytest.approx(1 / 1.2, rel=0.01)
    assert (part.y.high - part.y.low) / (whole.y.high - whole.y.low) == pytest.approx(1 / 1.2, rel=0.01)
    wheel(canvas, QPointF(inside.left() - 15, inside.center().y()), 1)
    qtbot.wait(40)
    assert plot(canvas).x == part.x
    higher = plot(canvas).y
    assert (higher.high - higher.low) / (part.y.high - part.y.low) == pytest.approx(1 / 1.2, rel=0.01)


def test_that_a_double_click_shows_everything_again(canvas: PlotCanvas, qtbot: QtBot) -> None:
    whole = plot(canvas)
    wheel(canvas, canvas.frame.inside.center(), 2, CONTROL)
    qtbot.wait(40)
    qtbot.mouseDClick(canvas.viewport(), LEFT, pos=canvas.frame.inside.center().toPoint())
    qtbot.wait(40)
    assert (plot(canvas).x, plot(canvas).y) == (whole.x, whole.y)


def test_that_a_drag_moves_what_is_seen_and_never_beyond_the_data(canvas: PlotCanvas, qtbot: QtBot) -> None:
    whole = plot(canvas).x
    wheel(canvas, canvas.frame.inside.center(), 4)
    qtbot.wait(40)
    start = canvas.frame.inside.center()
    under = canvas.frame.x.value(start.x())
    drag(qtbot, canvas, start, start + QPointF(90, 0))
    assert canvas.frame.x.value(start.x() + 90) == pytest.approx(under, abs=0.1)
    for _ in range(4):
        drag(qtbot, canvas, start, start + QPointF(250, 0))
    assert plot(canvas).x.low == pytest.approx(whole.low, abs=1e-6)


def test_that_a_drag_leaves_y_with_the_data_until_a_hand_has_taken_it(
    panel: ViewPanel, canvas: PlotCanvas, qtbot: QtBot
) -> None:
    made = record()
    panel.set_records((made,))
    wheel(canvas, canvas.frame.inside.center(), 4)
    qtbot.wait(40)
    start = canvas.frame.inside.center()
    drag(qtbot, canvas, start, start + QPointF(60, 40))
    part = plot(canvas)
    width = max(panel.canvas.width() - 56, 16)
    by_data = CurvesView().draw((made,), Viewport((part.x.low, part.x.high), None, width))
    assert isinstance(by_data, Plot)
    assert part.y == by_data.y
    wheel(canvas, QPointF(canvas.frame.inside.left() - 15, start.y()), 1)
    qtbot.wait(40)
    taken = plot(canvas).y
    drag(qtbot, canvas, start, start + QPointF(0, 40))
    assert plot(canvas).y.low > taken.low


def test_that_a_rectangle_drawn_with_shift_is_what_is_seen_next(canvas: PlotCanvas, qtbot: QtBot) -> None:
    before = canvas.frame
    start, end = before.inside.topLeft() + QPointF(100, 40), before.inside.topLeft() + QPointF(300, 160)
    drag(qtbot, canvas, start, end, SHIFT)
    part = plot(canvas)
    assert part.x.low == pytest.approx(before.x.value(start.toPoint().x()), rel=0.02)
    assert part.x.high == pytest.approx(before.x.value(end.toPoint().x()), rel=0.02)
    assert part.y.high == pytest.approx(before.y.value(start.toPoint().y()), rel=0.02)
    assert part.y.low == pytest.approx(before.y.value(end.toPoint().y()), rel=0.02)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    qtbot.wait(40)
    assert plot(canvas).x.low > part.x.low


def test_that_a_page_keeps_its_wheel_over_a_plot_that_cannot_be_zoomed(qtbot: QtBot, theme: Theme) -> None:
    page, area = QWidget(), QScrollArea()
    layout = QVBoxLayout(page)
    made = Canvas(theme)
    made.setMinimumHeight(300)
    below = QWidget()
    below.setMinimumHeight(900)
    layout.addWidget(made)
    layout.addWidget(below)
    area.setWidget(page)
    area.setWidgetResizable(True)
    qtbot.addWidget(area)
    area.resize(300, 400)
    area.show()
    made.show_drawing(line())
    qtbot.wait(20)
    canvas = on_pyqtgraph(made)
    assert not wheel(canvas, canvas.frame.inside.center(), -1)
    assert plot(canvas).x == Axis("x", 0, 10)


def test_that_the_menu_takes_the_ends_of_an_axis_as_numbers(
    canvas: PlotCanvas, panel: ViewPanel, qtbot: QtBot
) -> None:
    qtbot.mouseClick(canvas.viewport(), RIGHT, pos=canvas.frame.inside.center().toPoint())
    qtbot.waitUntil(lambda: bool(canvas.findChildren(PlotMenu)))
    (menu,) = canvas.findChildren(PlotMenu)
    low, high = menu.findChildren(QLineEdit)[:2]
    low.setText("2")
    high.setText("0.5")
    qtbot.keyClick(high, Qt.Key.Key_Return)
    assert plot(canvas).x.low == 0  # an axis does not run backwards
    high.setText("5.5")
    qtbot.keyClick(high, Qt.Key.Key_Return)
    qtbot.wait(40)
    assert (plot(canvas).x.low, plot(canvas).x.high) == pytest.approx((2, 5.5))
    words = [action.text() for action in menu.actions()]
    assert {"Save as SVG…", "Save the numbers as CSV…"} <= set(words)
    menu.actions()[words.index("Show everything")].trigger()
    qtbot.wait(40)
    assert plot(canvas).x == Axis("Epoch", 0.0, 8.0, whole=True)
    menu.close()


def test_that_a_drag_can_be_told_to_choose_a_part(
    alone: Callable[[Plot | Matrix], PlotCanvas], qtbot: QtBot
) -> None:
    canvas = alone(line())
    menu = PlotMenu(canvas._axes.box, *canvas.seen(), (None, None), canvas)
    modes = next(part for part in menu.findChildren(QMenu) if part.title() == "Dragging")
    modes.actions()[1].trigger()
    start = canvas.frame.inside.topLeft() + QPointF(60, 30)
    drag(qtbot, canvas, start, start + QPointF(120, 90))
    x, y = canvas.seen()
    assert x.high - x.low < 10
    assert y.high - y.low < 100


def test_that_a_part_of_a_large_matrix_is_seen_with_its_texts_and_notes(
    alone: Callable[[Plot | Matrix], PlotCanvas], qtbot: QtBot
) -> None:
    canvas = alone(table(60))
    whole = canvas.seen()
    at = canvas.frame.inside.topLeft() + QPointF(20, 20)
    before = axes_note(canvas, at)
    for _ in range(12):
        wheel(canvas, at, 1)
    x, y = canvas.seen()
    assert x.high - x.low == pytest.approx(60 / 1.2**12, rel=0.05)
    assert y.high - y.low == pytest.approx(60 / 1.2**12, rel=0.05)
    assert axes_note(canvas, at) == before
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.seen() == whole


def axes_note(canvas: PlotCanvas, at: QPointF) -> str:
    return axes_painter_of(canvas.drawing).note_in(canvas.frame, canvas.drawing, at)


def test_that_a_new_drawing_keeps_the_part_of_a_matrix_that_is_seen(
    alone: Callable[[Plot | Matrix], PlotCanvas],
) -> None:
    canvas = alone(table(20))
    canvas.zoom(4.0)
    part = canvas.seen()
    canvas.show_plot(table(20), lambda _: (), zoomable=True, whole=False)
    assert canvas.seen() == part


def test_that_another_ground_is_painted_where_a_drawing_brings_one(
    alone: Callable[[Plot | Matrix], PlotCanvas],
) -> None:
    def plane(winner: int) -> Plot:
        cells, sure = np.full((4, 4), winner, np.uint8), np.ones((4, 4), np.float32)
        return Plot(Axis("x", 0, 1), Axis("y", 0, 1), ground=Regions((0, 1), (0, 1), cells, sure))

    canvas = alone(plane(0))
    at = canvas.frame.inside.center().toPoint()
    first = canvas.grab().toImage().pixelColor(at)
    canvas.show_plot(plane(1), lambda _: (), zoomable=True, whole=True)
    assert canvas.grab().toImage().pixelColor(at) != first


def test_that_what_is_seen_is_painted_in_the_shade_of_the_theme(canvas: PlotCanvas, theme: Theme) -> None:
    light = canvas.grab().toImage()
    theme.set_scheme("dark")
    dark = canvas.grab().toImage()
    assert light.pixelColor(2, 2).lightness() > 200 > 60 > dark.pixelColor(2, 2).lightness()


def test_that_what_an_upright_line_means_is_told_whole_at_it(
    alone: Callable[[Plot | Matrix], PlotCanvas],
) -> None:
    words = "The loss leapt at step 2. Back to step 0, from where the learning rate is 0.3. " * 2
    x = np.array([0.0, 10.0])
    curve, axis = Curve("c", x, x, "series.0"), Axis("x", 0, 10)
    canvas = alone(Plot(axis, axis, (curve,), uprights=(Upright(5, words),)))
    at = QPointF(canvas.frame.x.pixel(5), canvas.frame.inside.center().y())
    assert [reading.name for reading in canvas.events_at(at)] == [words]
    assert canvas.events_at(at + QPointF(30, 0)) == ()
