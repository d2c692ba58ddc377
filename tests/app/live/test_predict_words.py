"""Predicting texts and courses with the real engine and real widgets."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from app.document.record import RunRecord
from app.modalities.wanted import Wanted
from app.predict.page import PredictPage
from app.views.drawing import BarList, Matrix, Nothing, Passages, Plot
from engine.experiment import Experiment
from engine.inference.results import Begun
from tests.app.live.samples import PATIENCE
from tests.app.live.test_predict_page import answered, page, trained
from tests.engine.text_data import write_all

__all__ = ["page", "trained"]
Train = Callable[[Experiment], RunRecord]


def experiment(folder: Path, name: str, task: str, architecture: str) -> Experiment:
    values: dict[str, Any] = {
        "name": name,
        "data": write_all(folder / "data")[name],
        "task": {"kind": task},
        "architecture": {"kind": architecture},
        "training": {"epochs": 1, "batch_size": 16, "device": "cpu"},
    }
    if task != "forecasting":
        values["preprocessing"] = {"tokenizer": "words", "length": 16, "vocabulary": 100}
    return Experiment.model_validate(values)


def typed(page: PredictPage, qtbot: QtBot, text: str) -> None:
    page._found = None
    with qtbot.waitSignal(page.texts.edited, timeout=PATIENCE):
        page.texts.box.setPlainText(text)
    answered(page, qtbot)


def test_that_typed_texts_are_classified_line_by_line_and_a_file_of_them_the_same(
    trained: Train, page: PredictPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.set_record(trained(experiment(tmp_path, "reviews", "classification", "lstm")))
    assert page.texts.isVisible()
    typed(page, qtbot, "the film was great\n\na dull story\nunheard")
    words = page.answer.words.drawing
    assert isinstance(words, Passages)
    assert len(words.passages) == 3
    assert "unheard" in page.answer.warning.text()
    assert isinstance(page.bars.drawing, BarList)
    shares = page._found.values.tolist()  # type: ignore[union-attr]
    page.texts.lines.setChecked(False)
    qtbot.waitUntil(lambda: len(page.answer.words.drawing.passages) == 1, timeout=PATIENCE)  # type: ignore[attr-defined]
    file = tmp_path / "new.txt"
    file.write_text("the film was great\na dull story\nunheard\n", encoding="utf-8")
    page.predict_file(file)
    qtbot.waitUntil(page.files.save.isEnabled, timeout=PATIENCE)
    assert page.files.found is not None
    assert page.files.found.values.tolist() == shares
    page.files.save_predictions(tmp_path / "saved.csv")
    with (tmp_path / "saved.csv").open(encoding="utf-8-sig", newline="") as saved:
        header, *lines = csv.reader(saved)
    assert header[:2] == ["text", "prediction"]
    assert [line[0] for line in lines] == file.read_text(encoding="utf-8").splitlines()


def test_that_a_text_appears_while_it_is_written_and_stays_when_it_is_stopped(
    trained: Train, page: PredictPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.set_record(trained(experiment(tmp_path, "corpus", "language_modelling", "transformer_decoder")))
    typed(page, qtbot, "the film was")
    assert page._found is not None
    assert isinstance(page._found.behind[0], Begun)
    assert isinstance(page.bars.drawing, BarList)
    assert page.answer.words.isHidden(), "nothing is written before it is asked for"
    form = page.texts._form
    assert form is not None
    form.editors["length"].show_value(2000)
    form._edited("length", "")
    qtbot.waitUntil(lambda: page._asking == 0, timeout=PATIENCE)
    page.texts.write.click()
    assert page.texts.stop.isEnabled()
    assert not page.texts._soon.isActive(), "what was edited just before does not end the writing"
    qtbot.waitUntil(lambda: isinstance(page.answer.words.drawing, Passages), timeout=PATIENCE)
    page.texts.stop.click()
    assert page._asking == 0
    assert not page.texts.stop.isEnabled()
    so_far = page.answer.words.drawing
    assert isinstance(so_far, Passages)
    assert 3 < len(so_far.passages[0].words) < 2003
    form.editors["length"].show_value(5)
    form._edited("length", "")
    qtbot.waitUntil(lambda: page._asking == 0, timeout=PATIENCE)
    assert page.answer.words.drawing == so_far, "what is written stays while settings are changed"
    before = page.texts.draw
    page.texts.again.click()
    qtbot.waitUntil(page.texts.write.isEnabled, timeout=PATIENCE)
    assert page.texts.draw == before + 1
    assert isinstance(page.answer.words.drawing, Passages)
    assert len(page.answer.words.drawing.passages[0].words) <= 8


def test_that_a_translation_shows_where_it_looked_and_tags_stand_at_their_words(
    trained: Train, page: PredictPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.set_record(trained(experiment(tmp_path, "pairs", "translation", "transformer")))
    typed(page, qtbot, "cat sees house")
    assert isinstance(page.bars.drawing, Matrix | Nothing)
    assert isinstance(page.answer.words.drawing, Passages)
    assert page.answer.words.drawing.passages[0].title == "cat sees house"
    page.set_record(trained(experiment(tmp_path, "tagged", "tagging", "rnn")))
    answered(page, qtbot)
    assert page._found is not None
    assert page._found.words == (("cat", "sees", "house"),), "what is typed stays for the next run"


def test_that_a_forecast_follows_the_data_by_itself_and_can_be_saved(
    trained: Train, page: PredictPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.set_record(trained(experiment(tmp_path, "timeline", "forecasting", "lstm")))
    qtbot.waitUntil(page.files.save.isEnabled, timeout=PATIENCE)
    assert isinstance(page.bars.drawing, Plot)
    assert page.files.predictions.rowCount() == 4
    page.files.save_predictions(tmp_path / "saved.csv")
    assert len((tmp_path / "saved.csv").read_text(encoding="utf-8-sig").splitlines()) == 5
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n" + "1,2\n" * 40, encoding="utf-8")
    page.predict_file(wrong)
    qtbot.waitUntil(lambda: page._asking == 0 and page.answer.problem.isVisible(), timeout=PATIENCE)
    assert "load" in page.answer.problem.text()


def test_that_every_task_of_texts_says_what_to_type(page: PredictPage) -> None:
    hints = set()
    for task in (
        "classification",
        "tagging",
        "language_modelling",
        "masked_language_modelling",
        "translation",
    ):
        page.texts.ask_for(Wanted(tab="texts", task=task))
        hints.add(page.texts.box.accessibleName())
    assert len(hints) == 5
