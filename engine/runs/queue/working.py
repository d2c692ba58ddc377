"""Working through the queue: the next run is taken when one has ended, in this process or in several."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.choices import Invalid, joined
from engine.events import RunEnded
from engine.runs.folder import RunFolder
from engine.runs.lock import Held
from engine.runs.queue.order import hold, settle, take


def work_through(
    runs: Path,
    train: Callable[[RunFolder], RunEnded],
    *,
    most: int | None = None,
    stop_at_failure: bool = False,
) -> Iterator[RunEnded]:
    """Train the runs of the queue one after the other, as long as there are any; yield how each ended.

    At most so many, where `most` says so.

    A run that was interrupted keeps its place, and the work ends: whoever interrupted it wants no other. With
    `stop_at_failure` it ends after a run that failed, too. Raises Invalid where the queue cannot be kept.
    """
    others: list[str] = []
    done = 0
    while (most is None or done < most) and (folder := take(runs, but_not=others)):
        name = folder.path.name
        try:
            ended = train(folder)
        except Held:  # somebody trains it by hand
            others.append(name)
            settle(runs, name)
            continue
        except Invalid as error:
            # the folder is no run that can be understood: the others need not wait for it
            hold(runs, name)
            ended = RunEnded("failed", 0, 0, joined("; ", *map(str, error.problems)), {})
        settle(runs, name)
        done += 1
        yield ended
        if ended.state == "interrupted" or (stop_at_failure and ended.state == "failed"):
            return


def workers(command: Sequence[str], count: int) -> list[subprocess.Popen[bytes]]:
    """Start so many processes that work through the queue by `command` and say nothing but folders."""
    return [
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(count)
    ]


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask processes to checkpoint what they train and to end."""
    for process in processes:
        process.terminate()


@contextmanager
def beside(processes: Sequence[subprocess.Popen[bytes]]) -> Iterator[None]:
    """Wait at the end for processes that were started; ask them to end where this one is to end itself."""
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            end(processes)
        for process in processes:
            process.wait()
