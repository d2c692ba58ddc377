"""Residual MLP: fully connected blocks that add to what they receive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.settings import Activation, DepthDropout, Dropout, Normalization, Width
from engine.choices import Setting
from engine.data.description import InputKind, Inputs, Outputs

if TYPE_CHECKING:
    from torch import nn


class ResidualMlp(Architecture, kind="residual_mlp", title="MLP with residual blocks", rank=5):
    """A multilayer perceptron whose blocks add to what they receive instead of replacing it.

    Every block works out a correction to the layer before and adds it. Signals and gradients also pass
    straight through the sums, so that many layers can be learnt; a block with nothing to add leaves things
    as they are. On tables it is often the best of the plain networks.

    Formula: h₀ = W₀ x + b₀, hₗ = hₗ₋₁ + Bₗ φ(Aₗ norm(hₗ₋₁) + aₗ) + bₗ, z = W φ(norm(h)) + b

    Source: He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016; for tables: Gorishniy,
    Rubachev, Khrulkov and Babenko, Revisiting Deep Learning Models for Tabular Data, 2021; stochastic depth:
    Huang, Sun, Liu, Sedra and Weinberger, Deep Networks with Stochastic Depth, 2016.
    """

    blocks: Annotated[
        int, Setting("Blocks", "How many residual blocks follow each other.", least=1, most=200)
    ] = 3
    width: Width = 64
    inner: Annotated[
        int,
        Setting("Units inside a block", "Units between the two layers of a block.", least=1, most=16_384),
    ] = 128
    activation: Activation = "relu"
    # as Gorishniy et al. have it on tables
    normalization: Normalization = "batch"
    dropout: Dropout = 0.0
    stochastic_depth: DepthDropout = 0.0
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return an input layer, the blocks and a linear output; images and series become vectors."""
        from engine.networks.finish import Finish
        from engine.networks.residual_dense import residual_dense_network

        finish = Finish(self.activation, self.normalization, self.dropout)
        sizes = (self.width, self.inner, self.blocks)
        return residual_dense_network(inputs, sizes, outputs.size, finish, self.stochastic_depth)
