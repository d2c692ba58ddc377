"""Recovery: what is done where the numbers of a run break."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from engine.choices import Choice, Setting

LASTING = 5
"""So many losses together are a spike: one alone may be a batch that is unlike the others."""
WINDOW = 100
"""With so many losses before they are compared."""
_FEWEST_EXAMPLES = 8
"""Of so few examples, at the beginning of a run, nobody can say what the loss is usually like."""
_NORMAL = 1.4826
"""Of what is distributed normally the standard deviation is so many median deviations from the median."""
_LEAST_DEVIATION = 0.5
"""A deviation is at least this share of the median: at the beginning of a run losses are nearly equal."""


class Recovery(Choice, family="recovery"):
    """What is done where the loss of a run becomes NaN or infinite, or leaps."""

    live = "whole"  # it is asked when numbers break, and not before

    @property
    @abstractmethod
    def times(self) -> int:
        """Return how often in a run it may go back."""

    @abstractmethod
    def lowered(self, rate: float) -> float:
        """Return the learning rate with which it goes on after going back."""

    @abstractmethod
    def spike(self, losses: NDArray[np.float64], new: int, batch: int) -> int | None:
        """Return which of the last `new` losses, by its place in `losses` (n,), ends a spike; None: none.

        `batch`: of how many examples each loss is the mean.
        """


class StopAndSay(Recovery, kind="stop", title="Stop and say"):
    """The run ends where its loss is no number any more, keeps its last good weights, and says so.

    Formula: the run ends at the first step whose L is NaN or ±∞

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 11.5.
    """

    @property
    @override
    def times(self) -> int:
        return 0

    @override
    def lowered(self, rate: float) -> float:
        return rate

    @override
    def spike(self, losses: NDArray[np.float64], new: int, batch: int) -> int | None:
        return None


class GoBack(Recovery, kind="go_back", title="Go back and lower the rate"):
    """The run goes back to its last good checkpoint and goes on from there with a lower learning rate.

    Steps after that checkpoint are forgotten. Each return is an edit of the run at the step of the
    checkpoint, so that the run can be repeated; it is told in the curves and in the log. When it has gone
    back as often as it may, the run ends where its numbers break again.

    Formula: back where L is NaN or ±∞, or the median of 5 losses > m + k max(1.4826 MAD, |m|/2), m and MAD
    the median of the 100 losses before and their median deviation from it; then η ← f η

    Source: Chowdhery et al., PaLM: Scaling Language Modeling with Pathways, 2022, section 5.1 (going back
    from spikes); Leys et al., Detecting Outliers, 2013 (median deviation).
    """

    factor: Annotated[
        float,
        Setting("Rate times", "By what the learning rate is multiplied.", symbol="f", above=0, below=1),
    ] = 0.3
    most: Annotated[
        int, Setting("At most", "How often a run may go back.", least=1, most=100, unit="times")
    ] = 8
    deviations: Annotated[
        float,
        Setting(
            "Spike",
            "So many robust deviations above its median the loss counts as broken; 0: only where it is NaN "
            "or infinite.",
            symbol="k",
            least=0,
            most=1000,
        ),
    ] = 20.0

    @property
    @override
    def times(self) -> int:
        return self.most

    @override
    def lowered(self, rate: float) -> float:
        # three figures: that is how rates are written, and read in the log
        return float(f"{rate * self.factor:.3g}")

    @override
    def spike(self, losses: NDArray[np.float64], new: int, batch: int) -> int | None:
        if not self.deviations or len(losses) <= LASTING:
            return None
        lasting = np.median(np.lib.stride_tricks.sliding_window_view(losses, LASTING), axis=1)
        # a bound that no threshold lies below, so that in a run that goes well next to nothing is worked out
        bound = max(float(losses.min()), 0.0) * (1 + self.deviations * _LEAST_DEVIATION)
        fewest = max(1, -(-_FEWEST_EXAMPLES // batch))
        for end in np.flatnonzero(lasting > bound) + LASTING - 1:
            before = losses[max(0, end + 1 - LASTING - WINDOW) : end + 1 - LASTING]
            if end < len(losses) - new or len(before) < fewest:
                continue
            if lasting[end + 1 - LASTING] > self.threshold(before):
                return int(end)
        return None

    def threshold(self, before: NDArray[np.float64]) -> float:
        """Return above what the losses after those `before` (n,) are a spike."""
        middle = float(np.median(before))
        deviation = _NORMAL * float(np.median(np.abs(before - middle)))
        return middle + self.deviations * max(deviation, _LEAST_DEVIATION * abs(middle))
