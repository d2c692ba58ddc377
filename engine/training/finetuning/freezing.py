"""Freezing: which parameters keep their starting values, and which layers rest with them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from torch import nn

from engine.choices import Invalid, Message, Problem
from engine.events import Layer
from engine.learning.start import Start


def frozen_parameters(start: Start, network: nn.Module, layers: Sequence[Layer]) -> frozenset[str]:
    """Return the names of the parameters that are not trained.

    `layers` are those of the network in the order in which an example passes them; the last with parameters
    is the head. Raises Invalid for names that no parameter has, and where nothing would be left to learn.
    """
    if start.freeze == "nothing":
        return frozenset()
    names = [name for name, _ in network.named_parameters()]
    frozen = _beginning(start.frozen, names) if start.freeze == "named" else body_parameters(network, layers)
    if len(frozen) == len(names):
        why = "leaves nothing to learn: every layer of this network would be frozen"
        raise Invalid([Problem("start.frozen" if start.freeze == "named" else "start.freeze", why)])
    return frozen


def body_parameters(network: nn.Module, layers: Sequence[Layer]) -> frozenset[str]:
    """Return the names of all parameters but those of the head, the last layer that has any."""
    head = _head(network, layers)
    return frozenset(name for name, parameter in network.named_parameters() if id(parameter) not in head)


def resting_modules(network: nn.Module) -> tuple[nn.Module, ...]:
    """Return the modules that stay in evaluation mode: they keep statistics, and their weights are frozen."""
    return tuple(
        module
        for module in network.modules()
        if module._buffers
        and module._parameters
        # Statistics that go on moving would change what a frozen layer gives, although its weights rest.
        and not any(parameter.requires_grad for parameter in module.parameters(recurse=False))
    )


def _head(network: nn.Module, layers: Sequence[Layer]) -> frozenset[int]:
    """Return which parameters are those of the last layer that has any, by identity: they may be shared."""
    modules = dict(network.named_modules())
    # a network that is one layer itself is listed as "network", which names no module in it
    owners = [modules.get(layer.name, network) for layer in layers]
    last = next(module for module in reversed(owners) if any(True for _ in module.parameters(recurse=False)))
    return frozenset(id(parameter) for parameter in last.parameters(recurse=False))


def _beginning(prefixes: Sequence[str], names: Sequence[str]) -> frozenset[str]:
    """Return the names that begin with one of the prefixes, whole parts counting: a.1 is not a.10."""
    frozen: set[str] = set()
    problems = []
    for index, prefix in enumerate(prefixes):
        found = {name for name in names if name == prefix or name.startswith(f"{prefix}.")}
        if not found:
            why = Message("no layer is called {prefix!r}{guess}", prefix=prefix, guess=_near(prefix, names))
            problems.append(Problem(f"start.frozen.{index}", why))
        frozen |= found
    if problems:
        raise Invalid(problems)
    return frozenset(frozen)


def _near(prefix: str, names: Sequence[str]) -> str:
    known = dict.fromkeys(part for name in names for part in _beginnings(name))
    near = get_close_matches(prefix, known, n=1)
    guess = Message("; did you mean {near!r}?", near=near[0]) if near else "."
    first = list(dict.fromkeys(name.partition(".")[0] for name in names))
    return Message(
        "{guess} Names begin with {names}",
        guess=guess,
        names=", ".join([*first[:20], *(["…"] if len(first) > 20 else [])]),
    )


def _beginnings(name: str) -> list[str]:
    """Return how a name may begin: a.1.weight gives a, a.1, a.1.weight."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
