"""A tilted plane."""

from __future__ import annotations

from engine.data.generators.generated import Generated, Samples, TargetNoise, table
from engine.data.raw import Raw
from engine.data.source import Report, silent
from engine.randomness import generator


class Plane(Generated, kind="plane", title="Plane"):
    """The heights of a tilted plane over a square; a linear model learns it exactly.

    Formula: y = x₁ + x₂/2 + noise, x₁, x₂ even in [−1, 1]
    """

    samples: Samples = 400
    noise: TargetNoise = 0.1

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Draw the points."""
        random = generator(seed, "data", self.kind)
        points = random.uniform(-1, 1, (self.samples, 2))
        height = points[:, 0] + points[:, 1] / 2 + self.noise * random.standard_normal(self.samples)
        return table({"x1": points[:, 0], "x2": points[:, 1], "y": height}, ("y",))
