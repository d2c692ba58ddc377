"""What convolutions look for, and what they find in one picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import Description
from engine.data.raw import ImageSet
from engine.probes.probe import Arrays, Probe, Subject, as_lines

if TYPE_CHECKING:
    from torch import Tensor, nn

MOST_LAYERS = 24
MOST_MAPS = 16
MOST_FILTERS = 64
MOST_SIDE = 48
"""Larger maps are thinned to at most so many places along each side."""


class FeatureMaps(Probe, kind="feature_maps", title="Feature maps"):
    """What every convolution and pooling makes of one validation picture: its strongest maps.

    Arrays: `picture` uint8 (height, width, channels) as it is in the data; `truth` and `predicted` int64
    (1,) where classes are predicted; `names` uint8, the layers as UTF-8, a line each: name, tabulator, what
    it is; for layer i, counted from 0, `maps.i` uint8 (maps, h, w), 0 the layer's smallest and 255 its
    largest value, the map with the largest mean first, `channels.i` int64 (maps,), which channels they are,
    and `range.i` float32 (2,), what 0 and 255 stand for. Of deep networks some layers, evenly chosen.
    """

    example: Annotated[int, Setting("Picture", "Which validation picture.", least=0, most=10_000_000)] = 0

    def fits(self, description: Description) -> bool:
        """Return whether the inputs are pictures."""
        return description.inputs.kind == "image"

    def measure(self, subject: Subject) -> Arrays:
        """Return the picture and its maps; without layers where the network has no convolution."""
        import torch

        examples, raw = subject.data.validation, subject.data.raw
        if not isinstance(raw, ImageSet):
            raise TypeError("inputs are images, so the data must be pictures")
        chosen = min(self.example, len(examples) - 1)
        inputs = torch.from_numpy(examples.inputs[chosen : chosen + 1])
        with _watching(subject.network) as found:
            predicted = subject.predict(inputs)
        kept = [found[index] for index in evenly(len(found), MOST_LAYERS)]
        arrays: dict[str, NDArray[np.generic]] = {
            "picture": raw.pixels[examples.rows[chosen]],
            "names": as_lines(f"{name}\t{what}" for name, what, _ in kept),
        }
        if subject.description.targets.kind == "classes":
            arrays["truth"] = examples.targets[chosen : chosen + 1]
            arrays["predicted"] = predicted.argmax(1).cpu().numpy()
        for index, (_, _, maps) in enumerate(kept):
            arrays |= {f"{name}.{index}": array for name, array in _strongest(maps).items()}
        return arrays


class Filters(Probe, kind="filters", title="Filters"):
    """The weights of every convolution, as small pictures: the pattern each filter answers to most.

    Arrays: `names` uint8, the layers as UTF-8, a line each; for layer i, counted from 0, `filters.i` uint8
    (filters, h, w, 3) for the first layer of coloured pictures, else (filters, h, w), the mean over the
    channels it looks at; 128 is a weight of 0, 0 and 255 are the layer's largest weights of either sign.
    """

    def fits(self, description: Description) -> bool:
        """Return whether the inputs are pictures."""
        return description.inputs.kind == "image"

    def measure(self, subject: Subject) -> Arrays:
        """Return the filters of each layer; none where the network has no convolution."""
        from torch import nn

        layers = [
            (name, module)
            for name, module in subject.network.named_modules()
            if isinstance(module, nn.Conv2d) and max(module.kernel_size) > 1
        ]
        kept = [layers[index] for index in evenly(len(layers), MOST_LAYERS)]
        arrays: dict[str, NDArray[np.generic]] = {"names": as_lines(name for name, _ in kept)}
        for index, (_, module) in enumerate(kept):
            arrays[f"filters.{index}"] = _as_pictures(module.weight[:MOST_FILTERS].cpu().numpy())
        return arrays


def evenly(count: int, most: int) -> list[int]:
    """Return at most so many of the numbers 0 to count - 1, evenly spaced, with both ends."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, most)).tolist()})


@contextmanager
def _watching(network: nn.Module) -> Iterator[list[tuple[str, str, Tensor]]]:
    """Collect name, what it is and outputs (channels, h, w) of every convolution and pooling that runs."""
    from torch import nn

    from engine.networks.images.pooling import MinPool2d

    found: list[tuple[str, str, Tensor]] = []

    def note(name: str, what: str) -> Callable[[nn.Module, object, Tensor], None]:
        def keep(_module: nn.Module, _inputs: object, outputs: Tensor) -> None:
            if outputs.dim() == 4 and outputs.shape[-1] > 1:
                found.append((name, what, outputs[0].detach()))

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


def _strongest(maps: Tensor) -> dict[str, NDArray[np.generic]]:
    """Return the maps (channels, h, w) with the largest means, brought to 0 ... 255."""
    channels = maps.mean((1, 2)).argsort(descending=True)[:MOST_MAPS]
    stride = -(-max(maps.shape[1:]) // MOST_SIDE)
    shown = maps[channels][:, ::stride, ::stride].float()
    low, high = float(maps.min()), float(maps.max())
    scaled = (shown - low) * (255 / (high - low)) if high > low else shown.mul(0)
    return {
        "maps": scaled.nan_to_num().round().byte().cpu().numpy(),
        "channels": channels.cpu().numpy(),
        "range": np.array([low, high], np.float32),
    }


def _as_pictures(weights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return weights (filters, channels, h, w) as pictures around 128."""
    shown = weights.transpose(0, 2, 3, 1) if weights.shape[1] == 3 else weights.mean(1)
    shown = np.nan_to_num(shown)
    most = float(np.abs(shown).max()) or 1.0
    return np.asarray(np.round(127.5 + 127.5 * shown / most), np.uint8)
