"""Texts with their labels before them in the same line, as fastText has them: __label__good A fine film."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.choices import Message
from engine.data.cells.values import counted
from engine.data.files.layouts import LABEL_MARK, looks_marked
from engine.data.texts.raw import Texts
from engine.data.texts.read.files import found_encoding, read_text

_MARKED = re.compile(rf"((?:{LABEL_MARK}\S+\s+)*(?:{LABEL_MARK}\S+)?)(.*)", re.DOTALL)


def read_marked(path: Path, encoding: str) -> Texts | None:
    """Return the texts of a file whose lines begin with their labels; None for any other file.

    Several labels of a text are written with | between them.
    """
    if not path.is_file() or not looks_marked(path):
        return None
    plain = read_text(path, encoding)
    found, told = found_encoding([plain], encoding)
    lines = plain.text.split("\n")
    # only at the end: a blank line within keeps the numbers of the lines right
    while lines and not lines[-1].strip():
        lines.pop()
    return Texts(
        tuple(_parted(line)[1] for line in lines),
        np.array([_parted(line)[0] for line in lines], np.str_),
        tuple(Message("line {number}", number=number) for number in range(1, len(lines) + 1)),
        notices=(*told, *_told(lines)),
        found=found,
    )


def _parted(line: str) -> tuple[str, str]:
    found = _MARKED.fullmatch(line.strip())
    marks, text = ("", line) if found is None else found.groups()
    return "|".join(mark.removeprefix(LABEL_MARK) for mark in marks.split()), text.strip()


def _told(lines: Sequence[str]) -> tuple[str, ...]:
    without = [number for number, line in enumerate(lines, 1) if line.strip() and not _parted(line)[0]]
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
