"""Making the folder of a new run, which needs no torch."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from pathlib import Path

from engine import experiment_file
from engine.atomic import write_bytes
from engine.choices import Invalid, Problem
from engine.experiment import Experiment
from engine.runs.folder import RunFolder
from engine.runs.status import Status, write

_MOST_NAME = 40


def create(runs: Path, experiment: Experiment) -> RunFolder:
    """Make the folder of a new run of `experiment` (paths absolute) below `runs`.

    Its name is the time and the experiment's name, made unique. Raises Invalid when it cannot be made.
    """
    try:
        chosen = experiment_file.dump(experiment).encode()
    except UnicodeEncodeError:
        why = "holds bytes that are no text, which an experiment cannot keep: rename the file or folder"
        raise Invalid([Problem("data.path", why)]) from None
    try:
        runs.mkdir(parents=True, exist_ok=True)
        folder = _unique(runs, f"{time.strftime('%Y-%m-%d_%H%M%S')}_{slug(experiment.name)}")
        folder.checkpoints.mkdir()
        write_bytes(folder.experiment, chosen)
        write(folder, Status(state="queued", name=experiment.name))
    except OSError as error:
        message = (
            f"the run cannot be saved in {runs}: {error.strerror or error}; choose another folder for runs"
        )
        raise Invalid([Problem("", message)]) from None
    return folder


def slug(name: str) -> str:
    """Return `name` as part of a file name: letters and digits of any script, the rest as hyphens.

    >>> slug("Two spirals, 1.75 turns"), slug("手写数字"), slug("../../etc")
    ('two-spirals-1-75-turns', '手写数字', 'etc')
    """
    plain = unicodedata.normalize("NFC", name).lower()
    return re.sub(r"[\W_]+", "-", plain)[:_MOST_NAME].strip("-") or "run"


def _unique(runs: Path, name: str) -> RunFolder:
    number = 1
    while True:
        path = runs / (name if number == 1 else f"{name}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        else:
            return RunFolder(Path(os.path.abspath(path)))
