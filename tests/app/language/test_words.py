"""Words in another language: a data file is all it takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.forms.summary import summary
from app.language.sentences import sentence, sentence_of
from app.language.words import (
    Catalogue,
    help_of,
    label_of,
    languages,
    option_of,
    read_language,
    summary_of,
    title_of,
    tr,
)
from app.runs.differences import differences
from engine.augmentations.images import Shift
from engine.choices import Field, Message, Problem, Record, fields, joined
from engine.experiment import Experiment, Training
from engine.learning.optimizers.adam import Adam, AdamW

MADE_UP = """
name = "虚构"
[screen]
"Train" = "训练"
"{count} problems" = "{count} 个问题"
"{file} has {count} rows; {why}" = "{why}: {file} 有 {count} 行"
"they are blank" = "空"
"yes" = "是"
"{count} lines" = "{lines} 行"
[choices.optimizers.adam]
title = "亚当"
summary = "自适应"
[choices.optimizers.learning_rate]
label = "学习率"
[choices.optimizers.adamw.learning_rate]
label = "速率"
[choices.augmentations.shift.most]
line = "移动 {value} 像素"
[choices.training.keep.options.best]
label = "最好"
"""


@pytest.fixture
def foreign(qapp: QApplication, tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "zh_CN.toml").write_text(MADE_UP, encoding="utf-8")
    catalogue = Catalogue(read_language(tmp_path, "zh_CN"))
    qapp.installTranslator(catalogue)
    yield tmp_path
    qapp.removeTranslator(catalogue)


def field(record: type[Record], name: str) -> Field:
    return next(found for found in fields(record) if found.name == name)


def test_that_the_words_of_a_language_file_are_shown(foreign: Path) -> None:
    assert tr("Train") == "训练"
    assert tr("{count} problems", count=3) == "3 个问题"
    assert title_of(Adam) == "亚当"
    assert summary_of(Adam) == "自适应"
    assert summary(Shift(most=4)) == "移动 4 像素"
    assert option_of(Training, field(Training, "keep"), "best") == "最好"


def test_that_a_field_is_named_for_the_family_unless_its_kind_says_otherwise(foreign: Path) -> None:
    assert label_of(Adam, field(Adam, "learning_rate")) == "学习率"
    assert label_of(AdamW, field(AdamW, "learning_rate")) == "速率"


def test_that_what_a_language_leaves_out_is_english(foreign: Path) -> None:
    assert tr("Pause") == "Pause"
    assert title_of(AdamW) == AdamW.title
    assert help_of(Adam, field(Adam, "learning_rate")) == field(Adam, "learning_rate").setting.help


def test_that_languages_are_found_by_their_files_and_broken_ones_passed_over(foreign: Path) -> None:
    (foreign / "broken.toml").write_text("name = ", encoding="utf-8")
    assert languages(foreign) == {"en": "English", "zh_CN": "虚构"}
    assert read_language(foreign, "broken") == {}


def test_that_without_a_language_everything_is_english(qapp: QApplication) -> None:
    assert tr("Train") == "Train"
    assert label_of(Adam, field(Adam, "learning_rate")) == "Learning rate"


def test_that_a_message_of_the_engine_is_said_with_its_values_in_the_order_of_the_language(
    foreign: Path,
) -> None:
    why = Message("they are blank")
    assert (
        tr(Message("{file} has {count} rows; {why}", file="a.csv", count=3, why=why)) == "空: a.csv 有 3 行"
    )


def test_that_a_language_that_names_other_values_is_not_heeded(foreign: Path) -> None:
    assert tr(Message("{count} lines", count=3)) == "3 lines"
    assert tr(Message("{count} columns", count=3)) == "3 columns"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("the first row is taken for data", "The first row is taken for data"),
        (Message("{name}: 3 cells are odd", name="income"), "income: 3 cells are odd"),
        (
            Message("{said} left out", said=Message("the row below the names is")),
            "The row below the names is left out",
        ),
        (joined("; ", Message("{name} is odd", name="iPhone"), "so it goes"), "iPhone is odd; so it goes"),
        (Message("{count} rows", count=3), "3 rows"),
    ],
)
def test_that_a_sentence_begins_with_a_large_letter_and_a_name_as_it_is(message: str, shown: str) -> None:
    assert sentence_of(message) == shown
    assert sentence(Problem("", message)) == shown


def test_that_what_differs_between_runs_is_told_in_it(foreign: Path) -> None:
    runs = [{"augment": {"flip": True}}, {"augment": {"flip": False}}]
    assert [one.values for one in differences(runs)] == [("是", "no")]


def test_that_a_problem_calls_its_field_as_the_form_does() -> None:
    experiment = Experiment.model_validate({"name": "a", "data": {"kind": "table", "path": "a.csv"}})
    problem = Problem("data.path", "is not there")
    assert sentence(problem, experiment) == "File: is not there"
    assert sentence(problem) == "Path: is not there"
    assert sentence(Problem("data.gone.0", "is odd"), experiment) == "Gone: is odd"
