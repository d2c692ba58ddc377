"""GoogLeNet: the nine Inception modules that won ImageNet in 2014."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.settings import Activation, Dropout, Normalization, Pooling, Stem, UnitDropoutKind
from engine.choices import Setting
from engine.data.description import InputKind, Inputs, Outputs

if TYPE_CHECKING:
    from torch import nn


class GoogLeNet(Architecture, kind="googlenet", title="GoogLeNet", rank=10):
    """Nine Inception modules with the widths of the paper, behind three convolutions.

    Each module looks at every place with filters of 1, 3 and 5 pixels and with pooling, side by side; how
    many channels each branch has was chosen module by module, which "Inception" leaves to one rule. With
    7 million weights it was as good as networks with twenty times as many. Left out are the two classifiers
    that the paper adds half way up, which help only without normalization.

    Formula: h ← [C₁(h), C₃(C₁(h)), C₅(C₁(h)), C₁(pool(h))], C_k(h) = φ(W ∗ h + b) with k × k filters

    Source: Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke and Rabinovich, Going Deeper with
    Convolutions, 2015, Table 1; normalization: Ioffe and Szegedy, 2015; SELU and alpha dropout: Klambauer,
    Unterthiner, Mayr and Hochreiter, Self-Normalizing Neural Networks, 2017.
    """

    stem: Stem = "small"
    width: Annotated[
        float,
        Setting(
            "Width", "Factor on the channels of every layer; 1 in the paper.", symbol="α", least=0.05, most=4
        ),
    ] = 0.25
    pooling: Pooling = "max"
    activation: Activation = "relu"
    normalization: Normalization = "batch"
    # that of the paper (Table 1)
    dropout: Dropout = 0.4
    dropout_kind: UnitDropoutKind = "plain"
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"image"})

    # no `problems` of its own: every window is padded, so that even of a single pixel one is left
    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return the convolutions, the modules, the mean over all places and a linear output layer."""
        from engine.networks.finish import Finish
        from engine.networks.images.inception import googlenet

        finish = Finish(self.activation, self.normalization, self.dropout, self.dropout_kind)
        small = self.stem == "small"
        return googlenet(inputs.shape[0], self.width, self.pooling, outputs.size, finish, small=small)
