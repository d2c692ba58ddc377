"""Gradients that are made wilder or tamer before the optimizer sees them: noise, and centring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from engine.choices import Setting
from engine.learning.regularizers.regularizer import Regularizer, matrices, of_units

if TYPE_CHECKING:
    from torch import Tensor

    from engine.learning.layout import Layout


class GradientNoise(Regularizer, kind="gradient_noise", title="Gradient noise"):
    """Noise is added to the gradient, much at the beginning and ever less.

    It helps deep networks out of places where the gradient is nearly 0, and away from poor starts.

    Formula: g ← g + N(0, σₜ²), σₜ² = η / (1 + t)^γ in step t

    Source: Neelakantan et al., Adding Gradient Noise Improves Learning for Very Deep Networks, 2015.
    """

    variance: Annotated[
        float,
        Setting(
            "Variance at the start",
            "Of the noise in the first step.",
            symbol="η",
            least=0,
            most=1e3,
            log=True,
        ),
    ] = 0.01
    decay: Annotated[
        float, Setting("Decay", "How fast the noise dies away; 0: never.", symbol="γ", least=0, most=10)
    ] = 0.55

    @override
    def adjust(self, gradient: Tensor, weights: Tensor, layout: Layout, step: int) -> Tensor:
        """Return the gradient with noise, drawn anew in every step."""
        import torch

        deviation = (self.variance / (1 + step) ** self.decay) ** 0.5
        noise = torch.randn_like(gradient).mul_(deviation)
        # only where there are parameters: gaps between them must stay 0
        for place in layout:
            gradient[place.start : place.end].add_(noise[place.start : place.end])
        return gradient


class Centralization(Regularizer, kind="centralization", title="Gradient centralization"):
    """From each unit's gradient its mean is taken away, so that the sum of its weights stays as it was.

    Training becomes smoother and often generalizes a little better, above all of convolutions. Biases and
    normalization gains are free.

    Formula: gᵢ ← gᵢ − mean(gᵢ) for the weights into unit i

    Source: Yong, Huang, Hua and Zhang, Gradient Centralization: A New Optimization Technique for Deep Neural
    Networks, 2020.
    """

    @override
    def adjust(self, gradient: Tensor, weights: Tensor, layout: Layout, step: int) -> Tensor:
        """Return the gradient, that of each unit with mean 0."""
        for place in matrices(layout):
            own = of_units(place, gradient)
            own.sub_(own.mean(dim=1, keepdim=True))
        return gradient
