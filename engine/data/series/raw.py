"""Series and courses over time as they were read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.data.raw import Found, LabelledSet, Raw

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SeriesSet(LabelledSet):
    """Series (recordings, courses of measurements), each with a label.

    `values`: float32 (length, channels) each, of any length, nothing missing; `channels`: their names;
    `labels`, `names`, `target`, `published`, `beside` as of pictures.
    """

    values: tuple[NDArray[np.float32], ...]
    channels: tuple[str, ...]
    labels: NDArray[np.str_]
    names: tuple[str, ...]
    target: str = "label"
    notices: tuple[str, ...] = ()
    published: NDArray[np.str_] | None = None
    found: Found = field(default_factory=dict)
    beside: pd.DataFrame | None = field(default=None, compare=False)

    def __len__(self) -> int:
        """Return the number of series."""
        return len(self.values)

    def without(self, name: str) -> SeriesSet:
        """Return the series without a channel, where they have others."""
        # a series needs a channel, even if it is what groups the split
        if name not in self.channels or len(self.channels) == 1:
            return self
        kept = [place for place, channel in enumerate(self.channels) if channel != name]
        values = tuple(one[:, kept] for one in self.values)
        return replace(self, values=values, channels=tuple(self.channels[place] for place in kept))


@dataclass(frozen=True)
class Timeline(Raw):
    """Rows in the order of time, from which windows are cut: the past is the input, the future the target.

    `values`: float32 (rows, columns), nothing missing; `columns`: their names; `targets`: those to be
    forecast; `times`: text (rows,), when each row was; `history` rows are looked at, `horizon` rows forecast;
    `season` rows after which things repeat, 0 where nobody said; a window begins every `stride` rows; `time`:
    the column of times, "" where there is none. With `changes`, the network also sees how far each target is
    from where it was one season before.

    Several courses lie one below another: `names` are theirs, `lengths` their rows, both empty where there is
    one. `course` says the columns that tell them apart,
    `borders` whether the parts begin at one moment for all ("common", "each", or "auto").
    """

    values: NDArray[np.float32]
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    times: NDArray[np.str_]
    history: int
    horizon: int
    season: int = 0
    notices: tuple[str, ...] = ()
    stride: int = 1
    time: str = ""
    changes: bool = False
    found: Found = field(default_factory=dict)
    names: tuple[str, ...] = ()
    lengths: tuple[int, ...] = ()
    course: str = ""
    borders: str = "each"

    @property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """Return the first row of each course, and the one after its last."""
        lengths = self.lengths or (len(self.values),)
        ends = np.cumsum(lengths).tolist()
        return tuple((end - length, end) for end, length in zip(ends, lengths, strict=True))

    def alone(self, place: int) -> Timeline:
        """Return one of the courses, by its place among them."""
        start, end = self.stretches[place]
        times = self.times[start:end]
        return replace(self, values=self.values[start:end], times=times, names=(), lengths=(), course="")

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values)
