"""The checkpoints of a run on disk, each whole or not there: two to go on from, older ones to look back.

Older ones stay as long as the disk space lasts that the experiment grants them. Then they are thinned so that
their distances are in proportion to their steps, for most is learnt at the beginning.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Mapping
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
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
"""What the system says of a full disk, and of a share of it that is used up."""


def save(folder: RunFolder, checkpoint: Checkpoint, budget: int = 0) -> None:
    """Write a checkpoint and thin those before to `budget` bytes together; the newest two always stay.

    Raises OSError; on a full disk only once all but the newest two were given up for room.
    """
    # A run folder of a stranger must not make us write anywhere else.
    if folder.checkpoints.is_symlink():
        raise OSError(
            Message(
                "{checkpoints} is a link; a run folder holds files of its own only",
                checkpoints=folder.checkpoints,
            )
        )
    folder.checkpoints.mkdir(exist_ok=True)
    path, content = folder.checkpoints / f"step-{checkpoint.step:012d}.safetensors", checkpoint.to_bytes()
    try:
        write_bytes(path, content)
    except OSError as error:
        # to go on matters more than to look back
        if error.errno not in _FULL or not _thin(folder, 0):
            raise
        write_bytes(path, content)
    # Only now, with the new one whole on the disk: at every moment two can be gone on from.
    _thin(folder, budget)


def _thin(folder: RunFolder, budget: int) -> bool:
    """Remove the checkpoints that do not fit into so many bytes; return whether any was removed."""
    paths = _newest_first(folder)
    gone = superfluous({_step(path): path.stat().st_size for path in paths}, budget)
    for path in paths:
        if _step(path) in gone:
            path.unlink(missing_ok=True)
    return bool(gone)


def superfluous(sizes: Mapping[int, int], budget: int) -> frozenset[int]:
    """Return which of the checkpoints, bytes by step, are to be removed to fit into `budget`.

    One after the other that one goes whose neighbours b and a are nearest by their ratio, with the least
    (a − b) / a. So the distances of those that are left are about in proportion to their steps.
    """
    steps = sorted(sizes)
    while len(steps) > KEPT and sum(sizes[step] for step in steps) > budget:
        # before the first stands nothing: it goes last
        gaps = [(after - before) / after for before, after in zip([-1, *steps], steps[1:], strict=False)]
        steps.pop(gaps.index(min(gaps[: len(steps) - KEPT])))
    return frozenset(sizes) - frozenset(steps)


def readable(folder: RunFolder, until: int | None = None) -> Iterator[Checkpoint]:
    """Yield the run's checkpoints that can be read, none after step `until`, the newest first.

    Damaged ones are passed over.
    """
    from engine.training.checkpoint import Checkpoint

    for path in _newest_first(folder):
        if until is not None and _step(path) > until:
            continue
        try:
            yield Checkpoint.from_bytes(folder.read_bytes(path, _MOST_BYTES))
        except Invalid:  # an older whole one will do: some steps are trained again, and nothing is lost
            continue


def steps(folder: RunFolder) -> tuple[int, ...]:
    """Return the steps at which there are checkpoints, ascending; one of them may not be readable."""
    return tuple(sorted(_step(path) for path in _newest_first(folder)))


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
