"""DenseNet: every layer sees all layers before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.images.too_small import nothing_left
from engine.architectures.settings import ChannelDropoutKind, Dropout, Stem
from engine.choices import Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind, Inputs, Outputs
from engine.networks.images.windows import HALVING, PoolingStep, Window

if TYPE_CHECKING:
    from torch import nn


class DenseNet(Architecture, kind="densenet", title="DenseNet", rank=12):
    """Every layer sees what all layers before it in its block have found, and adds a few channels.

    Nothing found once is lost or found again, so that narrow layers are enough and few weights go far.
    Between blocks a convolution of 1 × 1 halves the channels and pooling the picture. 6, 12, 24, 16 layers
    with 32 new channels each make DenseNet-121. It needs much memory for the weights it has.

    Formula: hₗ = (hₗ₋₁, F([h₀, …, hₗ₋₁])), F = W₂ ∗ φ(norm(W₁ ∗ φ(norm(·))))

    Source: Huang, Liu, van der Maaten and Weinberger, Densely Connected Convolutional Networks, 2017; dropout
    of filters: Tompson, Goroshin, Jain, LeCun and Bregler, Efficient Object Localization Using Convolutional
    Networks, 2015.
    """

    stem: Stem = "small"
    layers: Annotated[
        tuple[Annotated[int, Setting("Layers", "Layers of one block.", least=1, most=200)], ...],
        Setting(
            "Layers in each block",
            "From input to output, as in 4, 4, 4; the picture is halved between blocks.",
            least=1,
            most=8,
        ),
    ] = (3, 3, 3)
    growth: Annotated[
        int,
        Setting(
            "New channels", "Channels that every layer adds; 32 in the paper.", symbol="k", least=1, most=256
        ),
        # a quarter of the paper's, for small pictures
    ] = 8
    dropout: Dropout = 0.0
    dropout_kind: ChannelDropoutKind = "plain"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where the poolings between blocks leave nothing of the picture."""
        # the convolution of the stem as a pooling: only what it leaves of the picture counts here
        stem = () if self.stem == "small" else (PoolingStep(Window(7, 2, 3)), PoolingStep(Window(3, 2, 1)))
        plan = (*stem, *(HALVING,) * (len(self.layers) - 1))
        advice = "take fewer blocks, the small first layers or larger pictures"
        return super().problems(about) or nothing_left("layers", about.inputs, plan, "the poolings", advice)

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return the first convolution, the blocks, the mean over all places and a linear output layer."""
        from engine.networks.images.densenet import densenet

        small = self.stem == "small"
        return densenet(
            inputs.shape[0],
            self.layers,
            self.growth,
            outputs.size,
            self.dropout,
            small=small,
            kind=self.dropout_kind,
        )
