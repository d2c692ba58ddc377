"""New examples: a file whose answers are known, brought into the form of training to be judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.label_sets import SETTING as SEPARATOR
from engine.data.cells.label_sets import all_labels
from engine.data.cells.values import as_text, counted, listed
from engine.data.description import PER_EXAMPLE
from engine.data.examples import Examples
from engine.data.new.files import Trained, read_as_trained
from engine.data.preparation.modality import LabelledModality, labelled_modality_of
from engine.data.preprocessor import Preprocessor
from engine.data.raw import TRAINED_UNITS, Labelled, Raw
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
        raw = source.read_labelled(trained.preprocessor, report).found_out({TRAINED_UNITS: trained.units})
        return _examples(raw, trained)

    found, told = read_as_trained(trained, path, use)
    return replace(found, notices=(*told, *found.notices))


def _examples(raw: Raw, trained: Trained) -> NewExamples:
    preprocessor = trained.preprocessor
    if isinstance(raw, Labelled) and preprocessor.predicted.kind in PER_EXAMPLE:
        modality = labelled_modality_of(type(raw))
        return _answered(modality.answered_as_training_knew(raw, trained), modality, preprocessor)
    notices: list[str] = list(raw.notices)
    inputs = preprocessor.inputs(raw, notices.append)
    # answers lie in the data itself, so that no row lacks one
    rows = np.arange(len(inputs), dtype=np.int64)
    return NewExamples(Examples(inputs, preprocessor.targets(raw), rows), raw, tuple(notices))


def _answered(raw: Labelled, modality: LabelledModality[Any], preprocessor: Preprocessor) -> NewExamples:
    """Return the examples whose answers training knew."""
    targets = preprocessor.targets(raw)
    # classes are -1 where unknown, numbers and labels NaN
    answered = np.asarray(targets >= 0 if targets.ndim == 1 else np.isfinite(targets).all(axis=1))
    if not answered.any():
        raise Invalid([Problem("", _no_answer(raw, preprocessor))])
    new = modality.judged(raw, preprocessor, answered)
    known = answered[new.rows]
    if not known.any():
        raise Invalid([Problem("", _no_answer(raw, preprocessor))])
    lost = sum(row not in new.unanswered for row in np.flatnonzero(~answered[: len(new.names)]).tolist())
    examples = Examples(new.inputs[known], targets[new.rows[known]], new.rows[known])
    examples_have = counted(lost, "example has", "examples have")
    told: list[str] = (
        [
            Message(
                "{examples} no answer that training knew, left out{strange}",
                examples=examples_have,
                strange=_strange(raw, preprocessor),
            )
        ]
        if lost
        else []
    )
    told += _strange_labels(raw, preprocessor)
    if new.unanswered:
        row = min(new.unanswered)
        told.append(
            Message(
                "{examples} cannot be given to the network and count in no score, as {row}: {why}",
                examples=counted(len(new.unanswered), "example"),
                row=new.names[row],
                why=new.unanswered[row],
            )
        )
    return NewExamples(examples, raw, (*new.notices, *told), lost + new.lost)


def _no_answer(raw: Labelled, preprocessor: Preprocessor) -> str:
    what = listed(preprocessor.predicted.names)
    return Message(
        "no row has an answer of {what} that training knew{strange}",
        what=what,
        strange=_strange(raw, preprocessor),
    )


def _strange_labels(raw: Labelled, preprocessor: Preprocessor) -> list[str]:
    """Return that answers hold labels that training did not know, of which the network can say nothing."""
    predicted = preprocessor.predicted
    if predicted.kind != "labels" or len(predicted.names) > 1:
        return []
    there = all_labels(raw.as_written(predicted.names[0]), str(raw.found.get(SEPARATOR, "none")))
    strange = [label for label in there if label not in predicted.classes]
    return [
        Message("labels that training did not know are not scored: {listed}", listed=listed(strange))
    ] * bool(strange)


def _strange(raw: Labelled, preprocessor: Preprocessor) -> str:
    """Return the answers that are no classes of training, in words behind a sentence."""
    predicted = preprocessor.predicted
    if predicted.kind != "classes":
        return ""
    different: NDArray[Any] = raw.as_read(predicted.names[0]).dropna().unique()
    strange = sorted({as_text(value) for value in different} - set(predicted.classes))
    return f": {listed(strange)}" if strange else ""
