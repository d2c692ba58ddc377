"""Several metrics of one kind, told apart by their settings, from the choice to the scores of a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, ClassVar

import pytest
import torch
from torch import Tensor

from engine.choices import Setting
from engine.data.description import TargetKind
from engine.events import Measured
from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_run
from engine.learning.metrics import Metric
from engine.learning.stopping import higher_is_better
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.reading import replay
from engine.training.control import Control

NARROW, MIDDLE, WIDE = "planted_top", "planted_top(part=0.5)", "planted_top(part=0.99)"


@pytest.fixture(autouse=True)
def planted() -> Iterator[None]:
    """Plant a metric with a setting, which the program itself has none of yet."""
    before = dict(Metric.family._choices)

    class PlantedTop(Metric, kind="planted_top", title="Planted top"):
        """The share of examples whose right class is among the likeliest ones."""

        part: Annotated[float, Setting("Part", "So much of all classes.", least=0, most=1)] = 0.01
        accepts: ClassVar[frozenset[TargetKind]] = frozenset({"classes"})
        higher_is_better: ClassVar[bool] = True

        def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
            count = int(self.part * predictions.shape[1]) + 1
            found = (predictions.topk(count).indices == targets[:, None]).any(1)
            return torch.stack([found.sum(), torch.tensor(len(found))]).double()

        def value(self, statistics: Tensor) -> Tensor:
            return statistics[0] / statistics[1]

    yield
    Metric.family._choices = before


def test_that_each_keeps_its_own_scores_and_its_own_curve(tmp_path: Path) -> None:
    parts = [{}, {"part": 0.5}, {"part": 0.99}]
    chosen = {
        "metrics": [{"kind": "accuracy"}, *({"kind": "planted_top", **part} for part in parts)],
        "stopping": [{"kind": "target", "series": f"validation.{MIDDLE}", "value": -1}],
        "training": {"epochs": 3, "device": "cpu"},
    }
    run = create(tmp_path, Experiment.model_validate(chosen))
    ended = execute(run, Control(), lambda _: None)
    assert ended.state == "finished", ended.why
    curves = {block.series for event in replay(run) if isinstance(event, Measured) for block in event.blocks}
    assert {f"validation.{key}" for key in (NARROW, MIDDLE, WIDE)} <= curves
    found = evaluate_run(run, "test")
    for scores in (ended.scores["validation"], found.metrics, *found.baselines.values()):
        assert scores[NARROW] == pytest.approx(scores["accuracy"], abs=1e-9)
        assert scores[NARROW] <= scores[MIDDLE] <= scores[WIDE] == 1
    assert ended.scores["validation"][NARROW] < 1


def test_that_a_rule_knows_which_values_are_good_whatever_the_settings() -> None:
    assert higher_is_better(f"validation.{MIDDLE}")
    assert not higher_is_better("validation.loss")
