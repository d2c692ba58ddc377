"""Initializers: how weights start."""

from __future__ import annotations

from abc import abstractmethod
from math import prod, sqrt
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

        return torch.zeros(count) if self.biases == "zero" else _uniform((count,), fan_in**-0.5, generator)

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


class Zeros(Initializer, kind="zeros", title="Zeros"):
    """Every weight starts at 0.

    All units of a layer then compute the same and receive the same gradient, so that they stay equal for
    ever: a network with hidden layers cannot learn this way. It is here to be seen; for a network without
    hidden layers (a linear model) it is a sound start.

    Formula: w = 0

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 8.4, on why symmetry must be
    broken.
    """

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return zeros."""
        import torch

        return torch.zeros(shape)


class Normal(Initializer, kind="normal", title="Normal"):
    """Weights are drawn from a bell curve around 0, equally wide in every layer.

    The width does not follow the size of the layers: in deep networks signals fade away or explode where it
    does not happen to fit. Xavier and He choose the width for you.

    Formula: w ~ N(0, σ²)

    Source: Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural Networks,
    2012, with σ = 0.01.
    """

    standard_deviation: Annotated[
        float,
        Setting("Standard deviation", "Width of the bell curve.", symbol="σ", above=0, most=100, log=True),
    ] = 0.05

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from N(0, σ²)."""
        return _normal(shape, self.standard_deviation, generator)


class Uniform(Initializer, kind="uniform", title="Uniform"):
    """Weights are drawn evenly from an interval around 0, equally wide in every layer.

    The width does not follow the size of the layers: in deep networks signals fade away or explode where it
    does not happen to fit. Xavier and He choose the width for you.

    Formula: w ~ U(−r, r), whose standard deviation is r/√3

    Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986, started
    from small random weights to break symmetry.
    """

    limit: Annotated[
        float, Setting("Limit", "Largest size of a weight.", symbol="r", above=0, most=100, log=True)
    ] = 0.05

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from U(−r, r)."""
        return _uniform(shape, self.limit, generator)


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
        return _normal(shape, self.gain * sqrt(2 / (fan_in + fan_out)), generator)


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
        return _uniform(shape, self.gain * sqrt(6 / (fan_in + fan_out)), generator)


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
        return _normal(shape, sqrt(2 / _counted(self.fan, fan_in, fan_out)), generator)


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
        return _uniform(shape, sqrt(6 / _counted(self.fan, fan_in, fan_out)), generator)


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
        return _uniform(shape, fan_in**-0.5, generator)


class Orthogonal(Initializer, kind="orthogonal", title="Orthogonal"):
    """The weights of a layer form a random rotation, which keeps the length of every signal.

    A layer with more outputs than inputs gets orthonormal columns, otherwise orthonormal rows. It helps in
    deep networks, because the product of many rotations neither grows nor shrinks.

    Formula: W = a Q, where QR = A, A_ij ~ N(0, 1), the signs chosen so that R_ii > 0

    Source: Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks, 2014; signs after Mezzadri, How to generate random matrices from the classical compact
    groups, 2007.
    """

    gain: Gain = 1.0

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights that, as a matrix (outputs, rest), have orthogonal rows or columns of length a."""
        import torch

        # a convolution as a matrix: its kernel belongs to the inputs of a unit
        rows, columns = shape[0], prod(shape[1:])
        # in double precision, so that rounding to float32 is the only error
        drawn = torch.empty(max(rows, columns), min(rows, columns), dtype=torch.float64)
        # tall, as QR gives as many orthonormal columns as there are; a wide matrix is the transpose of such
        q, r = torch.linalg.qr(drawn.normal_(generator=generator))
        # QR leaves the signs to the library: without this, not all rotations would be equally likely
        signed: Tensor = self.gain * r.diagonal().sign() * q
        return (signed if rows >= columns else signed.T).reshape(shape).float()


def _normal(shape: tuple[int, ...], standard_deviation: float, generator: Generator) -> Tensor:
    import torch

    return torch.empty(shape).normal_(0, standard_deviation, generator=generator)


def _uniform(shape: tuple[int, ...], limit: float, generator: Generator) -> Tensor:
    import torch

    return torch.empty(shape).uniform_(-limit, limit, generator=generator)


def _counted(fan: str, fan_in: int, fan_out: int) -> int:
    return {"in": fan_in, "out": fan_out, "larger": max(fan_in, fan_out)}[fan]
