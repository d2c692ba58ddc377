"""Memory: how much data may be read before the machine suffers."""

from __future__ import annotations

import psutil


def free_memory() -> int:
    """Return the bytes that reading may use: four fifths of what is free now."""
    return int(psutil.virtual_memory().available * 0.8)
