"""What an initializer is, and the draws that several make."""

from __future__ import annotations

from abc import abstractmethod
from math import erf, sqrt
from typing import TYPE_CHECKING, Annotated, Literal

from engine.choices import Choice, Setting

if TYPE_CHECKING:
    from torch import Generator, Tensor


Biases = Annotated[
    Literal["zero", "uniform"],
    Setting(
        "Biases",
        "How the biases start.",
        symbol="b",
        options={
            "zero": "zero: b = 0; the weights alone tell units apart",
            "uniform": "uniform: b ~ U(−1/√n, 1/√n), n connections into the unit, as frameworks start them",
        },
    ),
]


class Initializer(Choice, family="initializers"):
    """How the weights of a layer are drawn, and how its biases start.

    The bias of an LSTM's forget gate starts 1 higher. Normalization layers start with gains of 1 and
    without a shift.
    """

    biases: Biases = "zero"

    def draw_biases(self, count: int, fan_in: int, generator: Generator) -> Tensor:
        """Return float32 (count,): how the biases of units start that have `fan_in` connections each."""
        import torch

        return torch.zeros(count) if self.biases == "zero" else uniform((count,), fan_in**-0.5, generator)

    @abstractmethod
    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return float32 weights of `shape` (outputs first), drawn on the CPU from `generator`.

        `fan_in` and `fan_out` count the connections into and out of one unit.
        """


Fan = Annotated[
    Literal["in", "out", "larger"],
    Setting(
        "Connections counted",
        "Which connections of a unit set the size of its weights.",
        symbol="n",
        options={
            "in": "fan in: into the unit; signals keep their size on the way forward",
            "out": "fan out: out of the unit; gradients keep their size on the way back",
            "larger": "the larger: fan in or fan out, whichever is larger; neither can grow",
        },
    ),
]

Gain = Annotated[
    float,
    Setting(
        "Gain",
        "Factor on all weights: 1 for linear, sigmoid and tanh layers, √2 = 1.41 for ReLU.",
        symbol="a",
        above=0,
        most=100,
        log=True,
    ),
]

StandardDeviation = Annotated[
    float,
    Setting("Standard deviation", "Width of the bell curve.", symbol="σ", above=0, most=100, log=True),
]


def normal(shape: tuple[int, ...], standard_deviation: float, generator: Generator) -> Tensor:
    """Return float32 numbers from N(0, σ²)."""
    import torch

    return torch.empty(shape).normal_(0, standard_deviation, generator=generator)


def uniform(shape: tuple[int, ...], limit: float, generator: Generator) -> Tensor:
    """Return float32 numbers from U(−limit, limit)."""
    import torch

    return torch.empty(shape).uniform_(-limit, limit, generator=generator)


def truncated_normal(
    shape: tuple[int, ...], standard_deviation: float, cut: float, generator: Generator
) -> Tensor:
    """Return float32 numbers from N(0, σ²) of which none lies beyond ±cut σ.

    By the inverse of the distribution: a share of the bell curve between both ends is drawn evenly, which
    needs as many draws as there are numbers, whatever is cut off.
    """
    import torch

    # 2Φ(c) − 1 = erf(c/√2): the share of the curve that is kept
    kept = erf(cut / sqrt(2))
    drawn = torch.empty(shape, dtype=torch.float64).uniform_(-kept, kept, generator=generator)
    values = torch.erfinv(drawn) * (sqrt(2) * standard_deviation)
    # rounding may lead a hair beyond the end
    return values.clamp(-cut * standard_deviation, cut * standard_deviation).float()


def counted(fan: str, fan_in: int, fan_out: int) -> float:
    """Return the connections that are counted."""
    return {"in": fan_in, "out": fan_out, "larger": max(fan_in, fan_out), "mean": (fan_in + fan_out) / 2}[fan]
