"""Initializers that make a matrix of some structure: rotations and identities."""

from __future__ import annotations

from math import ceil, log2, prod
from typing import TYPE_CHECKING, Annotated

from engine.choices import Setting
from engine.learning.initializers.initializer import Gain, Initializer, normal

if TYPE_CHECKING:
    from torch import Generator, Tensor


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
        # a convolution as a matrix: its kernel belongs to the inputs of a unit
        return (self.gain * _rotation(shape[0], prod(shape[1:]), generator)).float().reshape(shape)


class DeltaOrthogonal(Initializer, kind="delta_orthogonal", title="Delta-orthogonal"):
    """A convolution starts as a random rotation of its channels, place by place; a dense layer as orthogonal.

    Only the middle of each kernel differs from 0: no signal is lost at the borders or spread over places, and
    with tanh, networks of thousands of layers can be trained.

    Formula: W[:, :, middle] = a Q with orthonormal columns or rows, W = 0 elsewhere

    Source: Xiao, Bahri, Sohl-Dickstein, Schoenholz and Pennington, Dynamical Isometry and a Mean Field Theory
    of CNNs: How to Train 10,000-Layer Vanilla Convolutional Neural Networks, 2018, algorithm 1.
    """

    gain: Gain = 1.0

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights whose middle, as a matrix (outputs, inputs), is a times a rotation."""
        return _in_the_middle((self.gain * _rotation(shape[0], shape[1], generator)).float(), shape)


class Identity(Initializer, kind="identity", title="Identity (Dirac)"):
    """Each unit passes on the input of its own number, plus a little noise.

    What lies in a layer goes through unchanged at first, however deep or long: recurrent networks of ReLU
    remember over hundreds of steps so. In a convolution the 1 stands in the middle of the kernel (a Dirac
    pulse). The noise breaks the symmetry of units that have no input of their number.

    Formula: W = a I + E, E_ij ~ N(0, σ²)

    Source: Le, Jaitly and Hinton, A Simple Way to Initialize Recurrent Networks of Rectified Linear Units,
    2015; for convolutions Zagoruyko and Komodakis, DiracNets, 2017.
    """

    gain: Gain = 1.0
    noise: Annotated[
        float,
        Setting("Noise", "Standard deviation of what is added to every weight.", symbol="σ", least=0, most=1),
    ] = 0.01

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return a times the identity, in the middle of a kernel, with noise everywhere."""
        import torch

        ones = _in_the_middle(self.gain * torch.eye(shape[0], shape[1]), shape)
        return ones + normal(shape, self.noise, generator) if self.noise else ones


class ZerO(Initializer, kind="zero_one", title="ZerO"):
    """An identity of zeros and ones, and where a layer grows, rows of a Hadamard matrix. Nothing is drawn.

    A Hadamard matrix has entries of one size and orthogonal rows, so that a wider layer spreads its inputs
    over all units without making any two alike. Every seed starts from the same weights. Made for deep
    residual networks, which learn as well from it as from random weights.

    Formula: W = I where n_in ≥ n_out; else W = c I* H I*, c = 2^(−(m − 1)/2), H Hadamard of size 2^m,
    m = ⌈log₂ n_out⌉; in the middle of a kernel

    Source: Zhao, Schäfer and Anandkumar, ZerO Initialization: Initializing Neural Networks with only Zeros
    and Ones, 2022, algorithms 1 and 2.
    """

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return a partial identity, or rows of a Hadamard matrix where outputs outnumber inputs."""
        import torch

        outputs, inputs = shape[0], shape[1]
        if outputs <= inputs:
            return _in_the_middle(torch.eye(outputs, inputs), shape)
        size = ceil(log2(outputs))
        matrix = torch.ones(1, 1)
        for _ in range(size):
            # Sylvester's construction: H of twice the size is (H, H; H, −H)
            matrix = torch.cat([torch.cat([matrix, matrix], 1), torch.cat([matrix, -matrix], 1)])
        return _in_the_middle(2 ** (-(size - 1) / 2) * matrix[:outputs, :inputs], shape)


def _rotation(rows: int, columns: int, generator: Generator) -> Tensor:
    """Return float64 (rows, columns) with orthonormal rows or columns, the fewer; all are equally likely."""
    import torch

    # in double precision, so that rounding to float32 is the only error
    drawn = torch.empty(max(rows, columns), min(rows, columns), dtype=torch.float64)
    # tall, as QR gives as many orthonormal columns as there are; a wide matrix is the transpose of such
    q, r = torch.linalg.qr(drawn.normal_(generator=generator))
    # QR leaves the signs to the library: without this, not all rotations would be equally likely
    signed: Tensor = r.diagonal().sign() * q
    return signed if rows >= columns else signed.T


def _in_the_middle(matrix: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return weights of `shape` that are a matrix (outputs, inputs) in the middle of the kernel, else 0."""
    import torch

    weights = torch.zeros(shape)
    # of a kernel of even size, the later of the two places in the middle
    places = weights.reshape(*shape[:2], -1)
    middle = 0
    for size in shape[2:]:
        middle = middle * size + size // 2
    places[:, :, middle] = matrix
    return weights
