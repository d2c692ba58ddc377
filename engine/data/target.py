"""Targets: what is to be predicted, as class indices, labels or numbers, and which rows have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Problem, did_you_mean
from engine.data.cells.recognition import measured
from engine.data.cells.values import (
    LARGEST,
    LONGEST_NAME,
    as_text,
    coded,
    counted,
    is_date,
    is_number,
    listed,
    numbers,
)
from engine.data.description import TargetKind
from engine.data.fitted import Say
from engine.data.label_sets import NO_LABEL, all_labels, indicators, yes_or_no
from engine.data.label_sets import SETTING as SEPARATOR
from engine.data.preprocessor import labels
from engine.data.raw import NAMES, TARGET_KINDS, ImageSet, Labelled, Raw, SeriesSet, Table
from engine.data.refusal import refused
from engine.data.series.across import told_across
from engine.data.tables.read.columns import names_classes

MOST_CLASSES = 1_000
_OTHER = "numbers are not predicted from {what}: choose another column, or one of classes made of them"
_MANY_NUMBERS = 20
_FEW_ALIKE = 10
"""From so many different numbers with decimals on, a target is taken to be a number rather than a class."""


@dataclass(frozen=True)
class Answers:
    """The targets of all rows; `usable` rows have one.

    `codes` (N,) with `classes`, or `marks` (N, K), 1 where one of the K `classes` applies as a label and else
    0, or `values` (N, T).
    """

    names: tuple[str, ...]
    usable: NDArray[np.bool_]
    codes: NDArray[np.int64] | None = None
    classes: tuple[str, ...] = ()
    values: NDArray[np.float64] | None = None
    marks: NDArray[np.float64] | None = None

    @property
    def piles(self) -> NDArray[np.int64] | None:
        """Return the number of the pile that each row lies on, for parts of equal proportions; None for
        numbers.

        A pile is a class, or a set of labels; sets of few rows, too few for every part, lie on one.
        """
        if self.marks is None:
            return self.codes
        _, codes, counts = np.unique(self.marks, axis=0, return_inverse=True, return_counts=True)
        codes = codes.reshape(-1).astype(np.int64)
        return np.where(counts[codes] < _FEW_ALIKE, -1, codes) + 1


def answers(raw: Labelled, target: TargetKind, say: Say) -> Answers:
    """Return the targets of all rows. Raises Invalid when they are not there or not of that kind."""
    if isinstance(raw, Table):
        _refuse_unknown(raw)
        names = raw.targets
        columns = [raw.frame[name] if target == "numbers" else raw.as_written(name) for name in names]
    else:
        names, columns = (raw.target,), [labels(raw)]
    if len(raw) == 0:
        raise refused("data", "holds no examples")
    match target:
        case "classes":
            found = _classes(raw, names, columns)
        case "labels":
            found = _labels(raw, names, columns)
        case _:
            found = _numbers(names, columns, raw.doubts if isinstance(raw, Table) else {})
    gone = len(raw) - int(found.usable.sum())
    if gone == len(raw):
        if isinstance(raw, Table):
            why = raw.doubted(names) or f"{listed(names)}: every value is missing; choose another column"
            raise refused("data.target", why)
        turned = "; or, where each row is a course to be forecast, turn the table so that each is a column"
        raise refused(
            "data.label",
            f"{listed(names)}: every value is missing; name the column that says it"
            + turned * isinstance(raw, SeriesSet),
        )
    if gone:
        how = "; a cell of [] says that no label applies" if target == "labels" and len(names) == 1 else ""
        say(f"{listed(names)}: {counted(int(gone), 'row')} without a target left out{how}")
    return found


def _refuse_unknown(raw: Table) -> None:
    known = [name for name in raw.names if name not in raw.ignored]
    problems = [
        Problem("data.target", f"no column {name!r}{did_you_mean(name, known)}")
        for name in raw.targets
        if name not in raw.names
    ]
    problems += [
        Problem("data.ignore", f"no column {name!r}{did_you_mean(name, raw.names)}")
        for name in raw.ignored
        if name not in raw.names
    ]
    problems += [
        Problem("data.types", f"no column {name!r}{did_you_mean(name, raw.names)}")
        for name in raw.typed
        if name not in raw.names
    ]
    problems += [
        Problem("data.target", f"{name!r} is also among the ignored columns: take it out of one of the two")
        for name in raw.targets
        if name in raw.ignored and name in raw.names
    ]
    problems += [
        Problem("data.target", f"names {name!r} twice")
        for name in sorted(set(raw.targets))
        if raw.targets.count(name) > 1
    ]
    if not raw.targets:
        across = told_across(known)
        problems.append(
            Problem(
                "data.target",
                f"is missing: name the column to predict. There are: {listed(known, 40)}{across}",
            )
        )
    if problems:
        raise Invalid(problems)


def _classes(raw: Labelled, names: tuple[str, ...], columns: list[pd.Series[Any]]) -> Answers:
    if len(columns) > 1:
        raise refused(
            "task.kind",
            f'classification predicts one column, not {len(columns)} ({listed(names)}); choose "multi_label" '
            'where each is yes or no, "regression" for numbers, or keep one of them as the target',
        )
    instead = 'choose "regression"' if isinstance(raw, Table) else _OTHER.format(what=NAMES[type(raw)])
    _refuse_many(names[0], raw.frame[names[0]] if isinstance(raw, Table) else columns[0], instead)
    if SEPARATOR in raw.found:  # where no label applies there is no class
        columns = [columns[0].mask(columns[0] == NO_LABEL)]
    codes, classes = coded(columns[0])
    if isinstance(raw, ImageSet) and set(classes) <= set(raw.classes):
        place = {name: index for index, name in enumerate(raw.classes)}
        codes = np.array([*(place[name] for name in classes), -1], np.int64)[codes]
        classes = raw.classes
    if max(map(len, classes), default=0) > LONGEST_NAME:
        raise refused(
            "data.target",
            f"{names[0]} holds texts of more than {LONGEST_NAME:,} letters, which name no class",
        )
    return Answers(names, codes >= 0, codes, classes)


def _labels(raw: Labelled, names: tuple[str, ...], columns: list[pd.Series[Any]]) -> Answers:
    """Return the labels: of one column those that its cells hold, of several each as a label."""
    if len(columns) > 1:
        return _ticked(names, columns)
    mark = raw.found.get(SEPARATOR)
    if not isinstance(mark, str):
        raise refused(
            f"data.{SEPARATOR}",
            f"{names[0]} does not seem to hold several labels in a cell: say what stands between them, or "
            'choose "classification" where each cell holds one',
        )
    labels = all_labels(columns[0], mark)
    if len(labels) > MOST_CLASSES:
        raise refused(
            f"data.{SEPARATOR}",
            f"{names[0]} holds {len(labels)} different labels, more than {MOST_CLASSES}: choose another "
            "column, or say what stands between labels",
        )
    marks = indicators(columns[0], mark, labels)
    return _one_of_each(
        Answers(names, np.asarray(np.isfinite(marks).all(axis=1)), classes=labels, marks=marks)
    )


def _ticked(names: tuple[str, ...], columns: list[pd.Series[Any]]) -> Answers:
    read = [yes_or_no(column) for column in columns]
    problems = [
        Problem(
            "data.target",
            f"{name} holds {word[:60]!r}, which is neither yes nor no: of several target columns each is a "
            "label, 1 or yes where it applies, else 0 or no",
        )
        for name, (_, word) in zip(names, read, strict=True)
        if word
    ]
    if problems:
        raise Invalid(problems)
    marks = np.stack([values for values, _ in read], axis=1)
    return _one_of_each(
        Answers(names, np.asarray(np.isfinite(marks).all(axis=1)), classes=names, marks=marks)
    )


def _one_of_each(found: Answers) -> Answers:
    """Return the answers. Raises Invalid where all rows have the same labels: nothing is to be learnt."""
    assert found.marks is not None
    known = found.marks[found.usable]
    if len(known) and (known == known[0]).all():
        which = [name for name, mark in zip(found.classes, known[0], strict=True) if mark]
        raise refused(
            "data.target",
            f"{listed(found.names)}: every row has the same labels ({listed(which) or 'none'}); there is "
            "nothing to learn. Choose another target",
        )
    return found


def _refuse_many(name: str, column: pd.Series[Any], instead: str) -> None:
    count = column.nunique()
    if count > _MANY_NUMBERS:
        values, wrong = numbers(column)
        present = values[~np.isnan(values)]
        if not wrong.any() and (present != np.round(present)).any():
            raise refused(
                "task.kind",
                f"{name} holds {count} different numbers with decimals, which are hardly classes; {instead}",
            )
    if count > MOST_CLASSES:
        raise refused(
            "data.target",
            f"{name} holds {count} different values, more than {MOST_CLASSES} classes; choose another column "
            "or the task regression",
        )


def _numbers(
    names: tuple[str, ...], columns: list[pd.Series[Any]], doubts: Mapping[str, str] | None = None
) -> Answers:
    problems, values = [], []
    for name, column in zip(names, columns, strict=True):
        found, wrong = measured(column)
        if name in (doubts or {}) and wrong.any():
            problems.append(
                Problem(
                    "data.odd_cells",
                    f"{name} cannot be predicted as a number: {(doubts or {})[name]}; let odd cells count as "
                    'missing, mend them, or choose the task "classification"',
                )
            )
        elif wrong.any() or is_date(column):
            word = as_text(column.iloc[int(np.argmax(wrong))])[:60]
            problems.append(
                Problem(
                    "task.kind",
                    f'{name} holds {word!r}, which is no number; choose "classification", or a target column '
                    "of numbers",
                )
            )
        elif (np.abs(found) > LARGEST).any():
            problems.append(Problem("data.target", f"{name} holds numbers beyond ±{LARGEST:g}: mend them"))
        values.append(found)
    if problems:
        raise Invalid(problems)
    table = np.stack(values, axis=1)
    return Answers(names, np.asarray(~np.isnan(table).any(axis=1)), values=table)


def guess_task(raw: Raw) -> TargetKind | None:
    """Return which task fits the target; None without a target.

    Text is classes, and so are few whole numbers, or many that recur in a column called as classes are: the
    letters of EMNIST are 26.
    """
    several = raw.found.get(SEPARATOR, "none") != "none" and "labels" in TARGET_KINDS[type(raw)]
    if not isinstance(raw, Table):
        return "labels" if several else TARGET_KINDS[type(raw)][0]
    chosen = [raw.frame[name] for name in raw.targets if name in raw.frame.columns]
    if not chosen:
        return None
    if len(chosen) > 1:
        ticked = all(not yes_or_no(column)[1] and column.nunique() <= 2 for column in chosen)
        return "labels" if ticked else "numbers"
    column = chosen[0]
    if not is_number(column):
        return "labels" if several else "classes"
    values, _ = numbers(column)
    different = np.unique(values[~np.isnan(values)])
    whole = bool((different == np.round(different)).all())
    recurring = names_classes(column.name) and len(different) <= min(MOST_CLASSES, len(values) // 2)
    few = recurring or len(different) <= max(2, min(_MANY_NUMBERS, len(values) // 5))
    return "classes" if whole and few else "numbers"
