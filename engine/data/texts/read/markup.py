"""Files of texts that hold more than the text: pages of HTML and subtitles become what is read aloud."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

_HTML, _SUBTITLES = (".html", ".htm", ".xhtml"), (".srt", ".vtt")
_UNSEEN = frozenset({"script", "style", "head", "template", "noscript"})
_APART = frozenset(
    ["p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "blockquote"]
)
_TIMES = re.compile(r"\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}\s*-->.*")
_TAG = re.compile(r"</?[a-zA-Z][^>]{0,200}>|\{\\[^}]{0,200}\}")


def bare_text(path: Path, text: str) -> str:
    """Return the text of a file as one reads it, without tags, numbers of subtitles and their times.

    Only files whose ending says what they are are changed.
    """
    ending = path.suffix.lower()
    if ending in _HTML:
        return _of_page(text)
    return _of_subtitles(text) if ending in _SUBTITLES else text


def _of_subtitles(text: str) -> str:
    """Return what is said, a subtitle a line."""
    said: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        lines = block.split("\n")
        times = next((place for place, line in enumerate(lines) if _TIMES.fullmatch(line)), None)
        if times is not None:  # others are the head of the file and its remarks
            words = (_TAG.sub("", line).strip() for line in lines[times + 1 :])
            # two lines of one subtitle are one sentence
            said.append(unescape(" ".join(word for word in words if word)))
    return "\n".join(line for line in said if line) + "\n"


class _Page(HTMLParser):
    """Collects what a browser shows of a page, each paragraph a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen.append(tag)
        elif tag == "body":
            self.unseen.clear()  # a head that nobody closed
        elif tag in _APART:
            self.shown.append("\n")

    def handle_endtag(self, tag: str) -> None:
        # pages close tags that were never opened
        if self.unseen and self.unseen[-1] == tag:
            self.unseen.pop()
        elif tag in _APART:
            self.shown.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            # a line end within a paragraph of HTML is a blank
            self.shown.append(data.replace("\n", " "))


def _of_page(text: str) -> str:
    page = _Page()
    page.feed(text)
    page.close()
    lines = (" ".join(line.split()) for line in "".join(page.shown).split("\n"))
    return "\n".join(line for line in lines if line) + "\n"
