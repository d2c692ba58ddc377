"""What a network receives of series and of courses over time, with what the training part said about them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from engine.choices import Message
from engine.data.cells.values import counted, listed
from engine.data.description import Inputs
from engine.data.encoder import FARTHEST, Encoder, Name, Say
from engine.data.raw import Raw
from engine.data.refusal import refused
from engine.data.series.raw import SeriesSet, Timeline
from engine.data.series.windows import starts_of, windows

LONGEST = 1_000_000
MOST_NUMBERS = 10_000_000
"""Numbers in one example at most."""
MOST_CHANNELS = 10_000
MOST_FORECASTS = 10_000
"""Numbers forecast for one example at most."""

_Channels = Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_CHANNELS)]
_Offsets = Annotated[tuple[float, ...], Field(min_length=1, max_length=MOST_CHANNELS)]
_Scales = Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1, max_length=MOST_CHANNELS)]


class SeriesEncoder(Encoder):
    """Series of any length up to `length`; each channel (value - offset) / scale, NaN after the end."""

    kind: Literal["series"] = "series"
    takes: ClassVar[type[Raw]] = SeriesSet
    what: ClassVar[str] = "series"
    channels: _Channels
    length: Annotated[int, Field(ge=1, le=LONGEST)]
    offset: _Offsets
    scale: _Scales

    @model_validator(mode="after")
    def _one_per_channel(self) -> Self:
        _refuse_uneven(self.channels, self.offset, self.scale, self.length)
        return self

    @property
    def received(self) -> Inputs:
        """Return one example as the network receives it."""
        return Inputs("series", (self.length, len(self.channels)), self.channels)

    def encode(self, raw: SeriesSet, say: Say) -> NDArray[np.float32]:
        """Return (N, length, channels). Raises Invalid when the series have other channels.

        Series longer than those of training are cut at their end, and told.
        """
        order = self._order(raw)
        extra = [name for name in raw.channels if name not in self.channels]
        # as many under other names are taken by their place, so that none is left aside
        if len(raw.channels) > len(self.channels):
            say(Message("channels the network does not receive: {listed}", listed=listed(extra, 20)))
        # NaN and not 0, which is a value like others: by it the network knows where a series ends
        inputs = np.full((len(raw), self.length, len(self.channels)), np.nan, np.float32)
        for row, values in enumerate(raw.values):
            kept = values[: self.length, order]
            inputs[row, : len(kept)] = _scaled(kept, self.offset, self.scale)
        cut = [name for name, values in zip(raw.names, raw.values, strict=True) if len(values) > self.length]
        if cut:
            series = counted(len(cut), "series is", "series are")
            say(
                Message(
                    "{series} longer than the {length} places the network takes, and cut at the end: "
                    "{listed}",
                    series=series,
                    length=self.length,
                    listed=listed(cut),
                )
            )
        return inputs

    def _order(self, raw: SeriesSet) -> list[int]:
        """Return where each channel of training stands: by its name, or by its place where names differ."""
        if set(raw.channels) >= set(self.channels):  # more: one was the group of the split, and no input
            return [raw.channels.index(name) for name in self.channels]
        if len(raw.channels) == len(self.channels):
            return list(range(len(self.channels)))
        raise refused(
            "",
            Message(
                "the network needs series of {count} channels ({listed}), not of {total} ({others})",
                count=len(self.channels),
                listed=listed(self.channels, 20),
                total=len(raw.channels),
                others=listed(raw.channels, 20),
            ),
        )


class TimelineEncoder(Encoder):
    """Windows of a course over time: `history` rows are the input, `horizon` rows of the targets the answer.

    Every column is (value - offset) / scale as the training stretch says, inputs and answers alike. `changes`
    holds one number for each target where the network also sees its change since one season before, divided
    by that number; it is 0 in the first season.
    """

    kind: Literal["timeline"] = "timeline"
    takes: ClassVar[type[Raw]] = Timeline
    what: ClassVar[str] = "a course over time"
    columns: _Channels
    offset: _Offsets
    scale: _Scales
    targets: _Channels
    history: Annotated[int, Field(ge=1, le=LONGEST)]
    horizon: Annotated[int, Field(ge=1, le=MOST_FORECASTS)]
    stride: Annotated[int, Field(ge=1, le=LONGEST)] = 1
    season: Annotated[int, Field(ge=0, le=LONGEST)] = 0
    time: Name = ""
    changes: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(max_length=MOST_CHANNELS)] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _refuse_uneven(self.columns, self.offset, self.scale, self.history)
        if len(self.changes) not in (0, len(self.targets)):
            raise ValueError("changes need one number per target")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("a column occurs twice")
        if not set(self.targets) <= set(self.columns) or len(set(self.targets)) < len(self.targets):
            raise ValueError("each target must be one of the columns, once")
        if self.horizon * len(self.targets) > MOST_FORECASTS:
            raise ValueError(Message("more than {most} numbers to forecast", most=MOST_FORECASTS))
        return self

    @property
    def received(self) -> Inputs:
        """Return one example as the network receives it."""
        names = (
            *self.columns,
            *(Message("{name} change", name=name) for name in self.targets if self.changes),
        )
        return Inputs("series", (self.history, len(names)), names)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Return what each number of a forecast is called: "load +1", "load +2", ..., then the next."""
        return tuple(f"{name} +{step}" for name in self.targets for step in range(1, self.horizon + 1))

    @property
    def forecast_units(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return mean and scale of each number of a forecast: those of its column."""
        places = [self.columns.index(name) for name in self.targets for _ in range(self.horizon)]
        return tuple(self.offset[place] for place in places), tuple(self.scale[place] for place in places)

    @property
    def reference(self) -> tuple[int, ...]:
        """Return where in the flattened input stands what each number of a forecast was a season before.

        Without a season, it is the last value. Empty where the history does not reach back so far.
        """
        # without a season the naive forecast is the last value, as with one of a single row
        season = self.season or 1
        if season > self.history:
            return ()
        begin, width = self.history - season, self.received.shape[1]
        return tuple(
            # a horizon longer than the season looks at the same last season again
            (begin + step % season) * width + self.columns.index(name)
            for name in self.targets
            for step in range(self.horizon)
        )

    def encode(self, raw: Timeline, say: Say) -> NDArray[np.float32]:
        """Return (N, history, columns), a window before each row of `starts_of`.

        Raises Invalid when a column is missing.
        """
        # starts are the rows first forecast; their inputs end just before
        begins = self.starts(raw) - self.history
        return windows(self._inputs(raw), begins, self.history)

    def latest(self, raw: Timeline) -> NDArray[np.float32]:
        """Return (courses, history, columns), the last rows of each course that has enough.

        Raises Invalid when none has.
        """
        ends = [end for start, end in raw.stretches if end - start >= self.history]
        if not ends:
            raise refused(
                "",
                Message(
                    "a forecast needs the last {history} rows, and there are {count}",
                    history=self.history,
                    count=max(end - start for start, end in raw.stretches),
                ),
            )
        # all rows are encoded and then cut: the changes need rows from before the window
        return windows(self._inputs(raw), np.array(ends, np.int64) - self.history, self.history)

    def answers(self, raw: Timeline) -> NDArray[np.float32]:
        """Return (N, targets x horizon), all steps of the first target, then of the next."""
        found = windows(self.rows(raw, self.targets), self.starts(raw), self.horizon)
        # windows come as (N, horizon, targets), and `outputs` names all steps of one target first
        return np.ascontiguousarray(found.transpose(0, 2, 1)).reshape(len(found), -1)

    def starts(self, raw: Timeline) -> NDArray[np.int64]:
        """Return the first forecast row of every window."""
        return starts_of(raw.stretches, self.history, self.horizon, self.stride)

    def _inputs(self, raw: Timeline) -> NDArray[np.float32]:
        rows = self.rows(raw, self.columns)
        if not self.changes:
            return rows
        targets = rows[:, [self.columns.index(name) for name in self.targets]]
        # course by course: what another did before says nothing of this one
        changes = np.concatenate([since(targets[start:end], self.season) for start, end in raw.stretches])
        return np.column_stack([rows, changes / np.array(self.changes, np.float32)])

    def rows(self, raw: Timeline, names: tuple[str, ...]) -> NDArray[np.float32]:
        """Return these columns (rows, names) in standard units. Raises Invalid when one is missing."""
        missing = [name for name in names if name not in raw.columns]
        if missing:
            raise refused(
                "",
                Message(
                    "columns the network needs are missing: {listed}; there are: {others}",
                    listed=listed(missing, 20),
                    others=listed(raw.columns, 20),
                ),
            )
        own = [self.columns.index(name) for name in names]
        offset, scale = (tuple(numbers[place] for place in own) for numbers in (self.offset, self.scale))
        return _scaled(raw.values[:, [raw.columns.index(name) for name in names]], offset, scale)


def since(values: NDArray[np.float32], season: int) -> NDArray[np.float32]:
    """Return the change (rows, columns) since one season before, or since the row before; 0 where none is."""
    lag = season or 1
    found = np.zeros_like(values)
    found[lag:] = values[lag:] - values[:-lag]
    return found


def _scaled(
    values: NDArray[np.float32], offset: tuple[float, ...], scale: tuple[float, ...]
) -> NDArray[np.float32]:
    # in float64: a large offset rounded to float32 would shift all values
    found = (values.astype(np.float64) - np.array(offset)) / np.array(scale)
    # a new value may be far from all of training, and would overflow in the network
    return np.asarray(np.clip(found, -FARTHEST, FARTHEST), np.float32)


def _refuse_uneven(
    channels: tuple[str, ...], offset: tuple[float, ...], scale: tuple[float, ...], length: int
) -> None:
    if not len(channels) == len(offset) == len(scale):
        raise ValueError("offset and scale need one number per channel")
    if length * len(channels) > MOST_NUMBERS:
        raise ValueError(Message("more than {most} numbers in one example", most=MOST_NUMBERS))
