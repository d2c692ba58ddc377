"""Reading a run back as the events it said, so that a run from disk and one in training look the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from engine.atomic import write_json
from engine.choices import Invalid, Message, Problem
from engine.events import ENDED, Edited, Event, LayerSort, Measured, RunEnded, RunStarted, StateChanged
from engine.runs import status
from engine.runs.folder import RunFolder
from engine.runs.history.reader import HistoryReader
from engine.runs.lists.listing import scores
from engine.runs.recipe import read_edits

_STARTED: TypeAdapter[RunStarted] = TypeAdapter(RunStarted)


def write_started(folder: RunFolder, started: RunStarted) -> None:
    """Keep what the run said at its start: epochs, layers and what its data is."""
    write_json(folder.started, dataclasses.asdict(started))


def read_started(folder: RunFolder) -> RunStarted:
    """Return what the run said at its start, its folder being where it lies now; raises Invalid."""
    try:
        found = _STARTED.validate_python(_with_sorts(folder.read_json(folder.started)))
    except ValidationError as error:
        raise Invalid(
            [Problem(folder.started.name, Message("is damaged: {why}", why=error.errors()[0]["msg"]))]
        ) from None
    return dataclasses.replace(found, folder=str(folder.path))


_WORDS: Mapping[str, LayerSort] = {
    "Convolution": "convolution",
    "Fully connected": "dense",
    "pooling": "pooling",
    # as in "Mean over places", which is a pooling though its name does not say so
    "over": "pooling",
    "normalization": "normalization",
    # first letters are left out where a word stood at the beginning of some names and within others
    "ttention": "attention",
    "LSTM": "recurrent",
    "GRU": "recurrent",
    "RNN": "recurrent",
    "mbedding": "embedding",
    "ositions": "embedding",
}
"""What layers were called before they said their sort: these words are in files and change no more."""


def _with_sorts(told: dict[str, Any]) -> dict[str, Any]:
    """Return what a run told at its start, every layer with its sort, which earlier versions left out."""
    layers = told.get("layers")
    for layer in layers if isinstance(layers, list) else ():
        if isinstance(layer, dict) and "sort" not in layer:
            what = str(layer.get("what"))
            layer["sort"] = next((sort for word, sort in _WORDS.items() if word in what), "other")
    return told


def replay(folder: RunFolder, after: int = 0) -> Iterator[Event]:
    """Yield a run's events from its folder: its start, all numbers after step `after`, readings and warnings.

    The last one tells how it stands: RunEnded, or StateChanged while it goes on. A run that ended before its
    first step has no RunStarted. Raises Invalid where something is damaged.
    """
    now = status.read(folder)
    started = read_started(folder) if folder.started.exists() else None
    if started is not None:
        yield started
    if folder.history.exists():
        with HistoryReader(folder.history) as history:
            blocks = history.blocks(after)
            speed = now.step / now.seconds if now.seconds > 0 else 0.0
            yield Measured(blocks, now.step, now.epoch, now.seconds, speed)
            yield from history.readings()
            # what was said before the first step bears step 0, which is not greater than 0
            yield from (warning for warning in history.warnings() if warning.step > after or after == 0)
    edits = read_edits(folder)
    for step in sorted({edit.step for edit in edits}):
        # later ones are still to come: the run was killed after them, and will repeat them
        if (step > after or after == 0) and step <= now.step:
            recut = () if started is None else started.timetable.until(step).stretches[1:]
            yield Edited(step, tuple(edit for edit in edits if edit.step == step), now.epochs, recut)
    if now.state in ENDED:
        final = scores(folder.read_json(folder.metrics)) if folder.metrics.exists() else {}
        final.pop("test", None)  # shown only when the person asks for it
        yield RunEnded(now.state, now.step, now.epoch, now.why, final)
    else:
        yield StateChanged(now.state, now.step)


def last_step(folder: RunFolder) -> int:
    """Return how many steps of a run are known. Raises Invalid where its history cannot be read."""
    with HistoryReader(folder.history) as history:
        return history.last_step("loss")
