"""A paused run that has given its memory back: a checkpoint that waits, and goes on as a resumed run."""

from __future__ import annotations

from engine.choices import Invalid, joined
from engine.events import RunEnded, StateChanged
from engine.runs.work import Released, Work, do
from engine.training.control import Wishes


def do_or_wait(work: Work) -> RunEnded:
    """Do the work of a run until it ends; whenever its memory is released, wait until it is to go on.

    Its lock is held all the while. A process that is killed meanwhile leaves a run that can be resumed.
    """
    found = do(work)
    while isinstance(found, Released):
        found = _after(found, work)
    return found


def _after(released: Released, work: Work) -> RunEnded | Released:
    """Wait until the run is to go on, and take its memory back; stay paused where there is no room for it."""
    freed, why = _given_back(released), ""
    while True:
        work.keeper.set(state="paused")
        work.say(StateChanged("paused", released.step, freed, why))
        wishes = _waited(work)
        if wishes.ending == "interrupt":
            status = work.keeper.status
            return RunEnded("interrupted", status.step, status.epoch, _interrupted(status.step), {})
        try:
            return do(work)
        except (Invalid, MemoryError) as error:
            # who ends the run must not be kept waiting for room
            if wishes.ending is not None:
                raise
            why = joined("; ", *map(str, error.problems)) if isinstance(error, Invalid) else str(error)
        work.control.release()
        _given_back(released)


def _waited(work: Work) -> Wishes:
    """Wait until the run is to go on or to end, and answer meanwhile what can be answered without it."""
    while True:
        wishes = work.control.wishes(stands=False)
        for question in wishes.questions:
            question()
        if wishes.ending is not None or not wishes.hold:
            return wishes
        work.control.wait()


def _given_back(released: Released) -> int:
    from engine.training.devices import give_memory_back, held_memory

    give_memory_back()
    return max(released.held - held_memory(released.device), 0)


def _interrupted(step: int) -> str:
    from engine.training.bookkeeping.ending import interrupted

    return interrupted(step).why
