"""ResNet: convolutions that add to what they receive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.architectures.architecture import Architecture
from engine.architectures.settings import DepthDropout, StageWidth, Stem
from engine.choices import Setting
from engine.data.description import InputKind, Inputs, Outputs

if TYPE_CHECKING:
    from torch import nn


class ResNet(Architecture, kind="resnet", title="ResNet", rank=11):
    """Blocks of convolutions that add to what they receive; the usual network for pictures.

    Plain networks become worse with more than some twenty layers, even on their training data. Here every
    block learns only what to add, and gradients pass through the sums unhindered, so that hundreds of layers
    can be learnt. 2, 2, 2, 2 basic blocks make ResNet-18; 3, 4, 6, 3 ResNet-34, and with bottlenecks
    ResNet-50, all with 64 filters at first. 3, 3, 3 with 16 filters is ResNet-20 for small pictures.

    Formula: hₗ = φ(hₗ₋₁ + F(hₗ₋₁)), F(h) = norm(W₂ ∗ φ(norm(W₁ ∗ h)))

    Source: He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016; stochastic depth:
    Huang, Sun, Liu, Sedra and Weinberger, Deep Networks with Stochastic Depth, 2016.
    """

    stem: Stem = "small"
    blocks: Annotated[
        tuple[Annotated[int, Setting("Blocks", "Blocks of one stage.", least=1, most=200)], ...],
        Setting(
            "Blocks in each stage",
            "From input to output, as in 2, 2, 2, 2; every stage after the first halves the picture.",
            least=1,
            most=8,
        ),
    ] = (1, 1, 1)
    # as the paper begins with for pictures of 32 pixels (section 4.2); for photographs it is 64
    width: StageWidth = 16
    block: Annotated[
        Literal["basic", "bottleneck"],
        Setting(
            "Block",
            "The convolutions of one block.",
            options={
                "basic": "two of 3 × 3 pixels",
                "bottleneck": "1 × 1, 3 × 3 and 1 × 1 pixels, with four times the filters put out",
            },
        ),
    ] = "basic"
    stochastic_depth: DepthDropout = 0.0
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})

    # no `problems` of its own: every window is padded, so that even of a single pixel one is left
    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return the first convolution, the stages, the mean over all places and a linear output layer."""
        from engine.networks.images.resnet import ResidualNetwork as Network

        small = self.stem == "small"
        return Network(
            inputs.shape[0],
            self.blocks,
            self.width,
            outputs.size,
            block=self.block,
            small=small,
            skipped=self.stochastic_depth,
        )
