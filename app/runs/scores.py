"""Scores of runs in words, and side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.language.numbers import number, percent
from app.language.words import tr
from app.runs.differences import ABSENT
from app.runs.rows import RunRow
from app.views.course.curves import quantity_name
from app.views.headline import is_share, more_is_better


def score_lines(rows: Sequence[RunRow]) -> list[tuple[str, tuple[str, ...], frozenset[int]]]:
    """Return a line per part and score: its name, the value of each run, and which runs are best."""
    keys = list(
        dict.fromkeys(
            (part, kind)
            for part in ("validation", "test", "train")
            for row in rows
            for kind in row.scores(part)
        )
    )
    return [_score_line(part, kind, rows) for part, kind in keys]


def _score_line(part: str, kind: str, rows: Sequence[RunRow]) -> tuple[str, tuple[str, ...], frozenset[int]]:
    values = [row.scores(part).get(kind, math.nan) for row in rows]
    known = [value for value in values if math.isfinite(value)]
    top = (max if more_is_better(kind) else min)(known) if len(known) > 1 else math.nan
    texts = tuple(score_words(kind, value) for value in values)
    # where all are alike none is best
    best = frozenset(place for place, value in enumerate(values) if value == top and len(set(known)) > 1)
    return f"{tr(part)} · {score_title(kind)}", texts, best


def score_title(kind: str) -> str:
    """Return what a score is called."""
    return quantity_name(kind)


def score_words(kind: str, value: float) -> str:
    """Return a score as people read it: shares as percent."""
    if not math.isfinite(value):
        return ABSENT
    return percent(value, 1) if is_share(kind) else number(value)
