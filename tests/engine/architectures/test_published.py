"""Sizes and names of well-known networks are the published ones; on the meta device, so they cost nothing.

Sources: the papers, and the public weight files of torchvision (its documentation lists the counts).
"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from engine.architectures.architecture import Architecture
from engine.architectures.images.alexnet import AlexNet
from engine.architectures.images.cnn import Cnn
from engine.architectures.images.densenet import DenseNet
from engine.architectures.images.googlenet import GoogLeNet
from engine.architectures.images.lenet import LeNet
from engine.architectures.images.mobilenet_v2 import MobileNetV2
from engine.architectures.images.resnet import ResNet
from engine.architectures.images.vgg import Vgg
from engine.data.about import About
from engine.data.description import Inputs, Outputs
from engine.networks.finish import Finish
from engine.networks.images.inception import InceptionModule, even

PAPER: dict[str, Any] = {"stem": "original"}
WIDE: dict[str, Any] = {"width": 64, "dense": (4096, 4096)}
PHOTOGRAPH = (3, 224, 224)

RESNET_18 = ResNet(**PAPER, blocks=(2, 2, 2, 2), width=64)
RESNET_50 = ResNet(**PAPER, blocks=(3, 4, 6, 3), width=64, block="bottleneck")
MOBILENET = MobileNetV2(**PAPER, blocks=(1, 2, 3, 4, 3, 3, 1), width=1.0)

PUBLISHED: list[tuple[str, Architecture, tuple[int, ...], int, int]] = [
    ("LeNet-5, 28 × 28", LeNet(padding="first"), (1, 28, 28), 10, 61_706),
    ("LeNet-5, 32 × 32", LeNet(padding="none"), (1, 32, 32), 10, 61_706),
    ("3, 32, 64, 128, 10", Cnn(channels=(32, 64), dense=(128,)), (3, 24, 24), 10, 315_722),
    ("1, 32, 64, 128, 10", Cnn(channels=(32, 64), dense=(128,), padding="none", pool_every=2), (1, 28, 28),
     10, 1_199_882),
    ("AlexNet", AlexNet(**PAPER, channels=(64, 192, 384, 256, 256), dense=(4096, 4096)), PHOTOGRAPH, 1000,
     61_100_840),
    ("VGG-11", Vgg(convolutions=(1, 1, 2, 2, 2), **WIDE), PHOTOGRAPH, 1000, 132_863_336),
    ("VGG-13", Vgg(convolutions=(2, 2, 2, 2, 2), **WIDE), PHOTOGRAPH, 1000, 133_047_848),
    ("VGG-16", Vgg(convolutions=(2, 2, 3, 3, 3), **WIDE), PHOTOGRAPH, 1000, 138_357_544),
    ("VGG-19", Vgg(convolutions=(2, 2, 4, 4, 4), **WIDE), PHOTOGRAPH, 1000, 143_667_240),
    ("VGG-16, normalized", Vgg(convolutions=(2, 2, 3, 3, 3), normalization="batch", **WIDE), PHOTOGRAPH, 1000,
     138_365_992),
    ("ResNet-18", RESNET_18, PHOTOGRAPH, 1000, 11_689_512),
    ("ResNet-34", ResNet(**PAPER, blocks=(3, 4, 6, 3), width=64), PHOTOGRAPH, 1000, 21_797_672),
    ("ResNet-50", RESNET_50, PHOTOGRAPH, 1000, 25_557_032),
    ("DenseNet-121", DenseNet(**PAPER, layers=(6, 12, 24, 16), growth=32), PHOTOGRAPH, 1000, 7_978_856),
    ("DenseNet-169", DenseNet(**PAPER, layers=(6, 12, 32, 32), growth=32), PHOTOGRAPH, 1000, 14_149_480),
    ("GoogLeNet, without normalization", GoogLeNet(**PAPER, width=1, normalization="none"), PHOTOGRAPH, 1000,
     6_998_552),
    ("MobileNetV2", MOBILENET, PHOTOGRAPH, 1000, 3_504_872),
]  # fmt: skip


def sketched(
    architecture: Architecture, shape: tuple[int, ...] = PHOTOGRAPH, outputs: int = 1000
) -> nn.Module:
    inputs = Inputs("image", shape)
    assert not architecture.problems(About(inputs))
    with torch.device("meta"):
        network = architecture.build(inputs, Outputs(outputs))
        assert network.eval()(torch.empty(1, *shape)).shape == (1, outputs)
    return network


def shapes(architecture: Architecture) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in sketched(architecture).named_parameters()}


@pytest.mark.parametrize(
    ("architecture", "shape", "outputs", "count"),
    [case[1:] for case in PUBLISHED],
    ids=[case[0] for case in PUBLISHED],
)
def test_that_a_well_known_network_has_the_published_number_of_parameters(
    architecture: Architecture, shape: tuple[int, ...], outputs: int, count: int
) -> None:
    assert (
        sum(parameter.numel() for parameter in sketched(architecture, shape, outputs).parameters()) == count
    )


def test_that_the_first_inception_module_has_the_parameters_of_the_papers_table() -> None:
    """Table 1 has 159K for module 3a, which counts weights alone, in units of 1024."""
    module = InceptionModule(192, even(256), "max", Finish("relu"))
    weights = sum(parameter.numel() for parameter in module.parameters() if parameter.dim() > 1)
    assert weights // 1024 == 159
    assert module(torch.zeros(1, 192, 4, 4)).shape == (1, 256, 4, 4)


def test_that_googlenet_has_the_sizes_of_the_papers_table() -> None:
    """Table 1. Its numbers of weights do not follow from its widths; those of the whole are checked above."""
    wanted = {
        "convolution_1": (64, 112, 112), "pooling_1": (64, 56, 56),
        "convolution_2a": (64, 56, 56), "convolution_2b": (192, 56, 56), "pooling_2": (192, 28, 28),
        "module_3a": (256, 28, 28), "module_3b": (480, 28, 28), "pooling_3": (480, 14, 14),
        "module_4a": (512, 14, 14), "module_4b": (512, 14, 14), "module_4c": (512, 14, 14),
        "module_4d": (528, 14, 14), "module_4e": (832, 14, 14), "pooling_4": (832, 7, 7),
        "module_5a": (832, 7, 7), "module_5b": (1024, 7, 7), "average": (1024, 1, 1),
        "flatten": (1024,), "dropout": (1024,), "output": (1000,),
    }  # fmt: skip
    with torch.device("meta"):
        network = GoogLeNet(**PAPER, width=1).build(Inputs("image", PHOTOGRAPH), Outputs(1000))
        x = torch.empty(2, *PHOTOGRAPH)
    found = {}
    for name, part in network.named_children():
        x = part(x)
        found[name] = tuple(x.shape[1:])
    assert found == wanted


def normalization(name: str, channels: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (channels,), f"{name}.bias": (channels,)}


def test_that_parameters_of_resnet_18_are_named_and_shaped_as_in_the_public_file() -> None:
    expected = {"conv1.weight": (64, 3, 7, 7), **normalization("bn1", 64)}
    before = 64
    for stage, width in enumerate((64, 128, 256, 512), 1):
        for block in (0, 1):
            name = f"layer{stage}.{block}"
            expected |= {f"{name}.conv1.weight": (width, before, 3, 3), **normalization(f"{name}.bn1", width)}
            expected |= {f"{name}.conv2.weight": (width, width, 3, 3), **normalization(f"{name}.bn2", width)}
            if before != width:
                expected |= {f"{name}.downsample.0.weight": (width, before, 1, 1)}
                expected |= normalization(f"{name}.downsample.1", width)
            before = width
    expected |= {"fc.weight": (1000, 512), "fc.bias": (1000,)}
    assert list(shapes(RESNET_18).items()) == list(expected.items())


def test_that_parameters_of_resnet_50_are_named_and_shaped_as_in_the_public_file() -> None:
    found = shapes(RESNET_50)
    assert len(found) == 161
    assert found["layer1.0.conv1.weight"] == (64, 64, 1, 1)
    assert found["layer1.0.conv2.weight"] == (64, 64, 3, 3)
    assert found["layer1.0.conv3.weight"] == (256, 64, 1, 1)
    assert found["layer1.0.downsample.0.weight"] == (256, 64, 1, 1)
    assert found["layer4.2.conv1.weight"] == (512, 2048, 1, 1)
    assert found["fc.weight"] == (1000, 2048)


def test_that_parameters_of_mobilenet_v2_are_named_and_shaped_as_in_the_public_file() -> None:
    outputs = [16, *[24] * 2, *[32] * 3, *[64] * 4, *[96] * 3, *[160] * 3, 320]
    expected = {"features.0.0.weight": (32, 3, 3, 3), **normalization("features.0.1", 32)}
    before = 32
    for number, after in enumerate(outputs, 1):
        name, wide, position = f"features.{number}.conv", before, 0
        if number > 1:
            wide, position = 6 * before, 1
            expected |= {f"{name}.0.0.weight": (wide, before, 1, 1), **normalization(f"{name}.0.1", wide)}
        expected |= {f"{name}.{position}.0.weight": (wide, 1, 3, 3)}
        expected |= normalization(f"{name}.{position}.1", wide)
        expected |= {f"{name}.{position + 1}.weight": (after, wide, 1, 1)}
        expected |= normalization(f"{name}.{position + 2}", after)
        before = after
    expected |= {"features.18.0.weight": (1280, 320, 1, 1), **normalization("features.18.1", 1280)}
    expected |= {"classifier.1.weight": (1000, 1280), "classifier.1.bias": (1000,)}
    assert list(shapes(MOBILENET).items()) == list(expected.items())


def test_that_running_statistics_carry_the_public_names() -> None:
    buffers = {name for name, _ in sketched(RESNET_18).named_buffers()}
    assert {"bn1.running_mean", "bn1.running_var", "layer2.0.downsample.1.running_var"} <= buffers
