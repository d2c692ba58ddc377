"""Initializers whose width follows the number of a unit's connections, so that signals keep their size."""

from __future__ import annotations

from math import erf, exp, pi, sqrt
from typing import TYPE_CHECKING, Annotated, Literal

from typing_extensions import override

from engine.choices import Setting
from engine.learning.initializers.initializer import (
    Biases,
    Fan,
    Gain,
    Initializer,
    counted,
    normal,
    truncated_normal,
    uniform,
)

if TYPE_CHECKING:
    from torch import Generator, Tensor


class XavierNormal(Initializer, kind="xavier_normal", title="Xavier normal"):
    """A bell curve whose width follows the layer's size; made for tanh and sigmoid.

    The variance is a compromise: signals should keep their size on the way forward, gradients on the way
    back. Also called Glorot initialization.

    Formula: w ~ N(0, σ²), σ = a √(2 / (n_in + n_out))

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    2010.
    """

    gain: Gain = 1.0

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from N(0, 2a² / (fan_in + fan_out))."""
        return normal(shape, self.gain * sqrt(2 / (fan_in + fan_out)), generator)


class XavierUniform(Initializer, kind="xavier_uniform", title="Xavier uniform"):
    """An interval whose width follows the layer's size; made for tanh and sigmoid.

    It has the same variance as Xavier normal, but no weight is far from 0. Also called Glorot initialization.

    Formula: w ~ U(−r, r), r = a √(6 / (n_in + n_out))

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    2010.
    """

    gain: Gain = 1.0

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from U(−r, r) with r² = 6a² / (fan_in + fan_out)."""
        # the variance of an even draw is r²/3, so that 6 makes it that of the bell curve
        return uniform(shape, self.gain * sqrt(6 / (fan_in + fan_out)), generator)


class LeCunNormal(Initializer, kind="lecun_normal", title="LeCun normal"):
    """A bell curve whose width follows the connections into a unit; made for tanh, and for SELU.

    The sum of a unit varies as much as one of its inputs does. Self-normalizing networks (SELU) are proved
    for this width.

    Formula: w ~ N(0, σ²), σ = 1 / √n_in

    Source: LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998, section 4.6; Klambauer, Unterthiner, Mayr
    and Hochreiter, Self-Normalizing Neural Networks, 2017.
    """

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from N(0, 1 / fan_in)."""
        return normal(shape, fan_in**-0.5, generator)


class LeCunUniform(Initializer, kind="lecun_uniform", title="LeCun uniform"):
    """An interval whose width follows the connections into a unit; made for tanh, and for SELU.

    It has the same variance as LeCun normal, but no weight is far from 0.

    Formula: w ~ U(−r, r), r = √(3 / n_in)

    Source: LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998, section 4.6.
    """

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from U(−r, r) with r² = 3 / fan_in."""
        return uniform(shape, sqrt(3 / fan_in), generator)


class HeNormal(Initializer, kind="he_normal", title="He normal"):
    """A bell curve whose width follows the layer's size; made for ReLU.

    ReLU sets half of its inputs to 0 and so halves what is passed on; the factor 2 makes up for it. Also
    called Kaiming initialization.

    Formula: w ~ N(0, σ²), σ = √(2 / n), n = n_in, n_out or max(n_in, n_out)

    Source: He, Zhang, Ren and Sun, Delving Deep into Rectifiers: Surpassing Human-Level Performance on
    ImageNet Classification, 2015.
    """

    fan: Fan = "in"

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from N(0, 2 / fan)."""
        return normal(shape, sqrt(2 / counted(self.fan, fan_in, fan_out)), generator)


class HeUniform(Initializer, kind="he_uniform", title="He uniform"):
    """An interval whose width follows the layer's size; made for ReLU.

    It has the same variance as He normal, but no weight is far from 0. Also called Kaiming initialization.

    Formula: w ~ U(−r, r), r = √(6 / n), n = n_in, n_out or max(n_in, n_out)

    Source: He, Zhang, Ren and Sun, Delving Deep into Rectifiers: Surpassing Human-Level Performance on
    ImageNet Classification, 2015.
    """

    fan: Fan = "in"

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from U(−r, r) with r² = 6 / fan."""
        # r²/3 is the variance of an even draw: the same 2 / n as that of the bell curve
        return uniform(shape, sqrt(6 / counted(self.fan, fan_in, fan_out)), generator)


class VarianceScaling(Initializer, kind="variance_scaling", title="Variance scaling"):
    """The family that LeCun, Xavier and He belong to: variance s/n, of any distribution and count.

    A scale of 1 with n = n_in is LeCun's, s = 1 with the mean of both is Xavier's, s = 2 with n = n_in is
    He's. All three distributions have that variance, the bell curve without its tails (beyond 2σ) too: it is
    drawn wider to make up for what is cut off.

    Formula: Var(w) = s / n, n = n_in, n_out, (n_in + n_out)/2 or max(n_in, n_out)

    Source: He, Zhang, Ren and Sun, Delving Deep into Rectifiers, 2015, whose derivation holds for any s; the
    form with modes is that of Keras, `VarianceScaling`.
    """

    scale: Annotated[
        float, Setting("Scale", "Variance times connections.", symbol="s", above=0, most=100, log=True)
    ] = 1.0
    fan: Annotated[
        Literal["in", "out", "mean", "larger"],
        Setting(
            "Connections counted",
            "Which connections of a unit set the size of its weights.",
            symbol="n",
            options={
                "in": "fan in: into the unit; signals keep their size on the way forward",
                "out": "fan out: out of the unit; gradients keep their size on the way back",
                "mean": "the mean of both: a compromise",
                "larger": "the larger: fan in or fan out, whichever is larger; neither can grow",
            },
        ),
    ] = "in"
    distribution: Annotated[
        Literal["normal", "truncated", "uniform"],
        Setting(
            "Distribution",
            "What weights are drawn from.",
            options={
                "normal": "normal: a bell curve",
                "truncated": "truncated normal: a bell curve without what lies beyond 2σ",
                "uniform": "uniform: evenly from an interval",
            },
        ),
    ] = "truncated"

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights with the variance s / n."""
        deviation = sqrt(self.scale / counted(self.fan, fan_in, fan_out))
        if self.distribution == "uniform":
            return uniform(shape, sqrt(3) * deviation, generator)
        if self.distribution == "normal":
            return normal(shape, deviation, generator)
        return truncated_normal(shape, deviation / _DEVIATION_WITHIN_2, 2.0, generator)


_DEVIATION_WITHIN_2 = sqrt(1 - 2 * 2 * exp(-2) / sqrt(2 * pi) / erf(sqrt(2)))
"""Standard deviation of N(0, 1) between −c and c: √(1 − 2cφ(c)/(2Φ(c) − 1)); for c = 2 it is 0.8796."""


class RandomWalk(Initializer, kind="random_walk", title="Random walk"):
    """A bell curve a little wider than He's: very deep networks keep the size of their gradients.

    The logarithm of a gradient's length takes a random step in each layer on its way back. With He's width
    its mean step is a little below 0, the more so the narrower layers are, and hundreds of layers add up.

    Formula: w ~ N(0, g²/n_in); for ReLU g = √2 exp(1.2 / (max(n_in, 6) − 2.4)), for linear layers
    g = exp(1 / (2 n_in))

    Source: Sussillo and Abbott, Random Walk Initialization for Training Very Deep Feedforward Networks, 2014.
    """

    units: Annotated[
        Literal["relu", "linear"],
        Setting(
            "Made for", "What follows the weights.", options={"relu": "ReLU", "linear": "linear or tanh"}
        ),
    ] = "relu"

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from N(0, g² / fan_in)."""
        relu = self.units == "relu"
        gain = sqrt(2) * exp(1.2 / (max(fan_in, 6) - 2.4)) if relu else exp(1 / (2 * fan_in))
        return normal(shape, gain * fan_in**-0.5, generator)


class NguyenWidrow(Initializer, kind="nguyen_widrow", title="Nguyen–Widrow"):
    """Each unit begins with its slope somewhere within the range of the inputs; made for tanh and few inputs.

    All units of a layer get weights of the same length, so long that together they part the space of inputs
    among them, and biases that spread them over it. Networks with one hidden layer then learn a function in a
    fraction of the time. Here for inputs of unit size: standardize them.

    Formula: β = 0.7 h^(1/n_in), h units; w = β v/‖v‖, v ~ U(−1, 1); b ~ U(−β, β)

    Source: Nguyen and Widrow, Improving the learning speed of 2-layer neural networks by choosing initial
    values of the adaptive weights, 1990.
    """

    biases: Biases = "uniform"

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights of which those into each unit have the length β."""
        import torch

        units = shape[0]
        drawn = torch.empty(units, max(fan_in, 1), dtype=torch.float64).uniform_(-1, 1, generator=generator)
        rows = torch.nn.functional.normalize(drawn, dim=1)
        return (_reach(units, fan_in) * rows).float().reshape(shape)

    @override
    def draw_biases(self, count: int, fan_in: int, generator: Generator) -> Tensor:
        import torch

        return (
            torch.zeros(count)
            if self.biases == "zero"
            else uniform((count,), _reach(count, fan_in), generator)
        )


def _reach(units: int, inputs: int) -> float:
    """Return β, how far from the middle of the inputs the slopes of so many units reach."""
    return float(0.7 * units ** (1 / max(inputs, 1)))


class FrameworkDefault(Initializer, kind="framework_default", title="Framework default"):
    """What PyTorch does by itself: weights and biases drawn evenly, a third of the variance of 1/n.

    It is smaller than Xavier and He would have it, so that signals fade in deep networks of ReLU; many
    published results were reached with it, because nobody chose. Here to repeat them.

    Formula: w ~ U(−r, r), r = 1 / √n_in

    Source: PyTorch, torch.nn.Linear and torch.nn.Conv2d, `reset_parameters`; the bound is that of LeCun,
    Bottou, Orr and Müller, Efficient BackProp, 1998, up to a factor of √3.
    """

    # as torch's layers start them: with biases of 0 its published results would not be repeated
    biases: Biases = "uniform"

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from U(−1/√fan_in, 1/√fan_in)."""
        return uniform(shape, fan_in**-0.5, generator)
