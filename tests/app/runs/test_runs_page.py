"""The runs page over folders in every state."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.document.run_reading import read_run
from app.look.tab_order import move_focus
from app.look.theme import Theme
from app.runs.columns import columns, duration
from app.runs.library import Library
from app.runs.model import RunsModel
from app.runs.naming import NameDialog
from app.runs.page import RunsPage
from app.runs.queue import RunQueue
from app.runs.rows import RunRow, mark_tested, read_details, thinned
from app.runs.scores import score_lines
from app.runs.strip import SHOWN, RunsStrip
from engine.runs.folder import RunFolder
from engine.runs.lists.label import Label
from engine.runs.lists.listing import read_entry
from tests.app.runs.folders import run
from tests.patience import PATIENCE_MILLISECONDS as PATIENCE


def row_of(folder: RunFolder) -> RunRow:
    entry = read_entry(folder.path)
    return RunRow(entry, read_details(entry))


def select(page: RunsPage, name: str) -> None:
    for line in range(page.model.rowCount()):
        if page.model.index(line, 0).data() == name:
            page.table.selectRow(line)
            return
    raise AssertionError(f"no run {name!r} in the table")


def test_that_a_folder_without_runs_says_what_to_do(make_page: Callable[[], RunsPage]) -> None:
    assert make_page()._stack.currentIndex() == 1


def test_that_whole_half_and_damaged_folders_are_all_listed(
    make_page: Callable[[], RunsPage], runs: Path
) -> None:
    run(runs, "Whole")
    half = run(runs, "Half", state="running")
    half.history.unlink()
    damaged = run(runs, "Damaged")
    damaged.status.write_bytes(b"\x00\xff")
    damaged.history.write_bytes(b"no database")
    (runs / "stranger").mkdir()
    page = make_page()
    states = {row.entry.name: row.entry.state for row in page.model.rows}
    assert len(states) == 4
    assert states["Whole"] == "finished"
    assert states["Half"] == "interrupted"
    assert states["stranger"] == "failed"


def test_that_the_table_says_what_was_chosen_and_how_good_it_was(runs: Path) -> None:
    row = row_of(run(runs, "Iris", falling=2.0))
    assert (row.architecture, row.optimizer) == ("MLP 32-32", "Adam 0.003")
    assert math.isclose(row.best, 0.2, rel_tol=1e-6)
    assert row.score("validation") == ("accuracy", 0.95)
    assert len(row.details.curve) == 10  # type: ignore[union-attr]


def test_that_test_scores_are_hidden_until_they_were_asked_for(runs: Path) -> None:
    folder = run(runs)
    assert row_of(folder).scores("test") == {}
    mark_tested(folder)
    assert row_of(folder).scores("test")["accuracy"] == 0.95


def test_that_the_model_keeps_qts_rules_while_runs_come_and_go(runs: Path, theme: Theme) -> None:
    model = RunsModel(theme)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    entries = [read_entry(run(runs, name).path) for name in ("A", "B", "C")]
    model.set_rows([RunRow(entry) for entry in entries])
    model.set_ticked([entries[0].folder])
    model.add_details([(entries[0].folder, read_details(entries[0]))])
    model.set_rows([RunRow(entry) for entry in entries[1:]])
    assert model.ticked == ()


def test_that_the_filter_keeps_the_rows_that_hold_every_word(
    make_page: Callable[[], RunsPage], runs: Path
) -> None:
    run(runs, "Wine", optimizer="momentum")
    run(runs, "Iris", optimizer="momentum")
    run(runs, "Iris adam")
    page = make_page()
    page.filter.setText("momentum iris")
    assert [page.model.index(line, 0).data() for line in range(page.model.rowCount())] == ["Iris"]


def test_that_sorting_by_loss_puts_unknown_losses_last(make_page: Callable[[], RunsPage], runs: Path) -> None:
    run(runs, "Bad", falling=5.0)
    run(runs, "Good", falling=0.5)
    nothing = run(runs, "Nothing", state="running")
    nothing.history.unlink()
    nothing.status.unlink()
    page = make_page()
    page.table.sortByColumn(4, Qt.SortOrder.AscendingOrder)
    names = [page.model.index(line, 0).data() for line in range(3)]
    assert names[:2] == ["Good", "Bad"]


def test_that_what_differs_is_never_cut_off_by_long_names(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    one = run(runs, "Digits, convolutional, as in the lesson of the second week #1")
    other = run(runs, "Digits, convolutional, as in the lesson of the second week #2", optimizer="momentum")
    page = make_page()
    page.tick((str(other.path), str(one.path)))
    table = page.comparison.settings
    qtbot.waitUntil(lambda: table.columnCount() == 3 and table.item(0, 2) is not None, timeout=PATIENCE)
    for place in range(3):
        assert table.columnWidth(place) >= table.sizeHintForColumn(place)
    assert table.columnWidth(1) < 300


def test_that_ticked_runs_are_compared_in_the_order_and_by_the_names_of_the_table(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    one, other = run(runs, "One"), run(runs, "Other", optimizer="momentum")
    page = make_page()
    page.tick((str(other.path), str(one.path)))
    comparison = page.comparison
    assert comparison.isVisible()
    qtbot.waitUntil(lambda: len(comparison._records) == 2, timeout=PATIENCE)
    heads = [comparison.settings.horizontalHeaderItem(place).text() for place in range(3)]
    shown = [page.model.index(line, 0).data() for line in range(2)]
    assert heads == ["Setting", *shown]
    page.table.sortByColumn(
        0, Qt.SortOrder.DescendingOrder if shown[0] == "Other" else Qt.SortOrder.AscendingOrder
    )
    named = page.model.row_of(str(one.path))
    assert named is not None
    page._labels.keep([named], lambda before: Label("Wide"))

    def renewed() -> bool:
        return [comparison.settings.horizontalHeaderItem(place).text() for place in (1, 2)] == [
            page.model.index(line, 0).data() for line in range(2)
        ] and "Wide" in {record.name.partition(" ")[0] for record in comparison._records.values()}

    qtbot.waitUntil(renewed, timeout=PATIENCE)
    assert page.model.index(0, 0).data() != shown[0]
    paths = [comparison.settings.item(line, 0).text() for line in range(comparison.settings.rowCount())]
    assert "Optimizer" in paths


def test_that_a_click_on_the_swatch_ticks_the_run(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    folder = run(runs, "One")
    page = make_page()
    rect = page.table.visualRect(page.model.index(0, 0))
    place = rect.topLeft() + (rect.bottomLeft() - rect.topLeft()) / 2
    place.setX(rect.left() + 14)
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.model.ticked == (str(folder.path),)
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert page.model.ticked == ()


def test_that_only_runs_that_can_go_on_offer_resume(make_page: Callable[[], RunsPage], runs: Path) -> None:
    run(runs, "Done")
    run(runs, "Cut", state="running")
    page = make_page()
    select(page, "Done")
    assert not page._buttons["resume"].isEnabled()
    select(page, "Cut")
    assert page._buttons["resume"].isEnabled()


def test_that_a_run_is_thrown_away_only_after_a_yes(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runs.library.thrown_away", lambda path: shutil.rmtree(path) is None)
    folder = run(runs, "Done")
    page = make_page()
    select(page, "Done")
    page._buttons["delete"].click()
    assert page._question.isVisible()
    assert folder.path.exists()
    page._question.delete()
    assert not folder.path.exists()
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=PATIENCE)


def test_that_nothing_outside_the_folder_of_runs_is_thrown_away(
    runs: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    runs.mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (runs / "link").symlink_to(outside)
    library = Library(runs)
    assert library.discard(str(outside)) != ""
    assert library.discard(str(runs / "link")) == ""
    assert outside.exists()
    assert not (runs / "link").is_symlink()
    qtbot.wait(1)


def test_that_a_read_run_is_as_its_folder_says(runs: Path) -> None:
    record = read_run(run(runs, "Iris").path)
    assert (record.name, record.state, record.step, record.epoch) == ("Iris", "finished", 50, 10)
    assert record.facts.classes == ("x", "y")
    assert len(record.series["loss"]) == 50
    assert "test" not in record.scores


def test_that_the_best_score_of_each_line_is_marked_whichever_way_is_better(runs: Path) -> None:
    rows = [row_of(run(runs, "A")), row_of(run(runs, "B", state="stopped", falling=1.0))]
    lines = {one.name: one.best for one in score_lines([[row] for row in rows])}
    assert lines["validation · Loss"] == {1}
    assert lines["validation · Accuracy"] == {0}


def test_that_the_strip_shows_the_newest_runs_alone(runs: Path, theme: Theme, qtbot: QtBot) -> None:
    for place in range(SHOWN + 2):
        run(runs, f"Run {place}")
    library = Library(runs)
    strip = RunsStrip(theme, library)
    qtbot.addWidget(strip)
    library.refresh()
    qtbot.waitUntil(lambda: strip.model.rowCount() == SHOWN, timeout=PATIENCE)


def test_that_a_double_click_or_return_opens_a_run_of_the_strip_once(
    runs: Path, theme: Theme, qtbot: QtBot
) -> None:
    folder = run(runs, "Run")
    library = Library(runs)
    strip = RunsStrip(theme, library)
    qtbot.addWidget(strip)
    strip.resize(900, 200)
    library.refresh()
    qtbot.waitUntil(lambda: strip.model.rowCount() == 1, timeout=PATIENCE)
    strip.show()
    opened: list[str] = []
    strip.open_asked.connect(opened.append)
    table = strip.table
    place = table.visualRect(strip.model.index(0, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == [str(folder.path)]
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened == [str(folder.path)] * 2


def test_that_thinning_keeps_short_series_and_bounds_long_ones() -> None:
    import numpy as np

    assert thinned(np.array([1.0, math.nan, 3.0])) == (1.0, 3.0)
    long = thinned(np.arange(1000.0))
    assert len(long) == 64
    assert math.isclose(sum(long) / 64, 499.5, rel_tol=0.02)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "00:00"), (75.4, "01:15"), (3723, "1:02:03"), (math.nan, "–")]
)
def test_that_times_read_like_clocks(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_that_a_score_says_which_it_is_and_whether_it_is_the_last(
    make_page: Callable[[], RunsPage], runs: Path
) -> None:
    run(runs, "Done")
    live = run(runs, "Live", state="finished")
    row = row_of(live)
    column = next(column for column in columns() if column.name == "validation")
    assert column.text(row) == "Accuracy 95.0\u202f%"
    assert (
        column.text(RunRow(replace(row.entry, state="running"), row.details)) == "Accuracy 95.0\u202f% so far"
    )
    assert "kept weights" in column.meaning


def test_that_a_test_score_never_seen_says_so(runs: Path) -> None:
    folder = run(runs)
    column = next(column for column in columns() if column.name == "test")
    assert column.text(row_of(folder)) == "not looked at"
    mark_tested(folder)
    assert column.text(row_of(folder)) == "Accuracy 95.0\u202f%"


def test_that_a_run_leads_to_its_test(make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot) -> None:
    folder = run(runs, "Done")
    run(runs, "Cut", state="running")
    page = make_page()
    select(page, "Cut")
    assert not page._buttons["predict"].isEnabled()
    select(page, "Done")
    with qtbot.waitSignal(page.predict_asked) as asked:
        page._buttons["predict"].click()
    assert asked.args == [str(folder.path)]


def test_that_only_a_run_with_kept_weights_is_offered_for_fine_tuning(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    kept = run(runs, "Kept")
    run(runs, "Broken", state="failed")
    page = make_page()
    select(page, "Broken")
    assert not page._buttons["finetune"].isEnabled()
    select(page, "Kept")
    with qtbot.waitSignal(page.finetune_asked) as asked:
        page._buttons["finetune"].click()
    assert asked.args == [str(kept.path)]


def test_that_a_run_is_named_and_noted_by_hand_and_found_by_both(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    run(runs, "Iris")
    run(runs, "Wine")
    page = make_page()
    select(page, "Wine")
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    asked = page.findChild(NameDialog)
    assert asked is not None
    assert (asked.name.text(), asked.name.placeholderText()) == ("", "Wine")
    asked.name.setText("  Base ")
    asked.note.setPlainText("the one to beat")
    asked.accept()
    qtbot.waitUntil(lambda: "Base" in [row.entry.name for row in page.model.rows], timeout=PATIENCE)
    for words in ("base", "BEAT one"):
        page.filter.setText(words)
        assert [page.model.index(line, 0).data() for line in range(page.model.rowCount())] == ["Base"]
    select(page, "Base")
    tip = page.model.index(0, 0).data(int(Qt.ItemDataRole.ToolTipRole))
    assert "the one to beat" in tip


def test_that_a_name_that_cannot_be_kept_is_told(
    make_page: Callable[[], RunsPage], runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(runs, "Iris")
    page, said = make_page(), []
    page.failed.connect(said.append)
    row = page.model.rows[0]
    shutil.rmtree(row.folder)
    page._labels.keep([row], lambda before: Label("Base"))
    assert len(said) == 1
    assert "Iris" in said[0]


def test_that_who_comes_by_the_keyboard_filters_and_walks_the_runs_and_tab_goes_into_the_page(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    for name in ("One", "Two", "Three"):
        run(runs, name)
    page = make_page()
    page.setFocus()
    assert page.focusWidget() is page.filter
    qtbot.keyClicks(page.filter, "two")
    qtbot.keyClick(page.filter, Qt.Key.Key_Down)
    assert page.focusWidget() is page.table
    assert [row.entry.name for row in page.selected] == ["Two"]
    page.setFocus()
    move_focus(page, forward=True)
    stop = page.focusWidget()
    assert stop is not None
    assert stop not in (page.filter, page.table)


@pytest.mark.parametrize(("key", "left"), [(Qt.Key.Key_Return, 2), (Qt.Key.Key_Escape, 3)])
def test_that_runs_are_deleted_by_the_keyboard_and_the_focus_stays_with_the_runs(
    key: Qt.Key, left: int, make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name in ("One", "Two", "Three"):
        run(runs, name)
    monkeypatch.setattr("app.runs.library.thrown_away", lambda path: not shutil.rmtree(path))
    page = make_page()
    page.table.setFocus()
    select(page, "Two")
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    asked = page.focusWidget()
    assert asked is not None
    assert page._question.isAncestorOf(asked)
    qtbot.keyClick(asked, key)
    assert page._question.isHidden()
    assert page.focusWidget() is page.table
    qtbot.waitUntil(lambda: page.model.rowCount() == left, timeout=PATIENCE)


@pytest.mark.parametrize("width", [1340, 1000])
def test_that_the_table_of_runs_does_not_scroll_sideways_and_what_gave_way_is_told(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot, width: int
) -> None:
    """At 1440 × 900 it was wider than its page by a hand."""
    for name in ("A run with quite a long name", "Another"):
        run(runs, name)
    page = make_page()
    page.resize(width, 760)
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=PATIENCE)
    table, columns = page.table, page.model.columns
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0, timeout=PATIENCE)
    # else it could never become so narrow that its buttons give up their words
    assert page.minimumSizeHint().width() < width
    gone = [column for place, column in enumerate(columns) if table.isColumnHidden(place)]
    assert bool(gone) == (width < 1300)
    assert all(column.spare for column in gone)
    assert all(column.title in page._hint.text() for column in gone)
    for place, column in enumerate(columns):
        if place and column not in gone and column.name != "curve":
            assert table.columnWidth(place) >= table.sizeHintForColumn(place)


def test_that_a_column_that_is_sorted_by_or_was_widened_by_hand_keeps_its_room(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot
) -> None:
    run(runs, "Only")
    page = make_page()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=PATIENCE)
    names = [column.name for column in page.model.columns]
    seed, best = names.index("seed"), names.index("best")
    page.table.sortByColumn(seed, Qt.SortOrder.AscendingOrder)
    page.table.horizontalHeader().resizeSection(best, 171)
    page.resize(1000, 760)
    assert not page.table.isColumnHidden(seed)
    assert page.table.columnWidth(best) == 171


def test_that_the_strip_says_how_many_runs_stand_in_the_queue(runs: Path, theme: Theme, qtbot: QtBot) -> None:
    strip = RunsStrip(theme, Library(runs))
    qtbot.addWidget(strip)
    strip.tell_queue(3)
    link = next(button for button in strip.findChildren(QPushButton) if "3" in button.text())
    assert not link.isHidden()
    with qtbot.waitSignal(strip.all_asked):
        link.click()
    strip.tell_queue(0)
    assert link.isHidden()


def test_that_a_column_that_comes_back_has_room_for_its_head(
    make_page: Callable[[], RunsPage], runs: Path
) -> None:
    run(runs, "Iris")
    page = make_page()
    page.resize(1600, 760)
    table = page.table
    table.fit()
    before = [table.columnWidth(place) for place in range(len(page.model.columns))]
    for place in range(1, len(before)):
        table.setColumnHidden(place, True)
    table.fit()
    assert [table.columnWidth(place) for place in range(len(before))] == before


def test_that_ticking_moves_no_button(make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot) -> None:
    folder = run(runs, "Iris")
    page = make_page()

    def places() -> list[int]:
        head = [page._all, *page._buttons._buttons.values()]
        return [one.mapTo(page, one.rect().topLeft()).x() for one in head]

    before, width = places(), page.filter.width()
    page.tick((str(folder.path),))
    qtbot.wait(1)
    assert (places(), page.filter.width()) == (before, width)


@pytest.mark.parametrize("width", [929, 1000, 1021, 1100, 1369])
def test_that_nothing_in_the_head_lies_over_anything_else(
    make_page: Callable[[], RunsPage], runs: Path, qtbot: QtBot, width: int
) -> None:
    """The box of the filter lay below Open once the count beside it had become longer."""
    folders = [run(runs, f"Iris {place}") for place in range(12)]
    page = make_page()
    page.resize(width, 600)
    qtbot.wait(1)
    for filtered, ticked in (("", False), ("nothing of the sort", False), ("Iris", True), ("Iris 3", True)):
        page.filter.setText(filtered)
        page.tick(tuple(str(folder.path) for folder in folders) if ticked else ())
        qtbot.wait(1)
        head = [page._head.itemAt(place).widget() for place in range(page._head.count())]
        seen = sorted((one for one in head if one is not None and one.isVisible()), key=lambda one: one.x())
        ends = [(one.geometry().right(), other.geometry().left()) for one, other in pairwise(seen)]
        assert all(right < left for right, left in ends)
        assert all(one.width() >= one.minimumSizeHint().width() for one in seen)
        assert seen[-1].mapTo(page, seen[-1].rect().topRight()).x() < page.width()
        assert ("No run fits" in page._hint.text()) == (filtered == "nothing of the sort")


def test_that_a_queue_that_outlives_the_strip_meets_nobody(theme: Theme, runs: Path, qtbot: QtBot) -> None:
    library = Library(runs)
    queue, strip = RunQueue(library, lambda: True), RunsStrip(theme, library)
    strip.follow(queue)
    assert strip._queue.isHidden()
    shiboken6.delete(strip)
    with qtbot.captureExceptions() as raised:
        queue.changed.emit()
    assert not raised
