"""Opening a run whose steps are to be taken again: as it was begun, with the data that it had."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.choices import Invalid, Problem
from engine.data.source import Report
from engine.edits import Recipe
from engine.experiment import Experiment
from engine.runs.data.as_begun import read_as_begun
from engine.runs.facts import read_data_hash
from engine.runs.folder import RunFolder
from engine.runs.history.reader import HistoryReader
from engine.runs.recipe import read_edits

if TYPE_CHECKING:
    from engine.runs.preparation import MakePlan
    from engine.training.assemble import Assembly
    from engine.training.repeating.original import Original


@contextmanager
def opened(
    folder: RunFolder, experiment: Experiment, make_plan: MakePlan, report: Report
) -> Iterator[Original]:
    """Give what the steps of a run follow from, within the threads that their last bits depend on.

    The folder stays as it is, and the run may be in training meanwhile. Raises Invalid where the data is no
    longer that of the run.
    """
    from engine.training.assemble import assemble
    from engine.training.devices import pick, settled
    from engine.training.footprint import data_memory
    from engine.training.repeating.original import Original
    from engine.training.threads import threads_for

    plan = read_as_begun(folder, experiment, lambda chosen: make_plan(chosen, report))
    if read_data_hash(folder) not in ("", plan.data_hash):
        raise Invalid([Problem("data", "is no longer what this run was trained on; put it back")])
    device, edits = pick(experiment.training.device), read_edits(folder)
    memory = folder.read_data_memory() or data_memory(plan, device)
    # what a schedule listened to; all of it, as it takes of each epoch what came before
    with HistoryReader(folder.history) as history:
        measured = {name: history.column(name).values.tolist() for name in experiment.measured}

    def anew() -> Assembly:
        return assemble(plan, device, memory)

    with settled(device, folder.read_threads() or threads_for(plan)):
        yield Original(lambda: Recipe(plan.experiment, edits), anew, measured)
