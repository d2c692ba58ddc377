"""MLP: layers of units, each connected to all of the layer before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.settings import Activation, Dropout, Normalization, UnitDropoutKind, Width
from engine.choices import Setting
from engine.data.description import InputKind, Inputs, Outputs

if TYPE_CHECKING:
    from torch import nn


class Mlp(Architecture, kind="mlp", title="Multilayer perceptron", rank=2):
    """Layers of units, each connected to every unit of the layer before; fits tables well.

    Every hidden layer takes weighted sums of the layer before and bends them; layer upon layer, bends make
    any shape. More and wider layers can learn more, but need more data and time. Images and series are
    unrolled into vectors, so that neighbours mean nothing to it; convolutional and recurrent networks see
    them.

    Formula: hₗ = φ(Wₗ hₗ₋₁ + bₗ), h₀ = x, z = W h + b

    Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986;
    dropout: Srivastava et al., 2014; batch normalization: Ioffe and Szegedy, 2015; layer normalization: Ba,
    Kiros and Hinton, 2016; SELU and alpha dropout: Klambauer, Unterthiner, Mayr and Hochreiter,
    Self-Normalizing Neural Networks, 2017.
    """

    usual_for = frozenset({("vector", "example")})

    hidden: Annotated[
        tuple[Width, ...],
        # none at all is allowed, too: a linear model
        Setting("Hidden layers", "Units in each hidden layer, from input to output, as in 64, 32.", most=100),
    ] = (32, 32)
    activation: Activation = "relu"
    normalization: Normalization = "none"
    dropout: Dropout = 0.0
    dropout_kind: UnitDropoutKind = "plain"
    # no tokens, whose numbers say nothing by their size
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return the hidden layers and a linear output layer."""
        from engine.networks.dense import dense_network
        from engine.networks.finish import Finish

        finish = Finish(self.activation, self.normalization, self.dropout, self.dropout_kind)
        return dense_network(inputs, self.hidden, outputs.size, finish)
