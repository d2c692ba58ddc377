"""Benchmarks: `python -m tests.benchmarks [--json] [--quick] [NAME ...]`, one topic a file."""

import sys
from pathlib import Path

# Scripts of packaging import each other by their bare names; pytest finds them by its own setting.
_SCRIPTS = str(Path(__file__).resolve().parents[2] / "packaging")
if _SCRIPTS not in sys.path:
    sys.path.append(_SCRIPTS)
