"""The outbox: what waits to be sent to the window. Bounded, and never a reason for the GPU worker to wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from engine.events import Block, Event, Measured, Reading
from engine.runs.history.file import joined
from engine.serving.protocol import DeviceMemory, Missed, RunEvent, Saying, SoFar, Working

PATIENCE = 1.0
"""Seconds that numbers wait for the window; then they are dropped, for they are in the history."""


@dataclass
class _Numbers:
    """Numbers and readings of one run that were said in a row."""

    folder: str
    since: float
    blocks: list[Block] = field(default_factory=list)
    last: Measured | None = None
    readings: dict[str, Reading] = field(default_factory=dict)
    missed: bool = False
    step: int = 0

    def add(self, event: Measured | Reading) -> None:
        self.step = max(self.step, event.step)
        if self.missed:  # not even kept: the window reads them from the history with the rest
            return
        if isinstance(event, Reading):
            self.readings[event.probe] = event
        else:
            self.blocks += event.blocks
            self.last = event

    def drop(self) -> None:
        self.missed = True
        self.blocks, self.last, self.readings = [], None, {}

    def sayings(self) -> list[Saying]:
        if self.missed:
            return [Missed(self.folder, self.step)]
        events: list[Event] = []
        if self.last is not None:
            blocks = sorted(self.blocks, key=lambda block: block.series)  # stable: in order within a series
            events.append(replace(self.last, blocks=tuple(joined(blocks))))
        events += self.readings.values()
        return [RunEvent(self.folder, event) for event in events]


class Outbox:
    """Takes sayings from any thread; numbers are merged, of readings and progress only the newest waits."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: list[Saying | _Numbers] = []
        self._closed = False

    def put(self, saying: Saying) -> None:
        """Add a saying; returns at once, whatever the window does."""
        with self._changed:
            if isinstance(saying, RunEvent) and isinstance(saying.event, Measured | Reading):
                self._add_numbers(saying.folder, saying.event)
            elif isinstance(saying, Working | SoFar | DeviceMemory):
                self._waiting = [waiting for waiting in self._waiting if not _same(waiting, saying)]
                self._waiting.append(saying)
            else:
                self._waiting.append(saying)
            self._changed.notify()

    def take(self) -> list[Saying]:
        """Wait for sayings and return all of them in order; empty once the outbox is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            taken, self._waiting = self._waiting, []
        # Outside of the lock: joining long blocks must not hold up the thread that trains.
        return [
            saying for part in taken for saying in (part.sayings() if isinstance(part, _Numbers) else [part])
        ]

    def close(self) -> None:
        """Let `take` return once everything is taken."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _add_numbers(self, folder: str, event: Measured | Reading) -> None:
        now = self._clock()
        newest = self._newest_numbers(folder)
        if newest is None:
            newest = _Numbers(folder, now)
            self._waiting.append(newest)
        elif now - newest.since > PATIENCE and not newest.missed:
            # A window that has stopped reading would else fill the memory.
            newest.drop()
        newest.add(event)

    def _newest_numbers(self, folder: str) -> _Numbers | None:
        """Return the numbers that may grow: no event of the run was said since."""
        for waiting in reversed(self._waiting):
            if isinstance(waiting, _Numbers):
                return waiting if waiting.folder == folder else None
            if isinstance(waiting, RunEvent):
                return None
        return None


def _same(waiting: Saying | _Numbers, saying: Working | SoFar | DeviceMemory) -> bool:
    if isinstance(saying, DeviceMemory):
        return isinstance(waiting, DeviceMemory)
    return type(waiting) is type(saying) and waiting.number == saying.number
