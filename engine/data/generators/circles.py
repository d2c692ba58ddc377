"""A circle within a circle."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from engine.choices import Setting
from engine.data.generators.generated import Generated, Noise, Samples, alternating, labelled
from engine.data.raw import Raw
from engine.data.source import Report, silent
from engine.randomness import generator


class Circles(Generated, kind="circles", title="Two circles"):
    """A circle within a circle; no straight line does better than guessing.

    Formula: radius 1 (A) or the inner radius (B), angle even in [0, 2π]
    """

    samples: Samples = 400
    noise: Noise = 0.08
    inner: Annotated[
        float, Setting("Inner radius", "Radius of the inner circle; the outer one has 1.", least=0, below=1)
    ] = 0.5

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Draw the points."""
        random = generator(seed, "data", self.kind)
        codes = alternating(self.samples, 2)
        angle = 2 * np.pi * random.random(self.samples)
        radius = np.where(codes == 0, 1.0, self.inner)
        points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        return labelled(points + self.noise * random.standard_normal(points.shape), codes)
