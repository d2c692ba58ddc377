"""Preparing a course over time: split by time, windows cut, the network's view of each fitted on the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.missing.sentinels import stands_apart
from engine.data.cells.values import as_text, listed
from engine.data.decisions import decided
from engine.data.description import PARTS, Description, PartName, Targets
from engine.data.examples import Examples
from engine.data.memory import free_memory
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.preprocessor import Preprocessor
from engine.data.refusal import refused, unknown_columns
from engine.data.series.encode import MOST_FORECASTS, MOST_NUMBERS, TimelineEncoder, since
from engine.data.series.parts import divided, windows_of
from engine.data.series.raw import Timeline
from engine.data.series.read.calendar import calendar_names
from engine.data.series.read.courses import ahead
from engine.data.series.read.gaps import held
from engine.data.series.scaling import scaling, still
from engine.data.series.season import find_season
from engine.data.series.windows import Borders
from engine.data.source import Report, silent
from engine.data.split import Split


def prepare_timeline(
    raw: Timeline, split: Split, preprocessing: Preprocessing, report: Report = silent
) -> Prepared:
    """Return the windows of a course over time: training before validation before test.

    The parts divide the rows that are forecast; no window forecasts rows of two parts, and no target of a
    later part is in a window of an earlier one. Inputs may look back over a border: by then that is known.
    Scaling and season come from the rows before the first border. `rows` of the examples are the first
    forecast rows. Raises Invalid with every problem found.
    """
    _refuse_unfit(raw)
    notices = [*raw.notices]
    raw, edges = divided(raw, split, notices)
    report(0.1, "Looking for the season")
    known = replace(raw, season=_season(raw, edges, notices))
    encoder = fit_timeline(known, tuple(one.validation for one in edges), preprocessing, notices)
    # before windows are cut: overlapping, they take `history` times the memory of the course
    _refuse_large(encoder, len(encoder.starts(raw)))
    report(0.3, "Cutting windows")
    first = encoder.starts(raw)
    inputs, targets = encoder.encode(raw, notices.append), encoder.answers(raw)
    # of the training windows alone, as whatever is fitted
    learnt = windows_of("train", raw, edges, first)
    preprocessor = Preprocessor(encoder, _targets(encoder, inputs[learnt], targets[learnt]))

    def examples(part: PartName) -> Examples:
        chosen = windows_of(part, raw, edges, first)
        return Examples(inputs[chosen], targets[chosen], first[chosen])

    train, validation, test = (examples(part) for part in PARTS)
    report(1.0, "Ready")
    return Prepared(
        Description(preprocessor.received, preprocessor.predicted, len(train), len(validation), len(test)),
        train,
        validation,
        test,
        preprocessor,
        known,
        tuple(notices),
    )


def fit_timeline(
    raw: Timeline, ends: Sequence[int], preprocessing: Preprocessing, notices: list[str]
) -> TimelineEncoder:
    """Return the encoder that the rows of each course before its own of `ends` say.

    Raises Invalid when a target never changes there.
    """
    # nothing behind the borders is looked at, or the scaling would know the future
    pieces = [raw.values[start : start + end] for (start, _), end in zip(raw.stretches, ends, strict=True)]
    before = replace(raw, values=np.concatenate(pieces), lengths=tuple(map(len, pieces)))
    past = before.values
    constant = {name for name, same in zip(raw.columns, still(past), strict=True) if same}
    flat = [name for name in raw.targets if name in constant]
    if flat:
        raise refused(
            "data.target",
            Message(
                "{listed}: the same number in every row of the training part; there is nothing to learn",
                listed=listed(flat),
            ),
        )
    if constant:
        notices.append(
            Message(
                "left out, because the same in every row of training: {listed}",
                listed=listed(sorted(constant)),
            )
        )
    kept = [place for place, name in enumerate(raw.columns) if name not in constant]
    names = tuple(raw.columns[place] for place in kept)
    offset, scale = (np.array(found) for found in scaling(past[:, kept], preprocessing))
    # the defaults, which are mean and deviation: the units of the targets
    mean, deviation = scaling(past[:, kept], Preprocessing())
    for place, name in enumerate(names):
        if name in raw.targets:  # in the units in which it is learnt, whatever the other inputs are in
            plain = preprocessing.target_scaling == "none"
            offset[place], scale[place] = (0.0, 1.0) if plain else (mean[place], deviation[place])
    encoder = TimelineEncoder(
        columns=names,
        offset=tuple(offset.tolist()),
        scale=tuple(scale.tolist()),
        targets=raw.targets,
        history=raw.history,
        horizon=raw.horizon,
        stride=raw.stride,
        season=raw.season,
        time=raw.time,
    )
    # in two steps, as the changes are measured in the units of the encoder itself
    return encoder.model_copy(update={"changes": _changes(encoder, before)})


def _changes(encoder: TimelineEncoder, past: Timeline) -> tuple[float, ...]:
    """Return how large the changes of each target since one season before usually are, in standard units."""
    if not past.changes:
        return ()
    rows = encoder.rows(past, past.targets)
    changes = np.concatenate([since(rows[start:end], encoder.season) for start, end in past.stretches])
    size = np.sqrt(np.mean(changes**2, axis=0))
    return tuple(np.where(size > 0, size, 1.0).astype(np.float64).tolist())


def _targets(encoder: TimelineEncoder, inputs: NDArray[np.float32], targets: NDArray[np.float32]) -> Targets:
    """Return the facts of what is forecast; how far it is from a season before, the training windows say."""
    mean, scale = encoder.forecast_units
    reference = encoder.reference
    spread: tuple[float, ...] = ()
    if reference:
        change = targets - inputs.reshape(len(inputs), -1)[:, reference]
        size = np.sqrt(np.mean(change.astype(np.float64) ** 2, axis=0))
        spread = tuple(np.where(size > 0, size, 1.0).tolist())
    least = tuple((np.array(mean) + targets.min(axis=0).astype(np.float64) * np.array(scale)).tolist())
    return Targets(
        "numbers", encoder.outputs, (), mean, scale, reference=reference, spread=spread, least=least
    )


def measured(raw: Timeline) -> tuple[str, ...]:
    """Return the columns of a course that were measured, and not made while reading: nobody forecasts those.

    They are the calendar, and what known columns will be at the horizon.
    """
    made = {*calendar_names(), *(ahead(name, raw.horizon) for name in raw.columns)}
    return tuple(name for name in raw.columns if name not in made)


def _refuse_unfit(raw: Timeline) -> None:
    problems = unknown_columns("data.target", raw.targets, raw.columns)
    if not raw.targets:
        there = listed(measured(raw), 40)
        problems.append(
            Problem(
                "data.target",
                Message("is missing: name the columns to forecast. There are: {there}", there=there),
            )
        )
    if raw.horizon * len(raw.targets) > MOST_FORECASTS:
        problems.append(
            Problem(
                "data.horizon",
                Message(
                    "gives more than {most:,} numbers per forecast: shorten it",
                    most=MOST_FORECASTS,
                ),
            )
        )
    if raw.history * len(raw.columns) > MOST_NUMBERS:
        problems.append(
            Problem(
                "data.history",
                Message(
                    "gives more than {most:,} numbers per window: shorten it",
                    most=MOST_NUMBERS,
                ),
            )
        )
    if problems:
        raise Invalid(problems)


def _refuse_large(encoder: TimelineEncoder, count: int) -> None:
    # in float32: twice, as the windows of each part are copied out (measured: 2.1 times), and once more in
    # training, whose tensors are copies
    needed = count * (encoder.received.size + len(encoder.outputs)) * 4 * 3
    if needed > free_memory():
        raise refused(
            "data.stride",
            Message(
                "{count:,} windows of {history:,} rows need {needed:.1f} GB of memory, more than is "
                "free: raise the step between windows, or shorten the history",
                count=count,
                history=encoder.history,
                needed=needed / 1e9,
            ),
        )


def _evenly(stretches: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Return some of many courses, evenly chosen: the others have the same season."""
    return [*stretches[:: -(-len(stretches) // _LOOKED_AT)]]


_LOOKED_AT = 50
"""Courses whose season is looked for."""


def _season_without(values: NDArray[np.float32], found: int, name: str, notices: list[str]) -> int:
    """Return the season without a number that may mean missing, told; 0 where none is, or it is the same.

    Such a number repeats itself, too, and hides what the rest does.
    """
    apart = stands_apart(values.astype(np.float64))
    if apart is None:
        return 0
    # compared in float32, as -999.9 read in float64 would equal no value here
    rest = np.where(values == np.float32(apart), np.nan, values).astype(np.float64)
    known = held(rest[:, None])[0][:, 0]
    # a gap at the start has no value before it to be held
    without, clear = find_season(known[~np.isnan(known)].astype(np.float32))
    if without in (0, found):
        return 0
    beside = Message("after {found} rows", found=found) if found else "not at all"
    # as the file writes it: -99.99 in float32 is -99.98999786 in float64, and would be missing nowhere
    shown = as_text(float(str(np.float32(apart))))
    said = Message(
        "season: without {shown}, which may mean missing, {name} repeats itself after "
        "{without} rows (autocorrelation {clear:.2f} in the training part), which is taken; "
        "with it, {beside}. If {shown} means missing, list it under Missing; if not, set the "
        "season",
        shown=shown,
        name=name,
        without=without,
        clear=clear,
        beside=beside,
    )
    notices.append(decided(said, "data.missing", shown, cells=(shown,), doubtful=True))
    return without


def _season(raw: Timeline, edges: Sequence[Borders], notices: list[str]) -> int:
    """Return the season that was said, or the one found in the training stretch of the first target.

    Of several courses it is that of most of them.
    """
    if raw.season:
        return raw.season
    target = raw.columns.index(raw.targets[0])
    pieces = zip(raw.stretches, edges, strict=True)
    stretches = [raw.values[start : start + one.validation, target] for (start, _), one in pieces]
    every = [find_season(values) for values in _evenly(stretches)]
    usual = Counter(season for season, _ in every).most_common(1)[0][0]
    # of those that repeat so, the one in which it is clearest
    place = max((n for n, one in enumerate(every) if one[0] == usual), key=lambda n: every[n][1])
    values, (found, clear) = _evenly(stretches)[place], every[place]
    without = _season_without(values, found, raw.targets[0], notices)
    if without:
        return without
    notices.append(
        Message(
            "season: {targets} repeats itself after {found} rows (autocorrelation {clear:.2f} in "
            "the training part)",
            targets=raw.targets[0],
            found=found,
            clear=clear,
        )
        if found
        else Message("season: none found in the training part of {targets}", targets=raw.targets[0])
    )
    return found
