"""Data of a run that lies elsewhere now: found beside the run, or given its new place by a person."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import experiment_file
from engine.atomic import write_bytes
from engine.choices import Invalid, Problem, with_paths
from engine.data.cells.rules import NEWEST, Rules
from engine.data.raw import OPEN_WORDS, RULES, UNITS
from engine.data.source import ReadBefore, Source
from engine.experiment import Experiment
from engine.runs.folder import RunFolder

if TYPE_CHECKING:  # and with it pandas, which the window does without
    from engine.runs.preparation import Prepare


def experiment_of(folder: RunFolder, told: Mapping[str, Any] | None = None) -> Experiment:
    """Return a run's experiment with its data where it lies now, read as it was when the run began.

    `told` are settings of the data that a person wants otherwise, its path above all. A path at which nothing
    lies any more is looked for where it would be had it moved together with the run. Raises Invalid.
    """
    experiment = folder.read_experiment()
    data = experiment.data.replaced(**_came_later(folder, experiment.data))
    experiment = experiment.replaced(data=data.read_as(_read_before(folder)))
    if told:
        experiment = experiment.replaced(data=experiment.data.told(told))
    before = _place_before(folder)
    if before is None:
        return experiment

    def moved(path: str) -> str:
        # Also a broken link counts as there: what it names may be on a disk that is unplugged.
        if os.path.lexists(path):
            return path
        # As it lay beside the run before: who moves a project moves both.
        beside = Path(os.path.normpath(folder.path / os.path.relpath(path, before)))
        return str(beside) if beside.exists() else path

    return experiment.replaced(data=with_paths(experiment.data, moved))


def _came_later(folder: RunFolder, data: Source) -> dict[str, Any]:
    """Return the settings that were not there yet when the run began, as its version did without them."""
    given = tomllib.loads(experiment_file.read_text(folder.experiment)).get("data", {})
    return {name: value for name, value in data.came_later.items() if name not in given}


def _read_before(folder: RunFolder) -> ReadBefore:
    """Return what the run learnt from that is read otherwise today, as its preprocessing tells."""
    document: dict[str, Any] = {}
    with suppress(Invalid):  # who needs the file says what is wrong with it
        document = folder.read_json(folder.preprocessing) if folder.preprocessing.exists() else {}
    inputs, found = document.get("inputs"), document.get("found")
    if not isinstance(inputs, dict):
        return ReadBefore()
    # of a course and of recordings; the columns of a table are no names alone
    names = inputs.get("columns", inputs.get("channels"))
    columns = tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
    # units are kept since minutes and hours are times: a run that keeps none learnt the bare numbers
    units = isinstance(found, dict) and UNITS in found
    durations = units or inputs.get("kind") not in ("table", "timeline")
    rules = _rules_of(found if isinstance(found, dict) else {})
    return ReadBefore(durations, rules, columns, timeless=inputs.get("time") == "")


def _rules_of(found: Mapping[str, Any]) -> Rules:
    """Return the rules by which a run read its cells; of a run of a later version, the newest there are."""
    # before rules were numbered, those of open words alone were kept
    kept = found.get(RULES, found.get(OPEN_WORDS) is True)
    return Rules(min(max(kept, Rules.FIRST), NEWEST)) if isinstance(kept, int) else Rules.FIRST


def _place_before(folder: RunFolder) -> Path | None:
    """Return where the run lay when it began, where that was elsewhere."""
    if not folder.started.exists():
        return None
    place = folder.read_json(folder.started).get("folder")
    # with a null byte in a path the functions of the system raise ValueError, not OSError
    if not isinstance(place, str) or not os.path.isabs(place) or "\x00" in place:
        return None
    return Path(place) if Path(place) != folder.path else None


def give_new_place(folder: RunFolder, told: Mapping[str, Any], prepare: Prepare) -> None:
    """Keep with a run that its data lies elsewhere, or is to be read otherwise.

    Raises Invalid, with nothing changed, where it is not the data that the run was begun with.
    """
    # at the call, as the window, which asks where the data of a run lies, does without pandas
    from engine.data.source import silent
    from engine.runs.data.as_begun import read_as_begun
    from engine.runs.facts import read_data_hash

    experiment = experiment_of(folder, told)
    if known := read_data_hash(folder):
        found = read_as_begun(folder, experiment, lambda chosen: prepare(chosen, silent))
        if found.data_hash != known:
            why = "is not what this run was begun with: give the place of the same data, unchanged"
            raise Invalid([Problem("data", why)])
    write_bytes(folder.experiment, experiment_file.dump(experiment).encode())
