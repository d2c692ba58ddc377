"""A moment: the network of a run as it stood after any of its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.edits import Recipe
from engine.training.assemble import Assembly
from engine.training.bookkeeping.repeating import put_back, steps_again
from engine.training.checkpoint import Checkpoint
from engine.training.learner import Learner
from engine.training.loop import take_step

_TOLD_EVERY = 16


def replayed(
    assembly: Assembly,
    recipe: Recipe,
    start: Checkpoint | None,
    step: int,
    measured: Mapping[str, Sequence[float]],
    tell: Callable[[int], None],
    *,
    watched: bool = False,
) -> Learner:
    """Return a learner after `step`, come from `start` or from the beginning; `tell` hears how far it is.

    `recipe` are experiment and edits of the run, `measured` the series of epochs, by name, to which a
    schedule may have listened. The network then has the weights that are judged after that step. Call it
    with the number of threads that the run has, on which last bits depend. `watched`: the gradients of its
    steps are kept. Raises Invalid when `start` is not of this experiment.
    """
    learner = Learner(assembly)
    learner.watches_gradient = watched
    learner.hear(measured)
    assembly.model.set_training(True)
    learner.adopt(recipe.experiment)
    if start is not None:
        put_back(learner, recipe, start)
    for _ in steps_again(learner, recipe, step):
        take_step(learner)
        if learner.step % _TOLD_EVERY == 0:
            tell(learner.step)
    learner.judged.put(learner.step)
    assembly.model.set_training(False)
    return learner
