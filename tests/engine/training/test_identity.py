"""A run comes out the same in every bit, however it is paused, stepped, watched, interrupted and resumed."""

from __future__ import annotations

from functools import cache

import pytest
import torch

from engine.events import Event, Measured, StateChanged
from engine.experiment import Experiment
from engine.probes.gradients import GradientNorms
from engine.probes.predictions import ClassConfusion, ClassProbabilities
from engine.training.checkpoint import Checkpoint
from engine.training.control import Control
from tests.engine.training.support import CNN, MLP, Ran, assert_same, by_hand, experiment_of, run

EXPERIMENTS = {"mlp with dropout, adam": MLP, "cnn with batch norm, momentum": CNN}
CASES = pytest.mark.parametrize("case", EXPERIMENTS)


def chosen(case: str) -> Experiment:
    return experiment_of(EXPERIMENTS[case])


@cache
def reference(case: str) -> Ran:
    """The run nobody touches."""
    return run(chosen(case))


@cache
def stepped(case: str) -> Ran:
    """The run taken step by step, with a checkpoint at each."""
    control, heard = by_hand()
    return run(chosen(case), control=control, heard=heard)


@CASES
def test_that_a_run_is_repeated_in_every_bit(case: str) -> None:
    assert_same(run(chosen(case)), reference(case))


@CASES
def test_that_the_experiments_use_what_makes_repeating_hard(case: str) -> None:
    ran = reference(case)
    assert any(
        type(module).__name__.startswith(("Dropout", "BatchNorm"))
        for module in ran.assembly.model.network.modules()
    )
    assert ran.assembly.plan.steps_per_epoch > 3
    assert len(ran.series["validation.loss"]) == ran.assembly.epochs


@CASES
def test_that_stepping_by_hand_changes_no_bit(case: str) -> None:
    ran = stepped(case)
    assert_same(ran, reference(case))
    steps = ran.assembly.epochs * ran.assembly.plan.steps_per_epoch
    assert [
        event.step for event in ran.events if isinstance(event, StateChanged) and event.state == "paused"
    ] == list(range(1, steps))


@CASES
@pytest.mark.parametrize("steps", [3, 4])
def test_that_pausing_changes_no_bit(case: str, steps: int) -> None:
    control, heard = by_hand(steps)
    assert_same(run(chosen(case), control=control, heard=heard), reference(case))


@CASES
def test_that_going_epoch_by_epoch_pauses_at_their_ends_and_changes_no_bit(case: str) -> None:
    control, heard = by_hand(epoch=True)
    ran = run(chosen(case), control=control, heard=heard)
    assert_same(ran, reference(case))
    length = ran.assembly.plan.steps_per_epoch
    paused = [
        event.step for event in ran.events if isinstance(event, StateChanged) and event.state == "paused"
    ]
    assert paused == [length * epoch for epoch in range(1, ran.assembly.epochs)]


@CASES
def test_that_resuming_from_every_checkpoint_changes_no_bit(case: str) -> None:
    whole = stepped(case)
    for checkpoint in whole.checkpoints:
        saved = Checkpoint.from_bytes(checkpoint.to_bytes())
        torch.manual_seed(checkpoint.step)  # whatever was drawn before must not matter
        resumed = run(chosen(case), start=saved, earlier=whole.epochs)
        assert_same(resumed, reference(case), since=checkpoint.step)


@CASES
def test_that_a_chain_of_interruptions_changes_no_bit(case: str) -> None:
    earlier: dict[str, list[float]] = {}
    start, resumptions = None, 0
    while True:
        control = Control()
        control.advance(4)

        def heard(event: Event, control: Control) -> None:
            if isinstance(event, StateChanged) and event.state == "paused":
                control.interrupt()

        ran = run(chosen(case), start=start, earlier=earlier, control=control, heard=heard)
        for name, values in ran.epochs.items():
            earlier.setdefault(name, []).extend(values)
        if ran.ended.state == "finished":
            break
        assert ran.ended.state == "interrupted"
        assert ran.ended.scores == {}
        start, resumptions = Checkpoint.from_bytes(ran.last.to_bytes()), resumptions + 1
    assert resumptions > 3
    assert_same(ran, reference(case), since=start.step if start else 0)
    assert earlier == reference(case).epochs


@CASES
def test_that_probes_change_no_number_and_leave_the_generator_alone(case: str) -> None:
    experiment = experiment_of(
        EXPERIMENTS[case], probes=[{"kind": "gradient_norms"}, {"kind": "class_probabilities"}]
    )

    def heard(event: Event, control: Control) -> None:
        if isinstance(event, Measured):
            control.watch([ClassConfusion(), GradientNorms()] if event.step % 2 else [ClassProbabilities()])

    control, step = by_hand(3)
    ran = run(
        experiment, control=control, heard=lambda event, levers: (heard(event, levers), step(event, levers))
    )
    assert_same(ran, reference(case))
    assert len(ran.readings("gradient_norms")) > 3
    assert ran.readings("confusion")


@CASES
def test_that_questions_change_no_number(case: str) -> None:
    control, heard = by_hand(2)
    asked = []

    def ask(event: Event, levers: Control) -> None:
        if isinstance(event, Measured):
            asked.append(levers.ask(lambda: torch.rand(5)))
        heard(event, levers)

    assert_same(run(chosen(case), control=control, heard=ask), reference(case))
    assert any(answer.done() and not answer.cancelled() for answer in asked)


def test_that_the_number_of_threads_of_the_beginning_is_taken_again() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        control, heard = by_hand(7)
        whole = run(chosen("mlp with dropout, adam"), control=control, heard=heard)
        torch.set_num_threads(1)
        resumed = run(chosen("mlp with dropout, adam"), start=whole.checkpoints[0], earlier=whole.epochs)
        assert whole.checkpoints[0].decisions["threads"] == 2
        assert resumed.last.decisions["threads"] == 2
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


@CASES
def test_that_how_often_is_reported_and_saved_changes_no_bit(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for report_every, longest in ((0.0, 0.0), (0.0, 1e9), (1e9, 1e9)):
        monkeypatch.setattr("engine.training.bookkeeping.clock.REPORT_EVERY", report_every)
        monkeypatch.setattr("engine.training.bookkeeping.saving.SHORT", longest)
        monkeypatch.setattr("engine.training.bookkeeping.saving.LONG", longest)
        ran = run(chosen(case))
        assert_same(ran, reference(case))
        steps = ran.assembly.epochs * ran.assembly.plan.steps_per_epoch
        if longest == 0:
            assert {one.step for one in ran.checkpoints} == set(range(1, steps + 1))
        if report_every > 0:
            assert sum(isinstance(event, Measured) for event in ran.events) == 1


def test_that_a_fast_run_saves_at_ends_of_epochs_but_not_at_every_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.training.bookkeeping.saving.SHORT", 0.0)
    monkeypatch.setattr(
        "engine.training.bookkeeping.saving.SAVING_SHARE", 1e9
    )  # however long saving takes here
    ran = run(chosen("mlp with dropout, adam"))
    assert [one.step for one in ran.checkpoints][:3] == [5, 10, 15]
    monkeypatch.setattr("engine.training.bookkeeping.saving.SHORT", 1e9)
    assert [one.step for one in run(chosen("mlp with dropout, adam")).checkpoints] == [20]
