"""Rules that people who tried the window asked for, each put to the part that keeps it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from app.data.target import TargetChooser
from app.document.document import Document
from app.document.progress_words import progress_parts
from app.document.record import RunRecord
from app.document.run_controls import RunStatus
from app.forms.editor import Context
from app.forms.table import editor_for
from app.language.words import option_of
from app.look.theme import Theme
from app.runs.colours import colours_of
from app.runs.differences import setting_words
from app.runs.library import numbered
from app.shell.help import shortcut_sheet
from app.shell.openable import blank
from app.train.outcome import outcome_words
from app.views.course.remarks import remarks
from app.widgets.notice import Notice
from app.widgets.segments import Segments
from app.widgets.toasts import Toasts
from engine.choices import Problem, fields
from engine.events import Block, Measured, RunEnded
from engine.learning.initializers.scaled import HeNormal
from engine.learning.stopping import NoImprovement
from engine.runs.lists.listing import RunEntry
from tests.app.sample_records import PLANE, record, started


@pytest.mark.parametrize("where", ["box", "words"])
def test_that_one_click_on_a_column_ticks_it_and_the_next_takes_it_back(where: str, qtbot: QtBot) -> None:
    chooser = TargetChooser()
    qtbot.addWidget(chooser)
    chooser.resize(300, 200)
    chooser.show_columns(("width", "species"), ())
    chooser.show()
    told: list[tuple[str, ...]] = []
    chooser.chosen.connect(told.append)
    rect = chooser.list.visualRect(chooser.columns.index(1))
    option = QStyleOptionViewItem()
    chooser.list.initViewItemOption(option)
    option.rect, option.features = rect, QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    box = chooser.style().subElementRect(
        QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, chooser.list
    )
    place = box.center() if where == "box" else QPoint(rect.left() + 60, rect.center().y())
    for _ in range(2):
        qtbot.mouseClick(chooser.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told == [("species",), ()]


def judged(network: float, linear: float, *, ended: bool) -> str:
    made = RunRecord()
    made.apply(started(PLANE))
    blocks = [
        Block(f"validation.{name}", 20, 20, np.array([0.5, 0.7, 0.6], np.float32))
        for name in ("loss", "accuracy")
    ]
    made.apply(Measured(tuple(blocks), 60, 3, 1, 1))
    made.reference = {"logistic": {"accuracy": linear}}
    if ended:
        scores = {"train": {"loss": 0.4, "accuracy": 0.9}, "validation": {"loss": 0.5, "accuracy": network}}
        made.apply(RunEnded("finished", 60, 3, "All 3 epochs are done.", scores))
    return " ".join(f"{remark.title} {remark.detail}" for remark in remarks(made))


def test_that_remarks_describe_the_kept_weights_once_the_run_is_over() -> None:
    assert "Validation accuracy: 0.6" in judged(0.7, 0.5, ended=False)
    said = judged(0.75, 0.5, ended=True)
    assert "Validation accuracy of the kept weights: 0.750" in said
    assert "epoch 1" in said
    assert "On the training part: 0.900" in said


def test_that_losing_to_a_simpler_model_is_said_as_plainly_as_winning() -> None:
    assert "Better than logistic regression" in judged(0.9, 0.8, ended=True)
    assert "Worse than logistic regression" in judged(0.7, 0.8, ended=True)
    assert "As good as logistic regression" in judged(0.8, 0.8, ended=True)
    assert "Not yet better than logistic regression" in judged(0.7, 0.8, ended=False)


def test_that_a_run_without_mistakes_is_not_warned_of_its_gap() -> None:
    made = record(PLANE)
    steps = np.array([0.5, 0.01, 0.001], np.float32)
    made.write(Block("train.loss", 20, 20, steps))
    made.write(Block("validation.loss", 20, 20, 3 * steps))
    made.write(Block("validation.accuracy", 20, 20, np.ones(8, np.float32)))
    assert not any("what it has seen" in remark.title for remark in remarks(made))


def test_that_the_transport_says_how_the_run_ended() -> None:
    made = record(PLANE)
    best = float(made.series["validation.loss"].values.min())
    made.apply(RunEnded("finished", 160, 8, "All epochs are done.", {"validation": {"loss": best}}))
    assert outcome_words(made) == "finished after 00:03 · best epoch 8"
    assert progress_parts(RunStatus(outcome=outcome_words(made))) == [(outcome_words(made), 0)]
    last = RunStatus(run="running", step=100, steps=100, epoch=5, epochs=5)
    assert "working out the scores" in progress_parts(last)[-1][0]
    told = replace(last, words="scores of the test part (67 % done)")
    assert progress_parts(told)[-1] == ("scores of the test part (67 % done)", 0)


def test_that_a_run_keeps_its_number_whatever_becomes_of_others_of_its_name(tmp_path: Path) -> None:
    entries = [
        RunEntry(folder, name, "finished", started=at)
        for folder, name, at in (("c", "Iris", 3.0), ("b", "Wine", 2.0), ("a", "Iris", 1.0))
    ]
    colours = colours_of(tmp_path, entries)
    assert [entry.name for entry in numbered(entries, colours)] == ["Iris #3", "Wine", "Iris #1"]
    later = (replace(entries[0], folder="d", started=9.0), *entries[:2])  # one is gone, another begun
    colours = colours_of(tmp_path, later)
    assert [entry.name for entry in numbered(later, colours)] == ["Iris #4", "Iris #3", "Wine"]


def test_that_what_differs_is_called_as_in_the_forms() -> None:
    experiments = [{"optimizer": {"kind": "adam"}}, {"optimizer": {"kind": "momentum"}}]
    assert setting_words("optimizer.learning_rate", experiments) == "Optimizer · Learning rate η"
    assert setting_words("optimizer.kind", experiments) == "Optimizer"
    assert setting_words("training.batch_size", experiments) == "Training · Batch size"
    assert setting_words("seed", experiments) == "Seed"


def test_that_undo_takes_back_an_entry_that_cannot_be_read() -> None:
    document = Document(blank())
    assert not document.can_undo
    document.set_typed_problems((Problem("name", "must not be empty"),))
    assert document.can_undo
    document.undo()
    assert not document.typed_problems
    assert not document.can_undo


def test_that_an_option_is_called_as_its_explanation_names_it() -> None:
    fan = next(field for field in fields(HeNormal) if field.name == "fan")
    assert [option_of(HeNormal, fan, option) for option in ("in", "out", "larger")] == [
        "Fan in",
        "Fan out",
        "The larger",
    ]


def test_that_an_option_this_computer_lacks_cannot_be_taken(qtbot: QtBot) -> None:
    segments = Segments([("auto", "Auto", ""), ("cuda", "CUDA", "")], "Device")
    qtbot.addWidget(segments)
    segments.refuse("cuda", "no card", "")
    assert not segments._group.button(1).isEnabled()
    assert segments._group.button(1).toolTip() == "no card"


@pytest.fixture
def toasts(theme: Theme, qtbot: QtBot) -> Toasts:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    return Toasts(theme, window)


def test_that_the_same_message_is_shown_once_and_a_new_beginning_clears_them(toasts: Toasts) -> None:
    toasts.say(Notice("The engine ended.", "danger"))
    toasts.say(Notice("The engine ended.", "danger"))
    assert toasts.texts == ("The engine ended.",)
    toasts.clear()
    assert toasts.texts == ()


def test_that_a_message_takes_the_place_of_what_was_said_about_the_same(toasts: Toasts) -> None:
    toasts.say(Notice("Nothing is ready.", "danger"))
    toasts.say(Notice("It could not be saved.", "danger", about="saving"))
    toasts.say(Notice("Saved.", "good", about="saving"))
    assert toasts.texts == ("Nothing is ready.", "Saved.")
    toasts.settle("")
    assert toasts.texts == ("Nothing is ready.", "Saved.")


def test_that_the_shortcut_sheet_names_every_way() -> None:
    sheet = shortcut_sheet()
    assert all(keys in sheet for keys in ("F5 · Ctrl+R", "Ctrl+Y · Ctrl+Shift+Z", "Ctrl+1 … Ctrl+5"))


def test_that_a_new_experiment_has_no_data_chosen() -> None:
    assert getattr(blank().data, "path", None) == ""
    assert blank().data.kind == "table"


def test_that_stopping_rules_offer_the_curves_that_are_measured(theme: Theme, qtbot: QtBot) -> None:
    measured = blank().measured
    assert measured == ("train.loss", "validation.loss", "validation.accuracy", "validation.macro_f1")
    field = next(field for field in fields(NoImprovement) if field.name == "series")
    editor = editor_for(NoImprovement, field, Context(theme, editor_for, measured=measured))
    qtbot.addWidget(editor)
    combo = editor.findChild(QComboBox)
    assert combo is not None
    assert tuple(combo.itemText(place) for place in range(combo.count())) == measured
