"""Texts in a column of a table: with labels in another, or with translations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from engine.data.raw import Texts
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.columns import chosen_column, likely_label, words_of
from engine.data.tables.files import read_table
from engine.data.values import is_date, is_number, numbers

if TYPE_CHECKING:
    from engine.data.tables.text_tables import TextFormat


@dataclass(frozen=True)
class TextColumns:
    """Which columns of a table hold what; "" is found out."""

    path: str
    texts: str = ""
    label: str = ""


def read_text_column(which: TextColumns, how: TextFormat, sheet: str, report: Report, memory: int) -> Texts:
    """Return the texts of a table with their labels; a table of texts alone gives texts without labels.

    Raises Invalid when there is no such column, or it holds numbers.
    """
    found = read_table(Path(which.path), how, sheet, (), report, memory)
    frame = found.frame
    text = chosen_column(frame, which.texts, "data.texts", longest_text(frame, which.label))
    refuse_numbers(frame[text], "data.texts")
    rest = [name for name in frame.columns if name != text]
    labels = [""] * len(frame)
    target = "label"
    if rest or which.label:
        target = str(chosen_column(frame, which.label, "data.label", likely_label(rest)))
        labels = words_of(frame[target])
    if target == text:
        raise refused(
            "data.label", f"{target!r} is the column of texts; choose another, or another text column"
        )
    return Texts(
        tuple(words_of(frame[text])),
        np.array(labels, np.str_),
        tuple(f"row {row + 1}" for row in range(len(frame))),
        target,
        found.notices,
        columns=tuple(map(str, frame.columns)),
    )


def longest_text(frame: pd.DataFrame, *other: str) -> Any:
    """Return the column of words whose cells are the longest on average, None where there is none."""
    lengths = {
        name: float(frame[name].dropna().astype(str).str.len().mean())
        for name in frame.columns
        if is_text(frame[name]) and name not in other and frame[name].notna().any()
    }
    return max(lengths, key=lengths.__getitem__) if lengths else None


def is_text(column: pd.Series[Any]) -> bool:
    """Return whether a column holds words."""
    return not is_number(column) and not is_date(column)


def refuse_numbers(column: pd.Series[Any], setting: str) -> None:
    """Raise Invalid where a column that should hold texts holds numbers or dates."""
    if is_date(column) or (column.notna().any() and not numbers(column)[1].any()):
        raise refused(
            setting,
            f"{str(column.name)!r} holds {'dates' if is_date(column) else 'numbers'}, not texts: choose a "
            'column of texts, or the kind "table" for columns of numbers',
        )
