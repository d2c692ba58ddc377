"""Targets: what is to be predicted, as class indices, labels or numbers, and which rows have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.label_sets import NO_LABEL, all_labels, indicators, yes_or_no
from engine.data.cells.label_sets import SETTING as SEPARATOR
from engine.data.cells.recognition import measured
from engine.data.cells.values import (
    LARGEST,
    LONGEST_NAME,
    as_text,
    coded,
    counted,
    is_date,
    listed,
    numbers,
)
from engine.data.description import TargetKind
from engine.data.encoder import Say
from engine.data.raw import Labelled
from engine.data.refusal import refused

if TYPE_CHECKING:
    from engine.data.preparation.modality import LabelledModality

MOST_CLASSES = 1_000
_FEW_ALIKE = 10
"""Rows of one set of labels from which on it is a pile of its own; rarer ones lie on one."""
MANY_NUMBERS = 20
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
        # numpy 2.0.0, and no other, gives the inverse of rows a second axis
        codes = codes.reshape(-1).astype(np.int64)
        return np.where(counts[codes] < _FEW_ALIKE, -1, codes) + 1


def answers(modality: LabelledModality[Any], raw: Labelled, target: TargetKind, say: Say) -> Answers:
    """Return the targets of all rows. Raises Invalid when they are not there or not of that kind."""
    modality.refuse_unknown(raw)
    names = raw.answered
    # a class is called what is written: as numbers, 007 were 7, and 1.10 were 1.1
    columns = [raw.as_read(name) if target == "numbers" else raw.as_written(name) for name in names]
    if len(raw) == 0:
        raise refused("data", "holds no examples")
    match target:
        case "classes":
            found = _classes(modality, raw, names, columns)
        case "labels":
            found = _labels(raw, names, columns)
        case _:
            found = _numbers(names, columns, raw.doubted)
    gone = len(raw) - int(found.usable.sum())
    if gone == len(raw):
        raise refused(*modality.no_answers(raw))
    if gone:
        how = "; a cell of [] says that no label applies" if target == "labels" and len(names) == 1 else ""
        say(
            Message(
                "{listed}: {counted} without a target left out{how}",
                listed=listed(names),
                counted=counted(int(gone), "row"),
                how=how,
            )
        )
    return found


def _classes(
    modality: LabelledModality[Any], raw: Labelled, names: tuple[str, ...], columns: list[pd.Series[Any]]
) -> Answers:
    if len(columns) > 1:
        raise refused(
            "task.kind",
            Message(
                'classification predicts one column, not {count} ({listed}); choose "multi_label" '
                'where each is yes or no, "regression" for numbers, or keep one of them as the target',
                count=len(columns),
                listed=listed(names),
            ),
        )
    _refuse_many(names[0], raw.as_read(names[0]), modality.instead_of_classes)
    if SEPARATOR in raw.found:  # where no label applies there is no class
        columns = [columns[0].mask(columns[0] == NO_LABEL)]
    codes, classes = coded(columns[0])
    ordered = raw.classes_in_order
    # data published with a list of its classes keeps that order; elsewhere the list is empty
    if set(classes) <= set(ordered):
        place = {name: index for index, name in enumerate(ordered)}
        # the last is for rows without an answer, whose code is -1
        codes = np.array([*(place[name] for name in classes), -1], np.int64)[codes]
        classes = ordered
    if max(map(len, classes), default=0) > LONGEST_NAME:
        raise refused(
            "data.target",
            Message(
                "{names} holds texts of more than {most:,} letters, which name no class",
                names=names[0],
                most=LONGEST_NAME,
            ),
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
            Message(
                "{names} does not seem to hold several labels in a cell: say what stands between "
                'them, or choose "classification" where each cell holds one',
                names=names[0],
            ),
        )
    labels = all_labels(columns[0], mark)
    if len(labels) > MOST_CLASSES:
        raise refused(
            f"data.{SEPARATOR}",
            Message(
                "{names} holds {count} different labels, more than {most}: choose another "
                "column, or say what stands between labels",
                names=names[0],
                count=len(labels),
                most=MOST_CLASSES,
            ),
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
            Message(
                "{name} holds {word!r}, which is neither yes nor no: of several target columns each "
                "is a label, 1 or yes where it applies, else 0 or no",
                name=name,
                word=word[:60],
            ),
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
            Message(
                "{listed}: every row has the same labels ({others}); there is nothing to learn. "
                "Choose another target",
                listed=listed(found.names),
                others=listed(which) or "none",
            ),
        )
    return found


def _refuse_many(name: str, column: pd.Series[Any], instead: str) -> None:
    count = column.nunique()
    if count > MANY_NUMBERS:
        values, wrong = numbers(column)
        present = values[~np.isnan(values)]
        # whole numbers may name classes: digits, stars, codes
        if not wrong.any() and (present != np.round(present)).any():
            raise refused(
                "task.kind",
                Message(
                    "{name} holds {count} different numbers with decimals, which are hardly classes; "
                    "{instead}",
                    name=name,
                    count=count,
                    instead=instead,
                ),
            )
    if count > MOST_CLASSES:
        raise refused(
            "data.target",
            Message(
                "{name} holds {count} different values, more than {most} classes; choose "
                "another column or the task regression",
                name=name,
                count=count,
                most=MOST_CLASSES,
            ),
        )


def _numbers(names: tuple[str, ...], columns: list[pd.Series[Any]], doubts: Mapping[str, str]) -> Answers:
    problems, values = [], []
    for name, column in zip(names, columns, strict=True):
        found, wrong = measured(column)
        if name in doubts and wrong.any():
            problems.append(
                Problem(
                    "data.odd_cells",
                    Message(
                        "{name} cannot be predicted as a number: {doubts}; let odd cells count as missing, "
                        'mend them, or choose the task "classification"',
                        name=name,
                        doubts=doubts[name],
                    ),
                )
            )
        # of dates no cell is wrong by itself: then the first is shown
        elif wrong.any() or is_date(column):
            word = as_text(column.iloc[int(np.argmax(wrong))])[:60]
            problems.append(
                Problem(
                    "task.kind",
                    Message(
                        '{name} holds {word!r}, which is no number; choose "classification", or a target '
                        "column of numbers",
                        name=name,
                        word=word,
                    ),
                )
            )
        elif (np.abs(found) > LARGEST).any():
            problems.append(
                Problem(
                    "data.target",
                    Message("{name} holds numbers beyond ±{most:g}: mend them", name=name, most=LARGEST),
                )
            )
        values.append(found)
    if problems:
        raise Invalid(problems)
    table = np.stack(values, axis=1)
    # a row needs all of its targets: its loss is a mean over them
    return Answers(names, np.asarray(~np.isnan(table).any(axis=1)), values=table)
