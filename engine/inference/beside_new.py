"""What stands beside a network that is judged on a new file: the same models as beside its own parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.choices import Invalid, Message
from engine.data.prepared import Prepared
from engine.data.source import Report
from engine.experiment import Experiment
from engine.inference.simplest import simplest_guess
from engine.learning.metrics import Metric
from engine.runs.data.as_begun import read_as_begun
from engine.runs.facts import read_data_hash
from engine.runs.folder import RunFolder
from engine.runs.preparation import Prepare

if TYPE_CHECKING:
    from engine.training.baselines.beside import Beside


def baselines_beside(
    folder: RunFolder,
    experiment: Experiment,
    judged: Prepared,
    metrics: Sequence[Metric],
    prepare: Prepare,
    report: Report,
) -> Beside:
    """Return the scores of models without a network on new examples, the test part of `judged`.

    They are fitted anew on the training part of the run's data: to keep them would mean to keep that part
    (nearest words, dictionaries) or weights that take no longer to fit than to read. Where that data is not
    there as it was, the simplest guess stands alone, which the run itself knows, and a note says why.
    """
    from engine.training.baselines.beside import Beside
    from engine.training.baselines.selection import baselines

    why: str = Message("It has changed since.")
    try:
        own = read_as_begun(folder, experiment, lambda chosen: prepare(chosen, report))
    except (Invalid, OSError) as error:
        gone = next((path for path in experiment.data.named_paths().values() if not Path(path).exists()), "")
        # what is wrong with a file tells whoever wants to train, here only that it is gone counts
        own, why = None, Message("It is not at {path} any more.", path=gone) if gone else str(error)
    if own is not None and own.data_hash == read_data_hash(folder):
        report(0.95, "Fitting the models to compare with")
        both = replace(own, test=judged.test, raw_of_test=judged.raw)
        return baselines(both, experiment.task, metrics, "test")
    alone = Message(
        "Only the simplest guess stands beside: the other models are fitted on the data of the training. "
        "{why}",
        why=why,
    )
    return Beside(simplest_guess(folder, judged, metrics), (alone,))
