"""Augmentation in training: anew in every step, the same however the run is cut, never in evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engine.choices import Invalid
from engine.training.augmenting import variants
from engine.training.evaluate import evaluate
from tests.engine.training.support import (
    CNN,
    MLP,
    assembled,
    assert_same,
    assert_same_tensors,
    by_hand,
    experiment_of,
    prepared_for,
    run,
)

CHANGES: list[dict[str, Any]] = [
    {"kind": "shift", "most": 1},
    {"kind": "rotate", "fill": "edge"},
    {"kind": "crop"},
    {"kind": "colour"},
    {"kind": "cutout", "side": 3},
    {"kind": "mixup"},
]
AUGMENTED = {**CNN, "augmentations": CHANGES, "training": {"epochs": 2, "batch_size": 50}}


def test_that_a_run_stepped_by_hand_or_resumed_comes_out_the_same_in_every_bit():
    experiment = experiment_of(AUGMENTED)
    whole = run(experiment)
    control, heard = by_hand(7)
    stepped = run(experiment, control=control, heard=heard)
    assert_same(whole, stepped)
    start = next(one for one in stepped.checkpoints if one.step == 7)
    resumed = run(experiment, start=start, earlier=whole.epochs)
    assert_same_tensors(resumed.last.tensors, whole.last.tensors)


def test_that_augmentation_changes_training_and_a_list_without_any_changes_nothing():
    plain, again = run(experiment_of(CNN)), run(experiment_of({**CNN, "augmentations": []}))
    assert_same(plain, again)
    changed = run(experiment_of(AUGMENTED))
    assert changed.series["train.loss"] != plain.series["train.loss"]


def test_that_evaluation_sees_the_data_as_it_is():
    experiment, plain = experiment_of(AUGMENTED), experiment_of(CNN)
    data = prepared_for(experiment)
    found = [
        evaluate(assembled(one, data).model, data.validation, one.scores).loss
        for one in (experiment, plain, experiment)
    ]
    assert found[0] == found[1] == found[2]


def test_that_the_full_batch_stays_as_it_is_while_its_changes_are_learnt():
    values = {
        **MLP,
        "augmentations": [{"kind": "jitter", "strength": 0.5}],
        "training": {"epochs": 3, "batch_size": "all"},
    }
    ran = run(experiment_of(values))
    assert torch.equal(
        ran.assembly.inputs["train"], torch.tensor(prepared_for(experiment_of(values)).train.inputs)
    )
    assert len(set(ran.series["loss"].values())) == 3


def test_that_what_does_not_fit_the_data_is_refused_with_its_place():
    with pytest.raises(Invalid) as raised:
        assembled(experiment_of({**MLP, "augmentations": [{"kind": "jitter"}, {"kind": "flip"}]}))
    assert [problem.path for problem in raised.value.problems] == ["augmentations.1.kind"]


def test_that_variants_begin_with_the_picture_itself_in_its_own_pixels():
    experiment = experiment_of(AUGMENTED)
    data = prepared_for(experiment)
    state = torch.random.get_rng_state()
    found = variants(experiment, data, 5, 4)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert (found.shape, found.dtype) == ((5, 5, 8, 8, 1), np.uint8)
    rows = data.train.rows[np.linspace(0, len(data.train) - 1, 5).round().astype(int)]
    assert np.array_equal(found[:, 0], data.raw.pixels[rows])
    assert np.array_equal(found, variants(experiment, data, 5, 4))
    assert not np.array_equal(found[:, 1], found[:, 2])


@pytest.mark.parametrize("scaling", ["standardize", "unit_range", "none"])
def test_that_black_is_black_however_pixels_are_scaled(scaling):
    values = {**CNN, "preprocessing": {"scaling": scaling}, "augmentations": [{"kind": "shift", "most": 7}]}
    experiment = experiment_of(values)
    data = prepared_for(experiment)
    found = variants(experiment, data, 3, 30)
    assert (found[:, 1:].reshape(90, -1) == 0).mean() > (found[:, 0].reshape(3, -1) == 0).mean()
    assert set(np.unique(found)) <= set(np.unique(data.raw.pixels))


def test_that_only_changes_of_pictures_are_shown():
    experiment = experiment_of(MLP)
    with pytest.raises(Invalid):
        variants(experiment, prepared_for(experiment), 3, 3)
