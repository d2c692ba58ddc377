"""The engine process of the window: `python -m engine serve`.

Three threads: the reader takes messages from stdin, the GPU worker (the main thread) trains and answers, the
writer sends what is in the outbox. The end of stdin means: checkpoint, mark the run interrupted, exit.
"""

from __future__ import annotations

import os
import signal

from engine import __version__, signals
from engine.serving.outbox import Outbox
from engine.serving.pipes import Pipes
from engine.serving.protocol import Hello

_FAREWELL = 2.0
"""Seconds that the last messages may take to be sent."""


def serve() -> int:
    """Be the engine until stdin ends; return the exit code."""
    pipes, outbox = Pipes(), Outbox()
    writer = pipes.start_writer(outbox)
    outbox.put(Hello(__version__, os.getpid()))
    from engine.serving.worker import Worker, lower_priority  # after Hello: it brings the whole engine

    lower_priority()
    worker = Worker(outbox)
    for number in signals.that_end():
        signal.signal(number, lambda *_: worker.quit())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is meant for the window

    pipes.heed(worker.handle, worker.quit)
    worker.work()
    outbox.close()
    writer.join(_FAREWELL)
    return 0
