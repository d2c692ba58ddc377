"""Linear: a network without hidden layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.architectures.architecture import Architecture
from engine.data.description import InputKind, Inputs, Outputs

if TYPE_CHECKING:
    from torch import nn


class Linear(Architecture, kind="linear", title="Linear / logistic", rank=1):
    """Every output is a weighted sum of the inputs; nothing is hidden.

    With a squared loss this is linear regression, with cross entropy logistic regression. It learns fast, can
    be read off its weights, and is the mark a deeper network has to beat; on series, too.

    Formula: z = W x + b

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2009, chapters 3 and 4.
    """

    # no tokens: they are numbers of entries in a vocabulary, and no quantities that could be weighed
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return one fully connected layer; images and series are unrolled into vectors."""
        from engine.networks.dense import dense_network
        from engine.networks.finish import Finish

        return dense_network(inputs, (), outputs.size, Finish())
