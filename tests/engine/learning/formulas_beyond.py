"""Formulas of optimizers that ask for more than a gradient: a mean of positions, curvature, another look.

As in `optimizer_formulas`, each from the box of its paper. Where the weights that are judged are others than
those that are stepped, they are left in `judged`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.engine.learning.optimizer_formulas import SIZE, Array, Formula, adamw, momentum


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


CURVATURE: Array = np.logspace(-2, 1, SIZE)
"""The diagonal of the Hessian of the bowl in which the tests of steps look around."""


def _elsewhere(g: Array, change: Array) -> Array:
    """The gradient of the bowl ½ eᵀ A e + gᵀ e where the weights had changed by e."""
    return np.asarray(g + CURVATURE * change)


def sam(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Foret et al. 2021, algorithm 1 with equation 2 for p = 2
    return momentum(_elsewhere(g, values["radius"] * g / np.sqrt(g @ g)), s, values, w)


def sam_adamw(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    return adamw(_elsewhere(g, values["radius"] * g / np.sqrt(g @ g)), s, values, w)


def lbfgs(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Nocedal and Wright 2006, equation 7.19 with whole matrices; lines are parabolas, searched by hand
    pairs = s.setdefault("pairs", [])
    inverse = np.eye(SIZE)
    if pairs:
        step, turned = pairs[-1]
        inverse *= (step @ turned) / (turned @ turned)
    for step, turned in pairs[-10:]:
        rho = 1 / (turned @ step)
        v = np.eye(SIZE) - rho * np.outer(turned, step)
        inverse = v.T @ inverse @ v + rho * np.outer(step, step)
    direction = values["learning_rate"] * -(inverse @ g)
    if not s.get("t"):
        direction = direction * min(1.0, 1 / np.abs(g).sum())
    s["t"] = s.get("t", 0) + 1
    slope, bend = direction @ g, direction @ (CURVATURE * direction)

    def good(far: float) -> bool:
        lower = far * slope + far**2 * bend / 2 <= 1e-4 * far * slope
        return bool(lower and abs(slope + far * bend) <= -0.9 * slope)

    far, best = 1.0, -slope / bend
    # a cubic through two points of a parabola is that parabola; each try goes ten times as far at most
    while not good(far):
        far = min(best, 10 * far) if best > far else best
    change = far * direction
    if change @ (CURVATURE * change) > 1e-10:
        pairs.append((change, CURVATURE * change))
    return np.asarray(change)


def sophia(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Liu et al. 2024, algorithm 3; of a diagonal Hessian random signs find the diagonal itself
    beta1, beta2 = values["beta1"], values["beta2"]
    step = s["step"] = s.get("step", -1) + 1
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    due = step % np.asarray(values["interval"]) < 1
    s["h"] = np.where(due, beta2 * s.get("h", 0) + (1 - beta2) * CURVATURE, s.get("h", 0))
    ratio = s["m"] / np.maximum(values["scale"] * s["h"], values["epsilon"])
    rate = values["learning_rate"]
    return -rate * np.clip(ratio, -1, 1) - rate * values["weight_decay"] * w


BEYOND: dict[str, Formula] = {
    "sam": sam,
    "sam_adamw": sam_adamw,
    "lbfgs": lbfgs,
    "sophia": sophia,
    "asgd": asgd,
    "schedule_free": schedule_free,
    "schedule_free_adamw": schedule_free_adamw,
}
