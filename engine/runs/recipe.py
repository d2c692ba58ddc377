"""The recipe of a run in its folder: the experiment it was begun with (experiment.toml) and edits.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from engine.atomic import write_json
from engine.choices import Invalid, Problem
from engine.edits import with_edits
from engine.events import Edit
from engine.experiment import Experiment
from engine.runs.folder import RunFolder

FORMAT = 1
_EDITS: TypeAdapter[tuple[Edit, ...]] = TypeAdapter(tuple[Edit, ...])


def write_edits(folder: RunFolder, edits: Sequence[Edit]) -> None:
    """Keep all edits of a run, the earliest first. On the disk when this returns; raises OSError."""
    write_json(folder.edits, {"format": FORMAT, "edits": [_plain(edit) for edit in edits]})


def _plain(edit: Edit) -> dict[str, Any]:
    """Return an edit as it is kept: of most nothing is said why."""
    kept = dataclasses.asdict(edit)
    if not edit.because:
        del kept["because"]
    return kept


def read_edits(folder: RunFolder) -> tuple[Edit, ...]:
    """Return the edits of a run, none where it has no such file; raises Invalid where that is damaged."""
    if not folder.edits.exists():
        return ()
    document = folder.read_json(folder.edits)
    try:
        edits = _EDITS.validate_python(document.get("edits"))
    except ValidationError:
        edits = None
    sound = edits is not None and document.get("format") == FORMAT
    if edits is None or not sound or not all(0 <= edit.step < 2**62 for edit in edits):
        # not passed over: the run would go on as another one
        raise Invalid([Problem(folder.edits.name, "holds no edits of an experiment that can be understood")])
    return edits


def as_edited(folder: RunFolder) -> Experiment:
    """Return the experiment of a run as it is after all its edits; raises Invalid."""
    return with_edits(folder.read_experiment(), read_edits(folder))
