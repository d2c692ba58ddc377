"""What a run trains that goes on, as the document has it."""

from __future__ import annotations

from app.document.document import Document
from engine.choices import Invalid
from engine.edits import differences, with_values
from engine.experiment import Experiment
from engine.runs.folder import RunFolder
from engine.runs.recipe import as_edited


def as_document(document: Document, run: RunFolder) -> Experiment | None:
    """Return what a run trains, with the paths of the document; None where it is of another experiment.

    The form follows where nothing was edited since the run had begun; else what was edited stays in it.
    """
    try:
        begun, trained = run.read_experiment(), as_edited(run)
    except (Invalid, OSError):
        return None  # the engine will say so
    now = document.located(document.experiment)
    if trained.name != now.name:
        return None
    # with the paths of the document, which may be relative
    as_here = with_values(
        document.experiment, [(path, value) for path, _, value in differences(now, trained)]
    )
    if now == begun:
        document.edit(as_here)
    return as_here
