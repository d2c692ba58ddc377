"""A moment: the network of a run as it stood after any of its steps."""

from __future__ import annotations

from collections.abc import Callable

from engine.training.assemble import Assembly
from engine.training.bookkeeping.repeating import steps_again
from engine.training.checkpoint import Checkpoint
from engine.training.learner import Learner
from engine.training.loop import take_step
from engine.training.repeating.original import Original

_TOLD_EVERY = 16


def replayed(
    run: Original,
    start: Checkpoint | None,
    step: int,
    tell: Callable[[int], None],
    *,
    watched: bool = False,
) -> tuple[Assembly, Learner]:
    """Return network and learner after `step`, come from `start` or from the beginning of the run.

    The network has the weights that are judged after that step. Call it with the number of threads that the
    run has, on which last bits depend. `tell` hears how far it is; `watched`: the gradients of its steps are
    kept. Raises Invalid when `start` is of another run.
    """
    assembly = run.assemble()
    learner, recipe = run.standing(assembly, start, watched=watched)
    for _ in steps_again(learner, recipe, step):
        take_step(learner)
        if learner.step % _TOLD_EVERY == 0:
            tell(learner.step)
    learner.judged.put(learner.step)
    assembly.model.set_training(False)
    return assembly, learner
