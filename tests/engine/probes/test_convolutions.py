"""Maps and filters: what a probe shows is what the layers hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from engine.choices import Family
from engine.probes.convolutions import MOST_LAYERS, MOST_MAPS, evenly
from tests.engine.probes.toys import measured
from tests.engine.training.support import CNN, MLP, Ran, experiment_of, run


@pytest.fixture(scope="module")
def cnn() -> Ran:
    return run(experiment_of(CNN))


def test_that_maps_are_the_outputs_of_the_layers_for_the_chosen_picture(cnn: Ran) -> None:
    found = measured(cnn, "feature_maps", example=3)
    network = cnn.assembly.model.network.eval()
    inputs = torch.from_numpy(cnn.assembly.prepared.validation.inputs[3:4])
    outputs: dict[str, torch.Tensor] = {}
    for name, module in network.named_modules():
        module.register_forward_hook(lambda _m, _i, o, name=name: outputs.setdefault(name, o))
    network(inputs)
    assert found.layers
    for layer in found.layers:
        truth = outputs[layer.name][0].detach().numpy()
        low, high, channels = layer.low, layer.high, layer.channels
        assert (low, high) == (pytest.approx(truth.min()), pytest.approx(truth.max()))
        assert len(channels) == min(len(truth), MOST_MAPS)
        shown = low + (high - low) * layer.maps.astype(float) / 255
        np.testing.assert_allclose(shown, truth[channels], atol=(high - low) / 255)
        means = truth.mean((1, 2))
        assert means[channels].min() >= np.delete(means, channels).max(initial=-np.inf)


def test_that_pooling_is_shown_after_the_convolution_it_follows(cnn: Ran) -> None:
    sorts = [layer.sort for layer in measured(cnn, "feature_maps").layers]
    assert sorts[:2] == ["convolution", "pooling"]


def test_that_the_picture_is_the_one_of_the_data_and_the_last_stands_for_those_beyond(cnn: Ran) -> None:
    prepared = cnn.assembly.prepared
    found = measured(cnn, "feature_maps", example=10**7)
    last = prepared.validation.rows[-1]
    assert (found.picture == prepared.raw.pixels[last]).all()  # type: ignore[union-attr]
    assert found.truth == prepared.validation.targets[-1]


def test_that_filters_are_grey_at_zero_and_their_order_is_that_of_the_weights(cnn: Ran) -> None:
    found = measured(cnn, "filters")
    layers = [one for one in cnn.assembly.model.network.modules() if isinstance(one, nn.Conv2d)]
    assert len(found.layers) == len(layers)
    weights = layers[0].weight.detach().numpy().mean(1)
    shown = found.layers[0].filters.astype(float)
    expected = 127.5 + 127.5 * weights / np.abs(weights).max()
    np.testing.assert_allclose(shown, expected, atol=0.51)


def test_that_a_network_without_convolutions_has_neither() -> None:
    values = {**CNN, "architecture": MLP["architecture"]}
    ran = run(experiment_of(values))
    for kind in ("feature_maps", "filters"):
        assert measured(ran, kind).layers == ()


@pytest.mark.parametrize("count", [0, 1, 5, 24, 25, 400])
def test_that_layers_of_deep_networks_are_chosen_evenly_with_both_ends(count: int) -> None:
    chosen = evenly(count, MOST_LAYERS)
    assert len(chosen) == min(count, MOST_LAYERS)
    assert chosen == sorted(set(chosen))
    if count:
        assert (chosen[0], chosen[-1]) == (0, count - 1)


def test_that_both_are_for_pictures_alone(cnn: Ran) -> None:
    plane = run(experiment_of(MLP)).assembly.description
    for kind in ("feature_maps", "filters"):
        probe: Any = Family.every["probes"][kind]()
        assert probe.fits(cnn.assembly.description)
        assert not probe.fits(plane)
