"""What is tried by force: a name, what it does, and how often in short and in full."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Self

from engine.serving.frames import Decoder, encode
from tests.engine.runs.real_runs import start_engine
from tests.patience import PATIENCE


@dataclass(frozen=True)
class Try:
    """One sort of force. `work` gets a folder of its own and how often, and returns figures in a sentence.

    It raises AssertionError where something breaks.
    """

    name: str
    title: str
    work: Callable[[Path, int], str]
    short: int
    full: int


def emptied(folder: Path) -> Path:
    """Return a folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def forked(arguments: list[str], home: Path, said: Path | None = None) -> int:
    """Start the command line in a copy of this process, which has torch already; return its number.

    What it says goes to the end of the file `said`.
    """
    child = os.fork()
    if child:
        return child
    try:
        os.chdir(home)
        nowhere = os.open(os.devnull, os.O_RDWR)
        heard, errors = (
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            for path in (said or Path(os.devnull), home / "errors.txt")
        )
        for number, target in ((0, nowhere), (1, heard), (2, errors)):
            os.dup2(target, number)
        # what pytest has put in their place would keep to itself what is said
        streams = [os.fdopen(number, "w", 1, "utf-8", closefd=False) for number in (1, 2)]
        sys.stdout, sys.stderr = streams
        for name in ("DATA", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = str(home / name)
        from engine.command_line.main import run

        os._exit(run(arguments))
    except BaseException:  # noqa: BLE001 - the copy must never go on with the work of its parent
        os._exit(99)


def ended(child: int) -> int:
    """Wait for a process and return how it ended, as `subprocess` tells it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed(child: int) -> bool:
    """Kill a process at once; return whether it had not ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return ended(child) == -signal.SIGKILL


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE, pause: float = 0.01) -> None:
    """Wait for something to become true; raises AssertionError where it does not."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(pause)


class Talk:
    """The window's end of an engine's pipes. With `deaf`, nothing is read until `listen`."""

    def __init__(self, home: Path, part: str = "serve", *, deaf: bool = False) -> None:
        self.process = start_engine(home, part, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=-3)
        self.heard: SimpleQueue[Any] = SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        if not deaf:
            self.listen()

    def listen(self) -> None:
        """Begin to read."""
        self._listener.start()

    def _listen(self) -> None:
        decoder = Decoder()
        assert self.process.stdout is not None
        while content := os.read(self.process.stdout.fileno(), 1 << 16):
            for message in decoder.feed(content):
                self.heard.put(message)

    def say(self, *messages: object) -> None:
        """Say messages of the protocol."""
        self.write(b"".join(encode(message) for message in messages))

    def write(self, content: bytes) -> None:
        """Write any bytes, as long as somebody takes them."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.write(content)
            self.process.stdin.flush()

    def wait(self, fits: Callable[[Any], bool], seconds: float = PATIENCE) -> Any:
        """Return the first message from now on that fits."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                message = self.heard.get(timeout=0.5)
            except Empty:
                assert self.process.poll() is None, f"the engine ended with {self.process.returncode}"
                continue
            if fits(message):
                return message
        raise AssertionError("not heard")

    def end(self, seconds: float = PATIENCE) -> int:
        """Close stdin and return the exit code; raises where the process does not end."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError("the engine does not end") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for end in (self.process.stdin, self.process.stdout):
            if end is not None:
                with suppress(OSError):
                    end.close()
