"""Tagged sentences in the layout of the CoNLL shared tasks: a word a line, a blank line after a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from engine.data.placement import part_of
from engine.data.raw import TaggedTexts
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.texts.files import read_all, read_plain, text_paths, told_broken
from engine.data.texts.tags import as_bio
from engine.data.values import listed

_DOCUMENT = "-DOCSTART-"
_ENDINGS = (".txt", ".conll", ".conllu", ".bio", ".iob", ".train", ".testa", ".testb", ".dev", ".test")
Column = int | Literal["last"]
Line = tuple[int, list[str]]


@dataclass(frozen=True)
class TaggedFormat:
    """Where tagged sentences are: a file or a folder; which columns, from 1, hold words and tags."""

    path: str
    word: int = 1
    tag: Column = "last"
    encoding: str = "auto"
    tagged: bool = True
    """Whether the words have tags; new ones need none, and are kept where theirs are unknown."""


def read_tagged(how: TaggedFormat, report: Report) -> TaggedTexts:
    """Return the sentences of a file, or of all files in a folder.

    Columns stand apart by tabs where a file has any, else by spaces. Lines that begin a document are skipped.
    Files called train, dev and test are the parts as published. Sentences with a line that lacks a column are
    left out and named. Raises Invalid when no sentence is left.
    """
    place = Path(how.path)
    paths = text_paths(place, _ENDINGS) if place.is_dir() else [place]
    if place.is_dir():
        texts, read, broken = read_all(paths, how.encoding, report)
    else:
        texts, read, broken = [read_plain(place, how.encoding)], [0], []
    parts: list[str] = []
    words: list[tuple[str, ...]] = []
    tags: list[tuple[str, ...]] = []
    names: list[str] = []
    short: list[str] = []
    for text, index in zip(texts, read, strict=True):
        for sentence in _sentences(text):
            found = [_cells(row, how) for _, row in sentence]
            name = f"{paths[index].name}, line {sentence[0][0]}"
            if None in found:
                short.append(f"{paths[index].name}, line {sentence[found.index(None)][0]}")
                continue
            pairs = [pair for pair in found if pair is not None]
            words.append(tuple(word for word, _ in pairs))
            tags.append(tuple(tag for _, tag in pairs))
            names.append(name)
            parts.append(part_of(paths[index].name) or "")
    notices = told_broken(broken, len(paths))
    if short:
        notices.append(f"{len(short)} sentences with a line that lacks a column left out: {listed(short)}")
    if not words:
        _refuse(place, how, short)
    published = np.array(parts, np.str_) if len(paths) > 1 and all(parts) else None
    known = as_bio(tags) if how.tagged else tuple(() for _ in words)
    return TaggedTexts(tuple(words), known, tuple(names), tuple(notices), published)


def _refuse(place: Path, how: TaggedFormat, short: list[str]) -> None:
    if short:
        raise refused(
            "data.tag",
            f"{place.name} has no sentence with a word in column {how.word} and a tag in another "
            f"({listed(short)}): choose other columns",
        )
    raise refused("data.path", f"{place.name} holds no sentences: a word and its tag a line are needed")


def _sentences(text: str) -> Iterator[list[Line]]:
    """Yield the lines of each sentence as cells, with their numbers."""
    tabbed = "\t" in text
    sentence: list[Line] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        row = _row(line, tabbed)
        if row and row[0] != _DOCUMENT:
            sentence.append((number, row))
        elif sentence and not (tabbed and line.startswith("#")):
            yield sentence
            sentence = []


def _row(line: str, tabbed: bool) -> list[str]:
    """Return the cells of a line; none where it is blank, or a comment of a file with tabs."""
    if not tabbed or not line.strip():
        return [cell for cell in line.split(" ") if cell.strip()]
    if line.startswith("#") and "\t" not in line:
        return []
    return [cell.strip() for cell in line.split("\t")]


def _cells(row: list[str], how: TaggedFormat) -> tuple[str, str] | None:
    """Return word and tag of a row, None where it lacks one of them."""
    place = len(row) if how.tag == "last" else how.tag
    if not how.tagged:
        return (row[how.word - 1], "") if how.word <= len(row) and row[how.word - 1] else None
    if how.word > len(row) or place > len(row) or (how.tag == "last" and place == how.word):
        return None
    word, tag = row[how.word - 1], row[place - 1]
    return (word, tag) if word and tag else None
