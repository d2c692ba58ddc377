"""Scores of runs of different tasks, in one table."""

from __future__ import annotations

import math

from app.runs.columns import score_place
from app.runs.comparison import alike
from app.runs.rows import Details, RunRow
from engine.runs.lists.listing import RunEntry


def row(task: str, **scores: float) -> RunRow:
    entry = RunEntry("/r", "r", "finished", metrics={"validation": {"loss": 1.0, **scores}})
    return RunRow(entry, Details({"task": {"kind": task}}))


def test_that_the_best_score_of_a_kind_comes_first_and_kinds_stand_together() -> None:
    scores = [
        ("perplexity", 90.0),
        ("accuracy", 0.5),
        ("perplexity", 12.5),
        ("accuracy", 0.501),
        ("", math.nan),
    ]
    ordered = sorted(scores, key=lambda one: score_place(*one))
    assert ordered[:4] == [("accuracy", 0.501), ("accuracy", 0.5), ("perplexity", 12.5), ("perplexity", 90.0)]


def test_that_the_score_shown_of_a_run_says_most_of_its_task() -> None:
    assert row("tagging", accuracy=0.97, entity_f1=0.4).score("validation") == ("entity_f1", 0.4)
    assert row("tagging", accuracy=0.97, entity_f1=math.nan).score("validation") == ("accuracy", 0.97)
    assert (
        row("forecasting", r2=0.99, mean_absolute_error=2.0).score("validation")[0] == "mean_absolute_error"
    )
    assert row("classification", macro_f1=0.5).score("validation") == ("macro_f1", 0.5)
    assert row("classification").score("validation")[0] == ""


def test_that_only_runs_of_the_same_data_and_task_are_compared() -> None:
    one, other = row("classification"), row("tagging")
    unread = RunRow(one.entry)
    assert alike(())
    assert alike((one, one, unread))
    assert not alike((one, other))
