"""Architectures: shapes, sizes by formula, forward passes against numpy, gradients, the meta device."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import nn
from torch.autograd import gradcheck
from torch.func import functional_call

from engine.architectures.architecture import Architecture
from engine.architectures.images.cnn import Cnn
from engine.architectures.linear import Linear
from engine.architectures.mlp import Mlp
from engine.choices import Choice
from engine.data.about import About
from engine.data.description import START, Inputs, OutputForm, Outputs
from engine.networks.sequences.attention import DotProduct
from engine.networks.sequences.padding import present
from tests.engine.architectures.reference import INPUTS, VOCABULARY, batch, drawn, outputs_for
from tests.engine.every import choices, example, label

Array = NDArray[np.float64]
FORMS: tuple[OutputForm, ...] = ("example", "place", "next", "translation")


@dataclass(frozen=True)
class Case:
    """An architecture with one kind of inputs and one form of outputs that it takes."""

    architecture: Architecture
    inputs: Inputs
    outputs: Outputs

    def __str__(self) -> str:
        return f"{self.architecture.kind}-{self.inputs.kind}-{self.outputs.form}"

    def network(self, size: int = 0) -> nn.Module:
        outputs = outputs_for(self.outputs.form, self.inputs, size) if size else self.outputs
        return built(self.architecture, self.inputs, outputs)

    def counted(self, found: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """The outputs with 0 at places that stand at padding, where nothing is asked."""
        if self.outputs.form not in ("place", "next"):
            return found
        return found.masked_fill(~present(x)[..., None], 0)


def cases_of(architecture: Architecture) -> list[Case]:
    return [
        Case(architecture, inputs, outputs_for(form, inputs))
        for kind, inputs in INPUTS.items()
        for form in FORMS
        if not architecture.problems(About(inputs, form=form))
        if form != "translation" or kind == "tokens"
    ]


def options(choice: type[Choice], name: str) -> tuple[Any, ...]:
    """The options of a setting of that name, none where the choice has no such setting."""
    return get_args(choice.model_fields[name].annotation) if name in choice.model_fields else ()


def fewer(choice: type[Choice], **settings: Any) -> Any:
    """The choice with its defaults, but small where it would be slow: widths of 8, two heads."""
    small = {"width": 8, "feed_forward": 16, "heads": 2} if "heads" in choice.model_fields else {}
    return example(choice, **{**small, **settings})


CASES: list[Case] = [case for choice in choices("architectures") for case in cases_of(fewer(choice))]
every_case = pytest.mark.parametrize("case", CASES, ids=str)

VARIED: list[Architecture] = [
    *(Mlp(hidden=(7, 6), normalization=norm, dropout=0.3) for norm in ("none", "batch", "layer")),
    *(
        Cnn(channels=(3, 4), dense=(6,), normalization=norm, dropout=0.3)
        for norm in ("none", "batch", "layer")
    ),
    *(Cnn(channels=(3,), dense=(), pooling=pool, kernel=5) for pool in ("none", "max", "average")),
    Mlp(hidden=(), normalization="batch"),
    *(fewer(choice) for choice in choices("architectures")),
    *(
        fewer(choice, **{name: option})
        for choice in choices("architectures")
        for name in ("pooling", "norm", "positions")
        for option in options(choice, name)
        if option != choice.model_fields[name].default
    ),
    *(
        fewer(choice, **{name: not field.default})
        for choice in choices("architectures")
        for name, field in choice.model_fields.items()
        if field.annotation is bool
    ),
]
VARIANTS = [cases_of(architecture)[-1] for architecture in VARIED]
every_variant = pytest.mark.parametrize("case", VARIANTS, ids=lambda case: f"{case}-{case.architecture!r}")


def built(architecture: Architecture, inputs: Inputs, outputs: Outputs) -> nn.Module:
    torch.manual_seed(0)
    network = architecture.build(inputs, outputs)
    with torch.no_grad():
        for parameter in network.parameters():  # also biases and gains, so that no term is 0
            parameter.normal_(0, 0.5)
    return network


def parameters(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


@every_case
@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("rows", [1, 4])
def test_that_a_batch_becomes_outputs_of_the_form_asked_for(case: Case, size: int, rows: int) -> None:
    outputs = outputs_for(case.outputs.form, case.inputs, size)
    network = case.network(size)
    expected = (rows, outputs.size) if outputs.form == "example" else (rows, outputs.length, outputs.size)
    for training in (True, False):
        network.train(training)
        found = network(batch(case.inputs, rows))
        assert found.shape == expected
        assert found.isfinite().all()


@every_case
def test_that_a_network_on_the_meta_device_has_the_same_parameters(case: Case) -> None:
    kind = torch.int64 if case.inputs.kind == "tokens" else torch.float32
    with torch.device("meta"):
        sketched = case.architecture.build(case.inputs, case.outputs)
        found = sketched(torch.empty((2, *case.inputs.shape), dtype=kind))
    real = case.architecture.build(case.inputs, case.outputs)
    assert found.shape == real(batch(case.inputs, 2)).shape
    assert all(parameter.is_meta for parameter in sketched.parameters())
    shapes = [
        {name: tensor.shape for name, tensor in network.state_dict().items()} for network in (sketched, real)
    ]
    assert shapes[0] == shapes[1]


@every_variant
def test_that_every_parameter_receives_a_gradient(case: Case) -> None:
    smooth = {"activation": "tanh"} if "activation" in type(case.architecture).model_fields else {}
    network = replace(case, architecture=case.architecture.replaced(**smooth)).network()
    network(batch(case.inputs, 16)).square().sum().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert (parameter.grad != 0).any(), name


@every_variant
def test_that_dropout_follows_the_seed_while_training_and_rests_in_evaluation(case: Case) -> None:
    network = case.network()

    def outputs(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        return network(batch(case.inputs)).detach()

    assert torch.equal(outputs(1), outputs(1))
    dropped = getattr(case.architecture, "dropout", 0) > 0
    assert torch.equal(outputs(1), outputs(2)) is not dropped
    network.eval()
    assert torch.equal(outputs(1), outputs(2))


DROPPED, SHARE = [choice for choice in choices("architectures") if "dropout" in choice.model_fields], 0.3


@pytest.mark.parametrize(
    "case", [case for choice in DROPPED for case in cases_of(fewer(choice, dropout=SHARE))], ids=str
)
def test_that_dropout_sets_the_share_that_was_chosen_to_0_and_makes_up_for_it(case: Case) -> None:
    network = case.network().train()
    seen: list[torch.Tensor] = []

    def look(module: nn.Module, given: tuple[torch.Tensor], found: torch.Tensor) -> None:
        seen.append((found != 0)[given[0] != 0].double())
        torch.testing.assert_close(found, given[0] * (found != 0) / (1 - SHARE))

    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.register_forward_hook(look)
        if isinstance(module, DotProduct):  # in which torch drops, out of sight; test_attention looks at it
            assert module.dropout == SHARE
    torch.manual_seed(0)
    network(batch(case.inputs, 200))
    kept = torch.cat(seen)
    assert abs(kept.mean() - (1 - SHARE)) < 5 * (SHARE * (1 - SHARE) / len(kept)) ** 0.5


def test_that_an_mlp_drops_after_the_activation_of_every_hidden_layer() -> None:
    network = Mlp(hidden=(7, 6), dropout=SHARE).build(INPUTS["vector"], Outputs(3))
    hidden = [block for name, block in network.named_children() if name.startswith("hidden")]
    assert [[type(part) for part in block] for block in hidden] == [[nn.Linear, nn.ReLU, nn.Dropout]] * 2


@every_variant
def test_that_examples_neither_meet_in_evaluation_nor_feel_the_padding_that_longer_ones_bring(
    case: Case,
) -> None:
    network = case.network().eval().double()  # deep ones make much of the last bits of a float32
    x = batch(case.inputs, 5)
    x = x.double() if x.is_floating_point() else x
    together = case.counted(network(x), x)
    alone = torch.cat([case.counted(network(x[row : row + 1]), x[row : row + 1]) for row in range(5)])
    torch.testing.assert_close(together, alone, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("case", [case for case in CASES if case.outputs.form == "next"], ids=str)
def test_that_a_place_does_not_see_what_follows_it(case: Case) -> None:
    network = case.network().eval()
    x = batch(case.inputs, 3)[[0, 2]]
    for place in range(1, case.inputs.shape[0]):
        changed = x.clone()
        changed[:, place:] = x[:, place:].flip(0) if x.is_floating_point() else x[:, place:] % 10 + 1
        before, after = network(x), network(changed)
        torch.testing.assert_close(after[:, :place], before[:, :place], rtol=0, atol=1e-5)
        assert (after[:, place:] - before[:, place:]).abs().amax() > 1e-3


@pytest.mark.parametrize("case", [case for case in CASES if case.outputs.form == "translation"], ids=str)
def test_that_a_translation_sees_the_source_and_only_what_was_written_before(case: Case) -> None:
    network = case.network().eval()
    source, target = batch(case.inputs, 3), batch(Inputs("tokens", (5,), (), VOCABULARY), 3)[[0, 2, 0]]
    written = network(source, target)
    assert written.shape == (3, 5, VOCABULARY)
    for place in range(1, 5):
        changed = target.clone()
        changed[:, place:] = target[:, place:] % 10 + 1
        found = network(source, changed)
        torch.testing.assert_close(found[:, :place], written[:, :place], rtol=0, atol=1e-5)
        assert (found[:, place:] - written[:, place:]).abs().amax() > 1e-3
    other = source.clone()
    other[:, 0] = source[:, 0] % 10 + 1
    assert (network(other, target) - written).abs().amax((1, 2)).min() > 1e-3
    begun = torch.full((3, case.outputs.length), START)
    assert torch.equal(network(source), network(source, begun))


@every_case
@pytest.mark.parametrize("training", [False, True])
def test_that_gradients_are_those_of_finite_differences(case: Case, training: bool) -> None:
    """By the inputs and by all parameters at once, in float64, along random directions; without dropout."""
    still = {"dropout": 0.0} if "dropout" in type(case.architecture).model_fields else {}
    network = drawn(case.architecture.replaced(**still), case.inputs, case.outputs).double().train(training)
    names, tensors = zip(*((name, p.detach()) for name, p in network.named_parameters()), strict=True)
    sizes = [tensor.numel() for tensor in tensors]

    def outputs(flat: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        parts = (part.view(t.shape) for part, t in zip(flat.split(sizes), tensors, strict=True))
        found: torch.Tensor = functional_call(network, dict(zip(names, parts, strict=True)), (x,))
        return found

    flat = torch.cat([tensor.flatten() for tensor in tensors]).requires_grad_()
    x = batch(case.inputs, 6)
    if x.is_floating_point():
        there = ~x.isnan()
        known = x.double()[there].requires_grad_()

        def of_known(flat: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
            whole = torch.full(x.shape, torch.nan, dtype=torch.float64)
            return outputs(flat, whole.masked_scatter(there, known))

        assert gradcheck(of_known, (flat, known), fast_mode=True, check_undefined_grad=False)
    else:
        assert gradcheck(partial(outputs, x=x), (flat,), fast_mode=True, check_undefined_grad=False)


@given(
    features=st.integers(1, 9), hidden=st.lists(st.integers(1, 9), max_size=4), outputs=st.integers(1, 5),
    norm=st.sampled_from(["none", "batch", "layer"]),
)  # fmt: skip
def test_that_an_mlp_has_as_many_parameters_as_the_formula_says(
    features: int, hidden: list[int], outputs: int, norm: Any
) -> None:
    network = Mlp(hidden=tuple(hidden), normalization=norm).build(
        Inputs("vector", (features,)), Outputs(outputs)
    )
    widths = [features, *hidden, outputs]
    expected = sum((n + 1) * m for n, m in pairwise(widths))
    assert parameters(network) == expected + (0 if norm == "none" else 2 * sum(hidden))


def test_that_linear_has_a_weight_per_input_and_output_and_a_bias_per_output() -> None:
    assert parameters(Linear().build(INPUTS["vector"], Outputs(3))) == 5 * 3 + 3
    assert parameters(Linear().build(INPUTS["image"], Outputs(3))) == 2 * 9 * 12 * 3 + 3


@pytest.mark.parametrize(("pooling", "places"), [("max", 2 * 3), ("average", 2 * 3), ("none", 9 * 12)])
def test_that_a_cnn_has_as_many_parameters_as_the_formula_says(pooling: Any, places: int) -> None:
    network = Cnn(channels=(4, 6), kernel=5, pooling=pooling, dense=(7,)).build(INPUTS["image"], Outputs(3))
    convolutions = (2 * 25 + 1) * 4 + (4 * 25 + 1) * 6
    assert parameters(network) == convolutions + (6 * places + 1) * 7 + (7 + 1) * 3


ACTIVATIONS = {
    "relu": lambda z: np.maximum(0, z),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "gelu": lambda z: z * np.vectorize(_normal_cumulative)(z),
    "selu": lambda z: 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(z)),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "linear": lambda z: z,
}


def _normal_cumulative(z: float) -> float:
    from math import erf, sqrt

    return (1 + erf(z / sqrt(2))) / 2


def test_that_every_activation_has_an_independent_formula_here() -> None:
    schema = Mlp.model_json_schema()["properties"]["activation"]
    assert set(ACTIVATIONS) == set(schema["enum"])


def values(network: nn.Module) -> dict[str, Array]:
    return {name: tensor.detach().double().numpy() for name, tensor in network.named_parameters()}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_that_an_mlp_computes_its_formula(activation: Any) -> None:
    network = built(Mlp(hidden=(6, 4), activation=activation), INPUTS["vector"], Outputs(3))
    w, bend = values(network), ACTIVATIONS[activation]
    x = batch(INPUTS["vector"]).double().numpy()
    h = bend(x @ w["hidden_1.linear.weight"].T + w["hidden_1.linear.bias"])
    h = bend(h @ w["hidden_2.linear.weight"].T + w["hidden_2.linear.bias"])
    expected = h @ w["output.weight"].T + w["output.bias"]
    found = network(batch(INPUTS["vector"])).detach().numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_that_layer_normalization_stands_between_the_sums_and_the_activation() -> None:
    network = built(Mlp(hidden=(6,), activation="tanh", normalization="layer"), INPUTS["vector"], Outputs(3))
    w = values(network)
    z = batch(INPUTS["vector"]).double().numpy() @ w["hidden_1.linear.weight"].T + w["hidden_1.linear.bias"]
    z = (z - z.mean(1, keepdims=True)) / np.sqrt(z.var(1, keepdims=True) + 1e-5)
    h = np.tanh(z * w["hidden_1.normalization.weight"] + w["hidden_1.normalization.bias"])
    expected = h @ w["output.weight"].T + w["output.bias"]
    found = network(batch(INPUTS["vector"])).detach().numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def convolved(x: Array, w: Array, b: Array) -> Array:
    """Slide the filters over the zero-padded pictures, place by place."""
    k = w.shape[-1]
    padded = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    out = np.empty((len(x), len(w), *x.shape[2:]))
    for row, column in np.ndindex(*x.shape[2:]):
        patch = padded[:, :, row : row + k, column : column + k]
        out[:, :, row, column] = np.einsum("nchw,ochw->no", patch, w) + b
    return out


def pooled(x: Array, kind: str) -> Array:
    height, width = x.shape[2] // 2, x.shape[3] // 2
    squares = x[:, :, : 2 * height, : 2 * width].reshape(*x.shape[:2], height, 2, width, 2)
    return np.asarray(squares.max((3, 5)) if kind == "max" else squares.mean((3, 5)))


@pytest.mark.parametrize("pooling", ["max", "average"])
@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_that_a_cnn_computes_its_formula(pooling: Any, kernel: int) -> None:
    network = built(
        Cnn(channels=(3, 4), kernel=kernel, pooling=pooling, dense=(5,)), INPUTS["image"], Outputs(3)
    )
    w = values(network)
    h = batch(INPUTS["image"]).double().numpy()
    for name in ("convolution_1", "convolution_2"):
        sums = convolved(h, w[f"{name}.convolution.weight"], w[f"{name}.convolution.bias"])
        h = pooled(np.maximum(0, sums), pooling)
    h = np.maximum(0, h.reshape(4, -1) @ w["dense_1.linear.weight"].T + w["dense_1.linear.bias"])
    expected = h @ w["output.weight"].T + w["output.bias"]
    found = network(batch(INPUTS["image"])).detach().numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("choice", choices("architectures"), ids=label)
def test_that_an_architecture_says_what_it_takes_and_gives(
    choice: type[Choice],
) -> None:
    made: Architecture = example(choice)
    assert made.accepts
    assert made.accepts <= set(INPUTS)
    assert made.forms
    assert made.forms <= set(FORMS)
    assert cases_of(made)


def test_that_parts_of_a_network_carry_names_a_person_can_read() -> None:
    mlp = Mlp(hidden=(4, 4), normalization="batch", dropout=0.1).build(INPUTS["vector"], Outputs(2))
    assert [name for name, _ in mlp.named_children()] == ["flatten", "hidden_1", "hidden_2", "output"]
    inside = [name for name, _ in mlp.get_submodule("hidden_1").named_children()]
    assert inside == ["linear", "normalization", "activation", "dropout"]
    cnn = Cnn(dropout=0.1).build(INPUTS["image"], Outputs(2))
    assert [name for name, _ in cnn.named_children()] == [
        "convolution_1", "convolution_2", "flatten", "dropout", "dense_1", "output",
    ]  # fmt: skip
