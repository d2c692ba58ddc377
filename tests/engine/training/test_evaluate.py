"""Evaluation: in the units of the data, the same wherever it is made, and without a trace."""

from __future__ import annotations

from functools import cache
from math import prod
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.metrics import accuracy_score, f1_score, log_loss, mean_squared_error, r2_score

from engine.choices import Family
from engine.data.description import Description, Inputs, Targets
from engine.data.preparation.prepare import prepare_raw
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from engine.data.tables.raw import Table
from engine.data.texts.raw import TaggedTexts
from engine.experiment import Experiment
from engine.learning.metrics import Metric
from engine.training.evaluate import MOST_ROWS, batches_of, evaluate, evaluate_tensors, predict
from tests.engine.text_data import pairs, reviews, tagged
from tests.engine.training.support import CNN, MLP, assembled, experiment_of, made_of, prepared_for, run

DIABETES = {
    "data": {"kind": "sample", "name": "diabetes"},
    "task": {"kind": "regression"},
    "training": {"epochs": 3},
}


def test_that_scores_of_classes_are_those_of_scikit_learn() -> None:
    experiment = experiment_of(
        CNN, metrics=[{"kind": kind} for kind in ("accuracy", "macro_f1", "confusion")]
    )
    ran, test = run(experiment), prepared_for(experiment).test
    found = evaluate(ran.assembly.model, test, experiment.scores)
    probabilities = predict(ran.assembly.model, test.inputs).astype(np.float64)
    probabilities /= probabilities.sum(1, keepdims=True)
    guesses = probabilities.argmax(1)
    assert found.count == len(test)
    assert found.metrics["accuracy"] == pytest.approx(accuracy_score(test.targets, guesses))
    assert found.metrics["macro_f1"] == pytest.approx(f1_score(test.targets, guesses, average="macro"))
    assert found.loss == pytest.approx(log_loss(test.targets, probabilities), rel=1e-5)
    assert found.arrays["confusion"].sum() == len(test)
    assert set(found.metrics) == {"accuracy", "macro_f1"}


def test_that_numbers_are_predicted_and_scored_in_the_units_of_the_data() -> None:
    experiment = experiment_of(DIABETES)
    prepared = prepared_for(experiment)
    ran = run(experiment)
    found = evaluate(ran.assembly.model, prepared.test, experiment.scores)
    predicted = predict(ran.assembly.model, prepared.test.inputs)
    facts = prepared.description.targets
    truth = prepared.test.targets * np.array(facts.scale) + np.array(facts.mean)
    assert 20 < truth.min() < truth.max() < 400, "diabetes progression lies between 25 and 346"
    assert found.metrics["mean_squared_error"] == pytest.approx(
        mean_squared_error(truth, predicted), rel=1e-5
    )
    assert found.metrics["r2"] == pytest.approx(r2_score(truth, predicted), rel=1e-4)
    standard = (predicted - np.array(facts.mean)) / np.array(facts.scale)
    assert found.loss == pytest.approx(float(((standard - prepared.test.targets) ** 2).mean()), rel=1e-4)


@pytest.mark.parametrize("kind", Family.every["metrics"])
def test_that_every_metric_adds_up_over_batches(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    metric: Any = Family.every["metrics"][kind]()
    for target in sorted(metric.accepts):
        _assert_adds_up(metric, target, monkeypatch)


def _assert_adds_up(metric: Metric, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, prepared = _small(target)
    assembly, test = assembled(experiment, prepared), prepared.test
    monkeypatch.setattr("engine.training.evaluate.MOST_ROWS", 1024)
    whole = evaluate(assembly.model, test, [metric])
    monkeypatch.setattr("engine.training.evaluate.MOST_ROWS", 16)
    cut = evaluate(assembly.model, test, [metric])
    assert cut.loss == pytest.approx(whole.loss, rel=1e-5)
    assert cut.metrics == pytest.approx(whole.metrics, rel=1e-5)
    for name, array in whole.arrays.items():
        np.testing.assert_array_equal(cut.arrays[name], array)


@cache
def _small(target: str) -> tuple[Experiment, Prepared]:
    """A small experiment and its data, with such targets."""
    if target in ("classes", "numbers"):
        experiment = experiment_of(DIABETES if target == "numbers" else CNN)
        return experiment, prepared_for(experiment)
    if target == "labels":
        return _labelled()
    raw, task, architecture = {
        "tags": (tagged(120), "tagging", "rnn"),
        "tokens": (reviews(120), "language_modelling", "rnn"),
        "translation": (pairs(120), "translation", "transformer"),
    }[target]
    choices = Preprocessing(tokenizer="words", vocabulary=100, length=12)
    prepared = prepare_raw(raw, Split(train=0.5, validation=0.2, test=0.3), choices, target, 1)  # type: ignore[arg-type]
    return experiment_of({"task": {"kind": task}, "architecture": {"kind": architecture}}), prepared


def _labelled() -> tuple[Experiment, Prepared]:
    """Rows of three numbers; each that is positive gives the row a label."""
    values = np.random.default_rng(0).normal(size=(200, 3))
    frame = pd.DataFrame(values, columns=["x", "y", "z"])
    frame["said"] = [";".join(np.array(["a", "b", "c"])[row > 0]) or "none" for row in values]
    raw = Table(frame, ("said",), tuple(frame.columns), found={"label_separator": ";"})
    prepared = prepare_raw(raw, Split(), Preprocessing(), "labels", 1)
    return experiment_of({"task": {"kind": "multi_label"}, "architecture": {"kind": "mlp"}}), prepared


def test_that_a_metric_that_does_not_fit_the_tags_is_no_number_and_keeps_its_place() -> None:
    experiment, prepared = _small("tags")
    words, said = (prepared.raw.words, prepared.raw.tags)  # type: ignore[union-attr]
    raw = TaggedTexts(words, tuple(tuple(f"X{tag}" for tag in one) for one in said), prepared.raw.names)  # type: ignore[union-attr]
    plain = prepare_raw(raw, Split(), Preprocessing(tokenizer="words", length=12), "tags", 1)
    found = evaluate(assembled(experiment, plain).model, plain.test, experiment.scores)
    assert list(found.metrics) == [metric.kind for metric in experiment.scores if metric.scalar]
    assert np.isnan(found.metrics["entity_f1"])
    assert found.metrics["accuracy"] >= 0


def test_that_no_examples_give_no_numbers() -> None:
    prepared = made_of(np.zeros((6, 2)), np.arange(6) % 2, validation=2, classes=2)
    experiment = experiment_of(MLP, training={"batch_size": 4})
    found = evaluate(assembled(experiment, prepared).model, prepared.test, experiment.scores)
    assert found.count == 0
    assert np.isnan(found.loss)
    assert np.isnan(found.metrics["accuracy"])
    assert predict(assembled(experiment, prepared).model, prepared.test.inputs).shape == (0, 2)


@pytest.mark.parametrize("values", [MLP, CNN])
@pytest.mark.parametrize("training", [True, False])
def test_that_evaluation_leaves_mode_and_buffers_as_they_were(values: dict[str, Any], training: bool) -> None:
    experiment = experiment_of(values)
    assembly = assembled(experiment)
    assembly.model.network.train(training)
    before = assembly.model.tensors()
    evaluate(assembly.model, prepared_for(experiment).validation, experiment.scores)
    after = assembly.model.tensors()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert all(module.training == training for module in assembly.model.network.modules())
    assert torch.is_grad_enabled()


def test_that_a_network_is_run_once_for_predictions_and_losses() -> None:
    experiment = experiment_of(MLP)
    assembly = assembled(experiment)
    calls = []
    assembly.model.network.register_forward_hook(lambda *_: calls.append(1))
    evaluate_tensors(
        assembly.model, assembly.inputs["validation"], assembly.targets["validation"], experiment.scores
    )
    assert len(calls) == 1


@pytest.mark.parametrize("shape", [(1,), (784,), (3, 64, 64), (3, 2000, 2000)])
def test_that_batches_cover_every_row_and_begin_at_multiples_of_16(shape: tuple[int, ...]) -> None:
    rows = list(batches_of(5000, prod(shape)))
    covered = [index for some in rows for index in range(5000)[some]]
    assert covered == list(range(5000))
    assert all(some.start % 16 == 0 for some in rows)
    assert all(some.stop - some.start <= MOST_ROWS for some in rows)


def test_that_scores_which_the_targets_do_not_have_are_not_asked_for() -> None:
    chosen = Experiment.model_validate({"data": {"kind": "tagged_text"}, "task": {"kind": "tagging"}})
    inputs = Inputs("tokens", (9,), vocabulary=20)
    for tags, names in ((("NOUN", "VERB"), False), (("O", "B-PER", "I-PER"), True)):
        found = Description(inputs, Targets("tags", ("tag",), tags, length=9), 1, 1, 1)
        assert ("entity_f1" in [metric.kind for metric in chosen.scores_for(found)]) == names
