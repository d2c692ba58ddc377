"""Text whose lines are alike, though it is no table that is read: refused with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from engine.choices import Message
from engine.data.files.other_forms import form_words, other_form
from engine.data.files.text_forms import LONG_MARKS, NAMED_VALUE, SPARSE_LINE, marks_of_signs
from engine.data.refusal import refused
from engine.data.tables.read.dialects.cells_of_lines import MOST_ROWS

_UNSURE = ("", ".txt", ".text", ".log")
"""Endings of plain text that need be no table."""
_FEW_LINES = 3
_GLANCE = 4_000
"""Letters of a line by which other forms than tables are told; patterns try longer ones for seconds."""
_SURE = 0.9
"""Share of the lines that have such a form."""


def refuse_other_forms(text: str, path: Path) -> None:
    """Raise Invalid where lines hold pairs, as LIBSVM or logs have, or cells stand apart by two colons."""
    lines = [line[:_GLANCE] for line in text.splitlines()[:MOST_ROWS] if line.strip()]
    if sum(bool(SPARSE_LINE.fullmatch(line)) for line in lines) > _SURE * len(lines):
        raise refused(
            "data.path",
            Message(
                "{name} has the form of LIBSVM (a label, then pairs as 3:0.5), which is not read: "
                "write a table with a column for each number before the colon (load_svmlight_file of "
                "scikit-learn does)",
                name=path.name,
            ),
        )
    if sum(len(NAMED_VALUE.findall(line)) > 1 for line in lines) > _SURE * len(lines):
        raise refused(
            "data.path",
            Message(
                "{name} holds names and values in each line, as {findall}, which is not read: write "
                "a table with a column for each name",
                name=path.name,
                findall=NAMED_VALUE.findall(lines[0])[0],
            ),
        )
    form = other_form(lines) if path.suffix.lower() in _UNSURE else None
    if form is not None:
        raise refused("data.path", form_words(path.name, form))
    if _single_blanks(lines):
        raise refused(
            "data.path",
            Message(
                "{name}: a single blank parts the cells, and two in turn stand about an empty one, "
                "which is not read: replace each blank by a tab, and save the file as .tsv",
                name=path.name,
            ),
        )
    for mark in (*LONG_MARKS, *marks_of_signs(lines)):
        counts = Counter(line.count(mark) for line in lines)
        usual, often = counts.most_common(1)[0] if counts else (0, 0)
        if usual and often > _SURE * len(lines):
            raise refused(
                "data.path",
                Message(
                    "{name}: cells stand apart by {mark!r}, which is not read: replace {mark!r} by a tab "
                    "throughout, and save the file as .tsv",
                    name=path.name,
                    mark=mark,
                ),
            )


def _single_blanks(lines: Sequence[str]) -> bool:
    """Return whether every line has as many blanks, but runs of them part it into fewer or more cells."""
    bare = [line.strip("\r\n") for line in lines]
    if len(bare) < _FEW_LINES or any(mark in line for line in bare for mark in ",;\t|"):
        return False
    blanks, words = {line.count(" ") for line in bare}, {len(line.split()) for line in bare}
    return len(blanks) == 1 and min(blanks) >= _FEW_LINES and len(words) > 1
