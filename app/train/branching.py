"""Branches: a run that begins with the weights of another one, and with what was edited meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.document.record import RunRecord
from app.language.words import tr
from engine.experiment import Experiment
from engine.runs.folder import RunFolder
from engine.runs.start import branched


def no_branch(edited: Iterable[str]) -> str:
    """Return why no branch can begin with these settings edited, by path; "" where one can."""
    sections = {path.partition(".")[0] for path in edited}
    if sections & {"seed", "split"} and "data" not in sections:
        return tr("A branch keeps seed and split of its run, which would else judge what it has learnt from.")
    return ""


def branch_of(record: RunRecord, edited: Experiment) -> Experiment:
    """Return the experiment of the branch that begins where the run of a record stands."""
    run, step = RunFolder(Path(record.folder)), record.step
    return branched(edited, run, step, lambda name, at: tr("{name}, from step {step}", name=name, step=at))
