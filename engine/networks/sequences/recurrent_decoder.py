"""The recurrent decoder of a translation: writes word by word and looks back at the source with attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.networks.sequences.attention import AdditiveAttention
from engine.networks.sequences.decoding import Cache, EncodedSource
from engine.networks.sequences.recurrent import BothEnds, Recurrence, State, dropped


class RecurrentDecoder(nn.Module):
    """LSTM layers whose last state looks for what fits in the source, from (B, places, inputs).

    Both together give (B, places, width): h = tanh(W [c; s]), s the state and c the mixture of the memory
    that attention finds for it. The layers start from where the two directions of the encoder ended. As the
    state does not depend on what attention found before, all places of a known target are worked out at once.
    Source: Luong, Pham and Manning, Effective Approaches to Attention-based Neural Machine Translation, 2015;
    scores and start: Bahdanau, Cho and Bengio, 2015.
    """

    stacked = True

    def __init__(
        self,
        inputs: int,
        width: int,
        layers: int,
        memory_width: int,
        dropout: float,
        *,
        variational: bool = False,
    ) -> None:
        """Make it for a memory of `memory_width`, whose halves were read in two directions."""
        super().__init__()
        self.ends = BothEnds()
        # two states for each layer: an LSTM carries its cell, too
        self.start = nn.Linear(memory_width, 2 * layers * width)
        self.layers = tuple(f"layer_{number}" for number in range(1, layers + 1))
        for number, name in enumerate(self.layers):
            entering, state = width if number else inputs, dropout if variational else 0.0
            self.add_module(name, Recurrence("lstm", entering, width, state_dropout=state))
        self.entering = dropped(dropout, variational=True) if variational else None
        self.dropout = dropped(dropout, variational=variational)
        self.cross = AdditiveAttention(width, memory_width, width)
        self.joined = nn.Linear(memory_width + width, width)

    def forward(self, values: Tensor, memory: EncodedSource, cache: Cache | None = None) -> Tensor:
        """Return what an output layer reads; with a cache, of the places after those it knows."""
        if cache is not None:
            cache.places += values.shape[1]
        if self.entering is not None:
            values = self.entering(values)
        for name, start in zip(self.layers, self._starts(memory, cache), strict=True):
            values = self._dropped(self.get_submodule(name)(values, start=start, cache=cache))
        found = self.cross(values, memory.values, memory.present, self._keys(memory, cache))
        return self._dropped(torch.tanh(self.joined(torch.cat([found, values], 2))))

    def _starts(self, memory: EncodedSource, cache: Cache | None) -> tuple[State | None, ...]:
        """Return the state, hidden and cell, in which each layer starts; none once the cache has one."""
        if cache is not None and cache.get(self.get_submodule(self.layers[0])) is not None:
            return (None,) * len(self.layers)
        starts = torch.tanh(self.start(self.ends(memory.values, memory.present)))
        parts = starts.chunk(2 * len(self.layers), 1)
        return tuple(zip(parts[::2], parts[1::2], strict=True))

    def _keys(self, memory: EncodedSource, cache: Cache | None) -> Tensor | None:
        """Return what attention makes of the memory, worked out once where there is a cache."""
        # Training works all places out at once: to keep anything would only hold memory.
        if cache is None:
            return None
        kept = cache.get(self.cross)
        keys: Tensor = self.cross.key(memory.values) if kept is None else kept[0]
        cache.put(self.cross, keys)
        return keys

    def _dropped(self, values: Tensor) -> Tensor:
        return values if self.dropout is None else self.dropout(values)
