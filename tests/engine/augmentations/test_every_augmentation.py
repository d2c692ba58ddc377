"""What holds for every registered augmentation."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.augmentations.augmentation import Augmentation, Levels
from engine.augmentations.images import Flip
from engine.augmentations.mixing import Mixup
from engine.data.about import About
from engine.data.description import Inputs, Targets
from engine.experiment import Experiment
from engine.tasks.task import Batch
from tests.engine.every import choices, example, label

every_augmentation = pytest.mark.parametrize("choice", choices("augmentations"), ids=label)
CLASSES = Targets("classes", ("label",), ("a", "b"))
INPUTS = {
    "vector": Inputs("vector", (4,), ("a", "b", "c", "d")),
    "image": Inputs("image", (3, 12, 10)),
    "series": Inputs("series", (6, 2), ("a", "b")),
    "tokens": Inputs("tokens", (7,), (), 30),
}
LEVELS = Levels(*(torch.full((3, 1, 1), value) for value in (-1.0, 2.0, 0.1)))


def batch_of(inputs: Inputs) -> Batch:
    torch.manual_seed(4)
    shape = (9, *inputs.shape)
    drawn = torch.randint(5, 30, shape) if inputs.kind == "tokens" else torch.rand(shape)
    return Batch(drawn, torch.arange(9) % 2, CLASSES)


@every_augmentation
def test_that_the_batch_given_stays_as_it_is_and_the_shape_is_kept(choice: type[Augmentation]) -> None:
    for kind in choice.accepts:
        batch = batch_of(INPUTS[kind])
        before = batch.inputs.clone()
        found = example(choice).augment(batch, LEVELS)
        assert torch.equal(batch.inputs, before)
        assert (found.inputs.shape, found.inputs.dtype) == (before.shape, before.dtype)
        assert not torch.equal(found.inputs, before)
        assert torch.equal(found.targets, batch.targets)


@every_augmentation
def test_that_the_same_seed_changes_the_same(choice: type[Augmentation]) -> None:
    for kind in choice.accepts:
        batch = batch_of(INPUTS[kind])
        found = []
        for seed in (1, 1, 2):
            torch.manual_seed(seed)
            found.append(example(choice).augment(batch, LEVELS).inputs)
        assert torch.equal(found[0], found[1])
        assert not torch.equal(found[0], found[2])


@every_augmentation
def test_that_a_single_example_can_be_changed(choice: type[Augmentation]) -> None:
    for kind in choice.accepts:
        batch = batch_of(INPUTS[kind])
        one = Batch(batch.inputs[:1], batch.targets[:1], CLASSES)
        assert example(choice).augment(one, LEVELS).inputs.shape == one.inputs.shape


@every_augmentation
def test_that_other_kinds_of_input_are_refused_and_one_that_fits_is_named(choice: type[Augmentation]) -> None:
    for kind, inputs in INPUTS.items():
        problems = example(choice).problems(About(inputs, CLASSES))
        if kind in choice.accepts:
            assert not problems
        else:
            (problem,) = problems
            assert problem.path == "kind"
            assert "one that fits" in problem.message


def test_that_examples_are_mixed_once_only() -> None:
    chosen: tuple[Any, ...] = (Mixup(), Flip(), Mixup())
    (problem,) = Experiment(augmentations=chosen).problems()
    assert problem.path == "augmentations.2.kind"
