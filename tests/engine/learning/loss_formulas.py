"""The losses' formulas in numpy, each from the rule; none looks at the engine's."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Formula = Callable[[Array, Any], Array]
"""Outputs (B, outputs) and targets; the loss of each example, (B,)."""


def cross_entropy(smoothing: float) -> Formula:
    def formula(z: Array, y: NDArray[np.int64]) -> Array:
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        q = (1 - smoothing) * np.eye(z.shape[1])[y] + smoothing / z.shape[1]
        return -(q * np.log(p)).sum(1)

    return formula


def poisson(z: Array, y: Array) -> Array:
    """Minus the logarithm of e^−λ λ^y / y!; beyond z = 10 the rate goes on as its tangent's multiple."""
    rate = np.where(z <= 10, np.exp(np.minimum(z, 10)), np.exp(10) * (z - 9))
    factorial = np.vectorize(lambda count: float(math.factorial(round(count))))(y)
    return -(-rate + y * np.log(rate) - np.log(factorial)).mean(1)


def huber(delta: float) -> Formula:
    def formula(z: Array, y: Array) -> Array:
        e = np.abs(z - y)
        return np.where(e <= delta, e**2 / 2, delta * (e - delta / 2)).mean(1)

    return formula


def binary_cross_entropy(z: Array, y: NDArray[np.int64]) -> Array:
    p = 1 / (1 + np.exp(-z))
    t = y[:, None].astype(float) if z.shape[1] == 1 else np.eye(z.shape[1])[y]
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean(1)


def yes(z: Array, y: NDArray[np.int64]) -> tuple[Array, Array]:
    """Probabilities of yes, and the answers."""
    return 1 / (1 + np.exp(-z)), y[:, None].astype(float) if z.shape[1] == 1 else np.eye(z.shape[1])[y]


def focal(gamma: float) -> Formula:
    def formula(z: Array, y: NDArray[np.int64]) -> Array:
        p = np.exp(z)[np.arange(len(y)), y] / np.exp(z).sum(1)
        return -((1 - p) ** gamma) * np.log(p)

    return formula


def binary_focal(z: Array, y: NDArray[np.int64], gamma: float = 2, alpha: float = 0.25) -> Array:
    p, t = yes(z, y)
    q = np.where(t == 1, p, 1 - p)
    return -(np.where(t == 1, alpha, 1 - alpha) * (1 - q) ** gamma * np.log(q)).mean(1)


def multi_margin(margin: float, power: int) -> Formula:
    def formula(z: Array, y: NDArray[np.int64]) -> Array:
        rows = []
        for row, right in zip(z, y, strict=True):
            lacks = [max(0.0, margin - row[right] + row[k]) ** power for k in range(len(row)) if k != right]
            rows.append(sum(lacks) / len(row))
        return np.array(rows)

    return formula


def hinge(margin: float, power: int) -> Formula:
    def formula(z: Array, y: NDArray[np.int64]) -> Array:
        side = np.where(yes(z, y)[1] == 1, 1, -1)
        return (np.clip(margin - side * z, 0, None) ** power).mean(1)

    return formula


def dice(z: Array, y: NDArray[np.int64]) -> Array:
    p, t = yes(z, y)
    return 1 - (2 * (p * t).sum(1) + 2) / (p.sum(1) + t.sum(1) + 2)


def jaccard(z: Array, y: NDArray[np.int64]) -> Array:
    p, t = yes(z, y)
    return 1 - ((p * t).sum(1) + 1) / ((p + t - p * t).sum(1) + 1)


def tversky(z: Array, y: NDArray[np.int64]) -> Array:
    p, t = yes(z, y)
    common, vain, lacking = (p * t).sum(1), (p * (1 - t)).sum(1), ((1 - p) * t).sum(1)
    return 1 - (common + 1) / (common + 0.3 * vain + 0.7 * lacking + 1)


def quantile(share: float) -> Formula:
    def formula(z: Array, y: Array) -> Array:
        return np.where(y > z, share * (y - z), (1 - share) * (z - y)).mean(1)

    return formula


def asymmetric(yes_focus: float, no_focus: float, shift: float) -> Formula:
    # Ridnik et al. 2021, equations 4 to 7
    def formula(z: Array, y: NDArray[np.int64]) -> Array:
        p, t = yes(z, y)
        shifted = np.maximum(p - shift, 0)
        return -np.where(
            t == 1, (1 - p) ** yes_focus * np.log(p), shifted**no_focus * np.log(1 - shifted)
        ).mean(1)

    return formula


def modified_huber(z: Array, y: NDArray[np.int64]) -> Array:
    u = np.where(yes(z, y)[1] == 1, z, -z)
    return np.where(u >= -1, np.maximum(0, 1 - u) ** 2, -4 * u).mean(1)


def lovasz_hinge(z: Array, y: NDArray[np.int64]) -> Array:
    """Berman et al. 2018, definition 1: the set function itself, asked for each set of the chain."""
    _, t = yes(z, y)

    def without(answers: Array, wrong: set[int]) -> float:
        true = {k for k in range(len(answers)) if answers[k] == 1}
        # true that are still right, of all that are true or said in vain
        return 1 - len(true - wrong) / len(true | wrong) if true | wrong else 0.0

    rows = []
    for row, answers in zip(z, t, strict=True):
        errors = 1 - np.where(answers == 1, row, -row)
        order = sorted(range(len(row)), key=lambda k, errors=errors: -errors[k])
        values = [without(answers, set(order[:count])) for count in range(len(row) + 1)]
        gains = [after - before for before, after in pairwise(values)]
        rows.append(sum(max(0.0, errors[k]) * gain for k, gain in zip(order, gains, strict=True)))
    return np.array(rows)


def label_ranking(z: Array, y: NDArray[np.int64]) -> Array:
    _, t = yes(z, y)
    return np.log(1 + (np.exp(z) * (1 - t)).sum(1)) + np.log(1 + (np.exp(-z) * t).sum(1))


def softmax(z: Array) -> Array:
    return np.exp(z) / np.exp(z).sum(1, keepdims=True)


def poly(extra: float) -> Formula:
    def formula(z: Array, y: NDArray[np.int64]) -> Array:
        right = softmax(z)[np.arange(len(y)), y]
        return -np.log(right) + extra * (1 - right)

    return formula


def generalized_cross_entropy(power: float) -> Formula:
    return lambda z, y: (1 - softmax(z)[np.arange(len(y)), y] ** power) / power


def brier(z: Array, y: NDArray[np.int64]) -> Array:
    return ((softmax(z) - np.eye(z.shape[1])[y]) ** 2).sum(1)


def cosine_distance(z: Array, y: NDArray[np.int64]) -> Array:
    return 1 - z[np.arange(len(y)), y] / np.sqrt((z**2).sum(1) + 1e-4)


def tempered(z: Array, tail: float) -> Array:
    """Amid et al. 2019, equation 5; the λ of each row is closed in by halves."""
    low, high = z.max(1), z.max(1) + (z.shape[1] ** (tail - 1) - 1) / (tail - 1)

    def chances(shift: Array) -> Array:
        return np.asarray((1 + (1 - tail) * (z - shift[:, None])) ** (1 / (1 - tail)))

    for _ in range(200):
        middle = (low + high) / 2
        above = chances(middle).sum(1) > 1
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return chances((low + high) / 2)


def bi_tempered(bound: float, tail: float) -> Formula:
    # equation 8, written out over all classes, with 0 log 0 = 0
    def formula(z: Array, y: NDArray[np.int64]) -> Array:
        p, truth = tempered(z, tail), np.eye(z.shape[1])[y]

        def logarithm(x: Array) -> Array:
            return np.asarray((x ** (1 - bound) - 1) / (1 - bound))

        divergence = truth * (logarithm(truth) - logarithm(p))
        divergence -= (truth ** (2 - bound) - p ** (2 - bound)) / (2 - bound)
        return divergence.sum(1)

    return formula


def crammer_singer(margin: float) -> Formula:
    def formula(z: Array, y: NDArray[np.int64]) -> Array:
        return np.array(
            [
                max(0.0, margin - row[right] + max(row[k] for k in range(len(row)) if k != right))
                for row, right in zip(z, y, strict=True)
            ]
        )

    return formula


def expectile(share: float) -> Formula:
    return lambda z, y: (np.abs(share - (y < z)) * (y - z) ** 2).mean(1)


def epsilon_insensitive(tolerance: float) -> Formula:
    return lambda z, y: np.where(np.abs(z - y) > tolerance, np.abs(z - y) - tolerance, 0).mean(1)


def gaussian_likelihood(z: Array, y: Array) -> Array:
    means, variances = z[:, : y.shape[1]], np.log(1 + np.exp(z[:, y.shape[1] :])) + 1e-6
    log_density = -((y - means) ** 2) / (2 * variances) - np.log(2 * np.pi * variances) / 2
    # without the constant, which no network can change
    return np.asarray(-log_density.mean(1) - np.log(2 * np.pi) / 2)


def cauchy(threshold: float) -> Formula:
    return lambda z, y: np.log(1 + ((z - y) / threshold) ** 2 / 2).mean(1)


def tukey(threshold: float) -> Formula:
    def formula(z: Array, y: Array) -> Array:
        e = np.abs(z - y)
        inner = threshold**2 / 6 * (1 - (1 - (e / threshold) ** 2) ** 3)
        return np.where(e <= threshold, inner, threshold**2 / 6).mean(1)

    return formula
