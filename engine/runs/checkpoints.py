"""The checkpoints of a run on disk: the newest two, each whole or not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.atomic import write_bytes
from engine.choices import Invalid, Message
from engine.runs.folder import RunFolder

if TYPE_CHECKING:
    from engine.training.checkpoint import Checkpoint

KEPT = 2
_NAME = re.compile(r"step-(\d{12})\.safetensors")
_MOST_BYTES = 1 << 40


def save(folder: RunFolder, checkpoint: Checkpoint) -> None:
    """Write a checkpoint and remove all but the newest two. Raises OSError; the older ones then stay."""
    # A run folder of a stranger must not make us write anywhere else.
    if folder.checkpoints.is_symlink():
        raise OSError(
            Message(
                "{checkpoints} is a link; a run folder holds files of its own only",
                checkpoints=folder.checkpoints,
            )
        )
    folder.checkpoints.mkdir(exist_ok=True)
    write_bytes(folder.checkpoints / f"step-{checkpoint.step:012d}.safetensors", checkpoint.to_bytes())
    # Only now, with the new one whole on the disk: at every moment two can be gone on from.
    for path in _newest_first(folder)[KEPT:]:
        path.unlink(missing_ok=True)


def readable(folder: RunFolder) -> Iterator[Checkpoint]:
    """Yield the run's checkpoints that can be read, the newest first; damaged ones are passed over."""
    from engine.training.checkpoint import Checkpoint

    for path in _newest_first(folder):
        try:
            yield Checkpoint.from_bytes(folder.read_bytes(path, _MOST_BYTES))
        except Invalid:  # an older whole one will do: some steps are trained again, and nothing is lost
            continue


def remove_after(folder: RunFolder, step: int) -> None:
    """Remove checkpoints of later steps, which could not be used."""
    for path in _newest_first(folder):
        if _step(path) > step:
            path.unlink(missing_ok=True)


def _newest_first(folder: RunFolder) -> list[Path]:
    if not folder.checkpoints.is_dir() or folder.checkpoints.is_symlink():
        return []
    found = [path for path in folder.checkpoints.iterdir() if _NAME.fullmatch(path.name)]
    return sorted(found, key=_step, reverse=True)


def _step(path: Path) -> int:
    match = _NAME.fullmatch(path.name)
    return int(match[1]) if match else -1
