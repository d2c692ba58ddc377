"""What is done over places: positions, padding, and pooling into one vector."""

from __future__ import annotations

from math import cos, sin

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.networks.sequences.padding import filled, present, restored, trimmed
from engine.networks.sequences.pooled import AttentionPooling, pooled
from engine.networks.sequences.positions import LearntPositions, SinusoidalPositions, positions

PRESENT = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 0]]).bool()


def values() -> Tensor:
    return torch.randn(4, 5, 6, generator=torch.Generator().manual_seed(0))


@given(start=st.integers(0, 2000), places=st.integers(1, 9), width=st.integers(1, 9))
def test_that_sinusoidal_positions_follow_the_formula(start: int, places: int, width: int) -> None:
    found = SinusoidalPositions()(torch.zeros(1, places, width, dtype=torch.float64), start)[0]
    for place in range(places):
        for column in range(width):
            angle = (start + place) / 10000 ** (2 * (column // 2) / width)
            expected = sin(angle) if column % 2 == 0 else cos(angle)
            assert abs(float(found[place, column]) - expected) < 1e-9


@pytest.mark.parametrize("name", ["sinusoidal", "learnt"])
def test_that_positions_from_a_start_are_those_of_the_whole(name: str) -> None:
    module = positions(name, 5, 6)
    assert module is not None
    x = values()
    torch.testing.assert_close(module(x[:, 3:], 3), module(x)[:, 3:], rtol=0, atol=1e-9)
    assert (module(x) - x).std(1).mean() > 0.1


def test_that_learnt_positions_end_where_they_were_learnt() -> None:
    module = LearntPositions(5, 6)
    assert module(torch.zeros(1, 5, 6)).shape == (1, 5, 6)
    with pytest.raises(ValueError, match="learnt 5 places, but place 6"):
        module(torch.zeros(1, 1, 6), 5)


def test_that_no_positions_are_nothing_and_others_are_refused() -> None:
    assert positions("none", 5, 6) is None
    with pytest.raises(KeyError):
        positions("rotary", 5, 6)


def test_that_padding_of_tokens_and_series_is_known() -> None:
    tokens = torch.tensor([[5, 6, 0], [7, 0, 0], [0, 0, 0]])
    series = tokens[..., None].float().expand(-1, -1, 2).masked_fill(tokens[..., None] == 0, torch.nan)
    expected = [[True, True, False], [True, False, False], [False] * 3]
    assert present(tokens).tolist() == present(series).tolist() == expected
    assert torch.equal(filled(series)[..., 1], tokens.float())


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_that_a_batch_is_cut_where_the_longest_example_ends_and_restored(lengths: list[int]) -> None:
    tokens = torch.tensor([[1] * length + [0] * (6 - length) for length in lengths])
    short = trimmed(tokens)
    assert short.shape == (len(lengths), max(1, *lengths, 1))
    series = torch.where(tokens == 0, torch.nan, 1.0)[..., None]
    assert trimmed(series).shape == (*short.shape, 1)
    assert torch.equal(restored(short[..., None], 6)[..., 0], tokens)


def test_that_poolings_are_the_mean_the_last_and_the_first_of_what_is_present() -> None:
    x = values()
    rows = [row[mask] for row, mask in zip(x[:3], PRESENT[:3], strict=True)]
    for name, measure in (
        ("mean", lambda r: r.mean(0)),
        ("last", lambda r: r[-1]),
        ("first", lambda r: r[0]),
    ):
        found = pooled(name, 6)(x, PRESENT)
        torch.testing.assert_close(found[:3], torch.stack([measure(row) for row in rows]))
        assert found.isfinite().all()


def test_that_attention_pooling_weighs_what_is_present_by_its_formula() -> None:
    module = AttentionPooling(6).double()
    x = values().double()
    w = {name: tensor.detach() for name, tensor in module.named_parameters()}
    found = module(x, PRESENT)
    for row in range(3):
        there = x[row][PRESENT[row]]
        scores = (there @ w["hidden.weight"].T + w["hidden.bias"]).tanh() @ w["score.weight"][0]
        torch.testing.assert_close(found[row], scores.softmax(0) @ there)
    assert (found[3] == 0).all()


@pytest.mark.parametrize("name", ["mean", "last", "first", "attention"])
def test_that_pooling_does_not_feel_the_padding(name: str) -> None:
    module, x = pooled(name, 6), values()
    other = x.masked_fill(~PRESENT[..., None], 7.0)
    torch.testing.assert_close(module(x, PRESENT)[:3], module(other, PRESENT)[:3])


def test_that_a_pooling_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError):
        pooled("median", 6)
