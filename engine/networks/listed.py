"""Networks of a layer list: layers one after the other, over vectors, pictures, series and tokens.

A series is (B, length, channels), in a batch of several lengths with 0 at the places after a series' end.
Which places are there, bool (B, length), goes with it; a layer for which that matters is an `OverPlaces`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.choices import Message
from engine.networks.activations import activation as activation_named
from engine.networks.dropping import stochastic_depth
from engine.networks.finish import Finish
from engine.networks.images.windows import Window
from engine.networks.normalization import BatchNorm, normalization
from engine.networks.sequences.attention import Attention
from engine.networks.sequences.padding import filled, present, taken
from engine.networks.sequences.pooled import LastPlace, MeanOfPlaces
from engine.networks.sequences.recurrent import BothDirections, BothEnds, Cell


class OverPlaces(nn.Module):
    """A layer that is called with its values and, for series, with the places that are there, else None."""


def without(series: Tensor, places: Tensor) -> Tensor:
    """Return a series (B, length, channels) with 0 at the places that are not there."""
    return series.masked_fill(~places[..., None], 0)


def shortened(places: Tensor, window: Window) -> Tensor:
    """Return at which places a window fits that moves over those that are there; the first always counts."""
    left = (places.sum(1) + 2 * window.padding - window.size) // window.stride + 1
    numbers = torch.arange(window.over(places.shape[1]), device=places.device)
    return numbers < left.clamp(min=1)[:, None]


@dataclass(frozen=True)
class ListedStep:
    """A layer of the list with what its network has to know: its window, and whether it gives a series."""

    module: nn.Module
    window: Window | None = None
    series: bool = False


class ListedLayers(nn.Module):
    """Layers one after the other, then a linear layer, `output`; its parts carry the names given."""

    def __init__(self, steps: Mapping[str, ListedStep], output: nn.Module, *, padded: bool) -> None:
        """`padded`: whether inputs are series or tokens, in which places may be missing."""
        super().__init__()
        self._padded = padded
        self._ways = tuple((step.window, step.series) for step in steps.values())
        for name, step in steps.items():
            self.add_module(name, step.module)
        self.output = output

    def forward(self, inputs: Tensor, asked: Tensor | None = None) -> Tensor:
        """Return (B, outputs), or (B, length, outputs) where the last layer gives a series.

        With `asked`, int64 (B, K), only the answers at these places, (B, K, outputs).
        """
        values, places = _begun(inputs) if self._padded else (inputs, None)
        # Not strict: the last child is the output, which is no step of the list.
        for layer, (window, series) in zip(self.children(), self._ways, strict=False):
            result = layer(values, places) if isinstance(layer, OverPlaces) else layer(values)
            values, places = result, _still_there(places, result, window) if series else None
            # again after each layer: biases and normalizations fill the padding
            if places is not None:
                values = without(values, places)
        outputs: Tensor = self.output(values if asked is None else taken(values, asked))
        return outputs


def _still_there(places: Tensor | None, series: Tensor, window: Window | None) -> Tensor:
    """Return which places of a series are there, given those that were before the layer that made it."""
    if places is None:  # rows of a picture, all of them there
        return series.new_ones(series.shape[:2], dtype=torch.bool)
    return places if window is None else shortened(places, window)


def _begun(inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Return inputs without NaN, and the places that are there; an empty series has one place, of zeros."""
    places = present(inputs)
    first = torch.arange(places.shape[1], device=places.device) == 0
    return (inputs if inputs.dim() == 2 else filled(inputs)), places | first


# ------------------------------------------------------------------------------------------------ layers


def finished(name: str, layer: nn.Module, activation: str) -> nn.Sequential:
    """Return a layer under its name, and its activation, where it has one."""
    # no normalization, so nobody asks for the channels
    return nn.Sequential(OrderedDict({name: layer, **Finish(activation).bend(0)}))


class PlacesConvolution(nn.Conv1d):
    """A convolution along a series (B, length, channels)."""

    def __init__(
        self, channels: int, filters: int, kernel: int, stride: int, padding: int, dilation: int
    ) -> None:
        super().__init__(channels, filters, kernel, stride, padding, dilation)

    def forward(self, values: Tensor) -> Tensor:
        """Return (B, length', filters)."""
        return super().forward(values.transpose(1, 2)).transpose(1, 2)


class PlacesPooling(nn.Module):
    """The largest, smallest or mean value of every few places of a series (B, length, channels)."""

    sort = "pooling"

    def __init__(self, kind: str, window: Window) -> None:
        super().__init__()
        self.kind, self.window = kind, window
        self.words = f"{kind.capitalize()} pooling {window.size}"

    def forward(self, values: Tensor) -> Tensor:
        """Return (B, length', channels)."""
        size, stride = self.window.size, self.window.stride
        upright = values.transpose(1, 2)
        if self.kind == "average":
            return functional.avg_pool1d(upright, size, stride).transpose(1, 2)
        # torch has no pooling by the smallest value; that is the largest of the negative.
        sign = -1 if self.kind == "min" else 1
        return sign * functional.max_pool1d(sign * upright, size, stride).transpose(1, 2)


_MEAN = MeanOfPlaces()


class PooledPlaces(OverPlaces):
    """The mean or largest value of each channel of a picture (B, channels, height, width) or a series."""

    sort = "pooling"

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.words = Message("{kind} over all places", kind=kind.capitalize())

    def forward(self, values: Tensor, places: Tensor | None) -> Tensor:
        """Return (B, channels)."""
        if places is None:
            return values.mean((2, 3)) if self.kind == "average" else values.amax((2, 3))
        if self.kind == "average":
            mean: Tensor = _MEAN(values, places)
            return mean
        lowest = torch.finfo(values.dtype).min
        return values.masked_fill(~places[..., None], lowest).amax(1)


class PlacesBatchNorm(BatchNorm, OverPlaces):
    """Batch normalization of a series (B, length, channels) over the places that are there."""

    def forward(self, values: Tensor, places: Tensor | None) -> Tensor:  # type: ignore[override]
        """Return the normalized values; running statistics are used and kept as `BatchNorm` does."""
        assert places is not None
        mean, variance = self.running_mean, self.running_var
        if self.training:
            mean, variance = self._statistics(values, places)
        gain = self.weight / torch.sqrt(variance + 1e-5)  # torch's usual ε, as in `BatchNorm`
        return (values - mean) * gain + self.bias

    def _statistics(self, values: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        shares = places[..., None].to(values.dtype)
        count = shares.sum().clamp(min=1)  # none is there: 0 / 0 would poison the gradient, chosen or not
        mean = (values * shares).sum((0, 1)) / count
        variance = ((values - mean).square() * shares).sum((0, 1)) / count
        # One place has no variance: the running statistics hold for it, and stay. Chosen on the device, for
        # to ask how many there are would wait for it.
        several = count > 1
        mean = torch.where(several, mean, self.running_mean.to(mean.dtype))
        variance = torch.where(several, variance, self.running_var.to(variance.dtype))
        with torch.no_grad():
            # As torch does: normalized with the biased variance, remembered is the unbiased.
            unbiased = torch.where(several, variance * count / (count - 1).clamp(min=1), variance)
            # what is remembered keeps its type, whatever that of the values
            self.running_mean.lerp_(mean.detach().to(self.running_mean.dtype), self.momentum)
            self.running_var.lerp_(unbiased.detach().to(self.running_var.dtype), self.momentum)
        return mean, variance


class GroupNorm(nn.GroupNorm):
    """Group normalization of (B, channels, ...)."""

    @property
    def words(self) -> str:
        """Say what it is and in how many groups."""
        return Message("Group normalization, {groups}", groups=self.num_groups)


class PlacesLayerNorm(nn.LayerNorm):
    """Layer normalization of every place of a series (B, length, channels)."""

    words = "Layer normalization"


def normalized(name: str, kind: str, channels: int) -> nn.Module:
    """Return the "batch" or "layer" normalization of a vector, picture or series."""
    if kind == "series":
        return PlacesBatchNorm(channels) if name == "batch" else PlacesLayerNorm(channels)
    made = normalization(name, channels)
    assert made is not None
    return made


class Softmax(nn.Module):
    """The shares of a vector (B, features), or of every place of a series (B, length, channels)."""

    words = "Softmax"

    def forward(self, values: Tensor) -> Tensor:
        """Return numbers from 0 to 1 whose sum is 1."""
        return values.softmax(-1)


class RowsAsSeries(nn.Module):
    """The rows of a picture (B, channels, height, width) as a series (B, height, channels · width)."""

    words = "Rows as a series"

    def forward(self, values: Tensor) -> Tensor:
        """Return the rows from top to bottom."""
        return values.transpose(1, 2).flatten(2)


class ListedRecurrence(OverPlaces):
    """A recurrent layer over a series, in one direction or both; puts out all states, or the last ones."""

    def __init__(self, cell: Cell, inputs: int, width: int, *, bidirectional: bool, whole: bool) -> None:
        super().__init__()
        self.states = BothDirections(cell, inputs, width, bidirectional=bidirectional, dropout=0.0)
        last = BothEnds() if bidirectional else LastPlace()
        self.last = None if whole else last

    def forward(self, values: Tensor, places: Tensor | None) -> Tensor:
        """Return (B, length, directions · width), or (B, directions · width) of the last states."""
        assert places is not None
        states: Tensor = self.states(values, places)
        return states if self.last is None else self.last(states, places)


class SelfAttention(OverPlaces):
    """Every place of a series looks at all places; what it finds is added to it, or stands in its stead."""

    def __init__(self, width: int, heads: int, *, residual: bool, causal: bool = False) -> None:
        super().__init__()
        self.attention = Attention(width, heads, causal=causal)
        self._residual = residual

    def forward(self, values: Tensor, places: Tensor | None) -> Tensor:
        """Return (B, length, width)."""
        shown = None if self.attention.causal else places  # what follows is not seen anyway
        found: Tensor = self.attention(values, present=shown)
        return values + found if self._residual else found


class Residual(OverPlaces):
    """φ(x + F(x)): layers that keep the shape, and a way around them."""

    def __init__(self, layers: Mapping[str, nn.Module], activation: nn.Module, skipped: float) -> None:
        super().__init__()
        self.depth = stochastic_depth(skipped)
        self.residual = nn.Sequential(OrderedDict(layers))
        self.activation = activation

    def forward(self, values: Tensor, places: Tensor | None) -> Tensor:
        """Return values of the same shape."""
        change = values
        for layer in self.residual:
            change = layer(change, places) if isinstance(layer, OverPlaces) else layer(change)
            # again after each layer: biases and normalizations fill the padding
            change = change if places is None else without(change, places)
        if self.depth is not None:
            change = self.depth(change)
        result: Tensor = self.activation(values + change)
        return result


def residual_block(
    kind: str, channels: int, kernel: int, activation: str, normalization: str, skipped: float = 0.0
) -> Residual:
    """Return two layers of `channels` with a way around them, for the kind of what comes in.

    Convolutions of `kernel` for pictures and series, fully connected layers for vectors.
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for number in (1, 2):
        layers[f"layer_{number}"] = _square(kind, channels, kernel)
        if normalization != "none":
            layers[f"normalization_{number}"] = normalized(normalization, kind, channels)
        # the second activation follows the sum
        if number == 1:
            layers["activation"] = activation_named(activation)
    return Residual(layers, activation_named(activation), skipped)


def _square(kind: str, channels: int, kernel: int) -> nn.Module:
    if kind == "image":
        return nn.Conv2d(channels, channels, kernel, padding=kernel // 2)
    if kind == "series":
        return PlacesConvolution(channels, channels, kernel, 1, kernel // 2, 1)
    return nn.Linear(channels, channels)
