"""Prints how far each entry of a catalogue is from its independent references: python -m tests.figures

References and cases are those of the tests, which hold each to a bound; here stand the numbers themselves.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator

import numpy as np
import torch

from engine.randomness import generator
from tests.engine.every import choices, example
from tests.engine.learning import test_initializers as initializers
from tests.engine.learning import test_losses as losses
from tests.engine.learning import test_optimizers as optimizers
from tests.engine.learning import test_schedules as schedules

_SEEDS = range(20)


def optimizer_lines() -> Iterator[str]:
    """Yield how far steps are from the formula (20 steps), and from torch or the authors' program (100)."""
    for choice in choices("optimizers"):
        formula = 0.0
        for seed in _SEEDS:
            ours, theirs = optimizers.walked(example(choice), seed)
            formula = max(formula, float(np.abs(ours - theirs).max() / (1 + np.abs(theirs).max())))
        second = [
            optimizers.apart_from_framework(ours, theirs)
            for ours, theirs in optimizers.FRAMEWORK
            if ours.kind == choice.kind
        ]
        second += [
            optimizers.apart_from_program(one) for one in optimizers.PROGRAMMED if one.kind == choice.kind
        ]
        # L-BFGS is compared where it searches lines, in a test of its own
        said = f"{max(second):8.1e}" if second else "searched"
        yield f"{choice.kind:24} {formula:8.1e} {said}"


def loss_lines() -> Iterator[str]:
    """Yield how far values are from the formula, and gradients from differences of it."""
    for choice in choices("losses"):
        cases = [(loss, formula) for loss, formula in losses.CASES if loss.kind == choice.kind]
        value = slope = 0.0
        for seed in _SEEDS:
            for loss, formula in cases:
                outputs, targets = losses.drawn(loss, 4, 5, seed)
                leaf = outputs.clone().requires_grad_()
                found = loss.losses(leaf, targets)
                wanted = formula(outputs.numpy(), targets.numpy())
                value = max(value, float(np.abs(found.detach().numpy() - wanted).max()))
                found.sum().backward()
                # drawn by its name, so that the figures are the same each time
                drawn = generator(seed, "direction", choice.kind).standard_normal(tuple(outputs.shape))
                direction = torch.from_numpy(drawn)
                above, below = (
                    formula((outputs + sign * 1e-6 * direction).numpy(), targets.numpy()).sum()
                    for sign in (1, -1)
                )
                assert leaf.grad is not None
                along = float((leaf.grad * direction).sum())
                slope = max(slope, abs(along - float(above - below) / 2e-6) / (1 + abs(along)))
        yield f"{choice.kind:24} {value:8.1e} {slope:8.1e}"


def initializer_lines() -> Iterator[str]:
    """Yield the variance of 144,000 weights and more beside that of the formula."""
    for initializer, expected in initializers.CASES:
        shape, fans = next(iter(initializers.SHAPES.items()))
        weights = initializers.drawn(initializer, (10 * shape[0], shape[1]), fans).double()
        width = expected.width(*fans)
        yield f"{initializer!r:66.66} {weights.var():9.3e} {_variance(expected.distribution) * width**2:9.3e}"


def _variance(distribution: str) -> float:
    """Return the variance of a distribution of width 1."""
    if distribution == "normal":
        return 1.0
    if distribution == "uniform":
        return 1 / 3
    # of a normal distribution without its tails (Johnson, Kotz and Balakrishnan, 1994, section 13.10.1)
    cut = float(distribution.removeprefix("cut at "))
    density = math.exp(-(cut**2) / 2) / math.sqrt(2 * math.pi)
    return 1 - 2 * cut * density / math.erf(cut / math.sqrt(2))


def schedule_lines() -> Iterator[str]:
    """Yield how far factors are from the closed form, at 1000 moments of a run."""
    for choice in choices("schedules"):
        schedule = example(choice)
        formula = schedules.FORMULAS[choice.kind]
        moments = [number / 1000 for number in range(1000)]
        furthest = max(abs(schedule.factor(p) - formula(schedule, p)) for p in moments)
        yield f"{choice.kind:24} {furthest:8.1e}"


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "optimizers": optimizer_lines,
    "losses": loss_lines,
    "initializers": initializer_lines,
    "schedules": schedule_lines,
}


def main() -> int:
    for name, lines in TABLES.items():
        said = " ".join((lines.__doc__ or "").removeprefix("Yield ").split())
        print(f"\n{name}: {said}")
        for line in lines():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
