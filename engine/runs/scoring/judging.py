"""Judging a model on the parts of its data: what metrics.json holds."""

from __future__ import annotations

from typing import Any

from engine.choices import Message
from engine.data.description import PARTS, PartName
from engine.data.prepared import Prepared
from engine.data.source import Report, silent
from engine.experiment import Experiment
from engine.runs.scoring.by_target import few_of, pairs_of, scores_apart
from engine.runs.scoring.scores import Evaluated
from engine.training.baselines.selection import baselines
from engine.training.evaluate import evaluate
from engine.training.model import Model
from engine.training.word_bleu import bleu_of_words


def judge(
    experiment: Experiment, model: Model, prepared: Prepared, report: Report = silent
) -> dict[str, Any]:
    """Return the content of metrics.json: count, loss, metrics and baselines of every part with examples.

    `report` hears before each part how much is done: models to compare with may take longer than the network.
    """
    # without a validation part the training part stands in for it (`watched`): no score of its own
    parts = [
        part
        for part in PARTS
        if len(prepared.part(part)) and (part != "validation" or prepared.description.validation)
    ]
    found: dict[str, Any] = {}
    for done, part in enumerate(parts):
        report(done / len(parts), Message("scores of the {part} part", part=part))
        found[part] = _as_json(evaluated(experiment, model, prepared, part))
    return found


def _as_json(found: Evaluated) -> dict[str, Any]:
    return {
        "count": found.count,
        "loss": found.loss,
        "metrics": dict(found.metrics),
        "arrays": {name: array.tolist() for name, array in found.arrays.items()},
        "baselines": {name: dict(values) for name, values in found.baselines.items()},
        "targets": {name: dict(values) for name, values in found.targets.items()},
        "notes": list(found.notes),
    }


def evaluated(
    experiment: Experiment, model: Model, prepared: Prepared, part: PartName, threads: int | None = None
) -> Evaluated:
    """Return the scores of a model on one part of its data, beside those of models without a network."""

    metrics = experiment.scores_for(prepared.description)
    found = evaluate(model, prepared.part(part), metrics, threads)
    words, notes = bleu_of_words(model, prepared, part, threads)
    beside = baselines(prepared, experiment.task, metrics, part)
    pairs = pairs_of(model, prepared, part, threads)
    return Evaluated(
        part,
        found.count,
        found.loss,
        {**found.metrics, **words},
        found.arrays,
        beside.scores,
        (*notes, *beside.notes),
        scores_apart(model, prepared, part, pairs, threads),
        few_of(pairs),
        prepared.description.facts().unequal,
    )
