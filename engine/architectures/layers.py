"""Layer list: one's own network, layer by layer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.architectures.architecture import Architecture
from engine.architectures.layer_kinds.dense import Dense
from engine.architectures.layer_kinds.layer import ListedLayer, channels_of
from engine.architectures.layer_kinds.lines import list_problems, output_of, worked_out
from engine.architectures.layer_kinds.shape import Flatten
from engine.choices import Message, Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind, Inputs, OutputForm, Outputs

if TYPE_CHECKING:
    from torch import nn


class Layers(Architecture, kind="layers", title="Layer list", rank=91):
    """One's own network: layers one after the other, in any order that fits.

    Every layer says what shape it puts out and what it costs, while it is edited; the one that does not fit
    what comes from the layer before is named. A linear layer to the outputs follows the last one by itself,
    so that the list holds the hidden layers alone. It ends in a vector, or, where an answer is wanted at
    every place of a text (tags, the next word, gaps), in a series that kept all places.

    Formula: hₗ = fₗ(hₗ₋₁), h₀ = x, z = W h + b

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, chapters 6 and 9.
    """

    layers: Annotated[
        tuple[Annotated[ListedLayer, Setting("Layer", "One layer of the list.")], ...],
        Setting("Layers", "From input to output; a linear layer to the outputs follows by itself.", most=500),
        # Flatten: the list to begin with fits vectors, pictures and series alike
    ] = (Flatten(), Dense())
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series", "tokens"})

    forms: ClassVar[frozenset[OutputForm]] = frozenset({"example", "place", "next"})

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return which layers see what is to be guessed, which do not fit, and whether the end does."""
        if found := super().problems(about):
            return found
        ahead = tuple(
            Problem(
                f"layers.{index}",
                Message(
                    "layer {index}, {title}, looks at places after its own, where the next word stands "
                    "that is to be guessed; let it look back only, or take it away",
                    index=index + 1,
                    title=layer.title,
                ),
            )
            for index, layer in enumerate(self.layers)
            if about.form == "next" and layer.looks_ahead
        )
        if about.inputs is None:
            return ahead
        return ahead + list_problems(worked_out(self.layers, about.inputs), about.inputs, about.form)

    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return the layers, named after their kind and how many of it came before, and `output`.

        So the weights of the second dense layer keep their name where a dropout is put before it.
        """
        from torch import nn

        from engine.networks.listed import ListedLayers, ListedStep

        lines = worked_out(self.layers, inputs)
        steps: dict[str, ListedStep] = {}
        counted: Counter[str] = Counter()
        for line in lines:
            # `problems` has refused a list with a layer that does not fit
            assert line.inputs is not None
            assert line.effect is not None
            counted[line.layer.kind] += 1
            series = line.effect.outputs.kind == "series"
            module = line.layer.build(line.inputs)
            steps[f"{line.layer.kind}_{counted[line.layer.kind]}"] = ListedStep(
                module, line.effect.window, series
            )
        end = output_of(lines, inputs)
        assert end is not None
        # vectors and pictures of a batch are all of one size, so that nothing of them is padding
        padded = inputs.kind in ("series", "tokens")
        return ListedLayers(steps, nn.Linear(channels_of(end), outputs.size), padded=padded)
