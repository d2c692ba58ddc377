"""Padding: which places of a batch are there, and how little of it has to be worked out."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from engine.data.description import PADDING


def present(inputs: Tensor) -> Tensor:
    """Return bool (B, length), False at padding: of tokens (B, length) or series (B, length, channels)."""
    # after the end of a series every channel is NaN, so that one channel tells
    return inputs != PADDING if inputs.dim() == 2 else ~inputs[..., 0].isnan()


def filled(series: Tensor) -> Tensor:
    """Return the series with 0 where they hold NaN, so that no result depends on it."""
    return series.masked_fill(series.isnan(), 0)


def trimmed(inputs: Tensor) -> Tensor:
    """Return the batch without the places at its end that are padding in every example; at least one is left.

    On the processor alone, where it saves the work; a GPU would have to be waited for.
    """
    if inputs.device.type != "cpu":
        return inputs
    used = present(inputs).any(0).nonzero()
    return inputs[:, : int(used[-1]) + 1] if len(used) else inputs[:, :1]


def restored(outputs: Tensor, length: int) -> Tensor:
    """Return (B, length, ...) of what was worked out for a trimmed batch, 0 at the places cut off."""
    missing = length - outputs.shape[1]
    return functional.pad(outputs, (0, 0, 0, missing)) if missing else outputs


def taken(values: Tensor, places: Tensor) -> Tensor:
    """Return values (B, length, width) at other places (B, length)."""
    return values.gather(1, places.unsqueeze(2).expand(-1, -1, values.shape[2]))
