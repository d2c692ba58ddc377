"""What the learning-rate range test found: its curve, and the rates that are read off. No torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 5
"""So many steps make one point of the curve: a single batch says little."""
_LEAST = 10
"""From fewer steps nothing is read off."""


@dataclass(frozen=True)
class Span:
    """The rates of a test, each the same factor above the one before.

    From one that moves next to nothing to the highest that may be chosen: fourteen steps a decade.
    """

    lowest: float = 1e-6
    highest: float = 10.0
    steps: int = 100

    @property
    def rates(self) -> NDArray[np.float64]:
        """Return all of them, (steps,)."""
        return np.geomspace(self.lowest, self.highest, self.steps)


ALL_RATES = Span()


@dataclass(frozen=True)
class RatesTried:
    """The loss of each step of a range test, of mini-batches, and the learning rate that was tried there.

    `rates`, `losses`: float64 (n,). A loss is that of the weights after the rates before. `span`: the
    rates that are to be tried. `step`: of which step of a run the weights were, 0 for
    those that a run begins with. `why`: a sentence on how the test ended, empty while it goes on;
    `diverged`: it ended because the loss left all bounds.
    """

    rates: NDArray[np.float64]
    losses: NDArray[np.float64]
    span: Span
    step: int = 0
    why: str = ""
    diverged: bool = False

    @property
    def smooth(self) -> NDArray[np.float64]:
        """Return the curve: around each step the median of five losses, and of these the mean of five, (n,).

        Both look ahead as far as back, so that the curve does not lag behind the rate; fastai's running mean
        does, and so suggests rates that are too high.
        """
        middle = self._medians()
        padded = np.pad(middle, NEIGHBOURS // 2, mode="edge")
        return np.convolve(padded, np.full(NEIGHBOURS, 1 / NEIGHBOURS), "valid") if len(middle) else middle

    @property
    def suggested(self) -> float | None:
        """Return the rate to take: halfway, by the logarithm, from the valley to a tenth of the lowest loss.

        None where the loss hardly fell. It is a place to begin from. Of the 34 presets for tables, pictures,
        series and texts that were tried (those of Fashion-MNIST, of translation and a few others were not)
        rates had been set by hand: it was within a factor of four of that rate for 28, of two for 14, and
        about a fifteenth of it for two, both of regression. Valleys alone lie lower: half of them below 0.15
        of it.
        Of eleven that were trained by either rate, the suggestion ended with the higher validation loss in
        all eight where it was the lower rate, and with the lower loss in all three where it was the higher.
        """
        valley, lowest = self.valley, self.lowest_loss
        return None if valley is None or lowest is None else float(np.sqrt(valley * lowest / 10))

    @property
    def valley(self) -> float | None:
        """Return the rate in the middle of the longest valley, the longest row of ever lower losses.

        None where the loss hardly fell. The first tenth of the steps only says how the loss was before.
        Source: fastai, `valley` in callback/schedule.py.
        """
        first = len(self.rates) // 10
        curve = self.smooth[first:]
        if len(curve) < _LEAST:
            return None
        begin, length = _longest_fall(curve)
        if length < NEIGHBOURS:
            return None
        return float(self.rates[first + begin + length // 2])

    @property
    def steepest(self) -> float | None:
        """Return the rate at which the loss falls fastest along the logarithm of the rate; None: nowhere.

        Source: Smith, Cyclical Learning Rates for Training Neural Networks, 2017, section 3.3.
        """
        if len(self.rates) < _LEAST:
            return None
        # up to where it is lowest: a loss that has left all bounds falls steeply, too
        end = max(int(self._medians().argmin()), 1) + 1
        slopes = np.gradient(self.smooth[:end], np.log(self.rates[:end]))
        at = int(slopes.argmin())
        return float(self.rates[at]) if slopes[at] < 0 else None

    @property
    def edge(self) -> float | None:
        """Return the rate from which on the loss only rose, to leave all bounds; None: it stayed in bounds.

        Of gradient descent on a quadratic loss whose curvature is λ everywhere, it is 2/λ; somewhat later
        where the loss is still falling in directions of less curvature.
        """
        curve = self._medians()
        if not self.diverged or len(curve) < _LEAST:
            return None
        falls = np.flatnonzero(np.diff(curve) < 0)
        return float(self.rates[falls[-1] + 1 if len(falls) else 0])

    @property
    def lowest_loss(self) -> float | None:
        """Return the rate at which the loss is at its lowest; a tenth of it is safe."""
        if len(self.rates) < _LEAST:
            return None
        return float(self.rates[int(self._medians().argmin())])

    def _medians(self) -> NDArray[np.float64]:
        # what is infinite counts as very large, or one such step would take its neighbours with it
        losses = np.nan_to_num(self.losses, nan=np.inf, posinf=np.inf)
        finite = losses[np.isfinite(losses)]
        losses = np.minimum(losses, finite.max() if len(finite) else 0.0)
        if len(losses) < NEIGHBOURS:
            return losses
        padded = np.pad(losses, NEIGHBOURS // 2, mode="edge")
        found: NDArray[np.float64] = np.median(
            np.lib.stride_tricks.sliding_window_view(padded, NEIGHBOURS), axis=1
        )
        return found


def _longest_fall(curve: NDArray[np.float64]) -> tuple[int, int]:
    """Return where the longest subsequence of ever lower values begins, and how far it reaches.

    It may pass over values that are higher: the curve is noisy.
    """
    lengths, begins = np.ones(len(curve), int), np.arange(len(curve))
    for here in range(1, len(curve)):
        before = np.flatnonzero(curve[:here] > curve[here])
        if len(before):
            best = before[lengths[before].argmax()]
            lengths[here], begins[here] = lengths[best] + 1, begins[best]
    end = int(lengths.argmax())
    return int(begins[end]), end - int(begins[end])
