"""Folders of pictures to learn from: what their folders say, or the lists that lie beside the pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.choices import Invalid
from engine.data.description import PartName
from engine.data.endings import EXCEL, PARQUET, TEXT
from engine.data.pictures.annotations import boxes_beside, masks_beside
from engine.data.pictures.finding import FilesFound
from engine.data.pictures.listing import Listing, by_folders, files_in, no_classes
from engine.data.pictures.lists import PARTS, from_list
from engine.data.placement import numbered_alike, part_of
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.values import listed, natural

if TYPE_CHECKING:
    from engine.data.sources.images import Images

_TABLES = (*TEXT, *EXCEL, *PARQUET)
_SURE_TABLES = (".csv", ".tsv", *EXCEL, *PARQUET)
"""Files of these endings are tables; texts may be notes."""


def from_folder(images: Images, folder: Path, report: Report, memory: int) -> Listing:
    """Return the labelled pictures below a folder, by its folders, or by the list that lies beside them.

    Raises Invalid where there are none, or nothing says their classes.
    """
    files = files_in(folder)
    masks = masks_beside(files) if images.classes == "auto" else ""
    if masks:
        raise refused("data.path", masks)
    listing = _with_parts(images, folder, files, report, memory)
    labels = {entry.label for entry in listing.entries}
    told_apart = len(labels) > 1
    if told_apart and not (images.classes == "auto" and numbered_alike(labels)):
        return listing
    beside = _beside(images, folder, files, report, memory)
    lists = beside.lists()
    there = sum(len(one.entries) for one in lists)
    ordered: list[str] = sorted(labels, key=natural)
    shelves = f"the folders ({listed(ordered, 3)})"
    if lists and not (told_apart and 2 * there <= len(files.pictures)):
        found = lists[0] if len(lists) == 1 else _of_parts(lists)
        told = f"{shelves} are not used; if they are the classes, set Class to the outermost folder"
        return replace(found, notices=(*found.notices, told)) if told_apart else found
    if beside.unnamed:
        also = f"; if {shelves} are the classes, set Class to the outermost folder"
        raise refused("data.label", beside.unnamed + (also if told_apart else ""))
    if told_apart:
        return listing
    boxes = boxes_beside(files)
    if listing.entries and not (boxes or beside.unread):
        return listing
    raise refused("data.path", boxes or no_classes(folder) + beside.unread)


def _with_parts(images: Images, folder: Path, files: FilesFound, report: Report, memory: int) -> Listing:
    """Return what the folders say, with the parts that lists beside the pictures tell, as train.txt does.

    They are taken where the folders tell no parts, and the lists name most of the pictures.
    """
    listing = by_folders(images, folder, files)
    parts: dict[Path, PartName] = {}
    used: list[Path] = []
    if len({entry.label for entry in listing.entries}) < 2 or any(entry.part for entry in listing.entries):
        return listing
    for path in _tables(files):
        part = part_of(path.stem)
        if part is None:
            continue
        try:
            named = from_list(images.replaced(label="", paths=""), path, report, memory, labelled=False)
        except Invalid:
            continue
        parts |= dict.fromkeys((entry.path for entry in named.entries), part)
        used.append(path)
    known = [parts.get(entry.path) for entry in listing.entries]
    if len({*known} - {None}) < 2 or 2 * sum(part is not None for part in known) <= len(known):
        return listing
    rest = replace(files, others=tuple(path for path in files.others if path not in used))
    listing = by_folders(images, folder, rest)
    told = f"the parts of the split are taken from {listed([path.name for path in used])}"
    entries = tuple(replace(entry, part=part) for entry, part in zip(listing.entries, known, strict=True))
    return replace(listing, entries=entries, notices=(told, *listing.notices))


def _tables(files: FilesFound) -> list[Path]:
    """Return the tables among other files; not those that are called as one picture, which describe it."""
    single = {path.stem for path in files.pictures}
    return [path for path in files.others if path.suffix.lower() in _TABLES and path.stem not in single]


@dataclass
class _Beside:
    """What the tables beside pictures say.

    `found`: lists, each with its part and how many of its pictures are there; `unnamed`: why a list of most
    pictures says no classes; `unread`: how a message about missing classes goes on.
    """

    found: list[tuple[PartName | None, int, Listing]] = field(default_factory=list)
    unnamed: str = ""
    unread: str = ""

    def lists(self) -> list[Listing]:
        """Return the list of each part where one is of training, else the one of most pictures."""
        best: dict[PartName | None, tuple[int, Listing]] = {}
        for part, there, one in self.found:
            if there > best.get(part, (0, one))[0]:
                best[part] = (there, one)
        alone = None in best and "train" not in best
        return [one for part, (_, one) in best.items() if (part is None) == alone]


def _beside(images: Images, folder: Path, files: FilesFound, report: Report, memory: int) -> _Beside:
    """Return what the tables among other files say; those that tell parts apart tell no classes."""
    result = _Beside()
    for path in _tables(files):
        place = path.relative_to(folder)
        if PARTS & {*re.split(r"[\W_]+", path.stem.casefold())}:
            continue
        part = next((part for name in (*place.parts[:-1], place.stem) if (part := part_of(name))), None)
        try:
            one = from_list(images, path, report, memory)
        except Invalid as error:
            reasons = {problem.path for problem in error.problems}
            # mostly it is about something else: the list of another part, a sheet of notes
            if "data.label" in reasons:
                unnamed = _without_label(images, path, place, len(files.pictures), report, memory)
                result.unnamed = result.unnamed or unnamed
            elif "data.paths" not in reasons and path.suffix.lower() in _SURE_TABLES:
                result.unread = f". The table beside them cannot be read: {error.problems[0].message}"
            continue
        there = sum(entry.path.is_file() and bool(entry.label) for entry in one.entries)
        if 2 * there > len(one.entries):
            told = f"classes are taken from {place}, a list beside the pictures"
            entries = tuple(replace(entry, part=entry.part or part) for entry in one.entries)
            result.found.append((part, there, replace(one, entries=entries, notices=(told, *one.notices))))
    return result


def _without_label(images: Images, path: Path, place: Path, count: int, report: Report, memory: int) -> str:
    """Return why a table that lists most of the pictures, and says more of each, does not tell classes.

    It is "" for any other table.
    """
    one = from_list(images.replaced(label=""), path, report, memory, labelled=False)
    columns = [] if one.table is None else [name for name in one.table.columns if name != one.found["paths"]]
    if not columns or 2 * sum(entry.path.is_file() for entry in one.entries) <= count:
        return ""
    return f"{place} lists the pictures; name its column that says the class ({listed(columns, 40)})"


def _of_parts(lists: Sequence[Listing]) -> Listing:
    """Return the pictures of the lists of several parts, and the rows of all of them below each other."""
    import pandas as pd

    tables = [one.beside for one in lists if one.beside is not None]
    entries = []
    above = 0
    for one in lists:
        entries += [replace(entry, row=entry.row + above) for entry in one.entries]
        above += 0 if one.beside is None else len(one.beside)
    return replace(
        lists[0],
        entries=tuple(entries),
        notices=tuple(dict.fromkeys(notice for one in lists for notice in one.notices)),
        classes=frozenset().union(*(one.classes for one in lists)),
        beside=pd.concat(tables, ignore_index=True) if len(tables) == len(lists) else None,
    )
