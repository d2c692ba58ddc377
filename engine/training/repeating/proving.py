"""Proving exact resume: steps of a run taken once more with interruptions, and all compared bit by bit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.training.bookkeeping.epochs import BEST
from engine.training.bookkeeping.repeating import steps_again
from engine.training.checkpoint import Checkpoint
from engine.training.learner import StepSeries
from engine.training.loop import take_step
from engine.training.repeating.original import Original


@dataclass(frozen=True)
class Deviation:
    """The first thing that came out otherwise than in the run."""

    step: int
    what: str
    """The name of the series, or of what a checkpoint holds."""
    most: float
    """The largest distance between two numbers of it."""


@dataclass(frozen=True)
class BetweenCheckpoints:
    """Steps of a run between two of its checkpoints; `start` is None where they begin with the run."""

    start: Checkpoint | None
    end: Checkpoint
    interruptions: tuple[int, ...]
    """Steps after which everything is thrown away but the bytes of a checkpoint."""

    @property
    def first(self) -> int:
        """Return the step that it begins after."""
        return 0 if self.start is None else self.start.step


def repeated(
    stretch: BetweenCheckpoints, run: Original, losses: NDArray[np.float32], tell: Callable[[int], None]
) -> Deviation | None:
    """Take the steps of a stretch again, from the bytes of a checkpoint after each interruption.

    `losses` are those of every step of the run from the first on, (steps,). Return the first thing that
    differs by any bit from what the run had: the loss of a step, or what the next checkpoint holds (weights,
    what optimizer and network remember). `tell` hears after each step.
    """
    found: list[Deviation] = []

    def compare(steps: StepSeries) -> None:
        again = np.array(steps.values["loss"], np.float32)
        known = losses[steps.first - 1 : steps.first - 1 + len(again)]
        # as bits: NaN equals no number, not even itself
        differs = np.flatnonzero(again.view(np.int32) != known.view(np.int32))
        if len(differs) and not found:
            at = int(differs[0])
            found.append(Deviation(steps.first + at, "loss", abs(float(again[at]) - float(known[at]))))

    at, learner = stretch.start, None
    for stop in (*stretch.interruptions, stretch.end.step):
        learner = None  # before the next is made: two large networks need not fit into memory
        learner, recipe = run.standing(run.assemble(), at)
        for _ in steps_again(learner, recipe, stop, compare):
            take_step(learner)
            tell(learner.step)
            if found:
                return found[0]
        if learner.at_epoch_end:
            learner.close_epoch()
        at = Checkpoint.from_bytes(Checkpoint(stop, 0.0, learner.tensors()).to_bytes())
    assert at is not None
    return found[0] if found else _first_deviation(stretch.end, at.tensors)


def _first_deviation(checkpoint: Checkpoint, tensors: Mapping[str, Tensor]) -> Deviation | None:
    # the best weights so far are the epochs', which are not repeated
    known = {name: tensor for name, tensor in checkpoint.tensors.items() if not name.startswith(BEST)}
    for name in sorted(known.keys() | tensors.keys()):
        one, other = known.get(name), tensors.get(name)
        if one is None or other is None or one.shape != other.shape or one.dtype != other.dtype:
            return Deviation(checkpoint.step, name, float("inf"))
        if one.numpy().tobytes() != other.numpy().tobytes():
            apart = (one.to(torch.float64) - other.to(torch.float64)).abs()
            return Deviation(checkpoint.step, name, float(apart.max()))
    return None
