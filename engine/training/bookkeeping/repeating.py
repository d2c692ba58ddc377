"""Repeating: a learner put back to a checkpoint, and the steps of its run taken once more, edits and all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.edits import Recipe
from engine.training.bookkeeping.epochs import BEST
from engine.training.checkpoint import Checkpoint
from engine.training.learner import Learner, StepSeries


def put_back(learner: Learner, recipe: Recipe, checkpoint: Checkpoint) -> None:
    """Let learner and recipe stand at a checkpoint. Raises Invalid where it is of another run."""
    # first: how many steps there can be follows from the epochs that held then
    recipe.stand_at(checkpoint.step)
    learner.follow(recipe)
    # without the best weights so far, which are the epochs' and none of the next steps'
    own = {name: one for name, one in checkpoint.tensors.items() if not name.startswith(BEST)}
    learner.load(checkpoint.step, own)


def _unheard(_steps: StepSeries) -> None:
    """Do nothing with what was said before."""


def steps_again(
    learner: Learner, recipe: Recipe, last: int, hear: Callable[[StepSeries], None] = _unheard
) -> Iterator[None]:
    """Yield before every step up to `last` that is to be repeated, and take up the edits of the run.

    `hear` is told what the steps were like, which nobody else hears a second time.
    """
    while learner.step < last:
        yield
        if learner.at_epoch_end or learner.full:
            hear(learner.read())
        if learner.step == recipe.next:
            recipe.stand_at(learner.step)
            learner.follow(recipe)
        if learner.at_epoch_end:
            # Their losses were said before; here they are only added up for the mean of the epoch.
            learner.close_epoch()
    hear(learner.read())
