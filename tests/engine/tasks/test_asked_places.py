"""Only hidden tokens are answered for: the numbers are those of answering everywhere."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Family
from engine.data.about import About
from engine.data.description import IGNORED, Inputs, Outputs
from engine.learning.losses.classes import CrossEntropy
from engine.tasks.masking import asked_places, masked
from engine.tasks.places import losses_of, marks

TOKENS = Inputs("tokens", (14,), vocabulary=30)
EVERY: dict[str, Any] = {kind: choice() for kind, choice in Family.every["architectures"].items()}
PLACES = [
    kind
    for kind, choice in EVERY.items()
    if "place" in choice.forms and "tokens" in choice.accepts
    if not choice.problems(About(TOKENS, form="place"))
]


def texts() -> torch.Tensor:
    torch.manual_seed(4)
    found = torch.randint(5, 30, (6, 14))
    for row, length in enumerate((14, 9, 1, 3, 11, 2)):
        found[row, length:] = 0
    return found


@pytest.mark.parametrize("kind", PLACES)
def test_that_answers_where_asked_are_those_of_answering_everywhere(kind: str) -> None:
    network = EVERY[kind].build(TOKENS, Outputs(30, "place", 14)).eval()
    shown, truth = masked(texts(), 30, drawn=False)
    places, asked = asked_places(truth)
    with torch.no_grad():
        few, every = network(shown, places), network(shown)
    loss = CrossEntropy()
    torch.testing.assert_close(losses_of(loss, few, asked), losses_of(loss, every, truth))
    torch.testing.assert_close(marks(few, asked).sum(1), marks(every, truth).sum(1))


@given(st.lists(st.lists(st.booleans(), min_size=7, max_size=7), min_size=1, max_size=5))
def test_that_every_asked_place_is_kept_once_and_none_is_added(rows: list[list[bool]]) -> None:
    counted = torch.tensor(rows)
    truth = torch.arange(7).expand_as(counted).where(counted, IGNORED)
    places, asked = asked_places(truth)
    assert places is not None
    assert places.shape[1] == max(1, int(counted.sum(1).max()))
    for row, (found, right) in enumerate(zip(asked.tolist(), rows, strict=True)):
        assert sorted(value for value in found if value != IGNORED) == [
            p for p, yes in enumerate(right) if yes
        ]
        assert len(set(places[row].tolist())) == places.shape[1]
