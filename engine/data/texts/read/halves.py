"""Texts in two halves that no tab parts: flashcards of Anki, questions and answers, words with meanings."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from engine.choices import Message
from engine.data.files.layouts import ends_in

LINE = "text"
"""What the first half of a line is called that a mark cuts in two."""
_GLANCE = 1 << 14
_FEWEST, _NEARLY_ALL = 5, 0.95
_FEWEST_LINES = 10
_PLAIN = (".txt", ".text", ".md")
_SAID = re.compile(
    r"#(?P<key>separator|html|tags|columns|notetype|deck|guid|if matches)\b[^:]*:(?P<value>.*)"
)
"""A line above the cards in which Anki says how they are written."""
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}
_SOUND = re.compile(r"\[(sound|anki):[^\]]*\]")
_CLOZE = re.compile(r"\{\{c\d+::(.*?)(::.*?)?\}\}")
_BREAK, _TAG = re.compile(r"<(br|/?div|/?p|/?li)\b[^>]*>", re.IGNORECASE), re.compile(r"</?[A-Za-z][^>]*>")
_ASKED = re.compile(r"\W*(?:q|question|问|问题)\s*\d*\s*[:\uff1a.、]\s*(?P<said>.*)", re.IGNORECASE)
_ANSWERED = re.compile(r"\W*(?:a|answer|答|答案|回答)\s*\d*\s*[:\uff1a.、]\s*(?P<said>.*)", re.IGNORECASE)
_EASTERN = r"\u3040-\u30ff\u3400-\u9fff"
_BY_WRITING = re.compile(
    rf"(?P<first>[^{_EASTERN}]*[A-Za-z][^{_EASTERN}]*?)[\s:\uff1a=]+(?P<second>[^A-Za-z]*[{_EASTERN}].*)"
)
_BY_MARK = re.compile(r"(?P<first>\S[^=:]*?)(?: [-–—=] | ?(?:->|=>|→) ?|: )(?P<second>\S.*)")


class Halves(NamedTuple):
    """The rows of two cells in a text, what the columns are called, and what is to be told."""

    names: tuple[str, str]
    rows: list[list[str]]
    notices: tuple[str, ...] = ()


def begins_in_halves(path: Path) -> bool:
    """Return whether plain text is surely in two halves, as it begins: flashcards, or questions."""
    if not ends_in(path, *_PLAIN):
        return False
    try:
        with path.open("rb") as file:
            start = file.read(_GLANCE).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except OSError:
        return False
    return _cards(start) is not None or _questions(start) is not None


def halves(text: str, *, prose: bool = False) -> Halves | None:
    """Return the rows of a text in two halves; None for any other.

    Where every line holds two writings, or one mark in its middle, these are the halves, too; but prose may
    be so by chance, and so nobody is taken at that word alone (`begins_in_halves`), nor what may be `prose`.
    """
    # lines apart by tabs are cells, and may hold dashes besides
    mark = None if prose or "\t" in text.split("\n", 1)[0] else _lines(text)
    return _cards(text) or _questions(text) or mark


def _cards(text: str) -> Halves | None:
    """Return the flashcards of an export of Anki, without its marks, keys and tags."""
    lines = text.split("\n")
    head = [*takewhile(lambda line: line.startswith("#"), lines)]
    said = [found for line in head if (found := _SAID.match(line)) is not None]
    if not said:
        return None
    mark = next((one["value"].strip() for one in said if one["key"] == "separator"), "tab")
    delimiter = _SEPARATORS.get(mark.casefold(), mark[:1] or "\t")
    # of "tags column:3" the number counts from 1
    aside = {
        int(one["value"]) - 1 for one in said if "column:" in one[0] and one["value"].strip().isdecimal()
    }
    rows = csv.reader(io.StringIO("\n".join(lines[len(head) :]), newline=""), delimiter=delimiter)
    try:
        cells = [[cell for place, cell in enumerate(row) if place not in aside] for row in rows if row]
    except csv.Error:
        return None
    bare = [[_bare(cell) for cell in row[:2]] for row in cells if len(row) > 1]
    more = max(map(len, cells), default=0) - 2
    told = [
        Message(
            "flashcards of Anki: the first two fields of each are learnt, without sounds, pictures and marks "
            "of HTML; lines above, keys and tags are left out{more}",
            more=Message(", and {count} more fields", count=more) if more > 0 else "",
        )
    ]
    return Halves(("front", "back"), bare, tuple(told)) if bare else None


def _bare(cell: str) -> str:
    """Return a field of a card as one reads it."""
    bare = _TAG.sub("", _BREAK.sub(" ", _SOUND.sub("", _CLOZE.sub(r"\1", cell))))
    return " ".join(html.unescape(bare).split())


def _questions(text: str) -> Halves | None:
    """Return questions and their answers, each of which may go on in the lines below."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    rows = [*_asked(lines)]
    whole = [row for row in rows if len(row) == 2]
    # an interview may have a few such lines among others; here nothing stands before the first question
    if len(whole) < _FEWEST or len(whole) < _NEARLY_ALL * (len(rows) - 1) or not _ASKED.fullmatch(lines[0]):
        return None
    told = [Message("{count} questions with their answers", count=len(whole))]
    return Halves(("question", "answer"), whole, tuple(told))


def _asked(lines: Sequence[str]) -> Iterator[list[str]]:
    """Give question and answer in turn, a question alone where no answer follows."""
    row: list[str] = []
    for line in lines:
        asked, answered = _ASKED.fullmatch(line), _ANSWERED.fullmatch(line)
        if asked is not None:
            if row:
                yield row
            row = [asked["said"]]
        elif answered is not None and len(row) == 1:
            row.append(answered["said"])
        elif row:
            row[-1] = f"{row[-1]} {line}".strip()
    if row:
        yield row


def _lines(text: str) -> Halves | None:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < _FEWEST_LINES:
        return None
    for form in (_BY_WRITING, _BY_MARK):
        found = [form.fullmatch(line) for line in lines]
        rows = [[one["first"].strip(), one["second"].strip()] for one in found if one is not None]
        # names before a colon that come again are those of a play, or labels
        different = len({first for first, _ in rows}) > len(rows) / 2
        if len(rows) >= _NEARLY_ALL * len(lines) and different:
            told = Message(
                "{count} lines are cut into two halves, as {example}",
                count=len(rows),
                example=" | ".join(rows[0]),
            )
            return Halves((LINE, "translation"), rows, (told,))
    return None
