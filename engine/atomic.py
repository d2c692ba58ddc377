"""Files that are either whole or not there: written beside their place, then moved into it."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

_TRIES = 20
"""Windows refuses to replace a file while somebody reads it; readers are quick."""


def write_bytes(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a file so that a reader, or a machine that dies, finds the old content or the new, never half.

    Who may read an older file may read the new one, and nobody else.
    `durable`: wait until it is on the disk. Raises OSError (a full disk, say); the old content then stays.
    """
    with whole_file(path, durable=durable) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Give a file to write into that takes its place at the end of the block; see `write_bytes`.

    Whatever the block raises, the old content stays.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.unlink(missing_ok=True)
        with draft.open("xb") as file:  # never through a link that somebody left there
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, draft)
        replace(draft, path)
    # no finally: once it has moved away, a draft of that name is another thread's
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def write_json(path: Path, content: Mapping[str, Any], *, durable: bool = True) -> None:
    """Write a mapping as readable JSON; see `write_bytes`."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=True) + "\n"
    # Names of files may hold bytes that are no text; their escapes are JSON's.
    write_bytes(path, text.encode(errors="backslashreplace"), durable=durable)


def remove_drafts(folder: Path) -> None:
    """Remove what a process that died while writing left behind."""
    for draft in (*folder.glob(".*.part"), *folder.glob(".*.part-*")):  # of a database also its journal
        draft.unlink(missing_ok=True)


def replace(draft: Path, path: Path) -> None:
    """Move a whole file into its place, where an older one may lie. Raises OSError."""
    for attempt in range(_TRIES):
        try:
            draft.replace(path)
            return
        except PermissionError:
            if os.name != "nt" or attempt == _TRIES - 1:
                raise
            time.sleep(0.01)


def sync_folder(folder: Path) -> None:
    """Bring the folder's list of names to the disk; Windows does it by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
