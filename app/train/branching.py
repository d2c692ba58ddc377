"""Branches: a run that begins with the weights of another one after a step, and with what was edited."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from app.document.document import Document
from app.document.record import RunRecord
from app.language.words import tr
from engine.edits import differences, with_edits, with_values
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


@dataclass(frozen=True)
class InForm:
    """The experiment of a run as the form has it, and as it had it when the person began to look back."""

    now: Experiment
    before: Experiment


def branch_of(record: RunRecord, step: int, form: InForm | None) -> Experiment:
    """Return the experiment of the branch that begins with the weights of a run after `step`.

    It is what the run was trained with then, and with what is in the `form` beside that. Raises Invalid.
    """
    run = RunFolder(Path(record.folder))
    begun, edits = run.read_experiment(), read_edits(run)
    # what was edited later is of the other branch
    then = with_edits(begun, [edit for edit in edits if edit.step <= step])
    experiment = then if form is None else _without_later(form, then, with_edits(begun, edits))
    return branched(
        experiment, run, step, lambda name, at: tr("{name}, from step {step}", name=name, step=at)
    )


def _without_later(form: InForm, then: Experiment, today: Experiment) -> Experiment:
    """Return what is in the form, without what the run itself came to after the moment of the branch.

    What the person edited while looking back stays, also where the run in training took it up.
    """
    mine = {path for path, _, _ in (*differences(today, form.now), *differences(form.before, form.now))}
    later = differences(then, today)
    return with_values(form.now, [(path, was) for path, was, _ in later if not _touched(path, mine)])


def _touched(path: str, mine: Set[str]) -> bool:
    """Return whether a setting, or one above or below it, is among those that were edited."""
    return any(path == one or path.startswith(f"{one}.") or one.startswith(f"{path}.") for one in mine)
