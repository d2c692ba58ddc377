"""How long a process takes to start: bare, as a window needs it (Qt), and as the engine needs it (torch)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from tests.benchmarks.harness import Benchmark, Way, seconds_of


def _python(code: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", code], check=True)


BENCHMARKS = (
    Benchmark(
        name="start",
        title="Start of a process: the window is to appear before torch is there",
        unit="s",
        ways=(
            Way(name="Qt", measure=seconds_of(_python("import PySide6.QtWidgets"))),
            Way(name="torch", measure=seconds_of(_python("import torch"))),
            Way(name="bare Python", measure=seconds_of(_python("pass"))),
        ),
        rounds=5,
        quick_rounds=1,
    ),
)
