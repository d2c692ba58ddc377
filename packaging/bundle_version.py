"""The version, from the one place that states it: `__version__` in engine/__init__.py."""

from __future__ import annotations

import re
from pathlib import Path


def project_version(root: Path) -> str:
    """Read it without importing the engine, so that the Python of the system can."""
    text = (root / "engine" / "__init__.py").read_text("utf-8")
    match = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if match is None:
        raise ValueError('engine/__init__.py must hold a line __version__ = "..."')
    return match[1]
