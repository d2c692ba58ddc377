"""Masking: the shares of Devlin et al.; drawn in training, a function of the text in evaluation."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import pad

from engine.tasks.masking import masked

VOCABULARY = 1005
MASK, IGNORED = 4, -1


def many(rows: int = 400, length: int = 100) -> Tensor:
    return torch.randint(5, VOCABULARY, (rows, length), generator=torch.Generator().manual_seed(3))


def near(found: float, share: float, count: int) -> bool:
    """Whether a share of `count` is within four standard deviations of what it should be."""
    return abs(found - share) < 4 * (share * (1 - share) / count) ** 0.5


@pytest.mark.parametrize("drawn", [True, False])
def test_that_shares_are_those_of_the_paper(drawn: bool) -> None:
    torch.manual_seed(0)
    texts = many()
    shown, truth = masked(texts, VOCABULARY, drawn)
    asked = truth != IGNORED
    count = int(asked.sum())
    assert near(count / texts.numel(), 0.15, texts.numel())
    hidden, kept = (shown == MASK)[asked], (shown == texts)[asked]
    assert near(float(hidden.double().mean()), 0.8, count)
    assert near(float(kept.double().mean()), 0.1, count)
    assert torch.equal(truth[asked], texts[asked])
    assert torch.equal(shown[~asked], texts[~asked])
    replaced = shown[asked][~hidden & ~kept]
    assert replaced.min() >= 5
    assert replaced.max() < VOCABULARY
    assert len(replaced.unique()) > 300


@pytest.mark.parametrize("drawn", [True, False])
@given(rows=st.lists(st.lists(st.integers(0, 30), min_size=8, max_size=8), min_size=1, max_size=4))
def test_that_special_tokens_are_never_asked_for_and_every_text_with_others_is_asked_for_one(
    drawn: bool, rows: list[list[int]]
) -> None:
    texts = torch.tensor(rows)
    shown, truth = masked(texts, 31, drawn)
    ordinary = texts >= 5
    assert (truth[~ordinary] == IGNORED).all()
    assert torch.equal(shown[~ordinary], texts[~ordinary])
    assert torch.equal((truth != IGNORED).any(1), ordinary.any(1))


def test_that_training_hides_others_at_every_step_and_the_same_for_the_same_seed() -> None:
    texts = many(4)
    torch.manual_seed(7)
    first, second = masked(texts, VOCABULARY, True)[1], masked(texts, VOCABULARY, True)[1]
    torch.manual_seed(7)
    again = masked(texts, VOCABULARY, True)[1]
    assert not torch.equal(first, second)
    assert torch.equal(first, again)


def test_that_evaluation_draws_nothing_and_sees_neither_neighbours_nor_padding() -> None:
    texts = many(20, 12)
    state = torch.random.get_rng_state()
    shown, truth = masked(texts, VOCABULARY, False)
    assert torch.equal(torch.random.get_rng_state(), state)
    for row, text in enumerate(texts):
        alone, own = masked(pad(text[None], (0, 9)), VOCABULARY, False)
        assert torch.equal(alone[0, :12], shown[row])
        assert torch.equal(own[0, :12], truth[row])


def test_that_evaluation_asks_different_texts_at_different_places() -> None:
    """Texts that differ in one token at the end are asked as if they had nothing to do with each other."""
    texts = many(1, 300).expand(2, 300).clone()
    texts[1, -1] = 5 + (texts[1, -1] + 1) % 1000
    asked = masked(texts, VOCABULARY, False)[1] != IGNORED
    both = int((asked[0] & asked[1]).sum())
    assert both < 0.3 * int(asked[0].sum())
