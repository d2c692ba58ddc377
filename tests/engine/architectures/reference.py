"""What the references of architectures share: weights of sensible size, and layers by name."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod, sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.architectures.architecture import Architecture
from engine.data.description import Inputs, Outputs

Weights = Mapping[str, Tensor]


def drawn(architecture: Architecture, inputs: Inputs, outputs: int = 3) -> nn.Module:
    """The network with nothing at 0 or 1, signals neither fading nor exploding; running statistics too."""
    network = architecture.build(inputs, Outputs(outputs))
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
    """Examples from a normal distribution."""
    return torch.randn((rows, *inputs.shape), generator=torch.Generator().manual_seed(1))


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
