"""The worker by itself: which of two runs it steers when one begins at the moment the other ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from typing_extensions import override

from engine.command_line import experiments
from engine.events import RunEnded, StateChanged
from engine.serving.outbox import Outbox
from engine.serving.protocol import FromWindow, Pause, Request, RunEvent, Stop, Train
from engine.serving.worker import Worker


class Reacting(Outbox):
    """A window that is as quick as can be: it answers in the very moment in which it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []
        self.worker: Worker | None = None
        self.answers: dict[type, list[FromWindow]] = {}

    @override
    def put(self, saying: Any) -> None:
        if isinstance(saying, RunEvent):
            self.events.append(saying.event)
            assert self.worker is not None
            for command in self.answers.pop(type(saying.event), []):
                self.worker.handle(command)


def test_that_a_run_begun_as_the_last_one_ends_heeds_pause_and_stop(tmp_path: Path) -> None:
    """The window hears of the end before the worker has put the old run away."""
    outbox = Reacting()
    worker = outbox.worker = Worker(outbox)
    experiment = experiments.load("iris", ["training.epochs=2", "training.device=cpu"]).model_dump()
    second = Request(2, Train(experiment, str(tmp_path)))
    worker.handle(Request(1, Train(experiment, str(tmp_path))))
    outbox.answers = {RunEnded: [second]}
    worker._jobs.get_nowait()()
    assert [event.state for event in outbox.events if isinstance(event, RunEnded)] == ["finished"]

    worker.handle(Pause())
    outbox.events.clear()
    outbox.answers = {StateChanged: [Stop()]}
    worker._jobs.get_nowait()()
    assert [event.state for event in outbox.events if isinstance(event, RunEnded)] == ["stopped"]
