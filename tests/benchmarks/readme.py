"""The table of figures in README.md, between two marks: `bench --readme` writes it and nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.benchmarks.harness import Figure

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- figures of dev.py bench --readme -->", "<!-- end of the figures -->"
HEAD = ("| benchmark | way | median | unit | ratio | measured |", "|---|---|---|---|---|---|")


def with_figures(text: str, figures: Sequence[Figure], day: str, order: Iterable[str]) -> str:
    """Return the text with these figures in its table. Rows of benchmarks that were not run again stay.

    `order`: the benchmarks there are; rows of others are of benchmarks that are gone, and go.
    Raises ValueError where the text has no such marks.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the readme has no marks {BEGIN} and {END}")
    rows: dict[str, list[str]] = {}
    for row in rows_in(text):
        rows.setdefault(benchmark_of(row), []).append(row)
    for name in dict.fromkeys(figure.benchmark for figure in figures):
        rows[name] = [_row(figure, day) for figure in figures if figure.benchmark == name]
    lines = [*HEAD, *(row for name in order for row in rows.get(name, ()))]
    return f"{before}{BEGIN}\n{chr(10).join(lines)}\n{END}{after}"


def rows_in(text: str) -> list[str]:
    """Return the rows of the table, without its head."""
    inside = text.partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    return inside[len(HEAD) :]


def benchmark_of(row: str) -> str:
    return row.split("|")[1].strip()


def _row(figure: Figure, day: str) -> str:
    median = f"{figure.median:,.0f}" if figure.median >= 100 else f"{figure.median:.3g}"
    cells = (figure.benchmark, figure.way, median, figure.unit, f"{figure.ratio:.2f}", day)
    return f"| {' | '.join(cells)} |"
