"""What tests of architectures share: inputs of every kind, weights of sensible size, and layers by name."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod, sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.architectures.architecture import Architecture
from engine.data.description import InputKind, Inputs, OutputForm, Outputs

Weights = Mapping[str, Tensor]

VOCABULARY = 11
INPUTS: dict[InputKind, Inputs] = {
    "vector": Inputs("vector", (5,)),
    "image": Inputs("image", (2, 9, 12)),
    "series": Inputs("series", (7, 3), ("a", "b", "c")),
    "tokens": Inputs("tokens", (7,), (), VOCABULARY),
}
"""A small example of every kind."""


def outputs_for(form: OutputForm, inputs: Inputs, size: int = 3) -> Outputs:
    """What a task of that form asks for: `size` numbers, or one for every token of the vocabulary."""
    if form == "translation":
        return Outputs(VOCABULARY, form, 6)
    if form == "next" and inputs.kind == "tokens":
        return Outputs(VOCABULARY, form, inputs.shape[0])
    return Outputs(size, form, 0 if form == "example" else inputs.shape[0])


def drawn(architecture: Architecture, inputs: Inputs, outputs: Outputs | None = None) -> nn.Module:
    """The network with nothing at 0 or 1, signals neither fading nor exploding; running statistics too."""
    network = architecture.build(inputs, outputs or Outputs(3))
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if tensor.dim() >= 2:
                tensor.normal_(0, sqrt(2 / prod(tensor.shape[1:])), generator=generator)
            elif name.endswith(("bias", "running_mean")):
                tensor.normal_(0, 0.1, generator=generator)
            else:
                tensor.uniform_(0.5, 1.5, generator=generator)
    return network


def batch(inputs: Inputs, rows: int = 4) -> Tensor:
    """Examples from a normal distribution, or any tokens but padding; texts and series of every length.

    The first is as long as can be, the second and fourth are shorter, and every fifth is but one place long.
    """
    generator = torch.Generator().manual_seed(1)
    if inputs.kind == "tokens":
        found = torch.randint(1, inputs.vocabulary, (rows, *inputs.shape), generator=generator)
    else:
        found = torch.randn((rows, *inputs.shape), generator=generator)
    if inputs.kind in ("series", "tokens"):
        length = inputs.shape[0]
        for row, end in enumerate(max(1, length - (0, 3, 0, 2, length)[row % 5]) for row in range(rows)):
            found[row, end:] = 0 if inputs.kind == "tokens" else torch.nan
    return found


def convolved(w: Weights, name: str, x: Tensor, stride: int = 1, padding: int = 0, groups: int = 1) -> Tensor:
    bias = w.get(f"{name}.bias")
    return functional.conv2d(x, w[f"{name}.weight"], bias, stride, padding, groups=groups)


def normalized(w: Weights, name: str, x: Tensor) -> Tensor:
    """Batch normalization by its formula, with the running statistics: γ (x − mean) / √(variance + ε) + β."""
    mean, variance, gain, shift = (
        w[f"{name}.{part}"].reshape(1, -1, *[1] * (x.dim() - 2))
        for part in ("running_mean", "running_var", "weight", "bias")
    )
    return gain * (x - mean) / torch.sqrt(variance + 1e-5) + shift


def dense(w: Weights, name: str, x: Tensor) -> Tensor:
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]
