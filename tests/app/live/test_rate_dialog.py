"""The dialog of the learning-rate range test, with a real engine: curve, suggestion, one click, giving up."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.link.engine_link import EngineLink
from app.look.theme import Theme
from app.train.rate_dialog import RateDialog, readouts
from app.views.drawing import Nothing, Plot
from tests.app.live.conftest import iris

PATIENCE = 60_000


@pytest.fixture
def document() -> Document:
    made = Document()
    made.open(iris(), None)
    return made


@pytest.fixture
def dialog(document: Document, engine: EngineLink, theme: Theme, qtbot: QtBot) -> RateDialog:
    made = RateDialog(theme, document, engine, None, None)
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_the_suggested_rate_is_taken_with_one_click_and_undone(
    dialog: RateDialog, document: Document, qtbot: QtBot
) -> None:
    before = document.experiment
    dialog.begin()
    assert not dialog.take.isEnabled()
    qtbot.waitUntil(lambda: isinstance(dialog.canvas.drawing, Plot), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not dialog.under_way, timeout=PATIENCE)
    shown, found = dialog.canvas.drawing, dialog.found
    assert isinstance(shown, Plot)
    assert shown.x.log
    assert found is not None
    assert found.suggested is not None
    assert found.suggested in [upright.x for upright in shown.uprights]
    (told,) = readouts(found, found.suggested)
    assert shown.y.low <= (told.y or 0) <= shown.y.high
    dialog.take.click()
    assert document.experiment.optimizer.learning_rate == pytest.approx(found.suggested, rel=0.05)
    document.undo()
    assert document.experiment == before


def test_that_a_test_is_given_up_and_begun_anew(dialog: RateDialog, qtbot: QtBot) -> None:
    dialog.begin()
    dialog.turn.click()
    assert not dialog.under_way
    assert isinstance(dialog.canvas.drawing, Nothing)
    dialog.turn.click()
    assert dialog.under_way
    qtbot.waitUntil(lambda: not dialog.under_way, timeout=PATIENCE)
    assert dialog.take.isEnabled()


def test_that_an_optimizer_that_finds_its_rate_says_so(
    dialog: RateDialog, document: Document, qtbot: QtBot
) -> None:
    values = document.experiment.model_dump()
    document.edit(type(document.experiment).model_validate({**values, "optimizer": {"kind": "prodigy"}}))
    dialog.begin()
    qtbot.waitUntil(lambda: not dialog.under_way, timeout=PATIENCE)
    assert "by itself" in dialog.words.text()
    assert not dialog.take.isEnabled()
