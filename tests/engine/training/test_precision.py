"""Precision: layers in numbers of 16 bits learn as those of float32 but for rounding, and exactly again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.choices import Family, Invalid
from engine.events import Warned
from engine.experiment import Experiment
from engine.selftest.small import experiment_with
from engine.training.devices import DeviceName, pick
from engine.training.learner import Learner
from engine.training.loop import take_step
from engine.training.plan import Plan
from engine.training.precision import LossScaling
from tests.engine.training.support import (
    CNN,
    MLP,
    assembled,
    assert_same,
    by_hand,
    experiment_of,
    prepared_for,
    run,
)

REDUCED = ("bfloat16", "float16")
ROUNDING = {"bfloat16": 2.0**-8, "float16": 2.0**-11}
"""The unit roundoff: half the distance of 1 to the next number. Source: Higham, Accuracy and Stability of
Numerical Algorithms, 2002, section 2.1."""
devices = pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])


def precise(
    values: Mapping[str, Any], precision: str, device: DeviceName = "cpu", **changes: Any
) -> Experiment:
    experiment = experiment_of({**values, **changes})
    training = experiment.training.replaced(precision=precision, device=device)
    return experiment.replaced(training=training)


QUIET = {
    "mlp": {**MLP, "architecture": {"kind": "mlp", "hidden": [16, 16]}, "regularizers": []},
    "cnn": {**CNN, "architecture": {"kind": "cnn", "channels": [4, 8], "dense": [16]}},
}
LAYERS = {"mlp": 3, "cnn": 4}


@devices
@pytest.mark.parametrize("case", QUIET)
@pytest.mark.parametrize("precision", REDUCED)
def test_that_the_curve_of_fifty_steps_is_that_of_float32_but_for_rounding(
    precision: str, case: str, device: DeviceName, monkeypatch: pytest.MonkeyPatch
) -> None:
    # below what the first gradients could be too large for: a skipped step would shift the curve
    monkeypatch.setattr("engine.training.precision._BEGUN", 2.0**8)
    # Gradient descent with a small rate, so that what rounding changed is not blown up from step to step.
    plain = {
        "optimizer": {"kind": "gradient_descent", "learning_rate": 0.01},
        "schedule": {"kind": "constant"},
    }
    curves = []
    for chosen in ("float32", precision):
        learner = Learner(assembled(precise(QUIET[case], chosen, device, **plain), device=pick(device)))
        learner.model.set_training(True)
        for _ in range(50):
            take_step(learner)
        curves.append(np.array(learner.read().values["loss"]))
    # Inputs, weights and results of each layer are rounded once, which adds up at worst; outputs are about as
    # large as the first loss, which moves as they do.
    bound = 3 * LAYERS[case] * ROUNDING[precision] * max(1.0, curves[0][0])
    difference = np.abs(curves[0] - curves[1])
    assert difference.max() < bound
    assert difference.max() > 0
    assert curves[0][-1] < curves[0][0]


@devices
@pytest.mark.parametrize("precision", REDUCED)
@pytest.mark.parametrize("kind", list(Family.every["architectures"]))
def test_every_architecture_in_fewer_bits(
    kind: str, precision: str, device: DeviceName, tmp_path: Path
) -> None:
    small = experiment_with(Family.every["architectures"][kind], tmp_path)
    experiment = precise(small.model_dump(), precision, device)
    learner = Learner(assembled(experiment, device=pick(device)))
    learner.model.set_training(True)
    before = learner.flat.parameters.clone()
    for _ in range(2):
        take_step(learner)
    assert np.isfinite(learner.read().values["loss"]).all()
    assert learner.flat.parameters.dtype == torch.float32
    assert learner.flat.parameters.isfinite().all()
    assert learner.skipped == 2 or not torch.equal(before, learner.flat.parameters)


@devices
@pytest.mark.parametrize("values", [MLP, CNN], ids=["mlp", "cnn"])
@pytest.mark.parametrize("precision", REDUCED)
@pytest.mark.parametrize("at", [0, -2])
def test_that_a_run_goes_on_from_a_checkpoint_in_every_bit(
    values: Any, precision: str, at: int, device: DeviceName
) -> None:
    experiment = precise(values, precision, device, training={**values["training"], "moments": 0})
    control, heard = by_hand(3)
    whole = run(experiment, control=control, heard=heard, device=pick(device))
    start = whole.checkpoints[at]
    again = run(experiment, start=start, earlier=whole.epochs, device=pick(device))
    assert_same(again, whole, since=start.step)


@pytest.mark.parametrize(
    "optimizer",
    [{"kind": "sam", "learning_rate": 0.05}, {"kind": "sophia", "interval": 2}, {"kind": "lbfgs"}],
    ids=lambda one: str(one["kind"]),
)
def test_that_rules_that_ask_for_more_of_the_loss_do_so_in_bfloat16_and_are_refused_in_float16(
    optimizer: dict[str, Any],
) -> None:
    ran = run(precise(QUIET["mlp"], "bfloat16", optimizer=optimizer))
    losses = list(ran.series["train.loss"].values())
    assert losses[-1] < losses[0]
    refused = precise(QUIET["mlp"], "float16", optimizer=optimizer)
    with pytest.raises(Invalid, match="take bfloat16 or float32") as caught:
        Plan(refused, prepared_for(refused))
    assert [problem.path for problem in caught.value.problems] == ["training.precision"]


@pytest.mark.parametrize(
    "changes",
    [
        {"micro_batch": 8},
        {"averaging": {"kind": "exponential"}},
        {"recovery": {"kind": "go_back"}},
    ],
    ids=str,
)
@pytest.mark.parametrize("precision", REDUCED)
def test_that_what_a_run_does_besides_goes_with_it(precision: str, changes: dict[str, Any]) -> None:
    ran = run(precise(CNN, precision, training={**CNN["training"], **changes}))
    assert ran.ended.state == "finished"
    losses = list(ran.series["validation.loss"].values())
    assert losses[-1] < losses[0]


def test_that_gradients_are_clipped_as_they_are_and_not_as_they_are_scaled() -> None:
    # a limit that the gradient keeps, and the gradient of the scaled loss does not
    clipped = {"regularizers": [{"kind": "clip_norm", "limit": 10.0}], "schedule": {"kind": "constant"}}
    plain = {"optimizer": {"kind": "gradient_descent", "learning_rate": 1.0}, **clipped}
    moved = []
    for precision in ("float32", "float16"):
        learner = Learner(assembled(precise(QUIET["mlp"], precision, **plain)))
        learner.model.set_training(True)
        before = learner.flat.parameters.clone()
        take_step(learner)
        assert learner.skipped == 0
        moved.append((learner.flat.parameters - before).norm())
    assert 0 < float(moved[0]) < 10
    torch.testing.assert_close(moved[1], moved[0], rtol=0.01, atol=0)


def test_the_rule_of_scaling() -> None:
    scaling, sound, broken = LossScaling(), torch.ones(3), torch.tensor([1.0, float("inf"), 2.0])
    assert scaling.scale == 2**16
    assert not scaling.takes(broken)
    assert not broken.any()
    assert (scaling.scale, scaling.skipped) == (2**15, 1)
    for _ in range(1999):
        assert scaling.takes(sound)
    assert scaling.scale == 2**15
    assert scaling.takes(sound)
    assert (scaling.scale, scaling.skipped) == (2**16, 1)
    # a skipped step begins the count anew
    for _ in range(1999):
        scaling.takes(sound)
    assert not scaling.takes(torch.tensor([float("nan")]))
    assert scaling.takes(sound)
    assert scaling.scale == 2**15
    # gradients that no factor saves break the run as in float32
    while not scaling.takes(torch.tensor([float("inf")])):
        assert scaling.scale >= 2**-14
    assert scaling.skipped == 2 + 15 + 14


def test_that_a_skipped_step_changes_no_weights_and_is_told_with_its_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # so large a factor that the first gradients leave the range of float16
    monkeypatch.setattr("engine.training.precision._BEGUN", 2.0**40)
    experiment = precise(MLP, "float16")
    learner = Learner(assembled(experiment))
    learner.model.set_training(True)
    before = {name: tensor.clone() for name, tensor in learner.tensors().items() if "loss_" not in name}
    take_step(learner)
    assert learner.skipped == 1
    after = learner.tensors()
    assert all(torch.equal(tensor, after[name]) for name, tensor in before.items())
    ran = run(experiment)
    told = [event for event in ran.events if isinstance(event, Warned)]
    assert ran.ended.state == "finished"
    skipped = int(ran.last.tensors["state.loss_skipped"])
    assert skipped > 1
    assert f"{skipped} of the run" in told[-1].text
    assert "left the range of float16" in told[-1].text


def test_that_weights_and_scores_stay_in_float32() -> None:
    ran = run(precise(CNN, "bfloat16"))
    assert {tensor.dtype for tensor in ran.weights().values()} == {torch.float32}
    before = run(precise(CNN, "float32"))
    assert ran.last.tensors.keys() == before.last.tensors.keys()
