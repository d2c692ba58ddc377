"""Parameter groups: parts of the network that learn at rates of their own, or shrink more or less."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from engine.choices import Message, Problem, Setting
from engine.data.about import About, Suited
from engine.learning.layout import Layout, Parameter
from engine.learning.optimizers.optimizer import Optimizer

if TYPE_CHECKING:
    from torch import Tensor

Rate = Annotated[
    float,
    Setting("Learning rate ×", "Factor on the learning rate; at 0 nothing is learnt.", least=0, most=100),
]

Decay = Annotated[
    float,
    Setting(
        "Weight decay ×", "Factor on the optimizer's weight decay; at 0 nothing shrinks.", least=0, most=100
    ),
]


class ParameterGroup(Suited, family="groups"):
    """Factors on the learning rate and the weight decay of some parameters; those of several are multiplied.

    Only the optimizer heeds them: penalties and limits of the regularizers treat all weights alike.
    """

    live = "whole"  # nothing is remembered of a group: it changes the values that a step is given

    @abstractmethod
    def means(self, place: Parameter) -> bool:
        """Return whether a parameter belongs to it."""

    def rate_of(self, place: Parameter) -> float:
        """Return the factor on the learning rate of a parameter that belongs to it."""
        return 1.0

    def decay_of(self, place: Parameter) -> float:
        """Return the factor on the weight decay of a parameter that belongs to it."""
        return 1.0


class GroupWithFactors(ParameterGroup):
    """A group with one factor on each; without a kind, it is no choice itself."""

    rate: Rate = 1.0
    decay: Decay = 1.0

    @override
    def rate_of(self, place: Parameter) -> float:
        return self.rate

    @override
    def decay_of(self, place: Parameter) -> float:
        return self.decay

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return where the optimizer has one rate for all layers, or no weight decay."""
        found, optimizer = super().problems(about), about.optimizer
        if not isinstance(optimizer, Optimizer):
            return found
        if self.rate != 1:
            found += optimizer.unless_by_layer("rate")
        usual = type(self).model_fields["decay"].default
        if self.decay != usual and "weight_decay" not in type(optimizer).model_fields:
            why = "must be {usual:g}, as {title} has no weight decay; or take one that has, such as adamw"
            found += (Problem("decay", Message(why, usual=usual, title=optimizer.title)),)
        return found


class BiasGroup(GroupWithFactors, kind="biases", title="Biases and gains"):
    """Biases, and the gains and shifts of normalizations: what shifts and scales, and mixes nothing.

    They do not shrink unless a factor is given here: to shrink them keeps no function simple.

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 7.1; He et al., Bag of Tricks for
    Image Classification with Convolutional Neural Networks, 2019, section 3.1.
    """

    decay: Decay = 0.0

    @override
    def means(self, place: Parameter) -> bool:
        return not place.decays


class EmbeddingGroup(GroupWithFactors, kind="embeddings", title="Embeddings"):
    """The vectors that stand for tokens and positions, most of which a batch does not meet.

    A weight decay of 0 keeps rare words from fading between two meetings.

    Source: Karpathy, minGPT, 2020, whose embeddings do not shrink.
    """

    @override
    def means(self, place: Parameter) -> bool:
        return place.layer == "embedding"


class AttentionGroup(GroupWithFactors, kind="attention", title="Attention"):
    """The weights by which places look for each other: queries, keys, values, and what mixes them.

    In fine-tuning it often is enough that these learn.

    Source: Touvron, Cord, El-Nouby, Verbeek and Jégou, Three Things Everyone Should Know About Vision
    Transformers, 2022, section 4.
    """

    @override
    def means(self, place: Parameter) -> bool:
        return place.layer == "attention"


class HeadGroup(GroupWithFactors, kind="head", title="Output layer"):
    """The last layer, which gives the answer; all before it is called the backbone.

    Where the backbone was learnt before and the last layer is new, that learns faster.

    Source: Chen, Papandreou, Kokkinos, Murphy and Yuille, DeepLab: Semantic Image Segmentation, 2018, section
    4.1, with 10 times the rate.
    """

    rate: Rate = 10.0

    @override
    def means(self, place: Parameter) -> bool:
        return place.head


class BackboneGroup(GroupWithFactors, kind="backbone", title="All but the output layer"):
    """The backbone: all layers but the last, which gives the answer.

    What was learnt before changes slowly, or with a rate of 0 not at all, while the last layer learns.

    Source: Howard and Ruder, Universal Language Model Fine-tuning for Text Classification, 2018.
    """

    rate: Rate = 0.1

    @override
    def means(self, place: Parameter) -> bool:
        return not place.head


class DepthGroup(ParameterGroup, kind="depth", title="By depth (discriminative rates)"):
    """Every layer learns more slowly than the one after it, by the same factor.

    What the first layers have learnt before, edges or words, holds for most data; the last ones have to
    learn the new task. A block of a Transformer or ResNet counts as one layer.

    Formula: ηₗ = η γⁿ for a layer after which n others follow

    Source: Howard and Ruder, Universal Language Model Fine-tuning for Text Classification, 2018, with
    γ = 1/2.6; Sun, Qiu, Xu and Huang, How to Fine-Tune BERT for Text Classification, 2019, with γ = 0.95.
    """

    factor: Annotated[
        float,
        Setting(
            "Factor of a layer",
            "Learning rate of a layer beside that of the next one; the output layer has all of it.",
            symbol="γ",
            above=0,
            most=1,
        ),
    ] = 0.8

    @override
    def means(self, place: Parameter) -> bool:
        return True

    @override
    def rate_of(self, place: Parameter) -> float:
        return self.factor**place.above

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return where the optimizer has one rate for all layers."""
        found, optimizer = super().problems(about), about.optimizer
        if self.factor == 1 or not isinstance(optimizer, Optimizer):
            return found
        return found + optimizer.unless_by_layer("factor")


def rates(groups: Sequence[ParameterGroup], layout: Layout) -> dict[Parameter, float]:
    """Return the factor on the learning rate of every parameter."""
    return {place: prod(group.rate_of(place) for group in groups if group.means(place)) for place in layout}


def decays(groups: Sequence[ParameterGroup], layout: Layout) -> dict[Parameter, float]:
    """Return the factor on the weight decay of every parameter; 0 for biases of which no group says more."""
    told = any(isinstance(group, BiasGroup) for group in groups)
    return {
        place: prod(group.decay_of(place) for group in groups if group.means(place))
        if place.decays or told
        else 0.0
        for place in layout
    }


def by_entry(factors: dict[Parameter, float], vector: Tensor) -> Tensor:
    """Return the factor of each entry's parameter, 1 in gaps, like `vector` (P,)."""
    import torch

    found = torch.ones_like(vector)
    for place, factor in factors.items():
        found[place.start : place.end] = factor
    return found
