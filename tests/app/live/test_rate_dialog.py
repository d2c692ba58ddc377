"""The dialog of the learning-rate range test, with a real engine: curve, suggestion, one click, giving up."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.link.engine_link import EngineLink
from app.look.theme import Theme
from app.painters.curves import curve_pen
from app.painters.ink import Ink
from app.train.rate_dialog import RateDialog, drawing, readouts, verdict
from app.views.drawing import Nothing, Plot
from engine.training.finding.tried import RatesTried, Span
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
    assert before.optimizer.learning_rate in [upright.x for upright in shown.uprights]
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


def fallen(low: float) -> RatesTried:
    """Return a test whose loss falls up to a rate and then leaves all bounds."""
    rates = Span().rates
    at = np.log10(rates) - np.log10(low)
    losses = np.where(at < 0, 1 - 0.9 * np.clip((at + 3) / 3, 0, 1), 0.1 + 5 * at)
    return RatesTried(rates[rates < 8 * low], losses[rates < 8 * low], Span(), 0, "over", True)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (0.05, "above the present rate"),
        (0.5, "cannot tell which of them is better"),
        (2.0, "cannot tell which of them is better"),
        (5.0, "cannot tell that it is better"),
        (100.0, "too high"),
    ],
)
def test_that_the_verdict_says_how_the_suggestion_stands_to_the_present_rate(times: float, said: str) -> None:
    tried = fallen(0.1)
    assert tried.suggested is not None
    present = tried.suggested * times
    words = verdict(tried, present)
    assert said in words
    assert f"{present:g}" in words
    shown = drawing(tried, present)
    assert isinstance(shown, Plot)
    assert any(upright.x == present and "present" in upright.text for upright in shown.uprights)


def test_that_the_lines_of_the_legend_look_unlike_each_other(theme: Theme) -> None:
    shown = drawing(fallen(0.1), 0.01)
    assert isinstance(shown, Plot)
    pens = [curve_pen(curve, Ink(theme)) for curve in shown.curves if curve.legend]
    looks = {(pen.color().rgba(), pen.widthF(), tuple(pen.dashPattern())) for pen in pens}
    assert len(looks) == len(pens) == 2
