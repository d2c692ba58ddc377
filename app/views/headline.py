"""Which score says most plainly how good a run is, and whether more of a score is better."""

from __future__ import annotations

from collections.abc import Container

from engine.choices import Family
from engine.events import Facts

_BY_TARGET = {
    "classes": ("accuracy",),
    "labels": ("micro_f1",),
    "numbers": ("r2", "mean_absolute_error"),
    "tokens": ("perplexity",),
    "translation": ("perplexity",),
}
_OUTSIDE = "O"
"""The first tag where entities are tagged; other tags (parts of speech) have no such."""


def headline(facts: Facts, known: Container[str] | None = None) -> str:
    """Return the metric to look at first, of those that are `known` (None: all); "" where there is none.

    Of a forecast it is how far it is off: its R² is near 1 for every series that moves slowly.
    """
    wanted = _BY_TARGET.get(facts.target_kind, ("accuracy", "r2"))
    if facts.task == "forecasting":
        wanted = ("mean_absolute_error", "r2")
    elif facts.target_kind == "tags":
        wanted = ("entity_f1", "accuracy") if facts.classes[:1] == (_OUTSIDE,) else ("accuracy",)
    return next((kind for kind in wanted if known is None or kind in known), "")


def more_is_better(metric: str) -> bool:
    """Return whether a larger score is better; of what is no metric (the loss) a smaller one is."""
    family = Family.every["metrics"]
    named = metric.removesuffix("_of_words")
    return named in family and bool(family[named].higher_is_better)  # type: ignore[attr-defined]
