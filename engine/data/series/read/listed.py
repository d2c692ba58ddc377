"""Recordings whose classes stand in a list beside them: a row for each, with its name and its class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.choices import Invalid, Message
from engine.data.source import silent
from engine.data.tables.read.columns import class_like, likely_label, words_of
from engine.data.tables.read.files import read_table
from engine.data.tables.read.format import TableFormat

_MOST_LISTS = 5
"""Tables beside the recordings that are looked into."""
_MOSTLY = 0.5
"""Share of the rows that name a recording: lists go on with those that were not shared."""


@dataclass(frozen=True)
class LabelList:
    """What a list says: its file, the column of classes, and the class of each recording that it names."""

    path: Path
    column: str
    labels: Mapping[Path, str]

    def told(self) -> str:
        """Return the notice that the classes are taken from it."""
        return Message(
            "the classes are those of {column} in {name}, a row for each recording",
            column=self.column,
            name=self.path.name,
        )


def label_list(files: Sequence[Path], memory: int) -> LabelList | None:
    """Return the list among these files that says the classes of the others; None where there is none."""
    outermost = min((len(path.parts) for path in files), default=0)
    beside = [path for path in files if len(path.parts) == outermost]
    if len(beside) == len(files) or len(beside) > _MOST_LISTS:
        return None
    names: dict[str, Path] = {}
    for path in files:
        if path not in beside:
            names |= {path.stem: path, path.name: path}
    found = (_read(path, names, memory) for path in beside)
    return next((one for one in found if one is not None), None)


def _read(path: Path, names: Mapping[str, Path], memory: int) -> LabelList | None:
    try:
        # as written: 001 is the name of a file, and no number
        frame = read_table(path, TableFormat(typed=()), (), silent, memory).frame
    except Invalid:
        return None
    for column in frame.columns:
        words = [word.rsplit("/", 1)[-1] for word in words_of(frame[column])]
        if len(set(words)) < len(words) or sum(word in names for word in words) < _MOSTLY * len(words):
            continue
        rest = [name for name in frame.columns if name != column]
        label = likely_label(rest) or class_like(frame, rest)
        if label is not None:
            marks = dict(zip(words, words_of(frame[label]), strict=True))
            return LabelList(
                path, str(label), {names[word]: mark for word, mark in marks.items() if word in names}
            )
    return None
