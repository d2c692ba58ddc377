"""What both processes share: how they start and end, and how a request is answered whatever happens."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pydantic import ValidationError

from engine import __version__, signals
from engine.choices import Invalid, Problem, problems_in
from engine.data.source import Report
from engine.serving.outbox import Outbox
from engine.serving.pipes import Pipes
from engine.serving.protocol import (
    Answer,
    Cancel,
    Cancelled,
    Command,
    FromWindow,
    Hello,
    Quit,
    Refused,
    Request,
    Steering,
    Working,
)

if TYPE_CHECKING:
    from engine.experiment import Experiment

_FAREWELL = 2.0
"""Seconds that the last messages may take to be sent."""

T = TypeVar("T")


class GivenUp(Exception):
    """The request that is being worked on was cancelled, or the process is to end."""


class Service(ABC):
    """A process at the service of the window. `handle` and `quit` are called by the reader's thread."""

    answers: ClassVar[tuple[type[Command[Any]], ...]]
    """The commands that it answers; others are refused."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.quitting = False
        self._given_up: set[int] = set()

    def handle(self, message: FromWindow) -> None:
        """Heed one message; returns at once."""
        match message:
            case Request():
                if isinstance(message.command, self.answers):
                    self.take(message)
                else:
                    self.refuse(message.number, "is a request for the other process of the engine")
            case Cancel():
                self._given_up.add(message.number)
            case Quit():
                self.quit()
            case _:
                self.steer(message)

    @abstractmethod
    def take(self, request: Request) -> None:
        """Put a request where `work` finds it."""

    @abstractmethod
    def steer(self, message: Steering) -> None:
        """Heed what concerns the run in training."""

    @abstractmethod
    def quit(self) -> None:
        """Let `work` return soon."""

    @abstractmethod
    def work(self) -> None:
        """Answer requests until `quit`."""

    def refuse(self, number: int, why: str) -> None:
        """Say that a request cannot be done, for a reason that is of no single field."""
        self.outbox.put(Refused(number, (Problem("", why),)))

    def answer(self, number: int, work: Callable[[Report], T]) -> T | None:
        """Say what `work` gives as the Answer and return it; or say Refused or Cancelled and return None."""

        def report(share: float, words: str) -> None:
            if number in self._given_up or self.quitting:
                raise GivenUp
            self.outbox.put(Working(number, share, words))

        try:
            if number in self._given_up:  # while it waited: the work may be long before its first report
                raise GivenUp
            found = work(report)
        except GivenUp:
            # a number is used once: kept here, the set would only grow
            self._given_up.discard(number)
            self.outbox.put(Cancelled(number))
        except Invalid as error:
            self.outbox.put(Refused(number, error.problems))
        except OSError as error:
            self.refuse(number, f"{error.filename or 'the disk'}: {error.strerror or error}")
        except Exception as error:  # noqa: BLE001 - a request may fail in any way; the process must not
            traceback.print_exc(file=sys.stderr)
            self.refuse(number, f"something in Ravine went wrong: {type(error).__name__}: {error}")
        else:
            self.outbox.put(Answer(number, found))
            return found
        return None


def experiment_of(values: Mapping[str, Any]) -> Experiment:
    """Return the experiment that a command carries; raises Invalid with every problem."""
    from engine.experiment import Experiment  # after Hello: it brings every choice there is

    try:
        return Experiment.model_validate(dict(values))
    except ValidationError as error:
        raise Invalid(problems_in(error)) from None


def serve(start: Callable[[Outbox], Service]) -> int:
    """Be a process of the window until stdin ends; return the exit code.

    Three threads: the reader takes messages from stdin, the main thread works, the writer sends what is in
    the outbox.
    """
    # first of all: what is printed from here on goes to stderr
    pipes, outbox = Pipes(), Outbox()
    writer = pipes.start_writer(outbox)
    outbox.put(Hello(__version__, os.getpid()))
    service = start(outbox)  # after Hello: it may bring the whole engine
    # Only now is there somebody to quit; a signal before ends the process, which has begun nothing.
    for number in signals.that_end():
        signal.signal(number, lambda *_: service.quit())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is meant for the window

    pipes.heed(service.handle, service.quit)
    service.work()
    outbox.close()
    # not for ever: a window that hangs takes nothing more
    writer.join(_FAREWELL)
    return 0
