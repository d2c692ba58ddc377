"""Deep linear network: layers without a bend between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.settings import Width
from engine.choices import Setting
from engine.data.description import InputKind, Inputs, Outputs

if TYPE_CHECKING:
    from torch import nn


class DeepLinear(Architecture, kind="deep_linear", title="Deep linear network", rank=4):
    """Several layers without activation: as a function no more than one layer, but learning differs.

    The product of its weights is a single matrix, so it can fit no more than a linear model. Yet the loss is
    no longer a simple bowl: learning rests on plateaus, then falls in steps, strong directions in the data
    first. It shows what depth alone does, and how much the starting weights matter.

    Formula: z = W_L (… W₂ (W₁ x + b₁) + b₂ …) + b_L

    Source: Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks, 2014.
    """

    hidden: Annotated[
        tuple[Width, ...],
        Setting(
            "Hidden layers",
            "Units in each hidden layer, from input to output, as in 32, 32, 32.",
            least=1,
            most=100,
        ),
    ] = (32, 32, 32)
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image"})

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return the hidden layers and an output layer; images are unrolled into vectors."""
        from engine.networks.dense import dense_network
        from engine.networks.finish import Finish

        # nothing follows the sums: a single bend would make another network of it
        return dense_network(inputs, self.hidden, outputs.size, Finish())
