"""Plots of data that was read: curves over places or rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.views.drawing import Axis, Curve, Plot


def axis(name: str, values: NDArray[np.float64]) -> Axis:
    low, high = float(values.min()), float(values.max())
    # 0.5: a single value has no span, and an axis needs one
    air = 0.05 * (high - low) or 0.5
    return Axis(name, low - air, high + air)


def plot(across: str, up: str, curves: tuple[Curve, ...]) -> Plot:
    x = np.concatenate([curve.x for curve in curves])
    y = np.concatenate([curve.y for curve in curves])
    # a series of nothing but gaps gets its axes, too
    y = y[np.isfinite(y)] if np.isfinite(y).any() else np.zeros(1)
    return Plot(axis(across, x), axis(up, y), curves=curves)
