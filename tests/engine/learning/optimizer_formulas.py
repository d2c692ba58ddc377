"""The optimizers' formulas in numpy, each from the box of its paper; none looks at the engine's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Formula = Callable[[Array, dict[str, Any], Mapping[str, Any], Array], Array]
"""Gradient, what is remembered (at first the parameters, which move on under it), settings and weights
(biases as 0); the change.
"""

SIZE = 37
"""How many entries the parameters have: two matrices, a vector of biases between them, and a gap."""


def gradient_descent(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    return -values["learning_rate"] * g


def momentum(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    s["v"] = values["momentum"] * s.get("v", 0) + g
    return -values["learning_rate"] * s["v"]


def nesterov(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    s["v"] = values["momentum"] * s.get("v", 0) + g
    return -values["learning_rate"] * (g + values["momentum"] * s["v"])


def rmsprop(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    s["s"] = values["decay"] * s.get("s", 0) + (1 - values["decay"]) * g**2
    return -values["learning_rate"] * g / (np.sqrt(s["s"]) + values["epsilon"])


def adagrad(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    s["s"] = s.get("s", 0) + g**2
    return -values["learning_rate"] * g / (np.sqrt(s["s"]) + values["epsilon"])


def adam(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    beta1, beta2 = values["beta1"], values["beta2"]
    s["t"] = s.get("t", 0) + 1
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
    mean, square = s["m"] / (1 - beta1 ** s["t"]), s["v"] / (1 - beta2 ** s["t"])
    return -values["learning_rate"] * mean / (np.sqrt(square) + values["epsilon"])


def adamw(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    return adam(g, s, values, w) - values["learning_rate"] * values["weight_decay"] * w


def lars(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    step = g + values["weight_decay"] * w
    for first, end in ((0, 12), (16, 37)):  # the two matrices, each for itself
        own = slice(first, end)
        length, slope = (float(np.sqrt((some[own] ** 2).sum())) for some in (w, g))
        decay, trust, epsilon = (
            np.broadcast_to(values[name], SIZE)[own] for name in ("weight_decay", "trust", "epsilon")
        )
        step[own] *= trust * length / (slope + decay * length + epsilon)
    s["v"] = values["momentum"] * s.get("v", 0) + values["learning_rate"] * step
    return -s["v"]


def adadelta(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Zeiler 2012, algorithm 1: RMS[x] = √(E[x²] + ε)
    rho, epsilon = values["decay"], values["epsilon"]
    s["g2"] = rho * s.get("g2", 0) + (1 - rho) * g**2
    change = -np.sqrt(s.get("x2", 0) + epsilon) / np.sqrt(s["g2"] + epsilon) * g
    s["x2"] = rho * s.get("x2", 0) + (1 - rho) * change**2
    return values["learning_rate"] * change


def amsgrad(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Reddi et al. 2018, algorithm 2, with the corrections of Kingma and Ba
    beta1, beta2 = values["beta1"], values["beta2"]
    s["t"] = s.get("t", 0) + 1
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
    s["top"] = np.maximum(s.get("top", 0), s["v"])
    mean, square = s["m"] / (1 - beta1 ** s["t"]), s["top"] / (1 - beta2 ** s["t"])
    return -values["learning_rate"] * mean / (np.sqrt(square) + values["epsilon"])


def adamax(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Kingma and Ba 2015, algorithm 2
    s["t"] = s.get("t", 0) + 1
    s["m"] = values["beta1"] * s.get("m", 0) + (1 - values["beta1"]) * g
    s["u"] = np.maximum(values["beta2"] * s.get("u", 0), np.abs(g) + values["epsilon"])
    return -values["learning_rate"] / (1 - values["beta1"] ** s["t"]) * s["m"] / s["u"]


def nadam(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Dozat 2016, algorithm 2, its μₜ those of section 2.2
    s["t"] = s.get("t", 0) + 1
    mus = [values["beta1"] * (1 - 0.5 * 0.96 ** (i * values["warm_up"])) for i in range(1, int(s["t"]) + 2)]
    s["m"] = values["beta1"] * s.get("m", 0) + (1 - values["beta1"]) * g
    s["n"] = values["beta2"] * s.get("n", 0) + (1 - values["beta2"]) * g**2
    newest = g / (1 - np.prod(mus[:-1], axis=0))
    mean = s["m"] / (1 - np.prod(mus, axis=0))
    square = s["n"] / (1 - values["beta2"] ** s["t"])
    ahead = (1 - mus[-2]) * newest + mus[-1] * mean
    return -values["learning_rate"] * ahead / (np.sqrt(square) + values["epsilon"])


def radam(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Liu et al. 2020, algorithm 2, entry by entry; from 5 on as in the authors' program
    count = len(g)
    s["t"] = s.get("t", 0) + 1
    beta1, beta2 = (np.broadcast_to(values[name], count) for name in ("beta1", "beta2"))
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
    step = s["m"] / (1 - beta1 ** s["t"])
    for i in range(count):
        end = 2 / (1 - beta2[i]) - 1
        length = end - 2 * s["t"] * beta2[i] ** s["t"] / (1 - beta2[i] ** s["t"])
        if length > 5:
            epsilon = np.broadcast_to(values["epsilon"], count)[i]
            adaptive = 1 / (np.sqrt(s["v"][i] / (1 - beta2[i] ** s["t"])) + epsilon)
            step[i] *= adaptive * np.sqrt(
                ((length - 4) * (length - 2) * end) / ((end - 4) * (end - 2) * length)
            )
    return -values["learning_rate"] * step


def lion(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Chen et al. 2023, algorithm 2
    before = s.get("m", 0)
    update = np.sign(values["beta1"] * before + (1 - values["beta1"]) * g)
    s["m"] = values["beta2"] * before + (1 - values["beta2"]) * g
    return -values["learning_rate"] * (update + values["weight_decay"] * w)


def signum(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Bernstein et al. 2018, algorithm 2
    s["m"] = values["momentum"] * s.get("m", 0) + (1 - values["momentum"]) * g
    return -values["learning_rate"] * np.sign(s["m"])


def adabelief(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Zhuang et al. 2020, algorithm 2
    beta1, beta2, epsilon = values["beta1"], values["beta2"], values["epsilon"]
    s["t"] = s.get("t", 0) + 1
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["s"] = beta2 * s.get("s", 0) + (1 - beta2) * (g - s["m"]) ** 2 + epsilon
    mean, spread = s["m"] / (1 - beta1 ** s["t"]), s["s"] / (1 - beta2 ** s["t"])
    return -values["learning_rate"] * mean / (np.sqrt(spread) + epsilon)


def yogi(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Zaheer et al. 2018, algorithm 2; v₀ from the first batch, as in its section 4
    if "v" not in s:
        s["v"] = g**2
    s["m"] = values["beta1"] * s.get("m", 0) + (1 - values["beta1"]) * g
    s["v"] = s["v"] - (1 - values["beta2"]) * np.sign(s["v"] - g**2) * g**2
    return -values["learning_rate"] * s["m"] / (np.sqrt(s["v"]) + values["epsilon"])


def qhadam(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Ma and Yarats 2019, section 4: the discounts that replace β^t sums
    beta1, beta2, nu1, nu2 = (values[name] for name in ("beta1", "beta2", "nu1", "nu2"))
    s["w1"], s["w2"] = 1 + beta1 * s.get("w1", 0), 1 + beta2 * s.get("w2", 0)
    s["m"] = (1 - 1 / s["w1"]) * s.get("m", 0) + g / s["w1"]
    s["v"] = (1 - 1 / s["w2"]) * s.get("v", 0) + g**2 / s["w2"]
    above = (1 - nu1) * g + nu1 * s["m"]
    return -values["learning_rate"] * above / (np.sqrt((1 - nu2) * g**2 + nu2 * s["v"]) + values["epsilon"])


def adopt(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Taniguchi et al. 2024, the clipped algorithm: the first gradient only fills v₀
    if "v" not in s:
        s.update(v=g**2, m=0 * g, t=0)
        return 0 * g
    s["t"] += 1
    scaled = g / np.maximum(np.sqrt(s["v"]), values["epsilon"])
    clipped = np.minimum(np.maximum(scaled, -(s["t"] ** 0.25)), s["t"] ** 0.25)
    s["m"] = values["beta1"] * s["m"] + (1 - values["beta1"]) * clipped
    s["v"] = values["beta2"] * s["v"] + (1 - values["beta2"]) * g**2
    return -values["learning_rate"] * s["m"]


MATRICES = (slice(0, 12), slice(16, 37))
SHAPES = ((3, 4), (7, 3))
PARAMETERS = (slice(0, 12), slice(12, 15), slice(16, 37))


def lamb(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # You et al. 2020, algorithm 2, with φ(z) = z
    step = -adam(g, s, {**values, "learning_rate": 1.0}, w) + values["weight_decay"] * w
    for own in MATRICES:
        step[own] *= np.sqrt((w[own] ** 2).sum()) / np.sqrt((step[own] ** 2).sum())
    return -values["learning_rate"] * step


def novograd(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Ginsburg et al. 2019, algorithm 1: v₁ = ‖g₁‖², m₁ = g₁/√v₁ + d w₁
    square = np.zeros(SIZE)
    for own in PARAMETERS:
        square[own] = (g[own] ** 2).sum()
    s["v"] = square if "v" not in s else values["beta2"] * s["v"] + (1 - values["beta2"]) * square
    step = g / (np.sqrt(s["v"]) + values["epsilon"]) + values["weight_decay"] * w
    s["m"] = values["beta1"] * s.get("m", 0) + step
    return -values["learning_rate"] * s["m"]


def adan(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Xie et al. 2022, algorithm 1, with β for 1 − β and the corrections of the authors' program
    beta1, beta2, beta3 = (values[name] for name in ("beta1", "beta2", "beta3"))
    s["t"] = s.get("t", 0) + 1
    difference = g - s.get("before", g)
    s["before"] = g
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * difference
    s["n"] = beta3 * s.get("n", 0) + (1 - beta3) * (g + beta2 * difference) ** 2
    above = s["m"] / (1 - beta1 ** s["t"]) + beta2 * s["v"] / (1 - beta2 ** s["t"])
    step = above / (np.sqrt(s["n"] / (1 - beta3 ** s["t"])) + values["epsilon"])
    return -values["learning_rate"] * (step + values["weight_decay"] * w)


def ademamix(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Pagliardini et al. 2024, algorithm 1, α and β₃ constant
    beta1, beta2, beta3 = (values[name] for name in ("beta1", "beta2", "beta3"))
    s["t"] = s.get("t", 0) + 1
    s["m1"] = beta1 * s.get("m1", 0) + (1 - beta1) * g
    s["m2"] = beta3 * s.get("m2", 0) + (1 - beta3) * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
    above = s["m1"] / (1 - beta1 ** s["t"]) + values["mixture"] * s["m2"]
    step = above / (np.sqrt(s["v"] / (1 - beta2 ** s["t"])) + values["epsilon"])
    return -values["learning_rate"] * (step + values["weight_decay"] * w)


def rprop(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Igel and Hüsken 2000, iRprop⁻, with step sizes in units of the learning rate
    before = s.get("g", 0 * g)
    size, g = s.get("size", np.ones(len(g))), g.copy()
    same, turned = before * g > 0, before * g < 0
    size = np.where(same, size * (1 + values["growth"]), size)
    size = np.where(turned, size * values["shrinkage"], size)
    s["size"] = np.clip(size, 1e-5, 500)
    g[turned] = 0
    s["g"] = g
    return -values["learning_rate"] * s["size"] * np.sign(g)


def qh_momentum(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Ma and Yarats 2019, equations 3 and 4
    beta, nu = values["momentum"], values["nu"]
    s["g"] = beta * s.get("g", 0) + (1 - beta) * g
    return -values["learning_rate"] * ((1 - nu) * g + nu * s["g"])


def aggregated_momentum(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Lucas et al. 2019, equation 4, with the three betas of section 3: 1 − aⁱ
    speeds = [
        (1 - values["damping"] ** i) * before + g for i, before in enumerate(s.get("speeds", [0, 0, 0]))
    ]
    s["speeds"] = speeds
    return -values["learning_rate"] * sum(speeds) / len(speeds)


def laprop(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Ziyin et al. 2020, algorithm 1
    s["t"] = s.get("t", 0) + 1
    s["n"] = values["beta2"] * s.get("n", 0) + (1 - values["beta2"]) * g**2
    scaled = g / (np.sqrt(s["n"] / (1 - values["beta2"] ** s["t"])) + values["epsilon"])
    s["m"] = values["beta1"] * s.get("m", 0) + (1 - values["beta1"]) * scaled
    return -values["learning_rate"] * s["m"] / (1 - values["beta1"] ** s["t"])


def muon(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Jordan et al. 2024, algorithm 2, with the running mean of his program; Liu et al. 2025, equation 4
    step = -adam(g, s, {**values, "learning_rate": 1.0}, w)
    ahead = (1 - values["beta1"]) * g + values["beta1"] * s["m"]
    for own, shape in zip(MATRICES, SHAPES, strict=True):
        x = ahead[own].reshape(shape)
        x = x / max(np.sqrt((x**2).sum()), 1e-7)
        for _ in range(5):
            x = 3.4445 * x - 4.7750 * (x @ x.T @ x) + 2.0315 * (x @ x.T @ x @ x.T @ x)
        step[own] = 0.2 * np.sqrt(max(shape)) * x.ravel()
    return -values["learning_rate"] * (step + values["weight_decay"] * w)


def adafactor(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Shazeer and Stern 2018, algorithms 4 and 5, with means for sums
    s["t"] = s.get("t", 0) + 1
    beta, x = 1 - s["t"] ** -0.8, s["parameters"]
    update, scale = np.zeros(SIZE), np.ones(SIZE)
    smallest = np.broadcast_to(values["smallest"], SIZE)
    s["v"] = beta * s.get("v", 0) + (1 - beta) * g**2
    update[PARAMETERS[1]] = g[PARAMETERS[1]] / np.sqrt(s["v"][PARAMETERS[1]])
    for own, shape in zip(MATRICES, SHAPES, strict=True):
        # the mean of rows of a running mean is the running mean of their means
        mean = s["v"][own].reshape(shape)
        usual = np.outer(mean.sum(1), mean.sum(0)) / mean.sum()
        update[own] = g[own] / np.sqrt(usual.ravel())
    for own in PARAMETERS:
        update[own] /= max(1.0, np.sqrt((update[own] ** 2).mean()))
        scale[own] = np.maximum(smallest[own], np.sqrt((x[own] ** 2).mean()))
    rate = values["learning_rate"]
    return -np.minimum(rate, 1 / np.sqrt(s["t"])) * scale * update - rate * values["weight_decay"] * w


def lookahead(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Zhang et al. 2019, algorithm 1: positions counted from the start
    fast, slow = s.get("fast", np.zeros(len(g))), s.get("slow", np.zeros(len(g)))
    after = fast + adamw(g, s, values, w)
    full = s["t"] // values["interval"] > (s["t"] - 1) // values["interval"]
    s["slow"] = np.where(full, slow + values["share"] * (after - slow), slow)
    s["fast"] = np.where(full, s["slow"], after)
    return np.asarray(s["fast"] - fast)


def prodigy(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Mishchenko and Defazio 2024, algorithm 4; r summed over entries whose settings may differ
    rate, beta1, beta2 = (values[name] for name in ("learning_rate", "beta1", "beta2"))
    d, moved = s.get("d", 1e-6), s.get("moved", np.zeros(len(g)))
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * d * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * d**2 * g**2
    root = np.sqrt(beta2)
    s["r"] = root * s.get("r", 0) + (1 - root) * rate * d**2 * g * (0 - moved)
    s["s"] = root * s.get("s", 0) + (1 - root) * rate * d**2 * g
    s["d"] = max(d, s["r"].sum() / np.abs(s["s"]).sum())
    change = -rate * d * (s["m"] / (np.sqrt(s["v"]) + d * values["epsilon"]) + values["weight_decay"] * w)
    s["moved"] = moved + change
    return np.asarray(change)


def adabound(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Luo et al. 2019, algorithm 2, with the bounds of its section 5
    beta1, beta2 = values["beta1"], values["beta2"]
    s["t"] = s.get("t", 0) + 1
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
    adam_rate = values["learning_rate"] * np.sqrt(1 - beta2 ** s["t"]) / (1 - beta1 ** s["t"])
    final, gamma = values["final"] * values["learning_rate"], values["tightening"]
    low, high = final * (1 - 1 / (gamma * s["t"] + 1)), final * (1 + 1 / (gamma * s["t"]))
    rate = np.minimum(np.maximum(adam_rate / (np.sqrt(s["v"]) + values["epsilon"]), low), high)
    return np.asarray(-rate * s["m"])


def diffgrad(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Dubey et al. 2020, equations 10 to 13
    friction = 1 / (1 + np.exp(-np.abs(s.get("before", 0) - g)))
    s["before"] = g
    return friction * adam(g, s, values, w)


def madgrad(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Defazio and Jelassi 2022, algorithm 1: positions counted from the start
    s["k"] = s.get("k", -1) + 1
    weight = values["learning_rate"] * np.sqrt(s["k"] + 1)
    s["s"] = s.get("s", 0) + weight * g
    s["v"] = s.get("v", 0) + weight * g**2
    z, x = -s["s"] / (np.cbrt(s["v"]) + values["epsilon"]), s.get("x", 0 * g)
    s["x"] = values["momentum"] * x + (1 - values["momentum"]) * z
    return np.asarray(s["x"] - x)


FORMULAS: dict[str, Formula] = {
    "gradient_descent": gradient_descent,
    "momentum": momentum,
    "nesterov": nesterov,
    "rmsprop": rmsprop,
    "adagrad": adagrad,
    "adam": adam,
    "adamw": adamw,
    "lars": lars,
    "adadelta": adadelta,
    "amsgrad": amsgrad,
    "adamax": adamax,
    "nadam": nadam,
    "radam": radam,
    "lion": lion,
    "signum": signum,
    "adabelief": adabelief,
    "yogi": yogi,
    "qhadam": qhadam,
    "adopt": adopt,
    "lamb": lamb,
    "novograd": novograd,
    "adan": adan,
    "ademamix": ademamix,
    "rprop": rprop,
    "qh_momentum": qh_momentum,
    "aggregated_momentum": aggregated_momentum,
    "laprop": laprop,
    "muon": muon,
    "adafactor": adafactor,
    "lookahead": lookahead,
    "prodigy": prodigy,
    "adabound": adabound,
    "diffgrad": diffgrad,
    "madgrad": madgrad,
}
