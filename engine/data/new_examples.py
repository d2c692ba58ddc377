"""New examples: a file whose answers are known, brought into the form of training to be judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Problem
from engine.data.cells.values import as_text, counted, listed
from engine.data.description import PER_EXAMPLE
from engine.data.examples import Examples
from engine.data.joining import is_pointed, without_point
from engine.data.label_sets import SETTING as SEPARATOR
from engine.data.label_sets import all_labels
from engine.data.new_files import Trained, read_as_trained
from engine.data.new_inputs import inputs_of
from engine.data.preprocessor import Preprocessor, labels
from engine.data.raw import Labelled, Raw, Table, Texts
from engine.data.source import Report, Source


@dataclass(frozen=True)
class NewExamples:
    """Examples of a new file, and all that was read; `notices` say what a person should know."""

    examples: Examples
    raw: Raw
    notices: tuple[str, ...]
    lost: int = 0
    """How many rows have no answer, or cannot be given to the network."""


def read_examples(path: Path, trained: Trained, report: Report) -> NewExamples:
    """Return the examples of a file or folder, read by the source of the training with all its settings.

    Raises Invalid when it cannot be read so, or no answer is known.
    """

    def use(source: Source) -> NewExamples:
        raw = source.read_labelled(trained.preprocessor, report)
        _refuse_other_answers(raw, trained)
        return _examples(raw, trained.preprocessor)

    found, told = read_as_trained(trained, path, use)
    return replace(found, notices=(*told, *found.notices))


def _examples(raw: Raw, preprocessor: Preprocessor) -> NewExamples:
    if not isinstance(raw, Labelled) or preprocessor.predicted.kind not in PER_EXAMPLE:
        notices: list[str] = list(raw.notices)
        inputs = preprocessor.inputs(raw, notices.append)
        rows = np.arange(len(inputs), dtype=np.int64)
        return NewExamples(Examples(inputs, preprocessor.targets(raw), rows), raw, tuple(notices))
    _refuse_unanswered(raw, preprocessor)
    raw = _without_points(raw, preprocessor)
    new = inputs_of(raw, preprocessor)
    targets = preprocessor.targets(raw)[new.rows]
    known = np.asarray(targets >= 0 if targets.ndim == 1 else np.isfinite(targets).all(axis=1))
    lost = len(known) - int(known.sum())
    if not known.any():
        raise Invalid([Problem("", _no_answer(raw, preprocessor))])
    examples = Examples(new.inputs[known], targets[known], new.rows[known])
    examples_have = counted(lost, "example has", "examples have")
    told = (
        [f"{examples_have} no answer that training knew, left out{_strange(raw, preprocessor)}"]
        if lost
        else []
    )
    told += _strange_labels(raw, preprocessor)
    return NewExamples(examples, raw, (*new.notices, *told), lost + new.lost)


def _refuse_other_answers(raw: Raw, trained: Trained) -> None:
    """Raise Invalid where a table has the texts of training, but its answers in no column of that name.

    Another column would be taken for the answers, as one that numbers the texts of a test part.
    """
    if not isinstance(raw, Texts) or not raw.columns:
        return
    texts, label = (trained.setting(name, "") for name in ("texts", "label"))
    if label and label not in raw.columns and texts in raw.columns:
        there = listed(raw.columns, 20)
        raise Invalid([Problem("", f"the answers are missing: no column {label}; there are: {there}")])


def _without_points(raw: Labelled, preprocessor: Preprocessor) -> Labelled:
    """Return the rows with answers as training knew them, where all of the file have a point behind them."""
    predicted = preprocessor.predicted
    if not isinstance(raw, Table) or predicted.kind != "classes":
        return raw
    (name,) = predicted.names
    cells = raw.as_written(name)
    if not is_pointed(cells, predicted.classes):
        return raw
    frame = raw.frame.assign(**{name: without_point(raw.frame[name])})
    told = f"{name}: the point behind each answer is left out"
    return replace(raw, frame=frame, notices=(*raw.notices, told))


def _refuse_unanswered(raw: Labelled, preprocessor: Preprocessor) -> None:
    """Raise Invalid where a table lacks a column of answers."""
    if not isinstance(raw, Table):
        return
    lacking = [name for name in preprocessor.predicted.names if name not in raw.frame.columns]
    if lacking:
        there = listed(raw.frame.columns, 20)
        why = f"the answers are missing: no column {listed(lacking)}; there are: {there}"
        raise Invalid([Problem("", why)])


def _no_answer(raw: Labelled, preprocessor: Preprocessor) -> str:
    what = listed(preprocessor.predicted.names)
    return f"no row has an answer of {what} that training knew{_strange(raw, preprocessor)}"


def _strange_labels(raw: Labelled, preprocessor: Preprocessor) -> list[str]:
    """Return that answers hold labels that training did not know, of which the network can say nothing."""
    predicted = preprocessor.predicted
    if predicted.kind != "labels" or len(predicted.names) > 1:
        return []
    cells = raw.as_written(predicted.names[0]) if isinstance(raw, Table) else labels(raw)
    there = all_labels(cells, str(raw.found.get(SEPARATOR, "none")))
    strange = [label for label in there if label not in predicted.classes]
    return [f"labels that training did not know are not scored: {listed(strange)}"] * bool(strange)


def _strange(raw: Labelled, preprocessor: Preprocessor) -> str:
    """Return the answers that are no classes of training, in words behind a sentence."""
    predicted = preprocessor.predicted
    if predicted.kind != "classes":
        return ""
    column: Any = raw.frame[predicted.names[0]] if isinstance(raw, Table) else labels(raw)
    different: NDArray[Any] = column.dropna().unique()
    strange = sorted({as_text(value) for value in different} - set(predicted.classes))
    return f": {listed(strange)}" if strange else ""
