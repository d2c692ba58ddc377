"""Clipping: gradients that are too long are shortened, as a whole, entry by entry, or unit by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from engine.choices import Setting
from engine.learning.regularizers.regularizer import Regularizer, matrices, of_units

if TYPE_CHECKING:
    from torch import Tensor

    from engine.learning.layout import Layout


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

    @override
    def adjust(self, gradient: Tensor, weights: Tensor, layout: Layout, step: int) -> Tensor:
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

    @override
    def adjust(self, gradient: Tensor, weights: Tensor, layout: Layout, step: int) -> Tensor:
        """Return the gradient with entries cut off at ±c."""
        return gradient.clamp_(-self.limit, self.limit)


class ClipAdaptive(Regularizer, kind="clip_adaptive", title="Clip gradient by the weights"):
    """Each unit's gradient is at most a share of the length of its own weights.

    So no unit changes by more than that share in a step, whether its weights are large or small. It replaces
    batch normalization where large batches make training unstable. Biases and normalization gains are free.

    Formula: gᵢ ← gᵢ · min(1, λ max(‖wᵢ‖₂, 10⁻³) / ‖gᵢ‖₂) for the weights wᵢ into unit i

    Source: Brock, De, Smith and Simonyan, High-Performance Large-Scale Image Recognition Without
    Normalization, 2021.
    """

    share: Annotated[
        float,
        Setting(
            "Largest share",
            "Longest gradient of a unit, as a share of the length of its weights.",
            symbol="λ",
            above=0,
            most=1e3,
            log=True,
        ),
    ] = 0.01

    @override
    def adjust(self, gradient: Tensor, weights: Tensor, layout: Layout, step: int) -> Tensor:
        """Return the gradient, that of each unit shortened to its limit where it is longer."""
        from torch.linalg import vector_norm

        for place in matrices(layout):
            own = of_units(place, gradient)
            allowed = vector_norm(of_units(place, weights), dim=1, keepdim=True).clamp_(min=_LEAST_WEIGHTS)
            # no test whether it is longer: that would wait for the device; of 0 the quotient is infinite
            own.mul_((self.share * allowed / vector_norm(own, dim=1, keepdim=True)).clamp_(max=1))
        return gradient


_LEAST_WEIGHTS = 1e-3
"""Units whose weights are 0 at the start must be able to leave it; the paper's ε."""
