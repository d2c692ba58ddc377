"""What a network is made of, in the words by which views know whether they have something to show."""

from __future__ import annotations

from torch import nn

from engine.networks.attention import Watched
from engine.networks.recurrent import Recurrence

_PARTS: dict[str, tuple[type[nn.Module], ...]] = {
    "convolution": (nn.Conv2d,),
    "attention": (Watched,),
    "recurrent": (Recurrence,),
}


def parts_of(network: nn.Module) -> tuple[str, ...]:
    """Return which of "convolution" (of pictures), "attention" and "recurrent" the network holds."""
    return tuple(
        name for name, kinds in _PARTS.items() if any(isinstance(one, kinds) for one in network.modules())
    )
