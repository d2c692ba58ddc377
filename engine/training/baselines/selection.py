"""Which baselines fit the data and the task."""

from __future__ import annotations

from collections.abc import Sequence

from engine.data.about import About
from engine.data.description import PartName
from engine.data.prepared import Prepared
from engine.learning.metrics import Metric
from engine.tasks.task import Task
from engine.training.baselines.beside import Beside
from engine.training.baselines.every import BASELINES


def baselines(
    prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName, *, at_once: bool = False
) -> Beside:
    """Return the scores on `part` of models without a network, fitted on the training part alone.

    Those are tried that can say targets of the task's kind and fit the data; see `every.py`. No examples: no
    baselines. A metric that a baseline cannot be judged by is left out. `at_once`: the simplest guesses
    alone, for which nothing has to be fitted.
    """
    if not len(prepared.train) or not len(prepared.part(part)):
        return Beside({})
    about = About(targets=prepared.description.targets)
    # one that is usual for the task may not fit all data, as F1 of names where tags name none
    metrics = [metric for metric in metrics if not metric.problems(about)]
    fitting = [
        baseline
        for baseline in BASELINES.values()
        if task.target in baseline.targets and baseline.at_once >= at_once and baseline.fits(prepared)
    ]
    found = [baseline.judge(prepared, task, metrics, part) for baseline in fitting]
    scores = {name: values for one in found for name, values in one.scores.items()}
    return Beside(scores, tuple(note for one in found for note in one.notes))
