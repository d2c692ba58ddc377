"""Quantities: what series and the models to compare with are called."""

from __future__ import annotations

from app.language.words import readable, title_of, tr
from engine.learning.metrics import metric_of
from engine.training.baselines.every import BASELINES

_WORD_BLEU = "bleu_of_words"
"""A score of the kept weights at the end of a run that translates; no metric that is followed."""


def quantity_name(quantity: str) -> str:
    """Return what a series is called: a metric by its title ("r2": R²), anything else by its name."""
    if quantity == _WORD_BLEU:
        return tr("BLEU of words")
    metric = metric_of(quantity)
    if metric is None:
        return tr(readable(quantity))
    # of several of one kind, what tells them apart: (k=2)
    settings = quantity.removeprefix(metric.kind)
    title = title_of(metric)
    return tr("{title} {settings}", title=title, settings=settings) if settings else title


def baseline_name(baseline: str) -> str:
    """Return what a baseline is called in a sentence; one that is no more, its kind."""
    known = BASELINES.get(baseline)
    return baseline if known is None else tr(known.name)
