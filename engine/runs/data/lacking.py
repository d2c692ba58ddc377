"""Data that did not come with a run; asked by the window as well, which does without pandas."""

from __future__ import annotations

import os
from pathlib import Path

from engine.choices import paths_in
from engine.experiment import Experiment
from engine.runs.folder import RunFolder
from engine.runs.places import DATA


def came_without(folder: RunFolder, experiment: Experiment) -> tuple[str, ...]:
    """Return the names of data that the run was packed without; none where it is there, or lay elsewhere."""
    within = folder.path / DATA
    lacking = (Path(path) for path in paths_in(experiment.data) if not os.path.lexists(path))
    return tuple(path.name for path in lacking if path.is_relative_to(within))
