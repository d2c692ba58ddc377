"""The Tab key goes as the eye does: region by region, from above down, each stop seen."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.look.resources import RESOURCES
from app.look.tab_order import move_focus, stops_of
from app.shell.pages import Page
from app.shell.window import MainWindow
from app.shell.workbench import Workbench
from app.start.page import StartPage
from app.widgets.empty import EmptyState
from engine.experiment import Experiment


@pytest.fixture
def window(workbench: Workbench, qtbot: Any) -> MainWindow:
    def empty() -> QWidget:
        return EmptyState(
            workbench.theme, "activity", "Nothing yet", "Press Train.", (("Train", workbench.train),)
        )

    pages = (
        Page("start", "Start", "house", lambda: StartPage(workbench, RESOURCES / "presets")),
        Page("train", "Train", "activity", empty, beside=True),
    )
    made = MainWindow(workbench, pages)
    qtbot.addWidget(made, before_close_func=lambda _: workbench.document.mark_saved(None))
    made.resize(1440, 900)
    made.show_page("train")
    made.show()
    qtbot.waitExposed(made)
    return made


def tabbed(window: MainWindow, qtbot: Any, times: int, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    found = []
    for _ in range(times):
        qtbot.keyClick(window.focusWidget() or window, key)
        found.append(window.focusWidget())
    return found


def alone(found: list[QWidget]) -> list[QWidget]:
    """Leave out buttons of which one is chosen: they are one stop together, as Qt has it."""
    return [one for one in found if not (isinstance(one, QAbstractButton) and one.group() is not None)]


def at(widget: QWidget, window: QWidget) -> QPoint:
    return widget.mapTo(window, QPoint(0, 0))


def test_that_every_stop_is_reached_once_and_then_again_from_the_first(
    window: MainWindow, qtbot: Any
) -> None:
    stops = stops_of(window)
    single = alone(stops)
    single[0].setFocus()
    went = alone(tabbed(window, qtbot, len(stops)))
    assert went[: len(single)] == [*single[1:], single[0]]


def test_that_tab_goes_into_the_page_that_was_gone_to_and_past_one_that_has_no_stop(qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    above, page, inside, below = QPushButton("above"), QWidget(), QPushButton("in"), QPushButton("below")
    column = QVBoxLayout(window)
    for widget in (above, page, below):
        column.addWidget(widget)
    QVBoxLayout(page).addWidget(inside)
    page.setMinimumHeight(40)
    page.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    window.show()
    page.setFocus()
    move_focus(window, forward=True)
    assert window.focusWidget() is inside
    inside.hide()
    for forward, next_stop in ((True, below), (False, above)):
        page.setFocus()
        move_focus(window, forward=forward)
        assert window.focusWidget() is next_stop


@pytest.mark.parametrize("goes", [lambda one: one.setEnabled(False), lambda one: one.hide()])
@pytest.mark.parametrize("forward", [True, False])
def test_that_a_button_that_goes_hands_its_keys_to_no_other_one(
    window: MainWindow, qtbot: Any, goes: Callable[[QWidget], None], forward: bool
) -> None:
    """Space after Stop & keep threw the run away: the focus had gone to the button beside it."""
    for button in [one for one in stops_of(window) if isinstance(one, QAbstractButton)]:
        button.setFocus()
        goes(button)
        here = window.focusWidget()
        assert not isinstance(here, QAbstractButton), (button.text(), here)
        assert here is not None
        assert here.isAncestorOf(button)
        # Tab goes on from there
        move_focus(window, forward=forward)
        assert window.focusWidget() in stops_of(window)
        button.setEnabled(True)
        button.show()


def test_that_back_is_the_way_there_reversed(window: MainWindow, qtbot: Any) -> None:
    stops = stops_of(window)
    there = alone(stops)
    there[3].setFocus()
    # one more than there are: the pages of the rail are one stop on the way
    assert alone(tabbed(window, qtbot, 4, Qt.Key.Key_Backtab))[:3] == there[2::-1]


def test_that_inside_a_form_the_order_is_from_above_down(window: MainWindow) -> None:
    for card in window.column.form.cards.values():
        card.set_open(True)
    window.column.resize(window.column.width(), 5000)
    places = [at(stop, window) for stop in stops_of(window.column)]
    rows = [place.y() for place in places]
    assert len(rows) > 20
    backwards = [(one, other) for one, other in itertools.pairwise(rows) if other < one - 12]
    assert not backwards


def test_that_from_a_page_tab_goes_into_the_page(window: MainWindow, qtbot: Any) -> None:
    window.show_page("start")
    page = window.page_widget("start")
    found = tabbed(window, qtbot, 1)[0]
    assert page.isAncestorOf(found)


def test_that_the_start_page_begins_with_what_stands_first(window: MainWindow, qtbot: Any) -> None:
    window.show_page("start")
    stops = stops_of(window.page_widget("start"))
    assert at(stops[0], window).y() == min(at(stop, window).y() for stop in stops)


def test_that_what_gets_the_focus_is_scrolled_into_sight(window: MainWindow, qtbot: Any) -> None:
    for card in window.column.form.cards.values():
        card.set_open(True)
    qtbot.wait(20)
    below = alone(stops_of(window.column))[-3:]
    below[0].setFocus()
    for _ in range(len(stops_of(window.column))):
        tabbed(window, qtbot, 1)
        here = window.focusWidget()
        assert not here.visibleRegion().isEmpty()


@pytest.mark.parametrize("mode", ["SingleSelection", "ExtendedSelection", "ContiguousSelection"])
def test_that_a_list_that_gets_the_focus_by_key_shows_where_arrows_go_on(mode: str, qtbot: Any) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    lines, button = QListWidget(), QPushButton("Next")
    lines.addItems(["one", "two", "three"])
    lines.setSelectionMode(QAbstractItemView.SelectionMode[mode])
    column.addWidget(button)
    column.addWidget(lines)
    holder.show()
    qtbot.waitExposed(holder)
    button.setFocus()
    move_focus(holder, forward=True)
    assert holder.focusWidget() is lines
    assert [item.text() for item in lines.selectedItems()] == ["one"]
    qtbot.keyClick(lines, Qt.Key.Key_Down)
    assert [item.text() for item in lines.selectedItems()] == ["two"]
    move_focus(holder, forward=False)
    move_focus(holder, forward=True)
    assert [item.text() for item in lines.selectedItems()] == ["two"], "what was chosen stays"


def test_that_a_part_of_its_name_leads_to_every_card_and_setting(window: MainWindow, qtbot: Any) -> None:
    window.show_page("start")  # where the experiment is not beside it
    window._choose_card()
    assert window.column.isVisible()
    column = window.column
    for card in column.form.cards.values():
        chooser = column.choose()
        qtbot.keyClicks(chooser.line, card.title)
        assert chooser.shown[0].name == card.title
        chooser.close()
    optimizer = column.form.cards["optimizer"]
    chooser = column.choose()
    qtbot.keyClicks(chooser.line, "optimiz")
    qtbot.keyClick(chooser.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: optimizer.body.isAncestorOf(window.focusWidget() or window))
    assert optimizer.is_open
    top = optimizer.mapTo(column, QPoint(0, 0)).y()
    assert 0 <= top < column.height() / 2
    assert len(stops_of(optimizer.body)) > 2
    chooser = column.choose()
    qtbot.keyClicks(chooser.line, "batch si")
    qtbot.keyClick(chooser.line, Qt.Key.Key_Return)
    size = column.form.editors["training"].rows["batch_size"]  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: size.isAncestorOf(window.focusWidget() or window))
    assert size.mapTo(column, QPoint(0, 0)).y() < column.height()


def test_that_no_letter_typed_while_choosing_changes_a_setting(window: MainWindow, qtbot: Any) -> None:
    column, document = window.column, window._workbench.document
    window.show_page("train")
    column.go_to("optimizer")
    qtbot.waitUntil(lambda: column.form.cards["optimizer"].body.isAncestorOf(window.focusWidget() or window))
    before = document.experiment
    chooser = column.choose()
    for letters in ("s", "adam", "zzz", "0.1", "training"):
        qtbot.keyClicks(QApplication.activePopupWidget().focusWidget(), letters)
    assert chooser.shown == ()
    assert chooser._none.isVisible()
    qtbot.keyClick(chooser.line, Qt.Key.Key_Return)  # nothing is found: it goes nowhere
    assert document.experiment == before
    chooser = column.choose()
    qtbot.keyClicks(chooser.line, "data")
    qtbot.keyClick(chooser.line, Qt.Key.Key_Down)
    assert chooser.list.currentRow() == 1
    qtbot.keyClick(chooser.line, Qt.Key.Key_Escape)
    assert not chooser.isVisible()
    assert document.experiment == before


def test_that_another_experiment_is_shown_from_its_beginning(window: MainWindow, qtbot: Any) -> None:
    window.column.go_to("optimizer")
    scrolled = window.column._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: scrolled.value() > 0)
    window._workbench.document.open(Experiment(name="Another"), None)
    assert scrolled.value() == 0
