"""Sketches: the layers of an experiment's network and their cost, without giving it any memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from torch import Tensor, nn

from engine.choices import Message
from engine.data.description import Description
from engine.events import Layer, LayerSort
from engine.experiment import Experiment
from engine.networks.parts import parts_of
from engine.networks.sequences.attention import DotProduct
from engine.training.finetuning.freezing import frozen_parameters
from engine.training.roles import refuse_idle, roles


@dataclass(frozen=True)
class Blueprint:
    """A network as it will be built: its modules hold shapes, but no numbers.

    `layers` stand in the order in which an example passes them; one that is passed twice stands there twice,
    its parameters counted at the first time. `attention_weights` counts what all attention with dropout works
    out for one example.
    """

    network: nn.Module
    layers: tuple[Layer, ...]
    attention_weights: int

    @property
    def parts(self) -> tuple[str, ...]:
        """Return what the network is made of, as `Facts.network` says."""
        return parts_of(self.network)

    @property
    def parameters(self) -> int:
        """Return how many numbers the weights are."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        """Return the multiplications with weights for one example."""
        return sum(layer.multiply_adds for layer in self.layers)


def blueprint(experiment: Experiment, description: Description) -> Blueprint:
    """Return the network of an experiment that fits such data.

    Works on torch's meta device: shapes are worked out, numbers never, and no random number is drawn. Raises
    Invalid where what is to be frozen, or grouped, does not fit the network.
    """
    network, inputs = _blank(experiment, description)
    layers: list[Layer] = []
    attention: list[int] = []
    seen: set[nn.Module] = set()
    hooks = [
        module.register_forward_hook(_noting(name, layers, seen))
        for name, module in network.named_modules()
        # Leaves do the work; a module with parameters of its own works too, whatever lies inside it.
        if not any(True for _ in module.children()) or module._parameters
    ]
    hooks += [
        module.register_forward_hook(_counting(attention))
        for module in network.modules()
        if isinstance(module, DotProduct) and module.dropout > 0
    ]
    with torch.no_grad():
        # A pass on the meta device works out shapes alone, without memory, however large the network.
        network(inputs)
    for hook in hooks:
        hook.remove()
    frozen = frozen_parameters(experiment.start, network, layers)
    if experiment.groups or experiment.initializers:
        refuse_idle(experiment, roles(network, layers).values())
    found = _with_frozen(layers, network, frozen) if frozen else tuple(layers)
    return Blueprint(network, found, sum(attention))


def sketch(experiment: Experiment, description: Description) -> tuple[Layer, ...]:
    """Return the layers of the network's blueprint."""
    return blueprint(experiment, description).layers


def _counting(counts: list[int]) -> Any:
    def count(_module: nn.Module, given: tuple[tuple[Tensor, ...]], _outputs: object) -> None:
        queries, keys, _values = given[0]
        counts.append(queries.shape[1] * queries.shape[2] * keys.shape[2])

    return count


def _blank(experiment: Experiment, description: Description) -> tuple[nn.Module, Tensor]:
    """Return the network without any numbers in it, as when it is evaluated, and inputs of one example."""
    kind = torch.int64 if description.inputs.kind == "tokens" else torch.float32
    with torch.device("meta"):
        network = experiment.architecture.build(description.inputs, experiment.outputs(description))
        # Not training: batch normalisation refuses a batch of one example otherwise.
        return network.eval(), torch.zeros((1, *description.inputs.shape), dtype=kind)


def _with_frozen(layers: list[Layer], network: nn.Module, names: frozenset[str]) -> tuple[Layer, ...]:
    """Return the layers with how many of their parameters are not trained."""
    counts: Counter[str] = Counter()
    for name, parameter in network.named_parameters():
        if name in names:
            counts[name.rpartition(".")[0] or "network"] += parameter.numel()
    # A layer that is passed twice stands here twice, its parameters only the first time.
    return tuple(replace(layer, frozen=min(counts[layer.name], layer.parameters)) for layer in layers)


def _noting(name: str, layers: list[Layer], seen: set[nn.Module]) -> Any:
    def note(module: nn.Module, _inputs: object, outputs: Tensor) -> None:
        own = (
            0 if module in seen else sum(parameter.numel() for parameter in module.parameters(recurse=False))
        )
        seen.add(module)
        shape = tuple(outputs.shape[1:])
        layers.append(
            Layer(
                name or "network",
                _words(module, shape),
                shape,
                own,
                _multiply_adds(module, outputs),
                sort=_sort(module),
            )
        )

    return note


def _multiply_adds(module: nn.Module, outputs: Tensor) -> int:
    """Return the multiplications with weights for one example: weights of a unit times units put out.

    A module of ours may count its own. An embedding looks up and multiplies nothing.
    """
    # What a weight multiplies cannot be told from its shape in attention and recurrence.
    own = getattr(module, "multiply_adds", None)
    if own is not None:
        return int(own(outputs))
    weight = module._parameters.get("weight")
    if weight is None or weight.dim() < 2 or isinstance(module, nn.Embedding):
        return 0
    return outputs.numel() * weight[0].numel()


_SORTS: tuple[tuple[Any, LayerSort], ...] = (
    (nn.Conv1d | nn.Conv2d, "convolution"),
    (nn.Linear, "dense"),
    (nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d, "pooling"),
    (nn.GroupNorm | nn.LayerNorm, "normalization"),
    (nn.Embedding, "embedding"),
)


def _sort(module: nn.Module) -> LayerSort:
    """Return what a module is; one of ours says it itself."""
    own = getattr(module, "sort", None)
    if own is not None:
        return cast("LayerSort", own)
    return next((sort for kinds, sort in _SORTS if isinstance(module, kinds)), "other")


def _words(module: nn.Module, shape: tuple[int, ...]) -> str:
    kind = type(module).__name__
    own = getattr(module, "words", None)  # a module of ours says itself what it is
    if isinstance(own, str):
        return own
    if isinstance(module, nn.Conv2d):
        return Message(
            "Convolution {size}, {channels}", size=_by(module.kernel_size), channels=module.out_channels
        )
    if isinstance(module, nn.Conv1d):
        return Message(
            "Convolution {size}, {channels}",
            size=module.kernel_size[0],
            channels=module.out_channels,
        )
    if isinstance(module, nn.Embedding):
        return Message("Embedding, {width}", width=module.embedding_dim)
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
        return Message(
            "Max pooling {size}" if kind.startswith("Max") else "Average pooling {size}",
            size=_by(module.kernel_size),
        )
    if isinstance(module, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
        return Message(
            "Max pooling to {size}" if "Max" in kind else "Average pooling to {size}", size=_by(shape[1:])
        )
    if isinstance(module, nn.Linear):
        return Message("Fully connected, {units}", units=module.out_features)
    if isinstance(module, nn.Dropout | nn.Dropout2d | nn.AlphaDropout):
        return Message(_DROPOUTS[kind], rate=module.p)
    return _NAMES.get(kind, kind)


_DROPOUTS = {
    "Dropout": "Dropout {rate:g}",
    "Dropout2d": "Dropout of channels {rate:g}",
    "AlphaDropout": "Alpha dropout {rate:g}",
}
_NAMES = {
    "BatchNorm": "Batch normalization",
    # pictures are normalized by a GroupNorm of one group; layers of a list say their own words
    "GroupNorm": "Layer normalization",
    "LayerNorm": "Layer normalization",
    "LeakyReLU": "Leaky ReLU",
    "SiLU": "SiLU (swish)",
}


def _by(size: int | tuple[int, ...]) -> str:
    sides = size if isinstance(size, tuple) else (size, size)
    return "×".join(str(side) for side in sides)
