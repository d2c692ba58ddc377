"""Baselines, against scikit-learn's on the same split."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, mean_squared_error, r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from engine.data.preparation.prepare import prepare_raw
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from engine.data.tables.raw import Table
from engine.training.baselines.linear import logistic, ridge
from engine.training.baselines.selection import baselines
from tests.engine.training.support import experiment_of, made_of, prepared_for


def scored(values: dict[str, Any], part: str) -> tuple[dict[str, dict[str, float]], Any, Any, Any]:
    experiment = experiment_of(values)
    prepared = prepared_for(experiment)
    found = baselines(prepared, experiment.task, experiment.scores, part).scores  # type: ignore[arg-type]
    vectors = [some.inputs.reshape(len(some), -1) for some in (prepared.train, prepared.part(part))]  # type: ignore[arg-type]
    scaler = StandardScaler().fit(vectors[0])
    return found, prepared, scaler.transform(vectors[0]), scaler.transform(vectors[1])


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
@pytest.mark.parametrize("part", ["validation", "test"])
def test_that_majority_and_logistic_are_those_of_scikit_learn(name: str, part: str) -> None:
    found, prepared, train, judged = scored({"data": {"kind": "sample", "name": name}}, part)
    truth = prepared.part(part).targets
    majority = DummyClassifier().fit(train, prepared.train.targets).predict(judged)
    linear = LogisticRegression(max_iter=5000, tol=1e-8).fit(train, prepared.train.targets).predict(judged)
    assert found["majority"]["accuracy"] == pytest.approx(accuracy_score(truth, majority))
    assert found["logistic"]["accuracy"] == pytest.approx(accuracy_score(truth, linear))


def test_that_mean_and_ridge_are_those_of_scikit_learn_in_the_units_of_the_data() -> None:
    values = {"data": {"kind": "sample", "name": "diabetes"}, "task": {"kind": "regression"}}
    found, prepared, train, judged = scored(values, "test")
    facts = prepared.description.targets
    learnt, truth = (
        some.targets * np.array(facts.scale) + facts.mean for some in (prepared.train, prepared.test)
    )
    mean = DummyRegressor().fit(train, learnt).predict(judged)
    linear = Ridge(alpha=1.0).fit(train, learnt).predict(judged)
    assert found["mean"]["mean_squared_error"] == pytest.approx(mean_squared_error(truth, mean), rel=1e-5)
    assert found["ridge"]["r2"] == pytest.approx(r2_score(truth, linear), rel=1e-5)


def labelled() -> Prepared:
    """Rows that have two of three labels each, never all three, and a hint of each label."""
    random = np.random.default_rng(0)
    sets = np.array([(1, 1, 0), (0, 1, 1), (1, 0, 1)])[random.integers(0, 3, 200)]
    frame = pd.DataFrame(sets + random.normal(size=sets.shape), columns=["x", "y", "z"])
    frame["said"] = [";".join(np.array(["a", "b", "c"])[row > 0]) for row in sets]
    raw = Table(frame, ("said",), tuple(frame.columns), found={"label_separator": ";"})
    return prepare_raw(raw, Split(), Preprocessing(), "labels", 1)


def test_that_usual_labels_are_the_set_that_is_most_frequent_though_each_label_has_a_majority() -> None:
    prepared, experiment = labelled(), experiment_of({"task": {"kind": "multi_label"}})
    assert (prepared.train.targets.mean(0) > 0.5).all()
    found = baselines(prepared, experiment.task, experiment.scores, "validation").scores["usual_labels"]
    ((usual, _),) = Counter(map(tuple, prepared.train.targets.tolist())).most_common(1)
    truth = prepared.validation.targets
    assert found["subset_accuracy"] == pytest.approx((truth == usual).all(1).mean())
    assert found["hamming_loss"] == pytest.approx((truth != usual).mean())


def test_that_each_label_is_guessed_by_scikit_learns_logistic_regression() -> None:
    prepared, experiment = labelled(), experiment_of({"task": {"kind": "multi_label"}})
    found = baselines(prepared, experiment.task, experiment.scores, "test").scores["logistic"]
    scaler = StandardScaler().fit(prepared.train.inputs)
    train, judged = (scaler.transform(some.inputs) for some in (prepared.train, prepared.test))
    guessed = np.stack(
        [LogisticRegression(tol=1e-8).fit(train, one).predict(judged) for one in prepared.train.targets.T], 1
    )
    assert found["hamming_loss"] == pytest.approx((guessed != prepared.test.targets).mean())
    assert found["subset_accuracy"] == pytest.approx((guessed == prepared.test.targets).all(1).mean())


@pytest.mark.parametrize("shape", [(60, 5), (12, 40)])
def test_that_probabilities_agree_with_scikit_learn_with_more_and_with_fewer_features_than_rows(
    shape: tuple[int, int],
) -> None:
    random = np.random.default_rng(0)
    inputs, others = random.normal(size=shape), random.normal(size=(7, shape[1]))
    inputs -= inputs.mean(0)
    targets = np.arange(shape[0]) % 3
    found = logistic(torch.tensor(inputs), torch.tensor(targets), 3, torch.tensor(others))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = LogisticRegression(max_iter=10_000, tol=1e-10).fit(inputs, targets).predict_proba(others)
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-3)


@pytest.mark.parametrize("shape", [(60, 5), (12, 40)])
def test_that_ridge_agrees_with_scikit_learn_with_more_and_with_fewer_features_than_rows(
    shape: tuple[int, int],
) -> None:
    random = np.random.default_rng(0)
    inputs, others = random.normal(size=shape), random.normal(size=(7, shape[1]))
    targets = random.normal(size=(shape[0], 2))
    found = ridge(torch.tensor(inputs), torch.tensor(targets), torch.tensor(others))
    np.testing.assert_allclose(
        found.numpy(), Ridge(alpha=1.0).fit(inputs, targets).predict(others), rtol=1e-9
    )


def test_that_inputs_are_standardised_as_scikit_learn_does_by_the_few_rows_of_training() -> None:
    random = np.random.default_rng(0)
    prepared = made_of(random.normal(3, 2, (16, 2)), random.normal(size=(16, 1)), validation=6)
    experiment = experiment_of({"task": {"kind": "regression"}})
    found = baselines(prepared, experiment.task, experiment.scores, "validation").scores["ridge"]
    learnt, judged = prepared.train, prepared.validation
    model = make_pipeline(StandardScaler(), Ridge(alpha=1.0)).fit(learnt.inputs, learnt.targets)
    expected = mean_squared_error(judged.targets, model.predict(judged.inputs))
    assert found["mean_squared_error"] == pytest.approx(expected, rel=1e-5)


def test_that_a_constant_input_and_an_empty_part_do_no_harm() -> None:
    inputs = np.ones((12, 2), np.float32)
    inputs[:, 1] = np.arange(12)
    prepared = made_of(inputs, np.arange(12) % 2, validation=4, classes=2)
    experiment = experiment_of({})
    found = baselines(prepared, experiment.task, experiment.scores, "validation").scores
    assert all(np.isfinite(list(scores.values())).all() for scores in found.values())
    assert baselines(prepared, experiment.task, experiment.scores, "test").scores == {}
