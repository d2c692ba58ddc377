"""Memory: how much data may be read before the machine suffers."""

from __future__ import annotations

import sys

import psutil


def free_memory() -> int:
    """Return the bytes that reading may use: four fifths of what is free now."""
    # a fifth is left for the rest of the machine, and for what is counted too low
    return int(psutil.virtual_memory().available * 0.8)


def bound_memory() -> None:
    """Let the system refuse this process more memory than reading may use, counted from what it holds now.

    Libraries that count nothing then raise MemoryError, or end their process, instead of the machine's work.
    Where the system has no such limit (Windows) nothing happens.
    """
    if sys.platform != "win32":  # mypy knows this form, and checks the block as on the other systems
        import resource

        held = psutil.Process().memory_info()
        # psutil tells `data` not on every system; the limit counts that, and not mapped libraries
        most = getattr(held, "data", held.rss) + free_memory()
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        # a soft limit above the hard one is an error
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))
