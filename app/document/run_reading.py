"""Reading earlier runs from their folders, without torch. Slow enough to be done in another thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.document.record import RunRecord
from engine.choices import Invalid
from engine.events import Block, Reading
from engine.runs.folder import RunFolder, opened
from engine.runs.history.reader import HistoryReader
from engine.runs.reading import replay


def read_run(path: Path) -> RunRecord:
    """Return what the folder holds of a run; raises Invalid where it is no run, or damaged."""
    folder = opened(path)
    record = RunRecord(folder=str(folder.path), name=folder.read_experiment().name)
    for event in replay(folder):
        record.apply(event)
    record.reference = baselines_of(folder) or record.reference
    return record


@dataclass(frozen=True)
class Kept:
    """What a history holds: its numbers after a step, and the newest reading of every probe."""

    blocks: tuple[Block, ...]
    readings: tuple[Reading, ...]


def kept_after(path: Path, step: int) -> Kept:
    """Return what the history of a run holds after a step; raises Invalid."""
    with HistoryReader(opened(path).history) as history:
        return Kept(history.blocks(step), history.readings())


def baselines_of(folder: RunFolder) -> dict[str, dict[str, float]]:
    """Return the scores of the baselines on the part that is followed, by name; empty if not known."""
    try:
        scores = folder.read_json(folder.metrics)
    # metrics are written when a run ends: one that broke has none
    except Invalid:
        return {}
    # without a validation part, scores are followed on the training part, and so are these
    found = scores.get("validation") or scores.get("train")
    given = _mapping(_mapping(found).get("baselines"))
    return {
        str(name): {str(kind): float(value) for kind, value in _mapping(values).items() if _is_number(value)}
        for name, values in given.items()
    }


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_number(value: object) -> bool:
    # JSON's true is a bool, which is an int in Python
    return isinstance(value, int | float) and not isinstance(value, bool)
