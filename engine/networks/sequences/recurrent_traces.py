"""What recurrent layers do with one example, place by place: states and gates from the weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from engine.networks.sequences.recurrent import STEPS, Cell, Recurrence, State

Course = dict[str, Tensor]
"""Values over the places of an example, (places, width) each: "hidden", "cell" (LSTM) and every gate."""


def traces(network: nn.Module, inputs: Tensor) -> dict[str, Course]:
    """Return the course of every recurrent layer over one example, by the name of the layer.

    `inputs`: tokens (length,) or series (length, channels). Places are those of the example that are no
    padding, in its order also where a layer reads backwards.
    """
    courses: dict[str, Course] = {}

    def noting(name: str) -> Callable[..., None]:
        def note(layer: Recurrence, given: tuple[Tensor, ...], named: Mapping[str, Any], _: object) -> None:
            # `present` is left out where nothing is padding
            values, present = (*given, None)[:2]
            assert values is not None
            places = values.shape[1] if present is None else int(present[0].sum())
            start = named.get("start")
            state = None if start is None else tuple(part[0] for part in start)
            courses[name] = course(layer, values[0, :places], state)

        return note

    layers = [(name, module) for name, module in network.named_modules() if isinstance(module, Recurrence)]
    hooks = [layer.register_forward_hook(noting(name), with_kwargs=True) for name, layer in layers]
    try:
        with torch.no_grad():
            network(inputs[None])
    finally:
        for hook in hooks:
            hook.remove()
    return courses


def course(layer: Recurrence, values: Tensor, start: State | None = None) -> Course:
    """Return what the layer does with its inputs (places, inputs), from a state (width,) each, or 0."""
    names, step = SHOWN[layer.cell], STEPS[layer.cell]
    shown = values.new_empty(len(names), len(values), layer.width)
    state = start or (values.new_zeros(layer.width),) * (2 if layer.cell == "lstm" else 1)
    places = range(len(values) - 1, -1, -1) if layer.backwards else range(len(values))
    # for all places at once: only what depends on the state needs the loop
    sums = values @ layer.weight_ih.T + layer.bias_ih
    for place in places:
        parts = step(sums[place], layer.weight_hh @ state[0] + layer.bias_hh, state)
        state = parts[: len(state)]
        shown[:, place] = torch.stack(parts)
    return dict(zip(names, shown, strict=True))


SHOWN: Mapping[Cell, tuple[str, ...]] = {
    "rnn": ("hidden",),
    "rnn_relu": ("hidden",),
    "gru": ("hidden", "reset", "update", "candidate"),
    "lstm": ("hidden", "cell", "input", "forget", "candidate", "output"),
}
"""What a course tells of a cell, its state first."""
