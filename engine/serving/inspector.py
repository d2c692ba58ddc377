"""The light process that reads data for the window: `python -m engine inspect`. It never loads torch.

It answers one request at a time; the window may kill it at any moment and start another.
"""

from __future__ import annotations

from functools import partial
from queue import SimpleQueue

from typing_extensions import override

from engine.choices import Invalid, Problem
from engine.data.inspection.records import Inspection
from engine.data.memory import bound_memory
from engine.data.source import Report
from engine.serving import service
from engine.serving.outbox import Outbox
from engine.serving.protocol import Inspect, Request, Steering


class Inspector(service.Service):
    """Answers Inspect, in the thread that reads data."""

    answers = (Inspect,)

    def __init__(self, outbox: Outbox) -> None:
        super().__init__(outbox)
        self._requests: SimpleQueue[Request | None] = SimpleQueue()

    @override
    def take(self, request: Request) -> None:
        self._requests.put(request)

    @override
    def steer(self, message: Steering) -> None:
        pass  # nothing trains here

    @override
    def quit(self) -> None:
        self._requests.put(None)  # after the requests that came before, which are still answered

    @override
    def work(self) -> None:
        while (request := self._requests.get()) is not None:
            command = request.command
            if isinstance(command, Inspect):
                self.answer(request.number, partial(_inspected, command))


def _inspected(command: Inspect, report: Report) -> Inspection:
    report(0.0, "Reading")
    # so that data that is too large raises MemoryError below, and the system does not kill some process
    bound_memory()
    experiment = service.experiment_of(command.experiment)
    try:
        # Of the data alone: the window keeps the answer while other choices change, and asks those itself.
        return experiment.recipe.inspected(report)
    except MemoryError:
        why = "the data does not fit into the memory of this machine"
        raise Invalid([Problem("data.path", why)]) from None


def serve() -> int:
    """Be the inspector until stdin ends; return the exit code."""
    return service.serve(Inspector)
