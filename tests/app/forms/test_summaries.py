"""What a card says of itself in one line."""

from __future__ import annotations

from app.forms.summary import summary
from app.language.words import title_of
from engine.experiment import Training


def test_that_a_choice_within_is_said_only_where_it_was_made() -> None:
    assert summary(Training()) == "batch size 32 · epochs 30 · weights kept best"
    balanced = Training.model_validate({"sampling": {"kind": "balanced"}})
    assert title_of(type(balanced.sampling)) in summary(balanced)
