"""The residual block: two layers and a way around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.layer_kinds.layer import Effect, Group, ListedLayer, alone, channels_of, places_of
from engine.architectures.settings import Activation, Kernel, Normalization
from engine.choices import Problem, Setting
from engine.data.description import InputKind, Inputs

if TYPE_CHECKING:
    from torch import nn


class ResidualBlock(ListedLayer, kind="residual_block", title="Residual block", rank=40):
    """Two layers of one kind whose result is added to what came in, so that gradients pass by unhindered.

    The layers are convolutions for pictures and series, fully connected for vectors. The shape is kept: widen
    or halve with a layer before it.

    Formula: y = φ(x + norm(W₂ ∗ φ(norm(W₁ ∗ x + b₁)) + b₂))

    Source: He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016; stochastic depth:
    Huang, Sun, Liu, Sedra and Weinberger, Deep Networks with Stochastic Depth, 2016.
    """

    kernel: Annotated[
        Kernel,
        Setting(
            "Filter size",
            "Of the convolutions for pictures and series; odd.",
            symbol="k",
            least=1,
            most=15,
        ),
    ] = 3
    activation: Activation = "relu"
    # as in the paper, behind each of the two layers
    normalization: Normalization = "batch"
    stochastic_depth: Annotated[
        float,
        Setting(
            "Stochastic depth",
            # Huang et al., Deep Networks with Stochastic Depth, 2016
            "Share of examples that pass the block by in a training step.",
            least=0,
            below=1,
            live=True,
        ),
    ] = 0.0
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series"})
    group: ClassVar[Group] = "Blocks"

    def misfits(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return a problem where a layer normalization would see one number only."""
        # batch normalization may see one: it compares it with those of other examples
        seen = channels_of(inputs) if inputs.kind == "series" else inputs.size
        return alone("normalization", seen) if self.normalization == "layer" else ()

    @property
    def looks_ahead(self) -> bool:
        """Return whether its filters reach over several places."""
        return self.kernel > 1

    def effect(self, inputs: Inputs) -> Effect:
        """Return what came in, in size: two square layers and, where chosen, their normalizations."""
        channels = channels_of(inputs)
        weights = channels**2 * self.kernel ** (len(inputs.shape) - 1)  # one of the axes is the channels
        norms = 0 if self.normalization == "none" else 2 * channels
        return Effect(inputs, 2 * (weights + channels + norms), 2 * places_of(inputs) * weights)

    def build(self, inputs: Inputs) -> nn.Module:
        """Return the block, its layers in `residual`."""
        from engine.networks.listed import residual_block

        return residual_block(
            inputs.kind,
            channels_of(inputs),
            self.kernel,
            self.activation,
            self.normalization,
            self.stochastic_depth,
        )
