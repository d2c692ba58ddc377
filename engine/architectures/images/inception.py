"""Inception: filters of several sizes side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator

from engine.architectures.architecture import Architecture
from engine.architectures.settings import Activation, Dropout, Normalization, Pooling, UnitDropoutKind
from engine.choices import Message, Setting
from engine.data.description import InputKind, Inputs, Outputs

if TYPE_CHECKING:
    from torch import nn


def _multiple_of_16(channels: int) -> int:
    # one branch takes a sixteenth of them, others eighths
    if channels % 16:
        nearest = max(16, round(channels / 16) * 16)
        raise ValueError(
            Message(
                "must be a multiple of 16, so that its branches can share it, not {channels}; try {nearest}",
                channels=channels,
                nearest=nearest,
            )
        )
    return channels


class Inception(Architecture, kind="inception", title="Inception", rank=9):
    """Modules that look at every place with filters of several sizes at once, as in GoogLeNet.

    What matters in a picture may be small or large; instead of choosing a filter size, each module takes 1,
    3 and 5 pixels and pooling side by side and joins what they find. Convolutions of 1 × 1 make the channels
    fewer before the costly ones. The mean over all places replaces the large dense layers of AlexNet and VGG,
    so that there are few weights. GoogLeNet has nine such modules behind two convolutions.

    Formula: h ← [C₁(h), C₃(C₁(h)), C₅(C₁(h)), C₁(pool(h))], C_k(h) = φ(W ∗ h + b) with k × k filters

    Source: Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke and Rabinovich, Going Deeper with
    Convolutions, 2015; normalization: Ioffe and Szegedy, 2015; SELU and alpha dropout: Klambauer,
    Unterthiner, Mayr and Hochreiter, Self-Normalizing Neural Networks, 2017.
    """

    channels: Annotated[
        tuple[
            Annotated[
                int,
                Setting("Channels", "Channels a module puts out; a multiple of 16.", least=16, most=4096),
                AfterValidator(_multiple_of_16),
            ],
            ...,
        ],
        Setting(
            "Channels in each stage",
            "What the modules of a stage put out, as in 32, 64; the picture is halved between stages.",
            least=1,
            most=8,
        ),
    ] = (32, 64)
    modules: Annotated[
        int, Setting("Modules in each stage", "How many modules follow each other.", least=1, most=50)
    ] = 2
    pooling: Pooling = "max"
    activation: Activation = "relu"
    normalization: Normalization = "batch"
    dropout: Dropout = 0.0
    dropout_kind: UnitDropoutKind = "plain"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return a convolution, the modules, the mean over all places and a linear output layer."""
        from engine.networks.finish import Finish
        from engine.networks.images.inception import inception_network

        finish = Finish(self.activation, self.normalization, self.dropout, self.dropout_kind)
        return inception_network(
            inputs.shape[0], self.channels, self.modules, self.pooling, outputs.size, finish
        )
