"""Finding settings for an experiment or a run by trying them; nothing of a run or its folder changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.data.source import Report, silent
from engine.edits import Recipe
from engine.experiment import Experiment
from engine.runs import checkpoints
from engine.runs.data.moved import experiment_of
from engine.runs.folder import RunFolder
from engine.runs.preparation import Preparations
from engine.runs.recipe import read_edits
from engine.runs.start import put_weights
from engine.training.finding.sizes_tried import SizesTried
from engine.training.finding.tried import ALL_RATES, RatesTried, Span

if TYPE_CHECKING:
    from engine.training.checkpoint import Checkpoint


def find_rate(
    experiment: Experiment,
    folder: RunFolder | None,
    preparations: Preparations,
    report: Report = silent,
    tell: Callable[[RatesTried], None] = lambda tried: None,
    span: Span = ALL_RATES,
) -> RatesTried:
    """Do the learning-rate range test for an experiment; see `try_rates`.

    With the folder of a run, for the run as it was edited, from its newest checkpoint: a run that is paused
    has one of where it stands. Raises Invalid where experiment and data do not fit, where memory is too
    small, and where the optimizer finds its rate by itself.
    """
    from engine.training.assemble import assemble
    from engine.training.devices import pick
    from engine.training.finding.rates import refuse_without_rate, try_rates
    from engine.training.footprint import data_memory
    from engine.training.threads import threads_for

    refuse_without_rate(experiment)
    begun: tuple[Recipe, Checkpoint] | None = None
    if folder is not None:
        experiment, checkpoint = experiment_of(folder), next(checkpoints.readable(folder), None)
        if checkpoint is not None:
            begun = Recipe(experiment, read_edits(folder)), checkpoint
    plan = preparations.plan(experiment, report)
    device = pick(experiment.training.device)
    assembly = assemble(plan, device, data_memory(plan, device))
    if begun is None and experiment.start.source:
        put_weights(experiment.start, assembly.model, preparations.plan)
    return try_rates(assembly, threads_for(plan), begun, tell, span)


def find_batch(
    experiment: Experiment,
    preparations: Preparations,
    report: Report = silent,
    tell: Callable[[SizesTried, float], None] = lambda tried, share: None,
    limit: int | None = None,
) -> SizesTried:
    """Find the largest batch that fits; see `try_sizes`. `tell` also hears about how far the search is.

    Raises Invalid where experiment and data do not fit, and where memory is too small for the network.
    """
    from engine.training.assemble import assemble
    from engine.training.devices import pick
    from engine.training.finding.sizes import alone, share_of, try_sizes
    from engine.training.footprint import data_memory

    plan, device = preparations.plan(alone(experiment), report), pick(experiment.training.device)
    assembly = assemble(plan, device, data_memory(plan, device))
    return try_sizes(assembly, limit, lambda tried: tell(tried, share_of(tried)))
