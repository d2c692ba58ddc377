"""What is said first of a run depends on what is learnt: errors and perplexity are good when small."""

from __future__ import annotations

import numpy as np
import pytest

from app.document.record import RunRecord
from app.views.course.remarks import remarks
from app.views.headline import headline, more_is_better
from engine.events import Block, Facts, Measured
from tests.app.sample_records import COURSE, GAPS, IMAGES, PAIRS, TABLE, TAGS, TEXTS, WRITING, started

POS = Facts("tokens", (8,), (), "tags", ("tag",), ("NOUN", "VERB"), "tagging")


@pytest.mark.parametrize(
    ("facts", "metric"),
    [
        (IMAGES, "accuracy"),
        (TEXTS, "accuracy"),
        (TABLE, "r2"),
        (COURSE, "mean_absolute_error"),
        (TAGS, "entity_f1"),
        (POS, "accuracy"),
        (WRITING, "perplexity"),
        (GAPS, "perplexity"),
        (PAIRS, "perplexity"),
    ],
)
def test_that_every_task_has_its_own_headline(facts: Facts, metric: str) -> None:
    assert headline(facts) == metric
    assert headline(facts, ()) == ""


def test_that_the_metrics_themselves_say_which_way_is_better() -> None:
    assert all(map(more_is_better, ("accuracy", "bleu_of_words", "r2")))
    assert not any(map(more_is_better, ("perplexity", "mean_absolute_error", "loss")))


def said(facts: Facts, metric: str, values: list[float], baseline: float) -> str:
    made = RunRecord()
    made.apply(started(facts))
    made.apply(
        Measured((Block(f"validation.{metric}", 20, 20, np.array(values, np.float32)),), 60, 3, 1.0, 9.0)
    )
    made.reference = {"seasonal_naive": {metric: baseline}, "last_value": {metric: 3 * baseline}}
    return " ".join(f"{one.title} {one.detail}" for one in remarks(made))


def test_that_a_smaller_error_is_better_than_the_best_baseline() -> None:
    text = said(COURSE, "mean_absolute_error", [0.4, 0.1, 0.2], 0.3)
    assert "Validation mean absolute error: 0.200 Best so far 0.100." in text
    assert "Better than the season before: mean absolute error 0.200 against" in text
    assert "Not yet better" in said(COURSE, "mean_absolute_error", [0.4], 0.3)
    assert "As good as" in said(COURSE, "mean_absolute_error", [0.30001], 0.3)
    assert "Better than" in said(COURSE, "mean_absolute_error", [0.00017], 0.0002)


def test_that_perplexity_counts_down() -> None:
    text = said(WRITING, "perplexity", [90.0, 40.0, 50.0], 45.0)
    assert "Validation perplexity: 50.0 Best so far 40.0." in text
    assert "Not yet better" in text


def test_that_a_loss_above_its_lowest_is_not_called_at_its_best() -> None:
    made = RunRecord()
    made.apply(started(IMAGES))
    made.apply(
        Measured((Block("validation.loss", 20, 20, np.array([0.64, 0.6, 0.65], np.float32)),), 60, 3, 1, 9)
    )
    text = " ".join(one.title for one in remarks(made))
    assert "lowest after epoch 2" in text
    assert "at its best" not in text
