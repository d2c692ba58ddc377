"""What the parameters of a network are for: the sort of their layer, the head, and how many layers follow."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from torch import nn

from engine.choices import Invalid, Message, Problem
from engine.events import Layer, LayerSort
from engine.experiment import Experiment
from engine.learning.layout import Parameter
from engine.training.finetuning.freezing import body_parameters


def roles(network: nn.Module, layers: Sequence[Layer]) -> dict[str, Parameter]:
    """Return every parameter by its name, before it has a place in a vector.

    `layers` stand in the order in which an example passes them. One layer, as far as the depth goes, is a
    module that is not just others one after the other: a convolution, or a block of a Transformer or ResNet
    as a whole. One without a matrix, as a normalization, counts with the one before.
    """
    units = dict(_units(network, "", outermost=True))
    passed = [units[layer.name] for layer in layers if layer.name in units]
    # what is not called by itself, as a vector of its own, comes where it was defined
    numbers = _numbers(network, list(dict.fromkeys([*passed, *units.values()])), units)
    body, sorts = body_parameters(network, layers), _sorts(network, layers)
    last = max(numbers.values())
    return {
        name: Parameter(
            name,
            0,
            parameter.numel(),
            tuple(parameter.shape),
            sorts[name],
            head=name not in body,
            above=last - numbers[units[_owner(name)]],
        )
        for name, parameter in network.named_parameters()
    }


def refuse_idle(experiment: Experiment, found: Collection[Parameter]) -> None:
    """Raise Invalid where a group, or an initializer of some layers, means none that the network has."""
    why = Message("means layers that {title} has none of; remove it", title=experiment.architecture.title)
    groups = {f"groups.{index}": one.means for index, one in enumerate(experiment.groups)}
    starts = {f"initializers.{index}": one.means for index, one in enumerate(experiment.initializers)}
    problems = [
        Problem(f"{path}.kind", why)
        for path, means in {**groups, **starts}.items()
        if not any(means(place) for place in found)
    ]
    if problems:
        raise Invalid(problems)


def _owner(name: str) -> str:
    return name.rpartition(".")[0]


def _units(module: nn.Module, name: str, *, outermost: bool = False) -> Iterator[tuple[str, str]]:
    """Yield each module's name with that of the layer or block it belongs to."""
    yield name, name
    in_a_row = outermost or type(module) is nn.Sequential or getattr(module, "stacked", False)
    for own, part in module.named_children():
        inner = f"{name}.{own}" if name else own
        if in_a_row:
            yield from _units(part, inner)
        else:
            yield from ((f"{inner}.{below}" if below else inner, name) for below, _ in part.named_modules())


def _numbers(network: nn.Module, passed: Sequence[str], units: Mapping[str, str]) -> dict[str, int]:
    """Return which layer each unit is, counted from 0 in the order in which they are passed."""
    with_matrix = {
        units[_owner(name)] for name, parameter in network.named_parameters() if parameter.dim() >= 2
    }
    numbers, count = {}, -1
    for unit in passed:
        count += unit in with_matrix
        # a normalization of the inputs stands before the first
        numbers[unit] = max(count, 0)
    return numbers


def _sorts(network: nn.Module, layers: Sequence[Layer]) -> dict[str, LayerSort]:
    """Return the sort of each parameter's layer: the dense layers within attention are attention's."""
    own = {layer.name: layer.sort for layer in layers}
    within = [
        f"{name}." for name, part in network.named_modules() if getattr(part, "sort", "") == "attention"
    ]
    return {
        name: "attention" if name.startswith(tuple(within)) else own.get(_owner(name), "other")
        for name, _ in network.named_parameters()
    }
