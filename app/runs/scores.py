"""Scores of runs in words, and side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from app.language.numbers import number, percent
from app.language.words import tr
from app.runs.differences import ABSENT
from app.runs.rows import RunRow
from app.views.course.quantities import quantity_name
from app.views.headline import is_share, more_is_better


@dataclass(frozen=True)
class ScoreLine:
    """One score on one part: its value in each group of runs, what it was in each run, and which is best."""

    name: str
    values: tuple[str, ...]
    tips: tuple[str, ...]
    best: frozenset[int]


def score_lines(groups: Sequence[Sequence[RunRow]]) -> list[ScoreLine]:
    """Return a line per part and score. Of several runs it is mean ± standard deviation, over n − 1."""
    keys = list(
        dict.fromkeys(
            (part, kind)
            for part in ("validation", "test", "train")
            for rows in groups
            for row in rows
            for kind in row.scores(part)
        )
    )
    return [_score_line(part, kind, groups) for part, kind in keys]


def _score_line(part: str, kind: str, groups: Sequence[Sequence[RunRow]]) -> ScoreLine:
    found = [[row.scores(part).get(kind, math.nan) for row in rows] for rows in groups]
    finite = [[value for value in values if math.isfinite(value)] for values in found]
    texts = tuple(_mean_words(kind, values, len(rows)) for values, rows in zip(finite, groups, strict=True))
    tips = tuple(
        "\n".join(
            tr("{name}: {value}", name=row.entry.name, value=score_words(kind, value))
            for row, value in zip(rows, values, strict=True)
        )
        for rows, values in zip(groups, found, strict=True)
    )
    return ScoreLine(f"{tr(part)} · {score_title(kind)}", texts, tips, _best(kind, finite))


def _best(kind: str, found: Sequence[Sequence[float]]) -> frozenset[int]:
    """Return the groups with the best mean, and those that spread as far as to it; none where all do."""
    means = {place: mean(values) for place, values in enumerate(found) if values}
    if not means:
        return frozenset()
    spreads = {place: stdev(found[place]) if len(found[place]) > 1 else 0.0 for place in means}
    first = (max if more_is_better(kind) else min)(means, key=means.__getitem__)
    best = frozenset(
        place
        for place, value in means.items()
        if abs(value - means[first]) <= max(spreads[place], spreads[first])
    )
    return frozenset() if len(best) == len(means) else best


def _mean_words(kind: str, values: Sequence[float], runs: int) -> str:
    """Return the mean of what is known of some runs; where not all of them are, how many."""
    if not values:
        return ABSENT
    words = score_words(kind, mean(values))
    if len(values) > 1:
        words = tr("{mean} ± {spread}", mean=words, spread=score_words(kind, stdev(values)))
    return words if len(values) == runs else tr("{score} ({count} of {runs})", score=words,
                                                count=len(values), runs=runs)  # fmt: skip


def score_title(kind: str) -> str:
    """Return what a score is called."""
    return quantity_name(kind)


def score_words(kind: str, value: float) -> str:
    """Return a score as people read it: shares as percent."""
    if not math.isfinite(value):
        return ABSENT
    return percent(value, 1) if is_share(kind) else number(value)
