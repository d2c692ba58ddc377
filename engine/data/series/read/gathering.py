"""Gathering series one after another into a set, whatever they are read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import LARGEST, counted, listed
from engine.data.description import PartName
from engine.data.files.placement import Placed, published_parts
from engine.data.refusal import refused
from engine.data.series.raw import SeriesSet
from engine.data.series.read.gaps import bridged

_NONE = np.empty((0, 0))


@dataclass(frozen=True)
class Recording:
    """One series as it was found.

    `values`: float64 (length, channels), NaN where one is missing; `part`: that in which it was published.
    """

    name: str
    label: str
    values: NDArray[np.float64]
    part: PartName | None = None


def gathered(
    found: Iterable[Recording],
    channels: tuple[str, ...],
    target: str,
    longest: int,
    memory: int,
    notices: Iterable[str] = (),
) -> SeriesSet:
    """Return the set of all series. Raises Invalid when none is left or they do not fit into memory.

    Missing values are bridged; series without any are left out, and those longer than `longest` (0: any
    length) cut at their end. All of it is told.
    """
    kept: list[NDArray[np.float32]] = []
    read: list[Recording] = []
    empty, cut, gaps, used = [], [], 0, 0
    for one in found:
        # before the length is looked at: padding of a wide table makes no series long
        values = _without_end(one.values)
        if longest and len(values) > longest:
            values = values[:longest]
            cut.append(one.name)
        missing = np.isnan(values)
        # a channel without any value cannot be bridged, and every series needs each channel
        if not len(values) or missing.all(axis=0).any():
            empty.append(one.name)
            continue
        if missing.any():
            gaps += int(missing.sum())
            values = bridged(values)
        _refuse_large(one.name, values)
        used += values.size * 4
        # after each series, not at the end: by then the memory would be full
        _refuse_beyond(used, memory)
        kept.append(values.astype(np.float32))
        # without its values, which are as large again in double precision
        read.append(replace(one, values=_NONE))
    if not kept:
        raise refused("data.path", _none_left(empty))
    return SeriesSet(
        tuple(kept),
        channels,
        np.array([one.label for one in read], dtype=np.str_),
        tuple(one.name for one in read),
        target,
        (*notices, *_told(empty, cut, longest, gaps)),
        published_parts([Placed(one.label, one.part) for one in read]),
    )


def _none_left(empty: list[str]) -> str:
    if empty:
        return Message("holds no series with values: {names} lack them", names=listed(empty))
    return "holds no series with values"


def _told(empty: list[str], cut: list[str], longest: int, gaps: int) -> list[str]:
    """Return what is said of series left out or cut, and of values that were missing."""
    told: list[str] = []
    if empty:
        told.append(
            Message(
                "{count} series without a value in some channel left out: {names}",
                count=len(empty),
                names=listed(empty),
            )
        )
    if cut:
        told.append(
            Message(
                "{count} series longer than {longest} cut at the end: {names}",
                count=len(cut),
                longest=longest,
                names=listed(cut),
            )
        )
    if gaps:
        bridged_values = counted(gaps, "missing value")
        told.append(
            Message("{values} bridged by straight lines between the neighbours", values=bridged_values)
        )
    return told


def _without_end(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values up to the last place at which any channel has one: tables are padded there."""
    there = np.flatnonzero(~np.isnan(values).all(axis=1))
    return values[: there[-1] + 1] if len(there) else values[:0]


def _refuse_large(name: str, values: NDArray[np.float64]) -> None:
    if np.abs(values).max() > LARGEST:
        raise refused(
            "data.path",
            Message(
                "{name} holds numbers beyond ±{most:g}, which are mistakes: mend or remove them",
                name=name,
                most=LARGEST,
            ),
        )


def _refuse_beyond(used: int, memory: int) -> None:
    # once as they are kept (measured: 1.3 times, with the one at hand in float64), once for the network
    if used * 2 > memory:
        raise refused(
            "data.path",
            Message(
                "the series need more than the {memory:.1f} GB of memory that are free: keep fewer, "
                "or set the longest length",
                memory=memory / 1e9,
            ),
        )
