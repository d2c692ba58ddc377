"""CNN: convolutions, pooling and fully connected layers, for pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from engine.architectures.architecture import Architecture
from engine.architectures.images.too_small import nothing_left
from engine.architectures.settings import (
    Activation,
    DenseLayers,
    Dropout,
    Filters,
    Kernel,
    Normalization,
    Padding,
    PictureDropoutKind,
)
from engine.choices import Message, Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind, Inputs, Outputs
from engine.networks.images.windows import Plan, plain_plan

if TYPE_CHECKING:
    from torch import nn


class Cnn(Architecture, kind="cnn", title="Convolutional network", rank=3):
    """Small filters slide over the picture and find the same pattern anywhere in it.

    Every convolution looks at a small square of the layer before, with the same weights at every place;
    pooling halves the picture, so that the next one sees a wider part of it. Fully connected layers at the
    end put together what was found. It needs far fewer weights than a multilayer perceptron on the same
    picture. This is the plain stack of the textbooks, convolution, pooling, dense; with 32, 64 filters and
    128 units it is the usual first network for small pictures.

    Formula: hₗ = pool(φ(Wₗ ∗ hₗ₋₁ + bₗ)), h₀ = x

    Source: LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998;
    dropout of filters: Tompson, Goroshin, Jain, LeCun and Bregler, Efficient Object Localization Using
    Convolutional Networks, 2015; SELU and alpha dropout: Klambauer, Unterthiner, Mayr and Hochreiter,
    Self-Normalizing Neural Networks, 2017.
    """

    usual_for = frozenset({("image", "example")})

    channels: Annotated[
        tuple[Filters, ...],
        Setting(
            "Filters", "Filters in each convolution, from input to output, as in 16, 32.", least=1, most=20
        ),
    ] = (16, 32)
    kernel: Kernel = 3
    padding: Padding = "same"
    pooling: Annotated[
        Literal["max", "min", "average", "none"],
        Setting(
            "Pooling",
            "What is kept of every 2 × 2 square after a convolution.",
            options={
                "max": "the largest value",
                "min": "the smallest value",
                "average": "the mean",
                "none": "everything, no pooling",
            },
        ),
    ] = "max"
    pool_every: Annotated[
        int,
        Setting(
            "Convolutions before pooling",
            "After how many convolutions the picture is halved.",
            least=1,
            most=20,
            applies=("pooling", ("max", "min", "average")),
        ),
    ] = 1
    global_pooling: Annotated[
        Literal["none", "average", "max"],
        Setting(
            "Global pooling",
            "What is kept of each filter over the whole picture, before the fully connected layers. With it, "
            "the network needs far fewer weights and does not mind where in the picture a thing stands.",
            options={
                "none": "none, the value at every place",
                "average": "the mean over all places",
                "max": "the largest value of all places",
            },
        ),
    ] = "none"
    dense: DenseLayers = (64,)
    activation: Activation = "relu"
    normalization: Normalization = "none"
    dropout: Dropout = 0.0
    dropout_kind: PictureDropoutKind = "plain"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where convolutions and poolings leave nothing of the picture."""
        return super().problems(about) or nothing_left(
            # said at the filters: their number says how many convolutions and poolings there are
            "channels",
            about.inputs,
            self._plan,
            Message("{count} convolutions with what lies between them", count=len(self.channels)),
            "take fewer of them, larger pictures, padding or no pooling",
        )

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return convolutions, fully connected layers and a linear output layer."""
        from engine.networks.finish import Finish
        from engine.networks.images.convolutional import Poolings, convolutional_network

        finish = Finish(self.activation, self.normalization, self.dropout, self.dropout_kind)
        # two questions that sound alike: of every small square, and at the end of the whole picture
        poolings = Poolings(self.pooling, self.global_pooling)
        return convolutional_network(inputs.shape, self._plan, poolings, self.dense, outputs.size, finish)

    @property
    def _plan(self) -> Plan:
        # without pooling the form hides `pool_every`, which may still hold any number
        pool_every = 0 if self.pooling == "none" else self.pool_every
        return plain_plan(self.channels, self.kernel, self.padding, pool_every)
