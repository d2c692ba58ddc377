"""Folders of pictures to learn from: what their folders say, or the lists that lie beside the pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from engine.choices import Invalid, Message
from engine.data.cells.label_sets import NO_LABEL
from engine.data.cells.values import listed, natural
from engine.data.decisions import decided
from engine.data.description import PartName
from engine.data.files.endings import EXCEL, INSTEAD, OTHER_PROGRAMS, PARQUET, USUALLY
from engine.data.files.placement import numbered_alike, part_of
from engine.data.images.read.annotations import Masks, boxes_beside, masks_beside
from engine.data.images.read.class_names import named_elsewhere
from engine.data.images.read.finding import FilesFound
from engine.data.images.read.listing import ImageListing, by_folders, files_in, no_classes
from engine.data.images.read.lists import cells_of, from_list
from engine.data.images.read.parts import listed_in_parts, tables_among, tells_parts, with_parts
from engine.data.refusal import refused
from engine.data.source import Report

if TYPE_CHECKING:
    from engine.data.images.sources.images import Images

_SURE_TABLES = (".csv", ".tsv", *EXCEL, *PARQUET)
"""Files of these endings are tables; texts may be notes."""


def from_folder(source: Images, folder: Path, report: Report, memory: int) -> ImageListing:
    """Return the labelled pictures below a folder, by its folders, or by the list that lies beside them.

    Raises Invalid where there are none, or nothing says their classes.
    """
    files = files_in(folder)
    # a person who chose the inner folder may want to learn the masks themselves
    masks = masks_beside(files) if source.classes != "inner" else None
    if masks is not None:
        files = replace(files, images=tuple(path for path in files.images if path not in masks.paths))
        if not _has_classes_beside(masks, by_folders(source, folder, files)):
            raise refused("data.path", masks.refusal())
    listing = _of_folder(source, folder, files, report, memory)
    return listing if masks is None else replace(listing, notices=(masks.told(), *listing.notices))


def _has_classes_beside(masks: Masks, listing: ImageListing) -> bool:
    """Return whether pictures that have masks also have classes.

    Their names tell them, or each class has its own folder of masks; where one folder of masks mirrors those
    of the pictures, these may be as well cities in which the pictures were taken.
    """
    labels = {entry.label for entry in listing.entries}
    several = 2 <= len(labels) <= len(listing.entries) / 2
    named = listing.found.get("classes") in ("name", "word") and not any(
        re.search(r"\d", label) for label in labels
    )
    return several and (named or masks.folders >= len(labels))


def _of_folder(source: Images, folder: Path, files: FilesFound, report: Report, memory: int) -> ImageListing:
    """Return the labelled pictures among these files, none of which is a mask."""
    listing = with_parts(source, folder, files, report, memory)
    labels = {entry.label for entry in listing.entries}
    told_apart = len(labels) > 1
    # classes from names of files are words already
    if told_apart and source.classes != "name":
        names = named_elsewhere(labels, tables_among(files), report, memory)
        listing = replace(listing, notices=(*listing.notices, *names))
    if told_apart and source.classes == "auto" and listing.found.get("classes") in ("name", "word"):
        _refuse_nameless(folder, files, report, memory)
    # folders as batch_1, batch_2 may only hold pictures that a list describes
    if told_apart and not (source.classes == "auto" and _may_be_shelves(by_folders(source, folder, files))):
        return listing
    beside = _beside(source, folder, files, report, memory)
    lists = beside.lists()
    there = sum(len(one.entries) for one in lists)
    ordered: list[str] = sorted(labels, key=natural)
    shelves = Message("the folders ({listed})", listed=listed(ordered, 3))
    # a list of a few pictures beside folders of classes is rather of something else
    few = 2 * there <= len(files.images)
    # a list that covers most pictures says more than numbered folders do
    if lists and not (few and (told_apart or beside.unnamed)):
        found = lists[0] if len(lists) == 1 else _of_parts(lists)
        found = listed_in_parts(source, found, files, report, memory)
        numbers = {entry.label for entry in found.entries} - {"", NO_LABEL}
        names = named_elsewhere(numbers, tables_among(files), report, memory)
        found = replace(found, notices=(*found.notices, *names))
        told = Message(
            "{shelves} are not used; if they are the classes, set Class to the outermost folder",
            shelves=shelves,
        )
        asked = decided(told, "data.classes", "outer", doubtful=True)
        return replace(found, notices=(*found.notices, asked)) if told_apart else found
    if beside.unnamed:
        also = Message("; if {shelves} are the classes, set Class to the outermost folder", shelves=shelves)
        raise refused("data.label", beside.unnamed + (also if told_apart else ""))
    if told_apart:
        return listing
    # only now: pictures with classes may have boxes besides, which nobody misses
    boxes = boxes_beside(files)
    if listing.entries and not (boxes or beside.unread):
        return listing
    raise refused("data.path", boxes or no_classes(folder) + beside.unread)


def _refuse_nameless(folder: Path, files: FilesFound, report: Report, memory: int) -> None:
    """Raise Invalid where a table has a row for each picture, but no column that names their files.

    It rather says the classes than the names of the files do.
    """
    called = {name for path in files.images for name in (path.name, path.stem)}
    for path in tables_among(files):
        try:
            rows = cells_of(path, report, memory)
        # what is no table says nothing of the pictures
        except Invalid:
            continue
        names = any(PurePath(cell).name in called for row in rows for cell in row)
        # one row more holds the names of the columns
        if not names and 0 <= len(rows) - len(files.images) <= 1 and min(map(len, rows)) > 1:
            raise refused(
                "data.paths",
                Message(
                    "{place} has a row for each of the {count} pictures, but no column with the names of "
                    "their files: add one, called path, as {example}; or, where the names of the files tell "
                    "the classes, set Class to the name, or its first word",
                    place=path.relative_to(folder),
                    count=len(files.images),
                    example=files.images[0].relative_to(folder).as_posix(),
                ),
            )


def _may_be_shelves(listing: ImageListing) -> bool:
    """Return whether folders differ in numbers alone, and lie not in folders of several parts as classes do.

    What lists say of parts counts for nothing here: pictures of both lie on every shelf.
    """
    labels = {entry.label for entry in listing.entries}
    pairs = {(entry.label, entry.part) for entry in listing.entries}
    return numbered_alike(labels) and len(pairs) < 2 * len(labels)


@dataclass
class _Beside:
    """What the tables beside pictures say.

    `found`: lists, each with its part and how many of its pictures are there; `unnamed`: why a list of most
    pictures says no classes; `unread`: how a message about missing classes goes on.
    """

    found: list[tuple[PartName | None, int, ImageListing]] = field(default_factory=list)
    unnamed: str = ""
    unread: str = ""

    def lists(self) -> list[ImageListing]:
        """Return the list of each part where one is of training, else the one of most pictures."""
        best: dict[PartName | None, tuple[int, ImageListing]] = {}
        for part, there, one in self.found:
            # of two lists of one part, as labels and labels_old, that of more pictures
            if there > best.get(part, (0, one))[0]:
                best[part] = (there, one)
        # lists of a test part alone would leave nothing to learn from
        alone = None in best and "train" not in best
        first = best["train"][1] if "train" in best else None
        return [
            one
            for part, (_, one) in best.items()
            if (part is None) == alone and (first is None or _tells_as_much(one, first))
        ]


def _tells_as_much(one: ImageListing, first: ImageListing) -> bool:
    """Return whether a list has all columns of that of training, so that what it ticks are labels, too.

    A test part as contests give it lacks the column that is to be predicted, and its other columns are facts.
    """
    if "label" in first.found or one.beside is None or first.beside is None:
        return True
    return set(first.beside.columns) <= set(one.beside.columns)


def _beside(source: Images, folder: Path, files: FilesFound, report: Report, memory: int) -> _Beside:
    """Return what the tables among other files say; those that tell parts apart tell no classes."""
    result = _Beside()
    for path in tables_among(files):
        place = path.relative_to(folder)
        if tells_parts(path):
            continue
        part = next((part for name in (*place.parts[:-1], place.stem) if (part := part_of(name))), None)
        try:
            one = from_list(source, path, report, memory, images=files.images)
        except Invalid as error:
            reasons = {problem.path for problem in error.problems}
            # mostly it is about something else: the list of another part, a sheet of notes
            if "data.label" in reasons:
                unnamed = _without_label(source, path, place, files, report, memory)
                result.unnamed = result.unnamed or unnamed
            elif "data.paths" not in reasons and path.suffix.lower() in _SURE_TABLES:
                result.unread = Message(
                    ". The table beside them cannot be read: {message}", message=error.problems[0].message
                )
            continue
        # looked for on the disk, as a list may name what was never downloaded
        there = sum(entry.path.is_file() and bool(entry.label) for entry in one.entries)
        if 2 * there > len(one.entries):
            told = Message("classes are taken from {place}, a list beside the pictures", place=place)
            entries = tuple(replace(entry, part=entry.part or part) for entry in one.entries)
            result.found.append((part, there, replace(one, entries=entries, notices=(told, *one.notices))))
    result.unread = result.unread or _told_unread(files)
    return result


def _told_unread(files: FilesFound) -> str:
    """Return how a message about missing classes goes on where a table of another program may hold them."""
    path = next((one for one in files.others if one.suffix.lower() in OTHER_PROGRAMS), None)
    if path is None:
        return ""
    ending = path.suffix.lower()
    return Message(
        ". {name} beside them is {what}, and may say the classes: {instead}",
        name=path.name,
        what=OTHER_PROGRAMS[ending],
        instead=Message(INSTEAD.get(ending, USUALLY)),
    )


def _without_label(
    source: Images, path: Path, place: Path, files: FilesFound, report: Report, memory: int
) -> str:
    """Return why a table that lists most of the pictures, and says more of each, does not tell classes.

    It is "" for any other table.
    """
    plain = source.replaced(label="")
    one = from_list(plain, path, report, memory, labelled=False, images=files.images)
    columns = [] if one.table is None else [name for name in one.table.columns if name != one.found["paths"]]
    # a list of names alone has no column that could be the class
    if not columns or 2 * sum(entry.path.is_file() for entry in one.entries) <= len(files.images):
        return ""
    return Message(
        "{place} lists the pictures; name its column that says the class ({listed})",
        place=place,
        listed=listed(columns, 40),
    )


def _of_parts(lists: Sequence[ImageListing]) -> ImageListing:
    """Return the pictures of the lists of several parts, and the rows of all of them below each other."""
    import pandas as pd

    tables = [one.beside for one in lists if one.beside is not None]
    entries = []
    above = 0
    for one in lists:
        # the rows of the second list stand below those of the first in the table of both
        entries += [replace(entry, row=entry.row + above) for entry in one.entries]
        above += 0 if one.beside is None else len(one.beside)
    return replace(
        lists[0],
        entries=tuple(entries),
        notices=tuple(dict.fromkeys(notice for one in lists for notice in one.notices)),
        classes=frozenset().union(*(one.classes for one in lists)),
        beside=pd.concat(tables, ignore_index=True) if len(tables) == len(lists) else None,
    )
