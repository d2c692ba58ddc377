"""What a network is made of, in the words by which views know whether they have something to show."""

from __future__ import annotations

from torch import nn

from engine.networks.sequences.attention import Watched
from engine.networks.sequences.recurrent import Recurrence

_PARTS: dict[str, tuple[type[nn.Module], ...]] = {
    "convolution": (nn.Conv2d,),
    "attention": (Watched,),
    "recurrent": (Recurrence,),
}


def parts_of(network: nn.Module) -> tuple[str, ...]:
    """Return which of "convolution" (of pictures), "attention" and "recurrent" the network holds.

    A network that is one layer of weights and nothing else is "linear".
    """
    found = tuple(
        name for name, kinds in _PARTS.items() if any(isinstance(one, kinds) for one in network.modules())
    )
    # its own only: a container would count with the weights of what is in it
    with_weights = [one for one in network.modules() if any(True for _ in one.parameters(recurse=False))]
    single = len(with_weights) == 1 and isinstance(with_weights[0], nn.Linear)
    return ("linear",) if single else found
