"""The engine process of the window: `python -m engine serve`.

The end of stdin means: checkpoint, mark the run interrupted, exit.
"""

from __future__ import annotations

from engine.serving import service
from engine.serving.outbox import Outbox


def serve() -> int:
    """Be the engine until stdin ends; return the exit code."""
    return service.serve(_worker)


def _worker(outbox: Outbox) -> service.Service:
    from engine.serving.worker import Worker, lower_priority  # torch's side of the engine takes a second

    lower_priority()
    return Worker(outbox)
