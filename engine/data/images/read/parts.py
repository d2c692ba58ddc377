"""The parts that lists beside pictures tell, and the classes of a part that lies in no class folders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.choices import Invalid, Message
from engine.data.cells.values import counted, listed
from engine.data.description import PartName
from engine.data.files.endings import EXCEL, JSON, PARQUET, TEXT
from engine.data.files.placement import part_of
from engine.data.images.read.finding import FilesFound
from engine.data.images.read.listing import ImageListing, by_folders
from engine.data.images.read.lists import PARTS, Places, cells_of, from_list
from engine.data.source import Report

if TYPE_CHECKING:
    from engine.data.images.sources.images import Images

_TABLES = (*TEXT, *EXCEL, *PARQUET, *JSON, ".lst")
_ONE_IS_TRAIN: Mapping[str, PartName] = {"1": "train", "0": "test"}
"""What 1 and 0 mean in a list called train_test_split, as that of CUB is."""
_IN_ORDER: Mapping[str, PartName] = {"0": "train", "1": "validation", "2": "test"}
"""What numbers mean in other lists of parts, as list_eval_partition of CelebA."""
_PARTING = frozenset({"split", "partition"})
"""Words that speak of several parts even beside the name of one, as in list_eval_partition."""
_LOOKED_AT = 20
_GLANCE, _FEW_LINES = 4096, 5


def tables_among(files: FilesFound) -> list[Path]:
    """Return the tables among other files; not those that are called as one picture, which describe it."""
    # 0001.txt beside 0001.jpg holds its boxes
    single = {path.stem for path in files.images}
    return [path for path in files.others if path.suffix.lower() in _TABLES and path.stem not in single]


def tells_parts(path: Path) -> bool:
    """Return whether a list says by its name that it parts all pictures, as train_test_split does.

    One that is called as a single part does not, as train_subset0: its numbers are classes.
    """
    words = {word for word in re.split(r"[\W\d_]+", path.stem.casefold()) if word}
    if words & _PARTING or {"train", "test"} <= words:
        return True
    return bool(PARTS & words) and part_of(path.stem) is None


def with_parts(source: Images, folder: Path, files: FilesFound, report: Report, memory: int) -> ImageListing:
    """Return what the folders say, with the parts that lists beside the pictures tell, as train.txt does.

    They are taken where the folders tell no parts, and the lists name most of the pictures.
    """
    listing = by_folders(source, folder, files)
    # without classes from folders, lists are asked for these first
    if len({entry.label for entry in listing.entries}) < 2:
        return listing
    if any(entry.part for entry in listing.entries):
        return _with_listed_classes(listing, folder, files, report, memory)
    parts, used = _parts_told(source, files, report, memory)
    if len({parts.get(entry.path) for entry in listing.entries} - {None}) < 2:
        return listing
    # lists that were used are no files left out
    rest = replace(files, others=tuple(path for path in files.others if path not in used))
    return _parted(by_folders(source, folder, rest), parts, used)


def listed_in_parts(
    source: Images, listing: ImageListing, files: FilesFound, report: Report, memory: int
) -> ImageListing:
    """Return pictures whose classes a list tells, with the parts that another list tells of them."""
    if any(entry.part for entry in listing.entries):
        return listing
    parts, used = _parts_told(source, files, report, memory, bare=True)
    return _parted(listing, parts, used)


def _parted(listing: ImageListing, parts: Mapping[Path, PartName], used: Sequence[Path]) -> ImageListing:
    """Return the pictures with their parts, where most have one and there are several."""
    known = [parts.get(entry.path) for entry in listing.entries]
    # a single part, or parts of a few pictures, would make a split nobody meant
    if len({*known} - {None}) < 2 or 2 * sum(part is not None for part in known) <= len(known):
        return listing
    told = Message(
        "the parts of the split are taken from {listed}", listed=listed([path.name for path in used])
    )
    entries = tuple(replace(entry, part=part) for entry, part in zip(listing.entries, known, strict=True))
    return replace(listing, entries=entries, notices=(told, *listing.notices))


def _parts_told(
    source: Images, files: FilesFound, report: Report, memory: int, *, bare: bool = False
) -> tuple[dict[Path, PartName], list[Path]]:
    """Return the part of each picture and the lists that say so; nothing where lists contradict each other.

    With `bare`, lists that are called as one part must hold names alone: others tell classes themselves.
    """
    parts: dict[Path, PartName] = {}
    used: list[Path] = []
    tables = tables_among(files)
    # reading every table for it takes long, and only lists of parts need it
    index = _index(files, report, memory) if any(map(tells_parts, tables)) else {}
    for path in tables:
        if tells_parts(path):
            found = _coded(path, files, index, report, memory)
        else:
            wanted = not bare or _rows(path, report, memory, columns=1)
            found = _of_one_part(source, path, files, report, memory) if wanted else {}
        if any(parts.get(place, part) != part for place, part in found.items()):
            return {}, []  # several splits of the same pictures, as train1.txt and test2.txt
        parts |= found
        used += [path] if found else []
    return parts, used


def _of_one_part(
    source: Images, path: Path, files: FilesFound, report: Report, memory: int
) -> dict[Path, PartName]:
    """Return the pictures that a list called as a part names."""
    part = part_of(path.stem)
    if part is None:
        return {}
    try:
        # the columns that a person named are those of another list
        plain = source.replaced(label="", paths="")
        named = from_list(plain, path, report, memory, labelled=False, images=files.images)
    except Invalid:
        return {}
    return dict.fromkeys((entry.path for entry in named.entries), part)


def _index(files: FilesFound, report: Report, memory: int) -> dict[str, Path]:
    """Return the pictures by their numbers, where a list gives each one, as images.txt of CUB does."""
    for path in tables_among(files):
        rows = _rows(path, report, memory, columns=2)
        places = Places(path.parent, images=files.images)
        first = [places.find(cells[1]) for cells in rows[:_LOOKED_AT]]
        if len(rows) > 1 and sum(one.is_file() for one in first) > len(first) / 2:
            # a number that stands twice is no number of pictures but of their classes
            found = {cells[0]: places.find(cells[1]) for cells in rows}
            if len(found) == len(rows):
                return found
    return {}


def _coded(
    path: Path, files: FilesFound, index: Mapping[str, Path], report: Report, memory: int
) -> dict[Path, PartName]:
    """Return the part of each picture by a list of pictures, or their numbers, with a word or number each."""
    places = Places(path.parent, images=files.images)
    train_first = {"train", "test"} <= {*re.split(r"[\W\d_]+", path.stem.casefold())}
    codes = _ONE_IS_TRAIN if train_first else _IN_ORDER
    # `find` gives a path also where there is no file
    there = {*files.images}
    found = {}
    for cells in _rows(path, report, memory, columns=2):
        # CUB writes the number of a picture, CelebA its name
        place = index.get(cells[0]) or places.find(cells[0])
        part = codes.get(cells[1]) or part_of(cells[1])
        if part is not None and place in there:
            found[place] = part
    return found


def _rows(path: Path, report: Report, memory: int, columns: int) -> list[list[str]]:
    """Return the cells of a table of so many columns as written, its names too; none of any other."""
    with path.open("rb") as file:
        first = file.read(_GLANCE).decode("utf-8", "replace").splitlines()[:_FEW_LINES]
    if any(len(re.split(r"[\s,;]+", line.strip())) != columns for line in first):
        return []  # lists of attributes are a hundred times as long as those of parts
    try:
        rows = cells_of(path, report, memory)
    except Invalid:
        return []
    return rows if rows and len(rows[0]) == columns else []


# ------------------------------------------------------------------------------- parts without classes


def _with_listed_classes(
    listing: ImageListing, folder: Path, files: FilesFound, report: Report, memory: int
) -> ImageListing:
    """Return the pictures with the classes that a list tells of a part that lies in one folder of no class.

    So val/images lies beside train/n01443537/images in Tiny ImageNet. What no list tells is left out.
    """
    training = {entry.label for entry in listing.entries if entry.part == "train"}
    notices: list[str] = []
    entries = listing.entries
    for part in ("validation", "test"):
        labels = {entry.label for entry in entries if entry.part == part}
        # classes of its own, or one that training has as well: the folders of this part are classes
        if len(training) < 2 or len(labels) != 1 or labels & training:
            continue
        known: dict[Path, str] = {}
        for path in tables_among(files):
            if any(part_of(name) == part for name in path.relative_to(folder).parts):
                known |= _classes_in(path, files, training, report, memory)
        mine = [entry for entry in entries if entry.part == part]
        told = sum(entry.path in known for entry in mine)
        (label,) = labels
        if told < len(mine):
            images = counted(len(mine) - told, "picture")
            notices.append(
                Message(
                    "{images} in {label} of the {part} part left out: {label} is no class of training",
                    images=images,
                    label=label,
                    part=part,
                )
            )
        if told:
            notices.append(
                Message("the classes of the {part} part are taken from a list beside its pictures", part=part)
            )
        entries = tuple(
            replace(entry, label=known.get(entry.path, "")) if entry.part == part else entry
            for entry in entries
            if entry.part != part or entry.path in known
        )
    kept = frozenset(entry.label for entry in entries)
    return replace(listing, entries=entries, classes=kept, notices=(*notices, *listing.notices))


def _classes_in(
    path: Path, files: FilesFound, training: set[str], report: Report, memory: int
) -> dict[Path, str]:
    """Return the class of each picture that a list names first, where a column holds classes of training."""
    try:
        rows = cells_of(path, report, memory)
    except Invalid:
        return {}
    places = Places(path.parent, images=files.images)
    # the first row may be one of names
    known = ({place for place, cell in enumerate(cells) if cell in training} for cells in rows[1:])
    columns = set.intersection(*known) if len(rows) > 1 else set()
    if not columns:
        return {}
    (column, *_) = sorted(columns)
    found = {place: cells[column] for cells in rows if (place := places.find(cells[0])).is_file()}
    return {place: label for place, label in found.items() if label in training}
