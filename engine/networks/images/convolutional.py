"""Convolutions and poolings one after the other, then fully connected layers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from torch import nn

from engine.networks.dense import dense_block
from engine.networks.dropping import dropout
from engine.networks.finish import Finish
from engine.networks.images.pooling import pooling as pooling_named
from engine.networks.images.windows import ConvolutionStep, Plan, features_left


@dataclass(frozen=True)
class Poolings:
    """What is kept of every small square ("max", "min" or "average"), and at last of the whole picture.

    `overall`: "average", "max", or "none", which keeps the value at every place.
    """

    squares: str
    overall: str = "none"


_OVERALL: dict[str, Callable[[int], nn.Module]] = {
    "average": nn.AdaptiveAvgPool2d,
    "max": nn.AdaptiveMaxPool2d,
}


def convolutional_network(
    shape: tuple[int, ...], plan: Plan, poolings: Poolings, dense: Sequence[int], outputs: int, finish: Finish
) -> nn.Sequential:
    """Return a network from (B, *shape), shape being (channels, height, width), to (B, outputs).

    Its parts are `convolution_1` (`convolution`, `normalization`, `activation`, `pooling`), ...,
    `global_pooling` (where chosen), `flatten`, `dropout` (where chosen), `dense_1`, ... and `output`. Dropout
    comes before every fully connected layer; that of whole channels at the end of every convolution's part.
    """
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    depth, block = shape[0], nn.Sequential()
    for step in plan:
        if isinstance(step, ConvolutionStep):
            layer = {"convolution": _convolution(depth, step)}
            depth, block = step.filters, nn.Sequential(OrderedDict({**layer, **finish.bend(step.filters)}))
            parts[f"convolution_{len(parts) + 1}"] = block
        else:
            block.add_module("pooling", pooling_named(poolings.squares, step.window))
    # worked out: torch's lazy layers learn their size in the first pass, after the weights are drawn
    entering = features_left(shape, plan)
    # whole filters are left out where there are filters, and nothing more in what follows
    spatial = finish.dropout_kind == "channels"
    if spatial:
        for convolution in parts.values():
            for name, module in finish.drop().items():
                convolution.add_module(name, module)
    after = replace(finish, dropout=0.0) if spatial else finish
    if poolings.overall != "none":
        parts["global_pooling"] = _OVERALL[poolings.overall](1)
        entering = depth
    parts["flatten"] = nn.Flatten()
    parts.update(after.drop())
    for number, units in enumerate(dense, 1):
        parts[f"dense_{number}"] = dense_block(entering, units, after)
        entering = units
    parts["output"] = nn.Linear(entering, outputs)
    return nn.Sequential(parts)


def numbered_network(
    shape: tuple[int, ...],
    plan: Plan,
    pooling: str,
    dense: Sequence[int],
    outputs: int,
    finish: Finish,
    *,
    drop_first: bool,
) -> nn.Sequential:
    """Return a network like `convolutional_network`, named as the public weight files of AlexNet and VGG are.

    Its parts are `features`, `flatten` and `classifier`, in which every layer has its number; normalization
    is for convolutions alone. Dropout comes before every hidden fully connected layer (`drop_first`, as in
    AlexNet) or after it (as in VGG).
    """
    features: list[nn.Module] = []
    depth = shape[0]
    for step in plan:
        if isinstance(step, ConvolutionStep):
            features += [_convolution(depth, step), *finish.bend(step.filters).values()]
            depth = step.filters
        else:
            features.append(pooling_named(pooling, step.window))
    classifier: list[nn.Module] = []
    entering = features_left(shape, plan)
    for units in dense:
        # without normalization also where it is chosen: in the public files of VGG only convolutions have one
        layers = [nn.Linear(entering, units), *Finish(finish.activation).bend(units).values()]
        drop: list[nn.Module] = [
            dropout(finish.dropout_kind, finish.dropout)
        ]  # also where it is 0, so that the numbers stay
        classifier += drop + layers if drop_first else layers + drop
        entering = units
    classifier.append(nn.Linear(entering, outputs))
    parts = {
        "features": nn.Sequential(*features),
        "flatten": nn.Flatten(),
        "classifier": nn.Sequential(*classifier),
    }
    return nn.Sequential(OrderedDict(parts))


def _convolution(inputs: int, step: ConvolutionStep) -> nn.Conv2d:
    window = step.window
    return nn.Conv2d(inputs, step.filters, window.size, window.stride, window.padding)
