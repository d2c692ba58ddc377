"""What convolutions look for, and what they find in one picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import Description
from engine.data.images.raw import ImageSet
from engine.events import LayerSort
from engine.probes.probe import Probe, Subject

if TYPE_CHECKING:
    from torch import Tensor, nn

MOST_LAYERS = 24
MOST_MAPS = 16
MOST_FILTERS = 64
MOST_SIDE = 48
"""Larger maps are thinned to at most so many places along each side."""


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """What one layer makes of a picture: maps (maps, h, w), the one with the largest mean first.

    0 stands for `low`, the layer's smallest value, 255 for `high`, its largest. `channels` says which channel
    of the layer each map is.
    """

    name: str
    sort: LayerSort
    maps: NDArray[np.uint8]
    channels: NDArray[np.int64]
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class LayerwiseMaps:
    """One picture (height, width, channels) as it is in the data, and what the layers make of it.

    Of deep networks some layers, evenly chosen. `truth` and `predicted` are class indices where classes are
    predicted, else None.
    """

    picture: NDArray[np.uint8]
    layers: tuple[LayerMaps, ...]
    truth: int | None = None
    predicted: int | None = None


@dataclass(frozen=True, eq=False)
class LayerFilters:
    """The filters of one convolution: (filters, h, w, 3) for the first layer of coloured pictures.

    Else (filters, h, w), the mean over the channels it looks at. 128 is a weight of 0; 0 and 255 are the
    layer's largest weights of either sign.
    """

    name: str
    filters: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class LayerwiseFilters:
    """The filters of each convolution; of deep networks some, evenly chosen."""

    layers: tuple[LayerFilters, ...]


class FeatureMaps(Probe, kind="feature_maps", title="Feature maps"):
    """What every convolution and pooling makes of one validation picture: its strongest maps."""

    example: Annotated[int, Setting("Picture", "Which validation picture.", least=0, most=10_000_000)] = 0

    def fits(self, description: Description) -> bool:
        """Return whether the inputs are pictures."""
        return description.inputs.kind == "image"

    def measure(self, subject: Subject) -> LayerwiseMaps:
        """Return the picture and its maps; without layers where the network has no convolution."""
        import torch

        examples, raw = subject.data.validation, subject.data.raw
        if not isinstance(raw, ImageSet):
            raise TypeError("inputs are images, so the data must be pictures")
        chosen = min(self.example, len(examples) - 1)
        inputs = torch.from_numpy(examples.inputs[chosen : chosen + 1])
        with _watching(subject.network) as found:
            predicted = subject.predict(inputs)
        layers = tuple(_strongest(*found[index]) for index in evenly(len(found), MOST_LAYERS))
        picture = raw.pixels[examples.rows[chosen]]
        if subject.description.targets.kind != "classes":
            return LayerwiseMaps(picture, layers)
        return LayerwiseMaps(picture, layers, int(examples.targets[chosen]), int(predicted.argmax()))


class Filters(Probe, kind="filters", title="Filters"):
    """The weights of every convolution, as small pictures: the pattern each filter answers to most."""

    def fits(self, description: Description) -> bool:
        """Return whether the inputs are pictures."""
        return description.inputs.kind == "image"

    def measure(self, subject: Subject) -> LayerwiseFilters:
        """Return the filters of each layer; none where the network has no convolution."""
        from torch import nn

        layers = [
            (name, module)
            for name, module in subject.network.named_modules()
            # of one place alone there is no pattern to see
            if isinstance(module, nn.Conv2d) and max(module.kernel_size) > 1
        ]
        kept = [layers[index] for index in evenly(len(layers), MOST_LAYERS)]
        return LayerwiseFilters(
            tuple(
                LayerFilters(name, _as_pictures(module.weight[:MOST_FILTERS].cpu().numpy()))
                for name, module in kept
            )
        )


def evenly(count: int, most: int) -> list[int]:
    """Return at most so many of the numbers 0 to count - 1, evenly spaced, with both ends."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, most)).tolist()})


@contextmanager
def _watching(network: nn.Module) -> Iterator[list[tuple[str, LayerSort, Tensor]]]:
    """Collect name, sort and outputs (channels, h, w) of every convolution and pooling that runs."""
    from torch import nn

    from engine.networks.images.pooling import MinPool2d

    found: list[tuple[str, LayerSort, Tensor]] = []

    def note(name: str, sort: LayerSort) -> Callable[[nn.Module, object, Tensor], None]:
        def keep(_module: nn.Module, _inputs: object, outputs: Tensor) -> None:
            # a map of a single place is no picture
            if outputs.dim() == 4 and outputs.shape[-1] > 1:
                found.append((name, sort, outputs[0].detach()))

        return keep

    poolings = (nn.MaxPool2d, nn.AvgPool2d, MinPool2d)
    hooks = [
        module.register_forward_hook(
            note(name, "convolution" if isinstance(module, nn.Conv2d) else "pooling")
        )
        for name, module in network.named_modules()
        if isinstance(module, (nn.Conv2d, *poolings))
    ]
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()


def _strongest(name: str, sort: LayerSort, maps: Tensor) -> LayerMaps:
    """Return of a layer the maps (channels, h, w) with the largest means, brought to 0 ... 255."""
    channels = maps.mean((1, 2)).argsort(descending=True)[:MOST_MAPS]
    # rounded up, so that no side is longer than allowed
    stride = -(-max(maps.shape[1:]) // MOST_SIDE)
    shown = maps[channels][:, ::stride, ::stride].float()
    # of all maps, also those not shown: a dark map is then one that found little
    low, high = float(maps.min()), float(maps.max())
    scaled = (shown - low) * (255 / (high - low)) if high > low else shown.mul(0)
    pixels = scaled.nan_to_num().round().byte().cpu().numpy()
    return LayerMaps(name, sort, pixels, channels.cpu().numpy(), low, high)


def _as_pictures(weights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return weights (filters, channels, h, w) as pictures around 128."""
    shown = weights.transpose(0, 2, 3, 1) if weights.shape[1] == 3 else weights.mean(1)
    shown = np.nan_to_num(shown)  # weights of a run that diverges: a byte has no NaN
    most = float(np.abs(shown).max()) or 1.0  # all weights 0
    return np.asarray(np.round(127.5 + 127.5 * shown / most), np.uint8)
