"""Saving: when a run writes a checkpoint, and to which one it goes back where it broke."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from engine.training.checkpoint import Checkpoint

SHORT = 2.0
"""Seconds between two checkpoints at least, so that epochs of milliseconds do not each write one."""
LONG = 30.0
"""Seconds between two checkpoints at most."""
SAVING_SHARE = 0.05
"""The part of the time that writing checkpoints may take, as long as they are not older than `LONG`."""

Save = Callable[[Checkpoint], None]


class Saving:
    """The checkpoints of a run: the newest, and the one before that is known to be sound."""

    def __init__(self, take: Callable[[], Checkpoint], save: Save, epoch: int) -> None:
        """Stand where `take` takes the first checkpoint, after so many epochs; it is not written."""
        self._take, self._save = take, save
        # a run may break before its first checkpoint: it then goes back to here
        self._newest = self._sound = take()
        self._at, self._epoch, self._patience = perf_counter(), epoch, SHORT

    def due(self, epoch: int) -> bool:
        """Return whether a checkpoint is to be written after so many epochs: best at the end of one."""
        age = perf_counter() - self._at
        return age >= LONG or (age >= self._patience and epoch > self._epoch)

    def write(self, epoch: int) -> None:
        """Write a checkpoint of this very step."""
        begun = perf_counter()
        self._newest = self._take()
        self._save(self._newest)
        self._at, self._epoch = perf_counter(), epoch
        self._patience = min(LONG, max(SHORT, (self._at - begun) / SAVING_SHARE))

    def found_sound(self, step: int) -> None:
        """Note that all losses up to `step` were finite, so that weights before it are sound."""
        # The weights of a checkpoint taken at this very step have not met a loss yet: they may be broken.
        if step > self._newest.step:
            self._sound = self._newest

    def stand_at(self, checkpoint: Checkpoint) -> None:
        """Stand at a checkpoint to which the run went back; later ones are no more."""
        self._newest = self._sound = checkpoint

    def before(self, step: int) -> Checkpoint:
        """Return the last sound checkpoint from which `step` can be reached."""
        return self._newest if self._newest.step <= step else self._sound
