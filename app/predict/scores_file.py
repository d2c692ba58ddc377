"""The scores of a run as a file for spreadsheets: what the Test card shows, with every digit."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

from app.language.words import tr
from engine.runs.scoring.scores import Evaluated


def save_scores(found: Evaluated, path: Path) -> None:
    """Write the scores as CSV (UTF-8 with a mark, which spreadsheets need); raises OSError."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(table_of_scores(found))


def table_of_scores(found: Evaluated) -> Iterator[list[str]]:
    """Yield the head, a line per score with the baselines beside it, and a line per score of each target.

    The scores have the names that experiments and `metrics.json` give them; a score that is none is empty.
    """
    rivals = list(found.baselines)
    yield ["data", "target", "score", tr("This network"), *rivals]
    for kind, value in (("loss", found.loss), *found.metrics.items()):
        beside = (found.baselines[name].get(kind, math.nan) for name in rivals)
        yield [found.part, "", kind, _cell(value), *map(_cell, beside)]
    for target, scores in found.targets.items():
        for kind, value in scores.items():
            yield [found.part, target, kind, _cell(value), *("" for _ in rivals)]


def _cell(value: float) -> str:
    # float: the repr of a numpy number names its type
    return repr(float(value)) if math.isfinite(value) else ""
