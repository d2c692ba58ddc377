"""Which tokens of a text mattered for the class that a network takes it for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import torch
from torch import Tensor, nn

from engine.data.description import PADDING
from engine.networks.sequences.attention import capturing
from engine.networks.sequences.embeddings import TokenEmbedding

Weighing = Literal["attention", "saliency"]
"""How it is known how much a token mattered."""


def mattering(network: nn.Module, inputs: Tensor) -> tuple[Tensor, Weighing]:
    """Return how much each token (N, length) mattered for the class, 0 ... 1, and how that is known.

    Where the network ends with attention over the places, or has self-attention, a token's weight is what it
    got there, the mean over heads and over the places that looked ("attention"). Otherwise it is its
    saliency, relative to the largest of the text in either case; padding has 0.

    The slope alone would be the same for every word where embeddings are added up, as in an embedding bag;
    times the embedding it is what the word brings to the sum.

    Formula: saliency = |e · ∂z/∂e|, z the output of the predicted class, e the token's embedding

    Source: Shrikumar, Greenside, Shcherbina and Kundaje, Not Just a Black Box, 2016 (gradient times input);
    Simonyan, Vedaldi and Zisserman, Deep Inside Convolutional Networks, 2014.
    """
    with capturing(network) as maps:
        network(inputs)
    if maps:
        last = list(maps.values())[-1]
        looked = last.mean((1, 2))
        by: Weighing = "attention"
        weights = torch.zeros(inputs.shape, device=inputs.device)
        weights[:, : looked.shape[1]] = looked
    else:
        weights, by = _saliency(network, inputs), "saliency"
    weights = weights.where(inputs != PADDING, 0.0).nan_to_num()
    largest = weights.max(1, keepdim=True).values
    return (weights / largest.clamp(min=1e-30)).float(), by  # no division by 0 where nothing mattered


def _saliency(network: nn.Module, inputs: Tensor) -> Tensor:
    """Return for every place what its embedding brings to the largest output, by its slope, (N, length)."""
    weights = torch.zeros(inputs.shape, device=inputs.device)
    # cuDNN goes back through recurrent layers in training only.
    plain = torch.backends.cudnn.flags(enabled=False)
    # probes run without gradients
    with torch.enable_grad(), plain, _embedded(network) as found:
        outputs = network(inputs)
        if found:
            # the sum over the texts gives each its own gradient, as no output depends on another text
            (gradient,) = torch.autograd.grad(outputs.max(1).values.sum(), found[0])
            weights[:, : gradient.shape[1]] = (gradient * found[0]).sum(2).abs()
    return weights


@contextmanager
def _embedded(network: nn.Module) -> Iterator[list[Tensor]]:
    """Collect what the embedding gives, (N, length, width), in such a way that gradients reach it."""
    found: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: object, outputs: Tensor) -> Tensor:
        found.append(outputs.detach().requires_grad_())
        return found[-1]

    hooks = [
        module.register_forward_hook(keep)
        for module in network.modules()
        if isinstance(module, TokenEmbedding)
    ]
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()
