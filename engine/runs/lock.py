"""A lock on a file that one process holds while it works on a run, and that the system frees when it dies.

Some disks (over a network, in a user's own file system) keep no locks, and anybody may delete the file. So
a run also says in its status which process works on it; `lives` tells whether that very process still does.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import IO, Self

import psutil

from engine.choices import Message

_PATIENCE = 2.0
"""Seconds to wait for a lock: another process may be asking, for an instant, whether it is held."""


_SAME_START = 2.0
"""Seconds by which two tellings of when a process started may differ: clocks are set."""
_NO_LOCKS = frozenset(
    getattr(errno, name)
    for name in ("ENOLCK", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EINVAL")
    if hasattr(errno, name)
)
"""What a disk that keeps no locks says when asked for one."""


class Held(OSError):
    """Another process holds the lock."""


class _NoLocks(OSError):
    """The disk keeps no locks."""


def lives(process: int, born: float) -> bool:
    """Return whether the process of that number that was started then (in seconds since 1970) still lives.

    The number alone says little: the system gives it to another process later.
    """
    try:
        return process > 0 and abs(psutil.Process(process).create_time() - born) < _SAME_START
    except (psutil.Error, OSError, OverflowError):
        return False


def born() -> float:
    """Return when this process was started, in seconds since 1970."""
    return _born(os.getpid())


# by number: after a fork the child must not answer with its parent's start
@lru_cache(maxsize=1)
def _born(process: int) -> float:
    return psutil.Process(process).create_time()


class Lock:
    """Holds the lock of `path` from construction until `release`; raises Held where another has it.

    The system frees it when the process ends in any way, so that a killed run is never locked for good.
    Where the disk keeps no locks, the work goes on without. Raises OSError where the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._file = _open(path, create=True)
        until = time.monotonic() + _PATIENCE
        try:
            while not _take(self._file):
                if time.monotonic() > until:
                    raise Held(Message("{path} is locked by another process", path=path))
                # Asked again and not waited for: a lock that is waited for cannot be given up after a while.
                time.sleep(0.02)
        except _NoLocks:
            return  # the run's status then says alone who works on it
        except BaseException:
            self._file.close()
            raise

    def stands(self, path: Path) -> bool:
        """Return whether the file at `path` is still the one that is locked: anybody may delete it."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), path.stat())
        except OSError:
            return False

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
        return False  # not there or not ours to open: the status then says alone who works on the run
    with file:
        try:
            return not _take(file)
        except OSError:
            return False


def _open(path: Path, *, create: bool) -> IO[bytes]:
    """Open the lock file without following a link, which could lead out of the run's folder."""
    # for writing, though nothing is written: NFS gives an exclusive lock on no other handle
    flags = os.O_RDWR | (os.O_CREAT if create else 0)
    for name in ("O_NOFOLLOW", "O_BINARY", "O_NONBLOCK"):  # the last: a pipe is opened, not waited for
        flags |= getattr(os, name, 0)
    # asked as well, as Windows has no O_NOFOLLOW
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OSError(errno.EINVAL, "is a link or no file, so not a lock", str(path))
    return os.fdopen(os.open(path, flags, 0o644), "r+b", buffering=0)


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> bool:
        try:
            # Windows locks bytes and not files: the first one, which need not be there
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: IO[bytes]) -> bool:
        try:
            # not lockf: its lock is lost when this process closes any other handle, as `is_held` does
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise _NoLocks(error.errno, error.strerror) from None
            return False
        return True
