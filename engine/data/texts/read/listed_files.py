"""A table that lists files of texts: where a column names files, the texts are what these hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.choices import Invalid, Message
from engine.data.cells.values import listed
from engine.data.source import silent
from engine.data.texts.read.files import PlainText, read_each

_LOOKED_AT = 50


def in_files(table: Path, words: Sequence[str], encoding: str) -> tuple[list[str], list[str]] | None:
    """Return the texts of the files that a column names, "" where one cannot be read, and what is to be told.

    None where most of the first cells name no files, as seen from the folder of the table.
    """
    # a look at few, as each is asked of the disk, and a table may have a million texts
    some = [word for word in words if word][:_LOOKED_AT]
    if 2 * sum(_place(table, word) is not None for word in some) <= len(some):
        return None
    places = [_place(table, word) if word else None for word in words]
    there = [place for place in places if place is not None]
    # A file that is UTF-8 says so itself: that the table is tells nothing of them.
    read = iter(read_each(there, "auto" if encoding.startswith("utf") else encoding, silent))
    texts, broken = [], []
    for word, place in zip(words, places, strict=True):
        one = None if place is None else next(read)
        texts.append(one.text.strip("\n") if isinstance(one, PlainText) else "")
        if isinstance(one, Invalid):
            broken.append(f"{word} ({one.problems[0].message})")
        if word and place is None:
            broken.append(Message("{word} (no such file)", word=word))
    told = ["the texts are those of the files that the table lists"]
    if broken:
        told.append(
            Message(
                "{count} listed files cannot be read, and are empty texts: {listed}",
                count=len(broken),
                listed=listed(broken),
            )
        )
    return texts, told


def _place(table: Path, word: str) -> Path | None:
    """Return the file that a cell names, with or without its ending; None where there is none."""
    if "\0" in word or len(word) > 400 or "\n" in word:
        return None
    for name in (word, f"{word}.txt"):
        # never outside of the folder by a leading slash: such paths are those of another computer
        found = table.parent / name.replace("\\", "/").lstrip("/")
        try:
            if found.is_file():
                return found
        except OSError:
            return None
    return None
