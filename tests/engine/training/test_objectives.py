"""Steps with several losses and optimizers: two networks that learn against each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from engine.architectures.linear import Linear
from engine.data.batches import order
from engine.data.description import Inputs, Outputs
from engine.data.prepared import Prepared
from engine.experiment import Experiment
from engine.learning.losses.loss import Loss
from engine.learning.optimizers.adam import Adam
from engine.learning.optimizers.plain import HeavyBall
from engine.randomness import derive
from engine.tasks.regression import Regression
from engine.tasks.task import Batch, Objective
from tests.engine.training.support import Ran, assembled, by_hand, experiment_of, made_of, run

STEPS = 9


class Adversaries(nn.Module):
    """A generator that makes points of noise, and a discriminator that tells them from those of the data."""

    def __init__(self) -> None:
        super().__init__()
        self.discriminator = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
        self.generator = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 2))

    def forward(self, inputs: Tensor) -> Tensor:
        found: Tensor = self.discriminator(inputs)
        return found


class TwoNetworks(Linear):
    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        return Adversaries()


def discriminating(network: Any, batch: Batch, loss: Loss) -> Tensor:
    made = network.generator(torch.randn_like(batch.inputs)).detach()
    return (softplus(-network.discriminator(batch.inputs)) + softplus(network.discriminator(made)))[:, 0]


def generating(network: Any, batch: Batch, loss: Loss) -> Tensor:
    made = network.generator(torch.randn_like(batch.inputs))
    found: Tensor = softplus(-network.discriminator(made))[:, 0]
    return found


class Adversarial(Regression):
    """The game of Goodfellow et al., Generative Adversarial Nets, 2014."""

    def objectives(self) -> tuple[Objective, ...]:
        return (
            Objective(discriminating, "discriminator", ("discriminator",), HeavyBall(learning_rate=0.1)),
            Objective(generating, "generator", ("generator",)),
        )


class Forgetful(Adversarial):
    def objectives(self) -> tuple[Objective, ...]:
        return super().objectives()[:1]


def data() -> Prepared:
    random = np.random.default_rng(4)
    return made_of(
        random.normal(2, 0.5, (24, 2)), random.normal(size=(24, 1)).astype(np.float32), validation=4
    )


def game(task: Regression | None = None) -> Experiment:
    experiment = experiment_of(
        {
            "seed": 8,
            "task": {"kind": "regression"},
            "optimizer": {"kind": "adam", "learning_rate": 0.02},
            "training": {"epochs": 3, "batch_size": 8, "keep": "last"},
        }
    )
    return experiment.replaced(task=task or Adversarial(), architecture=TwoNetworks())


def plain(experiment: Experiment, prepared: Prepared) -> tuple[dict[str, Tensor], list[tuple[float, float]]]:
    """What a person would write in torch: two optimizers, each after its own loss."""
    network: Any = assembled(experiment, prepared).model.network
    learning = (
        torch.optim.SGD(network.discriminator.parameters(), lr=0.1, momentum=0.9),
        torch.optim.Adam(network.generator.parameters(), lr=0.02),
    )
    losses = []
    for step in range(STEPS):
        epoch, position = divmod(step, 3)
        rows = order(20, 8, 8, epoch)[position]
        inputs = torch.from_numpy(prepared.train.inputs[rows])
        batch = Batch(inputs, torch.empty(0), prepared.description.targets)
        torch.manual_seed(derive(8, "step", step))
        both = []
        for optimizer, lost in zip(learning, (discriminating, generating), strict=True):
            value = lost(network, batch, experiment.loss).mean()
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            both.append(value.item())
        losses.append((both[0], both[1]))
    return dict(network.state_dict()), losses


def test_that_each_loss_changes_its_own_network_by_its_own_optimizer() -> None:
    experiment, prepared = game(), data()
    ran = run(experiment, prepared=prepared)
    weights, losses = plain(experiment, prepared)
    for name, tensor in ran.weights().items():
        np.testing.assert_allclose(tensor.numpy(), weights[name].numpy(), rtol=2e-5, atol=2e-6, err_msg=name)
    for index, name in enumerate(("loss_discriminator", "loss_generator")):
        told = list(ran.series[name].values())
        np.testing.assert_allclose(told, [both[index] for both in losses], rtol=1e-5)
    np.testing.assert_allclose(list(ran.series["loss"].values()), [sum(both) for both in losses], rtol=1e-5)


def test_that_such_a_run_goes_on_from_any_checkpoint_with_the_same_bits() -> None:
    experiment, prepared = game(), data()
    whole = run(experiment, prepared=prepared)
    control, heard = by_hand()
    stepped = run(experiment, prepared=prepared, control=control, heard=heard)
    assert {name for name in stepped.last.tensors if name.startswith("state.")} == {
        "state.discriminator.v", *(f"state.generator.{symbol}" for symbol in "mvt"),
    }  # fmt: skip
    for checkpoint in stepped.checkpoints[1:-1:3]:
        again: Ran = run(experiment, prepared=prepared, start=checkpoint, earlier=stepped.epochs)
        assert all(torch.equal(tensor, again.weights()[name]) for name, tensor in whole.weights().items())


def test_that_a_task_whose_objectives_leave_parameters_out_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="exactly one objective"):
        assembled(game(Forgetful()), data())


def test_that_the_optimizer_of_the_experiment_is_taken_where_the_task_names_none() -> None:
    assert isinstance(game().optimizer, Adam)
    assert [one.optimizer is None for one in Adversarial().objectives()] == [False, True]
