"""Suggestions: data of another kind brings a task, loss and network that fit it, and leaves what fits."""

from __future__ import annotations

from math import radians
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from PIL import Image

from engine.augmentations.images import rotated
from engine.choices import Family
from engine.data.description import Description, InputKind, Inputs, Targets
from engine.data.images.sources.images import Images
from engine.data.inspection.offers import read_by
from engine.data.modality import Modality, modalities, modality_of
from engine.data.sample import Sample
from engine.data.source import Source
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment
from engine.runs.start import fitting
from engine.suggestions import begun, consistent, fitted
from tests.engine.training.support import plan_of


def experiment(**values: Any) -> Experiment:
    return Experiment.model_validate(values)


@pytest.mark.parametrize("modality", modalities().values(), ids=modalities())
def test_that_whatever_data_comes_what_is_suggested_fits_together(modality: Modality[Any]) -> None:
    inputs, targets = modality.receives, modality.predicts
    found = fitted(experiment(), inputs, targets)
    assert found.task.target in targets
    assert inputs in found.task.accepts
    assert inputs in found.architecture.accepts
    assert found.problems() == ()


@pytest.mark.parametrize("task", Family.every["tasks"])
@pytest.mark.parametrize("inputs", ["vector", "image", "series", "tokens"])
def test_that_another_task_brings_what_it_needs(task: str, inputs: InputKind) -> None:
    chosen = experiment(metrics=[{"kind": "accuracy"}]).replaced(task=Family.every["tasks"][task]())
    if inputs in chosen.task.accepts:
        assert consistent(chosen, inputs).problems() == ()


def test_that_what_fits_is_left_alone() -> None:
    before = experiment(architecture={"kind": "mlp", "hidden": [7]}, loss={"kind": "binary_cross_entropy"})
    assert fitted(before, "vector", ("classes", "numbers")) == before


def test_that_pictures_bring_a_convolutional_network() -> None:
    before = experiment(architecture={"kind": "gru"})
    assert fitted(before, "image", ("classes",)).architecture.kind == "cnn"


def test_that_a_task_for_numbers_brings_a_loss_and_metrics_for_numbers() -> None:
    found = fitted(experiment(metrics=[{"kind": "accuracy"}]), "vector", ("numbers",))
    assert found.task.target == "numbers"
    assert "numbers" in found.loss.accepts
    assert found.metrics == ()


def test_that_a_course_over_time_is_forecast_whatever_was_there_before() -> None:
    before = experiment(task={"kind": "regression"})
    found = fitted(before, "series", ("numbers",), "forecasting")
    assert found.task.kind == "forecasting"
    assert found.problems() == ()


@pytest.mark.parametrize("name", get_args(Sample.model_fields["name"].annotation))
def test_that_a_sample_says_what_it_holds_and_is_for(name: str) -> None:
    source = Sample(name=name)  # type: ignore[arg-type]
    raw = source.read(0)
    assert type(raw) is source.holds
    task: Any = Family.every["tasks"][source.suits]
    assert task.target in modality_of(source.holds).predicts
    assert modality_of(source.holds).receives in task.accepts


def test_that_what_nobody_touched_gives_way_to_what_is_usual() -> None:
    """The multilayer perceptron accepts pictures, but nobody has chosen it for them."""
    assert fitted(experiment(), "image", ("classes",)).architecture.kind == "cnn"
    chosen = experiment(architecture={"kind": "mlp", "hidden": [7]})
    assert fitted(chosen, "image", ("classes",)).architecture == chosen.architecture


def test_that_pictures_of_ones_own_begin_with_what_suits_them() -> None:
    found = begun(Images(path="photos"), "photos")
    assert found.problems() == ()
    assert found.start.problems() == ()
    assert (found.architecture.kind, found.data.kind, found.name) == ("cnn", "images", "photos")
    assert found.augmentations
    facts = Description(Inputs("image", (3, 43, 64)), Targets("classes", ("label",), ("a", "b")), 12, 3, 3)
    assert found.problems(facts) == ()
    taken, tensors = fitting(plan_of(found, facts))
    assert taken == tensors - 2  # all but the last layer, which is for other classes


def test_that_a_short_course_gets_windows_that_leave_forecasts_to_each_part() -> None:
    """Twelve years of passengers, of which every part is to hold a forecast."""
    made = read_by("time_series", TableFile(path="/passengers.csv"), 144).model_dump()
    assert (made["path"], made["history"], made["horizon"]) == ("/passengers.csv", 36, 12)


@pytest.mark.parametrize("kind", Source.kinds())
def test_that_data_read_by_another_kind_keeps_what_was_said_of_it(kind: str) -> None:
    before = TableFile(path="/plants.csv", test_path="/more.csv", decimal=",", separator=";")
    made, fields = read_by(kind, before, 0), Source.kinds()[kind].model_fields
    kept = {name for name in ("path", "test_path", "decimal", "separator") if name in fields}
    assert {name: str(getattr(made, name)) for name in kept} == {name: getattr(before, name) for name in kept}


@pytest.mark.parametrize("times", [1, 1.5, 2, 3, 4, 6])
@pytest.mark.parametrize("tall", [True, False])
def test_that_no_angle_of_the_program_turns_what_lies_near_the_ends_of_a_picture_out_of_sight(
    tmp_path: Path, times: float, tall: bool
) -> None:
    shorter = 60
    longer = round(shorter * times)
    height, width = (longer, shorter) if tall else (shorter, longer)
    # half as wide as the shorter side, from 5 % of the longer one on, as on a thermometer or a street sign
    mark = np.zeros((longer, shorter), np.float32)
    mark[round(0.08 * longer) : round(0.18 * longer), shorter // 4 : shorter - shorter // 4] = 1
    picture = torch.from_numpy(mark if tall else mark.T.copy())[None, None]
    for name in "ab":
        (tmp_path / name).mkdir()
        for count in range(3):
            Image.new("L", (width, height), 40).save(tmp_path / name / f"{count}.png")
    (rotate,) = [one for one in begun(Images(path=str(tmp_path)), "x").augmentations if one.kind == "rotate"]
    most = radians(rotate.most)  # type: ignore[attr-defined]
    for angle in (most, -most, most / 2):
        turned = rotated(picture, torch.tensor([angle]), torch.zeros(1, 1, 1, 1))
        assert float(turned.sum()) > 0.97 * float(picture.sum())
    # it is as large as that allows: a square is turned by 30°, as ever
    assert rotate.most == 30 if times == 1 else 4 <= rotate.most < 30  # type: ignore[attr-defined]
