"""The two pipes of an engine process: messages in on stdin, messages out on what was stdout."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from engine.choices import Problem
from engine.events import RunEnded
from engine.serving.frames import BrokenFrame, Decoder, encode
from engine.serving.outbox import Outbox
from engine.serving.protocol import COMMANDS, RECORDS, Answer, FromWindow, Refused, Request, RunEvent, Saying

_UPDATE = 1 / 30
"""Seconds between two updates."""
_CHUNK = 1 << 16


class Pipes:
    """Takes stdin and stdout for messages alone; what anybody prints afterwards goes to stderr."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._incoming, self._outgoing = os.dup(0), os.dup(1)
        # A library that reads stdin or prints to stdout would eat or spoil a message: they get other pipes.
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.close(nowhere)
        os.dup2(2, 1)
        if sys.platform == "win32":
            import msvcrt

            for handle in (self._incoming, self._outgoing):
                # text mode, which is usual on Windows, would make 0D 0A of every 0A
                msvcrt.setmode(handle, os.O_BINARY)

    def heed(self, heed: Callable[[FromWindow], None], quit_: Callable[[], None]) -> None:
        """Start the thread that gives every message to `heed`, which returns at once, and `quit_` at the end.

        The end is that of the window's pipe, or something that cannot be understood or heeded: whoever says
        one such thing may have meant anything before it.
        """

        def read() -> None:
            try:
                for message in self._messages():
                    heed(message)
            except BrokenFrame as error:
                sys.stderr.write(f"engine: {error}; no more messages are read\n")
            except Exception:  # noqa: BLE001 - a reader that dies must not leave a process that nobody can end
                traceback.print_exc(file=sys.stderr)
            finally:
                quit_()

        # daemon: nothing wakes a thread that reads a pipe, and the process must end all the same
        threading.Thread(target=read, name="reader", daemon=True).start()

    def _messages(self) -> Iterator[FromWindow]:
        decoder = Decoder()
        while content := self._read():
            for message in decoder.feed(content):
                yield checked(message)

    def start_writer(self, outbox: Outbox) -> threading.Thread:
        """Start the thread that sends what is in the outbox, at most thirty times a second."""
        writer = threading.Thread(target=self._write, args=(outbox,), name="writer", daemon=True)
        writer.start()
        return writer

    def _read(self) -> bytes:
        try:
            return os.read(self._incoming, _CHUNK)
        except OSError:  # torn off at the other end: that counts as its end
            return b""

    def _write(self, outbox: Outbox) -> None:
        while sayings := outbox.take():
            began = time.monotonic()
            try:
                for saying in sayings:
                    self._send(_frame(saying))
            except OSError:
                return  # the window is gone; the reader sees the end of stdin as well
            # Numbers are merged while they wait: fewer and longer messages cost the window less.
            time.sleep(max(0.0, _UPDATE - (time.monotonic() - began)))

    def _send(self, content: bytes) -> None:
        left = memoryview(content)  # a pipe may take a part of what it is given
        while left:
            left = left[os.write(self._outgoing, left) :]


def checked(message: Any) -> FromWindow:
    """Return a message of the window whose every field is what the protocol says; raises BrokenFrame."""
    if not isinstance(message, get_args(FromWindow)):
        raise BrokenFrame(f"a {type(message).__name__} is nothing that the window may say")
    _check_fields(message)
    if isinstance(message, Request):
        if not isinstance(message.command, COMMANDS):
            raise BrokenFrame(f"a {type(message.command).__name__} is nothing that can be asked")
        _check_fields(message.command)
    found: FromWindow = message
    return found


def _check_fields(record: Any) -> None:
    for name, shape in _shapes(type(record).__name__).items():
        try:
            # strict: else pydantic would take "1" for a number and 1 for True
            shape.validate_python(getattr(record, name), strict=True)
        except ValidationError as error:
            why = error.errors()[0]["msg"]
            raise BrokenFrame(f"{name} of a {type(record).__name__} is wrong: {why}") from None


@lru_cache
def _shapes(record: str) -> dict[str, TypeAdapter[Any]]:
    """Return by name of a field what may stand in it: a whole record would not be looked into."""
    hints = get_type_hints(RECORDS[record])
    # What may be asked is told by the class of the command, which pydantic would copy and not compare.
    return {name: TypeAdapter(hint) for name, hint in hints.items() if hint is not Any and name != "command"}


def _frame(saying: Saying) -> bytes:
    """Return the frame of a saying, or of what is said in its place where it cannot travel."""
    try:
        return encode(saying)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        sys.stderr.write(f"engine: a {type(saying).__name__} was not sent: {error}\n")
        instead = _instead_of(saying, str(error))
        return b"" if instead is None else encode(instead)


def _instead_of(saying: Saying, why: str) -> Saying | None:
    """Return what is said where a saying cannot travel: whoever waits for it must not wait for ever."""
    match saying:
        case Answer():
            return Refused(saying.number, (Problem("", f"the answer cannot be told: {why}"),))
        case Refused():
            return Refused(saying.number, (Problem("", f"why it is refused cannot be told: {why}"),))
        case RunEvent(event=RunEnded() as ended):
            return RunEvent(saying.folder, RunEnded(ended.state, ended.step, ended.epoch, ended.why, {}))
        case _:
            return None
