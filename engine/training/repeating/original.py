"""A run whose steps are taken again: what they follow from, and a learner standing at any checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.edits import Recipe
from engine.training.assemble import Assembly
from engine.training.bookkeeping.repeating import put_back
from engine.training.checkpoint import Checkpoint
from engine.training.learner import Learner


@dataclass(frozen=True)
class Original:
    """What the steps of a run follow from."""

    recipe: Callable[[], Recipe]
    """Experiment and edits of the run, standing at its beginning."""
    assemble: Callable[[], Assembly]
    """Network and data, made anew with each call as where a process begins."""
    measured: Mapping[str, Sequence[float]]
    """The series of epochs, by name, that a schedule may have listened to."""

    def standing(
        self, assembly: Assembly, at: Checkpoint | None, *, watched: bool = False
    ) -> tuple[Learner, Recipe]:
        """Return learner and recipe as a process has them that begins the run, or goes on with it from `at`.

        `watched`: the learner keeps the gradients of its steps. Raises Invalid when `at` is of another run.
        """
        recipe = self.recipe()
        learner = Learner(assembly)
        learner.watches_gradient = watched
        learner.hear(self.measured)
        assembly.model.set_training(True)
        learner.follow(recipe)
        if at is not None:
            put_back(learner, recipe, at)
        return learner, recipe
