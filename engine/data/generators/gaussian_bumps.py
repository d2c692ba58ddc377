"""Hills and hollows."""

from __future__ import annotations

import numpy as np

from engine.data.generators.generated import Generated, Samples, TargetNoise, table
from engine.data.raw import Raw
from engine.data.source import Report, silent
from engine.randomness import generator

_CENTRES = np.array([(-0.6, 0.5), (0.0, 0.6), (0.6, 0.5), (-0.6, -0.5), (0.0, -0.6), (0.6, -0.5)])
_SIGNS = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
_WIDTH = 0.25


class GaussianBumps(Generated, kind="gaussian_bumps", title="Gaussian bumps"):
    """Three hills and three hollows over a square; a linear model sees next to nothing of them.

    Formula: y = Σ ±exp(−‖x − cₖ‖² / (2·0.25²)) + noise, six centres cₖ, x₁, x₂ even in [−1, 1]
    """

    samples: Samples = 600
    noise: TargetNoise = 0.05

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Draw the points."""
        random = generator(seed, "data", self.kind)
        points = random.uniform(-1, 1, (self.samples, 2))
        distance = ((points[:, None] - _CENTRES) ** 2).sum(axis=2)
        height = np.exp(-distance / (2 * _WIDTH**2)) @ _SIGNS
        height = height + self.noise * random.standard_normal(self.samples)
        return table({"x1": points[:, 0], "x2": points[:, 1], "y": height}, ("y",))
