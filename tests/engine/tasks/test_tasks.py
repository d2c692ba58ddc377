"""Tasks: what they need of a loss, and that losses and predictions fit together."""

from __future__ import annotations

import pytest
import torch

from engine.choices import Choice, Family
from engine.learning.losses.classes import CrossEntropy
from engine.learning.losses.loss import Loss
from engine.learning.losses.numbers import MeanSquared
from engine.learning.metrics import Metric
from engine.tasks.classification import Classification
from engine.tasks.regression import Regression
from engine.tasks.task import Batch, Task
from tests.engine.every import choices, example, label
from tests.engine.tasks.examples import TARGETS, Places, batch_for, network_for

every_task = pytest.mark.parametrize("choice", choices("tasks"), ids=label)


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
    batch, facts = batch_for(task), TARGETS[task.target]
    shapes = {
        "classes": (7, 3),
        "labels": (7, 3),
        "numbers": (7, 2),
        "tags": (7, facts.length, 5),
        "translation": (7, facts.length - 1),
        "tokens": (7, facts.vocabulary if task.form == "next" else facts.length),
    }
    for loss in losses_for(task):
        network = network_for(task, loss)
        network.train()
        losses = task.losses(network, batch, loss)
        assert losses.shape == (7,)
        losses.mean().backward()
        assert all(parameter.grad is not None for parameter in network.parameters())
        network.eval()
        assert task.predict(network, batch.inputs, loss, facts).shape == shapes[task.target]


@every_task
def test_that_a_step_and_an_evaluation_work_out_the_same_losses(choice: type[Choice]) -> None:
    task: Task = example(choice)
    batch = batch_for(task)
    for loss in losses_for(task):
        network = network_for(task, loss).eval()
        assert torch.equal(task.judge(network, batch, loss).losses, task.losses(network, batch, loss)), (
            loss.kind
        )


@every_task
def test_that_metrics_can_read_what_a_task_gives_them(choice: type[Choice]) -> None:
    task: Task = example(choice)
    loss = example(Family.every["losses"][task.default_loss])
    network = network_for(task, loss).eval()
    for other in choices("metrics"):
        metric: Metric = example(other)
        if task.target in metric.accepts:
            judged = task.judge(network, batch_for(task), loss, metric.generates)
            assert metric.value(metric.observe(judged.predictions, judged.truth)).dtype == torch.float64


def test_that_classification_predicts_probabilities() -> None:
    network = network_for(Classification(), CrossEntropy())
    batch = batch_for(Classification())
    predicted = Classification().predict(network, batch.inputs, CrossEntropy(), batch.facts)
    torch.testing.assert_close(predicted.sum(1), torch.ones(7))


def test_that_regression_predicts_what_the_network_puts_out() -> None:
    network, batch = network_for(Regression(), MeanSquared()), batch_for(Regression())
    predicted = Regression().predict(network, batch.inputs, MeanSquared(), batch.facts)
    assert torch.equal(predicted, network(batch.inputs))


@pytest.mark.parametrize("task", [Classification(), Regression()])
def test_that_classification_and_regression_take_every_kind_of_input(task: Task) -> None:
    assert task.accepts == {"vector", "image", "series", "tokens"}


# ------------------------------------------------------------------------------------------ tasks of texts

PLACED = [choice for choice in choices("tasks") if example(choice).form != "example"]


@pytest.mark.parametrize("choice", PLACED, ids=label)
@pytest.mark.parametrize("loss", [CrossEntropy(), CrossEntropy(label_smoothing=0.1)])
def test_that_the_loss_of_a_text_is_the_mean_over_the_places_that_count(
    choice: type[Choice], loss: Loss
) -> None:
    task: Task = example(choice)
    batch, network = batch_for(task), network_for(task, loss).eval().double()
    outputs, truth = task.answer(network, batch)
    for row, found in enumerate(task.losses(network, batch, loss).tolist()):
        each = [
            loss.losses(outputs[row, place][None], truth[row, place][None]).item()
            for place in range(truth.shape[1])
            if truth[row, place] >= 0
        ]
        assert found == pytest.approx(sum(each) / len(each) if each else 0.0)


@pytest.mark.parametrize("choice", PLACED, ids=label)
def test_that_a_text_without_any_place_that_counts_costs_nothing_and_harms_nothing(
    choice: type[Choice],
) -> None:
    task: Task = example(choice)
    whole = batch_for(task)
    inputs, targets = whole.inputs.clone(), whole.targets.clone()
    inputs[2] = 0
    targets[2] = -1 if task.target == "tags" else 0
    batch, loss = Batch(inputs, targets, whole.facts), CrossEntropy()
    network = network_for(task, loss).eval()
    losses = task.losses(network, batch, loss)
    assert losses[2] == 0
    losses.mean().backward()
    assert all(bool(parameter.grad.isfinite().all()) for parameter in network.parameters())  # type: ignore[union-attr]


@pytest.mark.parametrize("choice", PLACED, ids=label)
def test_that_more_padding_changes_no_loss(choice: type[Choice]) -> None:
    task: Task = example(choice)
    batch = batch_for(task)
    network = network_for(task, CrossEntropy()).eval().double()
    pad = torch.nn.functional.pad
    filling = -1 if task.target == "tags" else 0
    longer = Batch(pad(batch.inputs, (0, 3)), pad(batch.targets, (0, 3), value=filling), batch.facts)
    torch.testing.assert_close(
        task.losses(network, longer, CrossEntropy()), task.losses(network, batch, CrossEntropy())
    )


def test_that_a_language_model_is_asked_for_the_token_after_each_place() -> None:
    task = example(Family.every["tasks"]["language_modelling"])
    batch = batch_for(task)
    network = Places(task, 12).eval()
    outputs, truth = task.answer(network, batch)
    assert torch.equal(network.seen[-1], batch.inputs[:, :-1])
    assert torch.equal(truth, batch.inputs[:, 1:].masked_fill(batch.inputs[:, 1:] == 0, -1))
    assert outputs.shape == (*truth.shape, 12)


def test_that_the_next_token_is_asked_for_after_the_last_of_each_text() -> None:
    task, loss = example(Family.every["tasks"]["language_modelling"]), CrossEntropy()
    batch = batch_for(task)
    network = Places(task, 12).eval().double()
    found = task.predict(network, batch.inputs, loss, batch.facts)
    for row, text in enumerate(batch.inputs):
        alone = text[text != 0]
        alone = alone[1:] if len(alone) == len(text) else alone
        torch.testing.assert_close(found[row], network(alone[None])[0, -1].softmax(0))


def test_that_a_translation_is_guessed_from_the_right_tokens_before() -> None:
    task = example(Family.every["tasks"]["translation"])
    batch = batch_for(task)
    network = network_for(task, CrossEntropy()).eval()
    outputs, truth = task.answer(network, batch)
    assert outputs.shape[:2] == truth.shape
    assert torch.equal(truth, batch.targets[:, 1:].masked_fill(batch.targets[:, 1:] == 0, -1))
    assert (batch.targets[:, 0] == 2).all()
