"""Curves: how the numbers of a run change while it learns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Annotated, ClassVar, Literal

import numpy as np
from typing_extensions import override

from app.document.record import RunRecord
from app.document.series import Series
from app.language.numbers import number, whole
from app.language.words import tr
from app.views.course.quantities import baseline_name, quantity_name
from app.views.course.reduction import latest, reduced, smoothed_at, stretch, y_range
from app.views.drawing import (
    DASHES,
    TONES,
    Axis,
    Curve,
    Dash,
    Drawing,
    Nothing,
    Numbers,
    Plot,
    Readout,
    SpreadBand,
    Threshold,
    Upright,
    Viewport,
    series_tone,
)
from app.views.headline import headline
from app.views.view import Records, Slot, View
from engine.choices import Setting
from engine.events import Facts
from engine.learning.metrics import metric_of
from engine.learning.score_units import OF_SQUARED_TARGETS, OF_TARGETS

_FIRST, _SECOND = "series.0", "series.1"

_SCALED = ("", OF_TARGETS.words, OF_SQUARED_TARGETS.words)
"""Units of losses that change with those of the targets; runs of earlier versions do not say theirs."""


@dataclass(frozen=True)
class _Trace:
    """One series of one run and how it is drawn."""

    record: RunRecord
    series: Series
    name: str
    tone: str
    dash: Dash
    noisy: bool
    """Whether it has a value per step, and is worth smoothing."""


_FEW = 4
"""Of so many runs at most both parts are drawn by themselves."""
_FEW_IN_TREE = 2
_EXACT = ("learning_rate", "momentum", "weight_decay")
"""What follows a schedule."""
_FAR = 4.0
"""A baseline is far off where it is more than so many heights of the curve away from it."""


class CurvesView(View, kind="curves", title="Loss", rank=1):
    """How the loss falls: training in one line, validation (data the network never learns from) in the other.

    The faint line behind is the loss of every single step; the strong one is smoothed. When validation stops
    falling while training goes on, the network learns its examples by heart. The training line is measured
    in passing, with dropout and before each update; the scores of a finished run are those of the kept
    weights at rest, and mostly better. Where there is no validation part, the second line is of the training
    part, measured at rest after each epoch. Where numbers are predicted, the loss is in standardized units,
    unless Preprocessing says otherwise; a likelihood of counts is in nats. Scores are of numbers in the units
    of the data.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("main", "side", "left")
    waiting: ClassVar[str] = "Press Train to see the loss."
    zoomable: ClassVar[bool] = True
    overlays: ClassVar[bool] = True

    quantity: Annotated[str, Setting("Quantity", "What is drawn against time.")] = "loss"
    log: Annotated[bool, Setting("Log y", "Every factor of ten takes the same height.")] = False
    smoothing: Annotated[
        float,
        Setting(
            "Smoothing",
            "0 shows the raw values alone; at 1 the strong line takes about a tenth of the run together.",
            least=0,
            most=1,
        ),
    ] = 0.6
    across: Annotated[
        Literal["epochs", "steps"],
        Setting(
            "Time axis",
            "What runs along the bottom.",
            options={"epochs": "passes over the training data", "steps": "updates of the weights"},
        ),
    ] = "epochs"

    parts: Annotated[
        Literal["auto", "both", "train", "validation"],
        Setting(
            "Parts",
            "Whose loss or score is drawn.",
            options={
                "auto": "both; of many runs validation",
                "both": "training and validation",
                "train": "training",
                "validation": "validation",
            },
        ),
    ] = "auto"

    by_run: Annotated[
        bool, Setting("By run", "Each run has its own colour, also where it is alone.", role="hidden")
    ] = False

    @classmethod
    @override
    def first(cls, facts: Facts, slot: Slot) -> View:
        """Return the loss where it is at home, elsewhere the score that counts."""
        return cls() if slot == "main" else cls(quantity=headline(facts))

    @override
    def draw(self, records: Records, viewport: Viewport) -> Drawing:
        traces = self._traces(records)
        if not any(len(trace.series) for trace in traces):
            if records and records[0].started is not None:
                return Nothing(tr("Known after the first epoch."))
            return Nothing(tr("Press Train to see {quantity}.", quantity=self._subject()))
        left, right = viewport.x or self._extent(traces)
        curves = tuple(
            curve
            for trace in traces
            for curve in self._in_tree(
                trace, left, self._curves(trace, left, right, viewport.width, len(records))
            )
        )
        bands = tuple(band for trace in traces for band in self._bands(trace))
        thresholds = near(self._thresholds(records), curves)
        low, high = viewport.y or y_range(
            [array for curve in curves for array in (curve.y, curve.high) if array is not None]
            + [edge for band in bands for edge in (band.low, band.high)]
            + [np.array([line.y for line in thresholds])],
            self.log,
        )
        label = tr("Epoch") if self.across == "epochs" else tr("Step")
        return Plot(
            Axis(label, left, right, whole=True),
            Axis(self._beside(records), low, high, log=self.log),
            bands=bands,
            curves=curves,
            uprights=self._uprights(records),
            thresholds=thresholds,
        )

    @override
    def rows(self, records: Records) -> Iterator[Sequence[object]]:
        traces = self._traces(records)
        yield [text for trace in traces for text in (f"{trace.name} step", trace.name)]
        pairs = [zip(trace.series.steps(), trace.series.values, strict=True) for trace in traces]
        # a series of steps is longer than one of epochs
        for line in zip_longest(*pairs):
            yield [cell for pair in line for cell in (("", "") if pair is None else (int(pair[0]), pair[1]))]

    @override
    def readout(self, records: Records, x: float) -> tuple[Readout, ...]:
        traces = self._traces(records)
        if not traces:
            return ()
        # of the first run: others may have batches of another size, and other steps at the same epoch
        step = self._step_at(traces[0].record, x)
        at = f"{whole(step)} · {tr('epoch')} {number(traces[0].record.epoch_at(step))}"
        readings = [Readout(tr("step"), at, "text_muted")]
        for trace in traces:
            step = self._step_at(trace.record, x)
            index = trace.series.nearest(step)
            begins = step >= 0 or trace.record.beginning is None
            if index is not None and begins and step <= _last_drawn(trace.record):
                raw = y = float(trace.series.values[index])
                value = self._told(trace, y, 4)
                if reach := self._reach(trace):
                    y = smoothed_at(trace.series, reach, index)
                    value = tr(
                        "smoothed {mean}, this step {value}", mean=self._told(trace, y), value=number(raw, 4)
                    )
                readings.append(Readout(trace.name, value, trace.tone, trace.dash, y))
        return tuple(readings)

    @override
    def along_x(self) -> str:
        return self.across

    @override
    def offers(self, records: Records) -> Mapping[str, Mapping[str, str]]:
        found = {"loss": quantity_name("loss"), self.quantity: quantity_name(self.quantity)}
        for record in records:
            for name in record.series:
                plain = name.removeprefix("validation.").removeprefix("train.")
                found.setdefault(plain, quantity_name(plain))
        return {"quantity": found}

    def _told(self, trace: _Trace, value: float, digits: int = 3) -> str:
        """Return a value as it is drawn and, where it is a standardized loss, in its own unit."""
        factor = trace.record.facts.loss_factor
        if self.quantity != "loss" or factor is None or factor == 1:
            return number(value, digits)
        unit = trace.record.facts.loss_unit
        # runs of earlier versions do not say what unit it is
        if not unit:
            return number(value, digits)
        plain = number(value * factor, digits)
        return tr("{value} ({plain} {unit})", value=number(value, digits), plain=plain, unit=tr(unit))

    def _beside(self, records: Records) -> str:
        """Return what stands along the y axis: the part, where names do not say it, and the unit."""
        parts, units = self._parts(records), self._units(records)
        if len(records) < 2 or parts == "both" or self.quantity in _EXACT:
            return units
        watched = {_watched(record) for record in records}
        part = tr("train") if parts == "train" else watched.pop() if len(watched) == 1 else ""
        return tr("{part}, {units}", part=part, units=units) if part and units else part or units

    def _units(self, records: Records) -> str:
        """Return the unit that stands along the y axis; "" for a plain number, or where runs differ in it."""
        if (metric := metric_of(self.quantity)) is not None:
            return tr(metric.unit.words)
        if self.quantity != "loss":
            return ""
        units = {_loss_unit(record.facts) for record in records}
        return units.pop() if len(units) == 1 else ""

    def _subject(self) -> str:
        return tr("the loss") if self.quantity == "loss" else quantity_name(self.quantity)

    def _traces(self, records: Records) -> list[_Trace]:
        """Return the series to draw: colour tells runs apart, dash parts (of one run by itself, both do)."""
        several, parts = len(records) > 1, self._parts(records)
        by_run = several or self.by_run
        traces = []
        for index, record in enumerate(records):
            noisy = record.series.get(self.quantity)
            # a series without a value yet is false, too: then that of the epochs, if any
            train = noisy or record.series.get(f"train.{self.quantity}")
            validation = record.series.get(f"validation.{self.quantity}")
            # where one part is drawn of all runs, the axis says which
            name = "" if not several else f"{record.name} · " if parts == "both" else record.name
            colour = index if record.colour is None else record.colour
            tone, second = (series_tone(colour), series_tone(colour)) if by_run else (_FIRST, _SECOND)
            # some quantities only training has (the learning rate), also where validation is asked for
            if train is not None and (parts != "validation" or validation is None):
                label = (
                    tr("train")
                    if validation is not None or self.quantity == "loss"
                    else quantity_name(self.quantity)
                )
                dash = _dash(colour if by_run else 0, 0, parts)
                label = name if several and parts != "both" else name + label
                traces.append(_Trace(record, train, label, tone, dash, noisy is not None))
            if validation is not None and parts != "train":
                dash = _dash(colour if by_run else 0, 1, parts)
                label = name if several and parts != "both" else name + _watched(record)
                traces.append(_Trace(record, validation, label, second, dash, False))
        return traces

    def _parts(self, records: Records) -> Literal["both", "train", "validation"]:
        """Return which parts are drawn: of many runs one alone, or nobody finds a line again."""
        if self.parts == "auto":
            # two lines a run; nobody follows those of a tree beyond a single branch
            tree = any(record.beginning is not None for record in records)
            return "both" if len(records) <= (_FEW_IN_TREE if tree else _FEW) else "validation"
        return self.parts

    def _across(self, record: RunRecord, steps: Numbers) -> Numbers:
        """Return where steps stand on the bottom axis; a branch begins where it left its parent."""
        begun = record.beginning
        if self.across == "steps" or record.started is None:
            return steps if begun is None else steps + begun.steps
        epochs = record.timetable.epochs(steps)
        return epochs if begun is None else epochs + begun.epochs

    def _step_at(self, record: RunRecord, x: float) -> float:
        """Return which step stands at a place of the bottom axis."""
        begun = record.beginning
        if self.across == "steps" or record.started is None:
            return x if begun is None else x - begun.steps
        return record.timetable.step_at(x if begun is None else x - begun.epochs)

    def _extent(self, traces: Sequence[_Trace]) -> tuple[float, float]:
        ends = (min(one.series.last_step, _last_drawn(one.record)) for one in traces)
        last = max(
            float(self._across(one.record, np.array(end, np.float64)))
            for one, end in zip(traces, ends, strict=True)
        )
        # in the first epoch the axis stands still
        return 0.0, max(last, 1e-9) if last > 1 else 1.0

    def _reach(self, trace: _Trace) -> float:
        """How many values to each side the smooth line takes into account; 0: it is not smoothed."""
        # a schedule is exact: smoothing would round off its corners
        if not trace.noisy or self.quantity in _EXACT:
            return 0.0
        # cubed: most of the slider is for light smoothing; at 1 it is a twentieth of the run to each side
        steps = self.smoothing**3 * trace.record.total_steps / 20
        return steps if steps >= 0.5 else 0.0

    def _curves(self, trace: _Trace, left: float, right: float, width: int, runs: int) -> Iterator[Curve]:
        record, reach = trace.record, self._reach(trace)
        left, right = (self._step_at(record, x) for x in (left, right))
        if not reach:
            x, y, high = reduced(trace.series, left, right, width)
            # more discs than these would hide the line
            marked = not trace.noisy and len(x) <= 60
            legend = f"{trace.name} {self._told(trace, latest(trace.series, _drawn_values(trace)))}"
            yield Curve(
                trace.name, self._across(record, x), y, trace.tone, 1, trace.dash, marked, legend, high
            )
            return
        # raw lines of more runs would hide each other
        if runs <= 2:
            x, y, high = reduced(trace.series, left, right, width)
            yield Curve(trace.name, self._across(record, x), y, trace.tone, weight=0, high=high)
        series = trace.series
        start, end = stretch(series, left, right)
        # a smooth line bends so little that every second pixel tells it
        at, line = series.smoothed(reach, start, end, max(width // 2, 1))
        legend = (
            f"{trace.name} {self._told(trace, smoothed_at(series, reach, max(_drawn_values(trace) - 1, 0)))}"
        )
        x = self._across(record, series.steps_at(at))
        yield Curve(trace.name, x, line, trace.tone, 2, trace.dash, legend=legend)

    def _in_tree(self, trace: _Trace, left: float, curves: Iterable[Curve]) -> Iterator[Curve]:
        """Yield lines as they stand in a tree: from the line of the parent, and no further than is drawn."""
        record, joint = trace.record, self._joint(trace, left)
        for curve in curves:
            x, y, high = curve.x, curve.y, curve.high
            if record.until is not None:
                kept = x <= float(self._across(record, np.array(record.until, np.float64)))
                x, y, high = x[kept], y[kept], None if high is None else high[kept]
            if joint is not None and len(x):
                x, y = np.insert(x, 0, joint[0]), np.insert(y, 0, joint[1])
                high = None if high is None else np.insert(high, 0, joint[1])
            yield replace(curve, x=x, y=y, high=high)

    def _joint(self, trace: _Trace, left: float) -> tuple[float, float] | None:
        """Return where a branch leaves the line of its parent; None where that is not seen."""
        begun = trace.record.beginning
        if begun is None:
            return None
        name = next(name for name, series in trace.record.series.items() if series is trace.series)
        series = begun.parent.series.get(name)
        x = float(self._across(trace.record, np.zeros(())))
        place = -1.0 if series is None else min(series.index_of(begun.step), len(series) - 1)
        if series is None or place < 0 or x < left:
            return None
        if reach := self._reach(replace(trace, record=begun.parent, series=series)):
            y = smoothed_at(series, reach, round(place))
        else:
            before, after = math.floor(place), math.ceil(place)
            y = float(np.interp(place, [before, after], series.values[[before, after]].astype(np.float64)))
        return (x, y) if math.isfinite(y) else None

    def _bands(self, trace: _Trace) -> Iterator[SpreadBand]:
        """Yield how far runs spread about their mean."""
        names = (name for name, series in trace.record.series.items() if series is trace.series)
        spread = trace.record.spread.get(next(names, ""))
        if spread is not None:
            low, high = (edge.values.astype(np.float64) for edge in spread)
            x = self._across(trace.record, trace.series.steps().astype(np.float64))
            yield SpreadBand(x, low, high, trace.tone)

    def _uprights(self, records: Records) -> tuple[Upright, ...]:
        if len(records) != 1:
            return self._forks(records)
        record = records[0]
        steps = [float(self._across(record, np.array(mark.step, np.float64))) for mark in record.marks]
        return tuple(Upright(x, tr(mark.text)) for x, mark in zip(steps, record.marks, strict=True))

    def _forks(self, records: Records) -> tuple[Upright, ...]:
        """Return where runs branch off from others, each place with what was changed there."""
        found: dict[float, dict[str, None]] = {}
        for record in records:
            if record.beginning is not None:
                x = float(self._across(record, np.zeros(())))
                found.setdefault(x, {})[record.beginning.changed] = None
        return tuple(Upright(x, " · ".join(changes)) for x, changes in sorted(found.items()))

    def _thresholds(self, records: Records) -> tuple[Threshold, ...]:
        if not records:
            return ()
        return tuple(
            Threshold(scores[self.quantity], baseline_name(name))
            for name, scores in records[0].reference.items()
            # a log axis has no place for 0 and below
            if self.quantity in scores and (scores[self.quantity] > 0 or not self.log)
        )


def _watched(record: RunRecord) -> str:
    """Return what the part is called whose scores are followed after every epoch."""
    return tr("training part, after the epoch") if record.facts.watched == "train" else tr("validation")


def _dash(colour: int, part: int, parts: str) -> Dash:
    """Return the dash of a line: where both parts are drawn it tells them apart, else runs of one tone."""
    group = colour // TONES
    return DASHES[part + 2 * (group % 2)] if parts == "both" else DASHES[group % len(DASHES)]


def near(thresholds: Sequence[Threshold], curves: Sequence[Curve]) -> tuple[Threshold, ...]:
    """Return the lines to compare with that are worth the room: the nearest one, and those not far off.

    A baseline that is far worse would press the curve flat against the edge.
    """
    values = np.concatenate([np.asarray(curve.y, np.float64).ravel() for curve in curves] or [np.empty(0)])
    values = values[np.isfinite(values)]
    if not len(values):
        return tuple(thresholds)
    low, high = float(values.min()), float(values.max())
    away = [max(low - line.y, line.y - high, 0.0) for line in thresholds]
    most = max(_FAR * (high - low), min(away, default=0.0))
    return tuple(line for line, far in zip(thresholds, away, strict=True) if far <= most)


def _loss_unit(facts: Facts) -> str:
    """Return what the loss of a run is told in; "" for a plain number.

    That numbers are learnt in standardized units says nothing of a loss of information: it is in nats.
    """
    if facts.standardized and facts.loss_unit in _SCALED:
        return tr("in standardized units")
    return tr(facts.loss_unit) if facts.loss_unit else ""


def _last_drawn(record: RunRecord) -> float:
    """Return the last step of a run that is drawn."""
    return math.inf if record.until is None else record.until


def _drawn_values(trace: _Trace) -> int:
    """Return how many values of a series are drawn."""
    count, until = len(trace.series), trace.record.until
    return count if until is None else min(max(math.floor(trace.series.index_of(until)) + 1, 0), count)
