"""A run that is edited while it goes on comes out the same when its recipe is repeated, bit for bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any

import pytest

from engine.choices import Choice, Invalid, fields
from engine.edits import Recipe, fixed_settings, why_fixed
from engine.events import Edit, Edited, Event, StateChanged
from engine.experiment import Experiment
from engine.training.control import Control
from tests.engine.every import choices, example, label
from tests.engine.training.support import CNN, MLP, Ran, assert_same, assert_same_tensors, experiment_of, run

Moves = Mapping[int, Mapping[str, Any]]
"""The values that settings get, by the step at which."""


def edited_run(
    experiment: Experiment, moves: Moves, **given: Any
) -> tuple[Ran, Recipe, list[Future[Edited]]]:
    """Train by hand up to each step, edit there, and go on to the end."""
    control, recipe = Control(), Recipe(experiment)
    waiting, answers = sorted(moves), []

    def go_on(step: int) -> None:
        if waiting:
            control.advance(waiting[0] - step)
        else:
            control.resume()

    def heard(event: Event, control: Control) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            if event.step == waiting[0]:
                answers.append(control.edit(moves[waiting.pop(0)]))
            go_on(event.step)

    if waiting and waiting[0] == 0:
        control.pause()
    else:
        go_on(0)
    return run(experiment, control=control, heard=heard, recipe=recipe, **given), recipe, answers


def assert_repeats(experiment: Experiment, moves: Moves) -> Ran:
    """Assert that a run that is edited is its recipe, trained anew and gone on with from any checkpoint."""
    live, recipe, answers = edited_run(experiment, moves)
    assert [answer.exception() for answer in answers] == [None] * len(moves)
    assert [event.step for event in live.events if isinstance(event, Edited)] == sorted(moves)
    anew = run(experiment, recipe=Recipe(experiment, recipe.edits))
    assert_same(live, anew)
    assert edits_of(anew) == recipe.edits
    for checkpoint in live.checkpoints[::3]:
        again = run(
            experiment, start=checkpoint, earlier=live.epochs, recipe=Recipe(experiment, recipe.edits)
        )
        assert_same(live, again, since=checkpoint.step)
    return live


def edits_of(ran: Ran) -> tuple[Edit, ...]:
    return tuple(edit for event in ran.events if isinstance(event, Edited) for edit in event.edits)


def numbers(choice: Choice, path: str) -> dict[str, Any]:
    """Return every number of a choice moved a little within its bounds, by path."""
    found: dict[str, Any] = {}
    for field in fields(type(choice)):
        value, setting = getattr(choice, field.name), field.setting
        if field.annotation is float and setting.live is not False:
            least = setting.least if setting.least is not None else setting.above
            found[f"{path}.{field.name}"] = value * 0.9 if least is None or value * 0.9 >= least else value
    return found


@pytest.mark.parametrize("optimizer", choices("optimizers"), ids=label)
def test_that_every_optimizer_goes_on_with_other_numbers(optimizer: type[Choice]) -> None:
    experiment = experiment_of(MLP, optimizer={"kind": optimizer.kind})
    other = numbers(experiment.optimizer, "optimizer")
    faster = {"optimizer.learning_rate": experiment.optimizer.learning_rate * 0.3}
    assert_repeats(experiment, {3: other, 13: faster})


@pytest.mark.parametrize("family", ["schedules", "regularizers", "stopping", "courses", "groups"])
def test_that_every_choice_that_is_live_as_a_whole_comes_and_goes(family: str) -> None:
    for choice in choices(family):
        value = example(choice).model_dump(mode="json")
        name = {"schedules": "schedule"}.get(family, family)
        now, then = ([value], []) if family != "schedules" else (value, {"kind": "constant"})
        # a network without attention or embeddings has nothing for such groups
        if choice.kind not in ("attention", "embeddings"):
            chosen = experiment_of(MLP, optimizer={"kind": "adamw"})
            assert_repeats(chosen, {7: {name: now}, 11: {name: then}})


TEN: Sequence[Moves] = (
    {
        0: {"optimizer.learning_rate": 0.02},
        2: {"optimizer.learning_rate": 0.004, "schedule": {"kind": "constant"}},
        3: {"regularizers": []},
        5: {"training.epochs": 6},
        6: {"regularizers": [{"kind": "l1", "strength": 0.001}]},
        8: {"training.batch_size": 50},
        9: {"regularizers.0.strength": 0.002, "training.batch_size": 20},
        10: {"schedule": {"kind": "cosine"}},
        14: {"optimizer.learning_rate": 0.01},
        15: {"training.epochs": 5},
        17: {"stopping": [{"kind": "no_improvement", "patience": 1}]},
    },
)


@pytest.mark.parametrize("moves", TEN)
@pytest.mark.parametrize("values", [MLP, CNN], ids=["mlp", "cnn"])
def test_that_ten_edits_are_repeated(values: Mapping[str, Any], moves: Moves) -> None:
    experiment = experiment_of(values, schedule={"kind": "linear"}, regularizers=[{"kind": "clip_norm"}])
    live = assert_repeats(experiment, moves)
    assert any(live.weights()[name].ne(tensor).any() for name, tensor in run(experiment).weights().items()), (
        "edits that change nothing prove nothing"
    )


@pytest.mark.parametrize("values", [MLP, CNN], ids=["mlp", "cnn"])
@pytest.mark.parametrize(
    "sizes", [{3: 7}, {5: 9}, {7: "all"}, {0: 16, 2: 60, 3: 11, 9: "all", 10: 32}], ids=str
)
def test_that_batches_may_have_another_size_from_any_step_on(
    values: Mapping[str, Any], sizes: Mapping[int, Any]
) -> None:
    moves = {step: {"training.batch_size": size} for step, size in sizes.items()}
    live = assert_repeats(experiment_of(values, schedule={"kind": "plateau", "patience": 1}), moves)
    assert live.ended.epoch == experiment_of(values).training.epochs
    assert live.ended.step == list(live.series["train.loss"])[-1]


def test_that_a_mean_over_an_epoch_is_one_of_all_its_examples() -> None:
    values = {**MLP, "optimizer": {"kind": "gradient_descent", "learning_rate": 1e-12}, "regularizers": []}
    values |= {"architecture": {"kind": "mlp", "hidden": [8]}}
    live, _, _ = edited_run(
        experiment_of(values), {3: {"training.batch_size": 9}, 8: {"training.batch_size": 70}}
    )
    losses = list(live.series["train.loss"].values())
    # nothing is learnt: only who met an example twice, or not at all, would have another mean
    assert losses == pytest.approx([losses[0]] * 4, rel=1e-6)


def test_that_changes_of_pictures_come_and_go() -> None:
    assert_repeats(experiment_of(CNN), {4: {"augmentations": [{"kind": "flip"}]}, 9: {"augmentations": []}})


def test_that_a_rate_holds_from_the_very_next_step_on() -> None:
    values = {**MLP, "schedule": {"kind": "constant"}}
    live, _, _ = edited_run(experiment_of(values), {7: {"optimizer.learning_rate": 0.5}})
    rates = live.series["learning_rate"]
    assert [round(rates[step], 6) for step in (1, 7, 8, 20)] == [0.01, 0.01, 0.5, 0.5]


def test_that_a_run_takes_the_epochs_that_it_is_given() -> None:
    more, _, _ = edited_run(experiment_of(MLP), {9: {"training.epochs": 7}})
    fewer, _, _ = edited_run(experiment_of(MLP), {9: {"training.epochs": 2}})
    assert (more.ended.epoch, fewer.ended.epoch) == (7, 2)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"seed": 4}, {"seed"}),
        (
            {"optimizer": {"kind": "gradient_descent"}, "architecture.hidden": [9]},
            {"optimizer", "architecture.hidden"},
        ),
        ({"optimizer.learning_rate": -1.0}, {"optimizer.learning_rate"}),
        ({"optimizer.nothing": 1}, {"optimizer.nothing"}),
        ({"training.epochs": 1}, {"training.epochs"}),
        ({"stopping": [{"kind": "target", "series": "validation.f7"}]}, {"stopping.0.series"}),
        ({"optimizer.learning_rate": 0.5, "training.keep": "last"}, {"training.keep"}),
    ],
)
def test_that_what_cannot_be_edited_is_told_and_nothing_changes(
    values: Mapping[str, Any], problems: Any
) -> None:
    live, recipe, (answer,) = edited_run(experiment_of(MLP), {9: values})
    refusal = answer.exception()
    assert isinstance(refusal, Invalid)
    assert {problem.path for problem in refusal.problems} == set(problems)
    assert recipe.edits == ()
    assert_same(live, run(experiment_of(MLP)))


def test_that_what_is_moved_back_at_the_same_step_is_no_edit() -> None:
    experiment = experiment_of(MLP)
    recipe = Recipe(experiment)
    for rate in (0.02, 0.03, 0.01):
        recipe.take(5, recipe.edited(5, {"optimizer.learning_rate": rate}))
    assert recipe.edits == ()
    recipe.take(5, recipe.edited(5, {"optimizer.learning_rate": 0.04}))
    assert recipe.edits == (Edit(5, "optimizer.learning_rate", 0.01, 0.04),)


def test_that_an_edit_that_cannot_be_kept_is_not_made() -> None:
    def full(_: object) -> None:
        raise OSError("the disk is full")

    experiment, control = experiment_of(MLP), Control()
    answer = control.edit({"optimizer.learning_rate": 0.5})
    ran = run(experiment, control=control, recipe=Recipe(experiment, keep=full))
    assert isinstance(answer.exception(), OSError)
    assert_same(ran, run(experiment))


def test_that_a_run_that_breaks_goes_back_over_its_edits() -> None:
    values = {**MLP, "optimizer": {"kind": "gradient_descent", "learning_rate": 0.1}, "regularizers": []}
    worse = {"kind": "l2", "strength": 100.0}
    experiment = experiment_of(
        values, schedule={"kind": "constant"}, training={"epochs": 60, "batch_size": 32}
    )
    live, recipe, _ = edited_run(
        experiment,
        {3: {"optimizer.learning_rate": 0.2}, 8: {"regularizers": [worse], "optimizer.learning_rate": 10.0}},
    )
    anew = run(experiment, recipe=Recipe(experiment, recipe.edits))
    assert live.ended.state == "failed"
    assert live.ended == anew.ended
    # not the series: they end in what equals nothing, not even itself
    assert_same_tensors(live.weights(), anew.weights())
    assert_same_tensors(live.last.tensors, anew.last.tensors)


def test_that_every_setting_that_is_fixed_says_why() -> None:
    fixed = fixed_settings(experiment_of(CNN))
    assert {"data", "data.name", "architecture", "architecture.channels", "optimizer", "seed"} <= {
        problem.path for problem in fixed
    }
    live = {"optimizer.learning_rate", "architecture.dropout", "schedule", "training.epochs"}
    assert not live & {problem.path for problem in fixed}
    # what the sentence below says of none in particular, somebody has forgotten to say
    of_none = why_fixed(experiment_of(CNN), "nothing")
    hidden = {"format", "probes", "training"}
    assert {problem.path for problem in fixed if problem.message == of_none} <= hidden
