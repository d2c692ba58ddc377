"""A function of one number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.generators.generated import Generated, Samples, TargetNoise, table
from engine.data.raw import Raw
from engine.data.source import Report, silent
from engine.randomness import generator

_SHAPES: Mapping[str, Callable[[NDArray[np.float64]], NDArray[Any]]] = {
    "line": lambda x: x / 2,
    "sine": lambda x: np.sin(np.pi * x),
    "step": np.sign,
    "absolute": np.abs,
    "polynomial": lambda x: x**3 / 2 - x,
    "bell": lambda x: np.exp(-2 * x**2),
    # the sinc of NumPy has π within: sin πx / πx
    "sinc": lambda x: np.sinc(2 * x),
    "chirp": lambda x: np.sin(np.pi * (x + 2) ** 2 / 2),
}


class Function(Generated, kind="function", title="Function of one number"):
    """A curve with noise: what fitting a function means, seen in one picture.

    Formula: y = f(x) + noise, x even in [−2, 2]
    """

    shape: Annotated[
        Literal["line", "sine", "step", "absolute", "polynomial", "bell", "sinc", "chirp"],
        Setting(
            "Function",
            "The curve to learn.",
            symbol="f",
            options={
                "line": "line: x / 2",
                "sine": "sine: sin πx",
                "step": "step: sign of x",
                "absolute": "absolute value: |x|",
                "polynomial": "polynomial: x³/2 − x",
                "bell": "bell: exp(−2x²)",
                "sinc": "sinc: sin 2πx / 2πx",
                "chirp": "chirp: sin(π(x + 2)²/2), ever faster",
            },
        ),
    ] = "sine"
    samples: Samples = 200
    noise: TargetNoise = 0.1

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Draw the points."""
        random = generator(seed, "data", self.kind)
        x = random.uniform(-2, 2, self.samples)
        y = _SHAPES[self.shape](x) + self.noise * random.standard_normal(self.samples)
        return table({"x": x, "y": y}, ("y",))
