"""Two interleaved spirals."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from engine.choices import Setting
from engine.data.generators.generated import Generated, Noise, Samples, alternating, labelled
from engine.data.raw import Raw
from engine.data.source import Report, silent
from engine.randomness import generator


class Spirals(Generated, kind="spirals", title="Two spirals"):
    """Two interleaved spirals; a linear model cannot part them.

    Neighbouring arms are one unit apart everywhere, so noise of 0.5 closes the gap between them.

    Formula: r = 1/2 + 2·turns·t, φ = 2π·turns·t (+ π for the second), t even in [0, 1]

    Source: K. J. Lang and M. J. Witbrock, Learning to tell two spirals apart, 1988.
    """

    samples: Samples = 600
    noise: Noise = 0.05
    turns: Annotated[
        float, Setting("Turns", "How often each spiral winds around the centre.", least=0.25, most=4)
    ] = 1.75

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Draw the points."""
        random = generator(seed, "data", self.kind)
        codes = alternating(self.samples, 2)
        along = random.random(self.samples)
        radius = 0.5 + 2 * self.turns * along
        angle = 2 * np.pi * self.turns * along + np.pi * codes
        points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        return labelled(points + self.noise * random.standard_normal(points.shape), codes)
