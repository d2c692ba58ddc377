"""Memory: how much data may be read before the machine suffers, and arrays that need more than that.

These lie in a file on the disk, from which their rows are read. It has no name and is gone with its last
array, also where the program is killed. The system keeps what was read lately as long as memory is free; what
others need it gives up at once.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from math import prod
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import psutil
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.refusal import refused

BLOCK = 4096
"""So many rows are held in memory at once, at most."""

Value = TypeVar("Value", bound=np.generic)
AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


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


def room(shape: Sequence[int], kind: type[Value], *, on_disk: bool) -> NDArray[Value]:
    """Return an array of such a shape to be filled, in memory or on the disk.

    Raises Invalid where the disk has no room for it.
    """
    if not on_disk or not prod(shape):
        return np.empty(tuple(shape), kind)
    place, needed = _place(), prod(shape) * np.dtype(kind).itemsize
    free = shutil.disk_usage(place).free
    if needed > free:
        why = Message(
            "the examples need {needed:.1f} GB in a file, and the disk of {place} has {free:.1f} GB free: "
            "make room, or make them smaller; the variable TMPDIR names another folder",
            needed=needed / 1e9,
            place=place,
            free=free / 1e9,
        )
        raise refused("data", why)
    with tempfile.TemporaryFile(prefix="ravine-", dir=place) as file:
        # shared with the file and not private: what is written may leave memory
        return np.memmap(file, kind, "w+", shape=tuple(shape))


def lies_on_disk(array: NDArray[Any]) -> bool:
    """Return whether the rows of an array are read from a file; those picked from it lie in memory."""
    return isinstance(array, np.memmap)


def picked(array: AnyArray, rows: NDArray[np.int64]) -> AnyArray:
    """Return these rows of an array, where that lies: in memory or on the disk."""
    if not lies_on_disk(array):
        return cast(AnyArray, array[rows])
    found = cast(AnyArray, room((len(rows), *array.shape[1:]), array.dtype.type, on_disk=True))
    for block in blocks(len(rows)):
        found[block] = array[rows[block]]
    return found


def blocks(count: int) -> Iterator[slice]:
    """Cut `count` rows into blocks that memory holds."""
    return (slice(start, start + BLOCK) for start in range(0, count, BLOCK))


def _place() -> Path:
    # where systems keep temporary files in memory, this folder still is on the disk
    lasting = Path("/var/tmp")
    named = any(name in os.environ for name in ("TMPDIR", "TEMP", "TMP"))
    if sys.platform == "linux" and not named and lasting.is_dir():
        return lasting
    return Path(tempfile.gettempdir())
