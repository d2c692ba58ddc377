"""The targets of tables: which are there, and answers written otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.values import counted, listed
from engine.data.description import PartName, Targets
from engine.data.joining import SETTINGS, parts_of_both
from engine.data.preparation.target import Answers
from engine.data.refusal import refused, unknown_columns
from engine.data.tables.across import told_across
from engine.data.tables.on_its_side import told_on_its_side
from engine.data.tables.raw import Table


def refuse_unknown(raw: Table) -> None:
    """Raise Invalid, with every problem, where settings name columns that are not there."""
    known = [name for name in raw.names if name not in raw.ignored]
    # an ignored target is there, and told below
    targets = [name for name in raw.targets if name not in raw.names]
    problems = unknown_columns("data.target", targets, known)
    problems += unknown_columns("data.ignore", raw.ignored, raw.names)
    problems += unknown_columns("data.types", raw.typed, raw.names)
    problems += [
        Problem(
            "data.target",
            Message("{name!r} is also among the ignored columns: take it out of one of the two", name=name),
        )
        for name in raw.targets
        if name in raw.ignored and name in raw.names
    ]
    problems += [
        Problem("data.target", Message("names {name!r} twice", name=name))
        for name in sorted(set(raw.targets))
        if raw.targets.count(name) > 1
    ]
    if not raw.targets:
        across = told_across(known)
        problems.append(
            Problem(
                "data.target",
                Message(
                    "is missing: name the column to predict. There are: {listed}{across}{side}",
                    listed=listed(known, 40),
                    across=across,
                    side=told_on_its_side(raw.frame),
                ),
            )
        )
    if problems:
        raise Invalid(problems)


def refuse_on_its_side(raw: Table, found: Answers, rows: NDArray[np.int64]) -> None:
    """Raise Invalid where each row has a class of its own, and there are more columns than rows."""
    # as in tables of gene expression, which have a row for each gene and a column for each sample
    wide = len(raw.frame.columns) > len(rows)
    if found.codes is None or not wide or len(np.unique(found.codes[rows])) < len(rows):
        return
    raise refused(
        "data.target",
        Message(
            "{names} is another word in each of {counted}, so that nothing can be learnt: choose "
            "another target. If each of the {count} columns is an example, the table lies on its "
            "side: write its columns as rows",
            names=found.names[0],
            counted=counted(len(rows), "row"),
            count=len(raw.frame.columns),
        ),
    )


def is_pointed(cells: pd.Series[Any], known: Collection[object]) -> bool:
    """Return whether answers are those that are known but for a point behind each: <=50K. for <=50K.

    The test part of the Adult data is written so.
    """
    there = set(cells.dropna().unique())
    # one answer that is known as it is shows that points are part of the others
    if not there or there & set(known):
        return False
    return all(isinstance(word, str) and word[-1:] == "." and word[:-1] in known for word in there)


def without_point(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return answers without the point behind each."""
    return cells.map(lambda word: word.removesuffix("."), na_action="ignore")


def as_training_knew(raw: Table, predicted: Targets) -> Table:
    """Return rows with their answers as training knew them, where all of the file have a point behind them.

    Raises Invalid where a column of answers is missing.
    """
    lacking = [name for name in predicted.names if name not in raw.frame.columns]
    if lacking:
        there = listed(raw.frame.columns, 20)
        raise refused(
            "",
            Message(
                "the answers are missing: no column {listed}; there are: {there}",
                listed=listed(lacking),
                there=there,
            ),
        )
    if predicted.kind != "classes":
        return raw
    (name,) = predicted.names
    if not is_pointed(raw.as_written(name), predicted.classes):
        return raw
    frame = raw.frame.assign(**{name: without_point(raw.frame[name])})
    return replace(
        raw,
        frame=frame,
        notices=(*raw.notices, Message("{name}: the point behind each answer is left out", name=name)),
    )


def joined(raw: Table, other: Table, part: PartName) -> tuple[Table, list[str]]:
    """Return the rows of both, and what was left out of those of the file of a part."""
    missing = [name for name in raw.frame.columns if name not in other.frame.columns]
    if missing:
        raise refused(
            f"data.{SETTINGS[part]}",
            Message("lacks the columns {listed}; it needs those of the data", listed=listed(missing, 20)),
        )
    own = other.frame[list(raw.frame.columns)]  # read with the types that the data was found to have
    # one that is misspelled is refused later, with the names there are
    there = [name for name in raw.targets if name in raw.frame.columns]
    pointed = [name for name in there if is_pointed(other.as_written(name), set(raw.as_written(name)))]
    own = own.assign(**{name: without_point(own[name]) for name in pointed})

    def written(name: str) -> pd.Series[Any]:
        return pd.concat([raw.as_written(name), other.as_written(name)], ignore_index=True)

    both = replace(
        raw,
        frame=pd.concat([raw.frame, own], ignore_index=True),
        # a number would be that of a row in two files
        rows=None,
        written=written,
        published=parts_of_both(raw.published, len(raw), len(other), part),
    )
    return both, [Message("{name}: the point behind each answer is left out", name=name) for name in pointed]
