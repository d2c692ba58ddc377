"""Prepare: source, split and preprocessing to ready examples. What every run and every view starts from."""

from __future__ import annotations

from dataclasses import replace

from engine.choices import Message
from engine.data.decisions import together
from engine.data.description import TargetKind
from engine.data.modality import modality_of
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.raw import Labelled, Raw
from engine.data.refusal import refused
from engine.data.source import Report, Source, silent
from engine.data.split import Split

NO_VALIDATION = (
    "there is no validation part: loss and scores called validation are those of the training part, which "
    "say nothing about new data, and the last weights are kept"
)
"""What is said of data whose rows are all for training, or for training and test."""


def prepare(
    source: Source,
    split: Split,
    preprocessing: Preprocessing,
    target: TargetKind,
    seed: int,
    report: Report = silent,
) -> Prepared:
    """Return the data of an experiment, read, split, and preprocessed as the training part says.

    Raises Invalid with every problem found, each with the path of the setting to change.
    """
    # reading takes most of the time, and so most of the bar
    raw = source.read_ordinary(seed, lambda share, words: report(0.8 * share, words))
    return prepare_raw(
        raw, split, preprocessing, target, seed, lambda share, words: report(0.8 + 0.2 * share, words)
    )


def prepare_raw(
    raw: Raw,
    split: Split,
    preprocessing: Preprocessing,
    target: TargetKind,
    seed: int,
    report: Report = silent,
) -> Prepared:
    """Do the same with data that has been read."""
    modality = modality_of(type(raw))
    # the task stays as it was when a person chooses other data
    if target not in modality.predicts:
        raise refused(
            "task.kind",
            Message(
                "needs {target} to predict, but the data is {name}: what there is to predict is {predicts}",
                target=target,
                name=modality.name,
                predicts=" or ".join(modality.predicts),
            ),
        )
    if split.group and not isinstance(raw, Labelled):
        raise refused(
            "split.group", Message("{name} cannot be kept together in groups: empty it", name=modality.name)
        )
    prepared: Prepared = modality.prepare(raw, split, preprocessing, target, seed, report)
    # asked afterwards: which of the ways to prepare weighs examples is its own affair
    if split.weight and prepared.train.weights is None:
        raise refused(
            "split.weight",
            Message("{name} learnt so have no weights of examples: empty it", name=modality.name),
        )
    more = () if prepared.description.validation else (NO_VALIDATION,)
    return replace(prepared, notices=together((*prepared.notices, *more)))
