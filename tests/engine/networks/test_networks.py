"""The modules that networks are made of."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from engine.networks.activations import activation
from engine.networks.finish import Finish
from engine.networks.normalization import BatchNorm, normalization

SHAPES = [(8, 3), (4, 3, 5), (4, 3, 5, 6)]


def drawn(shape: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(2, 3, shape))


def along(vector: np.ndarray, axes: int) -> np.ndarray:
    """The vector of channels, shaped to meet (B, channels, ...)."""
    return vector.reshape(1, -1, *[1] * (axes - 2))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_that_batch_normalization_follows_its_formula_and_keeps_running_statistics(
    shape: tuple[int, ...],
) -> None:
    layer = BatchNorm(3)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([1.0, 2.0, 0.5]))
        layer.bias.copy_(torch.tensor([0.0, -1.0, 3.0]))
    gain, shift = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    axes = tuple(axis for axis in range(len(shape)) if axis != 1)
    mean, variance = np.zeros(3), np.ones(3)
    for step in range(3):
        x = drawn(shape, step)
        values = x.double().numpy()
        found = layer(x).detach().numpy()
        scale = np.sqrt(along(values.var(axes), len(shape)) + 1e-5)
        expected = (values - along(values.mean(axes), len(shape))) / scale
        expected = expected * along(gain, len(shape)) + along(shift, len(shape))
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
        mean = 0.9 * mean + 0.1 * values.mean(axes)
        variance = 0.9 * variance + 0.1 * values.var(axes, ddof=1)
    np.testing.assert_allclose(layer.running_mean.numpy(), mean, rtol=1e-9)
    np.testing.assert_allclose(layer.running_var.numpy(), variance, rtol=1e-9)
    x = drawn(shape, 9)
    expected = (x.double().numpy() - along(mean, len(shape))) / np.sqrt(along(variance, len(shape)) + 1e-5)
    expected = expected * along(gain, len(shape)) + along(shift, len(shape))
    np.testing.assert_allclose(layer.eval()(x).detach().numpy(), expected, rtol=1e-9, atol=1e-9)


def test_that_a_lone_example_is_normalised_with_the_running_statistics_and_leaves_them() -> None:
    layer = BatchNorm(3)
    layer(drawn((8, 3)))
    kept = layer.running_mean.clone(), layer.running_var.clone()
    lone = drawn((1, 3), 1)
    while_training = layer(lone)
    assert torch.equal(while_training, layer.eval()(lone))
    assert torch.equal(layer.running_mean, kept[0])
    assert torch.equal(layer.running_var, kept[1])


def test_that_a_lone_picture_has_a_variance_of_its_own() -> None:
    found = BatchNorm(3)(drawn((1, 3, 5, 6)))
    np.testing.assert_allclose(found.detach().numpy().mean((0, 2, 3)), 0, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_that_layer_normalization_levels_every_example_by_itself(shape: tuple[int, ...]) -> None:
    layer = normalization("layer", 3)
    assert layer is not None
    found = layer(drawn(shape)).detach().double().numpy().reshape(shape[0], -1)
    np.testing.assert_allclose(found.mean(1), 0, atol=1e-9)
    np.testing.assert_allclose(found.var(1), 1, rtol=1e-3)


def test_that_what_is_not_chosen_is_no_layer() -> None:
    assert normalization("none", 3) is None
    assert Finish().bend(3) == {}
    assert Finish().drop() == {}
    chosen = Finish("tanh", "batch", 0.25)
    assert list(chosen.bend(3)) == ["normalization", "activation"]
    assert [module.p for module in chosen.drop().values() if isinstance(module, nn.Dropout)] == [0.25]


def test_that_a_name_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError):
        activation("reluu")
    with pytest.raises(KeyError):
        normalization("bach", 3)
