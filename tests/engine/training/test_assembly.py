"""Assembling: one flat vector behind the network, weights drawn by name, nothing taken from elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engine.choices import Invalid
from engine.randomness import derive
from engine.training.assemble import ALIGNMENT, assemble
from engine.training.control import Control
from engine.training.devices import DeviceName, pick
from engine.training.loop import train
from engine.training.model import fans
from engine.training.plan import Plan
from tests.engine.training.support import (
    CNN,
    MLP,
    assembled,
    assert_same_tensors,
    experiment_of,
    made_of,
    prepared_for,
)

BOTH = pytest.mark.parametrize("values", [MLP, CNN])


@BOTH
def test_that_parameters_and_gradients_are_views_into_one_vector_each(values: dict[str, Any]) -> None:
    assembly = assembled(experiment_of(values))
    flat, parameters = assembly.flat, dict(assembly.model.network.named_parameters())
    assert [place.name for place in flat.layout] == list(parameters)
    for place in flat.layout:
        parameter = parameters[place.name]
        assert parameter.data_ptr() == flat.parameters[place.start :].data_ptr()
        assert parameter.grad is not None
        assert parameter.grad.data_ptr() == flat.gradient[place.start :].data_ptr()
        assert place.start % ALIGNMENT == 0
        assert tuple(parameter.shape) == place.shape
    assert assembly.parameters == sum(parameter.numel() for parameter in parameters.values())


@BOTH
def test_that_a_backward_pass_fills_the_flat_gradient_and_leaves_gaps_at_0(values: dict[str, Any]) -> None:
    assembly = assembled(experiment_of(values))
    assembly.model.set_training(True)
    inputs, targets = (part["train"][:20] for part in (assembly.inputs, assembly.targets))
    assembly.model.losses(assembly.model.batch(inputs, targets)).mean().backward()
    gaps = torch.ones_like(assembly.flat.gradient, dtype=torch.bool)
    for place in assembly.flat.layout:
        assert assembly.flat.gradient[place.start : place.end].any(), place.name
        gaps[place.start : place.end] = False
    assert not assembly.flat.gradient[gaps].any()
    assert not assembly.flat.parameters[gaps].any()


@BOTH
def test_that_the_mask_marks_weights_and_neither_biases_nor_gains(values: dict[str, Any]) -> None:
    assembly = assembled(experiment_of(values))
    parameters = dict(assembly.model.network.named_parameters())
    for place in assembly.flat.layout:
        mask = assembly.flat.mask[place.start : place.end]
        assert (mask == float(parameters[place.name].dim() >= 2)).all()
    assert assembly.flat.mask.sum() == sum(p.numel() for p in parameters.values() if p.dim() >= 2)


@BOTH
def test_that_weights_are_drawn_from_seed_and_name_biases_are_0_and_gains_1(values: dict[str, Any]) -> None:
    experiment = experiment_of(values)
    assembly = assembled(experiment)
    for name, parameter in assembly.model.network.named_parameters():
        if parameter.dim() >= 2:
            generator = torch.Generator().manual_seed(derive(experiment.seed, "initialise", name))
            shape = tuple(parameter.shape)
            assert torch.equal(parameter.data, experiment.initializer.draw(shape, *fans(shape), generator))
        else:
            assert (parameter == (0 if name.endswith("bias") else 1)).all(), name


@BOTH
def test_that_drawn_biases_lie_within_one_by_the_root_of_the_connections_into_their_unit(
    values: dict[str, Any],
) -> None:
    initializer = {"kind": "he_normal", "biases": "uniform"}
    network = assembled(experiment_of(values, initializer=initializer)).model.network
    shares = torch.cat(
        [
            module.bias.detach() * module.weight[0].numel() ** 0.5
            for module in network.modules()
            if isinstance(module, torch.nn.Linear | torch.nn.Conv2d) and module.bias is not None
        ]
    )
    assert shares.abs().max() <= 1
    assert shares.std().item() == pytest.approx(3**-0.5, rel=0.25)


@pytest.mark.parametrize(
    ("shape", "expected"), [((5, 3), (3, 5)), ((8, 4, 3, 3), (36, 72)), ((6, 2, 5), (10, 30))]
)
def test_that_fans_count_the_connections_of_a_unit(shape: tuple[int, ...], expected: tuple[int, int]) -> None:
    assert fans(shape) == expected


@BOTH
def test_that_assembling_takes_no_number_from_the_default_generator(values: dict[str, Any]) -> None:
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    one = assembled(experiment_of(values))
    assert torch.equal(torch.rand(3), expected)
    other = assembled(experiment_of(values))
    assert torch.equal(one.flat.parameters, other.flat.parameters)


def test_that_another_seed_draws_other_weights() -> None:
    prepared = prepared_for(experiment_of(MLP))
    one, other = (assembled(experiment_of(MLP, seed=seed), prepared) for seed in (3, 4))
    assert not torch.equal(one.flat.parameters, other.flat.parameters)


def test_that_what_does_not_fit_is_refused_with_every_problem() -> None:
    experiment = experiment_of(MLP, architecture={"kind": "cnn"}, augmentations=[{"kind": "flip"}])
    with pytest.raises(Invalid) as caught:
        assembled(experiment)
    paths = {problem.path for problem in caught.value.problems}
    assert {"architecture.kind", "augmentations.0.kind"} <= paths


def test_that_a_batch_is_at_most_all_the_examples_there_are() -> None:
    whole = assembled(experiment_of(MLP, training={"batch_size": 100_000}))
    assert whole.plan.batch_size == whole.description.train
    assert whole.plan.steps_per_epoch == 1


def test_that_too_little_memory_is_told_with_a_smaller_batch_size(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise RuntimeError(
            "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
        )

    monkeypatch.setattr("engine.training.assemble._flatten", full)
    with pytest.raises(Invalid, match="lower the batch size, for instance to 16") as caught:
        assembled(experiment_of(MLP))
    assert caught.value.problems[0].path == "training.batch_size"


def test_that_a_network_larger_than_memory_is_refused_before_it_is_built() -> None:
    experiment = experiment_of(MLP, architecture={"kind": "mlp", "hidden": [16384] * 100})
    with pytest.raises(Invalid, match="fewer or smaller layers") as caught:
        assembled(experiment)
    assert caught.value.problems[0].path == "architecture"


def test_that_data_on_the_device_is_a_copy() -> None:
    inputs = np.zeros((8, 2), np.float32)
    prepared = made_of(inputs, np.arange(8) % 2, validation=2, classes=2)
    assembly = assembled(experiment_of(MLP, training={"batch_size": 4}), prepared)
    prepared.train.inputs[:] = 1
    assert not assembly.inputs["train"].any()
    assert set(assembly.inputs) == {"train", "validation"}


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
@pytest.mark.parametrize("case", [MLP, {**CNN, "augmentations": [{"kind": "shift"}]}], ids=["mlp", "cnn"])
def test_that_data_kept_in_the_memory_of_the_machine_gives_the_same_bits(
    case: dict[str, Any], device: DeviceName
) -> None:
    experiment = experiment_of(case)
    plan, on = Plan(experiment, prepared_for(experiment)), pick(device)
    ends = []
    for memory in ("device", "host"):
        assembly = assemble(plan, on, memory)
        assert assembly.inputs["train"].device.type == (device if memory == "device" else "cpu")
        for _ in train(assembly, None, Control(), lambda checkpoint: None, {}):
            pass
        ends.append(assembly.model.tensors())
    assert_same_tensors(*ends)
