"""Round clouds of points."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from engine.choices import Setting
from engine.data.generators.generated import Generated, Noise, Samples, alternating, labelled
from engine.data.raw import Raw
from engine.data.source import Report, silent
from engine.randomness import generator


class Blobs(Generated, kind="blobs", title="Blobs"):
    """Round clouds of points, one per class, around centres on a circle of radius 1.

    A linear model is the best there is here; how good depends on the noise alone.

    Formula: x = (cos 2πk/K, sin 2πk/K) + noise, for class k of K
    """

    samples: Samples = 400
    noise: Noise = 0.3
    classes: Annotated[int, Setting("Classes", "How many clouds.", symbol="K", least=2, most=20)] = 3

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Draw the points."""
        random = generator(seed, "data", self.kind)
        codes = alternating(self.samples, self.classes)
        angle = 2 * np.pi * codes / self.classes
        points = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return labelled(points + self.noise * random.standard_normal(points.shape), codes)
