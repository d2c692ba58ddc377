"""What follows from an edit: choices that depend on what was changed are made to fit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.choices import Choice
from engine.data.about import Kinds, Limited
from engine.data.modality import modality_of
from engine.data.source import Source
from engine.experiment import Experiment
from engine.suggestions import fitted
from engine.tasks.task import Task

if TYPE_CHECKING:
    from app.document.document import DataFacts


def read_otherwise(experiment: Experiment, source: Source) -> Experiment:
    """Return the experiment with the same data read by another source, and what fits the labels it finds."""
    if source.holds is None:
        return experiment.replaced(data=source)
    modality = modality_of(source.holds)
    # files that are read as classes would else still be learnt as running text
    targets = tuple(kind for kind in modality.predicts if kind != "tokens")
    return fitted(experiment.replaced(data=source), modality.receives, targets, source.suits)


def unfit_for(choice: type[Choice], facts: DataFacts, task: type[Task]) -> frozenset[str]:
    """Return the kinds of target, input and output that `choice` lacks here; empty: it fits."""
    given = Kinds(facts.inputs, task.target, facts.targets, task.form)
    return choice.lacks(given) if issubclass(choice, Limited) else frozenset()
