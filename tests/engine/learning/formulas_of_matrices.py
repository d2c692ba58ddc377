"""Formulas of optimizers that find directions, distances and moments by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.engine.learning.optimizer_formulas import MATRICES, SHAPES, SIZE, Array, Formula


def d_adaptation(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Defazio and Mishchenko 2023, algorithm 5, with the divisor of the step before, as in their program
    rate, beta1, beta2 = (values[name] for name in ("learning_rate", "beta1", "beta2"))
    d, root = s.get("d", 1e-6), np.sqrt(values["beta2"])
    lam = d * rate
    divisor = np.sqrt(s.get("v", 0 * g)) + values["epsilon"]
    s["r"] = root * s.get("r", 0) + (1 - root) * lam * g * s.get("s", 0) / divisor
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * lam * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
    s["s"] = root * s.get("s", 0) + (1 - root) * lam * g
    s["d"] = max(d, (s["r"] / (1 - root)).sum() / np.abs(s["s"]).sum())
    return np.asarray(-s["m"] / (np.sqrt(s["v"]) + values["epsilon"]) - lam * values["weight_decay"] * w)


def swats(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Keskar and Socher 2017, algorithm 1, in units of the learning rate
    if "ratio" in s:
        s["u"] = values["beta1"] * s.get("u", 0) + g
        return np.asarray(-(1 - values["beta1"]) * values["learning_rate"] * s["ratio"] * s["u"])
    beta1, beta2 = values["beta1"], values["beta2"]
    s["t"] = s.get("t", 0) + 1
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g**2
    size = values["learning_rate"] * np.sqrt(1 - beta2 ** s["t"]) / (1 - beta1 ** s["t"])
    p = -size * s["m"] / (np.sqrt(s["v"]) + values["epsilon"])
    rate, memory, tolerance = (np.mean(values[name]) for name in ("learning_rate", "beta2", "tolerance"))
    if p @ g != 0:
        gamma = p @ p / (-rate * (p @ g))
        s["lambda"] = memory * s.get("lambda", 0) + (1 - memory) * gamma
        usual = s["lambda"] / (1 - memory ** s["t"])
        if s["t"] > 1 and abs(usual - gamma) < tolerance * gamma:
            s["ratio"] = usual
    return np.asarray(p)


def _due(s: dict[str, Any], values: Mapping[str, Any], own: slice) -> bool:
    return bool(s["step"] % np.broadcast_to(values["interval"], SIZE)[own.start] < 1)


def _at(values: Mapping[str, Any], name: str, own: slice) -> float:
    return float(np.broadcast_to(values[name], SIZE)[own.start])


def shampoo(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Gupta et al. 2018, algorithm 1; vectors as in AdaGrad
    s["step"] = s.get("step", -1) + 1
    s["v"] = s.get("v", 0) + g**2
    change = g / np.sqrt(s["v"] + values["epsilon"])
    for index, (own, shape) in enumerate(zip(MATRICES, SHAPES, strict=True)):
        matrix, least = g[own].reshape(shape), _at(values, "epsilon", own)
        for side, gram in (("l", matrix @ matrix.T), ("r", matrix.T @ matrix)):
            name = f"{side}{index}"
            s[name] = s.get(name, 0) + gram
            if _due(s, values, own):
                sizes, vectors = np.linalg.eigh(s[name] + least * np.eye(len(gram)))
                s[f"root {name}"] = vectors @ np.diag(sizes**-0.25) @ vectors.T
        change[own] = (s[f"root l{index}"] @ matrix @ s[f"root r{index}"]).ravel()
    return np.asarray(-values["learning_rate"] * change)


SQUARES, SQUARE_SHAPES = (slice(0, 9), slice(16, 32)), ((3, 3), (4, 4))
"""Square, as one gradient of another shape leaves directions open, which everybody may choose otherwise."""


def soap(g: Array, s: dict[str, Any], values: Mapping[str, Any], w: Array) -> Array:
    # Vyas et al. 2024, algorithms 3 and 4; the first step only finds directions, as in the authors' program
    step = s["step"] = s.get("step", -1) + 1
    change = 0 * g
    if step > 0:
        beta1, beta2 = values["beta1"], values["beta2"]
        s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
        turned, mean = g.copy(), s["m"].copy()
        for index, (own, shape) in enumerate(zip(SQUARES, SQUARE_SHAPES, strict=True)):
            left, right = s[f"q l{index}"], s[f"q r{index}"]
            turned[own] = (left.T @ g[own].reshape(shape) @ right).ravel()
            mean[own] = (left.T @ mean[own].reshape(shape) @ right).ravel()
        s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * turned**2
        found = mean / (np.sqrt(s["v"]) + values["epsilon"])
        for index, (own, shape) in enumerate(zip(SQUARES, SQUARE_SHAPES, strict=True)):
            left, right = s[f"q l{index}"], s[f"q r{index}"]
            found[own] = (left @ found[own].reshape(shape) @ right.T).ravel()
        found *= np.sqrt(1 - beta2**step) / (1 - beta1**step)
        change = -values["learning_rate"] * (found + values["weight_decay"] * w)
    for index, (own, shape) in enumerate(zip(SQUARES, SQUARE_SHAPES, strict=True)):
        matrix, beta = g[own].reshape(shape), _at(values, "beta2", own)
        for side, gram in (("l", matrix @ matrix.T), ("r", matrix.T @ matrix)):
            name = f"{side}{index}"
            s[name] = beta * s.get(name, 0) + (1 - beta) * gram
            if step == 0:
                s[f"q {name}"] = np.linalg.eigh(s[name])[1][:, ::-1]
            elif _due(s, values, own):
                basis = s[f"q {name}"]
                order = np.argsort(-np.diag(basis.T @ s[name] @ basis), kind="stable")
                s[f"q {name}"] = np.linalg.qr(s[name] @ basis[:, order])[0]
                squares = s["v"][own].reshape(shape)
                s["v"][own] = (squares[order] if side == "l" else squares[:, order]).ravel()
    return np.asarray(change)


OF_MATRICES: dict[str, Formula] = {
    "d_adaptation": d_adaptation,
    "swats": swats,
    "shampoo": shampoo,
    "soap": soap,
}
