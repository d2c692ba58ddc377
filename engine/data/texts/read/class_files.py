"""Files that are classes, with an example a line: Chinese.txt and English.txt with a name in each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np

from engine.choices import Message
from engine.data.files.placement import numbered_alike, part_of
from engine.data.texts.raw import Texts

_FEWEST_LINES, _LONGEST_LINE = 5, 200
_FEW_BLANK = 0.05
"""Share of blank lines: more of them part the verses of a poem, or paragraphs."""


def may_be_classes(names: Sequence[str], texts: Sequence[str]) -> bool:
    """Return whether each file could be a class: several of short lines, not numbered."""
    stems = [PurePath(name).stem for name in names]
    # chapters and days are numbered, and parts of a split are no classes
    if len(stems) < 2 or len(set(stems)) < len(stems) or numbered_alike(stems) or any(map(part_of, stems)):
        return False
    return all(map(_holds_lines, texts))


def _holds_lines(text: str) -> bool:
    lines = text.strip("\n").split("\n")
    filled = [line for line in lines if line.strip()]
    short = sum(len(line) <= _LONGEST_LINE for line in filled)
    return len(filled) >= max(_FEWEST_LINES, (1 - _FEW_BLANK) * len(lines)) and 2 * short > len(filled)


def lines_of_classes(names: Sequence[str], texts: Sequence[str], notices: Sequence[str]) -> Texts:
    """Return the lines of all files that are not blank, each with the name of its file as label."""
    lines = [
        (line.strip(), PurePath(name).stem, Message("{name}, line {number}", name=name, number=number))
        for name, text in zip(names, texts, strict=True)
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    ]
    return Texts(
        tuple(line for line, _, _ in lines),
        np.array([label for _, label, _ in lines], np.str_),
        tuple(place for _, _, place in lines),
        notices=(*notices, "each file is a class, and each line of it an example"),
    )
