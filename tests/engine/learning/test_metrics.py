"""Metrics against independent formulas, and however the examples are cut into batches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Choice
from engine.learning.metrics import R2, ConfusionCounts, MeanAbsoluteError, MeanSquaredError, Metric
from tests.engine.any_settings import any_settings
from tests.engine.every import choices, example
from tests.engine.learning.metric_formulas import FORMULAS

seeds = st.integers(0, 2**32 - 1)


def scored(
    metric: Metric, predictions: torch.Tensor, targets: torch.Tensor, cuts: Sequence[int] = ()
) -> torch.Tensor:
    """The score of examples that arrive in batches ending at `cuts`."""
    ends = [0, *sorted(cuts), len(targets)]
    parts = [slice(start, end) for start, end in pairwise(ends)]
    return metric.value(reduce(metric.combine, (metric.observe(predictions[p], targets[p]) for p in parts)))


def classes(seed: int, rows: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(count), rows)
    return torch.from_numpy(probabilities).float(), torch.from_numpy(rng.integers(0, count, rows))


def labels(seed: int, rows: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(seed)
    truth = rng.random((rows, count)) < 0.4
    truth[:1, 0] = True
    # eighths, among which 1/2 is as likely as not
    return torch.from_numpy(rng.integers(0, 9, (rows, count)) / 8).float(), torch.from_numpy(truth).float()


def numbers(seed: int, rows: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(seed)
    targets = rng.normal(rng.normal(0, 100, count), 10, (rows, count))
    return torch.from_numpy(targets + rng.normal(0, 3, targets.shape)), torch.from_numpy(targets)


def places(truth: np.ndarray[tuple[int, ...], np.dtype[np.int64]], seed: int) -> torch.Tensor:
    """Truth over places, those after an end of each text's own (the first text's: none) not counted."""
    ends = np.random.default_rng(seed).integers(1, truth.shape[1] + 1, len(truth))
    ends[:1] = truth.shape[1]
    return torch.from_numpy(np.where(np.arange(truth.shape[1]) < ends[:, None], truth, -1))


def tags(seed: int, rows: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Probabilities of O, B-a, I-a, B-b, I-b ... for texts of 6 words."""
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(2 * count + 1), (rows, 6))
    truth = rng.integers(0, 2 * count + 1, (rows, 6))
    truth[:1, 0] = 1
    return torch.from_numpy(probabilities).float(), places(truth, seed)


def tokens(seed: int, rows: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """What is observed of texts of 6 tokens: log-probability, hit, the token written."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(5, 5 + count, (rows, 6))
    written = np.where(rng.random(truth.shape) < 0.7, truth, rng.integers(5, 5 + count, truth.shape))
    hits = (written == truth).astype(float)
    predictions = np.stack([np.log(rng.uniform(0.01, 1, truth.shape)), hits, written], axis=-1)
    return torch.from_numpy(predictions), places(truth, seed)


def perfect(kind: str, targets: torch.Tensor) -> torch.Tensor:
    """Predictions that are right everywhere."""
    if kind in ("classes", "tags"):
        return torch.eye(int(targets.max()) + 1)[targets.clamp(min=0)]
    if kind in ("labels", "numbers"):
        return targets
    return torch.stack([torch.zeros(targets.shape), torch.ones(targets.shape), targets], -1)


MAKERS = {
    "classes": classes,
    "labels": labels,
    "numbers": numbers,
    "tags": tags,
    "tokens": tokens,
    "translation": tokens,
}
each_kind = [
    pytest.param(choice, kind, id=f"{choice.kind}-{kind}")
    for choice in choices("metrics")
    for kind in sorted(example(choice).accepts)
]
every_kind = pytest.mark.parametrize(("choice", "kind"), each_kind)


@every_kind
@given(seed=seeds, rows=st.integers(2, 40), count=st.integers(2, 5), data=st.data())
def test_that_batches_of_any_size_give_the_same_score(
    choice: type[Choice], kind: str, seed: int, rows: int, count: int, data: st.DataObject
) -> None:
    metric: Metric = example(choice)
    predictions, targets = MAKERS[kind](seed, rows, count)
    cuts = data.draw(st.lists(st.integers(0, rows), max_size=6))
    whole, parted = scored(metric, predictions, targets), scored(metric, predictions, targets, cuts)
    torch.testing.assert_close(parted, whole, rtol=1e-10, atol=1e-12)


@every_kind
def test_that_statistics_and_scores_are_in_double_precision(choice: type[Choice], kind: str) -> None:
    metric: Metric = example(choice)
    predictions, targets = MAKERS[kind](1, 10, 3)
    statistics = metric.observe(predictions, targets)
    assert statistics.dtype == metric.value(statistics).dtype == torch.float64
    assert metric.combine(statistics, statistics).shape == statistics.shape
    assert (metric.value(statistics).ndim == 0) is metric.scalar


@pytest.mark.parametrize(
    ("choice", "kind"),
    [some for some in each_kind if example(some.values[0]).scalar],  # type: ignore[arg-type]
)
def test_that_a_perfect_prediction_scores_best(choice: type[Choice], kind: str) -> None:
    metric: Metric = example(choice)
    predictions, targets = MAKERS[kind](2, 30, 3)
    best, real = (scored(metric, guess, targets).item() for guess in (perfect(kind, targets), predictions))
    assert best == (1 if metric.higher_is_better or metric.kind == "perplexity" else 0)
    assert (best > real) is metric.higher_is_better


@every_kind
def test_that_without_examples_a_score_is_not_a_number(choice: type[Choice], kind: str) -> None:
    metric: Metric = example(choice)
    predictions, targets = MAKERS[kind](3, 4, 2)
    score = scored(metric, predictions[:0], targets[:0])
    assert score.isnan().all() if metric.scalar else (score == 0).all()


def test_that_every_metric_has_an_independent_formula() -> None:
    assert set(FORMULAS) >= {choice.kind for choice in choices("metrics")}


@every_kind
@given(data=st.data(), seed=seeds, rows=st.integers(1, 60), count=st.integers(1, 6))
def test_that_scores_follow_the_formula(
    choice: type[Choice], kind: str, data: st.DataObject, seed: int, rows: int, count: int
) -> None:
    metric: Metric = data.draw(any_settings(choice))
    settings = {name: getattr(metric, name) for name in choice.model_fields}
    predictions, targets = MAKERS[kind](seed, rows, count)
    expected = FORMULAS[choice.kind](predictions.numpy(), targets.numpy(), **settings)
    found = scored(metric, predictions, targets).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_that_a_row_of_the_confusion_matrix_is_a_true_class() -> None:
    predictions = torch.tensor([[0.1, 0.8, 0.1], [0.9, 0.1, 0.0]])
    assert scored(ConfusionCounts(), predictions, torch.tensor([0, 2])).tolist() == [
        [0, 1, 0],
        [0, 0, 0],
        [1, 0, 0],
    ]


@pytest.mark.parametrize("mean", [0.0, 1e6, 1e9, 1e12])
@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_that_a_large_mean_of_the_targets_costs_r2_no_precision(mean: float, batch: int) -> None:
    rng = np.random.default_rng(0)
    spread = np.round(rng.normal(0, 1000, (1000, 1)))  # whole numbers: exact whatever is added
    error = np.round(rng.normal(0, 300, (1000, 1)))
    expected = 1 - (error**2).sum() / ((spread - spread.mean()) ** 2).sum()
    targets = torch.from_numpy(mean + spread)
    found = scored(R2(), targets + torch.from_numpy(error), targets, range(batch, 1000, batch))
    assert found.item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("error", "score"), [(0.0, 1.0), (0.5, 0.0)])
def test_that_r2_of_a_target_that_never_changes_is_1_when_exact_and_else_0(
    error: float, score: float
) -> None:
    targets = torch.full((6, 1), 3.25)
    assert scored(R2(), targets + error, targets, [2, 3]).item() == score


def test_that_r2_of_one_example_is_not_a_number() -> None:
    assert scored(R2(), torch.ones(1, 1), torch.ones(1, 1)).isnan()


def test_that_predictions_that_are_not_numbers_show_in_the_score() -> None:
    targets = torch.tensor([[1.0], [2.0], [3.0]])
    predictions = torch.tensor([[1.0], [torch.nan], [3.0]])
    for metric in (MeanSquaredError(), MeanAbsoluteError(), R2()):
        assert scored(metric, predictions, targets, [1]).isnan()
