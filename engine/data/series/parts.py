"""The parts of a course over time, or of several: where they begin, and which windows are of which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message
from engine.data.cells.values import listed
from engine.data.decisions import decided
from engine.data.description import PARTS, PartName
from engine.data.refusal import refused
from engine.data.series.raw import Timeline
from engine.data.series.windows import Borders, borders, within
from engine.data.split import Split

_SIDE_BY_SIDE = 0.5
"""Share of the rows whose courses go on over both borders, from which on these are moments for all."""
_SETTING = "data.borders"


def windows_of(
    part: PartName, raw: Timeline, edges: Sequence[Borders], first: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return which windows forecast rows of a part of their course alone, as indices into `first`."""
    found = []
    for (start, _), one in zip(raw.stretches, edges, strict=True):
        begin, end = one.stretch(part)
        found.append(within(first, raw.horizon, (start + begin, start + end)))
    return np.concatenate(found)


def divided(raw: Timeline, split: Split, notices: list[str]) -> tuple[Timeline, tuple[Borders, ...]]:
    """Return the courses that can be learnt from with their borders; what is done and left out is told.

    Where courses go on side by side, the parts begin at one moment for all: else what happened to one course
    would be learnt while another is tested at that very time. Raises Invalid where there is none.
    """
    moments = _moments(raw)
    if len(raw.stretches) < 2 or raw.borders == "each" or moments is None:
        found = _each(raw, split, notices)
        if len(raw.stretches) > 1 and moments is not None and not _at_one_moment(found[0], found[1]):
            notices.append(_told_each())
        return found
    at = _common(raw, moments, split)
    edges = [_borders_at(raw, moments[start:end], at, split) for start, end in raw.stretches]
    lengths = np.array([end - start for start, end in raw.stretches])
    whole = np.array([_holds_all(one, raw.horizon, split) for one in edges])
    if raw.borders == "auto" and lengths[whole].sum() < _SIDE_BY_SIDE * lengths.sum():
        notices.append(_told_each())
        return _each(raw, split, notices)
    if not whole.any():
        raise refused(
            _SETTING,
            "no course has a forecast in every part at one moment for all: let each be divided by its own "
            "length, or shorten history or horizon",
        )
    learnt = [one.validation - one.history >= raw.horizon for one in edges]
    late = [name for name, kept in zip(raw.names, learnt, strict=True) if not kept]
    if late:
        notices.append(
            Message(
                "{count} courses left out, which begin too late to be learnt from: {listed}",
                count=len(late),
                listed=listed(late),
            )
        )
    kept = [place for place, one in enumerate(learnt) if one]
    chosen = _only(raw, kept) if late else raw
    notices.append(_told_common(chosen, [edges[place] for place in kept]))
    return chosen, tuple(edges[place] for place in kept)


def _holds_all(one: Borders, horizon: int, split: Split) -> bool:
    """Return whether every part that has a share can hold a forecast of a course."""
    shares = zip(PARTS, (split.train, split.validation, split.test), strict=True)
    stretches = [one.stretch(part) for part, share in shares if share > 0]
    return all(end - begin >= horizon for begin, end in stretches)


def _each(raw: Timeline, split: Split, notices: list[str]) -> tuple[Timeline, tuple[Borders, ...]]:
    """Return the courses of which each part can hold a forecast, with borders by their own lengths."""
    kept: list[int] = []
    edges: list[Borders] = []
    refusal: Invalid | None = None
    for place, (start, end) in enumerate(raw.stretches):
        try:
            edges.append(borders(end - start, raw.history, raw.horizon, split))
        except Invalid as error:
            refusal = refusal or error
            continue
        kept.append(place)
    if refusal is not None and not kept:
        raise refusal
    if refusal is None:
        return raw, tuple(edges)
    short = [name for place, name in enumerate(raw.names) if place not in {*kept}]
    notices.append(
        Message(
            "{count} courses left out, too short for a history of {history} rows and {horizon} to "
            "forecast in each part: {listed}; to keep them, shorten history or horizon",
            count=len(short),
            history=raw.history,
            horizon=raw.horizon,
            listed=listed(short),
        )
    )
    return _only(raw, kept), tuple(edges)


def _only(raw: Timeline, kept: Sequence[int]) -> Timeline:
    """Return some of the courses."""
    pieces = [raw.stretches[place] for place in kept]
    return replace(
        raw,
        values=np.concatenate([raw.values[start:end] for start, end in pieces]),
        times=np.concatenate([raw.times[start:end] for start, end in pieces]),
        names=tuple(raw.names[place] for place in kept),
        lengths=tuple(raw.lengths[place] for place in kept),
    )


def _moments(raw: Timeline) -> NDArray[np.generic] | None:
    """Return when each row was, as what can be compared; None where rows have no times."""
    if not raw.time:
        return None
    try:
        return raw.times.astype(np.float64)
    except ValueError:
        return raw.times  # dates stand from the year to the second, so that words are in their order


def _common(raw: Timeline, moments: NDArray[np.generic], split: Split) -> tuple[object, object]:
    """Return the moments at which validation and test begin: those that give each part its share of all
    rows that can be forecast.
    """
    room = np.sort(np.concatenate([moments[start + raw.history : end] for start, end in raw.stretches]))
    if not len(room):
        start, end = raw.stretches[0]
        borders(end - start, raw.history, raw.horizon, split)  # which says what is too short
        return moments[0], moments[0]
    places = [round(len(room) * share) for share in (split.train, split.train + split.validation)]
    return room[min(places[0], len(room) - 1)], room[min(places[1], len(room) - 1)]


def _borders_at(
    raw: Timeline, moments: NDArray[np.generic], at: tuple[object, object], split: Split
) -> Borders:
    """Return the borders of one course at moments that hold for all."""
    rows = len(moments)
    first, second = (
        int(np.searchsorted(moments, moment, side="left"))  # type: ignore[call-overload]
        for moment in at
    )
    validation = min(max(first, raw.history), rows)
    # without a test part the last row goes to validation, whatever the shares round to
    test = rows if split.test == 0 else min(max(second, validation), rows)
    return Borders(min(raw.history, rows), validation, test, rows)


def _at_one_moment(raw: Timeline, edges: Sequence[Borders]) -> bool:
    """Return whether all courses have their borders at the same times."""
    moments = {
        tuple(
            str(raw.times[start + place]) if place < one.rows else "" for place in (one.validation, one.test)
        )
        for (start, _), one in zip(raw.stretches, edges, strict=True)
    }
    return len(moments) == 1


def _told_common(raw: Timeline, edges: Sequence[Borders]) -> str:
    said = Message("the parts begin at one moment for all courses: {shown}", shown=_begins(raw, edges))
    return decided(said, _SETTING, "each")


def _begins(raw: Timeline, edges: Sequence[Borders]) -> str:
    """Return when validation and test begin, by the course that has both."""
    found = []
    for part, names in (("validation", "validation from {time}"), ("test", "test from {time}")):
        times = [
            str(raw.times[start + getattr(one, part)])
            for (start, _), one in zip(raw.stretches, edges, strict=True)
            if getattr(one, part) < one.rows
        ]
        if times:
            found.append(Message(names, time=min(times)))
    return ", ".join(found)


def _told_each() -> str:
    said = Message(
        "each course is divided by its own length: at one and the same time, one may be learnt from while "
        "another is tested"
    )
    return decided(said, _SETTING, "common", doubtful=True)
