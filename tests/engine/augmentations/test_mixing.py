"""Mixup: inputs and losses of two examples, by one share."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from engine.augmentations.augmentation import Levels
from engine.augmentations.mixing import Mixup
from engine.data.about import About
from engine.data.description import Inputs, Targets
from engine.learning.losses.classes import CrossEntropy
from engine.learning.losses.loss import Loss
from engine.learning.losses.numbers import MeanAbsolute, MeanSquared
from engine.learning.losses.robust import Huber
from engine.tasks.task import Batch, Mixed, Task
from tests.engine.every import choices, example

NOTHING = Levels(*(torch.zeros(1) for _ in range(3)))
MIXED = {"classes", "numbers"}
CLASSES = Targets("classes", ("label",), ("a", "b", "c"))
NUMBERS = Targets("numbers", ("x", "y"), (), (0.0, 0.0), (1.0, 1.0))


def batch_of(count: int = 6) -> Batch:
    return Batch(torch.arange(count * 4.0).view(count, 4), torch.arange(count) % 3, CLASSES)


def test_that_inputs_are_mixed_with_a_partner_of_the_batch_by_the_share_that_is_told():
    torch.manual_seed(0)
    batch = Batch(torch.eye(50), torch.arange(50), CLASSES)
    mixed = Mixup(strength=1.0).augment(batch, NOTHING)
    assert mixed.mixed is not None
    share, partner = mixed.mixed.share, mixed.mixed.targets
    assert sorted(partner.tolist()) == list(range(50))
    for index in range(50):
        wanted = share[index] * batch.inputs[index] + (1 - share[index]) * batch.inputs[partner[index]]
        torch.testing.assert_close(mixed.inputs[index], wanted)
    assert torch.equal(mixed.targets, batch.targets)


@pytest.mark.parametrize("strength", [0.01, 0.2, 1.0, 10.0])
def test_that_shares_are_drawn_from_the_beta_distribution(strength):
    torch.manual_seed(0)
    batch = Batch(torch.zeros(20_000, 1), torch.zeros(20_000), CLASSES)
    mixed = Mixup(strength=strength).augment(batch, NOTHING).mixed
    assert mixed is not None
    variance = 1 / (4 * (2 * strength + 1))
    assert ((mixed.share >= 0) & (mixed.share <= 1)).all()
    assert abs(mixed.share.mean() - 0.5) < 5 * math.sqrt(variance / 20_000)
    assert abs(mixed.share.var() - variance) < 0.01


LOSSES = (MeanSquared(), MeanAbsolute(), Huber(), CrossEntropy(label_smoothing=0.1))


@pytest.mark.parametrize(
    ("task", "loss"),
    [(task, loss) for task in choices("tasks") for loss in LOSSES if task.target in loss.accepts & MIXED],
    ids=str,
)
def test_that_every_task_weighs_the_losses_of_both_targets(task: type[Task], loss: Loss):
    torch.manual_seed(0)
    classes = task.target == "classes"
    outputs = torch.randn(8, 3 if classes else 2)
    one, other = (torch.randint(0, 3, (8,)) if classes else torch.randn(8, 2) for _ in range(2))
    share = torch.rand(8)
    network: Any = torch.nn.Identity()
    facts = CLASSES if classes else NUMBERS
    found = example(task).losses(network, Batch(outputs, one, facts, Mixed(other, share)), loss)
    wanted = share * loss.losses(outputs, one) + (1 - share) * loss.losses(outputs, other)
    torch.testing.assert_close(found, wanted)


def test_that_cross_entropy_of_a_mixture_is_that_of_the_mixed_labels():
    from torch.nn.functional import cross_entropy, one_hot

    from engine.tasks.classification import Classification

    torch.manual_seed(1)
    outputs, share = torch.randn(5, 3), torch.rand(5)
    one, other = torch.randint(0, 3, (5,)), torch.randint(0, 3, (5,))
    soft = share[:, None] * one_hot(one, 3) + (1 - share[:, None]) * one_hot(other, 3)
    network: Any = torch.nn.Identity()
    batch = Batch(outputs, one, CLASSES, Mixed(other, share))
    found = Classification().losses(network, batch, CrossEntropy())
    torch.testing.assert_close(found, cross_entropy(outputs, soft, reduction="none"))


def test_that_series_are_cut_to_the_shorter_of_the_two():
    nan = float("nan")
    series = torch.tensor([[1.0, 2.0, 3.0], [5.0, nan, nan]]).view(2, 3, 1)
    torch.manual_seed(0)
    mixed = Mixup(strength=1.0).augment(Batch(series, torch.tensor([0, 1]), CLASSES), NOTHING)
    assert mixed.mixed is not None
    if mixed.mixed.targets.tolist() == [1, 0]:
        assert mixed.inputs.isnan()[..., 0].tolist() == [[False, True, True]] * 2


@pytest.mark.parametrize("kind", ["tags", "tokens", "translation"])
def test_that_only_classes_and_numbers_are_mixed(kind):
    facts = Targets(kind, ("x",), ("a", "b"), length=3)
    (problem,) = Mixup().problems(About(Inputs("series", (3, 1)), facts))
    assert problem.path == "kind"
