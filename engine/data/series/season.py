"""Seasons: after how many rows a course repeats itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLEAR = 0.3
"""Autocorrelation from which on a course is said to repeat itself."""
_NEARLY = 0.9
"""Of several peaks, the shortest is taken that is nearly as high as the highest."""
_RISE = 0.02
"""A peak lies so far above the lowest place before it; rounding of a smooth course makes smaller ones."""
_MOST_LAG = 5_000


def autocorrelation(values: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """Return the correlation of a course with itself 0, 1, ..., `most` rows later, its trend taken off.

    Formula: r(k) = sum of d(t) d(t + k) over sum of d(t)^2, each mean over the rows that overlap, with d the
    distance from the straight line fitted by least squares.

    Source: Box, Jenkins, Reinsel and Ljung, Time Series Analysis, 2015, chapter 2.
    """
    count = len(values)
    places = np.arange(count) - (count - 1) / 2
    centred = values - values.mean()
    # a trend alone correlates with itself at every lag and would hide the season
    centred = centred - places * (places @ centred) / max(places @ places, 1.0)
    # padded to twice the length, or the end would be correlated with the start; a power of two is quick
    size = 1 << (2 * count - 1).bit_length()
    power = np.abs(np.fft.rfft(centred, size)) ** 2
    sums = np.fft.irfft(power, size)[: most + 1]
    # by the rows that overlap, else long seasons would look weaker than they are
    means = sums / (count - np.arange(most + 1))
    return np.asarray(means / means[0] if means[0] > 0 else np.zeros(most + 1))


def find_season(values: NDArray[np.float32]) -> tuple[int, float]:
    """Return after how many rows a course repeats itself, and how clearly; 0 where it does not.

    The season is the lag of the highest peak of the autocorrelation, or a shorter one nearly as high. At
    least three seasons have to be seen.
    """
    most = min(len(values) // 3, _MOST_LAG)
    if most < 3:
        return 0, 0.0
    found = autocorrelation(values.astype(np.float64), most)
    inner = found[1:-1]
    # a flat top counts once, at its left end
    peaks = np.flatnonzero((inner > found[:-2]) & (inner >= found[2:])) + 1
    peaks = peaks[(peaks >= 2) & (found[peaks] - np.minimum.accumulate(found)[peaks] >= _RISE)]
    if not len(peaks) or found[peaks].max() < CLEAR:
        return 0, 0.0
    # argmax of booleans is the first that is true: a day, where a week is a little higher
    lag = int(peaks[np.argmax(found[peaks] >= _NEARLY * found[peaks].max())])
    return lag, float(found[lag])
