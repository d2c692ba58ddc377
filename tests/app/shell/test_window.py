"""The window: commands, pages, guards, drops and what it remembers, with real events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollBar,
    QWidget,
)
from shiboken6 import delete

from app.__main__ import make_window
from app.document.document import DataFacts, Document
from app.document.run_controls import PACES, RunControls
from app.document.runs_meant import TrainedBeside
from app.forms.row import FieldRow
from app.look.resources import RESOURCES
from app.look.settings import SettingsFile
from app.shell.actions import ACTIONS, MENUS
from app.shell.dialogs import Dialogs
from app.shell.help import PAGES as HELP_PAGES
from app.shell.help import page_text, shortcut_sheet
from app.shell.openable import blank
from app.shell.pages import Page
from app.shell.rail import in_lines
from app.shell.status import saved_words
from app.shell.window import MainWindow
from app.shell.workbench import Workbench
from app.start.page import PresetCard, RecentCard, StartPage
from app.widgets.empty import EmptyState
from app.widgets.notice import Notice
from app.widgets.refusals import WHY
from engine.choices import Family, Problem
from engine.experiment import Experiment
from engine.experiment_file import read, write
from engine.learning.metrics import Metric
from engine.tasks.task import Task

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(workbench: Workbench, qtbot: Any) -> MainWindow:
    made = MainWindow(workbench, pages_for(workbench))

    def ask_nothing(_: QWidget) -> None:
        workbench.transport.tell(run="none")
        workbench.document.mark_saved(Path("done.toml"))

    qtbot.addWidget(made, before_close_func=ask_nothing)
    made.show_page("start")
    made.show()
    return made


def pages_for(workbench: Workbench) -> tuple[Page, ...]:
    def empty() -> QWidget:
        return EmptyState(
            workbench.theme, "activity", "Nothing yet", "Press Train.", (("Train", workbench.train),)
        )

    return (
        Page("start", "Start", "house", lambda: StartPage(workbench, RESOURCES / "presets")),
        Page("data", "Data", "database", empty, beside=True),
        Page("train", "Train", "activity", empty, beside=True),
    )


def button(parent: QWidget, name: str) -> QAbstractButton:
    return next(found for found in parent.findChildren(QAbstractButton) if found.accessibleName() == name)


def answer(words: str) -> None:
    """Press the button with these words in the question that comes up next."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(found for found in box.buttons() if found.text() == words).click()

    QTimer.singleShot(0, press)


# --- from the start to a training -----------------------------------------------------------------------


def test_that_two_clicks_lead_from_the_start_to_a_training(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    workbench.transport.tell(engine="ready")
    card = window.findChildren(PresetCard)[0]
    qtbot.mouseClick(card, LEFT)
    assert window.page == "train"
    assert workbench.document.experiment == read(card.preset.path)
    with qtbot.waitSignal(workbench.transport.train_asked):
        qtbot.mouseClick(button(window, "Train"), LEFT)


def test_that_every_preset_is_offered_with_a_title_and_a_sentence(window: MainWindow) -> None:
    cards = window.findChildren(PresetCard)
    assert {card.preset.path for card in cards} == set((RESOURCES / "presets").glob("*.toml"))
    assert all(card.preset.title and card.preset.text for card in cards)


# --- commands ---------------------------------------------------------------------------------------------


def test_that_every_command_is_in_exactly_one_menu_and_shortcuts_are_unique() -> None:
    placed = [key for _, keys in MENUS for key in keys]
    shortcuts = [action.shortcut for action in ACTIONS if action.shortcut]
    assert all(placed.count(action.key) == 1 for action in ACTIONS)
    assert len(shortcuts) == len(set(shortcuts))


def test_that_the_shortcut_sheet_names_every_shortcut() -> None:
    sheet = shortcut_sheet()
    assert all(action.shortcut in sheet for action in ACTIONS if action.shortcut)


@pytest.mark.parametrize("key", HELP_PAGES)
def test_that_every_help_page_has_a_text(key: str) -> None:
    assert page_text(key).startswith("# ")


STEERED = {
    *("run.pause", "run.release", "run.batch", "run.epoch", "run.stop", "run.discard", "run.branch"),
}


@pytest.mark.parametrize(
    ("run", "enabled"),
    [
        ("none", {"run.train", "run.train_paused", "run.finetune"}),
        ("starting", set()),
        ("running", STEERED),
        ("paused", STEERED),
        ("stopping", {"run.discard"}),
        ("discarding", set()),
    ],
)
def test_that_a_run_can_be_steered_only_as_it_stands(
    window: MainWindow, workbench: Workbench, run: str, enabled: set[str]
) -> None:
    workbench.transport.tell(engine="ready", run=run)
    situation = window.situation()
    steering = [action for action in ACTIONS if action.key.startswith("run.")]
    # a further run can be queued at any time
    assert {action.key for action in steering if not action.refused(situation)} == enabled | {"run.queue"}


def test_that_the_pause_button_continues_a_paused_run(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    workbench.transport.tell(engine="ready", run="running")
    with qtbot.waitSignal(workbench.transport.pause_asked):
        qtbot.mouseClick(button(window, "Pause"), LEFT)
    workbench.transport.tell(run="paused")
    with qtbot.waitSignal(workbench.transport.continue_asked):
        qtbot.mouseClick(button(window, "Continue"), LEFT)


def test_that_a_run_is_started_paused_by_its_key_and_held_back_by_a_pace_that_is_remembered(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    workbench.transport.tell(engine="ready")
    with qtbot.waitSignal(workbench.transport.train_asked) as asked:
        qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [True]
    (slow,) = (action for action in window._paces.actions() if action.text() == "5 steps a second")
    with qtbot.waitSignal(workbench.transport.pace_asked) as asked:
        slow.trigger()
    assert PACES[asked.args[0]] == 5
    again = Workbench(
        Document(), RunControls(), SettingsFile(workbench.settings._path), workbench.theme, Dialogs()
    )
    assert again.transport.standing.pace == asked.args[0]


def test_that_while_a_run_takes_edits_up_a_person_chooses_for_which_run_they_count(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    window.show_page("train")
    row = window.column._scope_row
    assert not row.isVisible()
    workbench.transport.tell(run="running", takes_edits=True)
    assert row.isVisible()
    with qtbot.waitSignal(workbench.transport.follow_asked) as asked:
        qtbot.mouseClick(button(row, "Edits count for: the next"), LEFT)
    assert asked.args == [False]
    workbench.transport.tell(run="none", takes_edits=None)
    assert not row.isVisible()


@pytest.mark.parametrize("page", ["start", "data", "train"])
def test_that_train_is_heard_also_where_something_is_missing_and_leads_to_no_empty_run(
    window: MainWindow, workbench: Workbench, qtbot: Any, page: str
) -> None:
    workbench.transport.tell(engine="ready")
    workbench.document.set_found_problems((Problem("data.path", "is not there"),))
    window.show_page(page)
    with qtbot.waitSignal(workbench.transport.train_asked):
        qtbot.keyClick(window, Qt.Key.Key_F5)
    assert window.page == page
    workbench.document.set_found_problems(())
    with qtbot.waitSignal(workbench.transport.train_asked):
        qtbot.keyClick(window, Qt.Key.Key_F5)
    assert window.page == "train"


@pytest.mark.parametrize("path", ["training.epochs", "optimizer.learning_rate", "data.target", "seed"])
def test_that_a_problem_is_led_to_also_from_a_page_that_has_no_column(
    window: MainWindow, path: str, qtbot: Any
) -> None:
    """Who presses Train by its key can type at once what is missing."""
    window._workbench.document.open(blank(), None)
    window.show_page("start")
    window.activateWindow()
    window.reveal(path)
    assert window.column.isVisible()
    section, _, name = path.partition(".")

    def entered() -> bool:
        row = window.focusWidget()
        while row is not None and not isinstance(row, FieldRow):
            row = row.parentWidget()
        return row is not None and row.field == (name or section)

    qtbot.waitUntil(entered)
    assert not name or window.column.form.cards[section].is_open


def test_that_a_problem_of_no_field_opens_its_card(window: MainWindow) -> None:
    window.reveal("training")
    assert window.column.form.cards["training"].is_open


def test_that_a_double_click_on_train_puts_nothing_into_the_queue(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    header, asked = window._header, []
    workbench.queue_asked.connect(lambda: asked.append("queue"))
    workbench.transport.tell(engine="ready")
    place = header._train.mapTo(window, header._train.rect().center())
    workbench.transport.tell(run="starting")
    workbench.transport.tell(run="running")

    def click(how: Callable[..., None]) -> None:
        # at the window, as the system tells of it: the window finds out what lies there
        how(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    click(QTest.mouseClick)
    click(QTest.mouseDClick)
    assert not asked
    assert window.focusWidget() is not header._queue
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    click(QTest.mouseClick)
    assert asked == ["queue"]


def test_that_a_complaint_goes_when_its_cause_does(window: MainWindow, workbench: Workbench) -> None:
    workbench.say("a.toml could not be saved", "danger", "saving")
    workbench.say("b.csv cannot be opened", "danger", "opening")
    workbench.settled.emit("saving")
    assert window.toasts.texts == ("b.csv cannot be opened",)


def test_that_what_is_said_after_the_window_is_gone_harms_nothing(workbench: Workbench, qtbot: Any) -> None:
    window, rooms = make_window(workbench)
    workbench.say("a.csv was opened", about="opening")
    behind = rooms()
    # as at the end of the program: the window goes first, and what stands behind it may still have a word
    delete(window)
    with qtbot.capture_exceptions() as raised:
        behind.watch.reread.emit()
        behind.session.noticed.emit(Notice("The run has ended."))
        behind.session.settled.emit("opening")
        workbench.document.replaced.emit()
    behind.shut_down()
    assert not raised


def test_that_a_page_that_says_where_to_begin_is_entered_there(window: MainWindow) -> None:
    page = window.page_widget("train")
    line = QLineEdit(page)
    line.show()
    page.setFocusProxy(line)
    window.show_page("train")
    assert window.focusWidget() is line


# --- editing ----------------------------------------------------------------------------------------------


def test_that_an_edit_is_undone_and_redone_with_the_keyboard(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    window.show_page("train")
    window.activateWindow()
    line = window.column.form.editors["seed"].findChild(QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "12")
    assert workbench.document.experiment.seed == 12
    qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert workbench.document.experiment.seed == 0
    assert line.text() == "0"
    qtbot.keyClick(line, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert workbench.document.experiment.seed == 12


def test_that_undo_and_redo_say_what_they_take_back(window: MainWindow, workbench: Workbench) -> None:
    document, said = workbench.document, lambda key: window._actions[key].text()
    assert said("edit.undo") == "Undo"
    first = document.experiment
    document.edit(first.replaced(optimizer=first.optimizer.replaced(learning_rate=0.25)))
    assert said("edit.undo") == "Undo: Learning rate 0.003 → 0.25"
    optimizer = Family.every["optimizers"].parse({"kind": "gradient_descent"})
    document.edit(document.experiment.replaced(optimizer=optimizer))
    assert said("edit.undo") == "Undo: Optimizer Adam → Gradient descent"
    document.edit(document.experiment.replaced(seed=5, name="A & B"))
    assert said("edit.undo") == "Undo: Name Untitled → A && B, and 1 more"
    document.undo()
    assert said("edit.redo") == "Redo: Name Untitled → A && B, and 1 more"
    document.set_typed_problems((Problem("seed", "is no number"),))
    assert said("edit.undo") == "Undo: what cannot be read"


def test_that_the_head_counts_what_others_train_and_leads_to_what_is_not_seen(
    window: MainWindow, workbench: Workbench
) -> None:
    transport, header = workbench.transport, window._header
    first, second = (TrainedBeside(f"/runs/{name}", name, "running", 9, 3, 40) for name in ("one", "two"))
    opened: list[Path] = []
    workbench.run_opened.connect(opened.append)
    transport.tell(engine="ready", outcome="finished after 00:04")
    transport.mean(others=(first,))
    assert header._others.text() == "1 trains"
    assert (header._words.text(), header._bar.isHidden()) == ("finished after 00:04", True)
    # the one that is shown is told, and cannot be steered here
    transport.mean(shown="/runs/one")
    assert header._words.text() == "one · epoch 3 of 40 · trained by another process"
    assert (header._others.isHidden(), header._bar.isHidden()) == (True, False)
    assert "Another process" in str(window._actions["run.pause"].property(WHY))
    # a run of this window goes before, with its name
    transport.tell(run="running", run_name="Iris", step=10, steps=100, epoch=1, epochs=10)
    transport.mean(live="/runs/own", name="Iris #2", others=(first, second))
    assert header._words.text().startswith("Iris #2 · epoch 1 of 10")
    assert header._others.text() == "+2 train"
    assert header._pause.toolTip().endswith("It acts upon Iris #2.")
    header._others.click()
    assert opened == [Path("/runs/two")]
    transport.tell(run="none")
    transport.mean(live="", others=())
    assert header._others.isHidden()


def test_that_no_field_moves_when_a_run_begins_is_held_or_ends(
    window: MainWindow, workbench: Workbench
) -> None:
    window.show_page("train")
    column = window.column

    def places() -> list[int]:
        QApplication.processEvents()
        return [card.mapTo(window, QPoint(0, 0)).y() for card in column.form.cards.values()]

    transport = workbench.transport
    before = places()
    transport.tell(engine="ready", run="running", takes_edits=True, left=("seed",))
    assert column._scope_row.isVisible()
    assert column._branch_row.isVisible()
    assert places() == before
    transport.mean(waiting="Digits")
    assert column._waiting.isVisible()
    assert places() == before
    transport.mean(waiting="")
    transport.tell(run="none", takes_edits=None, left=())
    assert places() == before


def test_that_what_is_half_typed_stays_while_another_card_is_edited(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    form = window.column.form
    rate = form.editors["optimizer"].form.editors["learning_rate"].findChild(QLineEdit)  # type: ignore[attr-defined]
    rate.selectAll()
    qtbot.keyClicks(rate, "abc")
    assert [problem.path for problem in workbench.document.problems] == ["optimizer.learning_rate"]
    epochs = form.editors["training"].editors["epochs"].findChild(QLineEdit)  # type: ignore[attr-defined]
    epochs.selectAll()
    qtbot.keyClicks(epochs, "77")
    assert workbench.document.experiment.training.epochs == 77
    assert rate.text() == "abc"
    assert not workbench.document.valid
    workbench.undo()
    assert rate.text() == "0.003"
    assert workbench.document.valid


def test_that_the_count_of_problems_leads_to_the_first(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    window.show_page("train")
    workbench.document.set_found_problems((Problem("training.batch_size", "is too large"),))
    card = window.column.form.cards["training"]
    assert not card.is_open
    qtbot.mouseClick(next(b for b in window.findChildren(QPushButton) if b.text() == "1 problem"), LEFT)
    assert card.is_open


def test_that_saving_tells_what_is_left_out(
    window: MainWindow, workbench: Workbench, tmp_path: Path, qtbot: Any
) -> None:
    workbench.document.open(Experiment(seed=3), tmp_path / "e.toml")
    line = window.column.form.editors["seed"].findChild(QLineEdit)
    line.clear()
    qtbot.keyClicks(line, "x")
    assert workbench.save()
    assert read(tmp_path / "e.toml").seed == 3
    assert any("seed" in text for text in window.toasts.texts)


def test_that_a_problem_of_the_engine_marks_its_card(window: MainWindow, workbench: Workbench) -> None:
    workbench.document.set_found_problems((Problem("training.batch_size", "is too large"),))
    form = window.column.form
    assert form.editors["training"].rows["batch_size"].problem == "Is too large"  # type: ignore[attr-defined]
    assert form.cards["training"].property("wrong") is True
    assert form.cards["data"].property("wrong") is False


# --- files, guards and drops ------------------------------------------------------------------------------


def drop(window: MainWindow, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = LEFT, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(window, event)
    QApplication.processEvents()


def test_that_a_dropped_table_begins_an_experiment_with_it(
    window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text("a,b\n1,2\n")
    drop(window, path)
    experiment = workbench.document.experiment
    assert (experiment.name, experiment.data.kind) == ("flowers", "table")
    assert str(path) in str(experiment.data)
    assert window.page == "data"


def test_that_a_dropped_folder_of_pictures_begins_an_experiment_with_it(
    window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    (tmp_path / "pets" / "cats").mkdir(parents=True)
    (tmp_path / "pets" / "cats" / "1.png").write_bytes(b"")
    drop(window, tmp_path / "pets")
    assert workbench.document.experiment.name == "pets"
    assert str(tmp_path / "pets") in str(workbench.document.experiment.data)


def test_that_a_dropped_experiment_is_opened_and_remembered(
    window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "mine.ravine.toml"
    write(Experiment(name="Mine", seed=5), path)
    drop(window, path)
    assert workbench.document.experiment.seed == 5
    assert workbench.settings.value.recent == (str(path),)
    assert "Mine" in window.windowTitle()


def test_that_data_is_remembered_only_when_it_could_be_read(
    window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    drop(window, path)
    assert workbench.settings.value.recent == ()
    workbench.source_was_read()
    assert workbench.settings.value.recent == (str(path),)


@pytest.mark.parametrize("name", ["empty.csv", "broken.toml"])
def test_that_nothing_is_asked_before_a_file_is_known_to_be_readable(
    window: MainWindow, workbench: Workbench, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(workbench.dialogs, "unsaved", lambda name: asked.append(name) or "cancel")
    workbench.document.edit(workbench.document.experiment.replaced(seed=7))
    (tmp_path / name).write_text("" if name.endswith("csv") else "[[", encoding="utf-8")
    drop(window, tmp_path / name)
    assert asked == []
    assert workbench.settings.value.recent == ()
    assert workbench.document.experiment.seed == 7


def test_that_the_rail_names_both_things_that_its_last_page_is_for() -> None:
    assert in_lines("Test & Predict") == "Test &&\nPredict"
    assert in_lines("Runs") == "Runs"


def test_that_a_dropped_run_is_opened(
    window: MainWindow, workbench: Workbench, tmp_path: Path, qtbot: Any
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "experiment.toml").write_text("")
    with qtbot.waitSignal(workbench.run_opened) as told:
        drop(window, run)
    assert told.args == [run]


@pytest.mark.parametrize("name", ["film.mp4", "broken.toml"])
def test_that_what_cannot_be_opened_is_told_and_changes_nothing(
    window: MainWindow, workbench: Workbench, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text("name = [")
    before = workbench.document.experiment
    drop(window, path)
    assert workbench.document.experiment is before
    assert any(name in text for text in window.toasts.texts)


@pytest.mark.parametrize(("words", "closed"), [("Cancel", False), ("Discard changes", True)])
def test_that_closing_with_unsaved_changes_asks(
    window: MainWindow, workbench: Workbench, words: str, closed: bool
) -> None:
    workbench.document.edit(Experiment(name="edited", seed=7))
    answer(words)
    assert window.close() == closed


def test_that_nothing_is_asked_where_only_the_data_was_chosen(
    window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    (tmp_path / "data.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    workbench.open_source(tmp_path / "data.csv")
    experiment = workbench.document.experiment
    workbench.document.edit(experiment.replaced(data=experiment.data.replaced(target=("b",))))
    assert not marked(window)
    assert window.close()


def marked(window: MainWindow) -> bool:
    """Return whether the window says that something is edited; all of its marks say the same."""
    document = window._workbench.document
    head, star = not window._header._edited.isHidden(), window.isWindowModified()
    assert head == star == (saved_words(document) == "changes not saved")
    return head


@pytest.mark.parametrize("words", ["loss", "metrics", "seed"])
def test_that_what_a_person_has_set_beside_the_data_is_asked_about(
    window: MainWindow, workbench: Workbench, tmp_path: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loss or metrics, too, which follow the data unless a person has set them; presets ask as all."""
    asked: list[str] = []
    monkeypatch.setattr(workbench.dialogs, "unsaved", lambda name: asked.append(name) or "cancel")
    (tmp_path / "data.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    workbench.open_source(tmp_path / "data.csv")
    document = workbench.document
    begun = document.experiment
    document.edit(begun.replaced(data=begun.data.replaced(target=("b",))))
    # the task that the target asks for, and back: loss and metrics follow by themselves
    for kind in ("regression", "classification"):
        document.edit(document.experiment.replaced(task=Task.kinds()[kind]()))
    assert not marked(window)
    assert workbench.may_leave()
    now = document.experiment
    changed = {
        "loss": now.loss.replaced(class_weights="balanced"),
        "metrics": (Metric.kinds()["accuracy"](),),
        "seed": 7,
    }
    document.edit(now.replaced(**{words: changed[words]}))
    assert marked(window)
    write(begun, tmp_path / "preset.toml")
    workbench.open_preset(tmp_path / "preset.toml")
    assert len(asked) == 1


def test_that_saving_from_the_question_saves(
    window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "kept.toml"
    workbench.document.open(Experiment(name="before"), path)
    workbench.document.edit(Experiment(name="after"))
    answer("Save")
    assert window.close()
    assert read(path).name == "after"


@pytest.mark.parametrize(("words", "closed"), [("Go on training", False), ("Close and keep the run", True)])
def test_that_closing_while_training_asks(
    window: MainWindow, workbench: Workbench, words: str, closed: bool
) -> None:
    workbench.transport.tell(engine="ready", run="running", run_name="Digits")
    answer(words)
    assert window.close() == closed
    workbench.transport.tell(run="none")


def test_that_a_place_that_cannot_be_written_is_told_and_the_changes_stay(
    window: MainWindow, workbench: Workbench, tmp_path: Path
) -> None:
    workbench.document.open(Experiment(), tmp_path / "no such folder" / "x" / "e.toml")
    (tmp_path / "no such folder").write_text("a file")
    workbench.document.edit(Experiment(name="edited"))
    assert not workbench.save()
    assert workbench.document.edited
    assert any("could not be saved" in text for text in window.toasts.texts)


# --- what is remembered, and what fits --------------------------------------------------------------------


def test_that_size_cards_and_look_are_there_at_the_next_start(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    window.resize(1000, 700)
    window.column.form.cards["loss"].set_open(True)
    workbench.set_scheme("dark")
    assert window.close()
    settings = SettingsFile(workbench.settings._path)
    again = Workbench(workbench.document, workbench.transport, settings, workbench.theme, workbench.dialogs)
    second = MainWindow(again, pages_for(again))
    qtbot.addWidget(second)
    assert (second.width(), second.height()) == (1000, 700)
    assert second.column.form.cards["loss"].is_open
    assert settings.value.scheme == "dark"


@pytest.mark.parametrize(
    "place", [QRect(500, 560, 1440, 860), QRect(-900, -400, 1024, 640), QRect(300, 90, 900, 650)]
)
def test_that_a_window_left_on_another_screen_comes_back_within_this_one(
    workbench: Workbench, qtbot: Any, place: QRect
) -> None:
    first = MainWindow(workbench, pages_for(workbench))
    qtbot.addWidget(first)
    first.show()
    first.setGeometry(place)
    assert first.close()
    second = MainWindow(workbench, pages_for(workbench))
    qtbot.addWidget(second)
    with qtbot.waitSignal(second.painted):
        second.show()
    room, whole = second.screen().availableGeometry(), second.frameGeometry()
    assert room.left() <= whole.left()
    assert room.top() <= whole.top()
    # no smaller than it can be used, whatever the screen
    assert whole.right() <= room.right() or (whole.left(), second.width()) == (0, second.minimumWidth())
    assert whole.bottom() <= room.bottom() or (whole.top(), second.height()) == (0, second.minimumHeight())


def test_that_a_path_that_never_was_is_told_unlike_one_that_is_gone(
    workbench: Workbench, tmp_path: Path
) -> None:
    said: list[str] = []
    workbench.noticed.connect(lambda notice: said.append(notice.text))
    workbench.open_anything(tmp_path / "tpyed.csv")
    workbench.open_anything(tmp_path / "no folder" / "figures.csv")
    assert "there is no such file or folder" in said[0]
    assert f"there is no folder {tmp_path / 'no folder'}" in said[1]
    gone = tmp_path / "gone.toml"
    workbench.remember(gone)
    workbench.open_anything(gone)
    assert "is not there any more" in said[2]
    assert str(gone) not in workbench.settings.value.recent
    assert not any("any more" in words for words in said[:2])


def test_that_garbage_in_the_remembered_geometry_does_no_harm(workbench: Workbench, qtbot: Any) -> None:
    for kept in ("no base64 !", "AAAA", "é"):
        workbench.settings.change(geometry=kept)
        window = MainWindow(workbench, pages_for(workbench))
        qtbot.addWidget(window)
        assert window.width() >= 800


def test_that_nothing_is_cut_off_on_a_small_screen(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    workbench.transport.tell(
        engine="ready", run="running", step=10, steps=20, epoch=3, epochs=10, steps_per_second=1240.0,
        seconds_left=90.0, device="NVIDIA GeForce RTX 4090 Laptop GPU", memory_used=3 * 10**9,
        memory_total=24 * 10**9,
    )  # fmt: skip
    for card in window.column.form.cards.values():
        card.set_open(True)
    window.show_page("train")
    window.resize(1366, 728)
    qtbot.waitExposed(window)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1366, 728)
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and not widget.isWindow():
            left = widget.mapTo(window, QPoint(0, 0)).x()
            assert left + widget.width() <= 1366, widget
    for found in (*window.findChildren(QAbstractButton), *window.column.findChildren(QLabel)):
        if found.isVisible() and found.minimumSizeHint().width() > 0:
            assert found.width() >= found.minimumSizeHint().width(), found


# --- accessibility ----------------------------------------------------------------------------------------

_FOCUSED: tuple[type[QWidget], ...] = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit,
)  # fmt: skip


def parents(widget: QWidget) -> Iterator[QWidget]:
    while (above := widget.parentWidget()) is not None:
        yield above
        widget = above


def unnamed(root: QWidget) -> list[str]:
    """Return the widgets a person can go to that have neither words nor a name."""
    found: list[str] = []
    for widget in root.findChildren(QWidget):
        inner = isinstance(widget, QScrollBar) or any(
            isinstance(above, QComboBox) for above in parents(widget)
        )
        if not isinstance(widget, _FOCUSED) or inner or "qt_" in widget.objectName():
            continue
        text: Callable[[], str] = widget.text if isinstance(widget, QAbstractButton) else str
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not (widget.accessibleName() or text()):
            found.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
    return found


def test_that_every_widget_that_takes_the_focus_has_a_name(window: MainWindow, workbench: Workbench) -> None:
    for key in ("start", "data", "train"):
        window.show_page(key)
    for name in ("regularizers", "stopping", "metrics"):
        editor = window.column.form.editors[name]
        for kind in editor._family:  # type: ignore[attr-defined]
            editor.add(kind)  # type: ignore[attr-defined]
    workbench.help("keyboard")
    assert unnamed(window) == []


def test_that_the_tab_key_reaches_every_card_of_the_experiment(window: MainWindow, qtbot: Any) -> None:
    window.show_page("train")
    window.activateWindow()
    window.column.form.editors["name"].findChild(QLineEdit).setFocus()
    reached: set[QWidget | None] = set()
    for _ in range(120):
        focused = QApplication.focusWidget()
        reached.add(focused)
        qtbot.keyClick(focused or window, Qt.Key.Key_Tab)
    heads = {card.findChild(QAbstractButton) for card in window.column.form.cards.values()}
    assert heads <= reached


def test_that_enter_presses_the_button_that_has_the_focus(window: MainWindow, qtbot: Any) -> None:
    button = QPushButton("Open", window)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.show()
    window.activateWindow()
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    qtbot.keyClick(button, Qt.Key.Key_Enter)
    assert len(pressed) == 2


def test_that_tab_reaches_the_presets_before_what_is_recent(window: MainWindow, workbench: Workbench) -> None:
    page = window.page_widget("start")
    chain = []
    widget = page.nextInFocusChain()
    while widget is not page:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    presets = [chain.index(card) for card in page.findChildren(PresetCard)]
    recent = page.findChildren(RecentCard)[0]
    assert max(presets) < chain.index(recent)


def test_that_a_drag_over_the_window_says_what_dropping_does(window: MainWindow, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "flowers.csv"))])
    copy, left, nothing = Qt.DropAction.CopyAction, LEFT, Qt.KeyboardModifier.NoModifier
    window.dragEnterEvent(QDragEnterEvent(QPoint(5, 5), copy, data, left, nothing))
    assert window._drop_hint.isVisible()
    assert "flowers.csv" in window._drop_hint.words
    window.dragLeaveEvent(QDragLeaveEvent())
    assert not window._drop_hint.isVisible()


def test_that_a_pressed_button_hands_its_keys_to_no_other_one(
    window: MainWindow, workbench: Workbench, qtbot: Any
) -> None:
    """Whatever the run does next: a second press of Space on Stop & keep threw the run away."""
    workbench.transport.tell(engine="ready")
    header = window._header
    for pressed, states in (
        (header._train, ("starting", "running", "none")),
        (header._queue, ("none", "starting", "running")),
        (header._pause, ("stopping", "none")),
        (header._stop, ("stopping", "none")),
        (header._discard, ("discarding", "none")),
    ):
        workbench.transport.tell(run="none" if pressed is header._train else "running")
        pressed.setFocus()
        assert window.focusWidget() is pressed
        for state in states:
            workbench.transport.tell(run=state)
            assert window.focusWidget() is header
        # Tab goes on from there
        window.focusNextPrevChild(True)
        assert header.isAncestorOf(window.focusWidget())


def test_that_the_page_of_the_data_is_marked_while_readings_are_in_doubt(window: MainWindow) -> None:
    document, button = window._workbench.document, window._rail._buttons["data"]
    document.set_facts(DataFacts(doubts=2))
    assert "2 readings in doubt" in button.toolTip()
    assert button.accessibleDescription() == "2 readings in doubt"
    document.set_facts(DataFacts())
    assert "in doubt" not in button.toolTip()


def test_that_a_setting_is_looked_for_beside_the_page_that_had_the_form_last(window: MainWindow) -> None:
    """From the page of predictions it led to the data, whatever one had come from."""
    for key in ("train", "data", "train"):
        window.show_page(key)
    window.show_page("start")
    window._choose_card()
    assert window.page == "train"
    QApplication.activePopupWidget()
    window.show_page("data")
    window.show_page("start")
    window._choose_card()
    assert window.page == "data"


def test_that_a_dialog_begins_where_the_last_one_ended(
    window: MainWindow, workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = tmp_path / "far"
    far.mkdir()
    (far / "flowers.csv").write_text("a,b\n1,2\n")
    began: list[Path] = []

    def open_data(folder: Path) -> Path:
        began.append(folder)
        return far / "flowers.csv"

    monkeypatch.setattr(workbench.dialogs, "data_to_open", open_data)
    workbench.open_data()
    monkeypatch.setattr(workbench.dialogs, "packed_to_open", lambda folder: began.append(folder))
    workbench.open_packed()
    assert began[1] == far
    assert workbench.settings.value.dialog_folder == str(far)
    far.rename(tmp_path / "away")
    workbench.open_packed()
    assert began[2].is_dir()


def test_that_who_closes_is_asked_once_for_all_runs_that_end_with_the_window(
    window: MainWindow, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(
        workbench.dialogs, "close_while_training", lambda name, count: bool(asked.append((name, count)))
    )
    workbench.trained_beside = lambda: 1
    assert not window.close()
    workbench.transport.tell(run="running", run_name="Digits")
    assert not window.close()
    assert asked == [("A run", 1), ("Digits", 2)]
    workbench.transport.tell(run="none")
    workbench.trained_beside = lambda: 0


def test_that_a_dialog_begins_where_data_was_picked_last_and_never_beside_runs(
    workbench: Workbench, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "flowers.csv").write_text("a,b\n1,2\n")
    run = workbench.runs_folder / "0001-flowers"
    run.mkdir(parents=True)
    workbench.remember(folder / "flowers.csv")
    # a run that was begun is among the recent ones, the first of them
    workbench.remember(run)
    assert workbench.dialog_folder() == folder
    # data that was dropped and could be read was picked, too
    other = tmp_path / "other"
    other.mkdir()
    (other / "trees.csv").write_text("a,b\n1,2\n")
    workbench.settings.change(dialog_folder=str(folder))
    workbench.open_source(other / "trees.csv")
    workbench.source_was_read()
    assert workbench.dialog_folder() == other
