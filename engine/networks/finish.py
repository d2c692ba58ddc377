"""What follows the weighted sums of a layer: normalization, activation, dropout."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from engine.networks.activations import activation as activation_named
from engine.networks.dropping import dropout
from engine.networks.normalization import normalization as normalization_named


@dataclass(frozen=True)
class Finish:
    """Names of normalization, activation and dropout, and its share, as the architectures offer them."""

    activation: str = "linear"
    normalization: str = "none"
    dropout: float = 0.0
    dropout_kind: str = "plain"

    def bend(self, channels: int) -> dict[str, nn.Module]:
        """Return the normalization and the activation of (B, channels, ...), where chosen, by name."""
        parts: dict[str, nn.Module] = {}
        # before the activation, as Ioffe and Szegedy (2015) have it
        norm = normalization_named(self.normalization, channels)
        if norm is not None:
            parts["normalization"] = norm
        if self.activation != "linear":
            parts["activation"] = activation_named(self.activation)
        return parts

    def drop(self) -> dict[str, nn.Module]:
        """Return the dropout, where chosen, by name."""
        # left out and not 0: parts have names, so that no number of a later one moves
        return {"dropout": dropout(self.dropout_kind, self.dropout)} if self.dropout > 0 else {}
