"""Pooling: one value for every small square of a picture."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional

from engine.choices import Message
from engine.networks.images.windows import Window


class MinPool2d(nn.Module):
    """The smallest value of every square, from (B, C, H, W) to (B, C, H', W').

    Formula: min x = −max(−x)
    """

    sort = "pooling"

    def __init__(self, kernel_size: int, stride: int, padding: int = 0) -> None:
        super().__init__()
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.words = Message("Min pooling {size}×{size}", size=kernel_size)

    def forward(self, values: Tensor) -> Tensor:
        """Return the smallest values; what padding adds is never among them."""
        # torch has no pooling by the smallest value; of negatives the padding, -inf, is never the largest
        return -functional.max_pool2d(-values, self.kernel_size, self.stride, self.padding)

    def extra_repr(self) -> str:
        """Return what torch prints between the brackets."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


def pooling(name: str, window: Window) -> nn.Module:
    """Return the layer that keeps the "max", "min" or "average" of every window.

    What padding adds counts for none of them. Raises KeyError for a name there is not.
    """
    size, stride, padding = window.size, window.stride, window.padding
    if name == "average":
        # torch by itself counts the zeros of the padding, which darkens the edges
        return nn.AvgPool2d(size, stride, padding, count_include_pad=False)
    builders: dict[str, Callable[[int, int, int], nn.Module]] = {"max": nn.MaxPool2d, "min": MinPool2d}
    return builders[name](size, stride, padding)
