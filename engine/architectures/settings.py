"""Settings that several architectures share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from engine.choices import Message, Problem, Record, Setting

Activation = Annotated[
    Literal["relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "linear"],
    Setting(
        "Activation",
        "The bend after every hidden layer; without one, the whole network is a linear function.",
        symbol="φ",
        options={
            "relu": "ReLU, max(0, z)",
            "leaky_relu": "Leaky ReLU, max(0.01 z, z)",
            "elu": "ELU, z where z > 0, else eᶻ − 1",
            "selu": "SELU, ELU so stretched that means stay 0 and variances 1; wants LeCun normal weights",
            "gelu": "GELU, z Φ(z)",
            "silu": "SiLU, z σ(z)",
            "tanh": "tanh, from −1 to 1",
            "sigmoid": "sigmoid, from 0 to 1",
            # for a layer before a normalization, whose bend follows by itself
            "linear": "none, z",
        },
    ),
]

StateActivation = Annotated[
    Literal["tanh", "relu"],
    Setting(
        "Activation",
        "The bend of the state at every place. With ReLU gradients do not fade, but states can grow without "
        "bound.",
        symbol="φ",
        options={"tanh": "tanh, from −1 to 1", "relu": "ReLU, max(0, z)"},
    ),
]

Dropout = Annotated[
    float,
    Setting(
        "Dropout",
        "Share of units set to 0 at random in every training step, against overfitting.",
        symbol="p",
        least=0,
        # at 1 nothing would be left, and what is left is divided by 1 − p
        below=1,
        # no weight depends on it: a network is given other shares in `Model.adopt`
        live=True,
    ),
]

_KIND = "Kind of dropout"

UnitDropoutKind = Annotated[
    Literal["plain", "alpha"],
    Setting(
        _KIND,
        "What is set to 0.",
        options={
            "plain": "single units",
            # Klambauer et al., Self-Normalizing Neural Networks, 2017
            "alpha": "alpha, for SELU: units take its lowest value, means and variances stay",
        },
        live=True,
    ),
]

PictureDropoutKind = Annotated[
    Literal["plain", "channels", "alpha"],
    Setting(
        _KIND,
        "What is set to 0, and where.",
        options={
            "plain": "single units, before fully connected layers",
            # Tompson et al., Efficient Object Localization Using Convolutional Networks, 2015
            "channels": "whole filters (spatial), after every convolution",
            "alpha": "alpha, for SELU: units take its lowest value, means and variances stay",
        },
        live=True,
    ),
]

ChannelDropoutKind = Annotated[
    Literal["plain", "channels"],
    Setting(
        _KIND,
        "What is set to 0.",
        options={"plain": "single numbers", "channels": "whole filters (spatial): neighbours tell the same"},
        live=True,
    ),
]

RecurrentDropoutKind = Annotated[
    Literal["plain", "variational"],
    Setting(
        _KIND,
        "Which units are set to 0.",
        options={
            "plain": "others at every place, of what layers give",
            # Gal and Ghahramani, 2016
            "variational": "the same at all places, also of inputs and of the last state; takes longer",
        },
        live=True,
    ),
]

EmbeddingDropout = Annotated[
    float,
    Setting(
        "Dropout of words",
        # Gal and Ghahramani, 2016, section 4.2; by step and not by text, as Merity et al., 2018
        "Share of the vocabulary whose vectors are 0 in a step, wherever these words stand.",
        least=0,
        below=1,
        inputs=("tokens",),
        live=True,
    ),
]

DepthDropout = Annotated[
    float,
    Setting(
        "Stochastic depth",
        # Huang et al., Deep Networks with Stochastic Depth, 2016
        "Share of examples that pass the last block by in a training step; of the blocks before it fewer, "
        "evenly down to none.",
        least=0,
        below=1,
        live=True,
    ),
]


def alpha_without_selu(architecture: Record) -> tuple[Problem, ...]:
    """Return that alpha dropout is chosen for another activation than the one it is made for."""
    chosen = dict(architecture)
    if chosen.get("dropout_kind") != "alpha" or chosen["activation"] == "selu":
        return ()
    why = "alpha keeps the mean and variance of SELU alone: set activation to selu, or this to plain"
    return (Problem("dropout_kind", why),)


Normalization = Annotated[
    Literal["none", "batch", "layer"],
    Setting(
        "Normalization",
        "Brings what enters every activation to mean 0 and variance 1, which steadies deep networks.",
        options={
            "none": "none",
            "batch": "over the batch, for each unit",
            "layer": "over the layer, for each example",
        },
    ),
]


def _odd(kernel: int) -> int:
    if kernel % 2 == 0:
        # what pydantic takes from a check and tells with the place of the setting
        raise ValueError(
            Message(
                "must be odd, so that a filter has a middle, not {kernel}; try {near}",
                kernel=kernel,
                near=kernel + 1,
            )
        )
    return kernel


Kernel = Annotated[
    int,
    Setting("Filter size", "Width and height of a filter; odd.", symbol="k", unit="pixels", least=1, most=15),
    AfterValidator(_odd),
]

Padding = Annotated[
    Literal["same", "first", "none"],
    Setting(
        "Padding",
        "Where zeros are put around a picture, so that filters also reach its edge and it keeps its size.",
        options={
            "same": "before every convolution",
            # so LeNet-5 reads pictures of 28 pixels as its 32 (LeCun et al., 1998)
            "first": "before the first convolution only",
            "none": "nowhere, every convolution makes the picture smaller",
        },
    ),
]

Pooling = Annotated[
    Literal["max", "min", "average"],
    Setting(
        "Pooling",
        "What is kept of every square when pictures are made smaller.",
        options={"max": "the largest value", "min": "the smallest value", "average": "the mean"},
    ),
]

Stem = Annotated[
    Literal["small", "original"],
    Setting(
        "First layers",
        "What the first layers leave of the picture's size.",
        options={
            "small": "nearly all of it, for pictures of 8 to 64 pixels",
            "original": "a small part of it, as in the paper, for photographs of 224 pixels",
        },
    ),
]

Filters = Annotated[int, Setting("Filters", "Filters of one convolution.", least=1, most=2048)]

Width = Annotated[int, Setting("Units", "Units in one layer.", least=1, most=16_384)]

DenseLayers = Annotated[
    tuple[Width, ...],
    Setting(
        "Fully connected layers",
        "Units in each layer between convolutions and output, as in 64.",
        most=20,
    ),
]

StageWidth = Annotated[
    int,
    Setting(
        "Filters at first",
        "Filters in the first stage; every further stage has twice as many; 64 in the paper.",
        least=1,
        most=1024,
    ),
]

EmbeddingWidth = Annotated[
    int,
    Setting(
        "Embedding",
        "How many numbers stand for a token; they are learnt, and tokens of like use come to lie close.",
        least=1,
        most=4096,
        # a series has numbers already, so that its form hides this
        inputs=("tokens",),
    ),
]

PoolingOfPlaces = Annotated[
    Literal["last", "mean", "attention"],
    Setting(
        "Pooling",
        "What becomes of all places where one answer is wanted for the whole text or series.",
        options={
            "last": "the last, at which everything has been read",
            "mean": "the mean of all",
            "attention": "a mean weighted by how much each place matters, which is learnt",
        },
    ),
]

NormalizationOfPlaces = Annotated[
    Literal["none", "layer"],
    Setting(
        "Normalization",
        "Brings what enters every activation to mean 0 and variance 1, which steadies deep networks.",
        # none over the batch: through its mean a place would see others, later ones too
        options={"none": "none", "layer": "over the layer, for each place"},
    ),
]
