"""How runs end: done, by a rule, by the person, or by a loss that is no number; and what is kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engine.choices import Invalid
from engine.events import Warned
from engine.training.checkpoint import Checkpoint
from engine.training.control import Control
from engine.training.evaluate import evaluate
from tests.engine.training.support import (
    CNN,
    MLP,
    Ran,
    assembled,
    assert_same_tensors,
    by_hand,
    experiment_of,
    made_of,
    prepared_for,
    run,
)

EXPLODING = {
    "task": {"kind": "regression"},
    "architecture": {"kind": "mlp", "hidden": [8], "activation": "relu"},
    "optimizer": {"kind": "momentum", "learning_rate": 5.0},
    "training": {"epochs": 50, "batch_size": 10},
}


def growing() -> Any:
    random = np.random.default_rng(2)
    inputs = random.normal(size=(50, 3))
    return made_of(inputs, (inputs @ random.normal(size=(3, 1))).astype(np.float32), validation=10)


def part_of(checkpoint: Checkpoint, prefixes: tuple[str, ...]) -> dict[str, torch.Tensor]:
    return {name: tensor for name, tensor in checkpoint.tensors.items() if name.startswith(prefixes)}


OWN = ("parameters", "buffer.", "state.")


def test_that_a_finished_run_says_so_and_its_checkpoint_resumes_to_the_same() -> None:
    whole = run(experiment_of(MLP))
    assert whole.ended.state == "finished"
    assert whole.ended.step == 20
    assert whole.ended.epoch == 4
    again = run(experiment_of(MLP), start=whole.last, earlier=whole.epochs)
    assert again.ended == whole.ended
    assert not again.series
    assert_same_tensors(again.last.tensors, whole.last.tensors)


def test_that_the_kept_weights_are_those_of_the_lowest_validation_loss() -> None:
    experiment = experiment_of(
        MLP, optimizer={"kind": "adam", "learning_rate": 0.2}, training={"epochs": 12, "batch_size": 32}
    )
    control, heard = by_hand(epoch=True)
    ran = run(experiment, control=control, heard=heard)
    losses = list(ran.series["validation.loss"].values())
    best = int(np.argmin(losses))
    assert best < len(losses) - 1, "the test needs a run whose last epoch is not its best"
    assert int(ran.last.tensors["best.epoch"]) == best + 1
    at_best = ran.checkpoints[best].tensors["parameters"]
    assert torch.equal(ran.last.tensors["best.parameters"], at_best)
    assert torch.equal(ran.assembly.flat.parameters, at_best)
    scores = ran.ended.scores["validation"]
    for name in ("loss", "accuracy", "macro_f1"):
        assert np.float32(scores[name]) == np.float32(ran.epochs[f"validation.{name}"][best])


def test_that_of_epochs_that_are_equally_good_the_first_is_kept() -> None:
    # too small to change any weight in single precision
    ran = run(experiment_of(MLP, optimizer={"kind": "gradient_descent", "learning_rate": 1e-30}))
    assert len(set(ran.series["validation.loss"].values())) == 1
    assert int(ran.last.tensors["best.epoch"]) == 1


@pytest.mark.parametrize("values", [MLP, CNN])
def test_that_the_final_scores_are_those_of_the_kept_weights_in_a_fresh_network(
    values: dict[str, Any],
) -> None:
    experiment = experiment_of(values)
    ran = run(experiment)
    fresh = assembled(experiment).model
    fresh.load(ran.weights())
    for part in ("train", "validation"):
        found = evaluate(fresh, prepared_for(experiment).part(part), experiment.scores)
        assert {"loss": found.loss, **found.metrics} == ran.ended.scores[part]
    assert "test" not in ran.ended.scores


def test_that_the_last_weights_are_kept_where_the_experiment_says_so() -> None:
    ran = run(experiment_of(MLP, training={"epochs": 4, "batch_size": 32, "keep": "last"}))
    assert not part_of(ran.last, ("best.",))
    assert torch.equal(ran.assembly.flat.parameters, ran.last.tensors["parameters"])


def test_that_stopping_keeps_what_was_learnt_and_can_be_resumed() -> None:
    experiment = experiment_of(MLP)
    control = Control()
    control.advance(7)
    stopped = run(
        experiment, control=control, heard=lambda event, control: control.stop() if _paused(event) else None
    )
    assert stopped.ended.state == "stopped"
    assert stopped.ended.step == 7
    assert stopped.ended.scores["validation"]["accuracy"] >= 0
    resumed = run(experiment, start=stopped.last, earlier=stopped.epochs)
    assert_same_tensors(resumed.last.tensors, run(experiment).last.tensors)


def _paused(event: object) -> bool:
    return getattr(event, "state", "") == "paused"


def test_that_a_loss_that_is_no_number_ends_the_run_with_the_last_good_weights() -> None:
    experiment, prepared = experiment_of(EXPLODING), growing()
    ran = run(experiment, prepared=prepared)
    ended = ran.ended
    losses = ran.series["loss"]
    bad = max(losses)
    assert ended.state == "failed"
    assert not np.isfinite(losses[bad])
    assert all(np.isfinite(loss) for step, loss in losses.items() if step < bad)
    assert f"at step {bad}" in ended.why
    assert any(isinstance(event, Warned) and event.text == ended.why for event in ran.events)
    assert ended.step == ran.last.step == bad - 2
    control, heard = by_hand()
    stepped = run(experiment, prepared=prepared, control=control, heard=heard)
    good = next(one for one in stepped.checkpoints if one.step == bad - 2)
    assert_same_tensors(part_of(ran.last, (*OWN, "epoch.")), part_of(good, (*OWN, "epoch.")))
    assert ran.ended == stepped.ended
    assert_same_tensors(ran.last.tensors, stepped.last.tensors)


def test_that_the_loss_of_the_last_good_weights_is_finite() -> None:
    experiment = experiment_of(EXPLODING, training={"epochs": 50, "batch_size": "all", "keep": "last"})
    ran = run(experiment, prepared=growing())
    assert ran.ended.state == "failed"
    assert np.isfinite(ran.ended.scores["train"]["loss"])
    assert ran.assembly.flat.parameters.isfinite().all()


def test_that_a_loss_that_is_no_number_at_the_first_step_keeps_the_first_weights() -> None:
    prepared = growing()
    prepared.train.targets[:] = np.nan
    experiment = experiment_of(EXPLODING)
    ran = run(experiment, prepared=prepared)
    assert ran.ended.state == "failed"
    assert ran.ended.step == 0
    assert "step 1" in ran.ended.why
    assert_same_tensors(ran.weights(), assembled(experiment, prepared).model.tensors())


def test_that_a_run_resumed_just_before_it_breaks_still_ends_with_finite_weights() -> None:
    experiment, prepared = experiment_of(EXPLODING), growing()
    control, heard = by_hand()
    stepped = run(experiment, prepared=prepared, control=control, heard=heard)
    bad = max(stepped.series["loss"])
    start = next(one for one in stepped.checkpoints if one.step == bad - 1)
    resumed = run(experiment, prepared=prepared, start=start, earlier=stepped.epochs)
    assert resumed.ended.state == "failed"
    assert resumed.ended.step == bad - 1


def test_that_a_rule_ends_the_run_as_the_series_say() -> None:
    rule = {"kind": "target", "series": "validation.accuracy", "direction": "at_least", "value": 0.0}
    ran = run(experiment_of(MLP, stopping=[rule]))
    assert ran.ended.state == "finished"
    assert ran.ended.epoch == 1
    assert ran.last.decisions["ended"] == ran.ended.why
    again = run(experiment_of(MLP, stopping=[rule]), start=ran.last, earlier=ran.epochs)
    assert again.ended == ran.ended


def test_that_early_stopping_is_the_same_after_a_resumption() -> None:
    changes: dict[str, Any] = {
        "optimizer": {"kind": "adam", "learning_rate": 0.2},
        "stopping": [{"kind": "no_improvement", "patience": 3}],
        "training": {"epochs": 60, "batch_size": 32},
    }
    experiment = experiment_of(MLP, **changes)
    control, heard = by_hand(epoch=True)
    whole = run(experiment, control=control, heard=heard)
    assert 3 < whole.ended.epoch < 60
    for checkpoint in whole.checkpoints[:-1]:
        resumed = run(experiment, start=checkpoint, earlier=whole.epochs)
        assert resumed.ended == whole.ended


def test_that_a_time_limit_is_decided_once_and_recorded() -> None:
    experiment = experiment_of(
        MLP, stopping=[{"kind": "time", "minutes": 0.0001}], training={"epochs": 100_000, "batch_size": 32}
    )
    ran = run(experiment)
    assert ran.ended.state == "finished"
    assert ran.ended.epoch < 100_000
    later = Checkpoint(ran.last.step, 0.0, ran.last.tensors, ran.last.decisions)
    assert run(experiment, start=later, earlier=ran.epochs).ended == ran.ended


def test_that_a_checkpoint_of_another_network_or_optimizer_is_refused() -> None:
    saved = run(experiment_of(MLP)).last
    for changes in (
        {"architecture": {"kind": "mlp", "hidden": [16, 17], "dropout": 0.2}},
        {"optimizer": {"kind": "momentum"}},
        {"training": {"epochs": 1, "batch_size": 32}},
    ):
        with pytest.raises(Invalid):
            run(experiment_of(MLP, **changes), start=saved, earlier=dict.fromkeys(_names(), [0.0] * 4))


def _names() -> list[str]:
    return [*("train.loss", "validation.loss"), *(f"validation.{name}" for name in ("accuracy", "macro_f1"))]


def test_that_a_history_shorter_than_the_checkpoint_is_refused() -> None:
    ran: Ran = run(experiment_of(MLP))
    with pytest.raises(Invalid, match="after epoch 4"):
        run(
            experiment_of(MLP),
            start=ran.last,
            earlier={name: values[:3] for name, values in ran.epochs.items()},
        )


def test_that_memory_that_runs_out_while_training_ends_the_run_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from engine.training import loop
    from engine.training.learner import Learner

    once = loop.take_step

    def full(learner: Learner) -> None:
        if learner.step == 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        once(learner)

    monkeypatch.setattr(loop, "take_step", full)
    # larger parts are halved first (test_micro_batches)
    training = {**MLP["training"], "micro_batch": 1}
    ended = run(experiment_of(MLP, training=training)).ended
    assert (ended.state, ended.step) == ("failed", 3)
    assert "not enough for a single example: choose a smaller network" in ended.why


def test_that_other_errors_of_torch_are_not_taken_for_a_lack_of_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from engine.training import loop
    from engine.training.learner import Learner

    def broken(learner: Learner) -> None:
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(loop, "take_step", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        run(experiment_of(MLP))
