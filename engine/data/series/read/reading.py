"""Reading sets of series, told by what is there: a .ts file, a table, or a folder with a file per series."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Message
from engine.data.cells.values import counted, is_date, is_number, listed, natural
from engine.data.description import PartName
from engine.data.files.beside import told_outside
from engine.data.files.endings import ARRAY, SERIES, TABLES
from engine.data.files.layouts import ends_in, is_litter, left_out, sort_of_file, unread_sound
from engine.data.files.placement import Placed, placement_of, said_classes, told_vanished
from engine.data.raw import Found, agreed
from engine.data.refusal import refused
from engine.data.series.raw import SeriesSet
from engine.data.series.read.counters import counts_samples, tells_growing_time
from engine.data.series.read.gaps import content
from engine.data.series.read.gathering import Recording, gathered
from engine.data.series.read.listed import label_list
from engine.data.series.read.sensors import SensorFile, joined, notes_among, told, units_of
from engine.data.series.read.series_tables import SeriesColumns, from_table, tells_time
from engine.data.series.read.ts_files import read_ts
from engine.data.source import Report, silent
from engine.data.tables.raw import Table
from engine.data.tables.read.columns import names_classes
from engine.data.tables.read.files import read_table
from engine.data.tables.read.format import TableFormat

FILES = TABLES
_MOST_FILES = 1_000_000


@dataclass(frozen=True)
class SeriesFormat:
    """How series are written; what is "", 0 or "auto" is found out."""

    columns: SeriesColumns = field(default_factory=SeriesColumns)
    text: TableFormat = field(default_factory=TableFormat)
    longest: int = 0
    channels: tuple[str, ...] = ()
    """Those that a network knows, of new series."""
    kept: tuple[str, ...] = ()
    """Those that an earlier version learnt from, though they count the samples."""


def read_series(path: Path, how: SeriesFormat, report: Report, memory: int) -> SeriesSet:
    """Return the series at `path`. Raises Invalid when there are none or they cannot be read."""
    if str(path) in ("", "."):
        raise refused(
            "data.path", "is missing: choose a table, a .ts file, or a folder with a file per series"
        )
    try:
        # a null sign in a path makes the system call raise ValueError, not OSError
        if "\x00" not in str(path) and path.is_dir():
            parts = _published(path)
            return _joined(parts, how, report, memory) if parts else _folder(path, how, report, memory)
        return _file(path, how, report, memory)
    except OSError as error:
        raise refused(
            "data.path",
            Message("{path} cannot be read: {why}", path=path, why=error.strerror or error),
        ) from None


def _file(path: Path, how: SeriesFormat, report: Report, memory: int) -> SeriesSet:
    if path.suffix.lower() in SERIES and path.is_file():
        return read_ts(path, how.longest, report, memory)
    table = read_table(path, how.text, (), report, memory)
    return from_table(table, how.columns, how.longest, memory)


def _published(folder: Path) -> dict[PartName, Path]:
    """Return the two files of a set as the UCR and UEA archives publish it: NAME_TRAIN and NAME_TEST."""
    # .ts first: the archive puts other forms of the same set beside it, which say less
    for ending in (".ts", ".tsv", ".txt", ".csv"):
        for train in sorted(folder.glob(f"*_TRAIN{ending}")):
            test = train.with_name(train.name.removesuffix(f"_TRAIN{ending}") + f"_TEST{ending}")
            if test.is_file():
                return {"train": train, "test": test}
    return {}


def _joined(parts: dict[PartName, Path], how: SeriesFormat, report: Report, memory: int) -> SeriesSet:
    """Return the series of both files, each with the part it was published in."""
    sets = {part: _file(path, how, report, memory) for part, path in parts.items()}
    train, test = sets["train"], sets["test"]
    if len(train.channels) != len(test.channels):
        raise refused(
            "data.path",
            Message(
                "{name} has {count} channels and {other} {total}: they belong to different sets",
                name=parts["train"].name,
                count=len(train.channels),
                other=parts["test"].name,
                total=len(test.channels),
            ),
        )
    return SeriesSet(
        train.values + test.values,
        train.channels,
        np.concatenate([train.labels, test.labels]),
        tuple(f"{parts[part].name}, {name}" for part, one in sets.items() for name in one.names),
        train.target,
        tuple(f"{parts[part].name}: {text}" for part, one in sets.items() for text in one.notices),
        np.repeat(np.array(["train", "test"]), [len(train), len(test)]),
        found=agreed([train.found, test.found]),
    )


def _folder(folder: Path, how: SeriesFormat, report: Report, memory: int) -> SeriesSet:
    """Return the series in the files of a folder; the folder a file lies in is its label."""
    files, others = _files(folder)
    _refuse_no_series(folder, files, others)
    # as in the set of human activities of UCI
    _refuse_answers_apart(files)
    units = units_of([path.relative_to(folder).parts for path in files], how.channels)
    places = [unit.place or (folder.name,) for unit in units]
    placement = placement_of(places)
    placed = [placement.of(place) for place in places]
    # where folders say no classes, a list beside them may
    alone = not how.channels and len({one.label for one in placed if one is not None}) < 2
    known = label_list(files, memory) if alone else None
    if known is not None:
        firsts = [files[unit.files[0]] for unit in units]
        placed = [None if path == known.path else Placed(known.labels.get(path, ""), None) for path in firsts]
    # new series need no class, so all of them stay
    inside = [index for index, one in enumerate(placed) if one is not None or how.channels]
    # files without folders of classes are still read, and then asked for a label
    inside = inside or list(range(len(units)))
    chosen = [
        _Source("/".join(places[index]), [files[one] for one in units[index].files], placed[index])
        for index in inside
    ]
    lists = () if known is None else (known.path,)
    outside = [
        places[index]
        for index, unit in enumerate(units)
        if index not in inside and files[unit.files[0]] not in lists
    ]
    notices = _told_left_out(outside, others)
    notices += [] if known is None else [known.told()]
    notices += told_vanished(placement, places, [path.relative_to(folder).parts for path in others])
    files_read = _read(chosen, how, report, memory)
    notices += _told_channels(chosen, files_read)
    said = "" if how.channels or known else said_classes(places, placement)
    notices += [said] if said else []
    notices += _told_broken(sum(len(one.files) for one in chosen), files_read.broken)
    if not files_read.recordings:
        raise refused(
            "data.path",
            Message(
                "no file in {folder} can be read as a series: {listed}. If each is a table of rows, open one "
                "of them, or join them into one file",
                folder=folder,
                listed=listed(_grouped(files_read.broken), 3),
            ),
        )
    series = gathered(files_read.recordings, files_read.channels, "label", how.longest, memory, notices)
    return replace(series, found=files_read.found)


def _refuse_no_series(folder: Path, files: list[Path], others: list[Path]) -> None:
    sounds = [path for path in others if ends_in(path, *unread_sound())]
    # a folder of sound with a list of it is no folder of series
    if not files or len(sounds) > len(files):
        raise refused(
            "data.path",
            Message(
                "{folder} holds no files of series ({files}): one file is one series. Sound is not "
                "read: write the samples, or what was measured in them, as such files",
                folder=folder,
                files=", ".join(FILES),
            ),
        )


def _told_left_out(outside: Sequence[Sequence[str]], others: list[Path]) -> list[str]:
    """Return what is said of files beside the class folders, and of those that are no series."""
    told = told_outside(outside, "file")
    if others:
        files = counted(len(others), "file that is no series", "files that are no series")
        told.append(Message("{files} left out: {names}", files=files, names=left_out(others)))
    return told


def _told_channels(sources: list[_Source], read: _FilesRead) -> list[str]:
    """Return what is said of the channels, where each sensor has a file, and of columns that are none."""
    several = next((one.files for one in sources if len(one.files) > 1), [])
    notices = told(read.channels, [path.name for path in several])
    if read.answers:
        notices.append(
            Message(
                "{names} is called as classes are and is no channel; if it says the class of each "
                "row, join the files to one table and predict it there",
                names=listed(read.answers),
            )
        )
    if read.counters:
        notices.append(
            Message("columns that only count the rows left out: {listed}", listed=listed(read.counters))
        )
    return notices


def _told_broken(every: int, broken: list[str]) -> list[str]:
    if not broken:
        return []
    said = Message(
        "{count} of {every} files cannot be read, left out: {names}",
        count=len(broken),
        every=every,
        names=listed(_grouped(broken)),
    )
    return [said]


@dataclass(frozen=True)
class _FilesRead:
    """The recordings of files, their channels, which cannot be read and why, and what all agree about.

    `answers` are columns that are called as classes are, `counters` those that count the rows; both are no
    channels.
    """

    recordings: list[Recording]
    channels: tuple[str, ...]
    broken: list[str]
    found: Found
    answers: list[str]
    counters: list[str]


@dataclass(frozen=True)
class _Source:
    """A recording that is to be read: one file, or one of each sensor; None as its place names no class."""

    name: str
    files: list[Path]
    placed: Placed | None


def _read(sources: list[_Source], how: SeriesFormat, report: Report, memory: int) -> _FilesRead:
    read: list[tuple[Recording, tuple[str, ...]]] = []
    found: list[Found] = []
    broken: list[str] = []
    answers: set[str] = set()
    counters: set[str] = set()
    for index, source in enumerate(sources):
        report(index / len(sources), Message("Reading {name}", name=source.name))
        measured: list[SensorFile] = []
        told_by: list[Found] = []
        for path in source.files:
            name = source.name if len(source.files) == 1 else f"{source.name}/{path.name}"
            try:
                table = read_table(path, how.text, (), silent, memory)
                measured.append(_one(table, path.stem, how))
                told_by.append(table.found)
            except Invalid as error:
                broken.append(f"{name} ({error.problems[0].message})")
        answers.update(name for one in measured for name in one.answers)
        counters.update(name for one in measured for name in one.counters)
        notes = notes_among(measured)
        broken += [
            Message("{name}/{other} (so few rows that they are notes)", name=source.name, other=one.name)
            for one in notes
        ]
        # by identity: comparing holds arrays against each other, which has no single answer
        measured = [one for one in measured if all(one is not note for note in notes)]
        if measured:
            whole = joined(measured)
            placed = source.placed or Placed("", None)
            read.append((Recording(source.name, placed.label, whole.values, placed.part), whole.channels))
            found.append(agreed(told_by))
    # what the network knows comes before what most files have
    known = [here for _, here in read if here == how.channels]
    channels = known[0] if known else _usual_channels(read)
    for one, here in read:
        # by their number: where names differ, channels are taken by their place
        if len(here) != len(channels):
            broken.append(
                Message(
                    "{name} (has {count} channels, most have {total})",
                    name=one.name,
                    count=len(here),
                    total=len(channels),
                )
            )
    kept = [len(here) == len(channels) for _, here in read]
    recordings = [one for (one, _), stays in zip(read, kept, strict=True) if stays]
    agree = agreed([*compress(found, kept)])
    return _FilesRead(recordings, channels, broken, agree, sorted(answers), sorted(counters))


def _grouped(broken: Sequence[str]) -> list[str]:
    """Return files with the reason in brackets, those of one name and reason in many folders as one."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in broken:
        place, _, why = one.partition(" (")
        groups.setdefault((place.rpartition("/")[2], why), []).append(one)
    return [
        alike[0]
        if len(alike) == 1
        else Message("{name} in {count} folders ({why}", name=name, count=len(alike), why=why)
        for (name, why), alike in groups.items()
    ]


def _refuse_answers_apart(files: list[Path]) -> None:
    """Raise Invalid where the rows of one file have their answers in another, as X_train and y_train."""
    answers = {
        path.with_name("X" + path.name[1:]): path for path in files if re.match("[yY](_|$)", path.stem)
    }
    for inputs, apart in answers.items():
        if inputs in files:
            raise refused(
                "data.path",
                Message(
                    "the rows of {name} have their answers in {other}, a file of its own, which is not "
                    "read: put the column of {other} beside the columns of {name} and save both as one "
                    "table (CSV), one for each part; subjects, where a file says them, as one more column",
                    name=inputs.name,
                    other=apart.name,
                ),
            )


def _usual_channels(read: Sequence[tuple[Recording, tuple[str, ...]]]) -> tuple[str, ...]:
    """Return the channels of most files; of two kinds as frequent, of those that hold more values.

    Programs that record put notes beside each recording, as tables too.
    """
    files = Counter(len(here) for _, here in read)
    values = Counter[int]()
    for one, here in read:
        values[len(here)] += one.values.size
    # notes may be as many as recordings, but hold far fewer values
    count = max(files, key=lambda count: (files[count], values[count]), default=0)
    return next((here for _, here in read if len(here) == count), ())


def _files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files that may be series, and the others within class folders: what lies beside explains."""
    # Excel keeps ~$name beside an open file
    every = [path for path in _walk(folder) if not (is_litter(path.name) or path.name.startswith("~"))]
    every.sort(key=lambda path: natural(path.as_posix()))
    found = [path for path in every if path.suffix.lower() in FILES or sort_of_file(path) == "tables"]
    # an array is mostly what a program made of the table beside it
    plain = [path for path in found if path.suffix.lower() not in ARRAY]
    found = plain or found
    known = {*found}
    return found, [path for path in every if path not in known and path.parent != folder]


def _walk(folder: Path) -> Iterator[Path]:
    for count, path in enumerate(folder.rglob("*")):
        if count > _MOST_FILES:
            raise refused(
                "data.path",
                Message("{folder} holds more than {most:,} files", folder=folder, most=_MOST_FILES),
            )
        if path.is_file():
            yield path


def _one(table: Table, name: str, how: SeriesFormat) -> SensorFile:
    """Return the values of a file that is one series, or what one sensor measured of it."""
    frame, time = table.frame, how.columns.time
    rest = [column for column in frame.columns if str(column) not in how.channels]
    clocks = [
        column
        for column in rest
        if column == time
        or tells_time(str(column))
        # an earlier version took it for a channel
        or (str(column) not in how.kept and tells_growing_time(str(column), frame[column]))
    ]
    numbers = [column for column in frame.columns if is_number(frame[column]) and column not in clocks]
    answers = tuple(str(column) for column in numbers if column in rest and names_classes(column))
    measured = [column for column in numbers if str(column) not in answers]
    # where each sensor has a file, a channel is called by both
    counters = tuple(
        str(column)
        for column in measured
        if column in rest
        and not {str(column), f"{name} {column}"} & {*how.kept, *how.channels}
        and counts_samples(str(column), frame[column])
    )
    # a recording of nothing but a counter is one of what is called so
    measured = [column for column in measured if str(column) not in counters] or measured
    # an empty column says nothing, as of a sensor that was off; one that the network knows has to stay
    channels = [column for column in measured if str(column) in how.channels or frame[column].notna().any()]
    if not channels:
        raise refused("data.path", Message("{name} has no columns of numbers", name=name))
    times = _moments(frame[clocks[0]]) if clocks else None
    return SensorFile(name, content(frame[channels]), tuple(map(str, channels)), times, answers, counters)


def _moments(column: pd.Series[Any]) -> NDArray[np.float64] | None:
    """Return when each row was, in any unit; None where that is not known of each, in order."""
    # of dates only the distances count, so any unit will do
    values = column.astype("int64") if is_date(column) and column.notna().all() else column
    if not is_number(values):
        return None
    times = np.asarray(values, np.float64)
    return times if len(times) and np.isfinite(times).all() and (np.diff(times) >= 0).all() else None
