"""The .ts format of the UEA and UCR archives, as sktime and aeon write it.

A head of lines beginning with @ ends with @data; then each line is a series: channels between colons, values
between commas, ? where one is missing, and the label behind the last colon. With time stamps, a value is
written (time,value).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.refusal import refused
from engine.data.series.raw import SeriesSet
from engine.data.series.read.gathering import Recording, gathered
from engine.data.source import Report
from engine.data.tables.read.encodings import decode_errors, find_encoding

_MOST_HEAD = 10_000
_MOST_PROBLEMS = 5
_STAMPED = re.compile(r"\(([^()]*)\)")
_COLON = re.compile(r"\([^()]*\)|:")
"""A stamped value, in which colons part hours and minutes, or the colon between two channels."""
_MISSING = ("?", "", "nan")
_BYTES_PER_LETTER = 2
"""A value is at least three letters with its comma; as a number it takes eight bytes while it is read."""


@dataclass(frozen=True)
class Head:
    """What the head of a file says: whether values carry times and series labels, and how many channels."""

    stamped: bool = False
    labelled: bool = False
    channels: int = 0
    """0: not said."""
    classes: tuple[str, ...] = ()


def read_ts(path: Path, longest: int, report: Report, memory: int) -> SeriesSet:
    """Return the series in a .ts file.

    Raises Invalid, naming the lines, when the file is not in that format or too large.
    """
    size = path.stat().st_size
    if size * _BYTES_PER_LETTER > memory:
        raise refused(
            "data.path",
            Message(
                "{name} of {size:.1f} GB is too large for the memory: keep fewer series",
                name=path.name,
                size=size / 1e9,
            ),
        )
    encoding = find_encoding(path, report).codec
    text = path.read_text(encoding=encoding, errors=decode_errors(encoding))
    lines = enumerate(text.splitlines(), start=1)
    head = _head(path, lines)
    reader = _Reader(path, head, size, report)
    recordings = list(reader.recordings(lines))
    if reader.problems:
        raise Invalid(reader.problems)
    if not recordings:
        raise refused(
            "data.path", Message("{name} has no series below @data: add a line for each", name=path.name)
        )
    width = recordings[0].values.shape[1]
    channels = tuple(f"channel {index + 1}" for index in range(width)) if width > 1 else ("value",)
    return gathered(recordings, channels, "label", longest, memory, reader.notices())


def _head(path: Path, lines: Iterator[tuple[int, str]]) -> Head:
    said: dict[str, list[str]] = {}
    for number, line in lines:
        # a byte order mark would make the first word unknown
        words = line.strip().lstrip("\ufeff").split()
        if not words or words[0].startswith(("#", "%")):
            continue
        if words[0].lower() == "@data":
            return _understood(path, said)
        if not words[0].startswith("@") or number > _MOST_HEAD:
            raise refused(
                "data.path",
                Message(
                    "{name}, line {number}: before a line @data, each line begins with @ (or with # for "
                    "a remark), not with {words!r}",
                    name=path.name,
                    number=number,
                    words=words[0][:40],
                ),
            )
        said[words[0][1:].lower()] = words[1:]
    raise refused("data.path", Message("{name} has no line @data: the series stand below it", name=path.name))


def _understood(path: Path, said: dict[str, list[str]]) -> Head:
    # @targetlabel stands in sets whose answer is a number
    label = said.get("classlabel", said.get("targetlabel", ["false"]))
    # both spellings occur
    channels = said.get("dimensions", said.get("dimension", ["0"]))[:1] or ["0"]
    if said.get("univariate", [""])[:1] == ["true"]:
        channels = ["1"]
    if not re.fullmatch(r"[0-9]{1,6}", channels[0]):
        raise refused(
            "data.path",
            Message(
                "{name}: @dimensions is a whole number, not {channels!r}",
                name=path.name,
                channels=channels[0][:40],
            ),
        )
    return Head(
        said.get("timestamps", ["false"])[:1] == ["true"],
        label[:1] == ["true"],
        int(channels[0]),
        tuple(label[1:]),
    )


class _Reader:
    """Reads the lines below the head and remembers what was wrong and what a person should know."""

    def __init__(self, path: Path, head: Head, size: int, report: Report) -> None:
        self.path, self.head, self.size, self.report = path, head, size, report
        self.problems: list[Problem] = []
        self.strange: dict[str, None] = {}
        self.uneven = 0
        self.width = head.channels

    def recordings(self, lines: Iterator[tuple[int, str]]) -> Iterator[Recording]:
        """Yield the series; stops after a few lines that cannot be read."""
        done = 0
        for number, line in lines:
            done += len(line)
            if not line.strip() or line.startswith(("#", "%")):
                continue
            try:
                yield self._recording(number, line.strip())
            except ValueError as error:
                self.problems.append(
                    Problem(
                        "data.path",
                        Message(
                            "{name}, line {number}: {error}", name=self.path.name, number=number, error=error
                        ),
                    )
                )
                if len(self.problems) >= _MOST_PROBLEMS:
                    return
            # letters are counted against bytes: near enough for a bar
            self.report(min(done / max(self.size, 1), 1.0), Message("Reading {name}", name=self.path.name))

    def notices(self) -> list[str]:
        """Return what a person should know."""
        found: list[str] = []
        if self.strange:
            found.append(
                Message(
                    "labels that the head of the file does not name: {labels}",
                    labels=", ".join([*self.strange][:5]),
                )
            )
        if self.uneven:
            found.append(
                Message(
                    "{uneven} series with channels of different lengths cut to the shortest",
                    uneven=self.uneven,
                )
            )
        return found

    def _recording(self, number: int, line: str) -> Recording:
        parts = _channels(line)
        label = parts.pop().strip() if self.head.labelled else ""
        if not parts:
            raise ValueError("has no values before its label")
        self.width = self.width or len(parts)
        if len(parts) != self.width:
            raise ValueError(
                Message(
                    "has {count} channels where there should be {width}", count=len(parts), width=self.width
                )
            )
        if self.head.classes and label not in self.head.classes:
            self.strange[label[:60]] = None
        columns = [self._values(part) for part in parts]
        shortest = min(map(len, columns))
        self.uneven += any(len(column) > shortest for column in columns)
        values = np.stack([column[:shortest] for column in columns], axis=1)
        return Recording(Message("line {number}", number=number), "" if label == "?" else label, values)

    def _values(self, text: str) -> NDArray[np.float64]:
        if self.head.stamped:
            pieces = [stamped.rsplit(",", 1)[-1] for stamped in _STAMPED.findall(text)]
        else:
            pieces = text.split(",") if text.strip() else []
        try:
            found = np.array([_number(piece) for piece in pieces], np.float64)
        except ValueError:
            wrong = next(piece for piece in pieces if not _is_number(piece))
            raise ValueError(Message("{wrong!r} is no number", wrong=wrong.strip()[:40])) from None
        # float() reads inf and 1e999
        if np.isinf(found).any():
            raise ValueError("holds a number that is not finite")
        return found


def _channels(line: str) -> list[str]:
    """Return what stands between the colons of a line; those within parentheses belong to a time."""
    # most lines; a search through millions of values would take long
    if "(" not in line:
        return line.split(":")
    cuts = [found.start() for found in _COLON.finditer(line) if found[0] == ":"]
    return [
        line[start:end]
        for start, end in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(line)], strict=True)
    ]


def _number(text: str) -> float:
    text = text.strip()
    if text.lower() in _MISSING:
        return np.nan
    # Python reads 1_000 as a number, the format does not
    if "_" in text:
        raise ValueError
    return float(text)


def _is_number(text: str) -> bool:
    try:
        _number(text)
    except ValueError:
        return False
    return True
