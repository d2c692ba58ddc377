"""Recurrent layers: a state that is carried from place to place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.networks.dropping import dropout, kept
from engine.networks.sequences.decoding import Cache
from engine.networks.sequences.padding import taken
from engine.networks.sequences.pooled import pooled
from engine.networks.starting import Draw

Cell = Literal["rnn", "rnn_relu", "gru", "lstm"]
"""The two simple ones differ in the bend of their state, tanh or ReLU."""

GATES: Mapping[Cell, tuple[str, ...]] = {
    "rnn": ("candidate",),
    "rnn_relu": ("candidate",),
    "gru": ("reset", "update", "candidate"),
    "lstm": ("input", "forget", "candidate", "output"),
}
"""What a cell works out from the input and the state before, in the order of the rows of its weights."""

WORDS: Mapping[Cell, str] = {"rnn": "Elman RNN", "rnn_relu": "Elman RNN, ReLU", "gru": "GRU", "lstm": "LSTM"}

_RUN: Mapping[Cell, Callable[..., tuple[Tensor, ...]]] = {
    "rnn": torch.rnn_tanh,
    "rnn_relu": torch.rnn_relu,
    "gru": torch.gru,
}

State = tuple[Tensor, ...]
"""What a cell carries on, each (B, width): the hidden state, for an LSTM also the cell."""


def _rnn(read: Tensor, remembered: Tensor, state: State) -> tuple[Tensor, ...]:
    return (torch.tanh(read + remembered),)


def _rnn_relu(read: Tensor, remembered: Tensor, state: State) -> tuple[Tensor, ...]:
    return (torch.relu(read + remembered),)


def _gru(read: Tensor, remembered: Tensor, state: State) -> tuple[Tensor, ...]:
    read_reset, read_update, read_new = read.chunk(3, -1)
    own_reset, own_update, own_new = remembered.chunk(3, -1)
    reset, update = torch.sigmoid(read_reset + own_reset), torch.sigmoid(read_update + own_update)
    # torch resets the product and its bias (Cho et al. reset the state before the product)
    candidate = torch.tanh(read_new + reset * own_new)
    return (1 - update) * candidate + update * state[0], reset, update, candidate


def _lstm(read: Tensor, remembered: Tensor, state: State) -> tuple[Tensor, ...]:
    to_write, to_keep, new, to_show = (read + remembered).chunk(4, -1)
    write, keep, show = torch.sigmoid(to_write), torch.sigmoid(to_keep), torch.sigmoid(to_show)
    candidate = torch.tanh(new)
    cell = keep * state[1] + write * candidate
    return show * torch.tanh(cell), cell, write, keep, candidate, show


STEPS: Mapping[Cell, Callable[[Tensor, Tensor, State], tuple[Tensor, ...]]] = {
    "rnn": _rnn,
    "rnn_relu": _rnn_relu,
    "gru": _gru,
    "lstm": _lstm,
}
"""What a cell makes of the sums of a place, those of the state before, and that state, (..., width) each.

The new state first, then the gates, as `recurrent_traces.SHOWN` names them.
"""


class Recurrence(nn.Module):
    """One recurrent layer that reads in one direction, from (B, length, inputs) to (B, length, width).

    Weights and formulas are those of torch's RNN (tanh or ReLU), GRU and LSTM; the rows of the gates lie on
    top of each other in the order of GATES. A module of its own, because torch's put out a tuple, warn where
    parameters lie in a shared vector, and do not read sequences of several lengths backwards.
    """

    sort = "recurrent"

    def __init__(
        self, cell: Cell, inputs: int, width: int, *, backwards: bool = False, state_dropout: float = 0.0
    ) -> None:
        """`state_dropout`: the share of the state before that is 0 at all places, as its gates see it."""
        super().__init__()
        self.state_dropout = state_dropout
        self.cell: Cell = cell
        self.inputs, self.width, self.backwards = inputs, width, backwards
        self.words = f"{WORDS[cell]}, {width}{', backwards' if backwards else ''}"
        rows, limit = len(GATES[cell]) * width, width**-0.5
        self.weight_ih = nn.Parameter(torch.empty(rows, inputs).uniform_(-limit, limit))
        self.weight_hh = nn.Parameter(torch.empty(rows, width).uniform_(-limit, limit))
        self.bias_ih = nn.Parameter(torch.zeros(rows))
        self.bias_hh = nn.Parameter(torch.zeros(rows))

    def forward(
        self,
        values: Tensor,
        present: Tensor | None = None,
        *,
        start: State | None = None,
        cache: Cache | None = None,
    ) -> Tensor:
        """Return the hidden state at every place that is present, (B, length) bool; beyond, anything finite.

        Places that are present come before those that are not; None: all are. Backwards, reading begins at
        the last one. Ahead, it begins with the state `start`, 0 if None; with a cache, with the state in
        which the call before ended.
        """
        if self.backwards and present is not None:
            mirror = mirrored(present)
            # A flip would begin with the padding, and the state would be worn off when the text begins.
            return taken(self._read(taken(values, mirror), None)[0], mirror)
        if self.backwards:
            # Without padding a flip does the same with less work.
            return self._read(values.flip(1), None)[0].flip(1)
        kept = None if cache is None else cache.get(self)
        hidden, after = self._read(values, start if kept is None else kept)
        if cache is not None:
            cache.put(self, *after)
        return hidden

    def _read(self, values: Tensor, state: State | None) -> tuple[Tensor, State]:
        """Return the hidden states (B, length, width) from the first place on, and the last state."""
        if state is None:
            zeros = values.new_zeros(len(values), self.width)
            state = (zeros, zeros) if self.cell == "lstm" else (zeros,)
        if values.is_meta:  # only the shape is wanted, yet torch would walk through every place: 10 ms each
            return values.new_empty(*values.shape[:2], self.width), state
        if _lacks_float16(values):
            with torch.autocast("cpu", enabled=False):
                return self._read(values.float(), tuple(part.float() for part in state))
        if self.training and self.state_dropout > 0:
            return self._read_by_place(values, state)
        # cuDNN takes no state that is a view with gaps, as the half of a wider one.
        before = tuple(part.unsqueeze(0).contiguous() for part in state)
        weights = (self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        # One layer without dropout: training or not makes no difference but for what a backward pass needs.
        options = (True, 1, 0.0, torch.is_grad_enabled(), False, True)
        if self.cell == "lstm":
            hidden, *after = torch.lstm(values, before, weights, *options)
        else:
            hidden, *after = _RUN[self.cell](values, before[0], weights, *options)
        return hidden, tuple(part.squeeze(0) for part in after)

    def _read_by_place(self, values: Tensor, state: State) -> tuple[Tensor, State]:
        """Read as `_read` does, place by place: the same units of the state are 0 in all products.

        What a cell or an update gate carries on is not touched. Source: Gal and Ghahramani, A Theoretically
        Grounded Application of Dropout in Recurrent Neural Networks, 2016, equation 7.
        """
        mask = kept(values, (len(values), self.width), self.state_dropout)
        # for all places at once: only what depends on the state needs the loop
        sums = functional.linear(values, self.weight_ih, self.bias_ih)
        shown, step = [], STEPS[self.cell]
        for read in sums.unbind(1):
            parts = step(read, functional.linear(state[0] * mask, self.weight_hh, self.bias_hh), state)
            state = parts[: len(state)]
            shown.append(state[0])
        return torch.stack(shown, 1), state

    def starting(self, name: str, draw: Draw) -> Tensor:
        """Return how a parameter starts: each gate's weights drawn by themselves, the forget gate open.

        With a bias of 1 an LSTM remembers from the start, and gradients reach far back (Jozefowicz, Zaremba
        and Sutskever, An Empirical Exploration of Recurrent Network Architectures, 2015).
        """
        gates = GATES[self.cell]
        if name.startswith("weight"):
            columns = self.inputs if name == "weight_ih" else self.width
            # Each gate by itself: drawn as one matrix, its fan-out would be that of all gates together.
            return torch.cat([draw(self.width, columns) for _ in gates])
        # in one of the two biases, as they are added
        opened = {"forget"} if name == "bias_ih" else set()
        return torch.tensor([float(gate in opened) for gate in gates]).repeat_interleave(self.width)

    def multiply_adds(self, outputs: Tensor) -> int:
        """Return the multiplications with weights for outputs (1, length, width)."""
        return outputs.numel() * len(GATES[self.cell]) * (self.inputs + self.width)

    def extra_repr(self) -> str:
        """Return what torch prints between the brackets."""
        return f"{self.words}, inputs={self.inputs}"


def dropped(share: float, *, variational: bool) -> nn.Module | None:
    """Return the dropout of a series, where chosen: of the same units at all places, or of others at each."""
    return dropout("shared" if variational else "plain", share) if share > 0 else None


def _lacks_float16(values: Tensor) -> bool:
    """Return whether a recurrence is asked for in float16 on a processor, where torch has none."""
    if values.device.type != "cpu" or not torch.is_autocast_enabled("cpu"):
        return False
    return torch.get_autocast_dtype("cpu") == torch.float16


def mirrored(present: Tensor) -> Tensor:
    """Return for every place (B, length) which one it changes with when what is present is turned round.

    Formula: t ↔ n − 1 − t for t < n, the number of places present; every other place stays
    """
    places = torch.arange(present.shape[1], device=present.device)
    from_end = present.sum(1, keepdim=True) - 1 - places
    return torch.where(from_end >= 0, from_end, places)


class BothDirections(nn.Module):
    """Reads ahead and, where wished, also backwards, both results side by side; then dropout, where chosen.

    From (B, length, inputs) to (B, length, width), or twice the width when it reads both ways. `variational`:
    the same units are dropped at all places, and of the state before.
    """

    def __init__(
        self,
        cell: Cell,
        inputs: int,
        width: int,
        *,
        bidirectional: bool,
        dropout: float,
        variational: bool = False,
    ) -> None:
        super().__init__()
        state = dropout if variational else 0.0
        self.ahead = Recurrence(cell, inputs, width, state_dropout=state)
        back = Recurrence(cell, inputs, width, backwards=True, state_dropout=state) if bidirectional else None
        self.back = back
        self.dropout = dropped(dropout, variational=variational)

    def forward(self, values: Tensor, present: Tensor | None = None, cache: Cache | None = None) -> Tensor:
        """Return the hidden states at every place; `present` and `cache` as in `Recurrence`."""
        hidden: Tensor = self.ahead(values, present, cache=cache)
        if self.back is not None:
            hidden = torch.cat([hidden, self.back(values, present)], 2)
        return hidden if self.dropout is None else self.dropout(hidden)


class RecurrentLayers(nn.Module):
    """Recurrent layers on top of each other, named `layer_1`, ..., from (B, length, inputs).

    `width`: of what comes out, twice that of one direction when they read both ways.
    """

    stacked = True

    def __init__(
        self,
        cell: Cell,
        inputs: int,
        width: int,
        layers: int,
        *,
        bidirectional: bool,
        dropout: float,
        variational: bool = False,
    ) -> None:
        super().__init__()
        self.bidirectional = bidirectional
        self.width = 2 * width if bidirectional else width
        # of the inputs, too: those of later layers are what the layer before has dropped
        self.entering = dropped(dropout, variational=True) if variational else None
        self.layers = tuple(f"layer_{number}" for number in range(1, layers + 1))
        for number, name in enumerate(self.layers):
            layer = BothDirections(
                cell,
                self.width if number else inputs,
                width,
                bidirectional=bidirectional,
                dropout=dropout,
                variational=variational,
            )
            self.add_module(name, layer)

    def forward(self, values: Tensor, present: Tensor | None = None, cache: Cache | None = None) -> Tensor:
        """Return the hidden states of the last layer, (B, length, width); with a cache, of what follows.

        `present`: bool (B, length), False at padding, or None where nothing is.
        """
        if self.entering is not None:
            values = self.entering(values)
        for name in self.layers:
            values = self.get_submodule(name)(values, present, cache)
        if cache is not None:  # once for all layers, which share the cache
            cache.places += values.shape[1]
        return values

    def pooling(self, name: str) -> nn.Module:
        """Return the pooling of that name; the last state of two directions lies at the two ends."""
        return BothEnds() if name == "last" and self.bidirectional else pooled(name, self.width)


class BothEnds(nn.Module):
    """Where each of two directions ended: ahead at the last place, backwards at the first; (B, width)."""

    words = "Last of both directions"

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        # `mirrored` tells at the first place where the last one that is there lies
        """Return the ends of (B, length, width), whose first half of the width read ahead."""
        ahead, back = values.chunk(2, 2)
        return torch.cat([taken(ahead, mirrored(present)[:, :1]), back[:, :1]], 2).squeeze(1)
