"""Ordinary files only: whatever is read is a file, never a device, a pipe or a socket.

A device has no end and a pipe may never say anything; both would hold a reader for good. One of these is
opened without waiting, looked at, and left alone.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from engine.choices import Message


class NotOrdinary(OSError):
    """Something that is no file stands where a file should."""


def read_ordinary(path: Path, most: int) -> bytes:
    """Return the content of a file of at most `most` bytes.

    Raises NotOrdinary for what is no file, and OSError (EFBIG) for a file that is larger or grows meanwhile.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise NotOrdinary(errno.EINVAL, "is no ordinary file", str(path))
        content = file.read(min(most, facts.st_size) + 1)  # one more: it may have grown meanwhile
    if len(content) > most:
        raise OSError(errno.EFBIG, Message("is larger than {most:,} bytes", most=most), str(path))
    return content


def as_written(name: str) -> str:
    """Return a name of a file as a person reads it, also one whose bytes are no UTF-8.

    Archives that were packed on a Chinese Windows leave names in GBK. Bytes that are neither become escapes.

    >>> as_written("kat" + chr(0xDCE9)), as_written("Katze"), as_written(os.fsdecode("合格".encode("gbk")))
    ('kat\\\\xe9', 'Katze', '合格')
    """
    content = os.fsencode(name)
    # GB2312 is the part of GBK that is in daily use, into which other codes fall least by chance
    for code in ("utf-8", "gb2312"):
        with suppress(UnicodeDecodeError):
            return content.decode(code)
    return content.decode("utf-8", "backslashreplace")


def is_ordinary(path: Path) -> bool:
    """Return whether a path leads to a file or a folder, or to nothing; only that can be read or missed."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return True
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
