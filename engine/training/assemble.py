"""Assembling: from an experiment and its prepared data to everything the loop needs, on one device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.choices import Invalid
from engine.data.description import Description, PartName
from engine.data.prepared import Prepared
from engine.events import Layer
from engine.experiment import Experiment
from engine.learning.layout import Layout, Parameter
from engine.tasks.task import Objective
from engine.training.devices import Device, is_out_of_memory, out_of_memory, settled
from engine.training.evaluate import tensor_of
from engine.training.finetuning.freezing import body_parameters, frozen_parameters
from engine.training.footprint import refuse_too_large
from engine.training.model import Model, build_model
from engine.training.plan import DataMemory, Plan
from engine.training.precision import refuse_unfit
from engine.training.roles import roles

ALIGNMENT = 16
"""Every parameter begins at a multiple of so many floats (64 bytes), as fast matrix kernels want it."""


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
    layout: Layout
    pace: Tensor | None = None

    def of(self, objective: Objective) -> Flat:
        """Return the part whose parameters follow `objective`: views into these vectors."""
        own = [place for place in self.layout if objective.changes(place.name)]
        if len(own) == len(self.layout):
            return self
        # one slice is enough: `_by_objective` has put the parameters of an objective side by side
        first, end = own[0].start, _aligned(own[-1].end)
        cut = slice(first, end)
        layout = tuple(replace(one, start=one.start - first, end=one.end - first) for one in own)
        pace = None if self.pace is None else self.pace[cut]
        return Flat(self.parameters[cut], self.gradient[cut], self.mask[cut], layout, pace)


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
    """Inputs of the training and the validation part, on the device or in the memory of the machine; the test
    part stays where it is."""
    targets: Mapping[PartName, Tensor]
    weights: Tensor | None = None
    """How much each training example counts, (N,), beside the inputs; None where all count alike."""

    @property
    def training(self) -> tuple[Tensor, ...]:
        """Return inputs and targets of the training part and, where there are some, weights."""
        tensors = self.inputs["train"], self.targets["train"]
        return tensors if self.weights is None else (*tensors, self.weights)

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


def assemble(plan: Plan, device: Device, memory: DataMemory = "device") -> Assembly:
    """Put the planned network on `device`, weights as the initializer draws them, and the data in `memory`.

    Call it in the thread that will train. Raises Invalid when the device's memory is too small.
    """
    try:
        with settled(device, torch.get_num_threads()):
            return _assemble(plan, device, device.torch if memory == "device" else torch.device("cpu"))
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        raise Invalid([out_of_memory(device, plan.batch_size)]) from error


def _assemble(plan: Plan, device: Device, where: torch.device) -> Assembly:
    # before anything is built: a system may end the process that asks for too much, without an error
    refuse_unfit(plan.experiment.training.precision, device)
    refuse_too_large(plan, device)
    experiment, prepared, layers = plan.experiment, plan.prepared.watched(), plan.blueprint.layers
    model = _frozen(build_model(experiment, plan.description, device), experiment, layers)
    parts: tuple[PartName, ...] = ("train", "validation")
    return Assembly(
        plan=plan,
        prepared=prepared,
        model=model,
        flat=_paced(_flatten(model, layers), model, experiment.start.body_rate, layers),
        buffers=_kept(model),
        inputs={part: _copied(prepared.part(part).inputs, where) for part in parts},
        targets={part: _copied(prepared.part(part).targets, where) for part in parts},
        weights=None if prepared.train.weights is None else _copied(prepared.train.weights, where),
    )


def _frozen(model: Model, experiment: Experiment, layers: Sequence[Layer]) -> Model:
    """Return the model with what is frozen out of reach of gradients.

    A pass back then ends at the lowest layer that learns, and nothing of the size of the frozen part is kept
    by the optimizer.
    """
    model.freeze(frozen_parameters(experiment.start, model.network, layers))
    return model


def _kept(model: Model) -> dict[str, Tensor]:
    """Return what checkpoints hold of the network besides the flat vector, by name."""
    frozen = {name: tensor for name, tensor in model.network.named_parameters() if not tensor.requires_grad}
    return {**dict(model.network.named_buffers()), **frozen}


def _copied(values: NDArray[np.generic], where: torch.device) -> Tensor:
    """Return a copy of the values there; on the processor, what lies on the disk stays there.

    A copy even on the CPU: numpy's memory is aligned by chance, on which the last bits of a product depend.
    """
    return tensor_of(values).to(where)


def _aligned(end: int) -> int:
    """Return where the next parameter may begin after one that ends there."""
    return -(-end // ALIGNMENT) * ALIGNMENT


def _flatten(model: Model, layers: Sequence[Layer]) -> Flat:
    """Move the parameters that are trained into one vector and their gradients into another.

    Those of one objective lie together, so that a step of its optimizer is arithmetic of whole vectors.
    """
    learnt, found = _by_objective(model), roles(model.network, layers)
    layout: list[Parameter] = []
    end = 0
    for name in learnt:
        place = found[name]
        layout.append(replace(place, start=end, end=end + prod(place.shape)))
        end = _aligned(end + prod(place.shape))
    parameters, gradient, mask = (torch.zeros(end, device=model.device.torch) for _ in range(3))
    for place, parameter in zip(layout, learnt.values(), strict=True):
        place.of(parameters).copy_(parameter.detach())
        place.of(mask).fill_(float(place.decays))
        # A gradient that is there is added to in place: so a pass back fills the flat vector by itself.
        parameter.data, parameter.grad = place.of(parameters), place.of(gradient)
    return Flat(parameters, gradient, mask, tuple(layout))


def _by_objective(model: Model) -> dict[str, nn.Parameter]:
    """Return the parameters that are trained by name, in the order of the objectives that they follow."""
    learnt = {name: tensor for name, tensor in model.network.named_parameters() if tensor.requires_grad}
    parts = [[name for name in learnt if objective.changes(name)] for objective in model.task.objectives()]
    if sorted(name for part in parts for name in part) != sorted(learnt):
        # no Invalid: a task is written wrongly, and nothing that a person sets could mend it
        raise TypeError(f"of {model.task.kind}, every parameter has to follow exactly one objective")
    return {name: learnt[name] for part in parts for name in part}


def _paced(flat: Flat, model: Model, body_rate: float, layers: Sequence[Layer]) -> Flat:
    """Return the vector with the factors by which body and head learn, where they differ."""
    if body_rate == 1:
        return flat
    # a vector and not groups of parameters: the change is then one product for any optimizer
    body, pace = body_parameters(model.network, layers), torch.ones_like(flat.parameters)
    for place in flat.layout:
        if place.name in body:
            pace[place.start : place.end] = body_rate
    return replace(flat, pace=pace)
