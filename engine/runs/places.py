"""Where runs, what was taken along with one, and what can be rebuilt are kept, on every system."""

from __future__ import annotations

from pathlib import Path

import platformdirs

DATA = "data"
"""The folder within that of a run in which data lies that was taken along with it."""


def default_runs() -> Path:
    """Return the folder for runs where the person has chosen none."""
    return platformdirs.user_data_path("ravine", appauthor=False) / "runs"


def cache() -> Path:
    """Return the folder for what can be rebuilt at any time."""
    return platformdirs.user_cache_path("ravine", appauthor=False)
