"""Endings: how a run ends and why, as sentences for the person."""

from __future__ import annotations

from dataclasses import dataclass

from engine.choices import Message
from engine.events import State
from engine.training.bookkeeping.breaking import Breakage


@dataclass(frozen=True)
class Ending:
    """How a run ends. `last_good`: where it broke, the last step whose weights are of use; else None."""

    state: State
    why: str
    last_good: int | None = None


def finished(why: str) -> Ending:
    """Return the ending of a run that a rule, or the last of its epochs, ends."""
    return Ending("finished", why)


def all_done(epochs: int) -> str:
    """Return why a run ends that has done all its epochs."""
    return Message("All {epochs} epochs are done.", epochs=epochs) if epochs > 1 else "The epoch is done."


def stopped(step: int) -> Ending:
    """Return the ending of a run that the person ends."""
    return Ending("stopped", Message("Stopped after step {step}; what was learnt is kept.", step=step))


def interrupted(step: int) -> Ending:
    """Return the ending of a run whose process has to go."""
    return Ending("interrupted", Message("Interrupted after step {step}; it can be resumed.", step=step))


def released(step: int) -> Ending:
    """Return the ending of this session of a run that gives its memory back, and waits to be gone on with."""
    return Ending("paused", Message("Paused at step {step}; its memory is released.", step=step))


def broken_by(broken: Breakage) -> Ending:
    """Return the ending of a run whose numbers broke."""
    what, last_good = broken.what, broken.last_good
    if last_good <= 0:  # the run keeps no weights of its start: they have learnt nothing
        why = (
            "{what}. No weights are kept: nothing had been learnt before. "
            "A lower learning rate, gradient clipping or smaller inputs and targets may help."
        )
        return Ending("failed", Message(why, what=what), 0)
    why = (
        "{what}. The weights of step {last_good} are kept, the last whose loss was finite. "
        "A lower learning rate or gradient clipping may help."
    )
    return Ending("failed", Message(why, what=what, last_good=last_good), last_good)
