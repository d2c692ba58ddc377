"""When probes are measured: at once, at the end, where the run pauses; and never too often."""

from __future__ import annotations

from itertools import count

import numpy as np
import torch
from sklearn.metrics import confusion_matrix

from engine.events import Event, StateChanged
from engine.probes.fitted_functions import DecisionSurface, FittedCurve
from engine.probes.predictions import ClassConfusion, ClassProbabilities
from engine.training.bookkeeping.probing import SHARE, SHORTEST, Probing
from engine.training.control import Control
from engine.training.evaluate import predict_tensors
from engine.training.learner import Learner
from tests.engine.training.support import MLP, assembled, by_hand, experiment_of, made_of, run


def probing(*probes: object) -> Probing:
    assembly = assembled(experiment_of(MLP))
    return Probing(assembly, Learner(assembly), probes)  # type: ignore[arg-type]


def test_that_a_run_is_pictured_before_its_first_step_and_after_its_last() -> None:
    ran = run(experiment_of(MLP, probes=[{"kind": "decision_surface"}]))
    steps = [picture.step for picture in ran.readings("decision_surface")]
    assert steps[0] == 0
    losses = ran.series["validation.loss"]
    assert steps[-1] == min(losses, key=lambda step: losses[step])  # the weights of the best epoch are kept
    assert steps[:-1] == sorted(set(steps[:-1]))


def test_that_probes_of_one_kind_are_told_apart_by_their_settings() -> None:
    probes = [{"kind": "decision_surface", "resolution": size} for size in (4, 6)]
    ran = run(experiment_of(MLP, probes=probes))
    for size in (4, 6):
        assert ran.readings(f"decision_surface(resolution={size})")[-1].step == ran.ended.step


def test_that_the_last_picture_is_of_the_weights_that_are_kept_and_says_their_step() -> None:
    """The validation part says the opposite of the training part: the longer it learns, the worse it gets."""
    inputs = np.repeat([[-1.0], [1.0]], 40, axis=0)[np.arange(80) % 2 * 40 + np.arange(80) // 2]
    truth = (inputs[:, 0] > 0).astype(np.int64)
    truth[60:] = 1 - truth[60:]
    experiment = experiment_of(MLP, probes=[{"kind": "confusion"}])
    ran = run(experiment, prepared=made_of(inputs, truth, validation=20, classes=2))
    losses = ran.series["validation.loss"]
    best = min(losses, key=lambda step: losses[step])
    assert best < ran.ended.step
    last = ran.readings("confusion")[-1]
    assert last.step == best
    taken = predict_tensors(ran.assembly.model, torch.from_numpy(inputs[60:].astype(np.float32))).argmax(1)
    expected = confusion_matrix(truth[60:], taken.numpy(), labels=range(2))
    np.testing.assert_array_equal(last.found.matrix, expected)


def test_that_the_last_picture_is_of_the_last_step_where_the_last_weights_are_kept() -> None:
    ran = run(experiment_of(MLP, probes=[{"kind": "decision_surface"}], training={"keep": "last"}))
    assert ran.readings("decision_surface")[-1].step == ran.ended.step


def test_that_every_pause_is_pictured() -> None:
    control, heard = by_hand(6)
    ran = run(experiment_of(MLP, probes=[{"kind": "confusion"}]), control=control, heard=heard)
    assert {0, 6, 12, 18, 20} <= {picture.step for picture in ran.readings("confusion")}


def test_that_probes_watched_in_a_pause_are_measured_there() -> None:
    control = Control()
    control.advance(5)

    def heard(event: Event, control: Control) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            control.watch([ClassProbabilities()])
        elif getattr(event, "probe", "") == "class_probabilities":
            control.resume()

    ran = run(experiment_of(MLP), control=control, heard=heard)
    assert ran.readings("class_probabilities")[0].step == 5


def test_that_probes_that_do_not_fit_the_data_are_not_measured() -> None:
    control = Control()
    control.watch([FittedCurve(), ClassConfusion()])
    ran = run(experiment_of(MLP), control=control)
    assert not ran.readings("fitted_curve")
    assert ran.readings("confusion")


def test_that_nothing_watched_measures_nothing() -> None:
    control = Control()
    control.watch([DecisionSurface()])
    control.watch([])
    ran = run(experiment_of(MLP), control=control)
    assert not ran.readings("decision_surface")


def test_that_who_comes_back_after_the_end_finds_pictures_of_the_end() -> None:
    """The page was left while the run trained, so that nothing was watched when it ended."""
    control = Control()
    control.watch([ClassConfusion()])
    control.advance(5)

    def heard(event: Event, control: Control) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            control.watch([])
            control.resume()

    ran = run(experiment_of(MLP, training={"keep": "last"}), control=control, heard=heard)
    steps = [picture.step for picture in ran.readings("confusion")]
    assert steps[-1] == ran.ended.step
    assert all(step <= 5 for step in steps[:-1])


def measured(watched: Probing, now: float, seconds: float) -> list[str]:
    """Let every measurement that is due take so many seconds; return what was measured."""
    clock = count(now, seconds)
    watched._learner.step += 1
    return [picture.probe for picture in watched.take(now, lambda: next(clock))]


def test_that_a_probe_waits_so_long_that_all_together_keep_to_their_share() -> None:
    watched = probing(ClassConfusion(), ClassProbabilities())
    measured(watched, 0.0, 3.0)
    measured(watched, 100.0, 3.0)
    assert not watched.due(100.0 + 2 * 3.0 / SHARE - 0.01)
    assert watched.due(100.0 + 2 * 3.0 / SHARE)


def test_that_the_first_measurement_with_all_it_loads_does_not_count_for_the_next_ones() -> None:
    watched = probing(ClassConfusion())
    measured(watched, 100.0, 3.0)
    assert watched.due(103.0)


def test_that_a_slow_probe_delays_no_other() -> None:
    watched = probing(ClassConfusion(), ClassProbabilities())
    measured(watched, 0.0, 0.0)
    costs = {"confusion": 5.0, "class_probabilities": 0.001}
    at = 100.0
    watched._learner.step += 1

    taking = watched.take(at, lambda: at)
    for picture in taking:
        at += costs[picture.probe]
    assert measured(watched, 110.0, 0.0) == ["class_probabilities"]


def test_that_cheap_rounds_are_no_more_frequent_than_eyes_can_follow() -> None:
    watched = probing(ClassConfusion())
    measured(watched, 5.0, 0.0)
    assert not watched.due(5.0 + 0.99 * SHORTEST)
    assert watched.due(5.0 + SHORTEST)


def test_that_the_same_step_is_measured_once_but_again_for_other_probes() -> None:
    watched = probing(ClassConfusion())
    assert len(list(watched.take())) == 1
    assert not list(watched.take())
    watched.watch([ClassProbabilities()])
    assert {picture.probe for picture in watched.take()} == {"confusion", "class_probabilities"}
