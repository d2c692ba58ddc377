"""Benchmarks that compare: two or more ways are measured in turn, in one run, on one machine.

A machine's speed changes from minute to minute, so a figure alone says little. Within a round every way is
measured once, in an order that turns round from round to round; the ratio is taken within each round and the
median over the rounds is what counts.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way of doing the thing; `measure` does it once and gives the figure, `quick` does less of it."""

    name: str
    measure: Callable[[], float]
    quick: Callable[[], float] | None = None


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """What is compared. The first way is the baseline: every ratio is a way's figure over the baseline's."""

    name: str
    title: str
    unit: str
    ways: tuple[Way, ...]
    rounds: int = 7
    quick_rounds: int = 3


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The outcome for one way of one benchmark."""

    benchmark: str
    way: str
    unit: str
    median: float
    lowest: float
    highest: float
    ratio: float  # median over the rounds of this way's figure divided by the baseline's
    rounds: int


def seconds_of(action: Callable[[], object], *, repeats: int = 1) -> Callable[[], float]:
    """A measure: the seconds that the action takes, the mean over some repeats."""

    def measure() -> float:
        start = time.perf_counter()
        for _ in range(repeats):
            action()
        return (time.perf_counter() - start) / repeats

    return measure


def measure(benchmark: Benchmark, *, quick: bool) -> list[Figure]:
    """Measure every way in turn, round after round, and give a figure for each."""
    rounds = benchmark.quick_rounds if quick else benchmark.rounds
    values: dict[str, list[float]] = {way.name: [] for way in benchmark.ways}
    for number in range(rounds):
        turn = number % len(benchmark.ways)
        for way in benchmark.ways[turn:] + benchmark.ways[:turn]:
            once = way.quick if quick and way.quick is not None else way.measure
            values[way.name].append(once())
    baseline = values[benchmark.ways[0].name]
    return [_figure(benchmark, way.name, values[way.name], baseline) for way in benchmark.ways]


def as_table(figures: Sequence[Figure]) -> str:
    """The figures as columns of text."""
    heads = ("benchmark", "way", "median", "lowest", "highest", "unit", "ratio")
    rows = [
        (
            f.benchmark,
            f.way,
            f"{f.median:.4g}",
            f"{f.lowest:.4g}",
            f"{f.highest:.4g}",
            f.unit,
            f"{f.ratio:.3f}",
        )
        for f in figures
    ]
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in (heads, *rows)
    )
    return "\n".join(line.rstrip() for line in lines)


def as_json(figures: Sequence[Figure]) -> str:
    """The figures as a JSON list of objects."""
    return json.dumps([asdict(figure) for figure in figures], indent=1)


def _figure(benchmark: Benchmark, way: str, values: Sequence[float], baseline: Sequence[float]) -> Figure:
    return Figure(
        benchmark=benchmark.name,
        way=way,
        unit=benchmark.unit,
        median=statistics.median(values),
        lowest=min(values),
        highest=max(values),
        ratio=statistics.median(value / base for value, base in zip(values, baseline, strict=True)),
        rounds=len(values),
    )
