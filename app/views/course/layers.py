"""Layers: how large the weights are, and how strongly each is pulled."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar

import numpy as np
from typing_extensions import override

from app.language.numbers import number
from app.language.words import tr
from app.views.drawing import Bar, BarList, BarRow, Drawing, Viewport
from app.views.view import ReadingView, Slot
from engine.choices import Setting
from engine.events import Facts
from engine.probes.gradients import GradientNorms, Norms

_DECADES = 6.0


class LayersView(ReadingView, shows=GradientNorms, kind="layers", title="Layers", rank=40):
    """How large the gradient of every layer's weights is: how strongly a step pulled at them.

    Weights and gradient are those of one step, the newest; at the end it is the last one, whichever weights
    are kept. Before the first step there is no gradient.

    Bars are logarithmic: each sixth is a factor of ten. Where the gradient of the first layers is many times
    smaller than that of the last ones, they hardly learn (vanishing gradient); where it is huge, steps
    overshoot.
    """

    slots: ClassVar[tuple[Slot, ...]] = ("middle",)
    waiting: ClassVar[str] = "Press Train to see how strongly each layer is pulled."

    biases: Annotated[bool, Setting("Biases", "Show the biases of each layer as well as its weights.")] = (
        False
    )

    @override
    def picture(self, found: Norms, facts: Facts, viewport: Viewport) -> Drawing:
        gradients, weights = found.gradient.astype(np.float64), found.weight.astype(np.float64)
        none = [None] * len(weights)
        known: Sequence[float | None] = gradients.tolist() if len(gradients) else none
        finite = gradients[np.isfinite(gradients) & (gradients > 0)]
        # a whole power of ten: else all bars would move with every step
        top = math.ceil(math.log10(finite.max())) if len(finite) else 0
        rows = [
            _row(layer, part, gradient, weight, top)
            for name, (layer, part), gradient, weight in zip(
                found.names, layer_names(found.names), known, weights.tolist(), strict=True
            )
            # By the name torch gives it: what the window calls it is another word in another language.
            if self.biases or not name.rpartition(".")[2].startswith("bias")
        ]
        if not len(gradients):
            return BarList(tuple(rows), tr("no gradient before the first step"))
        return BarList(tuple(rows), tr("size of the gradient, log scale"))

    @override
    def columns(self, facts: Facts) -> Sequence[str]:
        return ["parameter", "gradient norm", "weight norm"]

    @override
    def table(self, found: Norms, facts: Facts) -> Iterator[Sequence[object]]:
        names = (" ".join(name) for name in layer_names(found.names))
        gradients = found.gradient if len(found.gradient) else [""] * len(found.names)
        yield from zip(names, gradients, found.weight, strict=True)


_BODY = "body."
"""What most layers of a network for sequences stand in, which tells nothing."""


def layer_names(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return layer and part ("weights", "biases") of parameter tensors, by the names torch gives them."""
    parts = {
        "weight": tr("weights"),
        "bias": tr("biases"),
        "weight_ih": tr("weights of inputs"),
        "weight_hh": tr("weights of the state"),
        "bias_ih": tr("biases of inputs"),
        "bias_hh": tr("biases of the state"),
    }
    pairs = [name.removeprefix(_BODY).rpartition(".")[::2] for name in names]
    layers = list(dict.fromkeys(layer for layer, _ in pairs))
    return tuple((_readable(layers, layer), parts.get(part, part)) for layer, part in pairs)


def _readable(layers: Sequence[str], layer: str) -> str:
    """Return "convolution 1" for the first part of a block, "convolution 1 · normalization" for another."""
    block, _, part = layer.partition(".")
    first = next(other for other in layers if other.partition(".")[0] == block) == layer
    words = block if first or not part else f"{block} · {part.replace('.', ' ')}"
    return words.replace("_", " ")


def _row(name: str, part: str, gradient: float | None, weight: float, top: int) -> BarRow:
    words = f"{part} {number(weight, 2)}".strip()
    size = tr("length of the {part} {weight}", part=part or tr("parameter"), weight=number(weight))
    if gradient is None:
        note = tr("no gradient before the first step") + "\n" + size
        return BarRow(name, words, (Bar(0.0, "–", "text_faint"),), "text", note)
    share = 0.0
    if math.isfinite(gradient) and gradient > 0:
        # the largest gradient lies within the decade below top, so that its bar is nearly full
        share = 1 + (math.log10(gradient) - top) / _DECADES
    tone = "series.5" if math.isfinite(gradient) else "danger"
    note = tr("length of the gradient {gradient}", gradient=number(gradient)) + "\n" + size
    return BarRow(name, words, (Bar(share, number(gradient), tone),), "text", note)
