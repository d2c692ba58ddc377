"""Every architecture against its paper, written plainly: same weights, same outputs.

The references call functions on the tensors of the network by name, layer by layer as the paper's table has
them; they share no module with the engine. In float64, so that many layers do not add up rounding errors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d, relu, relu6

from engine.architectures.architecture import Architecture
from engine.architectures.deep_linear import DeepLinear
from engine.architectures.images.alexnet import AlexNet
from engine.architectures.images.cnn import Cnn
from engine.architectures.images.densenet import DenseNet
from engine.architectures.images.googlenet import GoogLeNet
from engine.architectures.images.inception import Inception
from engine.architectures.images.lenet import LeNet
from engine.architectures.images.mobilenet_v2 import MobileNetV2
from engine.architectures.images.resnet import ResNet
from engine.architectures.images.vgg import Vgg
from engine.architectures.linear import Linear
from engine.architectures.mlp import Mlp
from engine.architectures.residual_mlp import ResidualMlp
from engine.data.about import About
from engine.data.description import Inputs
from tests.engine.architectures.reference import Weights, batch, convolved, dense, drawn, normalized
from tests.engine.every import choices

VECTOR = Inputs("vector", (5,))
Reference = Callable[[Weights, Tensor], Tensor]


def image(channels: int, height: int, width: int) -> Inputs:
    return Inputs("image", (channels, height, width))


def smallest(x: Tensor) -> Tensor:
    """The smallest of every 2 × 2 square, by indices."""
    height, width = x.shape[2] // 2 * 2, x.shape[3] // 2 * 2
    corners = [x[:, :, i:height:2, j:width:2] for i in (0, 1) for j in (0, 1)]
    return torch.stack(corners).amin(0)


def linear(w: Weights, x: Tensor) -> Tensor:
    return dense(w, "output", x)


def mlp(w: Weights, x: Tensor) -> Tensor:
    x = relu(dense(w, "hidden_1.linear", x))
    return dense(w, "output", relu(dense(w, "hidden_2.linear", x)))


def deep_linear(w: Weights, x: Tensor) -> Tensor:
    for name in ("hidden_1.linear", "hidden_2.linear", "hidden_3.linear", "output"):
        x = dense(w, name, x)
    return x


def residual_mlp(w: Weights, x: Tensor) -> Tensor:
    h = dense(w, "input", x)
    for block in ("block_1.residual", "block_2.residual"):
        inside = relu(dense(w, f"{block}.expand", normalized(w, f"{block}.normalization", h)))
        h = h + dense(w, f"{block}.shrink", inside)
    return dense(w, "output", relu(normalized(w, "normalization", h)))


def lenet(w: Weights, x: Tensor) -> Tensor:
    """C1, S2, C3, S4, C5, F6 and the output of section II.B, on 32 × 32 pixels."""
    x = avg_pool2d(torch.tanh(convolved(w, "convolution_1.convolution", x)), 2)
    assert x.shape[1:] == (6, 14, 14)
    x = avg_pool2d(torch.tanh(convolved(w, "convolution_2.convolution", x)), 2)
    assert x.shape[1:] == (16, 5, 5)
    x = torch.tanh(dense(w, "dense_1.linear", x.flatten(1)))
    return dense(w, "output", torch.tanh(dense(w, "dense_2.linear", x)))


def classic(w: Weights, x: Tensor) -> Tensor:
    """Colour pictures of 24 × 24 pixels, 32 and 64 filters, each pooled, 128 units, 10 classes."""
    x = smallest(relu(convolved(w, "convolution_1.convolution", x, padding=1)))
    x = smallest(relu(convolved(w, "convolution_2.convolution", x, padding=1)))
    assert x.shape[1:] == (64, 6, 6)
    return dense(w, "output", relu(dense(w, "dense_1.linear", x.flatten(1))))


def pooled_once(w: Weights, x: Tensor) -> Tensor:
    """28 × 28 pixels become 24 × 24 by two convolutions without padding, and are then pooled."""
    x = relu(convolved(w, "convolution_1.convolution", x))
    x = relu(convolved(w, "convolution_2.convolution", x))
    assert x.shape[1:] == (64, 24, 24)
    return dense(w, "output", relu(dense(w, "dense_1.linear", max_pool2d(x, 2).flatten(1))))


def alexnet(w: Weights, x: Tensor) -> Tensor:
    """The layers of Krizhevsky 2014, one tower."""
    x = max_pool2d(relu(convolved(w, "features.0", x, 4, 2)), 3, 2)
    x = max_pool2d(relu(convolved(w, "features.3", x, 1, 2)), 3, 2)
    x = relu(convolved(w, "features.6", x, 1, 1))
    x = relu(convolved(w, "features.8", x, 1, 1))
    x = max_pool2d(relu(convolved(w, "features.10", x, 1, 1)), 3, 2)
    x = relu(dense(w, "classifier.1", x.flatten(1)))
    return dense(w, "classifier.6", relu(dense(w, "classifier.4", x)))


def small_alexnet(w: Weights, x: Tensor) -> Tensor:
    x = max_pool2d(relu(convolved(w, "features.0", x, 1, 2)), 2)
    x = max_pool2d(relu(convolved(w, "features.3", x, 1, 2)), 2)
    x = relu(convolved(w, "features.6", x, 1, 1))
    x = relu(convolved(w, "features.8", x, 1, 1))
    x = max_pool2d(relu(convolved(w, "features.10", x, 1, 1)), 2)
    x = relu(dense(w, "classifier.1", x.flatten(1)))
    return dense(w, "classifier.6", relu(dense(w, "classifier.4", x)))


def vgg_11(w: Weights, x: Tensor) -> Tensor:
    """Column A of Table 1, with batch normalization as the public vgg11_bn has it."""
    for row in ((0,), (4,), (8, 11), (15, 18), (22, 25)):
        for number in row:
            x = convolved(w, f"features.{number}", x, padding=1)
            x = relu(normalized(w, f"features.{number + 1}", x))
        x = max_pool2d(x, 2)
    x = relu(dense(w, "classifier.0", x.flatten(1)))
    return dense(w, "classifier.6", relu(dense(w, "classifier.3", x)))


def inception_layer(w: Weights, name: str, x: Tensor, stride: int = 1) -> Tensor:
    kernel = w[f"{name}.convolution.weight"].shape[-1]
    x = convolved(w, f"{name}.convolution", x, stride, kernel // 2)
    return relu(normalized(w, f"{name}.normalization", x))


def inception_module(w: Weights, name: str, x: Tensor) -> Tensor:
    """Figure 2 (b)."""
    one = inception_layer(w, f"{name}.branch_1", x)
    three = inception_layer(w, f"{name}.branch_3.1", inception_layer(w, f"{name}.branch_3.0", x))
    five = inception_layer(w, f"{name}.branch_5.1", inception_layer(w, f"{name}.branch_5.0", x))
    pooled = inception_layer(w, f"{name}.branch_pooling.1", max_pool2d(x, 3, 1, 1))
    return torch.cat([one, three, five, pooled], 1)


def inception(w: Weights, x: Tensor) -> Tensor:
    """Two stages of one module."""
    x = inception_module(w, "module_1_1", inception_layer(w, "stem", x))
    x = inception_module(w, "module_2_1", max_pool2d(x, 3, 2, 1))
    return dense(w, "output", x.mean((2, 3)))


def googlenet(*, small: bool) -> Reference:
    """Table 1, with batch normalization for the local one, without the classifiers half way up."""

    def forward(w: Weights, x: Tensor) -> Tensor:
        x = inception_layer(w, "convolution_1", x, 1 if small else 2)
        x = x if small else max_pool2d(x, 3, 2, 1)
        x = inception_layer(w, "convolution_2b", inception_layer(w, "convolution_2a", x))
        x = x if small else max_pool2d(x, 3, 2, 1)
        for name in ["3a", "3b", "-", "4a", "4b", "4c", "4d", "4e", "-", "5a", "5b"]:
            x = max_pool2d(x, 3, 2, 1) if name == "-" else inception_module(w, f"module_{name}", x)
        return dense(w, "output", x.mean((2, 3)))

    return forward


def resnet(convolutions: int, *, small: bool) -> Reference:
    """Table 1 with stages of 2 and 1 blocks, each of so many convolutions."""

    def block(w: Weights, name: str, x: Tensor, stride: int) -> Tensor:
        kernels, strides = ((3, 3), (stride, 1)) if convolutions == 2 else ((1, 3, 1), (1, stride, 1))
        h = x
        for number, (kernel, step) in enumerate(zip(kernels, strides, strict=True), 1):
            h = convolved(w, f"{name}.conv{number}", h, step, kernel // 2)
            h = normalized(w, f"{name}.bn{number}", h)
            h = h if number == convolutions else relu(h)
        if f"{name}.downsample.0.weight" in w:
            x = normalized(w, f"{name}.downsample.1", convolved(w, f"{name}.downsample.0", x, stride))
        return relu(h + x)

    def forward(w: Weights, x: Tensor) -> Tensor:
        x = convolved(w, "conv1", x, 1, 1) if small else convolved(w, "conv1", x, 2, 3)
        x = relu(normalized(w, "bn1", x))
        x = x if small else max_pool2d(x, 3, 2, 1)
        x = block(w, "layer1.0", x, 1)
        x = block(w, "layer1.1", x, 1)
        x = block(w, "layer2.0", x, 2)
        return dense(w, "fc", x.mean((2, 3)))

    return forward


def densenet(*, small: bool) -> Reference:
    """Table 1 with blocks of 2 and 1 layers."""

    def layer(w: Weights, name: str, x: Tensor) -> Tensor:
        h = convolved(w, f"{name}.conv1", relu(normalized(w, f"{name}.norm1", x)))
        h = convolved(w, f"{name}.conv2", relu(normalized(w, f"{name}.norm2", h)), padding=1)
        return torch.cat([x, h], 1)

    def forward(w: Weights, x: Tensor) -> Tensor:
        if small:
            x = convolved(w, "features.conv0", x, 1, 1)
        else:
            x = relu(normalized(w, "features.norm0", convolved(w, "features.conv0", x, 2, 3)))
            x = max_pool2d(x, 3, 2, 1)
        x = layer(w, "features.denseblock1.denselayer1", x)
        x = layer(w, "features.denseblock1.denselayer2", x)
        between = relu(normalized(w, "features.transition1.norm", x))
        x = avg_pool2d(convolved(w, "features.transition1.conv", between), 2)
        x = layer(w, "features.denseblock2.denselayer1", x)
        return dense(w, "classifier", relu(normalized(w, "features.norm5", x)).mean((2, 3)))

    return forward


def mobilenet_v2(strides: dict[int, int], first: int) -> Reference:
    """Table 2 with the blocks of the paper; `strides` of those blocks that have one."""

    def forward(w: Weights, x: Tensor) -> Tensor:
        x = relu6(normalized(w, "features.0.1", convolved(w, "features.0.0", x, first, 1)))
        for number in range(1, 18):
            name, h, stride = f"features.{number}.conv", x, strides.get(number, 1)
            if number > 1:
                h = relu6(normalized(w, f"{name}.0.1", convolved(w, f"{name}.0.0", h)))
            last = 1 if number > 1 else 0
            h = convolved(w, f"{name}.{last}.0", h, stride, 1, groups=h.shape[1])
            h = relu6(normalized(w, f"{name}.{last}.1", h))
            h = normalized(w, f"{name}.{last + 2}", convolved(w, f"{name}.{last + 1}", h))
            x = x + h if stride == 1 and h.shape == x.shape else h
        x = relu6(normalized(w, "features.18.1", convolved(w, "features.18.0", x)))
        return dense(w, "classifier.1", x.mean((2, 3)))

    return forward


PAPER: dict[str, Any] = {"stem": "original"}
WHOLE: dict[str, Any] = {"blocks": (1, 2, 3, 4, 3, 3, 1), "width": 0.35}
STRIDES = {4: 2, 7: 2, 14: 2}

CASES: dict[str, tuple[Architecture, Inputs, Reference]] = {
    "linear": (Linear(), VECTOR, linear),
    "mlp": (Mlp(hidden=(4, 6)), VECTOR, mlp),
    "deep linear": (DeepLinear(hidden=(4, 3, 6)), VECTOR, deep_linear),
    "residual mlp": (ResidualMlp(blocks=2, width=6, inner=7), VECTOR, residual_mlp),
    "lenet": (LeNet(padding="none"), image(1, 32, 32), lenet),
    "classic": (Cnn(channels=(32, 64), dense=(128,), pooling="min"), image(3, 24, 24), classic),
    "pooled once": (
        Cnn(channels=(32, 64), dense=(128,), padding="none", pool_every=2), image(1, 28, 28), pooled_once,
    ),
    "alexnet": (
        AlexNet(**PAPER, channels=(8, 9, 10, 11, 12), dense=(13, 14)), image(3, 67, 95), alexnet,
    ),
    "small alexnet": (AlexNet(channels=(8, 9, 10, 11, 12)), image(1, 9, 17), small_alexnet),
    "vgg": (
        Vgg(convolutions=(1, 1, 2, 2, 2), width=4, dense=(9, 8), normalization="batch"), image(2, 32, 40),
        vgg_11,
    ),
    "inception": (Inception(channels=(16, 32), modules=1), image(2, 9, 8), inception),
    "googlenet": (GoogLeNet(**PAPER, width=0.1), image(2, 65, 90), googlenet(small=False)),
    "small googlenet": (GoogLeNet(width=0.1), image(2, 9, 14), googlenet(small=True)),
    "small resnet": (ResNet(blocks=(2, 1), width=4), image(2, 9, 8), resnet(2, small=True)),
    "resnet": (ResNet(**PAPER, blocks=(2, 1), width=4), image(2, 33, 40), resnet(2, small=False)),
    "bottlenecks": (
        ResNet(blocks=(2, 1), width=4, block="bottleneck"), image(2, 9, 8), resnet(3, small=True),
    ),
    "small densenet": (DenseNet(layers=(2, 1), growth=4), image(2, 9, 8), densenet(small=True)),
    "densenet": (DenseNet(**PAPER, layers=(2, 1), growth=4), image(2, 33, 40), densenet(small=False)),
    "mobilenet": (
        MobileNetV2(**PAPER, **WHOLE), image(3, 40, 33), mobilenet_v2({2: 2, **STRIDES}, first=2),
    ),
    "small mobilenet": (MobileNetV2(**WHOLE), image(3, 12, 9), mobilenet_v2(STRIDES, first=1)),
}  # fmt: skip


def test_that_every_architecture_for_vectors_and_pictures_has_an_independent_reference_here() -> None:
    referred = {architecture.kind for architecture, _, _ in CASES.values()}
    # of a list every layer has a formula of its own, in test_layer_formulas
    asked = {choice.kind for choice in choices("architectures") if choice.accepts & {"vector", "image"}}
    assert referred >= asked - {"layers"}


@pytest.mark.parametrize("case", CASES)
def test_that_an_architecture_computes_what_its_paper_says(case: str) -> None:
    architecture, inputs, reference = CASES[case]
    assert not architecture.problems(About(inputs))
    network = drawn(architecture, inputs).double().eval()
    x = batch(inputs).double()
    with torch.no_grad():
        found, expected = network(x), reference(network.state_dict(), x)
    assert found.std(0).min() > 1e-3  # outputs follow the inputs
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)
