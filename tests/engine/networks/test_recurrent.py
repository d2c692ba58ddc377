"""Recurrent layers against torch's own and against the formulas, written as loops in numpy."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.autograd import gradcheck
from torch.func import functional_call

from engine.learning.initializers.scaled import HeNormal
from engine.learning.initializers.structured import Orthogonal
from engine.networks.sequences.decoding import Cache
from engine.networks.sequences.network import SequenceNetwork
from engine.networks.sequences.recurrent import GATES, Recurrence, RecurrentLayers, mirrored, taken
from engine.networks.sequences.recurrent_traces import SHOWN, course, traces

Array = NDArray[np.float64]
TORCHS: dict[Any, Callable[..., nn.RNNBase]] = {
    "rnn": nn.RNN,
    "rnn_relu": partial(nn.RNN, nonlinearity="relu"),
    "gru": nn.GRU,
    "lstm": nn.LSTM,
}
NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
every_cell = pytest.mark.parametrize("cell", list(TORCHS))


def drawn(shape: tuple[int, ...], seed: int = 0) -> Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


def filled_with_noise(module: nn.Module) -> Any:
    with torch.no_grad():
        for number, parameter in enumerate(module.parameters()):
            parameter.copy_(0.5 * drawn(tuple(parameter.shape), number))
    return module


def present_of(lengths: list[int], length: int) -> Tensor:
    return torch.arange(length)[None] < torch.tensor(lengths)[:, None]


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def looped(cell: str, w: dict[str, Array], x: Array) -> dict[str, Array]:
    """One sequence (places, inputs) through the textbook's formulas, gate by gate."""
    h = c = np.zeros(w["weight_hh"].shape[1])
    rows = []
    for read in x:
        a = np.split(w["weight_ih"] @ read + w["bias_ih"], len(GATES[cell]))  # type: ignore[index]
        b = np.split(w["weight_hh"] @ h + w["bias_hh"], len(GATES[cell]))  # type: ignore[index]
        if cell in ("rnn", "rnn_relu"):
            h = np.tanh(a[0] + b[0]) if cell == "rnn" else np.maximum(a[0] + b[0], 0)
            rows.append({"hidden": h})
        elif cell == "gru":
            r, z = sigmoid(a[0] + b[0]), sigmoid(a[1] + b[1])
            n = np.tanh(a[2] + r * b[2])
            h = (1 - z) * n + z * h
            rows.append({"hidden": h, "reset": r, "update": z, "candidate": n})
        else:
            i, f, o = (sigmoid(a[k] + b[k]) for k in (0, 1, 3))
            g = np.tanh(a[2] + b[2])
            c = f * c + i * g
            h = o * np.tanh(c)
            rows.append({"hidden": h, "cell": c, "input": i, "forget": f, "candidate": g, "output": o})
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


@every_cell
@pytest.mark.parametrize("backwards", [False, True])
def test_that_a_layer_puts_out_what_torchs_does_with_the_same_weights(cell: Any, backwards: bool) -> None:
    layer = filled_with_noise(Recurrence(cell, 3, 5, backwards=backwards))
    theirs = TORCHS[cell](3, 5, batch_first=True)
    with torch.no_grad():
        for name in NAMES:
            getattr(theirs, f"{name}_l0").copy_(getattr(layer, name))
    x = drawn((4, 7, 3))
    expected = theirs(x.flip(1))[0].flip(1) if backwards else theirs(x)[0]
    torch.testing.assert_close(layer(x, present_of([7] * 4, 7)), expected, rtol=1e-9, atol=1e-9)


@every_cell
def test_that_layers_in_both_directions_put_out_what_torchs_do_with_packed_sequences(cell: Any) -> None:
    body = filled_with_noise(RecurrentLayers(cell, 3, 5, 2, bidirectional=True, dropout=0.0))
    theirs = TORCHS[cell](3, 5, num_layers=2, bidirectional=True, batch_first=True)
    with torch.no_grad():
        for number in (0, 1):
            for ours, suffix in (("ahead", ""), ("back", "_reverse")):
                layer = body.get_submodule(f"layer_{number + 1}.{ours}")
                for name in NAMES:
                    getattr(theirs, f"{name}_l{number}{suffix}").copy_(getattr(layer, name))
    lengths, x = [6, 1, 4], drawn((3, 6, 3))
    packed = nn.utils.rnn.pack_padded_sequence(
        x, torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    hidden, state = theirs(packed)
    expected, _ = nn.utils.rnn.pad_packed_sequence(hidden, batch_first=True)
    present = present_of(lengths, 6)
    found = body(x, present)
    torch.testing.assert_close(found[present], expected[present], rtol=1e-9, atol=1e-9)
    last = (state[0] if cell == "lstm" else state)[-2:]
    torch.testing.assert_close(
        body.pooling("last")(found, present), torch.cat([last[0], last[1]], 1), rtol=1e-9, atol=1e-9
    )


@every_cell
def test_that_a_layer_computes_its_formula(cell: Any) -> None:
    layer = filled_with_noise(Recurrence(cell, 3, 5))
    w = {name: getattr(layer, name).detach().double().numpy() for name in NAMES}
    x = drawn((2, 6, 3))
    found = layer(x, present_of([6, 6], 6)).detach().numpy()
    for row in (0, 1):
        expected = looped(cell, w, x[row].double().numpy())["hidden"]
        np.testing.assert_allclose(found[row], expected, rtol=1e-9, atol=1e-9)


@every_cell
@pytest.mark.parametrize("backwards", [False, True])
def test_that_gradients_are_those_of_finite_differences(cell: Any, backwards: bool) -> None:
    layer = filled_with_noise(Recurrence(cell, 2, 3, backwards=backwards)).double()
    present = present_of([4, 1, 3], 4)

    def outputs(x: Tensor, *weights: Tensor) -> Tensor:
        found: Tensor = functional_call(layer, dict(zip(NAMES, weights, strict=True)), (x, present))
        return found[present]

    x = drawn((3, 4, 2)).double().requires_grad_()
    weights = [getattr(layer, name).detach().clone().requires_grad_() for name in NAMES]
    assert gradcheck(outputs, (x, *weights))


@every_cell
@pytest.mark.parametrize("bidirectional", [False, True])
def test_that_padding_and_what_it_holds_change_no_place_that_is_present(
    cell: Any, bidirectional: bool
) -> None:
    body = filled_with_noise(RecurrentLayers(cell, 3, 4, 2, bidirectional=bidirectional, dropout=0.0))
    lengths, x = [5, 2, 1, 0], drawn((4, 5, 3))
    found = body(x, present_of(lengths, 5))
    longer = torch.cat([x, 9 * drawn((4, 3, 3), 1)], 1)
    longer[1, 2:] = 7
    present = present_of(lengths, 8)
    again = body(longer, present)
    torch.testing.assert_close(again[present], found[present[:, :5]], rtol=1e-9, atol=1e-9)
    assert again.isfinite().all()
    for number, length in enumerate(lengths[:-1]):
        alone = body(x[number : number + 1, :length], present_of([length], length))
        torch.testing.assert_close(found[number, :length], alone[0], rtol=1e-9, atol=1e-9)


def test_that_what_is_present_is_turned_round_and_the_rest_stays() -> None:
    present = present_of([4, 2, 1, 0], 4)
    x = torch.arange(16.0).view(4, 4, 1)
    turned = taken(x, mirrored(present))
    assert turned.squeeze(2).tolist() == [[3, 2, 1, 0], [5, 4, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]
    assert torch.equal(taken(turned, mirrored(present)), x)


@every_cell
def test_that_reading_on_with_a_cache_is_reading_in_one_go(cell: Any) -> None:
    body = filled_with_noise(RecurrentLayers(cell, 3, 5, 2, bidirectional=False, dropout=0.0))
    x, cache = drawn((2, 6, 3)), Cache()
    parts = [body(x[:, :3], cache=cache), body(x[:, 3:5], cache=cache)]
    cache.select(torch.tensor([1, 0]))
    parts = [part.flip(0) for part in parts] + [body(x.flip(0)[:, 5:], cache=cache)]
    torch.testing.assert_close(torch.cat(parts, 1), body(x).flip(0), rtol=1e-9, atol=1e-9)
    assert cache.places == 6


@every_cell
@pytest.mark.parametrize("backwards", [False, True])
def test_that_a_course_holds_every_gate_of_the_formula(cell: Any, backwards: bool) -> None:
    layer = filled_with_noise(Recurrence(cell, 3, 5, backwards=backwards)).double()
    w = {name: getattr(layer, name).detach().numpy() for name in NAMES}
    x = drawn((6, 3)).double()
    read = x.flip(0) if backwards else x
    expected = looped(cell, w, read.numpy())
    found = course(layer, x)
    assert tuple(found) == SHOWN[cell] == tuple(expected)
    for name, values in found.items():
        over = values.flip(0) if backwards else values
        np.testing.assert_allclose(over.detach().numpy(), expected[name], rtol=1e-10)


@every_cell
def test_that_traces_are_what_every_layer_and_direction_put_out_for_the_example(cell: Any) -> None:
    body = RecurrentLayers(cell, 3, 4, 2, bidirectional=True, dropout=0.0)
    network = filled_with_noise(SequenceNetwork(None, body, None, nn.Linear(8, 2)))
    series = drawn((6, 3))
    series[4:] = torch.nan
    kept: dict[str, Tensor] = {}
    for name, module in network.named_modules():
        if isinstance(module, Recurrence):
            module.register_forward_hook(lambda _m, _i, found, name=name: kept.update({name: found[0, :4]}))
    found = traces(network, series)
    assert list(found) == [f"body.layer_{number}.{way}" for number in (1, 2) for way in ("ahead", "back")]
    for name, shown in found.items():
        torch.testing.assert_close(shown["hidden"], kept[name].detach(), rtol=1e-9, atol=1e-9)
    hooks = [len(module._forward_hooks) for module in network.modules() if isinstance(module, Recurrence)]
    assert hooks == [1] * 4


def test_that_the_trace_of_an_example_that_is_padding_throughout_is_empty() -> None:
    body = RecurrentLayers("lstm", 3, 4, 1, bidirectional=False, dropout=0.0)
    network = SequenceNetwork(None, body, None, nn.Linear(4, 2))
    found = traces(network, torch.full((5, 3), torch.nan))
    assert {tuple(values.shape) for values in found["body.layer_1.ahead"].values()} == {(0, 4)}


def test_that_every_gate_is_drawn_by_itself_and_the_forget_gate_starts_open() -> None:
    layer = Recurrence("lstm", 30, 20)
    generator = torch.Generator().manual_seed(1)
    orthogonal, normal = Orthogonal(), HeNormal()

    def draw_rotation(*shape: int) -> Tensor:
        return orthogonal.draw(shape, shape[1], shape[0], generator)

    for gate in layer.starting("weight_hh", draw_rotation).split(20):
        torch.testing.assert_close(gate @ gate.T, torch.eye(20, dtype=gate.dtype), rtol=0, atol=1e-5)
    weights = layer.starting("weight_ih", lambda *shape: normal.draw(shape, shape[1], shape[0], generator))
    assert weights.shape == (80, 30)
    assert weights.std().item() == pytest.approx((2 / 30) ** 0.5, rel=0.05)
    forget = layer.starting("bias_ih", draw_rotation).split(20)
    assert [part.unique().tolist() for part in forget] == [[0], [1], [0], [0]]
    assert not layer.starting("bias_hh", draw_rotation).any()
    assert not Recurrence("gru", 3, 4).starting("bias_ih", draw_rotation).any()
