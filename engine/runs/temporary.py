"""Temporary folders that bear the name of their process, so that those of killed ones can be cleared away."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from engine.runs.lock import born, lives

_NAME = re.compile(r"ravine-(\d{1,10})-(\d{1,12})-.+")


def temporary_folder() -> TemporaryDirectory[str]:
    """Return a new folder that is deleted with what is returned."""
    prefix = f"ravine-{os.getpid()}-{round(born())}-"
    # Windows deletes no file that is still open: `remove_abandoned` does it at a later start
    return TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)


def remove_abandoned() -> None:
    """Delete the folders whose processes live no more: who is killed cannot clear up."""
    for folder in Path(gettempdir()).glob("ravine-*"):
        named = _NAME.fullmatch(folder.name)
        if named and not folder.is_symlink() and not lives(int(named[1]), float(named[2])):
            shutil.rmtree(folder, ignore_errors=True)  # another user's cannot be deleted
