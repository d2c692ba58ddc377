"""Activation checkpointing: what layers put out is worked out once more in the pass back, and not kept.

Of a chain of layers only what goes into each segment is kept. A block (of a Transformer, a residual network,
a recurrence) is a segment; n simple layers in a row, each with one matrix at most, are cut into about √n.

Source: Chen, Xu, Zhang and Guestrin, Training Deep Nets with Sublinear Memory Cost, 2016.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from math import isqrt
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from engine.networks.normalization import BatchNorm


def recompute(network: nn.Module, wanted: bool) -> None:
    """Let a network work layers out once more in the pass back, or keep what they put out again.

    Results are the same to the bit: dropout draws as before, running statistics count a step once.
    """
    for module in network.modules():
        # what was put there below, over the method of the class
        module.__dict__.pop("forward", None)
    if wanted:
        _cut(network, outermost=True)


def _cut(module: nn.Module, *, outermost: bool = False) -> None:
    in_a_row = outermost or type(module) is nn.Sequential or getattr(module, "stacked", False)
    parts = list(module.children())
    if not in_a_row:
        _save(module)
    elif type(module) is nn.Sequential and all(_simple(part) for part in parts):
        _save_by_segments(module, parts)
    else:
        for part in parts:
            # a single layer holds nothing between what goes in and what comes out
            if any(True for _ in part.children()):
                _cut(part)


def _simple(module: nn.Module) -> bool:
    """Return whether a module has one matrix of weights at most."""
    plain = type(module) is nn.Sequential or not any(True for _ in module.children())
    return plain and sum(parameter.dim() >= 2 for parameter in module.parameters()) <= 1


def _segments(parts: Sequence[nn.Module]) -> Iterator[tuple[nn.Module, ...]]:
    """Yield parts one after the other in about as many segments as layers with a matrix in each."""
    weighted = [any(parameter.dim() >= 2 for parameter in part.parameters()) for part in parts]
    each = max(1, isqrt(sum(weighted)))
    segment, count = list[nn.Module](), 0
    for part, has_matrix in zip(parts, weighted, strict=True):
        if has_matrix and count == each:
            yield tuple(segment)
            segment, count = [], 0
        segment.append(part)
        count += has_matrix
    yield tuple(segment)


def _save(module: nn.Module) -> None:
    module.forward = _saving(module, module.forward, (module,))


def _save_by_segments(chain: nn.Sequential, parts: Sequence[nn.Module]) -> None:
    runs = [_saving(chain, partial(_in_turn, segment), segment) for segment in _segments(parts)]

    def forward(values: Tensor) -> Tensor:
        for run in runs:
            values = run(values)
        return values

    chain.forward = forward  # type: ignore[method-assign]


def _in_turn(parts: Sequence[nn.Module], values: Tensor) -> Tensor:
    for part in parts:
        values = part(values)
    return values


def _saving(
    owner: nn.Module, run: Callable[..., Tensor], parts: Sequence[nn.Module]
) -> Callable[..., Tensor]:
    """Return what does as `run`, and while its owner is trained keeps nothing but what goes in."""
    normalizing = [one for part in parts for one in part.modules() if isinstance(one, BatchNorm)]

    def contexts() -> tuple[AbstractContextManager[Any], AbstractContextManager[Any]]:
        return nullcontext(), _CountedBefore(normalizing)

    def forward(*given: Any, **named: Any) -> Tensor:
        if not (owner.training and torch.is_grad_enabled()):
            return run(*given, **named)
        found: Tensor = checkpoint(run, *given, use_reentrant=False, context_fn=contexts, **named)
        return found

    return forward


class _CountedBefore:
    """Leaves running statistics as they are, which have counted this batch in the pass forth.

    It may be entered several times: a Hessian asks for a segment in two passes back.
    """

    def __init__(self, normalizing: Sequence[BatchNorm]) -> None:
        self._normalizing = normalizing
        self._kept: list[float] = []

    def __enter__(self) -> None:
        self._kept = [module.momentum for module in self._normalizing]
        for module in self._normalizing:
            module.momentum = 0.0

    def __exit__(self, *_: object) -> None:
        for module, momentum in zip(self._normalizing, self._kept, strict=True):
            module.momentum = momentum
