"""MobileNetV2: a network for pictures that is small enough for a telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.settings import DepthDropout, Dropout, Stem
from engine.choices import Setting
from engine.data.description import InputKind, Inputs, Outputs

if TYPE_CHECKING:
    from torch import nn


class MobileNetV2(Architecture, kind="mobilenet_v2", title="MobileNetV2", rank=13):
    """Cheap convolutions, each channel filtered by itself, in narrow residual blocks.

    A usual convolution looks at all channels around a place at once. Here that is done in two steps: a filter
    of 3 × 3 pixels for each channel, then a mixture of channels at each place, for a ninth of the work.
    Blocks are narrow where they are added and wide inside; the narrowing has no activation, which would
    destroy what so few channels carry. Made for telephones, and a good one to fine-tune.

    Formula: hₗ = hₗ₋₁ + norm(P₂ · ψ(D ∗ ψ(P₁ · hₗ₋₁))), ψ(z) = min(max(0, norm(z)), 6), D by
    channel

    Source: Sandler, Howard, Zhu, Zhmoginov and Chen, MobileNetV2: Inverted Residuals and Linear Bottlenecks,
    2018; stochastic depth: Huang, Sun, Liu, Sedra and Weinberger, Deep Networks with Stochastic Depth, 2016.
    """

    stem: Stem = "small"
    blocks: Annotated[
        tuple[Annotated[int, Setting("Blocks", "Blocks of one stage.", least=1, most=50)], ...],
        Setting(
            "Blocks in each stage",
            "In each of the seven stages; 1, 2, 3, 4, 3, 3, 1 in the paper.",
            # seven, as channels and strides of each stage are rows of the paper's Table 2
            least=7,
            most=7,
        ),
    ] = (1, 1, 2, 2, 1, 1, 1)
    width: Annotated[
        float,
        Setting(
            "Width",
            "Factor on the channels of every layer but the last.",
            symbol="α",
            least=0.1,
            most=4,
        ),
    ] = 0.5
    # that of the public code
    dropout: Dropout = 0.2
    stochastic_depth: DepthDropout = 0.0
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return convolutions, blocks, the mean over all places and a linear output layer."""
        from engine.networks.images.mobilenet import mobilenet_v2

        small = self.stem == "small"
        return mobilenet_v2(
            inputs.shape[0],
            self.blocks,
            self.width,
            outputs.size,
            self.dropout,
            small=small,
            skipped=self.stochastic_depth,
        )
