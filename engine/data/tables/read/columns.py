"""Columns of a table that hold one thing each (a path, a text, a label): chosen by name, or found out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from engine.choices import Message, did_you_mean
from engine.data.cells.values import as_text, is_date, is_number, listed
from engine.data.refusal import refused

if TYPE_CHECKING:
    import pandas as pd

_MOST_CLASSES = 20
"""A column of more different values is not guessed to hold the labels."""
_LABELS = ("label", "class", "target", "category", "sentiment", "score", "rating", "y")
_LABELS_AT_END = ("label", "labels", "class", "classes", "classid", "category", "target")
"""What the name of a column of labels ends in, as Finding Labels and ClassId do."""


def chosen_column(frame: pd.DataFrame, chosen: str, setting: str, guess: Any) -> Any:
    """Return the chosen column, or the guess where none is chosen. Raises Invalid where it is not there."""
    name = chosen or guess
    if name is None:
        raise refused(
            setting,
            Message("is missing: name the column. There are: {listed}", listed=listed(frame.columns, 40)),
        )
    if name not in frame.columns:
        raise refused(
            setting,
            Message(
                "no column {name!r}{guess}",
                name=name,
                guess=did_you_mean(str(name), map(str, frame.columns)),
            ),
        )
    return name


def likely_label(names: Sequence[Any]) -> Any:
    """Return which of the columns holds the labels: one that is called so, or the only one. Else None."""
    named = called_label(names)
    return named[0] if named else names[0] if len(names) == 1 else None


def class_like(frame: pd.DataFrame, names: Iterable[Any]) -> Any:
    """Return the only one of these columns that holds classes, a few values in many rows. Else None."""
    found = [name for name in names if 2 <= frame[name].nunique() <= min(_MOST_CLASSES, len(frame) // 2)]
    return found[0] if len(found) == 1 else None


def called_label(names: Iterable[Any]) -> list[Any]:
    """Return the columns that are called as columns of labels are; else the only one whose name ends so."""
    # gone through twice, and an iterator would be empty the second time
    there = list(names)
    called = [name for name in there if str(name).casefold() in _LABELS]
    ending = [name for name in there if re.split(r"[\W_]+", str(name).casefold())[-1] in _LABELS_AT_END]
    return called or (ending if len(ending) == 1 else [])


def names_classes(name: Any) -> bool:
    """Return whether a column is called as one of classes, whatever it holds: label, class, ClassId."""
    # all but the last, "target", which is as often a number
    return re.split(r"[\W_]+", str(name).casefold())[-1] in _LABELS_AT_END[:-1]


def is_text(column: pd.Series[Any]) -> bool:
    """Return whether a column holds words."""
    return not is_number(column) and not is_date(column)


def words_of(column: pd.Series[Any]) -> list[str]:
    """Return the values as text, "" where they are missing."""
    known = column.astype(object).where(column.notna(), None)
    return ["" if value is None else as_text(value) for value in known]
