"""A loss or score of numbers says the unit it is measured in, which is seen by making the numbers larger."""

from __future__ import annotations

import math

import pytest
import torch

from engine.choices import Choice
from engine.data.description import Targets
from engine.learning.losses.loss import Loss
from engine.learning.metrics import Metric
from engine.learning.score_units import NATS
from tests.engine.every import choices, example, label

TRUE = torch.tensor([[1.0], [4.0], [-2.5], [8.0]])
SAID = torch.tensor([[1.5], [3.0], [-2.0], [9.25]])
FEW, SEVERAL = (Targets("classes", ("class",), tuple("abcde"[:count])) for count in (2, 5))
HALVES = Targets("labels", ("label",), ("a", "b", "c"))


def power(value: float, doubled: float, tenfold: float) -> int | None:
    """By what power a value grows with the numbers; None where by none."""
    ratios = (doubled / value, tenfold / value)
    fitting = (one for one in (1, 2) if ratios == pytest.approx((2**one, 10**one)))
    return next(fitting, None)


@pytest.mark.parametrize("choice", choices("losses"), ids=label)
def test_that_a_loss_grows_with_the_numbers_as_its_unit_says(choice: type[Choice]) -> None:
    loss = example(choice)
    assert isinstance(loss, Loss)
    if "numbers" not in type(loss).accepts:
        return
    outputs = loss.outputs(Targets("numbers", ("y",), mean=(0.0,), scale=(1.0,)))
    # one output for the number; what else a network says of it stays the same
    said = torch.cat([SAID, torch.ones(len(SAID), outputs - 1)], dim=1)
    size = torch.tensor([1.0] + [0.0] * (outputs - 1))
    values = [float(loss.losses(said * (1 + (k - 1) * size), TRUE * k).mean()) for k in (1.0, 2.0, 10.0)]
    assert type(loss).unit.power == power(values[0], values[1], values[2])


@pytest.mark.parametrize("choice", choices("metrics"), ids=label)
def test_that_a_score_grows_with_the_numbers_as_its_unit_says(choice: type[Choice]) -> None:
    metric = example(choice)
    assert isinstance(metric, Metric)
    if "numbers" not in type(metric).accepts:
        assert type(metric).unit.power is None
        return
    values = [float(metric.value(metric.observe(SAID * k, TRUE * k))) for k in (1.0, 2.0, 10.0)]
    assert type(metric).unit.power == power(values[0], values[1], values[2])


@pytest.mark.parametrize("choice", choices("losses"), ids=label)
def test_that_an_even_guess_costs_the_logarithm_of_the_number_of_answers_in_nats(
    choice: type[Choice],
) -> None:
    loss = choice.model_validate({})
    assert isinstance(loss, Loss)
    accepted = type(loss).accepts
    if accepted & {"classes", "labels"}:
        each = []
        for targets in (FEW, SEVERAL) if "classes" in accepted else (HALVES,):
            outputs = loss.outputs(targets)
            truth = torch.tensor([0]) if targets.kind == "classes" else torch.tensor([[1.0, 0.0, 0.0]])
            # one yes-or-no question after the other has two answers each
            answers = 2 if "labels" in accepted else outputs
            value = float(loss.losses(torch.zeros(1, outputs), truth))
            each.append(value == pytest.approx(math.log(answers), rel=1e-5))
        assert all(each) == (type(loss).unit is NATS)
    elif type(loss).unit is NATS:
        # of all counts together what is said to be probable is certain
        counts = torch.arange(100.0)[:, None]
        assert float(torch.exp(-loss.losses(torch.ones(100, 1), counts)).sum()) == pytest.approx(1, rel=1e-5)
