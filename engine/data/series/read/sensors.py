"""Recordings of which each sensor wrote a file of its own, as loggers of telephones do, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import listed

_FEWEST_ROWS, _SMALLEST_SHARE = 3, 0.01
"""A file of fewer rows, or of a smaller share of those of the longest, is a note beside the recording."""


_SENSORS = re.compile(
    r"accelero|gyro|magneto|gravity|orientation|rotation|attitude|location|barometer|pressure|compass|pedometer|"
    r"heart|linear|(^|[\W_])(acc|gyr|mag|gps|imu|hr|ecg|emg|eeg|ppg|eda|gsr|bvp|ibi|temp|light)([\W_]|$)",
    re.IGNORECASE,
)
"""Words in the names of sensors' files. Other words may be names of persons, of whom each is recorded."""


@dataclass(frozen=True)
class Unit:
    """The files of one recording, by their places among all, and where it lies."""

    place: tuple[str, ...]
    files: tuple[int, ...]


@dataclass(frozen=True)
class SensorFile:
    """What one file holds: `values` (length, channels), and when each row was, where that stands in it.

    `answers` are columns of numbers that are called as answers are, `counters` those that count rows: both
    no channels.
    """

    name: str
    values: NDArray[np.float64]
    channels: tuple[str, ...]
    times: NDArray[np.float64] | None = None
    answers: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()


def units_of(places: Sequence[tuple[str, ...]], channels: Sequence[str] = ()) -> list[Unit]:
    """Return the recordings that files at these places are: each file one, or each folder of several sensors.

    A folder is one recording where it holds files called by words alone, at least two of which are called as
    sensors are and so in another folder, too; or where the `channels` that a network knows are those of its
    files. What lies in folders within that of a recording describes it.
    """
    folders: dict[tuple[str, ...], list[int]] = {}
    for index, place in enumerate(places):
        folders.setdefault(place[:-1], []).append(index)
    words = {folder: {_stem(places[index]) for index in held} for folder, held in folders.items()}
    # numbered files, as walk_01 and walk_02, are recordings of their own
    words = {
        folder: {stem for stem in stems if not re.search(r"\d", stem)} for folder, stems in words.items()
    }
    units = []
    for folder, held in folders.items():
        others = [stems for other, stems in words.items() if other != folder]
        known = {stem for stem in words[folder] if any(name.startswith(f"{stem} ") for name in channels)}
        sensors = {stem for stem in words[folder] if _SENSORS.search(stem)}
        # the same names in two folders: one folder alone may be anything
        if len(known) > 1 or any(len(sensors & stems) > 1 for stems in others):
            units.append(
                Unit(folder, tuple(index for index in held if _stem(places[index]) in words[folder]))
            )
        else:
            units += [Unit(places[index], (index,)) for index in held]
    recordings = {unit.place for unit in units if len(unit.files) > 1}
    # folders within hold the device and its settings, as loggers write them
    return [
        unit for unit in units if not any(unit.place[:end] in recordings for end in range(len(unit.place)))
    ]


def _stem(place: tuple[str, ...]) -> str:
    return PurePath(place[-1]).stem


def notes_among(parts: Sequence[SensorFile]) -> list[SensorFile]:
    """Return the files of a recording that hold so few rows that they only describe it."""
    if len(parts) < 2:
        return []
    fewest = max(_FEWEST_ROWS, _SMALLEST_SHARE * max(len(one.values) for one in parts))
    return [one for one in parts if len(one.values) < fewest]


def joined(parts: Sequence[SensorFile]) -> SensorFile:
    """Return what several sensors measured at once, at the moments of the one that measured most often.

    Values between two moments of a slower one lie on the straight line between them. Where one has no times,
    all are taken to begin and to end together.
    """
    if len(parts) == 1:
        return parts[0]
    longest = max(parts, key=lambda one: len(one.values))
    timed = all(one.times is not None for one in parts)
    # all by their times or none: clocks and shares of the length do not compare
    clocks = {one.name: one.times if timed and one.times is not None else _even(one) for one in parts}
    at = clocks[longest.name]
    columns = [
        np.interp(at, clocks[one.name], one.values[:, channel])
        for one in parts
        for channel in range(one.values.shape[1])
    ]
    channels = tuple(f"{one.name} {channel}" for one in parts for channel in one.channels)
    return SensorFile("", np.stack(columns, axis=1), channels, at)


def _even(one: SensorFile) -> NDArray[np.float64]:
    return np.linspace(0, 1, len(one.values))


def told(channels: Sequence[str], files: Sequence[str]) -> list[str]:
    """Return that the files of each folder are one recording; `files` are those of one of them."""
    stems = [PurePath(name).stem for name in files]
    used = [stem for stem in dict.fromkeys(stems) if any(name.startswith(f"{stem} ") for name in channels)]
    return (
        [Message("the files of a folder are one recording, joined by time: {listed}", listed=listed(used))]
        if used
        else []
    )
