"""Assembling: from an experiment and its prepared data to everything the loop needs, on one device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

import torch
from torch import Tensor

from engine.choices import Invalid
from engine.data.description import Description, PartName
from engine.data.examples import Examples
from engine.data.prepared import Prepared
from engine.events import Layer
from engine.experiment import Experiment
from engine.training.devices import Device, is_out_of_memory, out_of_memory, settled
from engine.training.finetuning.freezing import body_parameters, frozen_parameters, resting_modules
from engine.training.footprint import refuse_too_large
from engine.training.model import Model, build_model
from engine.training.plan import Plan

ALIGNMENT = 16
"""Every parameter begins at a multiple of so many floats (64 bytes), as fast matrix kernels want it."""


@dataclass(frozen=True)
class Parameter:
    """Where one parameter lies in the flat vector: its entries from `start` up to `end`."""

    name: str
    start: int
    end: int
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Flat:
    """All parameters that are trained in one vector; the network's own tensors are views into it.

    `parameters`, `gradient`, `mask`: float32 (P,) on the device. Gaps between parameters hold zeros and stay
    zero. `mask` is 1 where weight decay and its like act, 0 for biases, normalisation gains and gaps. `pace`,
    where not all learn at one rate, is the factor on the change of each.
    """

    parameters: Tensor
    gradient: Tensor
    mask: Tensor
    layout: tuple[Parameter, ...]
    pace: Tensor | None = None


@dataclass(frozen=True)
class Assembly:
    """A network ready to be trained: model, flat parameters, data on the device, and all that was chosen."""

    plan: Plan
    prepared: Prepared
    """The data as it is watched: with the training part in the place of a validation part that is empty."""
    model: Model
    flat: Flat
    buffers: Mapping[str, Tensor]
    """What the network keeps besides: running means of batch normalisation, frozen weights; by name."""
    inputs: Mapping[PartName, Tensor]
    """Inputs of the training and the validation part on the device; the test part stays where it is."""
    targets: Mapping[PartName, Tensor]

    @property
    def experiment(self) -> Experiment:
        """Return all that was chosen."""
        return self.plan.experiment

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Return the network's layers in the order in which an example passes them."""
        return self.plan.blueprint.layers

    @property
    def device(self) -> Device:
        """Return the device the network is on."""
        return self.model.device

    @property
    def description(self) -> Description:
        """Return the facts about the data."""
        return self.model.description

    @property
    def parameters(self) -> int:
        """Return how many numbers the network's weights are, learnt or frozen."""
        return sum(parameter.numel() for parameter in self.model.network.parameters())

    @property
    def frozen(self) -> int:
        """Return how many of them are not learnt."""
        return self.parameters - sum(place.end - place.start for place in self.flat.layout)

    @property
    def epochs(self) -> int:
        """Return the number of epochs the run is planned for, over which schedules stretch."""
        return self.experiment.training.epochs


def assemble(plan: Plan, device: Device) -> Assembly:
    """Put the planned network and the data on `device`, weights as the initializer draws them.

    Call it in the thread that will train. Raises Invalid when the device's memory is too small.
    """
    try:
        with settled(device, torch.get_num_threads()):
            return _assemble(plan, device)
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        raise Invalid([out_of_memory(device, plan.batch_size)]) from error


def _assemble(plan: Plan, device: Device) -> Assembly:
    refuse_too_large(plan, device)
    experiment, prepared, layers = plan.experiment, plan.prepared.watched(), plan.blueprint.layers
    model = _frozen(build_model(experiment, plan.description, device), experiment, layers)
    parts: tuple[PartName, ...] = ("train", "validation")
    return Assembly(
        plan=plan,
        prepared=prepared,
        model=model,
        flat=_paced(_flatten(model), model, experiment.start.body_rate, layers),
        buffers=_kept(model),
        inputs={part: on_device(prepared.part(part), device)[0] for part in parts},
        targets={part: on_device(prepared.part(part), device)[1] for part in parts},
    )


def _frozen(model: Model, experiment: Experiment, layers: Sequence[Layer]) -> Model:
    """Return the model with what is frozen out of reach of gradients.

    A pass back then ends at the lowest layer that learns, and nothing of the size of the frozen part is kept
    by the optimizer.
    """
    names = frozen_parameters(experiment.start, model.network, layers)
    for name, parameter in model.network.named_parameters():
        parameter.requires_grad_(name not in names)
    resting = resting_modules(model.network) if names else ()
    for module in resting:
        module.eval()
    return replace(model, resting=resting)


def _kept(model: Model) -> dict[str, Tensor]:
    """Return what checkpoints hold of the network besides the flat vector, by name."""
    frozen = {name: tensor for name, tensor in model.network.named_parameters() if not tensor.requires_grad}
    return {**dict(model.network.named_buffers()), **frozen}


def on_device(examples: Examples, device: Device) -> tuple[Tensor, Tensor]:
    """Return copies of inputs and targets on the device.

    Copies even on the CPU: numpy's memory is aligned by chance, on which the last bits of a product depend.
    """
    return torch.tensor(examples.inputs, device=device.torch), torch.tensor(
        examples.targets, device=device.torch
    )


def _flatten(model: Model) -> Flat:
    """Move the parameters that are trained into one vector and their gradients into another."""
    learnt = {name: tensor for name, tensor in model.network.named_parameters() if tensor.requires_grad}
    layout, end = [], 0
    for name, parameter in learnt.items():
        shape = tuple(parameter.shape)
        layout.append(Parameter(name, end, end + prod(shape), shape))
        end += -(-prod(shape) // ALIGNMENT) * ALIGNMENT
    parameters, gradient, mask = (torch.zeros(end, device=model.device.torch) for _ in range(3))
    for place, parameter in zip(layout, learnt.values(), strict=True):
        own = slice(place.start, place.end)
        parameters[own] = parameter.detach().reshape(-1)
        mask[own] = float(len(place.shape) >= 2)
        parameter.data = parameters[own].view(place.shape)
        parameter.grad = gradient[own].view(place.shape)
    return Flat(parameters, gradient, mask, tuple(layout))


def _paced(flat: Flat, model: Model, body_rate: float, layers: Sequence[Layer]) -> Flat:
    """Return the vector with the factors by which body and head learn, where they differ."""
    if body_rate == 1:
        return flat
    body, pace = body_parameters(model.network, layers), torch.ones_like(flat.parameters)
    for place in flat.layout:
        if place.name in body:
            pace[place.start : place.end] = body_rate
    return replace(flat, pace=pace)
