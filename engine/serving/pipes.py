"""The two pipes of an engine process: messages in on stdin, messages out on what was stdout."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from engine.serving.frames import BrokenFrame, Decoder, encode
from engine.serving.outbox import Outbox

_UPDATE = 1 / 30
"""Seconds between two updates."""
_CHUNK = 1 << 16


class Pipes:
    """Takes stdin and stdout for messages alone; what anybody prints afterwards goes to stderr."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._incoming, self._outgoing = os.dup(0), os.dup(1)
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.close(nowhere)
        os.dup2(2, 1)
        if sys.platform == "win32":
            import msvcrt

            for handle in (self._incoming, self._outgoing):
                msvcrt.setmode(handle, os.O_BINARY)

    def messages(self) -> Iterator[Any]:
        """Yield what the window says until its end of the pipe closes, or says what cannot be understood."""
        decoder = Decoder()
        while content := self._read():
            try:
                yield from decoder.feed(content)
            except BrokenFrame as error:
                sys.stderr.write(f"engine: {error}; no more messages are read\n")
                return

    def start_writer(self, outbox: Outbox) -> threading.Thread:
        """Start the thread that sends what is in the outbox, at most thirty times a second."""
        writer = threading.Thread(target=self._write, args=(outbox,), name="writer", daemon=True)
        writer.start()
        return writer

    def _read(self) -> bytes:
        try:
            return os.read(self._incoming, _CHUNK)
        except OSError:
            return b""

    def _write(self, outbox: Outbox) -> None:
        while sayings := outbox.take():
            began = time.monotonic()
            try:
                for saying in sayings:
                    self._send(encode(saying))
            except TypeError as error:
                sys.stderr.write(f"engine: a message was not sent: {error}\n")
            except OSError:
                return  # the window is gone; the reader sees the end of stdin as well
            time.sleep(max(0.0, _UPDATE - (time.monotonic() - began)))

    def _send(self, content: bytes) -> None:
        left = memoryview(content)
        while left:
            left = left[os.write(self._outgoing, left) :]
