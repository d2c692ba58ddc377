"""Dropout of many kinds: what is set to 0 in training, and made up for by what is left.

All rest in evaluation. They draw from the default generator, which is seeded for each step.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from engine.choices import Message


class SharedDropout(nn.Module):
    """Sets the same units to 0 at all places of a series (B, length, width), others for each example.

    Formula: y = x m / (1 − p), m of shape (B, 1, width). Source: Gal and Ghahramani, A Theoretically Grounded
    Application of Dropout in Recurrent Neural Networks, 2016; after convolutions: Tompson, Goroshin, Jain,
    LeCun and Bregler, Efficient Object Localization Using Convolutional Networks, 2015.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.p = share

    def forward(self, values: Tensor) -> Tensor:
        """Return the values, the units that are kept made larger."""
        if not self.training:
            return values
        return values * kept(values, (len(values), 1, values.shape[2]), self.p)

    @property
    def words(self) -> str:
        """Say what it is."""
        return Message("Dropout of units {share:g}", share=self.p)


class StochasticDepth(nn.Module):
    """Leaves out what a block would add, (B, ...), for examples drawn at random.

    Formula: y = f m / (1 − p), m of shape (B, 1, ...). Source: Huang, Sun, Liu, Sedra and Weinberger, Deep
    Networks with Stochastic Depth, 2016; drawn for each example, and made up for in training instead of
    afterwards, as is usual since.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.p = share

    def forward(self, change: Tensor) -> Tensor:
        """Return what is to be added."""
        if not self.training:
            return change
        return change * kept(change, (len(change), *(1,) * (change.dim() - 1)), self.p)

    @property
    def words(self) -> str:
        """Say what it is."""
        return Message("Stochastic depth {share:g}", share=self.p)


def kept(values: Tensor, shape: tuple[int, ...], share: float) -> Tensor:
    """Return 0 with probability `share`, else 1 / (1 − share), of that shape; like `values`."""
    return values.new_empty(shape).bernoulli_(1 - share).div_(1 - share)


def stochastic_depth(share: float) -> nn.Module | None:
    """Return the module, where it is chosen."""
    return StochasticDepth(share) if share > 0 else None


def share_at(share: float, number: int, blocks: int) -> float:
    """Return the share of block `number` of `blocks`, counted from 1.

    Formula: pₗ = p l / L, the linear rule of the paper: the first blocks, on which all others build, are
    hardly left out.
    """
    return share * number / blocks


_KINDS: dict[str, Callable[[float], nn.Module]] = {
    "plain": nn.Dropout,
    "channels": nn.Dropout2d,
    "alpha": nn.AlphaDropout,
    "shared": SharedDropout,
}


def dropout(kind: str, share: float) -> nn.Module:
    """Return a dropout of that kind; raises KeyError for one there is not.

    "plain" (single numbers), "channels" (whole ones of pictures), "shared" (units at all places of a series)
    or "alpha", which keeps mean and variance of what SELU gives (Klambauer et al., 2017).
    """
    return _KINDS[kind](share)
