"""Initializers whose width is one number for all layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from engine.choices import Setting
from engine.learning.initializers.initializer import (
    Initializer,
    StandardDeviation,
    normal,
    truncated_normal,
    uniform,
)

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Normal(Initializer, kind="normal", title="Normal"):
    """Weights are drawn from a bell curve around 0, equally wide in every layer.

    The width does not follow the size of the layers: in deep networks signals fade away or explode where it
    does not happen to fit. Xavier and He choose the width for you.

    Formula: w ~ N(0, σ²)

    Source: Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural Networks,
    2012, with σ = 0.01.
    """

    standard_deviation: StandardDeviation = 0.05

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from N(0, σ²)."""
        return normal(shape, self.standard_deviation, generator)


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
        return uniform(shape, self.limit, generator)


class TruncatedNormal(Initializer, kind="truncated_normal", title="Truncated normal"):
    """A bell curve without its tails, equally wide in every layer: no weight starts far from 0.

    One weight far out can hold a unit of a saturating activation at its end for long. What is left is
    narrower than the whole curve: cut at 2σ, its standard deviation is 0.88 σ. Large language models and
    vision transformers begin with σ = 0.02.

    Formula: w ~ N(0, σ²), given that |w| ≤ c σ

    Source: Devlin, Chang, Lee and Toutanova, BERT: Pre-training of Deep Bidirectional Transformers for
    Language Understanding, 2019, with σ = 0.02; Dosovitskiy et al., An Image is Worth 16×16 Words, 2021.
    """

    standard_deviation: StandardDeviation = 0.05
    cut: Annotated[
        float,
        Setting(
            "Cut at", "No weight starts beyond this many standard deviations.", symbol="c", above=0, most=10
        ),
    ] = 2.0

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights from N(0, σ²) within ±cσ."""
        return truncated_normal(shape, self.standard_deviation, self.cut, generator)


class Sparse(Initializer, kind="sparse", title="Sparse"):
    """Each unit starts with few connections, drawn from a bell curve; all others start at 0.

    So the sum of a unit does not grow with the number of its inputs, and units differ more from each other
    than where each sees a little of everything. A unit with fewer inputs than that is connected to all.

    Formula: w = 0 but for k of the n_in connections into each unit: w ~ N(0, σ²)

    Source: Martens, Deep learning via Hessian-free optimization, 2010: k = 15, σ = 1 for logistic units and
    0.25 for tanh.
    """

    connections: Annotated[
        int,
        Setting("Connections", "Into each unit that do not start at 0.", symbol="k", least=1, most=100_000),
    ] = 15
    standard_deviation: StandardDeviation = 0.25

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, generator: Generator) -> Tensor:
        """Return weights of which k of each unit are from N(0, σ²), and the others 0."""
        import torch

        units, inputs = shape[0], max(fan_in, 1)
        drawn = normal((units, inputs), self.standard_deviation, generator)
        # the k smallest of evenly drawn numbers: each set of k connections is equally likely
        order = torch.rand(units, inputs, generator=generator).argsort(dim=1)
        kept = torch.zeros(units, inputs).scatter_(1, order[:, : self.connections], 1.0)
        return (drawn * kept).reshape(shape)
