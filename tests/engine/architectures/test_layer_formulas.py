"""Every kind of layer of a layer list against its formula, written plainly: same weights, same outputs."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from engine.architectures.layer_kinds.convolution import Convolution1d, Convolution2d
from engine.architectures.layer_kinds.dense import ActivationLayer, Dense, SoftmaxLayer
from engine.architectures.layer_kinds.layer import ListedLayer
from engine.architectures.layer_kinds.normalization import (
    BatchNormalization,
    DropoutLayer,
    GroupNormalization,
    LayerNormalization,
)
from engine.architectures.layer_kinds.pooling import GlobalPooling, PoolingLayer
from engine.architectures.layer_kinds.residual import ResidualBlock
from engine.architectures.layer_kinds.sequence import AttentionLayer, Embedding, Positions, RecurrentLayer
from engine.architectures.layer_kinds.shape import Flatten, Rows
from engine.data.description import Inputs
from engine.networks.listed import OverPlaces
from tests.engine.architectures.reference import Weights, convolved, dense
from tests.engine.every import choices

INPUTS = [
    Inputs("vector", (6,)),
    Inputs("image", (4, 7, 10)),
    Inputs("series", (9, 6), tuple("abcdef")),
    Inputs("tokens", (9,), vocabulary=12),
]
BENDS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": lambda z: z.clamp(min=0),
    "tanh": lambda z: (z.exp() - (-z).exp()) / (z.exp() + (-z).exp()),
    "linear": lambda z: z,
}
KEPT: dict[str, Callable[..., Tensor]] = {"max": torch.amax, "min": torch.amin, "average": torch.mean}


def along(w: Weights, name: str, x: Tensor, stride: int, dilation: int, padding: int) -> Tensor:
    """yₜ = Σᵢ Wᵢ x at place s t + d i, zeros around; of (B, length, channels)."""
    weight, zeros = w[f"{name}.weight"], x.new_zeros(len(x), padding, x.shape[2])
    x = torch.cat([zeros, x, zeros], 1)
    reach = dilation * (weight.shape[2] - 1)
    sums = [
        sum((x[:, t + dilation * i] @ weight[:, :, i].T for i in range(weight.shape[2])), w[f"{name}.bias"])
        for t in range(0, x.shape[1] - reach, stride)
    ]
    return torch.stack(sums, 1)


def levelled(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    mean, variance = x.mean(axes, keepdim=True), x.var(axes, keepdim=True, correction=0)
    return (x - mean) / torch.sqrt(variance + 1e-5)


def channelwise(values: Tensor, x: Tensor) -> Tensor:
    """One number for each channel, which lie second, or last in a series."""
    return values if x.dim() == 3 else values.view(-1, *[1] * (x.dim() - 2))


def scaled(w: Weights, prefix: str, x: Tensor) -> Tensor:
    return channelwise(w[f"{prefix}weight"], x) * x + channelwise(w[f"{prefix}bias"], x)


def normalized(w: Weights, prefix: str, x: Tensor, name: str) -> Tensor:
    if name == "none":
        return x
    if name == "layer":  # of a series every place by itself
        return scaled(w, prefix, levelled(x, (2,) if x.dim() == 3 else tuple(range(1, x.dim()))))
    mean, variance = (channelwise(w[f"{prefix}running_{part}"], x) for part in ("mean", "var"))
    return scaled(w, prefix, (x - mean) / torch.sqrt(variance + 1e-5))


def pooling(layer: Any, w: Weights, x: Tensor) -> Tensor:
    size, stride = layer.size, layer.stride or layer.size
    if x.dim() == 3:
        return KEPT[layer.pooling](x.unfold(1, size, stride), -1)
    return KEPT[layer.pooling](x.unfold(2, size, stride).unfold(3, size, stride), (-2, -1))


def group_normalization(layer: Any, w: Weights, x: Tensor) -> Tensor:
    groups = [levelled(part, tuple(range(1, x.dim()))) for part in x.chunk(layer.groups, 1)]
    return scaled(w, "", torch.cat(groups, 1))


def positions(layer: Any, w: Weights, x: Tensor) -> Tensor:
    """Waves, or vectors as large as those of tokens: √width times what is learnt."""
    length, width = x.shape[1:]
    if layer.positions == "learnt":
        return x + sqrt(width) * w["weight"]
    place = torch.arange(length).double()
    waves = [
        (torch.sin if i % 2 == 0 else torch.cos)(place / 10_000 ** ((i - i % 2) / width))
        for i in range(width)
    ]
    return x + torch.stack(waves, 1)


def recurrent(layer: Any, w: Weights, x: Tensor) -> Tensor:
    made: dict[str, Any] = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
    bend = {"nonlinearity": layer.activation} if layer.cell == "rnn" else {}
    theirs = made[layer.cell](
        x.shape[2], layer.units, batch_first=True, bidirectional=layer.bidirectional, **bend
    ).double()
    theirs.load_state_dict(
        {
            f"{part}_l0{'_reverse' if way == 'back' else ''}": w[f"states.{way}.{part}"]
            for way in ("ahead", "back")[: 1 + layer.bidirectional]
            for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        }
    )
    states: Tensor = theirs(x)[0]
    if layer.puts_out == "all":
        return states
    return torch.cat([states[:, -1, : layer.units], states[:, 0, layer.units :]], 1)


def attention(layer: Any, w: Weights, x: Tensor) -> Tensor:
    """Head by head and place by place."""
    queries, keys, values = (dense(w, f"attention.{part}", x) for part in ("query", "key", "value"))
    size, heads = x.shape[2] // layer.heads, []
    for own in (slice(size * head, size * (head + 1)) for head in range(layer.heads)):
        found = []
        for t in range(x.shape[1]):
            seen = slice(0, t + 1 if layer.causal else None)
            scores = torch.einsum("bd,bkd->bk", queries[:, t, own], keys[:, seen, own]) / sqrt(size)
            shares = scores.exp() / scores.exp().sum(1, keepdim=True)
            found.append(torch.einsum("bk,bkd->bd", shares, values[:, seen, own]))
        heads.append(torch.stack(found, 1))
    mixed = dense(w, "attention.output", torch.cat(heads, 2))
    return x + mixed if layer.residual else mixed


def residual_block(layer: Any, w: Weights, x: Tensor) -> Tensor:
    bend, change = BENDS[layer.activation], x
    for number in (1, 2):
        name = f"residual.layer_{number}"
        if x.dim() == 2:
            change = dense(w, name, change)
        elif x.dim() == 3:
            change = along(w, name, change, 1, 1, layer.kernel // 2)
        else:
            change = convolved(w, name, change, 1, layer.kernel // 2)
        change = normalized(w, f"residual.normalization_{number}.", change, layer.normalization)
        change = bend(change) if number == 1 else change
    return bend(x + change)


def convolution_1d(layer: Any, w: Weights, x: Tensor) -> Tensor:
    padding = layer.dilation * (layer.kernel // 2) if layer.padding == "same" else 0
    return BENDS[layer.activation](along(w, "convolution", x, layer.stride, layer.dilation, padding))


def convolution_2d(layer: Any, w: Weights, x: Tensor) -> Tensor:
    padding = layer.kernel // 2 if layer.padding == "same" else 0
    return BENDS[layer.activation](convolved(w, "convolution", x, layer.stride, padding))


FORMULAS: dict[str, Callable[[Any, Weights, Tensor], Tensor]] = {
    "dense": lambda layer, w, x: BENDS[layer.activation](dense(w, "linear", x)),
    "activation": lambda layer, w, x: BENDS[layer.activation](x),
    "softmax": lambda layer, w, x: x.exp() / x.exp().sum(-1, keepdim=True),
    "convolution_2d": convolution_2d,
    "convolution_1d": convolution_1d,
    "pooling": pooling,
    "global_pooling": lambda layer, w, x: KEPT[layer.pooling](x, 1 if x.dim() == 3 else (2, 3)),
    "embedding": lambda layer, w, x: torch.eye(12, dtype=torch.float64)[x] @ w["weight"],
    "positions": positions,
    "recurrent": recurrent,
    "attention": attention,
    "batch_normalization": lambda layer, w, x: normalized(w, "", x, "batch"),
    "layer_normalization": lambda layer, w, x: normalized(w, "", x, "layer"),
    "group_normalization": group_normalization,
    # in training, where it does something, there is a test of its own below
    "dropout": lambda layer, w, x: x,
    "residual_block": residual_block,
    "flatten": lambda layer, w, x: torch.stack([one.reshape(-1) for one in x]),
    "rows": lambda layer, w, x: torch.stack([row.reshape(len(x), -1) for row in x.unbind(2)], 1),
}
LAYERS: list[ListedLayer] = [
    Dense(units=5, activation="tanh"),
    ActivationLayer(activation="relu"),
    SoftmaxLayer(),
    Convolution2d(filters=3, kernel=5, activation="tanh"),
    Convolution2d(filters=3, kernel=3, stride=2, padding="none"),
    Convolution1d(filters=3, kernel=3, dilation=2, activation="tanh"),
    Convolution1d(filters=3, kernel=3, stride=2, padding="none"),
    *(PoolingLayer(pooling=kept, size=3) for kept in ("max", "min", "average")),
    PoolingLayer(pooling="average", size=3, stride=2),
    GlobalPooling(pooling="average"),
    GlobalPooling(pooling="max"),
    Embedding(width=5),
    Positions(positions="sinusoidal"),
    Positions(positions="learnt"),
    RecurrentLayer(cell="rnn", units=4, activation="tanh"),
    RecurrentLayer(cell="rnn", units=4, activation="relu", puts_out="all"),
    RecurrentLayer(cell="gru", units=4, bidirectional=True),
    RecurrentLayer(cell="lstm", units=4, bidirectional=True, puts_out="all"),
    AttentionLayer(heads=2),
    AttentionLayer(heads=3, residual=False, causal=True),
    BatchNormalization(),
    LayerNormalization(),
    GroupNormalization(groups=2),
    DropoutLayer(share=0.3),
    ResidualBlock(kernel=3, activation="tanh", normalization="none"),
    ResidualBlock(kernel=5, activation="relu", normalization="batch"),
    ResidualBlock(kernel=3, activation="tanh", normalization="layer"),
    Flatten(),
    Rows(),
]
CASES = [
    pytest.param(layer, inputs, id=f"{layer!r}-{inputs.kind}")
    for layer in LAYERS
    for inputs in INPUTS
    if inputs.kind in layer.accepts
]


def built(layer: ListedLayer, inputs: Inputs) -> nn.Module:
    """The layer by itself, in double precision, with nothing at 0 or 1."""
    torch.manual_seed(0)
    module = layer.build(inputs).double()
    for name, tensor in module.state_dict().items():
        # a variance is above 0
        tensor.uniform_(0.5, 1.5) if name.endswith("running_var") else tensor.normal_(0, 0.5)
    return module


def examples(inputs: Inputs) -> Tensor:
    if inputs.kind == "tokens":
        return torch.randint(0, inputs.vocabulary, (5, *inputs.shape))
    return torch.randn((5, *inputs.shape), dtype=torch.float64)


def run(module: nn.Module, x: Tensor) -> Tensor:
    """What comes out where every place of a series is there."""
    there = torch.ones(x.shape[:2], dtype=torch.bool) if x.dim() == 3 else None
    found: Tensor = module(x, there) if isinstance(module, OverPlaces) else module(x)
    return found


def test_that_every_kind_of_layer_has_an_independent_formula_here() -> None:
    kinds = {choice.kind for choice in choices("layers")}
    assert set(FORMULAS) >= kinds
    assert {layer.kind for layer in LAYERS} >= kinds


@pytest.mark.parametrize(("layer", "inputs"), CASES)
def test_that_a_layer_computes_its_formula(layer: ListedLayer, inputs: Inputs) -> None:
    assert layer.misfits(inputs) == ()
    module = built(layer, inputs).eval()
    x = examples(inputs)
    with torch.no_grad():
        found, expected = run(module, x), FORMULAS[layer.kind](layer, dict(module.state_dict()), x)
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("inputs", INPUTS[:3], ids=lambda inputs: inputs.kind)
def test_that_the_dropout_layer_sets_its_share_to_0_and_makes_up_for_it(inputs: Inputs) -> None:
    x = torch.ones((1000, *inputs.shape))
    torch.manual_seed(0)
    found = DropoutLayer(share=0.3).build(inputs).train()(x)
    kept = found != 0
    torch.testing.assert_close(found[kept], torch.full_like(found[kept], 1 / 0.7))
    assert abs(kept.double().mean() - 0.7) < 5 * sqrt(0.3 * 0.7 / kept.numel())
