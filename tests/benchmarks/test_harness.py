"""The benchmark harness: ways take turns, and the ratio is taken within each round."""

from __future__ import annotations

import json

import pytest

from tests.benchmarks import harness
from tests.benchmarks.__main__ import all_benchmarks
from tests.benchmarks.harness import Benchmark, Way


def benchmark_of(calls: list[str], **figures: list[float]) -> Benchmark:
    def way(name: str, values: list[float]) -> Way:
        given = iter(values)

        def measure() -> float:
            calls.append(name)
            return next(given)

        return Way(name=name, measure=measure)

    ways = tuple(way(name, values) for name, values in figures.items())
    return Benchmark(name="example", title="Example", unit="s", ways=ways, rounds=3, quick_rounds=1)


def test_that_the_ways_take_turns_and_the_order_turns_round():
    calls: list[str] = []
    harness.measure(benchmark_of(calls, a=[1.0] * 3, b=[2.0] * 3), quick=False)
    assert calls == ["a", "b", "b", "a", "a", "b"]


def test_that_quick_measures_fewer_rounds():
    calls: list[str] = []
    figures = harness.measure(benchmark_of(calls, a=[1.0], b=[2.0]), quick=True)
    assert calls == ["a", "b"]
    assert [figure.rounds for figure in figures] == [1, 1]


def test_that_quick_does_less_where_a_way_knows_how():
    ways = (Way(name="a", measure=lambda: 60.0, quick=lambda: 5.0), Way(name="b", measure=lambda: 10.0))
    benchmark = Benchmark(name="example", title="Example", unit="s", ways=ways, rounds=1, quick_rounds=1)
    assert [figure.median for figure in harness.measure(benchmark, quick=True)] == [5.0, 10.0]
    assert [figure.median for figure in harness.measure(benchmark, quick=False)] == [60.0, 10.0]


def test_that_the_ratio_is_the_median_over_the_rounds_and_not_of_the_medians():
    baseline, other = harness.measure(benchmark_of([], a=[1.0, 10.0, 4.0], b=[2.0, 5.0, 12.0]), quick=False)
    assert baseline.ratio == 1.0
    assert other.ratio == 2.0  # of 2, 0.5 and 3; the medians 5 and 4 would say 1.25
    assert (other.median, other.lowest, other.highest) == (5.0, 2.0, 12.0)


def test_that_seconds_are_the_mean_over_the_repeats():
    calls: list[int] = []
    seconds = harness.seconds_of(lambda: calls.append(1), repeats=5)()
    assert len(calls) == 5
    assert seconds >= 0


def test_that_table_and_json_hold_every_figure():
    figures = harness.measure(benchmark_of([], a=[1.0] * 3, b=[2.0] * 3), quick=False)
    assert [row["way"] for row in json.loads(harness.as_json(figures))] == ["a", "b"]
    head, *rows = harness.as_table(figures).splitlines()
    assert head.split() == ["benchmark", "way", "median", "lowest", "highest", "unit", "ratio"]
    assert rows[1].split() == ["example", "b", "2", "2", "2", "s", "2.000"]


@pytest.mark.parametrize("benchmark", all_benchmarks().values(), ids=lambda benchmark: benchmark.name)
def test_that_every_benchmark_compares_at_least_two_ways(benchmark):
    assert len({way.name for way in benchmark.ways}) == len(benchmark.ways) >= 2
