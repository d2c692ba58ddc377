"""Replaying: the steps of a run taken once more, to stand where it stood after any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.training.assemble import Assembly
from engine.training.bookkeeping.epochs import BEST
from engine.training.checkpoint import Checkpoint
from engine.training.learner import Learner
from engine.training.loop import take_step

_TOLD_EVERY = 16


def replayed(
    assembly: Assembly,
    start: Checkpoint | None,
    step: int,
    measured: Mapping[str, Sequence[float]],
    tell: Callable[[int], None],
) -> Learner:
    """Return a learner after `step`, come from `start` or from the beginning; `tell` hears how far it is.

    `measured` has the series of epochs, by name, to which a schedule may have listened.

    The network then has the weights that are judged after that step. Call it with the number of threads that
    the run has, on which last bits depend. Raises Invalid when `start` is not of this experiment.
    """
    learner = Learner(assembly)
    learner.hear(measured)
    assembly.model.set_training(True)
    if start is not None:
        # without what is the best so far, which only the loop asks for
        own = {name: one for name, one in start.tensors.items() if not name.startswith(BEST)}
        learner.load(start.step, own)
    while learner.step < step:
        take_step(learner)
        # losses wait on the device until they are read, and there is room for so many
        if learner.at_epoch_end or learner.full:
            learner.read()
        if learner.at_epoch_end:
            learner.close_epoch()
        if learner.step % _TOLD_EVERY == 0:
            tell(learner.step)
    learner.judged.put(learner.step)
    assembly.model.set_training(False)
    return learner
