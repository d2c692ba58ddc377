"""A schedule that listens: the learning rate falls when what is watched gets no better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isnan
from typing import Annotated

from typing_extensions import override

from engine.choices import Problem, Setting
from engine.data.about import About, Suited
from engine.learning.schedules import Schedule
from engine.learning.stopping import Series, higher_is_better, unmeasured


class Plateau(Schedule, Suited, kind="plateau", title="When it gets no better"):
    """The value stays as it is until a score has got no better for some epochs, and then falls.

    Nobody has to know beforehand when large steps have done what they can. It cannot be drawn before the run,
    but the curve of the learning rate shows what was decided. With early stopping, be more patient there.

    Formula: f = max(c, γᵏ) after k drops; a drop once more than P epochs in a row had no Lₙ < (1 − δ) L*,
    with L* the best before; for scores that should be high no Lₙ > (1 + δ) L*

    Source: Bengio, Practical Recommendations for Gradient-Based Training of Deep Architectures, 2012,
    section 3.1; as in PyTorch, `ReduceLROnPlateau`.
    """

    patience: Annotated[
        int,
        Setting(
            "Patience",
            "So many epochs without something better are borne; the next one brings the drop.",
            symbol="P",
            unit="epochs",
            least=0,
            most=100_000,
        ),
    ] = 5
    ratio: Annotated[
        float,
        Setting(
            "Factor of a drop", "What is left of it after a drop.", symbol="γ", above=0, below=1, log=True
        ),
    ] = 0.3
    improvement: Annotated[
        float,
        Setting(
            "Least improvement", "As a share of the best; anything smaller does not count.", symbol="δ",
            least=0, below=1,
        ),
    ] = 1e-4  # fmt: skip
    floor: Annotated[
        float,
        Setting("Least factor", "Below which it does not fall.", symbol="c", least=0, most=1),
    ] = 0.001
    series: Series = "validation.loss"

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where what is watched is not measured."""
        return (*super().problems(about), *unmeasured(self.series, about.measured))

    @override
    def factor(self, progress: float) -> float:
        """Return 1: what it listens to is not known before the run."""
        return 1.0

    @override
    def heard(self, series: Mapping[str, Sequence[float]]) -> tuple[float, ...]:
        sign = -1 if higher_is_better(self.series) else 1
        best, waited, now = inf, 0, 1.0
        factors = [now]
        for value in series.get(self.series, ()):
            # NaN compares as False with everything: a loss that diverged is no improvement
            new = inf if isnan(value) else sign * value
            if best == inf or new < best - self.improvement * abs(best):
                best, waited = min(best, new), 0 if new < inf else waited + 1
            else:
                waited += 1
            if waited > self.patience:
                now, waited = max(self.floor, now * self.ratio), 0
            factors.append(now)
        return tuple(factors)
