"""Two interleaved half circles."""

from __future__ import annotations

import numpy as np

from engine.data.generators.generated import Generated, Noise, Samples, alternating, labelled
from engine.data.raw import Raw
from engine.data.source import Report, silent
from engine.randomness import generator


class Moons(Generated, kind="moons", title="Two moons"):
    """Two interleaved half circles; a straight line parts nine tenths of them, a curve all.

    Formula: A: (cos φ, sin φ), B: (1 − cos φ, 1/2 − sin φ), φ even in [0, π]
    """

    samples: Samples = 400
    noise: Noise = 0.1

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Draw the points."""
        random = generator(seed, "data", self.kind)
        codes = alternating(self.samples, 2)
        angle = np.pi * random.random(self.samples)
        x1 = np.where(codes == 0, np.cos(angle), 1 - np.cos(angle))
        x2 = np.where(codes == 0, np.sin(angle), 0.5 - np.sin(angle))
        points = np.stack([x1, x2], axis=1)
        return labelled(points + self.noise * random.standard_normal(points.shape), codes)
