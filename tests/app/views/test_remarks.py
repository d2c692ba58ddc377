"""Remarks beyond the last epochs: gradients that are 0, runs that were too short, which weights are kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from app.document.record import RunRecord
from app.views.course.remarks import remarks
from engine.events import Block, Measured, RunEnded, RunStarted
from tests.app.sample_records import PLANE


def a_run(
    losses: Sequence[float],
    accuracies: Sequence[float] = (),
    gradients: Sequence[float] = (),
    ended: bool = True,
    reference: Mapping[str, float] | None = None,
) -> str:
    """Return all that is said of a run of five steps an epoch with these validation losses."""
    made, epochs = RunRecord(), len(losses)
    made.reference = {kind: {"accuracy": score} for kind, score in (reference or {}).items()}
    made.apply(RunStarted("runs/1", "Run", 0, epochs, 5, "CPU", 1, (), PLANE))
    accuracies = accuracies or np.linspace(0.5, 0.9, epochs).tolist()
    blocks = [
        Block("validation.loss", 5, 5, np.array(losses, np.float32)),
        Block("validation.accuracy", 5, 5, np.array(accuracies, np.float32)),
        Block("gradient_norm", 1, 1, np.array(gradients or [1.0] * 5 * epochs, np.float32)),
    ]
    made.apply(Measured(tuple(blocks), 5 * epochs, epochs, 1, 1))
    if ended:
        best = int(np.argmin(losses))
        scores = {"validation": {"loss": losses[best], "accuracy": accuracies[best]}}
        made.apply(RunEnded("finished", 5 * epochs, epochs, "All epochs are done.", scores))
    return " ".join(f"{one.title} {one.detail}" for one in remarks(made))


@pytest.mark.parametrize(
    ("gradients", "told"), [([0.0] * 60, True), ([1.0] * 59 + [0.0], False), ([0.0] * 30 + [0.1] * 30, False)]
)
def test_that_gradients_that_are_all_zero_are_told(gradients: list[float], told: bool) -> None:
    assert ("No gradient reaches any weight" in a_run([1.0] * 12, gradients=gradients)) == told


@pytest.mark.parametrize(
    ("losses", "told"),
    [
        (np.linspace(2, 0.5, 30), True),
        (np.concatenate([np.linspace(2, 0.5, 20), np.full(10, 0.6)]), False),
        (np.concatenate([np.linspace(2, 0.5, 20), np.linspace(0.5, 0.4999, 10)]), False),
    ],
    ids=["still falling", "rises again", "hardly falls"],
)
def test_that_a_run_that_was_too_short_is_told(losses: Sequence[float], told: bool) -> None:
    assert ("more epochs may help" in a_run([float(loss) for loss in losses])) == told
    assert "more epochs may help" not in a_run([float(loss) for loss in losses], ended=False)


CALM = np.geomspace(2, 0.2, 30)
NOISE = np.random.default_rng(0).normal(size=30)


@pytest.mark.parametrize(
    ("losses", "told"),
    [
        (CALM * np.exp(0.5 * NOISE), True),
        (np.where(np.arange(30) % 2, 0.9, 0.4), True),
        (CALM, False),
        (CALM[::-1], False),
        (CALM * np.exp(0.05 * NOISE), False),
        (np.concatenate([CALM[:10], 0.01 * np.exp(0.5 * NOISE[10:])]), False),
    ],
    ids=["falls in leaps", "to and fro", "falls", "rises", "falls with noise", "nothing left"],
)
def test_that_steps_that_are_too_large_are_told(losses: Sequence[float], told: bool) -> None:
    """Adam with a rate of 0.3 leapt, and what was told was a rise since its best epoch."""
    said = a_run([float(loss) for loss in losses], ended=False)
    assert ("leaps up and down: the steps may be too large" in said) == told
    assert not (told and "rising since" in said)


def test_that_weights_kept_by_loss_are_told_beside_a_better_score_on_the_way() -> None:
    text = a_run([1.0, 0.4, 0.6], accuracies=[0.5, 0.6, 0.656])
    assert "epoch 2, where the validation loss was lowest" in text
    assert "The best accuracy on the way was 0.656, at a higher loss." in text
    assert "on the way" not in a_run([1.0, 0.6, 0.4], accuracies=[0.5, 0.6, 0.656])


def test_that_who_is_as_good_as_a_constant_answer_is_told_first() -> None:
    """84 of 100 are "no", and the network says "no" to all: its accuracy alone looked like success."""
    losses, accuracies = [1.0, 0.9, 0.8], [0.84] * 3
    told = a_run(losses, accuracies, reference={"majority": 0.84, "logistic": 0.75})
    assert told.startswith("No better than always the commonest class: accuracy 0.840 against 0.840.")
    beside = a_run(losses, accuracies, reference={"majority": 0.5, "logistic": 0.84})
    assert beside.startswith("Validation accuracy of the kept weights: 0.840")
    assert "As good as logistic regression" in beside
    # while it learns, that may still come
    assert "No better" not in a_run(losses, accuracies, ended=False, reference={"majority": 0.84})


def test_that_unequal_classes_are_judged_by_what_counts_each_class_alike() -> None:
    """Of 1,200 machines 60 are faulty: an accuracy of 95 % said nothing, and was all that was said."""
    facts = dataclasses.replace(PLANE, classes=("faulty", "fine"), class_shares=(0.05, 0.95))
    made = RunRecord()
    simplest = {"majority": {"accuracy": 0.95, "macro_f1": 0.49}}
    made.apply(RunStarted("runs/1", "Run", 0, 3, 5, "CPU", 1, (), facts, simplest=simplest))
    scores = {"loss": [0.5, 0.4, 0.3], "accuracy": [0.95] * 3, "macro_f1": [0.49, 0.6, 0.7]}
    blocks = [Block(f"validation.{name}", 5, 5, np.array(of, np.float32)) for name, of in scores.items()]
    made.apply(Measured(tuple(blocks), 15, 3, 1, 1))

    def told() -> str:
        return " ".join(f"{one.title} {one.detail}" for one in remarks(made))

    assert "Validation macro F1: 0.700" in told()
    assert "Better than always the commonest class: macro F1 0.700 against 0.490." in told()
    kept = {"loss": 0.3, "accuracy": 0.95, "macro_f1": 0.7, "rarest_recall": 0.25}
    made.apply(RunEnded("finished", 15, 3, "All epochs are done.", {"validation": kept}))
    made.reference = {**simplest, "logistic": {"accuracy": 0.96, "macro_f1": 0.8}}
    assert told().startswith("Validation recall of the rarest class: 0.250 faulty has 5")
    # who compares with a model that was fitted sees the simplest guess all the same
    assert "macro F1 of the kept weights: 0.700, always the commonest class 0.490" in told()
