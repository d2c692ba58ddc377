"""Verses in English and Spanish: 31,077 pairs from two translations of one book."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from data_packages import Debian, PyPI
from data_set import DataSet

# (?<!/): a mark that closes itself has no end to look for
_ASIDE = re.compile(r"<(note|title)\b[^>]*(?<!/)>.*?</\1>", re.DOTALL)
# these stand within words too, and leave no space behind
_WORD = re.compile(r"</?(w|q|transChange|seg|hi|divineName)\b[^>]*>")
_MARK = re.compile(r"<[^>]*>")


def verse_pairs(packages: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """The verses that both books hold, in English and Spanish, without notes and marks.

    `packages` are the unpacked English text, Spanish text and pysword.
    """
    english, spanish = (_Book(packages[2], package) for package in packages[:2])
    for name, chapters in english.chapters.items():
        other = spanish.chapters.get(name, ())
        for chapter, (count, also) in enumerate(zip(chapters, other, strict=False), 1):
            for verse in range(1, min(count, also) + 1):
                pair = english.verse(name, chapter, verse), spanish.verse(name, chapter, verse)
                if all(pair):
                    yield pair


class _Book:
    """One text, by book, chapter and verse."""

    def __init__(self, reader: Path, package: Path) -> None:
        # the reader is only unpacked, for this one use, and installed nowhere
        sys.path.insert(0, str(reader))
        try:
            library: Any = import_module("pysword.modules")
        finally:
            sys.path.remove(str(reader))
        modules = library.SwordModules(str(package / "usr" / "share" / "sword"))
        self._text = modules.get_bible_from_module(next(iter(modules.parse_modules())))
        # It unpacks the whole book anew for each verse; with the newest one kept, a minute becomes seconds.
        self._text._decompressed_text = lru_cache(1)(self._text._decompressed_text)
        books = [book for part in self._text.get_structure().get_books().values() for book in part]
        self._names = {book.osis_name: book.name for book in books}
        self.chapters = {book.osis_name: tuple(book.chapter_lengths) for book in books}

    def verse(self, name: str, chapter: int, verse: int) -> str:
        """The plain text of a verse, "" where there is none."""
        found = self._text.get(books=[self._names[name]], chapters=[chapter], verses=[verse], clean=False)
        return plain(found)


def plain(marked: str) -> str:
    """The text without notes, titles and marks, a single space between words."""
    text = _MARK.sub(" ", _WORD.sub("", _ASIDE.sub(" ", marked)))
    return re.sub(r"\s+([,.;:?!])", r"\1", " ".join(html.unescape(text).split()))


def write_pairs(target: Path, pairs: Sequence[tuple[str, str]]) -> None:
    """Write pairs, one a line with a tab between, below a line with the names of the languages."""
    lines = ["English\tSpanish", *("\t".join(pair) for pair in pairs)]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def make(packages: Sequence[Path], folder: Path) -> None:
    """Write spanish_verses.tsv."""
    write_pairs(folder / "spanish_verses.tsv", list(verse_pairs(packages)))


SET = DataSet(
    title="Verses in English and Spanish: 31,077 pairs",
    licence="both texts are in the public domain",
    size="7.8 MB",
    packages=(
        Debian("sword-text-web"),
        Debian("sword-text-sparv"),
        PyPI("pysword", "0.2.8", source=True),
    ),
    make=make,
    open_with='kind = "text_pairs"\npath = "FOLDER/spanish_verses.tsv"',
)
