"""A lock on a file that one process holds while it works on a run, and that the system frees when it dies."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import IO, Self

_PATIENCE = 2.0
"""Seconds to wait for a lock: another process may be asking, for an instant, whether it is held."""


class Held(OSError):
    """Another process holds the lock."""


class Lock:
    """Holds the lock of `path` from construction until `release`; raises Held where another has it.

    The system frees it when the process ends in any way, so that a killed run is never locked for good.
    """

    def __init__(self, path: Path) -> None:
        self._file = _open(path, create=True)
        until = time.monotonic() + _PATIENCE
        while not _take(self._file):
            if time.monotonic() > until:
                self._file.close()
                raise Held(f"{path} is locked by another process")
            time.sleep(0.02)

    def release(self) -> None:
        """Let others have the lock."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Return whether a living process holds the lock of `path`; nothing is written."""
    try:
        file = _open(path, create=False)
    except OSError:
        return False
    with file:
        return not _take(file)


def _open(path: Path, *, create: bool) -> IO[bytes]:
    """Open the lock file without following a link, which could lead out of the run's folder."""
    flags = os.O_RDWR | (os.O_CREAT if create else 0) | getattr(os, "O_NOFOLLOW", 0)
    if path.is_symlink():
        raise OSError(f"{path} is a link, not a lock")
    return os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0), 0o644), "r+b", buffering=0)


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
