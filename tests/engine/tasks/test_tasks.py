"""Tasks: what they need of a loss, and that losses and predictions fit together."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from engine.choices import Choice, Family
from engine.data.description import Targets
from engine.learning.losses import Loss
from engine.learning.metrics import Metric
from engine.tasks.classification import Classification
from engine.tasks.regression import Regression
from engine.tasks.task import Batch, Task
from tests.engine.every import choices, example, label

every_task = pytest.mark.parametrize("choice", choices("tasks"), ids=label)
TARGETS = {
    "classes": Targets("classes", ("label",), ("a", "b", "c")),
    "numbers": Targets("numbers", ("u", "v"), mean=(0.0, 0.0), scale=(1.0, 1.0)),
}


def losses_for(task: Task) -> list[Loss]:
    return [
        made for choice in choices("losses") for made in (example(choice),) if task.target in made.accepts
    ]


@every_task
def test_that_the_usual_loss_and_metrics_exist_and_fit_the_target(choice: type[Choice]) -> None:
    task: Task = example(choice)
    assert task.default_loss in {loss.kind for loss in losses_for(task)}
    metrics: list[Metric] = [example(Family.every["metrics"][kind]) for kind in task.default_metrics]
    assert all(task.target in metric.accepts for metric in metrics)
    assert metrics[0].scalar


@every_task
def test_that_every_fitting_loss_gives_a_loss_per_example_and_a_prediction_per_target(
    choice: type[Choice],
) -> None:
    task: Task = example(choice)
    targets = TARGETS[task.target]
    rng = np.random.default_rng(0)
    inputs = torch.from_numpy(rng.normal(size=(7, 4))).float()
    truth = (
        torch.from_numpy(rng.integers(0, 3, 7)) if targets.kind == "classes" else torch.randn(7, targets.size)
    )
    for loss in losses_for(task):
        network = nn.Linear(4, loss.outputs(targets))
        losses = task.losses(network, Batch(inputs, truth), loss)
        assert losses.shape == (7,)
        losses.mean().backward()
        assert network.weight.grad is not None
        assert task.predict(network, inputs, loss).shape == (7, targets.size)


def test_that_classification_predicts_probabilities() -> None:
    (loss,) = (loss for loss in losses_for(Classification()) if loss.kind == "cross_entropy")
    network = nn.Linear(4, 3)
    predicted = Classification().predict(network, torch.randn(7, 4), loss)
    torch.testing.assert_close(predicted.sum(1), torch.ones(7))


def test_that_regression_predicts_what_the_network_puts_out() -> None:
    (loss,) = (loss for loss in losses_for(Regression()) if loss.kind == "mean_squared")
    network, inputs = nn.Linear(4, 2), torch.randn(7, 4)
    assert torch.equal(Regression().predict(network, inputs, loss), network(inputs))


@pytest.mark.parametrize("task", [Classification(), Regression()])
def test_that_classification_and_regression_take_every_kind_of_input(task: Task) -> None:
    assert task.inputs == {"vector", "image", "series", "tokens"}
