"""Which runs the window speaks of: one answer for head, form, transport, branches and fine-tuning.

A run may be trained here, another one shown, a third one edited in the form while it waits, and others be
trained by other processes at the same moment. Whoever says "this run" asks here which one that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


def same_folder(one: str, other: str) -> bool:
    """Return whether two paths name one folder; "" names none."""
    return bool(one) and Path(one) == Path(other)


@dataclass(frozen=True)
class TrainedBeside:
    """A run that another process trains: for the queue, in a second window or at the command line."""

    folder: str
    name: str
    state: str = "running"
    step: int = 0
    epoch: int = 0
    epochs: int = 0


@dataclass(frozen=True)
class RunsMeant:
    """The runs that are spoken of, by their folders; "" where there is none."""

    live: str = ""
    """The run that this window trains: all that the transport does is done to it."""
    name: str = ""
    """What lists call that run; "" while they have none of it."""
    shown: str = ""
    waiting: str = ""
    """The name of the waiting run that is edited in the form."""
    moment: int | None = None
    """The step of the shown run from which a branch would begin; None: where the run in training is
    then, or no run is shown that has taken a step."""
    others: tuple[TrainedBeside, ...] = ()
    """What other processes train, the newest first."""

    @property
    def elsewhere(self) -> bool:
        """Whether another run is shown than the one that this window trains."""
        return bool(self.live) and not same_folder(self.live, self.shown)

    @property
    def followed(self) -> TrainedBeside | None:
        """The run that is shown, where another process trains it."""
        return next((other for other in self.others if same_folder(other.folder, self.shown)), None)

    def beside(self, *, own: bool) -> tuple[TrainedBeside, ...]:
        """Return what else is trained than the run that is told first: the window's `own`, else the shown."""
        told = None if own else self.followed
        return tuple(other for other in self.others if other is not told)
