"""What came of taking the steps of a run again. No torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """What came of taking the steps of a run again. `why` is a sentence on how it ended, empty before."""

    first: int
    """The step that the repetition began after."""
    step: int
    """The last step that was repeated."""
    last: int
    """The step of the newest checkpoint: how far the repetition is to go."""
    interruptions: tuple[int, ...] = ()
    """The steps at which the repetition was left, and gone on with from bytes alone."""
    checkpoints: int = 0
    """So many checkpoints of the run were met, with equal weights and equal memory of the optimizer."""
    exact: bool = False
    """Whether all of it was equal to the bit."""
    why: str = ""
