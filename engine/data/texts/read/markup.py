"""Files of texts that hold more than the text: pages of HTML and subtitles become what is read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from engine.choices import Message
from engine.data.files.endings import SUBTITLES

_HTML = (".html", ".htm", ".xhtml")
_STYLED, _SUNG = (".ass", ".ssa"), (".lrc",)
_UNSEEN = frozenset({"script", "style", "head", "template", "noscript"})
_APART = frozenset(
    ["p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "blockquote"]
)
_TIMES = re.compile(r"\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}\s*-->.*")
_SUNG_AT = re.compile(r"\s*(?:\[\d{1,3}:\d{2}(?:[.:]\d{1,3})?\])+")
_BEGINNING = 1 << 16
"""Bytes."""
_FEWEST, _NEARLY_ALL = 5, 0.9
"""Subtitles, and the share of them that has to be alike."""
_FEWEST_CELLS, _LONGEST_CELL = 12, 60
"""Cells of a table, and letters of a cell on average."""
_TAG = re.compile(r"</?[a-zA-Z][^>]{0,200}>|\{\\[^}]{0,200}\}")


def bare_text(path: Path, text: str) -> str:
    """Return the text of a file as one reads it, without tags, numbers of subtitles and their times.

    Only files whose ending says what they are are changed.
    """
    ending = path.suffix.lower()
    if ending in _HTML:
        return _of_page(text)
    if ending not in SUBTITLES:
        return text
    # two lines of one subtitle are one sentence
    return "\n".join(map(" ".join, subtitles(path, text))) + "\n"


def subtitles(path: Path, text: str) -> list[list[str]]:
    """Return the lines of each subtitle, those of songs (LRC) among them, without times and marks."""
    ending = path.suffix.lower()
    found = _dialogue(text) if ending in _STYLED else _sung(text) if ending in _SUNG else _timed(text)
    bare = ([_TAG.sub("", line).strip() for line in lines] for lines in found)
    whole = ([unescape(line) for line in lines if line] for lines in bare)
    return [lines for lines in whole if lines]


def _dialogue(text: str) -> Iterator[list[str]]:
    """Give the lines of what is said in a file of Aegisub, which has the text in the last of its cells."""
    # what cells there are stands above them; those of the styles come first
    cells = 10
    for line in text.split("\n"):
        kind, _, rest = line.partition(":")
        if kind == "Format":
            cells = rest.count(",") + 1
        elif kind == "Dialogue":
            yield re.split(r"\\[Nn]", rest.split(",", cells - 1)[-1])


def _sung(text: str) -> Iterator[list[str]]:
    for line in text.split("\n"):
        if _SUNG_AT.match(line):  # others say title and singer
            yield [_SUNG_AT.sub("", line)]


def _timed(text: str) -> Iterator[list[str]]:
    for block in re.split(r"\n\s*\n", text):
        lines = block.split("\n")
        times = next((place for place, line in enumerate(lines) if _TIMES.fullmatch(line)), None)
        if times is not None:  # others are the head of the file and its remarks
            yield lines[times + 1 :]


def in_two_languages(path: Path, text: str) -> bool:
    """Return whether nearly all subtitles have two lines, the one in Latin letters and the other in none."""
    every = subtitles(path, text)
    pairs = [lines for lines in every if len(lines) == 2]
    if len(pairs) < _FEWEST or len(pairs) < _NEARLY_ALL * len(every):
        return False
    first, second = (sum(map(_is_latin, lines)) / len(pairs) for lines in zip(*pairs, strict=True))
    return max(first, second) >= _NEARLY_ALL and min(first, second) <= 1 - _NEARLY_ALL


def begins_in_two_languages(path: Path) -> bool:
    """Return whether a file is one of subtitles in two languages, as it begins."""
    if not path.name.lower().endswith(SUBTITLES):
        return False
    try:
        with path.open("rb") as file:
            start = file.read(_BEGINNING)
    except OSError:
        return False
    # in whatever older encoding, letters beyond ASCII are not those of English
    code = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return in_two_languages(path, start.decode(code, "replace").replace("\r\n", "\n"))


def _is_latin(line: str) -> bool:
    letters = [letter for letter in line if letter.isalpha()]
    return 2 * sum(letter < "\u0250" for letter in letters) > len(letters)


class _Page(HTMLParser):
    """Collects what a browser shows of a page, each paragraph a line, and how much of it stands in tables.

    `cells`: of each table, how many it has; `celled`: letters that stand in cells.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.unseen: list[str] = []
        self.cells: list[int] = []
        self.celled = 0
        self._open = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.cells.append(0)
            self._open += 1
        elif tag in ("td", "th") and self._open:
            self.cells[-1] += 1
        if tag in _UNSEEN:
            self.unseen.append(tag)
        elif tag == "body":
            self.unseen.clear()  # a head that nobody closed
        elif tag in _APART:
            self.shown.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._open -= tag == "table" and self._open > 0
        # pages close tags that were never opened
        if self.unseen and self.unseen[-1] == tag:
            self.unseen.pop()
        elif tag in _APART:
            self.shown.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.celled += len(data.strip()) if self._open else 0
            # a line end within a paragraph of HTML is a blank
            self.shown.append(data.replace("\n", " "))


def told_tables(path: Path, text: str) -> list[str]:
    """Return the notice that a page of HTML holds little but tables of many short cells, if it does."""
    from engine.data.cells.values import counted  # here: it loads pandas, which the window does not

    if path.suffix.lower() not in _HTML:
        return []
    page = _read_page(text)
    tables = [cells for cells in page.cells if cells >= _FEWEST_CELLS]
    letters = sum(len(words.strip()) for words in page.shown)
    # whole pages were once laid out as tables, but of few cells that hold paragraphs
    if not tables or 2 * page.celled < letters or page.celled > _LONGEST_CELL * sum(page.cells):
        return []
    said = Message(
        "{name} is a page of {tables}, whose cells are read as running text; to learn from rows and columns, "
        "open it in Excel or WPS and save each table as CSV",
        name=path.name,
        tables=counted(len(tables), "table"),
    )
    return [said]


def _read_page(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    page.close()
    return page


def _of_page(text: str) -> str:
    page = _read_page(text)
    lines = (" ".join(line.split()) for line in "".join(page.shown).split("\n"))
    return "\n".join(line for line in lines if line) + "\n"
