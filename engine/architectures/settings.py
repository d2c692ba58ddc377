"""Settings that several architectures share."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.choices import Setting

Activation = Annotated[
    Literal["relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid", "linear"],
    Setting(
        "Activation",
        "The bend after every hidden layer; without one, the whole network is a linear function.",
        symbol="φ",
        options={
            "relu": "ReLU, max(0, z)",
            "leaky_relu": "Leaky ReLU, max(0.01 z, z)",
            "elu": "ELU, z where z > 0, else eᶻ − 1",
            "gelu": "GELU, z Φ(z)",
            "silu": "SiLU, z σ(z)",
            "tanh": "tanh, from −1 to 1",
            "sigmoid": "sigmoid, from 0 to 1",
            "linear": "none, z",
        },
    ),
]

Dropout = Annotated[
    float,
    Setting(
        "Dropout",
        "Share of units set to 0 at random in every training step, against overfitting.",
        symbol="p",
        least=0,
        below=1,
    ),
]

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

Width = Annotated[int, Setting("Units", "Units in one layer.", least=1, most=16_384)]
