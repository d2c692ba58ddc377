"""Models: a network on a device together with what its outputs mean, apart from any training."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import torch
from torch import Tensor, nn

from engine.architectures.architecture import Architecture
from engine.choices import Invalid, Message, Problem
from engine.data.description import Description, Outputs
from engine.experiment import Experiment
from engine.learning.initializers.by_layer import initializer_of
from engine.learning.initializers.initializer import Initializer
from engine.learning.losses.loss import Loss
from engine.networks.recomputing import recompute
from engine.networks.starting import SelfStarting, StartsSmaller
from engine.randomness import derive
from engine.tasks.task import Batch, Task
from engine.training.devices import Device
from engine.training.finetuning.freezing import resting_modules
from engine.training.roles import roles
from engine.training.sketch import sketch


@dataclass
class Model:
    """A network on its device, and how its outputs are judged (task, loss) and read (description).

    All of it stays but for what `adopt` changes.
    """

    network: nn.Module
    architecture: Architecture
    task: Task
    loss: Loss
    description: Description
    device: Device
    resting: tuple[nn.Module, ...] = ()
    """Modules that stay in evaluation mode while the others train: batch normalization that is frozen."""

    def adopt(self, experiment: Experiment) -> None:
        """Go on by an experiment that differs in what is live: shares of dropout, numbers of the loss.

        The network is built anew, without any numbers, and takes the tensors that there are: so whatever an
        architecture makes of such a setting holds as in a run that was begun with it.
        """
        if experiment.architecture != self.architecture:
            with torch.device("meta"):
                network = experiment.architecture.build(self.description.inputs, self.outputs)
            _hand_over(self.network, network)
            network.train(self.network.training)
            self.architecture, self.network = experiment.architecture, network
            self._rest()
        recompute(self.network, experiment.training.activation_checkpointing)
        self.loss = experiment.loss.fitted(self.description.targets)

    def freeze(self, names: Collection[str]) -> None:
        """Put the parameters of these names out of reach of gradients, and let layers rest with them."""
        for name, parameter in self.network.named_parameters():
            parameter.requires_grad_(name not in names)
        self._rest()

    def _rest(self) -> None:
        """Let modules that are frozen stay in evaluation mode, once: `set_training` passes them over."""
        frozen = any(not parameter.requires_grad for parameter in self.network.parameters())
        self.resting = resting_modules(self.network) if frozen else ()
        for module in self.resting:
            module.eval()
        # of the modules that were there before
        self.__dict__.pop("_modules", None)

    def losses(self, batch: Batch) -> Tensor:
        """Return the loss of each example, (B,), in the network's mode."""
        return self.task.losses(self.network, batch, self.loss)

    def batch(self, inputs: Tensor, targets: Tensor) -> Batch:
        """Return tensors on the device as the task wants them."""
        return Batch(wide(inputs), wide(targets), self.description.targets)

    def read(self, inputs: Tensor) -> Tensor:
        """Return what the task predicts: numbers in the units of the data, float64; probabilities, float32;
        tokens, int64.
        """
        found = self.task.predict(self.network, wide(inputs), self.loss, self.description.targets)
        if self.description.targets.kind == "numbers":
            return self.in_units(found)
        return found.float() if found.is_floating_point() else found

    def in_units(self, values: Tensor) -> Tensor:
        """Return standardised numbers (B, T) in the units of the data, float64; anything else as it is.

        Formula: value = standardised * scale + mean, per target. In double precision, for targets whose mean
        is large beside their spread (years, timestamps) would lose their digits otherwise.
        """
        if self.description.targets.kind != "numbers":
            return values
        mean, scale = self._units
        return torch.addcmul(mean, values.double(), scale)

    @property
    def outputs(self) -> Outputs:
        """Return what the network puts out."""
        targets = self.description.targets
        return Outputs(self.loss.outputs(targets), self.task.form, targets.length)

    @property
    def numbers(self) -> int:
        """Return how many numbers go in or come out for one example, whichever are more."""
        return max(self.description.inputs.size, self.outputs.numbers)

    @cached_property
    def _units(self) -> tuple[Tensor, Tensor]:
        targets = self.description.targets
        mean = torch.tensor(targets.mean, dtype=torch.float64, device=self.device.torch)
        return mean, torch.tensor(targets.scale, dtype=torch.float64, device=self.device.torch)

    def set_training(self, training: bool) -> None:
        """Switch to training or evaluation mode.

        What `nn.Module.train` does, without its walk through the tree, which in small networks takes as long
        as a pass.
        """
        for module in self._modules:
            # past `nn.Module.__setattr__`, which searches parameters, buffers and modules for the name first
            object.__setattr__(module, "training", training)

    @cached_property
    def _modules(self) -> tuple[nn.Module, ...]:
        return tuple(module for module in self.network.modules() if module not in self.resting)

    def tensors(self) -> dict[str, Tensor]:
        """Return copies of all weights and buffers on the CPU by name: what `model.safetensors` holds."""
        # `cpu` copies nothing that lies on the processor already, and training goes on
        return {name: tensor.detach().cpu().clone() for name, tensor in self.network.state_dict().items()}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Take over what `tensors` gave; raises Invalid when it is another network's."""
        fill(self.network.state_dict(), tensors, "model")


def build_model(experiment: Experiment, description: Description, device: Device) -> Model:
    """Return the network of an experiment that fits such data, on `device` with its initial weights."""
    outputs = experiment.outputs(description)
    # Torch's constructors fill weights with random numbers, which are drawn anew below: neither may they
    # touch the program's generators, nor differ from run to run.
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(derive(experiment.seed, "construct"))
        network = experiment.architecture.build(description.inputs, outputs)
    _initialise(network, experiment, _own_initializers(network, experiment, description))
    network.to(device.torch)
    loss = experiment.loss.fitted(description.targets)
    return Model(network, experiment.architecture, experiment.task, loss, description, device)


def fill(present: Mapping[str, Tensor], given: Mapping[str, Tensor], what: str) -> None:
    """Copy the given tensors into the present ones; raises Invalid with every misfit, changing none."""
    problems = [
        Problem("", Message("this {what} has no {name}", what=what, name=name))
        for name in present.keys() - given.keys()
    ]
    problems += [
        Problem("", Message("this {what} holds {name}, which the network lacks", what=what, name=name))
        for name in given.keys() - present.keys()
    ]
    for name in present.keys() & given.keys():
        ours, theirs = present[name], given[name]
        if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
            problems.append(
                Problem(
                    "",
                    Message(
                        "{name} has shape {shape} of {dtype} in this {what}, but the network needs {wanted} "
                        "of {other}",
                        name=name,
                        shape=str(tuple(theirs.shape)),
                        dtype=str(theirs.dtype),
                        what=what,
                        wanted=str(tuple(ours.shape)),
                        other=str(ours.dtype),
                    ),
                )
            )
    if problems:
        # Differences of sets come in any order.
        raise Invalid(sorted(problems, key=lambda problem: problem.message))
    with torch.no_grad():
        for name, tensor in present.items():
            # In place: whoever holds views into these tensors goes on seeing them.
            tensor.copy_(given[name])


def _hand_over(old: nn.Module, new: nn.Module) -> None:
    """Let a network that is built like another one hold the very tensors of that."""
    for name, module in new.named_modules():
        before = old.get_submodule(name) if module._parameters or module._buffers else module
        module._parameters.update(before._parameters)
        module._buffers.update(before._buffers)


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the connections into and out of one unit for weights of `shape` (outputs, inputs, *kernel).

    For a convolution both are multiplied by the number of positions of its kernel.
    """
    receptive = 1
    for size in shape[2:]:
        receptive *= size
    return shape[1] * receptive, shape[0] * receptive


def _own_initializers(
    network: nn.Module, experiment: Experiment, description: Description
) -> dict[str, Initializer]:
    """Return the initializers of parameters that start otherwise than the rest, by their names."""
    if not experiment.initializers:
        return {}
    found = roles(network, sketch(experiment, description))
    own = {name: initializer_of(place, experiment.initializers) for name, place in found.items()}
    return {name: initializer for name, initializer in own.items() if initializer is not None}


def _initialise(network: nn.Module, experiment: Experiment, own: Mapping[str, Initializer]) -> None:
    """Draw weights and biases, each from its own generator; gains stay at torch's 1, shifts become 0.

    A module that says itself how its parameters start is asked; not one that would start smaller where it has
    an initializer of its `own`, or where the architecture is to start plainly.
    """
    # on the processor also for a card, which would draw other numbers from the same seed
    generator = torch.Generator()
    plainly = experiment.architecture.starts_plainly

    with torch.no_grad():
        for name, parameter in network.named_parameters():
            owner, _, own_name = name.rpartition(".")
            module = network.get_submodule(owner)
            initializer = own.get(name, experiment.initializer)
            draw = partial(_drawn, initializer, generator)
            # by its name: a layer starts the same whatever is put before or after it
            generator.manual_seed(derive(experiment.seed, "initialise", name))
            passed_over = (plainly or name in own) and isinstance(module, StartsSmaller)
            if isinstance(module, SelfStarting) and not passed_over:
                parameter.copy_(module.starting(own_name, draw))
            elif parameter.dim() >= 2:
                parameter.copy_(draw(*parameter.shape))
            elif "bias" in own_name:
                parameter.zero_()
            if "bias" in own_name and (inputs := _inputs_of_bias(module, own_name)):
                parameter.add_(initializer.draw_biases(len(parameter), inputs, generator))


def _drawn(initializer: Initializer, generator: torch.Generator, *shape: int) -> Tensor:
    return initializer.draw(shape, *fans(shape), generator)


def _inputs_of_bias(module: nn.Module, name: str) -> int:
    """Return the connections into a unit that has such a bias; 0 where the bias is a shift of its own."""
    weight = getattr(module, name.replace("bias", "weight"), None)
    return fans(tuple(weight.shape))[0] if isinstance(weight, Tensor) and weight.dim() >= 2 else 0


def wide(values: Tensor) -> Tensor:
    """Return tokens, which lie in memory as int32, as int64, which losses and gathering take."""
    return values.long() if values.dtype == torch.int32 else values
