"""The dialog of the largest batch that fits, with a real engine: sizes, suggestion, one click, giving up."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.link.engine_link import EngineLink
from app.look.theme import Theme
from app.train.batch_dialog import BatchDialog, drawing, readouts, verdict
from app.views.drawing import Nothing, Plot
from engine.training.finding.sizes_tried import SizesTried, SizeTried
from tests.app.live.samples import iris

PATIENCE = 60_000


@pytest.fixture
def document() -> Document:
    made = Document()
    made.open(iris(), None)
    return made


@pytest.fixture
def dialog(document: Document, engine: EngineLink, theme: Theme, qtbot: QtBot) -> BatchDialog:
    made = BatchDialog(theme, document, engine, None)
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_a_size_is_taken_with_one_click_and_undone(
    dialog: BatchDialog, document: Document, qtbot: QtBot
) -> None:
    before = document.experiment
    dialog.begin()
    assert not dialog.take.isEnabled()
    qtbot.waitUntil(lambda: not dialog.under_way, timeout=PATIENCE)
    found = dialog.found
    assert found is not None
    assert found.largest == found.most
    assert found.suggested is not None
    shown = dialog.canvas.drawing
    assert isinstance(shown, Plot)
    assert found.suggested in [upright.x for upright in shown.uprights]
    dialog.take.click()
    assert document.experiment.training.batch_size == found.suggested
    document.undo()
    assert document.experiment == before


def test_that_a_search_is_given_up_and_begun_anew(dialog: BatchDialog, qtbot: QtBot) -> None:
    dialog.begin()
    dialog.turn.click()
    assert not dialog.under_way
    assert isinstance(dialog.canvas.drawing, Nothing)
    dialog.turn.click()
    assert dialog.under_way
    qtbot.waitUntil(lambda: not dialog.under_way, timeout=PATIENCE)
    assert dialog.take.isEnabled()


def found_with(card: bool, why: str = "over") -> SizesTried:
    each = {1: 9.0, 2: 5.0, 4: 3.0, 8: 2.1, 16: 2.0, 32: 2.2}
    tried = tuple(SizeTried(size, size * 10**6, size * time / 1e3, True) for size, time in each.items())
    return SizesTried((*tried, SizeTried(64, 64 * 10**6, 0.0, False)), 40 * 10**6, 500, card, why)


def test_that_the_verdict_says_what_speaks_for_a_size_and_what_it_costs() -> None:
    processor, card = (verdict(found_with(card=card), 4) for card in (False, True))
    assert "save no time" in processor
    assert "Suggested: 8." in processor
    # of 500 examples
    assert "Steps an epoch: 63 instead of 125" in processor
    assert "save no time" not in card
    assert "Suggested: 32." in card
    assert "instead" not in verdict(found_with(card=True), 32)
    assert "instead" not in verdict(found_with(card=True), "all")
    none = SizesTried((SizeTried(1, 10, 0.0, False),), 5, 100, False, "not enough")
    assert verdict(none, 4) == "not enough"


def test_what_is_drawn_and_told() -> None:
    shown = drawing(found_with(card=False), 16)
    assert isinstance(shown, Plot)
    assert [(upright.x, upright.text) for upright in shown.uprights] == [
        (16, "present 16"),
        (8, "suggested 8"),
        (64, "too large"),
    ]
    (time, memory) = readouts(found_with(card=False), 7.0)
    assert "8 examples" in time.name
    assert memory.value == "8 MB"
    assert time.y == pytest.approx(2.1)


def test_that_the_largest_has_a_button_of_its_own_where_another_is_suggested(
    dialog: BatchDialog, document: Document
) -> None:
    dialog.found = found_with(card=False)
    dialog._dress()
    assert dialog.take_largest.isVisible()
    dialog.take_largest.click()
    assert document.experiment.training.batch_size == 32


def test_that_a_larger_batch_is_not_what_enter_takes(dialog: BatchDialog, document: Document) -> None:
    """Of 840 rows one batch was taken, as the window proposed, and the network learnt next to nothing."""
    training = document.experiment.training
    document.edit(document.experiment.replaced(training=training.replaced(batch_size=4)))
    dialog.found = found_with(card=False)
    dialog._dress()
    assert dialog.keep.text() == "Keep 4"
    assert (dialog.keep.property("role"), dialog.take.property("role")) == ("primary", "")
    # where the present size does not fit, the other is the way out
    document.edit(document.experiment.replaced(training=training.replaced(batch_size=64)))
    dialog._dress()
    assert (dialog.keep.property("role"), dialog.take.property("role")) == ("", "primary")
