"""The training loop: the steps of a run as a stream of events. How learning happens is read here.

`learner` is what a step changes, `control` what others want meanwhile, `bookkeeping/` what is noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch

from engine.edits import Recipe
from engine.events import Event, RunEnded
from engine.randomness import derive
from engine.training.assemble import Assembly
from engine.training.bookkeeping.saving import Save
from engine.training.bookkeeping.session import Session
from engine.training.checkpoint import Checkpoint
from engine.training.control import Control
from engine.training.devices import is_out_of_memory, out_of_memory, seed_step, settled
from engine.training.learner import Learner, Learnt
from engine.training.step_loss import StepLoss


def train(
    assembly: Assembly,
    start: Checkpoint | None,
    control: Control,
    save: Save,
    earlier: Mapping[str, Sequence[float]],
    recipe: Recipe | None = None,
) -> Iterator[Event]:
    """Train from the beginning or from `start` on; the last event is RunEnded.

    But where `control` wishes the memory to be released: it then ends with its last checkpoint, from which to
    go on, and `control` stays open.

    `earlier` holds the series of epochs up to `start`, by name (longer ones are cut). `save` is called with
    every checkpoint, in this thread. `recipe` replays the edits of the run, each at its step, and keeps those
    that are made while it goes on. Afterwards `assembly.model` holds the weights that are to be kept,
    unless the run was interrupted. Raises Invalid when `start` or `earlier` are not of this experiment.
    """
    session = Session(assembly, start, control, save, earlier, recipe or Recipe(assembly.experiment))
    learner = session.learner
    try:
        with settled(assembly.device, session.threads):
            assembly.model.set_training(True)
            # Of the weights nobody has changed yet, so that what is learnt is seen from the beginning.
            yield from session.probing.take()
            while not session.over():
                # Set by who pauses, ends or asks: a plain attribute, as a lock in each step would cost time.
                if control.attention:
                    yield from session.heed()
                # what was heeded may have been a wish to end
                if not session.over():
                    if fits(learner):
                        session.note_step()
                    else:
                        yield from session.make_room()
                # Some thirty times a second: to read losses waits for the device, so no step does.
                if session.clock.due:
                    yield from session.report()
            yield from session.last_report()
            # None, but where the run broke: then from the last sound checkpoint to the last good step.
            for _ in session.going_back():
                take_step(learner)
            yield from session.finish()
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        why = str(out_of_memory(assembly.device, learner.at_once))
        yield RunEnded("failed", learner.step, learner.epoch, why, {})
    finally:
        if not session.released:
            control.close()


def fits(learner: Learner) -> bool:
    """Take a step; return False where memory ran out in it and fewer examples at once would need less.

    What the step has changed by then is no state to go on from.
    """
    try:
        take_step(learner)
    except RuntimeError as error:
        if not is_out_of_memory(error) or learner.at_once < 2:
            raise
        return False  # only here: what the error holds of the step is freed with it
    return True


def take_step(learner: Learner) -> None:
    """Learn from the next batch: for each objective its loss, the gradient of that, and the change it makes.

    Formula: g = ∇ mean over the batch of L, θ ← θ + pace ⊙ change(g), with the learning rate times the
    schedule's factor at the share of steps done and that of the layer's group, momentum and decay where
    their courses are; pace is 1 but in fine-tuning
    (Howard and Ruder, Universal Language Model Fine-tuning for Text Classification, 2018).
    """
    # Whatever draws in this step draws from (seed, step): a run may be left and gone on with at any step.
    seed_step(learner.device, derive(learner.seed, "step", learner.step))
    batch, factors = learner.batch(), learner.factors(learner.step)
    for number, learnt in enumerate(learner.learnt):
        step_loss = StepLoss(learner, learnt, batch)
        # All of it, also what other objectives left: on its way back a loss may pass their parameters.
        learner.flat.gradient.zero_()
        loss = step_loss.descend()
        with torch.no_grad():
            follows = learnt.scaling is None or learnt.scaling.takes(learnt.flat.gradient)
            learner.note(number, loss)
            if not follows:
                continue
            learnt.flat.parameters.add_(_change(learnt, factors, step_loss))
            for regularizer in learnt.regularizers:
                regularizer.constrain(learnt.flat.parameters, learnt.flat.layout)
    learner.finish_step()


def _change(learnt: Learnt, factors: Sequence[float], step_loss: StepLoss) -> torch.Tensor:
    """Return what is added to the parameters: the gradient through regularizers, schedule and optimizer."""
    gradient, weights, pace = learnt.flat.gradient, learnt.weights(), learnt.flat.pace
    for regularizer in learnt.regularizers:
        gradient = regularizer.adjust(gradient, weights, learnt.flat.layout, step_loss.step)
    values, decaying = learnt.values(factors), learnt.decaying(weights)
    change = learnt.optimizer.step(gradient, learnt.state, values, decaying, learnt.flat.layout, step_loss)
    return change if pace is None else change * pace
