"""How a run ended, in a few words."""

from __future__ import annotations

from app.document.record import RunRecord
from app.language.numbers import whole
from app.language.words import clock_words, tr
from app.views.kept import best_epoch


def outcome_words(record: RunRecord) -> str:
    """Return how a run ended in a few words: "finished after 00:04 · best epoch 22"."""
    words = {
        "finished": tr("finished after {time}", time=clock_words(record.seconds)),
        "stopped": tr("stopped after {time}", time=clock_words(record.seconds)),
        "failed": tr("failed at step {step}", step=whole(record.step)),
        "interrupted": tr("interrupted at step {step}", step=whole(record.step)),
    }
    best = best_epoch(record)
    said = (words.get(record.state, ""), tr("best epoch {epoch}", epoch=whole(best)) if best else "")
    return " · ".join(part for part in said if part)
