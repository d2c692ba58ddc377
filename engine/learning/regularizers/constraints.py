"""Constraints: weights are brought back after every step to what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from engine.choices import Setting
from engine.learning.regularizers.regularizer import Regularizer, matrices, of_units

if TYPE_CHECKING:
    from torch import Tensor

    from engine.learning.layout import Layout


class MaxNorm(Regularizer, kind="max_norm", title="Max-norm constraint"):
    """The weights into a unit are never longer than the limit; longer ones are shortened after each step.

    With dropout it allows large learning rates without weights that grow without end. Biases and
    normalization gains are free.

    Formula: wᵢ ← wᵢ · min(1, c / ‖wᵢ‖₂) for the weights wᵢ into unit i, after each step

    Source: Srebro and Shraibman, Rank, Trace-Norm and Max-Norm, 2005; Srivastava et al., Dropout: A Simple
    Way to Prevent Neural Networks from Overfitting, 2014.
    """

    limit: Annotated[
        float,
        Setting(
            "Longest weights", "Limit of the length of the weights into a unit.", symbol="c",
            above=0, most=1e6, log=True,
        ),
    ] = 3.0  # fmt: skip

    @override
    def constrain(self, parameters: Tensor, layout: Layout) -> None:
        """Shorten the weights of each unit that are longer."""
        from torch.linalg import vector_norm

        for place in matrices(layout):
            own = of_units(place, parameters)
            own.mul_((self.limit / vector_norm(own, dim=1, keepdim=True)).clamp_(max=1))


class ClipWeights(Regularizer, kind="clip_weights", title="Clip weights"):
    """No weight is ever larger than the limit; larger ones are cut off after each step.

    It bounds how steep the function can become, as the critic of a Wasserstein GAN needs. Biases and
    normalization gains are free.

    Formula: wᵢ ← min(c, max(−c, wᵢ)), after each step

    Source: Arjovsky, Chintala and Bottou, Wasserstein GAN, 2017.
    """

    limit: Annotated[
        float,
        Setting("Largest weight", "Limit of every single weight.", symbol="c", above=0, most=1e6, log=True),
    ] = 1.0

    @override
    def constrain(self, parameters: Tensor, layout: Layout) -> None:
        """Cut off every weight at ±c."""
        for place in matrices(layout):
            own = of_units(place, parameters)
            own.clamp_(-self.limit, self.limit)
