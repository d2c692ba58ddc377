"""Runs the benchmarks of every file measure_*.py in this folder; a new topic is one new file."""

from __future__ import annotations

import argparse
import importlib
import sys
from datetime import date
from pathlib import Path

from tests.benchmarks.harness import Benchmark, as_json, as_table, measure
from tests.benchmarks.readme import README, with_figures


def all_benchmarks() -> dict[str, Benchmark]:
    """Every benchmark by its name, in the order of the files."""
    files = sorted(Path(__file__).parent.glob("measure_*.py"))
    modules = (importlib.import_module(f"tests.benchmarks.{file.stem}") for file in files)
    return {benchmark.name: benchmark for module in modules for benchmark in module.BENCHMARKS}


def main() -> int:
    known = all_benchmarks()
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of: {', '.join(known)}; all when none is given"
    )
    parser.add_argument("--json", action="store_true", help="a JSON list instead of the table")
    parser.add_argument("--readme", action="store_true", help="also write the figures into README.md")
    parser.add_argument("--quick", action="store_true", help="few rounds: shows that it runs, not how fast")
    chosen = parser.parse_args()
    if chosen.readme and chosen.quick:
        parser.error(
            "--quick shows that a benchmark runs, and not how fast: such figures are not for the readme"
        )
    if unknown := [name for name in chosen.names if name not in known]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}")
    figures = []
    for name in chosen.names or known:
        print(f"{known[name].title} ...", file=sys.stderr, flush=True)
        figures += measure(known[name], quick=chosen.quick)
    if chosen.readme:
        text = with_figures(README.read_text("utf-8"), figures, f"{date.today():%Y-%m-%d}", known)
        README.write_text(text, "utf-8")
    print(as_json(figures) if chosen.json else as_table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
