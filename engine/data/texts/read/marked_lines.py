"""Texts with their labels in the same line: before them, as fastText has them, __label__good A fine film, or
behind them, as the Financial PhraseBank has them, Profit rose .@positive
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.choices import Message
from engine.data.cells.values import counted
from engine.data.files.endings import PROSE
from engine.data.files.layouts import (
    LABEL_MARK,
    begins_with_labels,
    ends_in,
    ends_with_labels,
    first_lines,
    label_before,
    label_behind,
    looks_marked,
)
from engine.data.texts.raw import Texts
from engine.data.texts.read.files import found_encoding, read_text

_MARKED = re.compile(rf"((?:{LABEL_MARK}\S+\s+)*(?:{LABEL_MARK}\S+)?)(.*)", re.DOTALL)


def read_marked(path: Path, encoding: str, *, plain: bool = False) -> Texts | None:
    """Return the texts of a file whose lines begin or end with their labels; None for any other file.

    Several labels of a text are written with | between them. `plain`: labels may as well be numbers and words
    that nothing marks, as in 1 Profit rose.
    """
    unmarked = plain and ends_in(path, *PROSE) and begins_with_labels(first_lines(path))
    if not path.is_file() or not (unmarked or looks_marked(path)):
        return None
    text = read_text(path, encoding)
    found, told = found_encoding([text], encoding)
    lines = text.text.split("\n")
    # only at the end: a blank line within keeps the numbers of the lines right
    while lines and not lines[-1].strip():
        lines.pop()
    behind = ends_with_labels([line for line in lines if line.strip()])
    part = label_before if unmarked else label_behind if behind else _without_marks
    parted = [part(line.strip()) for line in lines]
    return Texts(
        tuple(text for text, _ in parted),
        np.array([label for _, label in parted], np.str_),
        tuple(Message("line {number}", number=number) for number in range(1, len(lines) + 1)),
        notices=(*told, *_told(parted)),
        found=found,
    )


def _without_marks(line: str) -> tuple[str, str]:
    """Return the text of a line of fastText, and its labels."""
    found = _MARKED.fullmatch(line.strip())
    marks, text = ("", line) if found is None else found.groups()
    return text.strip(), "|".join(mark.removeprefix(LABEL_MARK) for mark in marks.split())


def _told(parted: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    without = [number for number, (text, label) in enumerate(parted, 1) if text.strip() and not label]
    lines_without = counted(len(without), "line")
    return (
        (
            Message(
                "{lines_without} without a label, the first is line {without}",
                lines_without=lines_without,
                without=without[0],
            ),
        )
        if without
        else ()
    )
