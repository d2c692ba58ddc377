"""VGG: many small convolutions in stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.images.too_small import nothing_left
from engine.architectures.settings import (
    Activation,
    DenseLayers,
    Dropout,
    Normalization,
    Pooling,
    StageWidth,
    UnitDropoutKind,
)
from engine.choices import Message, Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind, Inputs, Outputs
from engine.networks.images.windows import HALVING, ConvolutionStep, Plan, PoolingStep, same

if TYPE_CHECKING:
    from torch import nn


class Vgg(Architecture, kind="vgg", title="VGG", rank=8):
    """Convolutions of 3 × 3 pixels and nothing else, in stages that halve the picture.

    Two small filters one after the other see as much as a filter of 5 × 5 pixels, with fewer weights and one
    more bend. Every stage has twice the filters of the one before, up to eight times those of the first.
    1, 1, 2, 2, 2 convolutions make VGG-11; 2, 2, 2, 2, 2 VGG-13; 2, 2, 3, 3, 3 VGG-16; 2, 2, 4, 4, 4 VGG-19,
    with 64 filters at first, two dense layers of 4096 units and 224 × 224 pixels in the original.

    Formula: h ← φ(W ∗ h + b), nₛ times in stage s, then h ← pool(h)

    Source: Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2015;
    SELU and alpha dropout: Klambauer, Unterthiner, Mayr and Hochreiter, Self-Normalizing Neural Networks,
    2017.
    """

    convolutions: Annotated[
        tuple[Annotated[int, Setting("Convolutions", "Convolutions of one stage.", least=1, most=20)], ...],
        Setting(
            "Convolutions in each stage",
            "From input to output, as in 1, 1, 2; after each stage the picture is halved.",
            least=1,
            most=10,
        ),
    ] = (1, 1, 2)
    # a quarter of the paper's, for small pictures
    width: StageWidth = 16
    pooling: Pooling = "max"
    dense: DenseLayers = (128,)
    activation: Activation = "relu"
    normalization: Normalization = "none"
    # that of the paper
    dropout: Dropout = 0.5
    dropout_kind: UnitDropoutKind = "plain"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where the poolings leave nothing of the picture."""
        if (found := super().problems(about)) or (inputs := about.inputs) is None:
            return found
        # Every stage halves the image, so that as many fit as the side has powers of two.
        stages, most = len(self.convolutions), min(inputs.shape[1:]).bit_length() - 1
        advice = Message("at most {most} stages fit, or take larger pictures", most=most)
        return nothing_left(
            "convolutions",
            inputs,
            self._plan,
            Message("the poolings of {stages} stages", stages=stages),
            advice,
        )

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return the stages, fully connected layers and a linear output layer."""
        from engine.networks.finish import Finish
        from engine.networks.images.convolutional import numbered_network

        finish = Finish(self.activation, self.normalization, self.dropout, self.dropout_kind)
        return numbered_network(
            inputs.shape, self._plan, self.pooling, self.dense, outputs.size, finish, drop_first=False
        )

    @property
    def _plan(self) -> Plan:
        plan: list[ConvolutionStep | PoolingStep] = []
        for stage, count in enumerate(self.convolutions):
            # the paper stops at eight times as many, 64 to 512
            plan += [ConvolutionStep(self.width * 2 ** min(stage, 3), same(3))] * count
            plan.append(HALVING)
        return tuple(plan)
