"""Penalties: a price on the size of weights, of which the gradient gets the slope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from engine.choices import Setting
from engine.learning.regularizers.regularizer import Regularizer

if TYPE_CHECKING:
    from torch import Tensor

    from engine.learning.layout import Layout

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

    @override
    def adjust(self, gradient: Tensor, weights: Tensor, layout: Layout, step: int) -> Tensor:
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

    @override
    def adjust(self, gradient: Tensor, weights: Tensor, layout: Layout, step: int) -> Tensor:
        """Return g + λ w."""
        return gradient.add_(weights, alpha=self.strength)

    @override
    def penalty(self, weights: Tensor) -> float | Tensor:
        return self.strength / 2 * weights.square().sum()
