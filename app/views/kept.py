"""Which weights a run keeps."""

from __future__ import annotations

import math

import numpy as np

from app.document.record import RunRecord


def best_epoch(record: RunRecord) -> int:
    """Return the epoch whose weights a run that is over keeps, 0 where that is not known."""
    if record.facts.watched == "train":
        return 0  # the last weights are kept, whatever the loss was
    kept, series = record.scores.get("validation", {}).get("loss"), record.series.get("validation.loss")
    if kept is None or series is None or not np.isfinite(series.values).any():
        return 0
    best = int(np.nanargmin(series.values))
    return best + 1 if math.isclose(float(series.values[best]), kept, rel_tol=1e-3, abs_tol=1e-9) else 0


def is_of_kept(record: RunRecord, step: int) -> bool:
    """Return whether a run that is over keeps the weights of this step."""
    best = best_epoch(record)
    return step == record.step if not best else record.epoch_at(step) == best
