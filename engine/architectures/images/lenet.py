"""LeNet-5: the convolutional network that read cheques."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.images.too_small import nothing_left
from engine.architectures.settings import Activation, DenseLayers, Filters, Kernel, Padding, Pooling
from engine.choices import Message, Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind, Inputs, Outputs
from engine.networks.images.windows import Plan, plain_plan

if TYPE_CHECKING:
    from torch import nn


class LeNet(Architecture, kind="lenet", title="LeNet-5", rank=6):
    """Two convolutions, each with pooling, then three fully connected layers: the first well-known CNN.

    Made for handwritten digits, it read millions of cheques. Small, quick, and all the ideas of later
    networks are there; what they changed is ReLU for tanh, largest values for means, and depth. The original
    saw 32 × 32 pixels without padding; pictures of 28 × 28 pixels are padded before the first convolution.
    Here every filter sees all maps of the layer before, and the output is linear, as is usual today.

    Formula: h₁ = pool(φ(W₁ ∗ x + b₁)), h₂ = pool(φ(W₂ ∗ h₁ + b₂)), z = W₅ φ(W₄ φ(W₃ h₂ + b₃) + b₄) + b₅

    Source: LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998,
    section II.B.
    """

    channels: Annotated[
        tuple[Filters, ...],
        Setting("Filters", "Filters in the convolutions; in the original 6, 16.", least=1, most=6),
    ] = (6, 16)
    kernel: Kernel = 5
    padding: Padding = "same"
    pooling: Pooling = "average"
    dense: DenseLayers = (120, 84)
    activation: Activation = "tanh"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where convolutions and poolings leave nothing of the picture."""
        return super().problems(about) or nothing_left(
            # without padding it is the filters that eat a small picture
            "channels" if self.padding == "same" else "padding",
            about.inputs,
            self._plan,
            Message("{count} convolutions and poolings", count=len(self.channels)),
            "take smaller or fewer filters, larger pictures or padding everywhere",
        )

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return convolutions with pooling, fully connected layers and a linear output layer."""
        from engine.networks.finish import Finish
        from engine.networks.images.convolutional import Poolings, convolutional_network

        return convolutional_network(
            inputs.shape,
            self._plan,
            Poolings(self.pooling),
            self.dense,
            outputs.size,
            Finish(self.activation),
        )

    @property
    def _plan(self) -> Plan:
        return plain_plan(self.channels, self.kernel, self.padding, pool_every=1)
