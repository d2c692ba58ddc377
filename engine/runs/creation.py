"""Making the folder of a new run, which needs no torch.

A run's folder is whole or not there: it is built under a name with a dot, which no list shows, and gets its
own name when all is in it. What a process that was killed meanwhile left is removed by the next one.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from engine import experiment_file
from engine.atomic import sync_folder, write_bytes
from engine.choices import Invalid, Message, Problem
from engine.events import Edit, State
from engine.experiment import Experiment
from engine.runs.folder import RunFolder
from engine.runs.lock import born, lives
from engine.runs.recipe import write_edits
from engine.runs.status import Status, write

_MOST_NAME = 40
_DRAFT = ".draft"
_MADE_BY = re.compile(r"\.(\d{1,10})\.(\d{1,12})\.\d+\.draft$")
"""The process that makes a draft, and when that was started."""


def create(
    runs: Path, experiment: Experiment, edits: Sequence[Edit] = (), *, state: State = "queued"
) -> RunFolder:
    """Make the folder of a new run of `experiment` (paths absolute) below `runs`.

    `edits` are repeated, each at its step: those of the run whose recipe is trained anew.
    `state`: "waiting" where no process begins to train it now.
    Its name is the time and the experiment's name, made unique. Raises Invalid when it cannot be made.
    """
    try:
        chosen = experiment_file.dump(experiment).encode()
    except UnicodeEncodeError:
        why = "holds bytes that are no text, which an experiment cannot keep: rename the file or folder"
        raise Invalid([Problem("data.path", why)]) from None
    name = f"{time.strftime('%Y-%m-%d_%H%M%S')}_{slug(experiment.name)}"
    return whole(runs, name, lambda draft: _fill(draft, chosen, edits, _at_first(experiment, state)))


def whole(runs: Path, name: str, fill: Callable[[RunFolder], None]) -> RunFolder:
    """Return a new folder `name` below `runs` once `fill` has put all into it; no list shows it before.

    Where the name is taken it gets a number. Whatever `fill` raises, nothing stays. Raises Invalid where
    the folder cannot be made.
    """
    try:
        runs.mkdir(parents=True, exist_ok=True)
        # Those of processes that died are seen by nobody else, as lists pass over names with a dot.
        _remove_drafts(runs)
        draft = _new_folder(runs, f".{name}.{os.getpid()}.{born():.0f}", _DRAFT)
        try:
            fill(RunFolder(draft))
            moved = RunFolder(Path(os.path.abspath(_moved(draft, runs / name))))
            sync_folder(runs)
            return moved
        # no finally: once it has moved away, a draft of that name is another thread's
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    except OSError as error:
        message = Message(
            "the run cannot be saved in {runs}: {why}; choose another folder for runs",
            runs=runs,
            why=error.strerror or error,
        )
        raise Invalid([Problem("", message)]) from None


def _at_first(experiment: Experiment, state: State) -> Status:
    # a run that waits has its place in lists, which are sorted by this, from now on
    started = time.time() if state == "waiting" else 0.0
    return Status(state, name=experiment.name, epochs=experiment.training.epochs, started=started)


def _fill(folder: RunFolder, chosen: bytes, edits: Sequence[Edit], status: Status) -> None:
    """Put into the folder what every run has."""
    folder.checkpoints.mkdir()
    write_bytes(folder.experiment, chosen)
    if edits:
        write_edits(folder, edits)
    write(folder, status)


def _moved(draft: Path, place: Path) -> Path:
    """Give a whole folder its name, or that name with a number; return its path."""
    number = 1
    while True:
        path = place if number == 1 else place.with_name(f"{place.name}-{number}")
        number += 1
        # asked first: rename would take the place of an empty folder there without a word (POSIX)
        if os.path.lexists(path):
            continue
        try:
            # Whole or not there: a folder takes its name in one step.
            return draft.rename(path)
        except OSError as error:  # somebody else has taken the name since
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise


def _remove_drafts(runs: Path) -> None:
    """Remove what processes that died while they made a run left behind."""
    for draft in runs.glob(f".*{_DRAFT}"):
        made = _MADE_BY.search(draft.name)
        # a link is left alone: to follow it would delete what lies elsewhere
        if made and not draft.is_symlink() and not lives(int(made[1]), float(made[2])):
            shutil.rmtree(draft, ignore_errors=True)


def slug(name: str) -> str:
    """Return `name` as part of a file name: letters and digits of any script, the rest as hyphens.

    >>> slug("Two spirals, 1.75 turns"), slug("手写数字"), slug("../../etc")
    ('two-spirals-1-75-turns', '手写数字', 'etc')
    """
    # NFC: macOS hands out names in pieces (NFD), of which accents would become hyphens
    plain = unicodedata.normalize("NFC", name).lower()
    return re.sub(r"[\W_]+", "-", plain)[:_MOST_NAME].strip("-") or "run"


def _new_folder(runs: Path, name: str, ending: str) -> Path:
    number = 1
    while True:
        path = runs / f"{name}.{number}{ending}"
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        else:
            return path
