"""Which score says most plainly how good a run is, and how it is read: the task and the metric say so."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import cast

from engine.data.about import About
from engine.data.description import TargetKind, Targets
from engine.events import Facts
from engine.learning.metrics import Metric, metric_of
from engine.runs.scoring.scores import SHARES_OF_LABEL
from engine.tasks.task import Task

_OF_WORDS = "_of_words"
"""What the name of a score ends in that is a metric, counted in whole words at the end of a run."""


def headline(facts: Facts, known: Container[str] | None = None) -> str:
    """Return the metric to look at first, of those that are `known` (None: all); "" where there is none."""
    scores = known or ()
    kinds = (kind for task in _tasks(facts) for kind in _headlines(task, facts.unequal, scores))
    return next((kind for kind in kinds if (known is None or kind in known) and _tells(kind, facts)), "")


def most_telling(scores: Sequence[str], *, unequal: bool = False) -> str:
    """Return the score to compare by: what a task puts first, of `unequal` classes what counts each alike,
    else one counted in whole words, else the first; "" where there is none.
    """
    tasks = Task.kinds().values()
    first = [
        kind
        for task in tasks
        for kind in (
            *(task.unequal_metrics if unequal else _of_unequal(task, scores)),
            *task.headlines[:1],
        )
    ]
    # of translations, scores of tokens hang on how the text was cut, those of words do not
    of_words = [score for score in scores if score.endswith(_OF_WORDS)]
    return next((score for score in (*first, *of_words, *scores) if score in scores), "")


def _headlines(task: type[Task], unequal: bool, known: Container[str]) -> tuple[str, ...]:
    """Return what a task puts first, in order."""
    usual = task.headlines or task.default_metrics
    return (*(task.unequal_metrics if unequal else _of_unequal(task, known)), *usual)


def _of_unequal(task: type[Task], known: Container[str]) -> tuple[str, ...]:
    """Return what a task puts first of unequal classes, where a score is known that only those have."""
    further = (kind for kind in task.unequal_metrics if kind not in task.default_metrics)
    return task.unequal_metrics if any(kind in known for kind in further) else ()


def _tasks(facts: Facts) -> Iterator[type[Task]]:
    """Yield the task that is learnt, or those that it may be as far as is known."""
    every = Task.kinds()
    if facts.task in every:
        yield every[facts.task]
    else:
        # "": before the data is read nothing rules a task out
        yield from (task for task in every.values() if facts.target_kind in ("", task.target))


def _tells(kind: str, facts: Facts) -> bool:
    """Return whether a metric is one number, and there is one for such targets."""
    metric = _judged_by(kind)
    if metric is None or not metric.scalar:
        return False
    # before the data is read every metric may come
    if not facts.target_kind:
        return True
    targets = Targets(cast("TargetKind", facts.target_kind), facts.target_names, facts.classes)
    return not metric().problems(About(targets=targets))


def _judged_by(score: str) -> type[Metric] | None:
    """Return the metric that a score is of; None for what is none, as the loss."""
    return metric_of(score.removesuffix(_OF_WORDS))


def more_is_better(score: str) -> bool:
    """Return whether a larger score is better; of what is no metric (the loss) a smaller one is."""
    metric = _judged_by(score)
    return metric is not None and metric.higher_is_better


def is_share(score: str) -> bool:
    """Return whether a score reads as percent."""
    metric = _judged_by(score)
    return score in SHARES_OF_LABEL or (metric is not None and metric.share)
