"""The table of figures in the readme is what the benchmarks write, and nothing else."""

from __future__ import annotations

import pytest

from tests.benchmarks.__main__ import all_benchmarks
from tests.benchmarks.harness import Figure
from tests.benchmarks.readme import BEGIN, END, README, benchmark_of, rows_in, with_figures


def figure(benchmark: str, way: str, median: float, ratio: float) -> Figure:
    return Figure(benchmark=benchmark, way=way, unit="ms", median=median, lowest=median, highest=median,
                  ratio=ratio, rounds=3)  # fmt: skip


def test_that_new_figures_take_the_place_of_old_ones_and_others_stay() -> None:
    text = f"above\n{BEGIN}\n{END}\nbelow\n"
    known = ["lists", "start"]
    text = with_figures(
        text, [figure("start", "Qt", 0.5, 1), figure("lists", "sort", 41.24, 2)], "day 1", known
    )
    assert rows_in(text) == [
        "| lists | sort | 41.2 | ms | 2.00 | day 1 |",
        "| start | Qt | 0.5 | ms | 1.00 | day 1 |",
    ]
    text = with_figures(text, [figure("lists", "sort", 30, 1.5)], "day 2", known)
    assert rows_in(text) == [
        "| lists | sort | 30 | ms | 1.50 | day 2 |",
        "| start | Qt | 0.5 | ms | 1.00 | day 1 |",
    ]
    assert text.startswith("above\n")
    assert text.endswith("\nbelow\n")


def test_that_what_is_no_benchmark_any_more_goes() -> None:
    text = with_figures(f"{BEGIN}{END}", [figure("gone", "way", 1, 1)], "day", ["gone"])
    assert rows_in(with_figures(text, [], "day", ["lists"])) == []


def test_that_a_readme_without_marks_is_told() -> None:
    with pytest.raises(ValueError, match="no marks"):
        with_figures("nothing", [], "day", [])


def test_that_the_readmes_table_is_as_the_command_writes_it() -> None:
    text, known = README.read_text("utf-8"), all_benchmarks()
    assert with_figures(text, [], "today", known) == text
    ways = {(name, way.name) for name, benchmark in known.items() for way in benchmark.ways}
    assert {(benchmark_of(row), row.split("|")[2].strip()) for row in rows_in(text)} <= ways
