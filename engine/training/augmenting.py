"""Augmenting: batches of the training part as the network is to see them, and pictures of what that does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.augmentations.augmentation import Augmentation, Levels
from engine.choices import Invalid, Problem
from engine.data.images.encode import ImageEncoder
from engine.data.prepared import Prepared
from engine.experiment import Experiment
from engine.randomness import derive
from engine.tasks.task import Batch
from engine.training.devices import pick, seed_step, settled


def augmenter(
    augmentations: Sequence[Augmentation], data: Prepared, inputs: Tensor, device: torch.device
) -> Callable[[Batch], Batch]:
    """Return what changes a batch on `device` by all augmentations in turn.

    `inputs` are all of the training part, wherever they lie.
    """
    if not augmentations:
        # Nothing to do, and no levels to be worked out from all of the training part.
        return lambda batch: batch
    levels = _levels(data, inputs, device)

    def augment(batch: Batch) -> Batch:
        for one in augmentations:
            batch = one.augment(batch, levels)
        return batch

    return augment


def _levels(data: Prepared, inputs: Tensor, device: torch.device) -> Levels:
    """Return what the inputs of the training part (N, *shape) mean, on the device of the batches."""
    if data.description.inputs.kind != "image":
        # only pictures have black and white; the augmentations of others look at the device alone
        nothing = torch.zeros(1, device=device)
        return Levels(nothing, nothing + 1, nothing)
    encoder = _encoder(data)
    offset, scale = (
        torch.tensor(values, device=device).view(-1, 1, 1) for values in (encoder.offset, encoder.scale)
    )
    return Levels(-offset / scale, (255 - offset) / scale, inputs.mean((0, 2, 3)).to(device).view(-1, 1, 1))


def variants(experiment: Experiment, data: Prepared, count: int, each: int) -> NDArray[np.uint8]:
    """Return training pictures (count, 1 + each, height, width, channels): as they are, then augmented.

    The pictures are spread evenly over the training part; fewer where it holds fewer. Raises Invalid with
    what does not fit the data.
    """
    if data.description.inputs.kind != "image":
        raise Invalid([Problem("data", "only changes of pictures can be shown")])
    # what else is wrong with the experiment need not be mended to look at pictures
    experiment.refuse_misfits(data.description, "augmentations.")
    device = pick("cpu")
    # the program's generators stay as they are; devices=[], or torch would wake every card to keep its state
    with settled(device, torch.get_num_threads()), torch.random.fork_rng(devices=[]), torch.no_grad():
        seed_step(device.torch, derive(experiment.seed, "variants"))
        examples = data.train
        inputs, targets = torch.from_numpy(examples.inputs), torch.from_numpy(examples.targets)
        chosen = torch.linspace(0, len(inputs) - 1, min(count, len(inputs))).round().long()
        some = Batch(inputs[chosen], targets[chosen], data.description.targets)
        augment = augmenter(experiment.augmentations, data, inputs, device.torch)
        found = [augment(some).inputs for _ in range(each)]
        return _pixels(torch.stack([some.inputs, *found], dim=1), _encoder(data))


def _encoder(data: Prepared) -> ImageEncoder:
    encoder = data.preprocessor.encoder
    if not isinstance(encoder, ImageEncoder):
        raise TypeError(f"inputs are images, but {encoder.what} were encoded")
    return encoder


def _pixels(inputs: Tensor, encoder: ImageEncoder) -> NDArray[np.uint8]:
    """Return inputs (..., channels, height, width) as pixels (..., height, width, channels)."""
    values = inputs.movedim(-3, -1) * torch.tensor(encoder.scale) + torch.tensor(encoder.offset)
    return values.round().clamp(0, 255).to(torch.uint8).numpy()
