"""Preparing examples that are there already, each with its own target: rows, pictures, series, texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.label_sets import SETTING as SEPARATOR
from engine.data.cells.values import listed
from engine.data.decisions import decided, one_sentence_each
from engine.data.description import PARTS, Description, TargetKind, Targets
from engine.data.examples import Examples
from engine.data.memory import free_memory, picked
from engine.data.preparation.doubts import (
    alike_classes,
    repeated,
    several_labels,
    unequal_classes,
    untaught_classes,
    without_answers,
)
from engine.data.preparation.example_weights import weights_of
from engine.data.preparation.groups import groups_of, proposed_group, told_groups
from engine.data.preparation.partition import Parts, partition, told_published
from engine.data.preparation.target import Answers, answers
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.preprocessor import (
    Preprocessor,
)
from engine.data.raw import Labelled
from engine.data.refusal import refused
from engine.data.source import Report, silent
from engine.data.split import Split

if TYPE_CHECKING:
    from engine.data.preparation.modality import LabelledModality


def prepare_labelled(
    modality: LabelledModality[Any],
    raw: Labelled,
    split: Split,
    preprocessing: Preprocessing,
    target: TargetKind,
    seed: int,
    report: Report = silent,
) -> Prepared:
    """Return labelled data, split, and preprocessed as the training part says.

    Raises Invalid with every problem found, each with the path of the setting to change.
    """
    notices: list[str] = list(raw.notices)
    found = answers(modality, raw, target, notices.append)
    rows = np.flatnonzero(modality.usable(raw, found.usable, preprocessing, notices.append)).astype(np.int64)
    with _cause_first(raw, found):
        _refuse_single(found, rows, modality)
        modality.refuse_answers(raw, found, rows)
    report(0.05, "Splitting")
    # rows without an answer are gone by now, so all that follows counts in usable rows
    published = None if raw.published is None else raw.published[rows]
    piles = found.piles
    piles = None if piles is None else piles[rows]
    groups = groups_of(raw, rows, split.group)
    with _cause_first(raw, found):
        parts = partition(rows, piles, split, seed, published, groups)
    if groups is not None:
        notices += told_groups(split.group, groups, rows, parts)
    notices += told_published(published, parts, split, notices)
    notices += _class_notices(found, parts)
    notices += [] if found.codes is None else without_answers(found.classes, found.codes, parts)
    notices += _doubts(modality, raw, found, rows, split.group)
    weights = weights_of(raw, rows, parts["train"], split.weight, notices.append)
    report(0.1, "Preprocessing")
    # fitted without the columns of groups and weights: the encoder then leaves them aside wherever they stand
    inputs = raw.without(split.group).without(split.weight)
    predicted = _fit_targets(found, parts["train"], preprocessing.target_scaling)
    encoder = modality.fit(inputs, parts["train"], preprocessing, notices.append, report)
    preprocessor = Preprocessor(encoder, predicted)
    # a place for all rows, also unusable ones: `rows` of the examples stay those of the source
    encoded = _encoded(modality, preprocessor, raw, rows, notices, report)
    wanted = preprocessor.targets(raw)
    notices += repeated(encoded, wanted, parts)
    examples = {
        name: Examples(
            picked(encoded, chosen), wanted[chosen], chosen, None if weights is None else weights[chosen]
        )
        for name, chosen in parts.items()
    }
    report(1.0, "Ready")
    description = Description(
        preprocessor.received,
        preprocessor.predicted,
        *(len(examples[name]) for name in PARTS),
        shares=_shares(found, parts["train"]),
    )
    return Prepared(
        description,
        examples["train"],
        examples["validation"],
        examples["test"],
        preprocessor,
        raw,
        tuple(one_sentence_each(notices)),
        "" if split.group else proposed_group(raw, rows),
    )


@contextmanager
def _cause_first(raw: Labelled, found: Answers) -> Iterator[None]:
    """Say of classes that are refused first what made classes of them, where that is in doubt itself."""
    try:
        yield
    except Invalid as error:
        doubt = "" if found.codes is None else raw.doubted.get(found.names[0], "")
        if not doubt:
            raise
        said = Message(
            "{name} is learnt as classes, but {doubt}; settle that first", name=found.names[0], doubt=doubt
        )
        raise Invalid([Problem("data.types", said), *error.problems]) from None


def _doubts(
    modality: LabelledModality[Any], raw: Labelled, found: Answers, rows: NDArray[np.int64], group: str
) -> list[str]:
    """Return what of the target should make a person look twice."""
    told = (
        []
        if found.codes is None
        else several_labels(found.names[0], found.classes, str(raw.found.get(SEPARATOR, "")))
    )
    told += alike_classes(found.names[0], found.classes)
    proposed = "" if group else proposed_group(raw, rows)
    told += modality.doubts(raw, found, rows, apart=not (group or proposed))
    if proposed:
        said = Message(
            "{proposed}: its values repeat; if rows of one value belong together, as those of "
            'one person, set split.group to "{proposed}", or scores look better than they will '
            "be on new ones",
            proposed=proposed,
        )
        told.append(decided(said, "split.group", proposed, column=proposed, doubtful=True))
    return told


def _encoded(
    modality: LabelledModality[Any],
    preprocessor: Preprocessor,
    raw: Labelled,
    rows: NDArray[np.int64],
    notices: list[str],
    report: Report,
) -> NDArray[np.float32] | NDArray[np.int32]:
    # four bytes a number; twice, because picking the rows of each part copies them
    needed = len(raw) * preprocessor.received.size * 4 * 2
    if needed > free_memory() and not raw.on_disk:
        raise refused(
            "data",
            Message(
                "{count} examples of {size} inputs need {needed:.1f} GB of memory, more than is "
                "free: take fewer or smaller examples, or ignore columns of words",
                count=len(raw),
                size=preprocessor.received.size,
                needed=needed / 1e9,
            ),
        )
    try:
        return modality.encode(preprocessor.encoder, raw, rows, notices.append, report)
    except Invalid as error:
        # encoders say which column is wrong; in an experiment it stands under the data
        raise Invalid([problem.under("data") for problem in error.problems]) from None


def _fit_targets(found: Answers, train: NDArray[np.int64], scaling: str) -> Targets:
    if found.values is None:
        return Targets("classes" if found.marks is None else "labels", found.names, found.classes)
    values = found.values[train]
    mean, scale = values.mean(axis=0), values.std(axis=0)
    # not `one <= 0`, which is false for NaN
    still = [name for name, one in zip(found.names, scale, strict=True) if not one > 0]
    if still:
        raise refused(
            "data.target",
            Message(
                "{listed}: the same number in every training row; there is nothing to learn. Choose "
                "another target column",
                listed=listed(still),
            ),
        )
    if scaling == "none":
        mean, scale = np.zeros_like(mean), np.ones_like(scale)
    least = tuple(values.min(axis=0).tolist())
    return Targets("numbers", found.names, (), tuple(mean.tolist()), tuple(scale.tolist()), least=least)


def _refuse_single(found: Answers, rows: NDArray[np.int64], modality: LabelledModality[Any]) -> None:
    if found.codes is None:
        return
    present = np.unique(found.codes[rows])
    if len(present) < 2:
        what = Message("only {classes!r}", classes=found.classes[present[0]]) if len(present) else "nothing"
        words = Message(
            "{names} holds {what}; to tell classes apart, there must be at least two",
            names=found.names[0],
            what=what,
        )
        raise refused(modality.answer_setting, words + modality.one_class_cure)


def _class_notices(found: Answers, parts: Parts) -> list[str]:
    if found.values is not None:
        return []
    lacking = {
        name: [one for one, count in zip(found.classes, _counts(found, rows), strict=True) if not count]
        for name, rows in parts.items()
        # a part without rows lacks every class, and that it is empty is told as such
        if len(rows)
    }
    words = ("class", "classes") if found.marks is None else ("label", "labels")
    counts = _counts(found, parts["train"])
    told: list[str] = []
    if found.marks is None:
        told = untaught_classes(found.names[0], found.classes, counts)
        # where all are of one class, no weight of another helps
        if np.count_nonzero(counts) > 1:
            told += unequal_classes(found.names[0], found.classes, counts)
        lacking = {name: missing for name, missing in lacking.items() if name != "train"}
    return told + [
        Message(
            "the {name} part has no example of {plural}: {listed}",
            name=name,
            plural=_plural(missing, *words),
            listed=listed(missing),
        )
        for name, missing in lacking.items()
        if missing
    ]


def _shares(found: Answers, rows: NDArray[np.int64]) -> tuple[float, ...]:
    """Return the share of each class among the rows; nothing where examples have labels or numbers."""
    if found.codes is None or not len(rows):
        return ()
    return tuple(count / len(rows) for count in _counts(found, rows))


def _counts(found: Answers, rows: NDArray[np.int64]) -> Sequence[float]:
    """Return how many of the rows there are of each class or label."""
    if found.codes is not None:
        counts: list[float] = np.bincount(found.codes[rows], minlength=len(found.classes)).tolist()
        return counts
    assert found.marks is not None
    held: list[float] = found.marks[rows].sum(axis=0).tolist()
    return held


def _plural(words: Sequence[str], one: str, several: str) -> str:
    return f"the {one}" if len(words) == 1 else f"{len(words)} {several}"
