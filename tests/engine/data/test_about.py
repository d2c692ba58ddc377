"""What choices say against the data and the plan: asked of all of them, in one way."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from engine.augmentations.images import Flip
from engine.choices import Family, Problem
from engine.data.about import About, Kinds, Suited
from engine.data.description import Description, Inputs, TargetKind, Targets
from engine.experiment import Experiment
from engine.learning.metrics import Metric
from engine.learning.stopping import Time
from tests.engine.every import choices, example, label

FAMILIES = [name for name, family in Family.every.items() if issubclass(family.base, Suited)]
CLASSES = Targets("classes", ("label",), ("a", "b"))
INPUTS = (
    Inputs("vector", (3,)),
    Inputs("image", (1, 12, 12)),
    Inputs("series", (8, 2)),
    Inputs("tokens", (6,), (), 20),
)
PICTURES = Description(Inputs("image", (1, 12, 12)), CLASSES, 5, 5, 5)


@pytest.mark.parametrize("choice", [one for name in FAMILIES for one in choices(name)], ids=label)
def test_that_nothing_is_said_against_what_is_not_known(choice: type[Suited]) -> None:
    assert example(choice).problems(About()) == ()


@pytest.mark.parametrize("choice", [one for name in FAMILIES for one in choices(name)], ids=label)
def test_that_every_choice_objects_to_kinds_it_is_not_for_before_its_settings_do(
    choice: type[Suited],
) -> None:
    for inputs, target in product(INPUTS, get_args(TargetKind)):
        if choice.lacks(Kinds(inputs.kind, target)):
            (problem,) = example(choice).problems(About(inputs, Targets(target, ("a",)), target=target))
            assert problem.path == "kind"
            assert "one that fits" in problem.message


def test_that_an_experiment_asks_all_that_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    metric = Metric.family["accuracy"]()
    experiment = Experiment.model_validate(
        {"augmentations": [Flip()], "metrics": [metric], "stopping": [Time()]}
    )
    held = {name: getattr(experiment, name) for name in type(experiment).model_fields}
    for chosen in held.values():
        for one in chosen if isinstance(chosen, tuple) else (chosen,):
            if isinstance(one, Suited):
                monkeypatch.setattr(type(one), "problems", lambda self, about: (Problem("kind", "no"),))
    assert [problem.path for problem in experiment.problems(PICTURES)] == [
        *("augmentations.0.kind", "task.kind", "architecture.kind", "loss.kind", "stopping.0.kind"),
        "metrics.0.kind",
    ]
