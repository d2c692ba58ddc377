"""Going on with a run that has ended: more epochs, as an edit at its last step."""

from __future__ import annotations

import dataclasses
from typing import Any

from engine.choices import Invalid, Message, Problem
from engine.edits import Recipe
from engine.events import ENDED
from engine.learning.stopping import Standing, verdict_of
from engine.runs import status
from engine.runs.folder import RunFolder
from engine.runs.history.reader import HistoryReader
from engine.runs.lock import Held, Lock
from engine.runs.recipe import read_edits, write_edits


def go_on(folder: RunFolder, epochs: int) -> None:
    """Let a run that has ended go on to `epochs` epochs as soon as it is executed again.

    Stopping rules that would end it at once are edited away. Raises Invalid, with nothing changed, when it
    has not ended or has done so many epochs already; OSError.
    """
    try:
        with Lock(folder.lock):
            _go_on(folder, epochs)
    except Held:
        raise Invalid(
            [Problem("", "another process is working on this run; wait for it, or end it")]
        ) from None


def _go_on(folder: RunFolder, epochs: int) -> None:
    now = status.read(folder)
    if now.state not in ENDED:
        raise Invalid([Problem("", "this run has not ended; its epochs can be edited while it goes on")])
    if epochs <= now.epoch:
        why = Message("must be more than the {count} that are done", count=now.epoch)
        raise Invalid([Problem("training.epochs", why)])
    edits = read_edits(folder)
    recipe = Recipe(folder.read_experiment(), edits, keep=lambda all_edits: write_edits(folder, all_edits))
    recipe.stand_at(now.step)
    rules = recipe.experiment.stopping
    values: dict[str, Any] = {"training.epochs": epochs}
    if now.state == "finished" and rules:
        standing = Standing(_series_of_epochs(folder), now.seconds, now.step)
        every = recipe.experiment.training.ends == "all"
        silent = [rule for rule in rules if rule.verdict(standing) is None]
        if verdict_of(rules, standing, every=every) is not None:
            values["stopping"] = [rule.model_dump(mode="json") for rule in silent]
    recipe.take(now.step, recipe.edited(now.step, values))
    # Last: a process that dies before this leaves a finished run, and the same wish repeats it all.
    why = Message("Goes on to {epochs} epochs.", epochs=epochs)
    status.write(folder, dataclasses.replace(now, state="interrupted", epochs=epochs, why=why))


def _series_of_epochs(folder: RunFolder) -> dict[str, list[float]]:
    with HistoryReader(folder.history) as history:
        # series of epochs have a dot in their names
        return {name: history.column(name).values.tolist() for name in history.names() if "." in name}
