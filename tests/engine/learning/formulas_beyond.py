"""Formulas of optimizers that ask for more than a gradient: a mean of positions, curvature, another look.

As in `optimizer_formulas`, each from the box of its paper. Where the weights that are judged are others than
those that are stepped, they are left in `judged`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.engine.learning.optimizer_formulas import Array, Formula


def asgd(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Polyak and Juditsky 1992 with Bottou's falling rate; from step t₀ + 1 on a plain mean of positions
    s["t"] = s.get("t", 0) + 1
    rate, decay = values["learning_rate"], values["weight_decay"]
    rate = rate / (1 + decay * rate * (s["t"] - 1)) ** values["fall"]
    change = -rate * (g + decay * w)
    after = s["parameters"] + change
    mean = s.get("judged", after)
    s["judged"] = mean + (after - mean) / np.maximum(1, s["t"] - 1 - values["begin"])
    return np.asarray(change)


def _schedule_free(s: dict[str, Any], fast: Array, rate: Any, beta: Any) -> Array:
    # Defazio et al. 2024, equations 3 to 5, with positions and not with ways
    y = s["parameters"]
    x, z = s.get("judged", y.copy()), s.get("z", y.copy())
    weight = np.mean(np.square(rate))
    s["sum"] = s.get("sum", 0) + weight
    share = weight / s["sum"] if s["sum"] else 0.0
    s["z"] = z + fast
    s["judged"] = (1 - share) * x + share * s["z"]
    return np.asarray((1 - beta) * s["z"] + beta * s["judged"] - y)


def schedule_free(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    rate = values["learning_rate"]
    fast = -rate * (g + values["weight_decay"] * w)
    return _schedule_free(s, fast, rate, values["interpolation"])


def schedule_free_adamw(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Defazio et al. 2024, algorithm 1
    s["t"] = s.get("t", 0) + 1
    s["v"] = values["beta2"] * s.get("v", 0) + (1 - values["beta2"]) * g**2
    rate = values["learning_rate"] * np.sqrt(1 - values["beta2"] ** s["t"])
    fast = -rate * (g / (np.sqrt(s["v"]) + values["epsilon"]) + values["weight_decay"] * w)
    return _schedule_free(s, fast, rate, values["interpolation"])


BEYOND: dict[str, Formula] = {
    "asgd": asgd,
    "schedule_free": schedule_free,
    "schedule_free_adamw": schedule_free_adamw,
}
