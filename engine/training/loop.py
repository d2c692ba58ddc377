"""The training loop: a stream of events. Everything else hangs off it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.events import Event, RunEnded
from engine.training.assemble import Assembly
from engine.training.bookkeeping.session import Save, Session
from engine.training.checkpoint import Checkpoint
from engine.training.control import Control
from engine.training.devices import is_out_of_memory, out_of_memory, settled


def train(
    assembly: Assembly,
    start: Checkpoint | None,
    control: Control,
    save: Save,
    earlier: Mapping[str, Sequence[float]],
) -> Iterator[Event]:
    """Train from the beginning or from `start` on; the last event is RunEnded.

    `earlier` holds the series of epochs up to `start`, by name (longer ones are cut). `save` is called with
    every checkpoint, in this thread. Afterwards `assembly.model` holds the weights that are to be kept,
    unless the run was interrupted. Raises Invalid when `start` or `earlier` are not of this experiment.
    """
    session = Session(assembly, start, control, save, earlier)
    try:
        with settled(assembly.device, session.threads):
            assembly.model.set_training(True)
            yield from session.pictures.take()
            while not session.over():
                if control.attention:
                    yield from session.attend()
                if not session.over():
                    session.advance()
                if session.clock.due:
                    yield from session.report()
            yield from session.finish()
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        why = str(out_of_memory(assembly.device, assembly.plan.batch_size))
        yield RunEnded("failed", session.learner.step, session.learner.epoch, why, {})
    finally:
        control.close()
