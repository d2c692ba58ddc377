"""A table that lists files of texts: where a column names files, the texts are what these hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.choices import Invalid, Message
from engine.data.cells.values import listed
from engine.data.files.endings import PROSE
from engine.data.files.layouts import files_in, folders_in
from engine.data.source import silent
from engine.data.tables.read.columns import words_of
from engine.data.texts.read.files import PlainText, read_each

if TYPE_CHECKING:
    import pandas as pd

_LOOKED_AT = 50
_MOST_FILES, _MOST_FOLDERS = 100_000, 20
"""Files and folders beside a table among which a text is looked for."""


def in_files(table: Path, words: Sequence[str], encoding: str) -> tuple[list[str], list[str]] | None:
    """Return the texts of the files that a column names, "" where one cannot be read, and what is to be told.

    None where most of the first cells name no files, as seen from the folder of the table.
    """
    # a look at few, as each is asked of the disk, and a table may have a million texts
    some = [word for word in words if word][:_LOOKED_AT]
    near = _Near(table.parent)
    if 2 * sum(near.file(word) is not None for word in some) <= len(some):
        return None
    places = [near.file(word) if word else None for word in words]
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


def names_files(folder: Path, column: pd.Series[Any]) -> bool:
    """Return whether most of the first cells of a column name texts in a folder, each another one."""
    words = words_of(column.head(_LOOKED_AT))
    near = _Near(folder)
    found = [near.file(word) for word in words if word]
    there = [place for place in found if place is not None and place.suffix.lower() in PROSE]
    return len(there) > 1 and len(set(there)) == len(there) and 2 * len(there) > len(words)


class _Near:
    """The files near a table: beside it, and in the folders beside it, which are looked into once at most."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, word: str) -> Path | None:
        """Return the file that a cell names; None where there is none, or several may be meant.

        It may lack its ending and the folder, and a number its zeros: a workbook makes 1 of 01.
        """
        if "\0" in word or len(word) > 400 or "\n" in word:
            return None
        for name in (word, f"{word}.txt"):
            # never outside of the folder by a leading slash: such paths are those of another computer
            found = self._folder / name.replace("\\", "/").lstrip("/")
            try:
                if found.is_file():
                    return found
            except OSError:
                return None
        bare = word.strip().casefold()
        several = self._named.get(bare) or self._numbered.get(bare.lstrip("0") or "0", [])
        return several[0] if len(several) == 1 else None

    @cached_property
    def _texts(self) -> list[Path]:
        folders = [self._folder, *folders_in(self._folder)[:_MOST_FOLDERS]]
        every = (path for folder in folders for path in files_in(folder))
        return [path for path in islice(every, _MOST_FILES) if path.suffix.lower() in PROSE]

    @cached_property
    def _named(self) -> dict[str, list[Path]]:
        return _grouped((name.casefold(), path) for path in self._texts for name in {path.name, path.stem})

    @cached_property
    def _numbered(self) -> dict[str, list[Path]]:
        digits = [path for path in self._texts if path.stem.isdecimal()]
        return _grouped((path.stem.lstrip("0") or "0", path) for path in digits)


def _grouped(pairs: Iterable[tuple[str, Path]]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for name, path in pairs:
        found.setdefault(name, []).append(path)
    return found
