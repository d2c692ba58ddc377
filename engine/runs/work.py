"""The work of a run in its folder: data, network, steps, scores, each saved before anybody hears of it.

The order of writing makes every moment one from which the run can go on: numbers before the checkpoint that
stands after them, weights and scores before the state "finished".
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import experiment_file
from engine.atomic import write_bytes, write_json
from engine.data.batches import Cutting
from engine.data.source import silent
from engine.edits import Recipe
from engine.events import (
    Edit,
    Edited,
    Event,
    Measured,
    Reading,
    RunEnded,
    RunStarted,
    Scoring,
    StateChanged,
    Warned,
    WentBack,
)
from engine.experiment import Experiment
from engine.runs import checkpoints
from engine.runs.data.as_begun import read_as_begun
from engine.runs.facts import write_facts
from engine.runs.folder import RunFolder, finite
from engine.runs.history.writer import HistoryWriter
from engine.runs.preparation import MakePlan
from engine.runs.reading import write_started
from engine.runs.recipe import read_edits, write_edits
from engine.runs.start import said_of, take_weights
from engine.runs.status import Keeper
from engine.training.control import Control

if TYPE_CHECKING:
    from engine.training.assemble import Assembly
    from engine.training.checkpoint import Checkpoint
    from engine.training.devices import Device

Say = Callable[[Event], None]


@dataclass(frozen=True)
class Work:
    """What is to be done and for whom: the run's folder and experiment, who steers it, who hears of it."""

    folder: RunFolder
    experiment: Experiment
    control: Control
    say: Say
    keeper: Keeper
    make_plan: MakePlan


@dataclass(frozen=True)
class Released:
    """A run waits after `step` and holds no memory; before, its process held so many bytes of the device."""

    step: int
    device: Device
    held: int


def do(work: Work) -> RunEnded | Released:
    """Plan, train, save and judge; return how the run ended, of which nobody has heard yet.

    Or that it waits without memory: to do the same work again goes on with it.
    """
    folder, experiment = work.folder, work.experiment
    plan = read_as_begun(folder, experiment, lambda chosen: work.make_plan(chosen, silent))
    edits = read_edits(folder)

    # Only now torch is loaded: the folder is there, and the data is known to be fit.
    from engine.training.assemble import assemble
    from engine.training.devices import held_memory, pick
    from engine.training.footprint import data_memory
    from engine.training.loop import train
    from engine.training.threads import threads_for

    # as many as when it began: sums over other shares of the data round otherwise, and runs would part
    with _computing_with(folder.read_threads() or threads_for(plan)) as threads:
        device = pick(experiment.training.device)
        memory = folder.read_data_memory() or data_memory(plan, device)
        # before the network is made: where the data has changed nothing of the run may be touched
        write_facts(folder, plan, device=device.words, threads=threads, memory=memory)
        assembly = assemble(plan, device, memory)
        with HistoryWriter(folder.history) as history:

            def keep(edits: Sequence[Edit]) -> None:
                write_edits(folder, edits)
                history.forget_beyond()  # it was another future

            recipe = Recipe(plan.experiment, edits, keep)
            start = _newest_checkpoint(folder, history)
            if start is None and experiment.start.source:
                take_weights(folder, experiment.start, assembly.model, work.make_plan)
            recipe.stand_at(0 if start is None else start.step)
            started = _started(folder, assembly, recipe, start)
            # before the new place of the run is written, by which the data beside it would not be found again
            if experiment.data.named_paths() != folder.read_experiment().data.named_paths():
                write_bytes(folder.experiment, experiment_file.dump(experiment).encode())
            write_started(folder, started)
            work.keeper.set(epochs=started.epochs)
            work.say(started)

            def save(checkpoint: Checkpoint) -> None:
                if history.flush():  # a checkpoint beyond the numbers on the disk could not be gone on from
                    checkpoints.save(folder, checkpoint, recipe.experiment.training.moments * 1_000_000)

            for event in train(assembly, start, work.control, save, history.series(), recipe):
                if isinstance(event, RunEnded):
                    return _finish(folder, assembly, event, history, work.say)
                if isinstance(event, WentBack):
                    checkpoints.remove_after(folder, event.step)
                if isinstance(event, Edited) and event.recut != started.recut:
                    # who reads the folder must know to which epoch a step belongs
                    started = dataclasses.replace(started, recut=event.recut)
                    write_started(folder, started)
                _record(event, work.keeper, history)
                work.say(event)
            # nothing has ended: what is held in here goes with this frame
            return Released(work.keeper.status.step, device, held_memory(device))


@contextmanager
def _computing_with(threads: int) -> Iterator[int]:
    """Let torch compute with so many threads inside."""
    import torch

    usual = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield torch.get_num_threads()
    finally:
        torch.set_num_threads(usual)


def _newest_checkpoint(folder: RunFolder, history: HistoryWriter) -> Checkpoint | None:
    """Return the newest checkpoint that the history reaches, or None, from where steps are taken again."""
    reached = history.last_step("loss")
    # A checkpoint beyond the history could not be gone on from: the numbers between are lost.
    start = next((found for found in checkpoints.readable(folder) if found.step <= reached), None)
    step = 0 if start is None else start.step
    history.take_again(step)
    checkpoints.remove_after(folder, step)
    return start


def _started(folder: RunFolder, assembly: Assembly, recipe: Recipe, start: Checkpoint | None) -> RunStarted:
    """Return what is said of the run before its first step, or the first after `start`."""
    experiment, plan = recipe.experiment, assembly.plan
    return RunStarted(
        folder=str(folder.path),
        name=experiment.name,
        step=0 if start is None else start.step,
        epochs=experiment.training.epochs,
        steps_per_epoch=plan.steps_per_epoch,
        device=assembly.device.words,
        parameters=assembly.parameters,
        layers=assembly.layers,
        facts=dataclasses.replace(
            assembly.description.facts(),
            task=experiment.task.kind,
            loss_factor=experiment.loss.factor(assembly.description.targets),
            loss_unit=experiment.loss.unit.words,
            network=plan.blueprint.parts,
        ),
        frozen=assembly.frozen,
        start=said_of(folder),
        last_batch=plan.last_batch,
        simplest=_simplest(assembly, experiment),
        recut=Cutting(plan.description.train, recipe.batch_sizes).timetable.stretches[1:],
    )


def _simplest(assembly: Assembly, experiment: Experiment) -> dict[str, dict[str, float]]:
    """Return the scores of the simplest guesses on the part that is followed, those that are numbers."""
    from engine.training.baselines.selection import baselines

    metrics = experiment.scores_for(assembly.description)
    found = baselines(assembly.prepared, experiment.task, metrics, "validation", at_once=True)
    return {
        name: {key: value for key, value in scores.items() if math.isfinite(value)}
        for name, scores in found.scores.items()
    }


def _record(event: Event, keeper: Keeper, history: HistoryWriter) -> None:
    """Save what an event says before anybody hears of it."""
    match event:
        case Measured():
            history.add(event.blocks)
            # series of epochs have a dot (validation.loss); those of every step no list shows
            latest = {block.series: float(block.values[-1]) for block in event.blocks if "." in block.series}
            keeper.set(
                step=event.step,
                epoch=event.epoch,
                seconds=round(event.seconds, 3),
                # merged: not every event brings every series
                latest={**keeper.status.latest, **latest},
            )
        case Reading():
            history.read(event)
        case Warned():
            history.warn(event)
        case WentBack():
            history.truncate(event.step)
            history.warn(Warned(event.step, event.text))
            keeper.set(step=event.step, epoch=event.epoch)
        case Edited():
            # the edits themselves are on the disk since before they were taken up
            keeper.set(epochs=event.epochs)
        case StateChanged():
            keeper.set(state=event.state, step=event.step)


def _finish(
    folder: RunFolder, assembly: Assembly, ended: RunEnded, history: HistoryWriter, say: Say
) -> RunEnded:
    """Write weights and scores of a run that is over; one that can go on, or never began, has none."""
    if ended.state == "interrupted" or (ended.state == "failed" and ended.step == 0):
        return ended
    from engine.runs.kept import save_model
    from engine.runs.scoring.judging import judge

    history.forget_beyond()
    save_model(folder, assembly.model)

    def tell(share: float, words: str) -> None:
        say(Scoring(share, words))

    scores = judge(assembly.experiment, assembly.model, assembly.prepared, tell)
    write_json(folder.metrics, finite(scores))
    # Last: to compact takes a while, and a run that dies here has all it needs.
    history.finish()
    return ended
