"""What a trained network takes, read from its run's preprocessing.json for the form that asks for it.

Read with suspicion and without pandas: what is not as expected is left out; the engine has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.language.words import tr
from app.modalities.appearance import of_encoder
from app.modalities.wanted import Wanted, WantedColumn
from engine.choices import Invalid
from engine.data.cells.number_forms import SECONDS
from engine.data.raw import UNITS
from engine.data.source import Source
from engine.runs.folder import RunFolder


def wanted_by(folder: RunFolder) -> Wanted:
    """Return what the run's network takes; raises Invalid where the run does not say so yet."""
    inputs = _mapping(folder.read_json(folder.preprocessing).get("inputs"))
    experiment, shown = folder.read_experiment(), of_encoder(inputs.get("kind"))
    wanted = Wanted() if shown is None else shown.wants(inputs, experiment)
    found = _found(folder)
    units = _mapping(found.get(UNITS))
    columns = tuple(_with_unit(column, units.get(column.name)) for column in wanted.columns)
    return replace(wanted, columns=columns, source=_source(folder), found=found, experiment=experiment)


def _with_unit(column: WantedColumn, unit: object) -> WantedColumn:
    """Return the column with its unit beside the numbers of training: 75 may be minutes or seconds."""
    if not isinstance(unit, str) or not unit or not column.hint:
        return column
    said = tr("seconds") if unit == SECONDS else unit
    return replace(column, hint=tr("{hint}, in {unit}", hint=column.hint, unit=said))


def _source(folder: RunFolder) -> Source | None:
    source = folder.read_experiment().data
    # generated data comes from no file, so there is nothing to be read otherwise
    return source if "path" in type(source).model_fields else None


def _found(folder: RunFolder) -> Mapping[str, object]:
    return _mapping(folder.read_json(folder.preprocessing).get("found"))


def is_ready(folder: RunFolder) -> bool:
    """Return whether the run has kept weights that can predict."""
    try:
        return folder.model.is_file() and folder.preprocessing.is_file()
    # a share may be gone, or the run just removed: then it cannot predict either
    except (OSError, Invalid):
        return False


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
