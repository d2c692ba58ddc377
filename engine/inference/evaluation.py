"""What a run's kept weights are worth, on a part of its data or on a new file whose answers are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.choices import Invalid, Message, Problem
from engine.data.decisions import together
from engine.data.description import PartName
from engine.data.prepared import Prepared
from engine.data.source import Report, silent
from engine.inference.beside_new import baselines_beside
from engine.inference.learnt_from import learnt_notes
from engine.inference.prediction import trained_in
from engine.inference.simplest import shares_of, told_of_one_class
from engine.runs.data.as_begun import read_as_begun
from engine.runs.data.moved import experiment_of
from engine.runs.facts import read_data_hash
from engine.runs.folder import RunFolder
from engine.runs.kept import KeptWeights, Weights, described
from engine.runs.preparation import Prepare, prepare_experiment
from engine.runs.scoring.scores import Evaluated


def evaluate_run(
    folder: RunFolder,
    part: PartName,
    prepare: Prepare = prepare_experiment,
    report: Report = silent,
    told: Mapping[str, Any] | None = None,
    weights: Weights | None = None,
) -> Evaluated:
    """Return the scores of a run's weights, usually the kept ones, on one part of its split.

    `told` are settings of the data that are otherwise now, as its path where it was moved. Raises Invalid
    when the run has no weights yet, the part is empty, or the data is no longer the same.
    """
    from engine.runs.scoring.judging import evaluated

    experiment = experiment_of(folder, told)
    # before the data, which may take minutes to read: a run may have no weights yet
    weights = weights or KeptWeights(folder)
    prepared = read_as_begun(folder, experiment, lambda chosen: prepare(chosen, report))
    if read_data_hash(folder) != prepared.data_hash:
        raise Invalid([Problem("data", "is no longer what this run was trained on, so its parts are unknown; "
                               "put the old data back")])  # fmt: skip
    if not len(prepared.part(part)):
        raise Invalid([Problem(f"split.{part}", Message("the {part} part of this run is empty", part=part))])
    report(0.9, "Evaluating")
    model = weights.model(experiment, prepared.description)
    return evaluated(experiment, model, prepared, part, folder.read_threads())


def evaluate_file(
    folder: RunFolder,
    path: Path,
    report: Report = silent,
    told: Mapping[str, Any] | None = None,
    weights: Weights | None = None,
    prepare: Prepare = prepare_experiment,
) -> Evaluated:
    """Return the scores of a run's weights, usually the kept ones, on a file or folder with known answers.

    It is read as the data of the training was, but for what is `told`; where it is that data, a note says so.
    Raises Invalid when the run has no weights yet, the file cannot be read so, or holds no answers.
    """
    from engine.data.new.examples import read_examples
    from engine.runs.scoring.by_target import few_of, pairs_of, scores_apart
    from engine.training.evaluate import evaluate
    from engine.training.word_bleu import bleu_of_words

    experiment = experiment_of(folder)
    weights = weights or KeptWeights(folder)
    trained = trained_in(folder, experiment, told or {})
    found = read_examples(path, trained, report)
    report(0.9, "Evaluating")
    description = described(folder, trained.preprocessor)
    # with the shares of the classes, by which the same scores are told as of the run's own parts
    description = replace(description, shares=shares_of(folder, description.targets))
    model = weights.model(experiment, description)
    threads = folder.read_threads()
    scores = evaluate(model, found.examples, experiment.scores_for(description), threads)
    none = found.examples.first(0)
    # in the place of a test part, for which scores are written
    prepared = Prepared(description, none, none, found.examples, trained.preprocessor, found.raw)
    words, notes = bleu_of_words(model, prepared, "test", threads)
    pairs = pairs_of(model, prepared, "test", threads)
    of_one_class = told_of_one_class(prepared)
    metrics = experiment.scores_for(description)
    beside = baselines_beside(folder, experiment, prepared, metrics, prepare, report)
    return Evaluated(
        path.name,
        scores.count,
        scores.loss,
        {**scores.metrics, **words},
        scores.arrays,
        beside.scores,
        (
            *learnt_notes(folder, experiment.data, path, trained),
            *of_one_class,
            *together(found.notices),
            *notes,
            *beside.notes,
        ),
        scores_apart(model, prepared, "test", pairs, threads),
        few_of(pairs),
        description.facts().unequal or bool(of_one_class),
    )
