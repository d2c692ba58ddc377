"""Initializers by layer: what they draw, against the formula; all else is as it was, in every bit."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

import pytest
import torch

from engine.choices import Invalid
from tests.engine.training.support import CNN, assembled, experiment_of
from tests.engine.training.test_live_settings import NETWORKS

WIDE: Mapping[str, Mapping[str, Any]] = {
    "cnn": {**CNN, "architecture": {"kind": "cnn", "channels": [64, 64], "dense": [128]}},
    "lstm": {**NETWORKS["lstm"], "architecture": {"kind": "lstm", "layers": 1, "width": 64}},
    "transformer": {
        **NETWORKS["transformer"],
        "architecture": {"kind": "transformer_encoder", "layers": 1, "width": 128, "heads": 4},
    },
}


def weights(name: str, *initializers: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    return assembled(experiment_of(WIDE[name], initializers=initializers)).model.tensors()


CASES = [
    ("transformer", "embeddings", {}, "embedding.weight", 0.02),
    ("transformer", "attention", {}, "body.block_1.attention.query.weight", sqrt(2 / 256)),
    ("cnn", "convolutions", {"kind": "lecun_normal"}, "convolution_2.convolution.weight", sqrt(1 / (64 * 9))),
    ("cnn", "dense", {"kind": "normal", "standard_deviation": 0.3}, "dense_1.linear.weight", 0.3),
    ("cnn", "head", {}, "output.weight", 0.01),
    ("lstm", "recurrent", {}, "body.layer_1.ahead.weight_hh", sqrt(2 / 128)),
]


@pytest.mark.parametrize(("network", "kind", "initializer", "name", "deviation"), CASES)
def test_that_weights_vary_as_the_formula_says_and_all_else_is_as_it_was(
    network: str, kind: str, initializer: Mapping[str, Any], name: str, deviation: float
) -> None:
    own = {"initializer": initializer} if initializer else {}
    before, after = weights(network), weights(network, {"kind": kind, **own})
    drawn = after[name].double()
    # an error of three parts in the root of twice the count; products of the mean likewise
    spread = 4 / sqrt(2 * drawn.numel())
    assert float(drawn.std()) == pytest.approx(deviation, rel=spread)
    assert abs(float(drawn.mean())) < 4 * deviation / sqrt(drawn.numel())
    changed = {one for one in before if not torch.equal(before[one], after[one])}
    parts = {
        "embeddings": ("embedding",),
        "attention": (".attention.",),
        "convolutions": (".convolution.",),
        "dense": ("dense_",),
        "head": ("output",),
        "recurrent": ("weight_",),
    }[kind]
    # biases of 0 stay 0
    assert changed == {one for one in before if any(part in one for part in parts) and "bias" not in one}


def test_that_states_follow_each_other_by_rotations_gate_by_gate() -> None:
    after = weights("lstm", {"kind": "recurrent"}, {"kind": "states"})
    for gate in after["body.layer_1.ahead.weight_hh"].chunk(4):
        torch.testing.assert_close(gate @ gate.T, torch.eye(64), atol=1e-5, rtol=0)
    # the forget gate still starts open
    assert after["body.layer_1.ahead.bias_ih"].chunk(4)[1].eq(1).all()


def test_that_the_last_of_the_list_holds() -> None:
    one = weights("cnn", {"kind": "head", "initializer": {"kind": "ones"}}, {"kind": "head"})
    assert torch.equal(one["output.weight"], weights("cnn", {"kind": "head"})["output.weight"])


def test_that_layers_which_are_not_there_are_refused() -> None:
    with pytest.raises(Invalid, match="Convolutional network has none of") as caught:
        weights("cnn", {"kind": "attention"})
    assert [problem.path for problem in caught.value.problems] == ["initializers.0.kind"]
