"""Sentences in one file and their tags in another, line by line: seq.in and seq.out of SNIPS and ATIS."""

from __future__ import annotations

from pathlib import Path

from engine.data.files.layouts import below

WORDS, TAGS = "seq.in", "seq.out"


def tag_files(folder: Path) -> list[tuple[Path, Path]]:
    """Return the files of sentences in a folder and below it, each with that of their tags beside it."""
    beside = ((path, path.with_name(TAGS)) for path in below(folder) if path.name == WORDS)
    return [(words, tags) for words, tags in beside if tags.is_file()]


def side_by_side(words: str, tags: str) -> str:
    """Return sentences as lines of a word and its tag, blank lines between sentences.

    A sentence of as many words as tags; the words of any other stand alone, which is told as a lack of tags.
    """
    sentences = []
    lines = tags.split("\n")
    for place, line in enumerate(words.split("\n")):
        cells = line.split(), (lines[place].split() if place < len(lines) else [])
        alike = len(cells[0]) == len(cells[1])
        sentences.append("\n".join(map("\t".join, zip(*cells, strict=True)) if alike else cells[0]))
    return "\n\n".join(sentences)
