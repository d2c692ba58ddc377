"""Descriptions in lists are told in as many lines as they need, three at most."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics

from app.look.theme import Theme
from app.widgets.two_lines import wrapped
from engine import experiment  # noqa: F401 - fills the families
from engine.choices import Family


@pytest.mark.parametrize("width", [60, 200, 404])
def test_that_no_line_is_wider_than_its_room_and_no_word_is_lost_but_at_the_end(
    theme: Theme, width: int
) -> None:
    metrics = QFontMetrics(theme.font("small"))
    text = "The network learns from what it got wrong, a little at a time and over again, until it stops"
    lines = wrapped(text, metrics, width)
    assert len(lines) <= 3
    assert all(metrics.horizontalAdvance(line) <= width for line in lines)
    said = " ".join(lines)
    assert said == text or (said.endswith("…") and text.startswith(said[:-1].rstrip()))


def test_that_every_choice_is_described_whole(theme: Theme) -> None:
    metrics = QFontMetrics(theme.font("small"))
    texts = [choice.text().summary for family in Family.every.values() for choice in family.values()]
    cut = [text for text in texts if wrapped(text, metrics, 404)[-1].endswith("…")]
    assert not cut
