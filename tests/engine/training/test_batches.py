"""Batches of the training part: each example once an epoch, in the order of the seed."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
import torch

from engine.data.batches import Cutting, batches_per_epoch, order
from engine.training.batches import TrainingBatches

COUNT, SEED = 23, 6
INPUTS = torch.arange(COUNT, dtype=torch.float32)[:, None].repeat(1, 3)


def batches(batch_size: int | Literal["all"], device: str = "cpu") -> TrainingBatches:
    return TrainingBatches(
        (INPUTS, torch.arange(COUNT)),
        cutting=Cutting(COUNT, ((0, batch_size),)),
        seed=SEED,
        device=torch.device(device),
    )


@pytest.mark.parametrize("batch_size", [1, 5, 22, 23, 40, "all"])
def test_that_an_epoch_is_cut_as_the_order_of_its_number_says(batch_size: int | Literal["all"]) -> None:
    found, length = batches(batch_size), batches_per_epoch(COUNT, batch_size)
    # Not one after the other: a run that goes on, or goes back, asks for any step.
    for step in reversed(range(2 * length)):
        epoch, position = divmod(step, length)
        inputs, targets = found.of(step)
        assert len(inputs) == len(targets) == found.size(step)
        assert torch.equal(inputs[:, 0].long(), targets)
        if length > 1:
            wanted = order(COUNT, batch_size, SEED, epoch)[position]
            np.testing.assert_array_equal(targets.numpy(), wanted)
        else:  # one batch is all examples, whatever their order
            assert sorted(targets.tolist()) == list(range(COUNT))


def test_that_batches_come_on_the_device_where_the_data_lies_elsewhere() -> None:
    sizes: tuple[int | Literal["all"], ...] = (5, "all")
    for size in sizes:
        assert {tensor.device.type for tensor in batches(size, "meta").of(3)} == {"meta"}
