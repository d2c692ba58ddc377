"""Where the full sets of `dev.py data NAME` lie; what needs one is skipped where it has not been fetched."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def place_of(name: str) -> Path:
    """Return the folder of a set: in RAVINE_DATA where that is given, else where dev.py puts it by itself."""
    given = os.environ.get("RAVINE_DATA")
    return Path(given or platformdirs.user_data_path("ravine", appauthor=False) / "data") / name
