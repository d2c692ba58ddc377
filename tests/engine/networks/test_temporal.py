"""Convolutions along places, and what texts are summed up by, against loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.networks.sequences.temporal import PlaceConvolution, Temporal, TemporalBlocks
from engine.networks.sequences.texts import MaxOfPlaces


def drawn(shape: tuple[int, ...], seed: int = 0) -> Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


def present_of(lengths: list[int], length: int) -> Tensor:
    return torch.arange(length)[None] < torch.tensor(lengths)[:, None]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("kernel", "dilation"), [(1, 1), (2, 1), (3, 1), (3, 2), (4, 3)])
def test_that_a_filter_sees_the_places_its_formula_names_and_zeros_beyond(
    kernel: int, dilation: int, causal: bool
) -> None:
    layer = PlaceConvolution(2, 3, kernel, dilation=dilation, causal=causal)
    w, b = layer.weight.detach().double().numpy(), layer.bias.detach().double().numpy()  # type: ignore[union-attr]
    lengths, x = [6, 4, 1, 0], drawn((4, 6, 2))
    x[1, 4:] = 9
    found = layer(x, present_of(lengths, 6)).detach().numpy()
    reach = (kernel - 1) * dilation
    before = reach if causal else (reach + 1) // 2
    for row, length in enumerate(lengths):
        for place in range(6):
            expected = b.copy()
            for tap in range(kernel):
                seen = place - before + tap * dilation
                if 0 <= seen < length:
                    expected += w[:, :, tap] @ x[row, seen].double().numpy()
            np.testing.assert_allclose(found[row, place], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("kernel", "blocks"), [(2, 1), (2, 3), (3, 2)])
def test_that_causal_blocks_see_as_many_places_back_as_the_formula_says_and_none_ahead(
    kernel: int, blocks: int
) -> None:
    form = Temporal(4, blocks, kernel, True, True, "tanh")
    network, x = TemporalBlocks(2, form), drawn((1, 40, 2)).requires_grad_()
    network(x, present_of([40], 40))[0, 30].sum().backward()
    assert x.grad is not None
    seen = x.grad[0].abs().sum(1).nonzero().flatten().tolist()
    assert (seen[0], seen[-1]) == (30 - 2 * (kernel - 1) * (2**blocks - 1), 30)


def test_that_blocks_that_are_not_causal_see_as_far_ahead_as_back() -> None:
    form = Temporal(4, 2, 3, False, False, "tanh")
    network, x = TemporalBlocks(4, form), drawn((1, 40, 4)).requires_grad_()
    network(x, present_of([40], 40))[0, 20].sum().backward()
    assert x.grad is not None
    seen = x.grad[0].abs().sum(1).nonzero().flatten().tolist()
    assert (seen[0], seen[-1]) == (20 - 6, 20 + 6)


def test_that_the_largest_value_is_that_of_places_that_are_present() -> None:
    x = -drawn((3, 5, 2)).abs() - 1
    x[:, 3:] = 5
    found = MaxOfPlaces()(x, present_of([3, 1, 0], 5))
    assert torch.equal(found[0], x[0, :3].amax(0))
    assert torch.equal(found[1], x[1, 0])
    assert torch.equal(found[2], torch.zeros(2))
