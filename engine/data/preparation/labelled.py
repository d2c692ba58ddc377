"""Preparing examples that are there already, each with its own target: rows, pictures, series, texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid
from engine.data.cells.values import counted, is_date, is_number, listed
from engine.data.decisions import TYPES, decided
from engine.data.description import PARTS, Description, TargetKind, Targets
from engine.data.encoder import Encoder
from engine.data.examples import Examples
from engine.data.fitted import Column
from engine.data.fitting import LeftOut, fit_column, fit_pixels, refuse_absurd
from engine.data.groups import groups_of, proposed_group, told_groups, without_group
from engine.data.identifiers import identifiers, perhaps_identifiers
from engine.data.label_sets import SETTING as SEPARATOR
from engine.data.memory import free_memory
from engine.data.partition import Parts, partition
from engine.data.preparation.doubts import (
    adding_up,
    alike_classes,
    repeated,
    several_choices,
    several_labels,
    telling_groups,
)
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.preprocessor import (
    MOST_FEATURES,
    ImageEncoder,
    LeftOutColumn,
    Preprocessor,
    TableEncoder,
)
from engine.data.raw import ImageSet, Labelled, SeriesSet, Table, Texts
from engine.data.refusal import refused
from engine.data.series.fitting import fit_series
from engine.data.sorts import are_different
from engine.data.source import Report, silent
from engine.data.split import Split
from engine.data.tables.read.columns import is_text
from engine.data.target import Answers, answers
from engine.data.texts.encoders import TextEncoder
from engine.data.texts.fitting import fit_tokenizer, not_empty
from engine.data.texts.tokens.progress import cutting, learning, letters_of


def prepare_labelled(
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
    found = answers(raw, target, notices.append)
    usable = found.usable
    if isinstance(raw, Table):
        refuse_absurd(raw.frame)
        if preprocessing.missing == "drop":
            usable = _whole_rows(raw, usable, notices)
    if isinstance(raw, Texts):
        usable = usable & _with_text(raw, notices)
    rows = np.flatnonzero(usable).astype(np.int64)
    _refuse_single(found, rows, raw)
    if isinstance(raw, Table):
        _refuse_on_its_side(raw, found, rows)
    report(0.05, "Splitting")
    published = None if raw.published is None else raw.published[rows]
    piles = found.piles
    piles = None if piles is None else piles[rows]
    groups = groups_of(raw, rows, split.group)
    parts = partition(rows, piles, split, seed, published, groups)
    if groups is not None:
        notices += told_groups(split.group, groups, rows, parts)
    if published is not None and not split.published:
        notices.append("the parts as published are joined and divided anew")
    notices += _class_notices(found, parts)
    notices += _doubts(raw, found, rows, split.group)
    report(0.1, "Preprocessing")
    inputs = without_group(raw, split.group)
    predicted = _fit_targets(found, parts["train"], preprocessing.target_scaling)
    encoder = _fit_encoder(inputs, parts["train"], preprocessing, notices, report)
    preprocessor = Preprocessor(encoder, predicted)
    encoded = _quiet_encode(preprocessor, raw, notices, report)
    wanted = preprocessor.targets(raw)
    notices += repeated(encoded, wanted, parts)
    examples = {name: Examples(encoded[chosen], wanted[chosen], chosen) for name, chosen in parts.items()}
    report(1.0, "Ready")
    description = Description(
        preprocessor.received, preprocessor.predicted, *(len(examples[name]) for name in PARTS)
    )
    return Prepared(
        description,
        examples["train"],
        examples["validation"],
        examples["test"],
        preprocessor,
        raw,
        tuple(notices),
        "" if split.group else proposed_group(raw, rows),
    )


def _doubts(raw: Labelled, found: Answers, rows: NDArray[np.int64], group: str) -> list[str]:
    """Return what of the target should make a person look twice."""
    told = (
        []
        if found.codes is None
        else several_labels(found.names[0], found.classes, str(raw.found.get(SEPARATOR, "")))
    )
    told += alike_classes(found.names[0], found.classes)
    if isinstance(raw, Table):
        told += several_choices(raw, raw.targets) + perhaps_identifiers(raw) + adding_up(raw)
    proposed = "" if group else proposed_group(raw, rows)
    if proposed:
        said = (
            f"{proposed}: its values repeat; if rows of one value belong together, as those of one person, "
            f'set split.group to "{proposed}", or scores look better than they will be on new ones'
        )
        told.append(decided(said, "split.group", proposed, column=proposed, doubtful=True))
    elif isinstance(raw, Table) and not group:
        told += telling_groups(raw, found.codes, rows)
    return told


def _quiet_encode(
    preprocessor: Preprocessor, raw: Labelled, notices: list[str], report: Report
) -> NDArray[np.float32] | NDArray[np.int32]:
    needed = len(raw) * preprocessor.received.size * 4 * 2
    if needed > free_memory():
        raise refused(
            "data",
            f"{len(raw)} examples of {preprocessor.received.size} inputs need {needed / 1e9:.1f} GB of "
            "memory, more than is free: take fewer or smaller examples, or ignore columns of words",
        )
    encoder = preprocessor.encoder
    try:
        if isinstance(raw, Texts) and isinstance(encoder, TextEncoder):
            return encoder.encode(raw, notices.append, cutting(report, letters_of(raw.texts)))
        return preprocessor.inputs(raw, notices.append)
    except Invalid as error:
        raise Invalid([problem.under("data") for problem in error.problems]) from None


def _fit_encoder(
    raw: Labelled,
    train: NDArray[np.int64],
    preprocessing: Preprocessing,
    notices: list[str],
    report: Report,
) -> Encoder:
    match raw:
        case Table():
            return _fit_table(raw, train, preprocessing, notices)
        case ImageSet():
            return _fit_images(raw, train, preprocessing)
        case SeriesSet():
            return fit_series(raw, train, preprocessing, notices)
        case Texts():
            training = [raw.texts[row] for row in train]
            tokenizer = fit_tokenizer(training, preprocessing, notices.append, learning(report))
            return TextEncoder(tokenizer=tokenizer, length=preprocessing.length)
    raise TypeError(f"no encoder for {type(raw).__name__}")


def _fit_images(raw: ImageSet, train: NDArray[np.int64], preprocessing: Preprocessing) -> ImageEncoder:
    offset, scale = fit_pixels(raw, train, preprocessing)
    _, height, width, channels = raw.pixels.shape
    return ImageEncoder.model_validate(
        {"height": height, "width": width, "channels": channels, "offset": offset, "scale": scale}
    )


def _fit_targets(found: Answers, train: NDArray[np.int64], scaling: str) -> Targets:
    if found.values is None:
        return Targets("classes" if found.marks is None else "labels", found.names, found.classes)
    values = found.values[train]
    mean, scale = values.mean(axis=0), values.std(axis=0)
    still = [name for name, one in zip(found.names, scale, strict=True) if not one > 0]
    if still:
        raise refused(
            "data.target",
            f"{listed(still)}: the same number in every training row; there is "
            "nothing to learn. Choose another target column",
        )
    if scaling == "none":
        mean, scale = np.zeros_like(mean), np.ones_like(scale)
    return Targets("numbers", found.names, (), tuple(mean.tolist()), tuple(scale.tolist()))


def _fit_table(
    raw: Table, train: NDArray[np.int64], preprocessing: Preprocessing, notices: list[str]
) -> TableEncoder:
    columns: list[Column] = []
    left_out: list[LeftOutColumn] = []
    numbering = identifiers(raw, train)
    for name in raw.frame.columns:
        if name in raw.targets:
            continue
        try:
            if name in numbering:
                raise LeftOut(numbering[name])
            rows = raw.frame[name].iloc[train]
            columns.append(fit_column(name, rows, preprocessing, name in raw.day_first, notices.append))
        except LeftOut as reason:
            why = raw.doubts.get(name, str(reason))
            left_out.append(LeftOutColumn(name=name, why=why))
            notices.append(_left_out(raw, name, why, numbers_rows=name in numbering))
    if not columns:
        why = "; ".join(f"{one.name}: {one.why}" for one in left_out[:5])
        words = [name for one in left_out if _may_be_texts(raw.frame[name := one.name])]
        texts = f'; to learn from the words of {listed(words)}, take the kind "text_table"' if words else ""
        raise refused(
            "data.target", "leaves no column to predict from" + (f" ({why})" if why else "") + texts
        )
    if sum(len(column.features) for column in columns) > MOST_FEATURES:
        raise refused(
            "data.ignore", f"the columns become more than {MOST_FEATURES} inputs: ignore some of them"
        )
    return TableEncoder(
        columns=tuple(columns), left_out=tuple(left_out), drop_missing=preprocessing.missing == "drop"
    )


def _left_out(raw: Table, name: str, why: str, *, numbers_rows: bool) -> str:
    """Return the notice of a column that is no input, with the types by which it would be one."""
    words = not is_number(raw.frame[name]) and not is_date(raw.frame[name])
    usable = ["number"] * (numbers_rows or name in raw.doubts)
    usable += ["category"] * (words and raw.frame[name].nunique() > 1)
    doubtful = numbers_rows or name in raw.doubts
    return decided(f"{name}: left out, because {why}", TYPES, *usable, column=name, doubtful=doubtful)


def _may_be_texts(column: pd.Series[Any]) -> bool:
    return is_text(column) and are_different(column)


def _whole_rows(raw: Table, usable: NDArray[np.bool_], notices: list[str]) -> NDArray[np.bool_]:
    """Return which rows lack no number and no date, in columns that are not missing altogether."""
    whole = usable.copy()
    for name in raw.frame.columns:
        column = raw.frame[name]
        if name in raw.targets or not (is_number(column) or is_date(column)):
            continue
        present = column.notna().to_numpy() if is_date(column) else np.isfinite(column.to_numpy(np.float64))
        if present.any():
            whole &= present
    if not whole.any():
        raise refused(
            "preprocessing.missing",
            "leaves no row: each lacks a number somewhere; "
            "choose mean or median, or ignore the columns with most missing values",
        )
    if whole.sum() < usable.sum():
        notices.append(f"{counted(int(usable.sum() - whole.sum()), 'row')} with missing numbers left out")
    return whole


def _with_text(raw: Texts, notices: list[str]) -> NDArray[np.bool_]:
    """Return which texts are not empty. Raises Invalid where all are."""
    return np.isin(np.arange(len(raw)), not_empty([raw.texts], notices.append))


_TWO_CLASSES: dict[type[Labelled], str] = {
    ImageSet: ": give each class a folder of its own, or list the pictures in a CSV with labels; where the "
    "names of the files begin with the class, as in cat.0.jpg, set Class to its name",
    SeriesSet: ": give each class a folder of its own; where a column says the class of each row, open one "
    "file as a table instead",
}
"""What to do where only one class is found."""


def _refuse_single(found: Answers, rows: NDArray[np.int64], raw: Labelled) -> None:
    if found.codes is None:
        return
    present = np.unique(found.codes[rows])
    if len(present) < 2:
        what = f"only {found.classes[present[0]]!r}" if len(present) else "nothing"
        words = f"{found.names[0]} holds {what}; to tell classes apart, there must be at least two"
        words += next((cure for sort, cure in _TWO_CLASSES.items() if isinstance(raw, sort)), "")
        raise refused("data.target" if isinstance(raw, Table) else "data.path", words)


def _refuse_on_its_side(raw: Table, found: Answers, rows: NDArray[np.int64]) -> None:
    """Raise Invalid where each row has a class of its own, and there are more columns than rows."""
    wide = len(raw.frame.columns) > len(rows)
    if found.codes is None or not wide or len(np.unique(found.codes[rows])) < len(rows):
        return
    raise refused(
        "data.target",
        f"{found.names[0]} is another word in each of {counted(len(rows), 'row')}, so that nothing can be "
        f"learnt: choose another target. If each of the {len(raw.frame.columns)} columns is an example, the "
        "table lies on its side: write its columns as rows",
    )


def _class_notices(found: Answers, parts: Parts) -> list[str]:
    if found.values is not None:
        return []
    lacking = {
        name: [one for one, count in zip(found.classes, _counts(found, rows), strict=True) if not count]
        for name, rows in parts.items()
        if len(rows)
    }
    words = ("class", "classes") if found.marks is None else ("label", "labels")
    return [
        f"the {name} part has no example of {_plural(missing, *words)}: {listed(missing)}"
        for name, missing in lacking.items()
        if missing
    ]


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
