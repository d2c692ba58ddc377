"""Jitter, scale and token drop: their formulas, and that the ends of series and texts stay ends."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.augmentations.augmentation import Levels
from engine.augmentations.series import Jitter, Scale
from engine.augmentations.texts import TokenDrop, closed_up, dropped
from engine.data.about import About
from engine.data.description import PADDING, UNKNOWN, Inputs, Targets
from engine.tasks.task import Batch

NOTHING = Levels(*(torch.zeros(1) for _ in range(3)))
CLASSES = Targets("classes", ("label",), ("a", "b"))
NAN = float("nan")


def batch_of(inputs: torch.Tensor) -> Batch:
    return Batch(inputs, torch.zeros(len(inputs), dtype=torch.int64), CLASSES)


def texts(*texts: list[int]) -> torch.Tensor:
    length = max(map(len, texts))
    return torch.tensor([text + [PADDING] * (length - len(text)) for text in texts])


@pytest.mark.parametrize("choice", [Jitter(), Scale()])
def test_that_places_after_the_end_of_a_series_stay_empty(choice):
    series = torch.tensor([[[1.0, 2.0], [NAN, NAN]], [[1.0, 1.0], [3.0, 3.0]]])
    found = choice.augment(batch_of(series), NOTHING).inputs
    assert torch.equal(found.isnan(), series.isnan())


def test_that_jitter_is_noise_of_the_given_spread():
    torch.manual_seed(0)
    found = Jitter(strength=0.3).augment(batch_of(torch.full((50_000, 1), 2.0)), NOTHING).inputs
    assert abs(found.mean() - 2) < 5 * 0.3 / math.sqrt(50_000)
    assert abs(found.std() - 0.3) < 0.01


def test_that_scale_multiplies_a_channel_of_a_series_by_one_factor():
    torch.manual_seed(0)
    series = torch.rand(4000, 5, 2) + 1
    factors = Scale(strength=0.2).augment(batch_of(series), NOTHING).inputs / series
    torch.testing.assert_close(factors, factors[:, :1].expand_as(factors))
    assert abs(factors[:, 0].std() - 0.2) < 0.01
    assert not torch.equal(factors[:, 0, 0], factors[:, 0, 1])


def test_that_scale_is_refused_where_numbers_are_foretold():
    facts = Targets("numbers", ("load +1",), (), (0.0,), (1.0,))
    (problem,) = Scale().problems(About(Inputs("series", (8, 1)), facts))
    assert problem.path == "kind"


def test_that_dropped_words_become_unknown_and_special_tokens_stay():
    many = texts([2, 10, 11, 12, 1, 3], [20, 4, 3]).repeat(3000, 1)
    torch.manual_seed(0)
    found = TokenDrop(probability=0.3).augment(batch_of(many), NOTHING).inputs
    words = many >= 5
    assert torch.equal(found[~words], many[~words])
    assert set(found[words].tolist()) == {UNKNOWN, 10, 11, 12, 20}
    gone = (found[::2, 1:4] == UNKNOWN).double().mean()
    assert abs(gone - (0.3 - 0.3**3 / 3)) < 0.02  # where all three would go, one stays


@given(
    st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=8), min_size=1, max_size=5), st.integers(0, 99)
)
def test_that_a_closed_up_text_holds_the_other_words_in_their_order(rows, seed):
    tokens = texts(*rows)
    gone = dropped(tokens, torch.rand(tokens.shape, generator=torch.Generator().manual_seed(seed)), 0.5)
    found = closed_up(tokens, gone)
    for row, lost, kept in zip(rows, gone.tolist(), found.tolist(), strict=True):
        left = [token for token, away in zip(row, lost, strict=False) if not away]
        assert kept == left + [PADDING] * (tokens.shape[1] - len(left))
        assert left


def test_that_a_text_never_loses_its_last_word():
    torch.manual_seed(0)
    found = TokenDrop(probability=0.999).augment(batch_of(texts([7, 8], [9]).repeat(500, 1)), NOTHING).inputs
    assert ((found >= 5).sum(1) == 1).all()


@pytest.mark.parametrize(
    ("kind", "instead", "path"),
    [("tokens", "unknown", "kind"), ("tags", "nothing", "instead"), ("tags", "unknown", None)],
)
def test_that_what_would_have_to_be_predicted_is_not_dropped(kind, instead, path):
    facts = Targets(kind, ("text",), ("O", "B-x"), length=4, vocabulary=9)
    found = TokenDrop(instead=instead).problems(About(Inputs("tokens", (4,), (), 9), facts))
    assert [problem.path for problem in found] == ([path] if path else [])
