"""Moments: of which step a picture is, in words; and whether the curve beside it has gone on since."""

from __future__ import annotations

from app.document.record import RunRecord
from app.language.numbers import number, whole
from app.language.words import tr
from app.views.kept import is_of_kept

_UNNOTICED = 1.0
"""Seconds that a picture may be behind the curve before the panel says so: eyes take as long to go across."""


def moment_words(record: RunRecord, step: int) -> str:
    """Return of which step a picture is: "epoch 12", "step 340", "kept weights, epoch 9"."""
    at = at_words(record, step)
    if record.ended is not None and step != record.step:
        # what was measured at the end is of the kept weights, which may be those of an earlier epoch
        kept = is_of_kept(record, step)
        ended = tr("{at}, training ended at {last}", at=at, last=at_words(record, record.step))
        return tr("kept weights, {at}", at=at) if kept else ended
    if is_behind(record, step):
        return tr("{at}, training is at {now}", at=at, now=at_words(record, record.step))
    return at


def at_words(record: RunRecord, step: int) -> str:
    """Return a step as people count: in epochs as soon as one is done, before that in steps."""
    epoch = record.epoch_at(step)
    if step == 0:
        return tr("before the first step")
    if epoch < 1:
        return tr("step {step}", step=whole(step))
    return tr("epoch {epoch}", epoch=whole(epoch) if epoch == int(epoch) else number(epoch))


def is_behind(record: RunRecord, step: int) -> bool:
    """Return whether training has gone on from a picture by an epoch and by more than eyes overlook."""
    lag = record.step - step
    # no speed is known at the very beginning: any step behind then counts as a second
    seconds = lag / record.steps_per_second if record.steps_per_second > 0 else float(lag > 0)
    return record.running and record.epoch_at(lag) >= 1 and seconds >= _UNNOTICED
