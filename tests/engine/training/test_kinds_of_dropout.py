"""Kinds of dropout in networks: where they act, what is refused, and runs that are gone on with or edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import nn

from engine.architectures.layer_kinds.normalization import DropoutLayer
from engine.choices import Invalid
from engine.data.description import Inputs
from engine.networks.dropping import SharedDropout, StochasticDepth
from engine.training.plan import Plan
from tests.engine.training.support import (
    CNN,
    MLP,
    assembled,
    assert_same,
    by_hand,
    experiment_of,
    prepared_for,
    run,
)
from tests.engine.training.test_edits import assert_repeats
from tests.engine.training.test_live_settings import NETWORKS

SELU = {"kind": "mlp", "hidden": [16, 16], "activation": "selu", "dropout": 0.2}
RESNET = {"kind": "resnet", "blocks": [1, 1], "width": 4, "stochastic_depth": 0.5}
FILTERS = {**CNN["architecture"], "dropout": 0.3}


@pytest.mark.parametrize(
    ("values", "moves"),
    [
        ({**MLP, "architecture": SELU}, {3: {"dropout_kind": "alpha"}, 9: {"dropout_kind": "plain"}}),
        ({**CNN, "architecture": FILTERS}, {3: {"dropout_kind": "channels"}, 9: {"dropout_kind": "plain"}}),
        (NETWORKS["lstm"], {3: {"dropout_kind": "variational"}, 9: {"dropout_kind": "plain"}}),
        (NETWORKS["transformer"], {3: {"stochastic_depth": 0.5}, 9: {"embedding_dropout": 0.2}}),
        (
            {**CNN, "architecture": RESNET},
            {3: {"stochastic_depth": 0.0}, 9: {"stochastic_depth": 0.2}},
        ),
    ],
    ids=["alpha", "channels", "variational", "depth and words", "resnet"],
)
def test_that_kinds_come_and_go_in_a_run_and_are_repeated_in_every_bit(
    values: Mapping[str, Any], moves: Mapping[int, Mapping[str, Any]]
) -> None:
    experiment = experiment_of(values)
    edits = {
        step: {f"architecture.{name}": value for name, value in one.items()} for step, one in moves.items()
    }
    live = assert_repeats(experiment, edits)
    untouched = run(experiment).weights()
    assert any(not torch.equal(tensor, untouched[name]) for name, tensor in live.weights().items())


def test_that_weights_start_and_are_called_the_same_whatever_is_dropped() -> None:
    one = assembled(experiment_of(NETWORKS["lstm"]))
    changes = {"dropout_kind": "variational", "dropout": 0.4}
    chosen = {**NETWORKS["lstm"]["architecture"], **changes}
    other = assembled(experiment_of({**NETWORKS["lstm"], "architecture": chosen}))
    ours, theirs = one.model.tensors(), other.model.tensors()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_that_whole_filters_are_dropped_after_every_convolution_and_nowhere_else() -> None:
    chosen = experiment_of({**CNN, "architecture": {**FILTERS, "dropout_kind": "channels"}})
    network = assembled(chosen).model.network
    dropping = {
        name: type(part) for name, part in network.named_modules() if "dropout" in name.rpartition(".")[2]
    }
    assert dropping == {f"convolution_{number}.dropout": nn.Dropout2d for number in (1, 2)}


@pytest.mark.parametrize(
    ("architecture", "shares"),
    [
        ({"kind": "resnet", "blocks": [1, 2, 1], "width": 4}, [0.1, 0.2, 0.3, 0.4]),
        ({"kind": "residual_mlp", "blocks": 4, "width": 8}, [0.1, 0.2, 0.3, 0.4]),
        # of 9 blocks those that add to what they get: the second of each stage that has two
        ({"kind": "mobilenet_v2"}, [0.4 * 4 / 9, 0.4 * 6 / 9]),
    ],
)
def test_that_the_share_grows_evenly_with_the_depth(
    architecture: Mapping[str, Any], shares: list[float]
) -> None:
    chosen = experiment_of({**CNN, "architecture": {**architecture, "stochastic_depth": 0.4}})
    network = assembled(chosen).model.network
    found = [one.p for one in network.modules() if isinstance(one, StochasticDepth)]
    assert found == pytest.approx(shares)


def test_that_a_run_that_drops_blocks_and_words_goes_on_exactly() -> None:
    dropping = {"stochastic_depth": 0.3, "embedding_dropout": 0.1}
    architecture = {**NETWORKS["transformer"]["architecture"], **dropping}
    chosen = experiment_of({**NETWORKS["transformer"], "architecture": architecture})
    control, heard = by_hand(4)
    whole = run(chosen, control=control, heard=heard)
    assert len(whole.checkpoints) > 3
    for middle in whole.checkpoints[:-1]:
        again = run(chosen, start=middle, earlier=whole.epochs)
        assert_same(whole, again, since=middle.step)


def test_that_alpha_dropout_is_refused_without_selu() -> None:
    chosen = experiment_of(MLP, architecture={**SELU, "activation": "relu", "dropout_kind": "alpha"})
    with pytest.raises(Invalid, match="set activation to selu") as caught:
        Plan(chosen, prepared_for(chosen))
    assert [problem.path for problem in caught.value.problems] == ["architecture.dropout_kind"]


@pytest.mark.parametrize(
    ("inputs", "kind"),
    [(Inputs("image", (3, 4, 4)), nn.Dropout2d), (Inputs("series", (9, 3)), SharedDropout)],
)
def test_that_a_dropout_of_a_list_takes_the_channels_of_what_it_gets(inputs: Inputs, kind: type) -> None:
    layer = DropoutLayer(form="channels")
    assert not layer.misfits(inputs)
    assert type(layer.build(inputs)) is kind
    (problem,) = layer.misfits(Inputs("vector", (5,)))
    assert (problem.path, str(problem.message)) == ("form", "a vector has no channels; take plain")
