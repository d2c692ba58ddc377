"""Units: what losses and scores are measured in, where numbers have a unit of their own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScoreUnit:
    """What a loss or a score is measured in: `words` behind its value, "" for a plain number.

    Targets that are `k` times as large make it `k ** power` times as large; None where no power says it.
    """

    words: str = ""
    power: int | None = None


PLAIN = ScoreUnit()
"""A share, a count, a sum of several terms: no unit stands behind it."""
OF_TARGETS = ScoreUnit("in data units", 1)
OF_SQUARED_TARGETS = ScoreUnit("in squared data units", 2)
NATS = ScoreUnit("in nats")
"""Information by the natural logarithm: 1 nat is 1.44 bits."""
