"""What files and folders are by their names, and plain text by how it begins: no source is read for it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

_MOST_LOOKED_AT = 300
"""Entries of a folder."""
_BEGINNING = 1 << 16
"""Bytes of a file of plain text."""
_AGREE = 0.95
"""Share of the lines that have to be alike for a file to be called a table, or tagged words."""
_PROSE = (".txt", ".text")
_LITTER = frozenset({"__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db", "$recycle.bin"})
_NO_DATA = ("readme", "licen", "notice", ".")


def folders_in(folder: Path) -> list[Path]:
    """Return folders that lie directly in a folder; not those without end."""
    return [entry for entry in _entries(folder) if entry.is_dir()]


def files_in(folder: Path) -> list[Path]:
    """Return files that lie directly in a folder, without those that only explain it."""
    return [entry for entry in _entries(folder) if entry.is_file()]


def is_litter(name: str) -> bool:
    """Return whether a file or folder is hidden, or one that operating systems leave everywhere."""
    return name.startswith(".") or name.lower() in _LITTER


def _entries(folder: Path) -> list[Path]:
    try:
        found = list(islice(folder.iterdir(), _MOST_LOOKED_AT))
    except OSError:
        return []
    return sorted(entry for entry in found if not entry.name.lower().startswith(_NO_DATA))


def ends_in(path: Path, *endings: str) -> bool:
    """Return whether a file's name ends so, packed or not."""
    return path.name.lower().removesuffix(".gz").endswith(endings)


def looks_tagged(path: Path) -> bool:
    """Return whether plain text holds a word and its tags a line, blank lines between sentences."""
    lines = "\n".join(_lines(path)).strip("\n").split("\n")
    words = [line.split() for line in lines if line and not line.startswith(("#", "-DOCSTART-"))]
    numbers = sum(_is_number(cells[0]) for cells in words)
    alike = _alike([len(cells) for cells in words], range(2, 13))
    return "" in lines and alike and numbers < 0.5 * len(words)


def looks_running(path: Path) -> bool:
    """Return whether plain text is prose: no table, no tagged words."""
    lines = [line for line in _lines(path) if line]
    return ends_in(path, *_PROSE) and bool(lines) and not looks_tagged(path) and not _tabular(lines)


def _tabular(lines: Sequence[str]) -> bool:
    """Return whether lines have the same number of cells throughout, or hold nothing but numbers."""
    apart = any(_alike([line.count(mark) for line in lines], range(1, 10_000)) for mark in "\t;|,")
    cells = [cell for line in lines for cell in line.split()]
    return apart or sum(_is_number(cell) for cell in cells) > 0.9 * len(cells)


def _alike(counts: Sequence[int], allowed: range) -> bool:
    """Return whether nearly all counts are the commonest of them, which is one of those allowed."""
    commonest = max(set(counts), key=counts.count, default=0)
    return commonest in allowed and counts.count(commonest) >= _AGREE * len(counts)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _lines(path: Path) -> list[str]:
    """Return the first lines of a file, bare; none where it is no plain text."""
    try:
        with path.open("rb") as file:
            start = file.read(_BEGINNING)
    except OSError:
        return []
    if b"\0" in start:
        return []
    lines = start.decode("utf-8", "replace").splitlines()
    return [line.strip() for line in (lines[:-1] if len(start) == _BEGINNING else lines)]
