"""Lists of pictures: a table with a path and a label in each row, as people have them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from os.path import relpath
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from engine.choices import Message
from engine.data.cells.label_sets import NO_LABEL, of_ticked
from engine.data.cells.values import as_text, counted, listed, numbers
from engine.data.decisions import decided, decision_in
from engine.data.description import PartName
from engine.data.files.placement import part_of
from engine.data.images.read.annotations import masks_beside
from engine.data.images.read.finding import ENDINGS, files_below, left_out_words
from engine.data.images.read.listing import ImageListing, ListedImage, by_folders, files_in
from engine.data.source import Report
from engine.data.tables.read.columns import chosen_column, likely_label, words_of
from engine.data.tables.read.files import read_table
from engine.data.tables.read.format import TableFormat

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.images.sources.images import Images

PARTS = frozenset({"split", "part", "subset", "partition", "set", "usage"})
"""What a column of parts is called."""
_LOOKED_AT = 100
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
"""Zeros before a number."""
_BARE = "/"
"""Stands before names without such zeros, where no name has it."""
_MOST_STEPS = 10
"""Different numbers up to which a column of them may as well hold classes."""


class Places:
    """Finds the files that a list names, also where it names them as on another computer."""

    def __init__(
        self, folder: Path, part: PartName | None = None, images: Sequence[Path] | None = None
    ) -> None:
        """Take the folder of a list, and the part whose pictures the list names, where its name says so.

        `pictures` are those that may be meant; without, all below the folder.
        """
        self._folder = folder
        self._part = part
        self._images = images
        self._by_name: dict[str, list[Path]] | None = None
        self.elsewhere = 0
        """How many were found by their name alone."""
        self.padded = 0
        """How many were found by their name but for zeros before its numbers, which a spreadsheet drops."""
        self.doubtful: list[tuple[Path, ...]] = []
        """The files that have one name, for each name that does not say which of them is meant."""

    def find(self, written: str, *, padded: bool = True) -> Path:
        """Return the file that is meant; where there is none, the path as it is written.

        Backslashes part folders, also where paths are not written so here. What does not lie where the list
        says is looked for below the folder of the list: by the end of its path, by its name, and by its name
        without ending; where it may be `padded`, also with zeros before its numbers, as 00001.jpg for 1.
        """
        # paths copied out of Windows come in quotes
        text = written.strip().strip("\"'")
        plain = PurePosixPath(text.replace("\\", "/"))
        # as written first: on Linux a name may hold a backslash
        for path in (self._folder / text, self._folder / plain):
            if path.exists():
                return path
        found = self._below(plain, padded=False)
        if found is not None:
            self.elsewhere += 1
        elif padded:
            found = self._below(plain, padded=True)
            self.padded += found is not None
        return self._folder / plain if found is None else found

    def _below(self, plain: PurePosixPath, *, padded: bool) -> Path | None:
        name = plain.name.lower()
        if padded:
            name = _BARE + _ZEROS.sub("", name)
        same = self._named(name)
        # lists often name pictures without their ending
        if not same and plain.suffix.lower() not in ENDINGS:
            same = self._named(name + ".")
        # of several files of one name, the one that shares most folders with the path as written is meant
        shared = {path: _shared(path.parts, plain.parts) for path in same}
        best = [path for path in same if shared[path] == max(shared.values())]
        if len(best) > 1 and self._part:  # trainLabels.csv speaks of train/1.png, not of test/1.png
            best = [path for path in best if self._part in map(part_of, path.parts[:-1])] or best
        if len(best) > 1:
            self.doubtful.append(tuple(best))
        return best[0] if len(best) == 1 else None

    def _named(self, name: str) -> list[Path]:
        """Return the files of a name in small letters; of a name and a point: those of any ending."""
        # made once and only where needed: it goes through all files below the folder
        if self._by_name is None:
            found = defaultdict(list)
            for path in files_below(self._folder).images if self._images is None else self._images:
                found[path.name.lower()].append(path)
                found[path.stem.lower() + "."].append(path)
                for key in (path.name.lower(), path.stem.lower() + "."):
                    found[_BARE + _ZEROS.sub("", key)].append(path)
            self._by_name = dict(found)
        return self._by_name.get(name, [])


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many folders before the name are the same, counted from the name on."""
    count = 0
    for mine, yours in zip(reversed(one[:-1]), reversed(other[:-1]), strict=False):
        if mine != yours:
            break
        count += 1
    return count


def new_in_folder(source: Images, folder: Path) -> ImageListing:
    """Return all pictures below a folder but masks, with the label that their folders say, if any."""
    files = files_in(folder)
    masks = masks_beside(files) if source.classes != "inner" else None
    if masks is not None:
        files = replace(files, images=tuple(path for path in files.images if path not in masks.paths))
    listing = by_folders(source, folder, files)
    # pictures beside class folders are predicted as well, though they have no label
    known = {entry.path: entry for entry in listing.entries}
    entries = tuple(
        known.get(path) or ListedImage(path, path.relative_to(folder).as_posix()) for path in files.images
    )
    notices = [] if masks is None else [masks.told()]
    notices += [left_out_words(files.others, "")] if files.others else []
    return ImageListing(entries, listing.target, tuple(notices))


def cells_of(path: Path, report: Report, memory: int) -> list[list[str]]:
    """Return the cells of a small list as they are written, a row of names above it too.

    Raises Invalid where it is no table.
    """
    # a list of two columns may have no row of names, and must not lose its first row
    table = read_table(path, TableFormat(typed=(), header="no"), (), report, memory)
    return [
        [as_text(cell).strip() for cell in row] for row in table.frame.fillna("").to_numpy(object).tolist()
    ]


def from_list(
    source: Images,
    path: Path,
    report: Report,
    memory: int,
    *,
    labelled: bool = True,
    images: Sequence[Path] | None = None,
) -> ImageListing:
    """Return the pictures that a table lists. Raises Invalid where it names no paths, or no labels.

    Unless `labelled`, labels may be missing, and the listing keeps the table. `pictures` are those that may
    be meant; without, all below the folder of the list.
    """
    # every cell as it is written: 0001 is the name of a file, and no number
    form = TableFormat(typed=(), blanks=not labelled)
    table = read_table(path, form, (), report, memory)
    places = Places(path.parent, part_of(path.stem), images)
    first = [str(name) for name in table.frame.columns]
    if any(_is_image(name) or places.find(name).is_file() for name in first):  # the first row is one, too
        table = read_table(path, replace(form, header="no"), (), report, memory)
        # a row that names a picture is none of names beyond doubt
        sure = [one for one in table.notices if decision_in(one).setting != "data.header"]
        table = replace(table, notices=tuple(sure))
    frame = table.frame
    notices: list[str] = []
    # before the parts and the label, which are looked for among the rest
    paths = chosen_column(frame, source.paths, "data.paths", _path_column(frame, places))
    parts = _column_of_parts(frame)
    rest = [name for name in frame.columns if name not in (paths, parts)]
    # a new list may still have its labels, by which predictions are checked
    if labelled or source.label in frame.columns:
        target, marks, mark = _labels(source, frame, rest, notices)
    else:
        target, marks, mark = "label", [""] * len(frame), {}
    notices = [*table.told_of((), (paths, parts, target)), *notices]
    written = words_of(frame[paths])
    known = words_of(frame[parts]) if parts else [""] * len(written)
    # no file system takes a null sign in a name, and asking raises ValueError
    kept = [index for index, text in enumerate(written) if text and "\x00" not in text]
    if len(kept) < len(written):
        notices.append(
            Message("{counted} without a path left out", counted=counted(len(written) - len(kept), "row"))
        )
    # the looking for the column of paths has counted, too
    places.elsewhere, places.padded, places.doubtful = 0, 0, []
    entries = tuple(
        ListedImage(places.find(written[index]), written[index], marks[index], _part(known[index]), index)
        for index in kept
    )
    if places.elsewhere:
        away = counted(places.elsewhere, "picture does", "pictures do")
        notices.append(Message("{away} not lie where the list says; found by name", away=away))
    if places.padded:
        one = next(entry for entry in entries if entry.path.name != PurePosixPath(entry.name).name)
        notices.append(
            Message(
                "{named} without the zeros before their numbers, as {written} for {name}; found so",
                named=counted(places.padded, "picture is named", "pictures are named"),
                written=one.name,
                name=one.path.name,
            )
        )
    if places.doubtful:
        names = counted(len(places.doubtful), "name stands", "names stand")
        alike = listed([Path(relpath(one, path.parent)).as_posix() for one in places.doubtful[0]], 3)
        notices.append(
            Message(
                "{names} for several pictures, as {alike}, and the list does not say which: left "
                "out; write the folder into the list, too",
                names=names,
                alike=alike,
            )
        )
    found: dict[str, object] = {"paths": str(paths), **mark}
    if target in frame.columns:
        found["label"] = target
    classes = frozenset(marks) - {"", NO_LABEL}
    beside = frame[[name for name in rest if name != target]]
    if not labelled:
        return ImageListing(entries, target, tuple(notices), found, classes, frame)
    return ImageListing(entries, target, tuple(notices), found, classes, beside=beside)


def _path_column(frame: pd.DataFrame, places: Places) -> str | None:
    """Return the first column that mostly holds names of picture files; by their endings, else by looking."""
    words = {
        str(name): [word for word in words_of(frame[name])[:_LOOKED_AT] if word] for name in frame.columns
    }
    for name, some in words.items():
        # most and not all: lists have odd rows
        if some and sum(map(_is_image, some)) > len(some) / 2:
            return name
    for padded in (False, True):
        for name, some in words.items():
            # 1 is class 1 as well as 00001.jpg, but no two rows are of one picture
            if not some or (padded and len(set(some)) < len(some)):
                continue
            if sum(places.find(word, padded=padded).is_file() for word in some) > len(some) / 2:
                return name
    return None


def _is_image(word: str) -> bool:
    return PurePosixPath(word).suffix.lower() in ENDINGS


def _column_of_parts(frame: pd.DataFrame) -> str | None:
    for name in frame.columns:
        words = [word for word in words_of(frame[name]) if word]
        # every word must be a part: "set" may also be called what a picture shows
        if str(name).casefold() in PARTS and words and all(part_of(word) for word in words):
            return str(name)
    return None


def _part(word: str) -> PartName | None:
    return part_of(word) if word else None


def _labels(
    source: Images, frame: pd.DataFrame, rest: list[str], notices: list[str]
) -> tuple[str, list[str], dict[str, object]]:
    """Return what the labels are called, those of each row, from one column or from one per class, and what
    stands between several where that was found out.
    """
    guess = likely_label(rest)
    if not source.label and guess is None:
        # a column for each class with 0 and 1, only where no column is called as labels are
        ticked = of_ticked(frame, rest, notices)
        if ticked is not None:
            notices += _measured(frame, rest)
            return "label", *ticked
    label = chosen_column(frame, source.label, "data.label", guess)
    return str(label), words_of(frame[label]), {}


def _measured(frame: pd.DataFrame, rest: list[str]) -> list[str]:
    """Return what to ask of a column of numbers behind those that say yes or no: it may be what is wanted."""
    last = frame[rest[-1]]
    # a few numbers are rather the number of a class, or how far a disease has gone
    if last.nunique() <= _MOST_STEPS or numbers(last)[1].any():
        return []
    said = Message(
        "{last} holds numbers, which may be what is to be predicted; if so, set the label column",
        last=rest[-1],
    )
    return [decided(said, "data.label", rest[-1], column=rest[-1], doubtful=True)]
