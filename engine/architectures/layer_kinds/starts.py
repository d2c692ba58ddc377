"""Lists to start from: small well-known networks as layers, for each kind of input."""

from __future__ import annotations

from collections.abc import Mapping

from engine.architectures.layer_kinds.convolution import Convolution1d, Convolution2d
from engine.architectures.layer_kinds.dense import ActivationLayer, Dense
from engine.architectures.layer_kinds.layer import ListedLayer
from engine.architectures.layer_kinds.lines import list_problems, worked_out
from engine.architectures.layer_kinds.normalization import (
    BatchNormalization,
    DropoutLayer,
    LayerNormalization,
)
from engine.architectures.layer_kinds.pooling import GlobalPooling, PoolingLayer
from engine.architectures.layer_kinds.residual import ResidualBlock
from engine.architectures.layer_kinds.sequence import AttentionLayer, Embedding, Positions, RecurrentLayer
from engine.architectures.layer_kinds.shape import Flatten, Rows
from engine.data.description import InputKind, Inputs

Layers = tuple[ListedLayer, ...]

_STARTS: Mapping[InputKind, Mapping[str, Layers]] = {
    "vector": {
        "Multilayer perceptron": (Dense(units=64), Dense(units=32)),
        "Multilayer perceptron with batch normalization": (
            *(Dense(units=64, activation="linear"), BatchNormalization(), ActivationLayer()),
            *(Dense(units=64, activation="linear"), BatchNormalization(), ActivationLayer()),
        ),
        "Residual blocks": (Dense(units=64), ResidualBlock(), ResidualBlock()),
    },
    "image": {
        "Multilayer perceptron": (Flatten(), Dense(units=128), Dense(units=64)),
        "Convolution, pooling, dense": (
            *(Convolution2d(filters=16), PoolingLayer()),
            *(Convolution2d(filters=32), PoolingLayer()),
            *(Flatten(), Dense(units=64)),
        ),
        "LeNet-5": (
            *(Convolution2d(filters=6, kernel=5, activation="tanh"), PoolingLayer(pooling="average")),
            *(Convolution2d(filters=16, kernel=5, activation="tanh"), PoolingLayer(pooling="average")),
            *(Flatten(), Dense(units=120, activation="tanh"), Dense(units=84, activation="tanh")),
        ),
        # that of many first courses, once Keras' example for handwritten digits (mnist_cnn.py)
        "32 and 64 filters, 128 units": (
            *(Convolution2d(filters=32, padding="none"), Convolution2d(filters=64, padding="none")),
            *(PoolingLayer(), DropoutLayer(share=0.25), Flatten(), Dense(units=128), DropoutLayer()),
        ),
        "Residual blocks": (
            *(Convolution2d(filters=16), ResidualBlock()),
            *(Convolution2d(filters=32, stride=2), ResidualBlock()),
            *(Convolution2d(filters=64, stride=2), ResidualBlock(), GlobalPooling()),
        ),
        "Rows through an LSTM": (Rows(), RecurrentLayer(units=64)),
    },
    "series": {
        "LSTM": (RecurrentLayer(units=64),),
        "Convolutions along time": (
            *(Convolution1d(), Convolution1d(dilation=2), Convolution1d(dilation=4), GlobalPooling()),
            Dense(units=32),
        ),
        "Self-attention": (
            # first as wide as heads can share: a series may have a single channel
            *(Dense(units=32), Positions(), AttentionLayer(), LayerNormalization(), GlobalPooling()),
            Dense(units=32),
        ),
    },
    "tokens": {
        "Mean of all words": (Embedding(), GlobalPooling(), Dense(units=32)),
        "Convolutions": (Embedding(), Convolution1d(filters=64), GlobalPooling(pooling="max")),
        "LSTM": (Embedding(), RecurrentLayer(units=64, bidirectional=True)),
        "Self-attention": (
            *(Embedding(), Positions(), AttentionLayer(), LayerNormalization(), GlobalPooling()),
            Dense(units=32),
        ),
    },
}


def starting_layers(inputs: Inputs) -> Mapping[str, Layers]:
    """Return lists that fit such inputs by what they are called, simplest first."""
    return {
        name: layers
        for name, layers in _STARTS[inputs.kind].items()
        # a picture may be too small for a list, or a series too short
        if not list_problems(worked_out(layers, inputs), inputs)
    }
