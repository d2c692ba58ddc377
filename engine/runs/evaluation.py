"""What a run's kept weights are worth and predict, with exactly the preprocessing of its training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.atomic import write_bytes
from engine.choices import Invalid, Problem
from engine.data.description import PARTS, Description, PartName
from engine.data.prepared import Prepared
from engine.data.preprocessor import Preprocessor
from engine.data.raw import Pictures
from engine.data.source import Report, silent
from engine.experiment import Experiment
from engine.runs.fitted import read_preprocessor
from engine.runs.folder import MOST_JSON, RunFolder
from engine.runs.preparation import Prepare, prepare_experiment
from engine.runs.results import Evaluated, Predicted

if TYPE_CHECKING:
    from engine.training.model import Model

_MOST_WEIGHTS = 1 << 40
_MOST_SHOWN = 200
_MOST_CELLS = 2_000_000
"""So many cells of given rows come back with their predictions; beyond, rows are named by number."""


# ------------------------------------------------------------------------------------------- writing


def save_model(folder: RunFolder, model: Model) -> None:
    """Write the kept weights: the same weights give the same bytes, for nothing else is in the file."""
    from safetensors.torch import save

    write_bytes(folder.model, save(model.tensors()))


def judge(experiment: Experiment, model: Model, prepared: Prepared) -> dict[str, Any]:
    """Return the content of metrics.json: count, loss, metrics and baselines of every part with examples."""
    return {
        part: _as_json(_evaluated(experiment, model, prepared, part))
        for part in PARTS
        if len(prepared.part(part))
    }


def _as_json(found: Evaluated) -> dict[str, Any]:
    return {
        "count": found.count,
        "loss": found.loss,
        "metrics": dict(found.metrics),
        "arrays": {name: array.tolist() for name, array in found.arrays.items()},
        "baselines": {name: dict(values) for name, values in found.baselines.items()},
        "notes": list(found.notes),
    }


def _evaluated(
    experiment: Experiment, model: Model, prepared: Prepared, part: PartName, threads: int | None = None
) -> Evaluated:
    from engine.training.baselines import baselines
    from engine.training.evaluate import evaluate
    from engine.training.word_bleu import bleu_of_words

    metrics = experiment.scores
    found = evaluate(model, prepared.part(part), metrics, threads)
    words, notes = bleu_of_words(model, prepared, part, threads)
    beside = baselines(prepared, experiment.task, metrics, part)
    return Evaluated(
        part,
        found.count,
        found.loss,
        {**found.metrics, **words},
        found.arrays,
        beside.scores,
        (*notes, *beside.notes),
    )


# ------------------------------------------------------------------------------------------- reading


def evaluate_run(
    folder: RunFolder, part: PartName, prepare: Prepare = prepare_experiment, report: Report = silent
) -> Evaluated:
    """Return the scores of a run's kept weights on one part of its split, worked out anew.

    Raises Invalid when the run has no weights yet, the part is empty, or the data is no longer the same.
    """
    experiment = folder.read_experiment()
    weights = _weights(folder)
    prepared = prepare(experiment, report)
    if folder.read_json(folder.environment).get("data_hash") != prepared.data_hash:
        raise Invalid([Problem("data", "is no longer what this run was trained on, so its parts are unknown; "
                               "put the old data back")])  # fmt: skip
    if not len(prepared.part(part)):
        raise Invalid([Problem(f"split.{part}", f"the {part} part of this run is empty")])
    report(0.9, "Evaluating")
    model = _model(experiment, prepared.description, weights)
    return _evaluated(experiment, model, prepared, part, folder.read_threads())


@dataclass(frozen=True)
class NewInputs:
    """Inputs to predict for; exactly one of the three. `pixels`: uint8 (N, H, W) or (N, H, W, 3)."""

    path: Path | None = None
    rows: Sequence[Mapping[str, Any]] | None = None
    pixels: NDArray[np.uint8] | None = None


def predict_run(folder: RunFolder, new: NewInputs, report: Report = silent) -> Predicted:
    """Return a run's predictions for new inputs; needs neither its data nor its split.

    Raises Invalid when the run has no weights yet, or the inputs lack what the network needs.
    """
    from engine.data.new_inputs import read_new
    from engine.runs.wording import said

    experiment = folder.read_experiment()
    weights = _weights(folder)
    preprocessor = read_preprocessor(folder)
    given = next(one for one in (new.path, new.rows, new.pixels) if one is not None)
    found = read_new(given, preprocessor, lambda share, words: report(0.5 * share, words))
    report(0.5, "Predicting")
    model = _model(experiment, _description(folder, preprocessor), weights)
    targets = preprocessor.predicted
    columns, cells = found.as_given(_MOST_CELLS)
    answer = said(model, preprocessor, found, experiment.seed, folder.read_threads())
    return Predicted(
        kind=targets.kind,
        names=targets.classes or targets.names,
        rows=found.names,
        values=answer.values,
        pixels=found.raw.pixels[found.rows[:_MOST_SHOWN]] if isinstance(found.raw, Pictures) else None,
        warnings=found.notices,
        columns=columns,
        cells=cells,
        texts=answer.texts,
        words=answer.words,
        tags=answer.tags,
    )


def _weights(folder: RunFolder) -> dict[str, Any]:
    """Return the kept weights as tensors; raises Invalid where there are none, or they are damaged."""
    if not folder.model.exists():
        raise Invalid(
            [Problem("", f"{folder.path} has no weights yet: the run has not ended; resume it first")]
        )
    content = folder.read_bytes(folder.model, _MOST_WEIGHTS)
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        return dict(load(content))
    except (SafetensorError, ValueError, KeyError, RuntimeError) as error:
        raise Invalid([Problem("model.safetensors", f"is damaged: {error}")]) from None


def _description(folder: RunFolder, preprocessor: Preprocessor) -> Description:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        rows = load(folder.read_bytes(folder.split, MOST_JSON))
        counts = [len(rows[part]) for part in PARTS]
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise Invalid([Problem("split.safetensors", f"is damaged: {error}")]) from None
    return Description(preprocessor.received, preprocessor.predicted, *counts)


def _model(experiment: Experiment, description: Description, weights: Mapping[str, Any]) -> Model:
    from engine.training.devices import pick
    from engine.training.model import build_model

    # A run of a card can be used where there is none.
    device = pick("cpu" if experiment.training.device == "cpu" else "auto")
    model = build_model(experiment, description, device)
    model.load(weights)
    return model


def table_of(found: Predicted) -> list[list[str]]:
    """Return predictions as a table of texts with a header, as files and terminals show them.

    Each row begins with the columns that were given, or where there are none with the name of the input.
    """
    before = [list(cells) for cells in found.cells] if found.columns else [[row] for row in found.rows]
    header = list(found.columns) or ["row"]
    if found.kind == "classes":
        header += ["prediction", *(f"probability of {name}" for name in found.names)]
        best = found.values.argmax(axis=1) if len(found.values) else []
        after = [
            [found.names[winner], *(f"{value:.6f}" for value in values)]
            for winner, values in zip(best, found.values, strict=True)
        ]
    elif found.kind != "numbers":
        header += [{"tags": "tags", "tokens": "written"}.get(found.kind, "translation")]
        after = [[text] for text in found.texts]
    else:
        header += [f"prediction of {name}" for name in found.names]
        after = [[f"{value:.9g}" for value in values] for values in found.values]
    return [header, *(given + said for given, said in zip(before, after, strict=True))]
