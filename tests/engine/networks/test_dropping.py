"""Kinds of dropout: which numbers share their fate, how many are dropped, and what the rest makes up for."""

from __future__ import annotations

from typing import Any, Literal

import pytest
import torch
from torch import Tensor, nn

from engine.networks.dropping import SharedDropout, StochasticDepth, dropout
from engine.networks.finish import Finish
from engine.networks.images.resnet import BasicBlock
from engine.networks.residual_dense import ResidualDenseBlock
from engine.networks.sequences.embeddings import TokenEmbedding
from engine.networks.sequences.recurrent import Recurrence, RecurrentLayers
from engine.networks.sequences.temporal import Temporal, TemporalBlock
from engine.networks.sequences.transformer import Blocks, TransformerBlock

SHARE = 0.3


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(7)


def dropped_share(kept: Tensor) -> float:
    return float((kept == 0).double().mean())


@pytest.mark.parametrize(
    ("kind", "shape", "alike"),
    [
        ("plain", (400, 5, 20), ()),
        ("shared", (400, 5, 20), (1,)),
        ("channels", (400, 20, 5, 5), (2, 3)),
    ],
)
def test_that_what_shares_its_fate_is_dropped_together(
    kind: str, shape: tuple[int, ...], alike: tuple[int, ...]
) -> None:
    module = dropout(kind, SHARE)
    out = module(torch.ones(shape))
    fates = (out == 0).double()
    together = fates.mean(alike) if alike else fates
    # along these axes all or none, and along no other
    assert set(together.unique().tolist()) == {0.0, 1.0}
    for axis in set(range(len(shape))) - set(alike):
        assert (fates.mean(axis) > 0).any()
        assert (fates.mean(axis) < 1).any()
    count = together.numel()
    assert float(together.mean()) == pytest.approx(SHARE, abs=4 * (SHARE * (1 - SHARE) / count) ** 0.5)
    torch.testing.assert_close(out[out != 0], torch.full_like(out[out != 0], 1 / (1 - SHARE)))
    module.eval()
    values = torch.randn(shape)
    assert torch.equal(module(values), values)


def test_that_alpha_dropout_keeps_the_mean_and_variance_of_selu() -> None:
    bent = nn.functional.selu(torch.randn(400_000))
    out = dropout("alpha", SHARE)(bent)
    assert float(out.mean()) == pytest.approx(0, abs=0.01)
    assert float(out.var()) == pytest.approx(1, abs=0.02)
    # what is dropped stands at one value, which is not 0
    values, counts = out.unique(return_counts=True)
    assert float(values[counts.argmax()]) != 0
    assert int(counts.max()) / len(out) == pytest.approx(SHARE, abs=0.01)


def test_that_words_are_dropped_wherever_they_stand() -> None:
    embedding = TokenEmbedding(500, 3, dropout=SHARE)
    tokens = torch.arange(500).repeat(2, 3)
    vectors = embedding(tokens).detach()
    plain = embedding.eval()(tokens).detach()
    gone = (vectors == 0).all(2)
    assert torch.equal(gone[:, :500], gone[:, 500:1000])
    assert torch.equal(gone[0], gone[1])
    assert float(gone.double().mean()) == pytest.approx(SHARE, abs=4 * (SHARE * (1 - SHARE) / 500) ** 0.5)
    torch.testing.assert_close(vectors[~gone], plain[~gone] / (1 - SHARE))


BLOCKS: dict[str, tuple[nn.Module, tuple[Any, ...]]] = {
    "resnet": (BasicBlock(4, 4, 1, 0.5), (torch.randn(64, 4, 6, 6),)),
    "residual mlp": (ResidualDenseBlock(4, 8, Finish("relu"), 0.5), (torch.randn(64, 4),)),
    "transformer": (TransformerBlock(Blocks(8, 2, 1, 8), skipped=0.5), (torch.randn(64, 5, 8),)),
    "temporal": (
        TemporalBlock(4, Temporal(4, 1, 3, True, False, "relu"), 1, 0.5),
        (torch.randn(64, 5, 4), torch.ones(64, 5, dtype=torch.bool)),
    ),
}


@pytest.mark.parametrize(("block", "given"), BLOCKS.values(), ids=BLOCKS)
def test_that_an_example_that_passes_a_block_by_is_left_as_it_is(block: nn.Module, given: Any) -> None:
    fates: list[Tensor] = []
    depth = block.depth
    assert isinstance(depth, StochasticDepth)
    depth.register_forward_hook(lambda _m, _i, out: fates.append((out.flatten(1) == 0).all(1)))
    out = block(*given)
    # a block of a Transformer has two parts that are added, each with a fate of its own
    by = torch.stack(fates).all(0)
    assert 5 < int(by.sum()) < 59
    values = given[0]
    around = values.relu() if isinstance(block, (BasicBlock, TemporalBlock)) else values
    torch.testing.assert_close(out[by], around[by])
    # what a block adds may vanish behind the rectifier after it, now and then
    assert torch.isclose(out[~by], around[~by]).flatten(1).all(1).float().mean() < 0.3


def test_that_on_average_a_block_adds_what_it_adds_in_evaluation() -> None:
    depth, change = StochasticDepth(SHARE), torch.randn(1, 6)
    mean = torch.stack([depth(change) for _ in range(20_000)]).mean(0)
    torch.testing.assert_close(mean, change, rtol=0.03, atol=0.01)
    assert torch.equal(depth.eval()(change), change)


CELLS: dict[Literal["rnn", "rnn_relu", "gru", "lstm"], Any] = {
    "rnn": nn.RNNCell,
    "rnn_relu": lambda *sizes: nn.RNNCell(*sizes, nonlinearity="relu"),
    "gru": nn.GRUCell,
    "lstm": nn.LSTMCell,
}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("backwards", [False, True])
def test_that_variational_dropout_is_the_cell_of_torch_with_one_mask_for_all_places(
    cell: Literal["rnn", "rnn_relu", "gru", "lstm"], backwards: bool
) -> None:
    layer = Recurrence(cell, 3, 6, backwards=backwards, state_dropout=0.4)
    nn.init.normal_(layer.bias_hh)
    theirs = CELLS[cell](3, 6)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        getattr(theirs, name).data = getattr(layer, name).data
    values = torch.randn(5, 7, 3)
    torch.manual_seed(11)
    found = layer(values)
    torch.manual_seed(11)
    mask = torch.empty(5, 6).bernoulli_(0.6) / 0.6
    hidden, memory, expected = torch.zeros(5, 6), torch.zeros(5, 6), []
    for place in range(6, -1, -1) if backwards else range(7):
        if cell == "lstm":
            hidden, memory = theirs(values[:, place], (hidden * mask, memory))
        elif cell == "gru":
            # what the update gate carries on is the whole state
            new = theirs(values[:, place], hidden * mask)
            rows = slice(6, 12)
            sums = values[:, place] @ theirs.weight_ih[rows].T + theirs.bias_ih[rows]
            update = torch.sigmoid(sums + (hidden * mask) @ theirs.weight_hh[rows].T + theirs.bias_hh[rows])
            hidden = new + update * (hidden - hidden * mask)
        else:
            hidden = theirs(values[:, place], hidden * mask)
        expected.append(hidden)
    if backwards:
        expected.reverse()
    torch.testing.assert_close(found, torch.stack(expected, 1), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_that_place_by_place_is_what_the_fused_layer_does(cell: Any) -> None:
    # a share so small that nothing is dropped, and nothing is made up for
    one, other = Recurrence(cell, 3, 6, state_dropout=1e-30), Recurrence(cell, 3, 6)
    other.load_state_dict(one.state_dict())
    values = torch.randn(4, 9, 3)
    torch.testing.assert_close(one(values), other(values), rtol=1e-4, atol=1e-6)


def test_that_all_layers_drop_the_same_units_at_all_places_and_rest_in_evaluation() -> None:
    body = RecurrentLayers("lstm", 3, 8, 2, bidirectional=True, dropout=SHARE, variational=True)
    shared = [one for one in body.modules() if isinstance(one, SharedDropout)]
    states = [one for one in body.modules() if isinstance(one, Recurrence)]
    assert len(shared) == 3  # of the inputs, and of what each layer gives
    assert [one.state_dropout for one in states] == [SHARE] * 4
    fates = (body(torch.randn(30, 6, 3)) == 0).double()
    assert set(fates.mean(1).unique().tolist()) == {0.0, 1.0}
    still = RecurrentLayers("lstm", 3, 8, 2, bidirectional=True, dropout=0.0)
    still.load_state_dict(body.state_dict())
    values = torch.randn(3, 6, 3)
    assert torch.equal(body.eval()(values), still.eval()(values))
