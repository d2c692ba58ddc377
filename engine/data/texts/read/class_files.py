"""Files that are classes, with an example a line: Chinese.txt and English.txt with a name in each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np

from engine.choices import Message
from engine.data.files.endings import LANGUAGES, PARTS, TABLES, TEXTS
from engine.data.files.placement import numbered_alike, part_of
from engine.data.texts.raw import Texts

_FEWEST_LINES, _LONGEST_LINE = 5, 200
_FORMS = frozenset((*PARTS, *TABLES, *TEXTS))
_FEW_BLANK = 0.05
"""Share of blank lines: more of them part the verses of a poem, or paragraphs."""


def may_be_classes(names: Sequence[str], texts: Sequence[str]) -> bool:
    """Return whether each file could be a class: several of short lines, not numbered."""
    stems = _called(names)
    # chapters and days are numbered, and parts of a split are no classes
    if len(stems) < 2 or len(set(stems)) < len(stems) or numbered_alike(stems) or any(map(part_of, stems)):
        return False
    return all(map(_holds_lines, texts))


def _holds_lines(text: str) -> bool:
    lines = text.strip("\n").split("\n")
    filled = [line for line in lines if line.strip()]
    short = sum(len(line) <= _LONGEST_LINE for line in filled)
    return len(filled) >= max(_FEWEST_LINES, (1 - _FEW_BLANK) * len(lines)) and 2 * short > len(filled)


def told_by_endings(names: Sequence[str]) -> bool:
    """Return whether files are called alike but for their endings, as reviews.pos and reviews.neg, and these
    say nothing else: no language, of which each text would be a translation, no part and no form of a file.
    """
    endings = [PurePath(name).suffix.lower() for name in names]
    alike = len(names) > 1 and len({PurePath(name).stem for name in names}) == 1
    telling = any(one in _FORMS or part_of(one) or one.removeprefix(".") in LANGUAGES for one in endings)
    return alike and all(endings) and not telling


def _called(names: Sequence[str]) -> list[str]:
    """Return what each file is called as a class: its name without ending, or where all are alike, that."""
    by_ending = told_by_endings(names)
    return [PurePath(name).suffix.removeprefix(".") if by_ending else PurePath(name).stem for name in names]


def lines_of_classes(names: Sequence[str], texts: Sequence[str], notices: Sequence[str]) -> Texts:
    """Return the lines of all files that are not blank, each with the name of its file as label."""
    lines = [
        (line.strip(), label, Message("{name}, line {number}", name=name, number=number))
        for name, label, text in zip(names, _called(names), texts, strict=True)
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    ]
    return Texts(
        tuple(line for line, _, _ in lines),
        np.array([label for _, label, _ in lines], np.str_),
        tuple(place for _, _, place in lines),
        notices=(*notices, "each file is a class, and each line of it an example"),
    )
