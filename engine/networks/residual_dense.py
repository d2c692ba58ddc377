"""Fully connected networks of residual blocks."""

from __future__ import annotations

from collections import OrderedDict

from torch import Tensor, nn

from engine.data.description import Inputs
from engine.networks.dense import flat
from engine.networks.dropping import share_at, stochastic_depth
from engine.networks.finish import Finish


class ResidualDenseBlock(nn.Module):
    """h + B φ(A norm(h) + a) + b, of (B, width): two fully connected layers and a way around them.

    Dropout, where chosen, follows the activation. `skipped`: the share of stochastic depth.
    """

    def __init__(self, width: int, inner: int, finish: Finish, skipped: float = 0.0) -> None:
        super().__init__()
        # within the part that is added, so that nothing stands on the way around
        before = Finish(normalization=finish.normalization).bend(width)
        bend = {**Finish(finish.activation).bend(inner), **finish.drop()}
        layers = {"expand": nn.Linear(width, inner), **bend, "shrink": nn.Linear(inner, width)}
        self.residual = nn.Sequential(OrderedDict({**before, **layers}))
        self.depth = stochastic_depth(skipped)

    def forward(self, values: Tensor) -> Tensor:
        """Return the values with the block's correction, shape kept."""
        change: Tensor = self.residual(values)
        return values + (change if self.depth is None else self.depth(change))


def residual_dense_network(
    inputs: Inputs, sizes: tuple[int, int, int], outputs: int, finish: Finish, skipped: float = 0.0
) -> nn.Sequential:
    """Return a network from (B, *inputs.shape) to (B, outputs).

    `sizes`: units between blocks, units inside a block, number of blocks. Its parts are `flatten`, `input`,
    `block_1`, ..., `normalization` and `activation` (where chosen) and `output`.
    """
    width, inner, blocks = sizes
    parts: OrderedDict[str, nn.Module] = OrderedDict(
        flatten=flat(inputs), input=nn.Linear(inputs.size, width)
    )
    for number in range(1, blocks + 1):
        parts[f"block_{number}"] = ResidualDenseBlock(width, inner, finish, share_at(skipped, number, blocks))
    # the sum of all blocks has not been normalized and bent yet
    parts.update(finish.bend(width))
    parts["output"] = nn.Linear(width, outputs)
    return nn.Sequential(parts)
