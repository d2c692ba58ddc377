"""Small experiments, and children that are no engine."""

from __future__ import annotations

import sys

from engine.experiment import Experiment
from tests.patience import PATIENCE_MILLISECONDS

PATIENCE = PATIENCE_MILLISECONDS
"""Longest wait in milliseconds for a process on a busy machine; nothing is asserted about it."""


def iris(epochs: int = 2, **training: object) -> Experiment:
    """Return a tiny experiment on the shipped iris flowers."""
    return Experiment.model_validate(
        {
            "name": "Iris",
            "data": {"kind": "sample", "name": "iris"},
            "architecture": {"kind": "mlp", "hidden": [4]},
            "training": {"epochs": epochs, "device": "cpu", **training},
        }
    )


def child(script: str) -> tuple[str, ...]:
    """Return the command line of a child that runs this script instead of the engine."""
    return (sys.executable, "-c", script)


LIES = child(
    "import sys; sys.stdout.buffer.write(b'\\x05\\x00\\x00\\x00hello' * 3)\n"
    "sys.stdout.flush(); sys.stdin.read()"
)
DIES = child("import sys; print('no library for this', file=sys.stderr); sys.exit(7)")
"""Ends at once, as where a library is missing."""
SILENT = child("import sys; sys.stdin.read()")
DEAF = child("import time, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)")
"""Neither reads nor ends by itself."""
