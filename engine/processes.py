"""Processes of the engine: the command line that starts one, from source and from the installed program."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def command_of(*words: str) -> tuple[str, ...]:
    """Return the command line that has the engine carry out a command, as `serve` or `queue train`."""
    if getattr(sys, "frozen", False):
        beside = "ravine-engine.exe" if sys.platform == "win32" else "ravine-engine"
        return str(Path(sys.executable).with_name(beside)), *words
    return sys.executable, "-m", "engine", *words


def surroundings_of_one(at_once: int) -> dict[str, str]:
    """Return what a process is told that trains while `at_once` do: its share of the cores.

    Torch reads it once, as it is imported.
    """
    return {"OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 1) // max(at_once, 1)))}
