"""Convolutions along the places of a text or series, and temporal convolutional networks made of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional

from engine.networks.activations import activation as activation_named
from engine.networks.dropping import dropout, share_at, stochastic_depth


class PlaceConvolution(nn.Conv1d):
    """A convolution along places, from (B, length, inputs) to (B, length, filters).

    Zeros stand before the first place, after the last, and where there is padding. `causal`: a place sees
    itself and those before it; otherwise as many before as after it, or one more before.
    """

    def __init__(
        self, inputs: int, filters: int, kernel: int, *, dilation: int = 1, causal: bool = False
    ) -> None:
        super().__init__(inputs, filters, kernel, dilation=dilation)
        reach = (kernel - 1) * dilation
        self.margins = (reach, 0) if causal else (reach - reach // 2, reach // 2)

    def forward(self, values: Tensor, present: Tensor) -> Tensor:  # type: ignore[override]
        """Return the sums at every place. `present`: bool (B, length), False at padding."""
        # at every convolution anew: the bias of the one before fills the padding
        clean = values.masked_fill(~present[..., None], 0).transpose(1, 2)
        return super().forward(functional.pad(clean, self.margins)).transpose(1, 2)


@dataclass(frozen=True)
class Temporal:
    """The form of a temporal network: `width` filters of `kernel` places in each of `blocks` blocks."""

    width: int
    blocks: int
    kernel: int
    causal: bool
    normalized: bool
    activation: str
    dropout: float = 0.0
    dropout_kind: str = "plain"
    stochastic_depth: float = 0.0


class TemporalBlock(nn.Module):
    """φ(x + F(x)): twice a dilated convolution, normalization of each place, activation and dropout.

    From (B, length, inputs) to (B, length, width); where these differ, a layer at every place stands in the
    way around. Normalization is over the filters of a place, so that no place sees another through it.
    """

    def __init__(self, inputs: int, form: Temporal, dilation: int, skipped: float = 0.0) -> None:
        super().__init__()
        self.depth = stochastic_depth(skipped)
        for number, entering in enumerate((inputs, form.width), 1):
            convolution = PlaceConvolution(
                entering, form.width, form.kernel, dilation=dilation, causal=form.causal
            )
            self.add_module(f"convolution_{number}", convolution)
            self.add_module(f"finish_{number}", _finish(form))
        self.shortcut = nn.Linear(inputs, form.width) if inputs != form.width else None
        self.activation = activation_named(form.activation)

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        """Return what the block makes of the values. `present`: bool (B, length), False at padding."""
        change = values
        for number in (1, 2):
            change = self.get_submodule(f"convolution_{number}")(change, present)
            change = self.get_submodule(f"finish_{number}")(change)
        if self.depth is not None:
            change = self.depth(change)
        around = values if self.shortcut is None else self.shortcut(values)
        result: Tensor = self.activation(around + change)
        return result


def _finish(form: Temporal) -> nn.Sequential:
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    if form.normalized:
        parts["normalization"] = nn.LayerNorm(form.width)
    # bent before the sum as well as after it, as in the paper's block
    parts["activation"] = activation_named(form.activation)
    if form.dropout > 0:
        # whole filters are the same units at all places
        parts["dropout"] = dropout("shared" if form.dropout_kind == "channels" else "plain", form.dropout)
    return nn.Sequential(parts)


class TemporalBlocks(nn.Module):
    """Blocks `block_1`, `block_2`, ... that each reach twice as far, from (B, length, inputs) to width."""

    stacked = True

    def __init__(self, inputs: int, form: Temporal) -> None:
        super().__init__()
        for number in range(form.blocks):
            share = share_at(form.stochastic_depth, number + 1, form.blocks)
            block = TemporalBlock(inputs if number == 0 else form.width, form, 2**number, share)
            self.add_module(f"block_{number + 1}", block)

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        """Return what the blocks make of the values. `present`: bool (B, length), False at padding."""
        for block in self.children():
            values = block(values, present)
        return values
