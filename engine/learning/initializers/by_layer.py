"""Initializers for layers of one sort, where those start otherwise than the rest."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated

from typing_extensions import override

from engine.choices import Choice, Setting
from engine.learning.initializers.fixed import Normal
from engine.learning.initializers.initializer import Initializer
from engine.learning.initializers.scaled import HeNormal, XavierUniform
from engine.learning.initializers.structured import Orthogonal
from engine.learning.layout import Parameter

OwnInitializer = Annotated[Initializer, Setting("Initializer", "How the weights of these layers start.")]


class LayerInitializer(Choice, family="layer_initializers"):
    """Another initializer for layers of one sort; where several mean a layer, the last of the list holds.

    These weights start just as it draws them, also where an architecture lets the others start smaller.
    """

    initializer: OwnInitializer = HeNormal()

    @abstractmethod
    def means(self, place: Parameter) -> bool:
        """Return whether the layer of a parameter is of this sort."""


class OfEmbeddings(LayerInitializer, kind="embeddings", title="Embeddings"):
    """The vectors that stand for tokens, and those for positions where these are learnt.

    Source: Radford et al., Improving Language Understanding by Generative Pre-Training, 2018, with σ = 0.02.
    """

    initializer: OwnInitializer = Normal(standard_deviation=0.02)

    @override
    def means(self, place: Parameter) -> bool:
        return place.layer == "embedding"


class OfConvolutions(LayerInitializer, kind="convolutions", title="Convolutions"):
    """The filters of all convolutions.

    Source: He, Zhang, Ren and Sun, Delving Deep into Rectifiers, 2015.
    """

    @override
    def means(self, place: Parameter) -> bool:
        return place.layer == "convolution"


class OfDenseLayers(LayerInitializer, kind="dense", title="Fully connected layers"):
    """The fully connected layers, but not the output layer, nor those within attention.

    Source: He, Zhang, Ren and Sun, Delving Deep into Rectifiers, 2015.
    """

    @override
    def means(self, place: Parameter) -> bool:
        return place.layer == "dense" and not place.head


class OfAttention(LayerInitializer, kind="attention", title="Attention"):
    """The matrices that make queries, keys and values, and the one that mixes what was found.

    Source: Vaswani et al., Attention Is All You Need, 2017, whose program draws them by Glorot and Bengio.
    """

    initializer: OwnInitializer = XavierUniform()

    @override
    def means(self, place: Parameter) -> bool:
        return place.layer == "attention"


class OfRecurrentLayers(LayerInitializer, kind="recurrent", title="Recurrent layers"):
    """All matrices of recurrent layers, gate by gate; the forget gate of an LSTM goes on starting open.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    2010.
    """

    initializer: OwnInitializer = XavierUniform()

    @override
    def means(self, place: Parameter) -> bool:
        return place.layer == "recurrent"


class OfStates(LayerInitializer, kind="states", title="From state to state"):
    """The matrices of recurrent layers by which one state follows from the one before, gate by gate.

    Rotations neither shrink nor stretch a state, so that it lasts; so does the identity, with ReLU.

    Source: Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks, 2014; identity: Le, Jaitly and Hinton, A Simple Way to Initialize Recurrent Networks of
    Rectified Linear Units, 2015.
    """

    initializer: OwnInitializer = Orthogonal()

    @override
    def means(self, place: Parameter) -> bool:
        return place.layer == "recurrent" and place.name.endswith("weight_hh")


class OfHead(LayerInitializer, kind="head", title="Output layer"):
    """The last layer, which gives the answer. Small weights let a run begin with answers that are open.

    Source: Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural Networks,
    2012, with σ = 0.01.
    """

    initializer: OwnInitializer = Normal(standard_deviation=0.01)

    @override
    def means(self, place: Parameter) -> bool:
        return place.head


def initializer_of(place: Parameter, chosen: Sequence[LayerInitializer]) -> Initializer | None:
    """Return the initializer that a parameter has of its own, None where it starts as the rest."""
    return next((one.initializer for one in reversed(chosen) if one.means(place)), None)
