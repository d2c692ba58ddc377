"""Regularizers: changes of the gradient that keep weights or steps small."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from engine.choices import Choice, Setting

if TYPE_CHECKING:
    from torch import Tensor


class Regularizer(Choice, family="regularizers"):
    """A change of the gradient before the optimizer sees it; several are applied in the order listed."""

    live = "whole"

    @abstractmethod
    def adjust(self, gradient: Tensor, weights: Tensor) -> Tensor:
        """Return the adjusted flat gradient (P,); `gradient` may be overwritten.

        `weights` are the flat parameters with biases and normalization gains replaced by 0.
        """

    def penalty(self, weights: Tensor) -> float | Tensor:
        """Return what it adds to the loss, of which `adjust` adds the slope; 0 where it only limits that.

        Only for optimizers that compare losses, whose slope must be that of the loss.
        """
        return 0.0


Strength = Annotated[
    float, Setting("Strength", "Weight of the penalty in the loss.", symbol="λ", least=0, most=100, log=True)
]


class L1(Regularizer, kind="l1", title="L1 penalty"):
    """A price on the size of every weight: weights that are of little use go to 0.

    It leaves few weights that matter, and so tells which inputs do. Biases and normalization gains are free.
    The loss that is shown does not contain the penalty.

    Formula: L + λ ∑ |w|, so that g ← g + λ sign(w)

    Source: Tibshirani, Regression Shrinkage and Selection via the Lasso, 1996.
    """

    strength: Strength = 1e-4

    def adjust(self, gradient: Tensor, weights: Tensor) -> Tensor:
        """Return g + λ sign(w)."""
        # sign(0) is 0: a weight that has arrived there is left in peace
        return gradient.add_(weights.sign(), alpha=self.strength)

    @override
    def penalty(self, weights: Tensor) -> float | Tensor:
        return self.strength * weights.abs().sum()


class L2(Regularizer, kind="l2", title="L2 penalty"):
    """A price on the square of every weight: large weights shrink, so that the function stays smooth.

    Also called ridge or, with plain gradient descent, weight decay; with Adam, AdamW's decay works better.
    Biases and normalization gains are free. The loss that is shown does not contain the penalty.

    Formula: L + λ/2 ∑ w², so that g ← g + λ w

    Source: Hoerl and Kennard, Ridge Regression: Biased Estimation for Nonorthogonal Problems, 1970; Krogh and
    Hertz, A Simple Weight Decay Can Improve Generalization, 1992.
    """

    strength: Strength = 1e-4

    def adjust(self, gradient: Tensor, weights: Tensor) -> Tensor:
        """Return g + λ w."""
        return gradient.add_(weights, alpha=self.strength)

    @override
    def penalty(self, weights: Tensor) -> float | Tensor:
        return self.strength / 2 * weights.square().sum()


class ClipNorm(Regularizer, kind="clip_norm", title="Clip gradient by norm"):
    """A gradient longer than the limit is shortened to it and keeps its direction.

    A single bad batch then cannot throw the weights far away.

    Formula: g ← g · min(1, c / ‖g‖₂)

    Source: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013.
    """

    limit: Annotated[
        float,
        Setting(
            "Longest gradient",
            "Limit of its length over all parameters.",
            symbol="c",
            above=0,
            most=1e6,
            log=True,
        ),
    ] = 1.0

    def adjust(self, gradient: Tensor, weights: Tensor) -> Tensor:
        """Return the gradient, shortened to the limit where it is longer."""
        from torch.linalg import vector_norm

        # No test whether it is longer: that would wait for the device in every step.
        # of a gradient of 0 the quotient is infinite, and becomes 1
        return gradient.mul_((self.limit / vector_norm(gradient)).clamp_(max=1))


class ClipValue(Regularizer, kind="clip_value", title="Clip gradient by value"):
    """Every entry of the gradient is cut off at the limit.

    Simple and robust, but the direction of the gradient changes where entries are cut.

    Formula: gᵢ ← min(c, max(−c, gᵢ))

    Source: Mikolov, Statistical Language Models Based on Neural Networks, thesis, 2012.
    """

    limit: Annotated[
        float,
        Setting("Largest entry", "Limit of every single entry.", symbol="c", above=0, most=1e6, log=True),
    ] = 0.5

    def adjust(self, gradient: Tensor, weights: Tensor) -> Tensor:
        """Return the gradient with entries cut off at ±c."""
        return gradient.clamp_(-self.limit, self.limit)
