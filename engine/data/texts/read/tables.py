"""Texts in a column of a table: with labels in another, or with translations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from engine.choices import Message
from engine.data.cells.label_sets import of_ticked
from engine.data.cells.values import is_date, listed, numbers
from engine.data.decisions import GONE, Decided, Decision, OtherReading, Specimen, shortened
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.columns import (
    called_label,
    chosen_column,
    class_like,
    is_text,
    likely_label,
    words_of,
)
from engine.data.tables.read.files import read_table
from engine.data.tables.read.text_columns import are_different, holds_structures, holds_texts
from engine.data.texts.raw import Texts
from engine.data.texts.read.listed_files import in_files, names_files
from engine.data.texts.read.marked_lines import read_marked

if TYPE_CHECKING:
    from engine.data.tables.read.format import TableFormat


_QUESTION = re.compile(r"question|query|title|subject|headline|问题|提问|标题|题目", re.IGNORECASE)
"""What columns of short texts are called that stand beside longer ones, as a question before its answer."""


@dataclass(frozen=True)
class TextColumns:
    """Which columns of a table hold what; "" is found out."""

    path: str
    texts: str = ""
    label: str = ""


def read_text_column(which: TextColumns, how: TableFormat, report: Report, memory: int) -> Texts:
    """Return the texts of a table with their labels; a table of texts alone gives texts without labels.

    Raises Invalid when there is no such column, or it holds numbers.
    """
    # before the table: a comma in such lines would part cells
    # a column of texts that is known was found by an earlier version, to which such lines were texts alone
    marked = read_marked(Path(which.path), how.encoding, plain=not which.texts)
    if marked is not None:
        return marked
    found = read_table(Path(which.path), how, (), report, memory)
    frame = found.frame
    listing = _listing(frame, Path(which.path).parent)
    likely = listing if listing is not None else _likely_text(found, which)
    text = chosen_column(frame, which.texts, "data.texts", likely)
    if text != listing:  # numbers may name files
        refuse_numbers(frame[text], "data.texts")
    rest = [name for name in frame.columns if name != text]
    labels = [""] * len(frame)
    target = "label"
    # by its name first; a column of few words may as well be the author
    guess = likely_label(rest) or class_like(frame, rest)
    told: list[str] = []
    mark: dict[str, object] = {}
    ticked = of_ticked(frame, rest, told) if guess is None and not which.label else None
    if ticked is not None:
        labels, mark = ticked
    elif rest or which.label:
        target = str(chosen_column(frame, which.label, "data.label", guess))
        # as written: 1 should not become 1.0
        labels = words_of(found.as_written(target))
    if target == text:
        raise refused(
            "data.label",
            Message(
                "{target!r} is the column of texts; choose another, or another text column", target=target
            ),
        )
    told = [*found.told_of((), (text, target)), *told, *_others(frame, which, text, target)]
    texts = words_of(frame[text])
    # a column of names of files is the longest of words as well
    of_files = in_files(Path(which.path), texts, how.encoding)
    if of_files is not None:
        texts, more = of_files
        told += more
    return Texts(
        tuple(texts),
        np.array(labels, np.str_),
        tuple(f"row {row}" for row in found.row_numbers),
        target,
        tuple(told),
        columns=tuple(map(str, frame.columns)),
        beside=frame[[name for name in frame.columns if name not in (text, target)]],
        found={
            **found.found,
            **mark,
            "texts": str(text),
            **({"label": target} if target in frame.columns else {}),
        },
    )


def _listing(frame: pd.DataFrame, folder: Path) -> Any:
    """Return the column that names files of texts, where no column holds texts itself; else None."""
    if any(holds_texts(frame[name]) for name in frame.columns):
        return None
    return next((name for name in frame.columns if names_files(folder, frame[name])), None)


def _others(frame: pd.DataFrame, which: TextColumns, text: str, target: str) -> list[str]:
    """Return that other columns hold texts as well, where nobody has chosen one."""
    others = [
        name
        for name in frame.columns
        if name not in (text, target)
        and is_text(frame[name])
        and (holds_texts(frame[name]) or _is_beside(frame[name], frame[text]))
    ]
    if which.texts or not others:
        return []
    said = Message(
        "texts are those of {text}; {listed} could be texts as well: Texts decides. One "
        "column is learnt from: to judge several together, as a question and an answer, join "
        "them into one",
        text=text,
        listed=listed(others),
    )
    readings = tuple(OtherReading(str(name), (_first(frame[name]),)) for name in others)
    specimen = Specimen(str(text), _first(frame[text]))
    return [Decided(said, Decision("", "data.texts", "", str(text), (specimen,), readings, doubtful=True))]


def _first(column: pd.Series[Any]) -> str:
    return f'"{shortened(str(column.dropna().iloc[0]))}"' if column.notna().any() else GONE


def _is_beside(column: pd.Series[Any], texts: pd.Series[Any]) -> bool:
    """Return whether a column is the other text of a pair: called alike, as sentence1 and sentence2; or the
    question before an answer, which may be too short to be known as a text by itself.
    """
    if _QUESTION.search(str(column.name)):
        return are_different(column)
    # question1 and question2, text_a and text_b
    names = [re.sub(r"[\W_]*(\d+|[ab])$|\d", "", str(one.name).casefold()) for one in (column, texts)]
    return names[0] == names[1] and are_different(column)


def _likely_text(table: Table, which: TextColumns) -> Any:
    """Return the column that seems to hold the texts; where one is chosen, whatever it is."""
    frame = table.frame
    labels = called_label(frame.columns) if len(frame.columns) > 1 and not which.label else [which.label]
    found = longest_text(frame, *labels)
    if found is None and not which.texts and (why := table.doubt_about(map(str, frame.columns))):
        raise refused("data.texts", why)
    if found is None and not which.texts:
        raise refused(
            "data.texts",
            Message(
                "is missing, and no column seems to hold texts ({listed}): name it, or for "
                "columns of numbers choose the kind Table file",
                listed=listed(frame.columns),
            ),
        )
    return found


def longest_text(frame: pd.DataFrame, *other: str) -> Any:
    """Return the column of words whose cells are the longest on average, None where there is none.

    Numbers of orders may be longer than words, but are no texts.
    """
    # keys and addresses may be longer than short sentences
    texts = {name for name in frame.columns if name not in other and holds_texts(frame[name])}
    lengths = {
        name: _usual_length(frame[name])
        for name in frame.columns
        if is_text(frame[name]) and name not in other and frame[name].notna().any()
        if not texts or name in texts
    }
    # lists and JSON in cells are long, and no texts unless there is nothing else
    plain = {name: length for name, length in lengths.items() if not holds_structures(frame[name])}
    lengths = plain or lengths
    return max(lengths, key=lengths.__getitem__) if lengths else None


def _usual_length(column: pd.Series[Any]) -> float:
    return float(column.dropna().astype(str).str.len().mean()) if column.notna().any() else 0.0


def refuse_numbers(column: pd.Series[Any], setting: str) -> None:
    """Raise Invalid where a column that should hold texts holds numbers or dates."""
    values, odd = numbers(column)
    # an empty column is no column of numbers, though nothing in it is odd
    if is_date(column) or (np.isfinite(values).any() and not odd.any()):
        raise refused(
            setting,
            Message(
                "{name!r} holds {kind}, not texts: choose a column of texts, or for columns of numbers the "
                "kind Table file",
                name=str(column.name),
                kind=Message("dates" if is_date(column) else "numbers"),
            ),
        )
