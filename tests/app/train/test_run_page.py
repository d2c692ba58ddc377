"""The rules of the run page: views that suit the run, probes of what is seen, a remembered arrangement."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.run_controls import RunStatus
from app.look.theme import Theme
from app.panels.panel import ViewPanel
from app.train.page import RunPage, first_views, fitting, views
from app.views.course.curves import CurvesView
from app.views.drawing import Nothing, Plot
from app.views.predictions.confusion import ConfusionView
from engine.events import Block, Facts
from engine.probes.image_predictions import ImagePredictions
from tests.app.sample_records import (
    COURSE,
    EVERY,
    HEIGHTS,
    IMAGES,
    LINE,
    PAIRS,
    PLANE,
    SOUNDS,
    TABLE,
    TEXTS,
    WRITING,
    record,
)
from tests.patience import PATIENCE_MILLISECONDS

LABELS = Facts("vector", (9,), (), "labels", ("kind",), ("a", "b"), task="multi_label")


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> RunPage:
    made = RunPage(theme)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def probes(page: RunPage) -> set[str]:
    return {probe.kind for probe in page.watched()}


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (IMAGES, "image_predictions"),
        (PLANE, "decision_surface"),
        (HEIGHTS, "decision_surface"),
        (LINE, "fitted_curve"),
        (TABLE, "predicted_against_true"),
        (Facts("vector", (13,), (), "classes", ("cultivar",), ("1", "2", "3")), "class_probabilities"),
    ],
)
def test_that_predictions_are_shown_as_it_suits_the_data(page, facts, kind):
    page.set_record(record(facts))
    assert page.panels["main"].view.kind == "curves"
    assert page.panels["side"].view.kind == kind
    assert all(panel.view.kind in {kind.kind for kind in fitting(facts)} for panel in page.panels.values())


@pytest.mark.parametrize("facts", [*EVERY, LABELS, Facts()], ids=str)
def test_that_every_panel_has_something_else_to_show(facts):
    for planned in (False, True):
        shown = list(first_views(facts, planned=planned).values())
        assert len({view.model_dump_json() for view in shown}) == len(shown) == 5


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        (TEXTS, ["curves", "text_predictions", "confusion", "attention_maps", "remarks"]),
        (SOUNDS, ["curves", "class_probabilities", "confusion", "recurrent_states", "remarks"]),
        (WRITING, ["curves", "generated_texts", "curves", "attention_maps", "remarks"]),
        (PAIRS, ["curves", "translations", "curves", "attention_maps", "remarks"]),
        (COURSE, ["curves", "forecasts", "curves", "layers", "remarks"]),
        (PLANE, ["curves", "decision_surface", "confusion", "layers", "remarks"]),
    ],
)
def test_that_a_network_shows_what_it_has_of_its_own(facts, kinds):
    assert [view.kind for view in first_views(facts).values()] == kinds


def test_that_before_a_run_the_network_has_the_most_room_and_gives_it_to_the_loss(page):
    page.expect(TEXTS)
    assert page.panels["main"].view.kind == "architecture"
    page.set_record(record(TEXTS))
    assert page.panels["main"].view == CurvesView()


def test_that_without_a_run_every_panel_says_what_to_do(page):
    page.set_record(None)
    assert all(isinstance(panel.drawing, Nothing) for panel in page.panels.values())


def test_that_the_page_gets_ready_for_the_data_before_there_is_a_run(page):
    page.expect(PLANE)
    assert page.panels["side"].view.kind == "decision_surface"
    page.set_record(record(LINE))
    page.expect(PLANE)
    assert page.panels["side"].view.kind == "fitted_curve"


def test_that_only_probes_of_panels_that_are_seen_are_watched(page, qtbot):
    page.set_record(record(IMAGES))
    assert probes(page) == {"image_predictions", "confusion", "gradient_norms"}
    with qtbot.waitSignal(page.watch) as told:
        page.set_shown("left", False)
    assert {probe.kind for probe in told.args[0]} == {"image_predictions", "gradient_norms"}
    with qtbot.waitSignal(page.watch) as told:
        page.hide()
    assert told.args[0] == ()
    with qtbot.waitSignal(page.watch):
        page.show()
    assert probes(page) == {"image_predictions", "gradient_norms"}


def test_that_an_option_that_changes_the_probe_is_watched_anew(page, qtbot):
    page.set_record(record(IMAGES))
    with qtbot.waitSignal(page.watch) as told:
        page.panels["side"]._choose("order", "newest")
    assert ImagePredictions(order="newest", count=25) in told.args[0]


def test_that_a_panel_can_fill_the_page_and_go_back(page):
    page.set_record(record(IMAGES))
    main = page.panels["main"]
    page.maximise(main)
    assert [slot for slot, panel in page.panels.items() if panel.isVisible()] == ["main"]
    assert probes(page) == set()
    page.maximise(main)
    assert all(panel.isVisible() for panel in page.panels.values())


def test_that_the_last_panel_stays_and_hidden_ones_come_back(page):
    for slot in page.panels:
        page.set_shown(slot, False)
    assert [slot for slot, panel in page.panels.items() if panel.isVisible()] == ["right"]
    page.panels["right"].show_all_asked.emit()
    assert all(panel.isVisible() for panel in page.panels.values())


def test_that_what_grows_is_drawn_by_itself(page, qtbot):
    made = record(IMAGES)
    page.set_record(made)
    before = page.panels["main"].drawing
    made.write(Block("loss", 161, 1, np.array([0.1, 0.2], np.float32)))
    qtbot.waitUntil(lambda: page.panels["main"].drawing is not before, timeout=PATIENCE_MILLISECONDS)


def test_that_runs_lie_over_each_other_where_a_view_can(page):
    page.set_records((record(IMAGES, name="first"), record(IMAGES, name="second")))
    drawing = page.panels["main"].drawing
    assert isinstance(drawing, Plot)
    assert {curve.name.split(" ")[0] for curve in drawing.curves} == {"first", "second"}


def test_that_the_arrangement_is_remembered(page, qtbot, theme):
    page.set_record(record(PLANE))
    page.set_shown("right", False)
    page.panels["side"]._pick(ConfusionView(numbers="percent"))
    page.panels["main"]._choose("smoothing", 0.25)
    other = RunPage(theme)
    qtbot.addWidget(other)
    other.resize(1000, 600)
    other.show()
    other.arrange(page.arrangement())
    other.set_record(record(PLANE))
    assert other.panels["side"].view == ConfusionView(numbers="percent")
    assert other.panels["main"].view == CurvesView(smoothing=0.25)
    assert other.panels["right"].isHidden()
    other.set_record(record(LINE))
    assert other.panels["side"].view.kind == "fitted_curve"


ODD = {
    "sizes": [[0], "x"],
    "hidden": [3, "left"],
    "options": {"curves": {"log": 9}},
    "chosen": {"vector 2 classes": {"side": {"kind": "gone"}, "main": 7}, "x": 1},
}


@pytest.mark.parametrize(
    "remembered",
    ["", "no json", "[]", "{}", json.dumps(ODD), '{"sizes": 5, "hidden": 7, "options": [], "chosen": 1}'],
)
def test_that_an_arrangement_that_cannot_be_read_changes_nothing_much(page, remembered):
    page.arrange(remembered)
    page.set_record(record(PLANE))
    assert page.panels["side"].view.kind == "decision_surface"
    assert page.panels["main"].view == CurvesView()


def test_that_every_view_can_be_chosen_in_every_slot(page):
    for facts in EVERY:
        page.set_record(record(facts))
        for panel in page.panels.values():
            for kind in fitting(facts):
                panel.set_view(kind())
    assert {kind.kind for kind in views()} >= {"curves", "confusion", "layers", "remarks"}


def test_that_one_view_in_two_panels_has_its_options_in_both(page, qtbot):
    page.set_record(record(PLANE))
    one, other = page.panels["side"], page.panels["left"]
    other._pick(type(one.view)())
    one._choose("points", False)
    assert not other.view.points
    buttons = [other._option_row.itemAt(at).widget() for at in range(other._option_row.count())]
    lit = {button.text(): button.isChecked() for button in buttons if button.isCheckable()}
    assert lit["Points"] is False


def test_that_every_series_of_a_run_can_be_drawn_on_its_page(page):
    page.set_record(record(PLANE))
    panel = page.panels["main"]
    panel._fill_title_menu()
    offered = [action.text() for action in panel._title_menu.actions()]
    assert {"Loss", "Learning rate", "Accuracy"} <= set(offered)


def test_that_plots_of_the_same_epochs_are_zoomed_together(page: RunPage, qtbot: QtBot) -> None:
    page.set_record(record(IMAGES))
    main, side, left = (page.panels[slot] for slot in ("main", "side", "left"))
    side.set_view(CurvesView(quantity="accuracy"))
    left.set_view(CurvesView(across="steps"))
    qtbot.wait(40)
    steps = part(left)
    qtbot.keyClick(main.canvas.shown, Qt.Key.Key_Plus)
    qtbot.wait(40)
    assert part(side) == part(main) != (0.0, 8.0)
    assert part(left) == steps
    qtbot.keyClick(side.canvas.shown, Qt.Key.Key_0)
    qtbot.wait(40)
    assert part(side) == part(main) == (0.0, 8.0)


def test_that_a_standing_told_again_draws_nothing(page: RunPage) -> None:
    """It is told several times a second; panels are drawn in turn, and no more often than they may."""
    made = record(IMAGES)
    page.set_record(made)
    standing = RunStatus(run="running")
    page.follow(standing)
    drawn = page.panels["main"].drawing
    made.write(Block("loss", 161, 1, np.array([0.5], np.float32)))
    page.follow(standing)
    assert page.panels["main"].drawing is drawn


def part(panel: ViewPanel) -> tuple[float, float]:
    assert isinstance(panel.drawing, Plot)
    return panel.drawing.x.low, panel.drawing.x.high
