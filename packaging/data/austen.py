"""The six novels of Jane Austen, from an R package: a text file each."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from data_packages import Debian
from data_set import DataSet
from setup_console import SetupError

BASE = Path("usr") / "lib" / "R" / "site-library" / "janeaustenr" / "data" / "Rdata"
NOVELS = {
    "sensesensibility": "sense_and_sensibility",
    "prideprejudice": "pride_and_prejudice",
    "mansfieldpark": "mansfield_park",
    "emma": "emma",
    "northangerabbey": "northanger_abbey",
    "persuasion": "persuasion",
}


class _Serialized:
    """What R has serialized, as far as these data need it: vectors of text and numbers, lists, names."""

    def __init__(self, content: bytes) -> None:
        if content[:2] != b"X\n":
            raise SetupError("the R package holds something else than serialized data")
        self._content, self._place = content, 14
        self._symbols: list[str] = []
        if self._number(2) >= 3:  # from version 3 on, the encoding of the session follows
            self._place += self._number(self._place) + 4

    def _number(self, place: int) -> int:
        return int(struct.unpack_from(">i", self._content, place)[0])

    def _next(self) -> int:
        self._place += 4
        return self._number(self._place - 4)

    def _vector(self, letter: str, width: int) -> list[Any]:
        count = self._next()
        self._place += count * width
        return list(struct.unpack_from(f">{count}{letter}", self._content, self._place - count * width))

    def item(self) -> Any:
        """The next item: a list of values, or (list, names) where it has names."""
        flags = self._next()
        kind, attributes = flags & 0xFF, bool(flags & 0x200)
        match kind:
            # nothing, in its two forms
            case 254 | 0:
                return None
            # a name that occurred before, by its number
            case 255:
                return self._symbols[(flags >> 8) - 1]
            # a name, which is numbered from 1 as it first occurs
            case 1:
                self._symbols.append(self.item())
                return self._symbols[-1]
            case 2:
                return self._pairs(flags)
            case 9:
                size = self._next()
                self._place += max(size, 0)
                # -1: a missing value
                return "" if size < 0 else self._content[self._place - size : self._place].decode("utf-8")
            case 10 | 13:
                value: Any = self._vector("i", 4)
            case 14:
                value = self._vector("d", 8)
            case 16 | 19:
                value = [self.item() for _ in range(self._next())]
            case _:
                raise SetupError(f"the R package holds something of an unknown kind, {kind}")
        return (value, self.item()) if attributes else value

    def _pairs(self, flags: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while flags & 0xFF == 2:
            name = self.item() if flags & 0x400 else ""
            found[name] = self.item()
            flags = self._next()
        return found


def novel(package: Path, name: str) -> str:
    """A novel of the unpacked package, a paragraph a line and an empty line between; no word changed."""
    base = package / BASE
    # 47: zlib or gzip, whichever the first bytes say
    index = _Serialized(zlib.decompress(base.with_suffix(".rdx").read_bytes(), 47)).item()
    parts, names = index
    variables, called = parts[names["names"].index("variables")]
    start, size = variables[called["names"].index(name)]
    block = base.with_suffix(".rdb").read_bytes()[start : start + size]
    # before the packed bytes stands their length when unpacked
    lines = _Serialized(zlib.decompress(block[4:])).item()
    return (
        "\n\n".join(
            " ".join(line.strip() for line in group) for filled, group in groupby(lines, bool) if filled
        )
        + "\n"
    )


def make(packages: Sequence[Path], folder: Path) -> None:
    """Write a text file for each novel, numbered in the order they appeared, in a folder of their own."""
    novels = folder / "novels"
    novels.mkdir()
    for number, (name, title) in enumerate(NOVELS.items(), 1):
        text = novel(packages[0], name)
        (novels / f"{number}_{title}.txt").write_text(text, encoding="utf-8", newline="\n")


SET = DataSet(
    title="Jane Austen: six novels",
    licence="in the public domain; the package that carries them MIT",
    size="4.3 MB",
    packages=(Debian("r-cran-janeaustenr"),),
    make=make,
    open_with='kind = "text_files"\npath = "FOLDER/novels"',
)
