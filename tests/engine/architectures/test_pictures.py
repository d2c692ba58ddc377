"""Pictures that are too small for an architecture, and settings that cannot be."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.architectures.architecture import Architecture
from engine.architectures.images.alexnet import AlexNet
from engine.architectures.images.cnn import Cnn
from engine.architectures.images.densenet import DenseNet
from engine.architectures.images.googlenet import GoogLeNet
from engine.architectures.images.inception import Inception
from engine.architectures.images.lenet import LeNet
from engine.architectures.images.mobilenet_v2 import MobileNetV2
from engine.architectures.images.resnet import ResNet
from engine.architectures.images.vgg import Vgg
from engine.choices import fields
from engine.data.about import About
from engine.data.description import Inputs, Outputs
from engine.networks.images.mobilenet import multiple_of_8

LEAST: list[tuple[Architecture, int]] = [
    (Cnn(), 4), (Cnn(padding="none"), 10), (Cnn(pooling="none", padding="none"), 5), (Cnn(pool_every=2), 2),
    (LeNet(), 4), (LeNet(padding="first"), 12), (LeNet(padding="none"), 16),
    (AlexNet(), 8), (AlexNet(stem="original"), 63),
    (Vgg(), 8), (Vgg(convolutions=(2, 2, 3, 3, 3)), 32),
    (DenseNet(), 4), (DenseNet(stem="original"), 13),
    (Inception(), 1), (GoogLeNet(), 1), (GoogLeNet(stem="original"), 1),
    (ResNet(), 1), (ResNet(stem="original"), 1),
    (MobileNetV2(), 1), (MobileNetV2(stem="original"), 1),
]  # fmt: skip


@pytest.mark.parametrize(("architecture", "least"), LEAST, ids=str)
def test_that_a_network_is_built_for_pictures_of_the_least_size_and_refused_below(
    architecture: Architecture, least: int
) -> None:
    inputs = Inputs("image", (1, least, least + 3))
    assert not architecture.problems(About(inputs))
    with torch.device("meta"):
        assert architecture.build(inputs, Outputs(2))(torch.empty(2, *inputs.shape)).shape == (2, 2)
    if least > 1:
        (problem,) = architecture.problems(About(Inputs("image", (1, least + 3, least - 1))))
        assert problem.path in {field.name for field in fields(type(architecture))}
        assert f"{least + 3} × {least - 1} pixels" in problem.message


@given(
    height=st.integers(1, 40), width=st.integers(1, 40), depth=st.integers(1, 6),
    pool_every=st.integers(1, 3), pooling=st.sampled_from(["max", "min", "average", "none"]),
    kernel=st.sampled_from([1, 3, 5]), padding=st.sampled_from(["same", "first", "none"]),
)  # fmt: skip
def test_that_a_cnn_has_a_problem_exactly_where_nothing_of_the_picture_is_left(
    height: int, width: int, depth: int, pool_every: int, pooling: Any, kernel: int, padding: Any
) -> None:
    architecture = Cnn(
        channels=(2,) * depth,
        dense=(),
        pooling=pooling,
        pool_every=pool_every,
        kernel=kernel,
        padding=padding,
    )
    left = min(height, width)
    for number in range(1, depth + 1):
        if padding == "none" or (padding == "first" and number > 1):
            left -= kernel - 1
        if pooling != "none" and number % pool_every == 0:
            left //= 2
    inputs = Inputs("image", (1, height, width))
    assert bool(architecture.problems(About(inputs))) is (left < 1)
    if left > 0:
        with torch.device("meta"):
            assert architecture.build(inputs, Outputs(2))(torch.empty(1, *inputs.shape)).shape == (1, 2)


@pytest.mark.parametrize("choice", [Cnn, LeNet])
def test_that_a_filter_has_a_middle(choice: type[Architecture]) -> None:
    with pytest.raises(ValidationError, match="try 5"):
        choice.model_validate({"kernel": 4})


def test_that_a_module_can_share_its_channels_among_its_branches() -> None:
    with pytest.raises(ValidationError, match=r"multiple of 16.* not 40; try 32"):
        Inception(channels=(32, 40))


@given(st.floats(0.5, 5000))
def test_that_channels_are_a_multiple_of_8_and_never_much_fewer(channels: float) -> None:
    found = multiple_of_8(channels)
    assert found % 8 == 0
    assert found >= 0.9 * channels
    assert found <= max(8, channels + 8)
