"""Texts in one file and their tags in another: line by line in seq.in and seq.out, as SNIPS and ATIS have
them; or the places that are marked in doc.txt, in doc.ann beside it, as brat writes them.
"""

from __future__ import annotations

import re
from pathlib import Path

from engine.choices import Message
from engine.data.files.layouts import below
from engine.data.refusal import refused
from engine.data.texts.read.word_lists import Span, marked_words

WORDS, TAGS = "seq.in", "seq.out"
_TEXT, _MARKS = ".txt", ".ann"
_MARK = re.compile(r"T\d+\t(?P<name>\S+) (?P<places>\d+ \d+(;\d+ \d+)*)\t(?P<words>.*)")
"""A line of brat: T1, the name, the first letter and the one behind the last, and the words between."""


def tag_files(folder: Path) -> list[tuple[Path, Path]]:
    """Return the files of texts in a folder and below it, each with that of their tags beside it."""
    beside = ((path, _tags_beside(path)) for path in below(folder))
    return [(words, tags) for words, tags in beside if tags is not None and tags.is_file()]


def _tags_beside(path: Path) -> Path | None:
    if path.name == WORDS:
        return path.with_name(TAGS)
    return path.with_suffix(_MARKS) if path.suffix.lower() == _TEXT else None


def side_by_side(words: str, tags: str, path: Path) -> str:
    """Return sentences as lines of a word and its tag, blank lines between sentences; `path`: of the tags.

    Of lines, a sentence of as many words as tags; the words of any other stand alone, which is told as a
    lack of tags. Of marks, each line of the text is a sentence. Raises Invalid where marks do not fit the
    text.
    """
    if path.suffix.lower() == _MARKS:
        return _of_marks(words, tags, path)
    sentences = []
    lines = tags.split("\n")
    for place, line in enumerate(words.split("\n")):
        cells = line.split(), (lines[place].split() if place < len(lines) else [])
        alike = len(cells[0]) == len(cells[1])
        sentences.append("\n".join(map("\t".join, zip(*cells, strict=True)) if alike else cells[0]))
    return "\n\n".join(sentences)


def _of_marks(text: str, marks: str, path: Path) -> str:
    spans: list[Span] = []
    # relations, events and notes stand between the marks
    for mark in filter(None, map(_MARK.fullmatch, marks.split("\n"))):
        pieces = [tuple(map(int, piece.split())) for piece in mark["places"].split(";")]
        # what brat joins of several pieces has blanks between them
        if len(pieces) == 1 and _bare(text[slice(*pieces[0])]) != _bare(mark["words"]):
            raise refused(
                "data.path",
                Message(
                    "{name}: {words!r} does not stand where it is marked ({places}); the text may have other "
                    "line ends, or was changed since",
                    name=path.name,
                    words=mark["words"],
                    places=mark["places"],
                ),
            )
        spans += [(first, end, mark["name"]) for first, end in pieces]
    spans.sort()
    sentences, before = [], 0
    for line in text.split("\n"):
        end = before + len(line)
        sentences.append(
            marked_words(
                line, [(one[0] - before, one[1] - before, one[2]) for one in spans if before <= one[0] < end]
            )
        )
        before = end + 1
    return "\n\n".join(filter(None, sentences))


def _bare(words: str) -> str:
    # brat writes a blank for the line end within a mark
    return " ".join(words.split())
