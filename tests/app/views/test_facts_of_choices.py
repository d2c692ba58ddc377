"""What is true of a choice stands in the choice: a planted entry needs no second place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np
import pytest

from app.document.record import RunRecord
from app.predict.score_table import baseline_title
from app.runs.scores import score_title, score_words
from app.train.page import first_views, fitting
from app.views.course.curves import CurvesView
from app.views.course.quantities import baseline_name
from app.views.course.remarks import RemarksView, remarks
from app.views.drawing import Plot, Viewport
from app.views.headline import headline, more_is_better, most_telling
from app.views.view import Slot, View
from engine.choices import Family, Setting
from engine.data.description import TargetKind
from engine.events import Block, Facts, Measured
from engine.learning.metrics import Accuracy
from engine.selftest.small import experiment_with
from engine.tasks.classification import Classification
from engine.training.baselines.baseline import Baseline
from engine.training.baselines.every import BASELINES
from tests.app.sample_records import EVERY, started


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """Take what a test planted out of the families again."""
    before = {name: dict(family._choices) for name, family in Family.every.items()}
    judged = dict(BASELINES)
    yield
    BASELINES.clear()
    BASELINES.update(judged)
    for name, family in Family.every.items():
        family._choices = before[name]


def test_that_a_new_task_and_its_metric_say_themselves_how_a_run_is_read() -> None:
    class Planted(Accuracy, kind="planted_score", title="Planted score"):
        """The share that is right."""

        higher_is_better: ClassVar[bool] = False
        accepts: ClassVar[frozenset[TargetKind]] = frozenset({"classes"})

    class PlantedTask(Classification, kind="planted_task", title="Planted task"):
        """Learn classes."""

        headlines: ClassVar[tuple[str, ...]] = ("confusion", "planted_score", "accuracy")

    facts = Facts(target_kind="classes", classes=("a", "b"), task="planted_task")
    assert headline(facts) == "planted_score"  # a matrix is no headline
    assert headline(facts, {"accuracy"}) == "accuracy"
    assert most_telling(["accuracy", "confusion"]) == "confusion"  # of scores, what a task puts first
    assert not more_is_better("planted_score")
    assert score_words("planted_score", 0.25) == score_words("accuracy", 0.25)


def test_that_two_metrics_of_one_kind_are_called_by_their_settings() -> None:
    class Planted(Accuracy, kind="planted_score", title="Planted score"):
        """The share that is right."""

        most: Annotated[int, Setting("Most", "Of so many.", least=1)] = 1

    assert score_title(Planted().key) == "Planted score"
    assert score_title(Planted(most=2).key) == "Planted score (most=2)"
    assert more_is_better(Planted(most=2).key)
    assert score_words(Planted(most=2).key, 0.25) == score_words("accuracy", 0.25)


def test_that_a_new_view_says_itself_where_it_stands_and_displaces_no_other() -> None:
    labels = Facts("vector", (2,), ("a", "b"), "labels", ("kind",), ("a", "b"), task="multi_label")
    numbers = Facts("vector", (9,), (), "numbers", ("y",), task="regression")
    before = {facts: first_views(facts) for facts in (labels, numbers)}

    class Planted(RemarksView, kind="planted_view", title="Planted view", rank=50):
        """Which labels are taken for which."""

        slots: ClassVar[tuple[Slot, ...]] = ("left", "main")

        @classmethod
        def fits(cls, facts: Facts) -> bool:
            return facts.target_kind == "labels"

    assert first_views(labels) == {**before[labels], "left": Planted()}
    assert first_views(numbers) == before[numbers]


def test_that_a_new_view_that_states_no_slot_is_in_every_menu_and_displaces_none() -> None:
    before = {facts: first_views(facts) for facts in EVERY}

    class Planted(RemarksView, kind="planted_view", title="Planted view", rank=0):
        """How many units answer nothing."""

        slots: ClassVar[tuple[Slot, ...]] = View.slots

    for facts in EVERY:
        assert Planted in fitting(facts)
        assert first_views(facts) == before[facts]


def _watched(part: str) -> RunRecord:
    made = RunRecord()
    made.apply(started(Facts("vector", (2,), ("a", "b"), "classes", ("kind",), ("a", "b"), watched=part)))
    values = np.array([0.9, 0.6, 0.4], np.float32)
    blocks = tuple(
        Block(name, 20, 20, values) for name in ("train.loss", "validation.loss", "validation.accuracy")
    )
    made.apply(Measured(blocks, 60, 3, 1.0, 9.0))
    return made


@pytest.mark.parametrize("part", ["train", "validation"])
def test_that_nothing_is_called_validation_where_there_is_no_such_part(part: str) -> None:
    record = _watched(part)
    drawn = CurvesView().draw((record,), Viewport())
    assert isinstance(drawn, Plot)
    said = [curve.name for curve in drawn.curves]
    said += [reading.name for reading in CurvesView().readout((record,), 2.0)]
    said += [f"{one.title} {one.detail}" for one in remarks(record)]
    assert len(said) >= 4
    assert any("validation" in one.lower() for one in said) is (part == "validation")


def test_that_the_self_test_finds_data_for_a_task_that_it_does_not_know(tmp_path: Path) -> None:
    class PlantedTask(Classification, kind="planted_task", title="Planted task"):
        """Learn classes."""

    assert experiment_with(PlantedTask, tmp_path).task.kind == "planted_task"


def test_that_a_new_baseline_says_itself_what_it_is_called() -> None:
    class Oracle(Baseline, kind="planted_baseline", title="Oracle", name="an oracle"):
        """Says what is right."""

    assert baseline_title("planted_baseline") == ("Oracle", "Says what is right")
    assert baseline_name("planted_baseline") == "an oracle"
    assert baseline_title("of_a_later_version") == ("Of a later version", "")


def test_that_every_baseline_says_what_it_is_called_and_what_it_does() -> None:
    for baseline in BASELINES.values():
        assert all((baseline.title, baseline.name, baseline.targets)), baseline.kind
        assert len(baseline.summary()) > 20, baseline.kind
