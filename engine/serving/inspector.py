"""The light process that reads data for the window: `python -m engine inspect`. It never loads torch.

It answers one request at a time; the window may kill it at any moment and start another.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
import traceback
from queue import SimpleQueue

from pydantic import ValidationError

from engine import __version__
from engine.choices import Invalid, Problem, problems_in
from engine.data.inspection.records import Inspection
from engine.data.memory import bound_memory
from engine.data.source import Report
from engine.serving.outbox import Outbox
from engine.serving.pipes import Pipes
from engine.serving.protocol import (
    Advance,
    Answer,
    Cancel,
    Cancelled,
    Command,
    Continue,
    Hello,
    Inspect,
    Pause,
    Quit,
    Refused,
    Stop,
    Watch,
    Working,
)


class _GivenUp(Exception):
    """The request that is being worked on was cancelled."""


class Inspector:
    """Answers Inspect; `handle` is called by the reader, `work` by the thread that reads data."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._requests: SimpleQueue[Inspect | None] = SimpleQueue()
        self._given_up: set[int] = set()

    def handle(self, command: Command) -> None:
        """Heed one command; returns at once."""
        match command:
            case Inspect():
                self._requests.put(command)
            case Cancel():
                self._given_up.add(command.request)
            case Quit():
                self.quit()
            case Pause() | Continue() | Advance() | Stop() | Watch():
                pass  # nothing trains here
            case _:
                self._outbox.put(Refused(command.request, (Problem("", "is a request for the engine"),)))

    def quit(self) -> None:
        """Let `work` return after the request it is at."""
        self._requests.put(None)

    def work(self) -> None:
        """Answer requests until `quit`."""
        while (request := self._requests.get()) is not None:
            self._answer(request)

    def _answer(self, request: Inspect) -> None:
        number = request.request

        def report(share: float, words: str) -> None:
            if number in self._given_up:
                raise _GivenUp
            self._outbox.put(Working(number, share, words))

        try:
            report(0.0, "Reading")
            bound_memory()
            self._outbox.put(Answer(number, _inspected(request, report)))
        except _GivenUp:
            self._outbox.put(Cancelled(number))
        except Invalid as error:
            self._outbox.put(Refused(number, error.problems))
        except MemoryError:
            why = "the data does not fit into the memory of this machine"
            self._outbox.put(Refused(number, (Problem("data.path", why),)))
        except Exception as error:  # noqa: BLE001 - data may be broken in any way; the window must be told
            traceback.print_exc(file=sys.stderr)
            why = f"something in Ravine went wrong: {type(error).__name__}: {error}"
            self._outbox.put(Refused(number, (Problem("", why),)))


def _inspected(request: Inspect, report: Report) -> Inspection:
    from engine.experiment import Experiment

    try:
        experiment = Experiment.model_validate(dict(request.experiment))
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None
    found = experiment.recipe.inspected(report)
    between = experiment.problems(found.description)
    return dataclasses.replace(found, problems=(*between, *found.problems, *experiment.start.problems()))


def serve() -> int:
    """Be the inspector until stdin ends; return the exit code."""
    pipes, outbox = Pipes(), Outbox()
    writer = pipes.start_writer(outbox)
    outbox.put(Hello(__version__, os.getpid()))
    inspector = Inspector(outbox)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is meant for the window

    pipes.heed(inspector.handle, inspector.quit)
    inspector.work()
    outbox.close()
    writer.join(2.0)
    return 0
