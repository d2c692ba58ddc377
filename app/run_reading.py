"""Reading earlier runs from their folders, without torch. Slow enough to be done in another thread."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path

from app.record import RunRecord
from engine.choices import Invalid
from engine.events import Block, Facts, Pictured, RunEnded, RunStarted, Warned
from engine.runs import status
from engine.runs.folder import RunFolder, opened
from engine.runs.history import HistoryReader
from engine.runs.listing import scores


def read_run(path: Path) -> RunRecord:
    """Return what the folder holds of a run, as far as it is whole; raises Invalid where it is no run."""
    folder = opened(path)
    experiment = folder.read_experiment()
    blocks: tuple[Block, ...] = ()
    pictures: tuple[Pictured, ...] = ()
    warnings: tuple[Warned, ...] = ()
    if folder.history.exists():
        with HistoryReader(folder.history) as history:
            blocks, pictures, warnings = history.blocks(), history.pictures(), history.warnings()
    now = _status(folder, experiment.name)
    epoch = next((block.stride for block in blocks if block.series == "validation.loss"), 0)
    started = RunStarted(
        folder=str(folder.path),
        name=now.name or experiment.name,
        step=0,
        epochs=now.epochs or experiment.training.epochs,
        steps_per_epoch=epoch or _steps_per_epoch(blocks),
        device=str(_read(folder, folder.environment).get("device", "")),
        parameters=0,
        layers=(),
        facts=facts_of(folder),
    )
    ended = None
    if now.state not in ("running", "paused", "queued"):
        ended = RunEnded(now.state, now.step, now.epoch, now.why, scores(_read(folder, folder.metrics)))
    record = RunRecord.from_history(started, blocks, pictures, ended)
    for warning in warnings:
        record.apply(warning)
    record.seconds = now.seconds if math.isfinite(now.seconds) else 0.0
    record.reference = baselines_of(folder)
    if ended is None:
        record.state, record.step, record.epoch = now.state, now.step, now.epoch
    return record


def blocks_after(path: Path, step: int) -> tuple[Block, ...]:
    """Return what the history of a run holds after a step; raises Invalid."""
    with HistoryReader(opened(path).history) as history:
        return history.blocks(step)


def facts_of(folder: RunFolder) -> Facts:
    """Return what is known of the run's data; empty where its preprocessing is not written yet."""
    from engine.data.preprocessor import Preprocessor  # brings pandas along, which takes half a second

    with suppress(Invalid):
        fitted = Preprocessor.from_json(folder.read_json(folder.preprocessing))
        received, predicted = fitted.received, fitted.predicted
        return Facts(
            received.kind, received.shape, received.names, predicted.kind, predicted.names, predicted.classes
        )
    return Facts()


def baselines_of(folder: RunFolder) -> dict[str, dict[str, float]]:
    """Return the validation scores of the baselines, by their name; empty where they are not known."""
    found = _read(folder, folder.metrics).get("validation", {})
    given = found.get("baselines") if isinstance(found, dict) else None
    if not isinstance(given, dict):
        return {}
    return {
        str(name): {str(kind): float(value) for kind, value in values.items() if isinstance(value, int | float)}
        for name, values in given.items()
        if isinstance(values, dict)
    }


def _status(folder: RunFolder, name: str) -> status.Status:
    """Return how the run stands; one whose status is damaged reads as interrupted."""
    try:
        return status.read(folder)
    except Invalid as error:
        return status.Status("interrupted", name=name, why=str(error))


def _read(folder: RunFolder, path: Path) -> dict[str, object]:
    try:
        return folder.read_json(path)
    except Invalid:
        return {}


def _steps_per_epoch(blocks: tuple[Block, ...]) -> int:
    return max((block.stride for block in blocks), default=1)
