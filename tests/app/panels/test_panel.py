"""The rules of panels, driven by mouse and keyboard: options, zoom, hover, export, endurance."""

from __future__ import annotations

import csv
import gc
import sys
from xml.etree import ElementTree

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from app.document.record import RunRecord
from app.look.theme import Theme
from app.painters.canvases.plot import PlotCanvas
from app.panels.options import OptionButton
from app.panels.panel import ViewPanel
from app.views.course.curves import CurvesView
from app.views.drawing import Matrix, Nothing, Plot
from app.views.predictions.confusion import ConfusionView
from app.views.view import View
from engine.events import Block, Measured
from tests.app.sample_records import IMAGES, PLANE, numbers, record, started


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> ViewPanel:
    return shown(qtbot, theme, CurvesView())


def shown(qtbot: QtBot, theme: Theme, view: View) -> ViewPanel:
    made = ViewPanel(view, theme)
    qtbot.addWidget(made)
    made.resize(640, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def plot(panel: ViewPanel) -> Plot:
    assert isinstance(panel.drawing, Plot)
    return panel.drawing


def canvas(panel: ViewPanel) -> PlotCanvas:
    assert isinstance(panel.canvas.shown, PlotCanvas)
    return panel.canvas.shown


def settle(qtbot: QtBot) -> None:
    qtbot.wait(40)


def test_that_an_empty_panel_says_what_to_do(panel):
    panel.set_records(())
    assert panel.drawing == Nothing("Press Train to see the loss.")
    assert "Press Train" in panel.canvas.shown.accessibleDescription()


def test_that_a_panel_draws_only_what_is_new_and_only_while_it_is_seen(panel, qtbot):
    made = record()
    panel.set_records((made,))
    first = panel.drawing
    panel.refresh()
    assert panel.drawing is first
    panel.hide()
    made.write(Block("loss", 161, 1, np.array([0.5], np.float32)))
    panel.refresh()
    assert panel.drawing is first
    panel.show()
    qtbot.waitExposed(panel)
    assert panel.drawing is not first


def test_that_the_keyboard_zooms_resets_and_moves_the_crosshair(panel, qtbot, theme):
    panel.set_records((record(),))
    whole = plot(panel).x
    for _ in range(3):
        qtbot.keyClick(canvas(panel), Qt.Key.Key_Plus)
        settle(qtbot)
    assert plot(panel).x.high < whole.high
    qtbot.keyClick(canvas(panel), Qt.Key.Key_0)
    settle(qtbot)
    assert plot(panel).x == whole
    calm = panel.canvas.grab().toImage()
    qtbot.keyClick(canvas(panel), Qt.Key.Key_Left)
    assert panel.canvas.grab().toImage() != calm
    qtbot.keyClick(canvas(panel), Qt.Key.Key_Escape)
    assert panel.canvas.grab().toImage() == calm


def test_that_zooming_out_never_leaves_the_data(panel, qtbot):
    panel.set_records((record(),))
    whole = plot(panel).x
    for _ in range(5):
        qtbot.keyClick(canvas(panel), Qt.Key.Key_Minus)
        settle(qtbot)
    assert plot(panel).x == whole


def test_that_options_are_made_from_the_fields_of_the_view(panel, qtbot):
    panel.set_records((record(),))
    button = next(button for button in panel.findChildren(OptionButton) if button.text() == "Log y")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert plot(panel).y.log
    assert panel.view == CurvesView(log=True)


def test_that_the_title_offers_every_series_and_other_views(panel, qtbot):
    panel.offer_views(lambda: [CurvesView, ConfusionView])
    panel.set_records((record(),))
    panel._fill_title_menu()
    entries = {action.text(): action for action in panel._title_menu.actions()}
    assert {"Loss", "Accuracy", "Learning rate", "Confusion"} <= set(entries)
    with qtbot.waitSignal(panel.view_changed):
        entries["Accuracy"].trigger()
    settle(qtbot)
    assert panel.heading() == "Accuracy"
    entries = {action.text(): action for action in panel._title_menu.actions()}
    entries["Confusion"].trigger()
    settle(qtbot)
    assert isinstance(panel.drawing, Matrix)


def test_that_a_view_shows_only_as_many_runs_as_it_can(qtbot, theme):
    panel = shown(qtbot, theme, ConfusionView())
    panel.set_records((record(PLANE), record(IMAGES)))
    assert isinstance(panel.drawing, Matrix)
    assert panel.drawing.row_names == ("A", "B", "C")


# --- export ----------------------------------------------------------------------------------------------


def test_that_the_csv_file_holds_the_exact_values(panel, tmp_path):
    made = record()
    panel.set_records((made,))
    panel.exports.save(tmp_path / "loss.csv")
    with (tmp_path / "loss.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[:2] == ["train step", "train"]
    read = np.array([row[1] for row in rows], np.float32)
    np.testing.assert_array_equal(read, made.series["loss"].values)
    assert [int(row[0]) for row in rows] == list(range(1, 161))


def test_that_svg_and_png_files_can_be_read_and_show_the_drawing(panel, tmp_path):
    panel.set_records((record(),))
    panel.exports.save(tmp_path / "loss.svg")
    panel.exports.save(tmp_path / "loss.png")
    root = ElementTree.parse(tmp_path / "loss.svg").getroot()
    assert root.tag.endswith("svg")
    assert "polyline" in (tmp_path / "loss.svg").read_text(encoding="utf-8")
    image = QImage(str(tmp_path / "loss.png"))
    assert image.width() == 2 * (panel.canvas.width() + 32)
    assert (
        len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}) > 5
    )


def test_that_a_file_that_cannot_be_written_is_told_with_the_reason(panel, tmp_path, qtbot):
    panel.set_records((record(),))
    for form in ("csv", "svg", "png"):
        with qtbot.waitSignal(panel.failed) as told:
            panel.exports.save(tmp_path / "missing" / f"loss.{form}")
        assert "No such file" in told.args[0]


def test_that_the_picture_can_be_copied(panel):
    panel.set_records((record(),))
    panel.exports.copy()
    assert QGuiApplication.clipboard().image().width() > 0


# --- endurance -------------------------------------------------------------------------------------------


def test_that_1500_updates_leave_no_memory_behind_and_no_reference_to_none_or_true(qtbot, theme):
    panel = shown(qtbot, theme, CurvesView())
    panel.setMinimumSize(1, 1)
    panel.resize(160, 130)
    made = RunRecord()
    made.apply(started(PLANE))
    made.apply(numbers())
    panel.set_records((made,))
    process = psutil.Process()

    def update(count: int) -> None:
        for _ in range(count):
            made.apply(
                Measured(
                    (Block("loss", 1 + len(made.series["loss"]), 1, np.ones(1, np.float32)),), 1, 1, 1, 1
                )
            )
            panel.refresh()
            panel.canvas.repaint()

    update(500)
    gc.collect()
    none, true, objects, memory = (
        sys.getrefcount(None),
        sys.getrefcount(True),
        len(gc.get_objects()),
        process.memory_info().rss,
    )
    update(1500)
    gc.collect()
    assert abs(sys.getrefcount(None) - none) < 100
    assert abs(sys.getrefcount(True) - true) < 100
    assert len(gc.get_objects()) - objects < 500
    assert process.memory_info().rss - memory < 3_000_000
    assert len(made.series["loss"]) == 160 + 2000


def test_that_an_ended_run_that_did_not_measure_a_view_says_so_instead_of_press_train(qtbot, theme):
    panel = shown(qtbot, theme, ConfusionView())
    ended = record(IMAGES, ended=True)
    panel.set_records((ended,))
    assert isinstance(panel.drawing, Matrix)
    ended.readings.clear()
    ended.changes += 1
    panel.refresh()
    assert isinstance(panel.drawing, Nothing)
    assert "Look back" in panel.drawing.text


def test_that_a_panel_does_not_ask_to_press_train_while_the_data_of_a_run_is_prepared(qtbot, theme):
    panel = shown(qtbot, theme, ConfusionView())
    assert "Press Train" in panel.drawing.text
    panel.set_preparing(True)
    assert "Preparing the data" in panel.drawing.text
    panel.set_records((record(IMAGES),))
    assert isinstance(panel.drawing, Matrix)  # what is there is seen
    panel.set_records(())
    panel.set_preparing(False)
    assert "Press Train" in panel.drawing.text


def test_that_help_covers_nothing_for_longer_than_it_is_read(panel, qtbot):
    before = panel.canvas.size()
    panel._help.click()
    assert panel._explanation.isVisible()
    assert "loss" in panel._explanation.text.text().lower()
    assert panel.canvas.size() == before
    qtbot.keyClick(panel._explanation, Qt.Key.Key_Escape)
    assert not panel._explanation.isVisible()


def test_that_the_title_is_the_last_thing_cut_and_what_it_hides_is_in_the_menu(panel, qtbot, monkeypatch):
    words = "A title of several words and more"
    monkeypatch.setattr(panel, "heading", lambda: words)
    panel.setMinimumWidth(1)
    panel.resize(640, 300)
    settle(qtbot)
    whole = panel._title.sizeHint().width()
    narrow = whole + 60
    for width, seen in ((narrow, False), (640, True)):
        panel.resize(width, 300)
        settle(qtbot)
        assert panel._help.isVisible() == seen
        assert (panel._title.text(), panel._title.width() >= whole) == (words, True)
        panel._fill_menu()
        assert ("What am I seeing?" in [action.text() for action in panel._menu.actions()]) != seen
    panel.resize(whole, 300)
    settle(qtbot)
    assert panel._title.text().endswith("…")  # and not in the midst of a letter, under the arrow
    assert panel._title.width() >= panel._title.sizeHint().width()
