"""Branches: a run that begins with the weights of another one after a step, and with what was edited."""

from __future__ import annotations

from pathlib import Path

from app.document.document import Document
from app.document.record import RunRecord
from app.language.words import tr
from engine.edits import differences, with_edits
from engine.experiment import Experiment
from engine.runs.folder import RunFolder
from engine.runs.recipe import read_edits
from engine.runs.start import branched


def no_branch(document: Document, record: RunRecord) -> str:
    """Return why no branch of a run can begin with what the document holds; "" where one can. Raises Invalid.

    The engine refuses it, too, but only once the run is interrupted.
    """
    begun, edited = RunFolder(Path(record.folder)).read_experiment(), document.located(document.experiment)
    sections = {path.partition(".")[0] for path, _, _ in differences(begun, edited)}
    if sections & {"seed", "split"} and "data" not in sections:
        return tr("A branch keeps seed and split of its run, which would else judge what it has learnt from.")
    return ""


def branch_of(record: RunRecord, step: int, edited: Experiment | None) -> Experiment:
    """Return the experiment of the branch that begins with the weights of a run after `step`.

    It is what was `edited`; with None, what the run itself was trained with then. Raises Invalid.
    """
    run = RunFolder(Path(record.folder))
    if edited is None:
        # what was edited later is of the other branch
        edits = [edit for edit in read_edits(run) if edit.step <= step]
        edited = with_edits(run.read_experiment(), edits)
    return branched(edited, run, step, lambda name, at: tr("{name}, from step {step}", name=name, step=at))
