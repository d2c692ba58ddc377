"""Lines of words and their columns, as the CoNLL tasks write them: how a file keeps its columns apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.data.files.layouts import holds_entities

_DOCUMENT = "-DOCSTART-"
_PART = re.compile(r"\d+[-.]\d+")
"""The number of words written as one, or of a word that is not written: neither is a word."""
_NUMBERED = 0.9
"""Share of the lines that begin with a number in a file whose first column numbers the words."""
_UNIVERSAL = 10
"""Columns of CoNLL-U: number, word, lemma, part of speech ..."""

Line = tuple[int, list[str]]


@dataclass(frozen=True)
class WordLines:
    """The sentences of a file: of each its lines as cells with their numbers.

    `numbered`: the first column numbers the words; `width`: cells in a line; `odd`: numbers of lines that
    are written otherwise than most and were read by their blanks and tabs.
    """

    sentences: tuple[list[Line], ...]
    numbered: bool
    width: int
    odd: tuple[int, ...]

    @property
    def columns(self) -> tuple[int, int]:
        """Return which columns, from 1, seem to hold the words and their tags."""
        # CoNLL-U has UPOS in column 4, and links between words behind it
        if self.numbered and self.width == _UNIVERSAL:
            return 2, 4
        word = 2 if self.numbered and self.width > 2 else 1
        # some sets write the tag before the word
        if self.width == word + 1 and self._holds_entities(word) and not self._holds_entities(word + 1):
            return word + 1, word
        told = [place for place in range(word + 1, self.width + 1) if self._tells(place)]
        # tasks put what is to be told last; CoNLL-2003 has parts of speech before it
        return word, told[-1] if told else self.width

    def _holds_entities(self, column: int) -> bool:
        """Return whether a column holds nothing but tags of entities, and not O alone."""
        rows = [row for sentence in self.sentences for _, row in sentence if len(row) >= column]
        return holds_entities([["", row[column - 1]] for row in rows])

    def _tells(self, column: int) -> bool:
        """Return whether a column has more than one word in it: a layer of tags may be O throughout."""
        cells = (row[column - 1] for sentence in self.sentences for _, row in sentence if len(row) >= column)
        first = next(cells, "")
        return any(cell != first for cell in cells)


def read_lines(text: str) -> WordLines:
    """Return the sentences of a text: blank lines stand between them, lines that begin a document are none.

    Cells stand apart by tabs where most lines have some, else by blanks. A line that does not fit is read by
    both. Remarks after # are skipped, and so are words that only join or are not written (CoNLL-U).
    """
    lines = text.split("\n")
    filled = [line for line in lines if line.strip() and not _is_remark(line)]
    # most and not all, as editors turn single tabs into blanks
    tabbed = 2 * sum("\t" in line for line in filled) > len(filled)
    width = _commonest([len(_cells(line, tabbed)) for line in filled])
    begins = [_cells(line, tabbed)[0] for line in filled]
    counted = sum(cell.isdecimal() or bool(_PART.fullmatch(cell)) for cell in begins)
    # a word and a tag alone are never numbered: words may be numbers
    numbered = width > 2 and counted >= _NUMBERED * max(len(filled), 1)
    odd: list[int] = []
    sentences = tuple(_sentences(lines, tabbed, width, numbered, odd))
    return WordLines(sentences, numbered, width, tuple(odd))


def _sentences(
    lines: Sequence[str], tabbed: bool, width: int, numbered: bool, odd: list[int]
) -> Iterator[list[Line]]:
    sentence: list[Line] = []
    # one blank line more ends the last sentence
    for number, line in enumerate([*lines, ""], 1):
        if not line.strip() or line.startswith(_DOCUMENT):
            if sentence:
                yield sentence
            sentence = []
            continue
        row = _cells(line, tabbed)
        if len(row) != width:
            # the sign # may be a word of a tweet, where its line has all columns
            if line.startswith("#"):
                continue
            other = line.split()
            if len(other) == width:
                row = other
                odd.append(number)
        if not (numbered and _PART.fullmatch(row[0])):
            sentence.append((number, row))


def _is_remark(line: str) -> bool:
    """Return whether a line is no word: # id = 1; a word may begin with #, and has its tag behind a tab."""
    return line.startswith(_DOCUMENT) or (line.startswith("#") and "\t" not in line)


def _cells(line: str, tabbed: bool) -> list[str]:
    if tabbed:
        return [cell.strip() for cell in line.split("\t")]
    # not split(): a fixed blank (U+00A0) within a word is part of it
    return [cell for cell in line.split(" ") if cell.strip()]


def _commonest(counts: Sequence[int]) -> int:
    return Counter(counts).most_common(1)[0][0] if counts else 0
