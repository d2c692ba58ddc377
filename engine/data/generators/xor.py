"""The exclusive or of two signs."""

from __future__ import annotations

import numpy as np

from engine.data.generators.generated import Generated, Noise, Samples, labelled
from engine.data.raw import Raw
from engine.data.source import Report, silent
from engine.randomness import generator


class Xor(Generated, kind="xor", title="XOR"):
    """Points of a square, A where both coordinates have the same sign; the smallest task a line cannot solve.

    The noise moves the points after their class is fixed.

    Formula: x₁, x₂ even in [−1, 1]; class A where x₁·x₂ ≥ 0, else B

    Source: M. Minsky and S. Papert, Perceptrons, 1969.
    """

    samples: Samples = 400
    noise: Noise = 0.05

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Draw the points."""
        random = generator(seed, "data", self.kind)
        points = random.uniform(-1, 1, (self.samples, 2))
        codes = (points[:, 0] * points[:, 1] < 0).astype(np.int64)
        return labelled(points + self.noise * random.standard_normal(points.shape), codes)
