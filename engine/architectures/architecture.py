"""The architectures family: choices that build networks."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from engine.choices import Choice, Problem
from engine.data.description import InputKind, Inputs, OutputForm, Outputs

if TYPE_CHECKING:
    from torch import nn


class Architecture(Choice, family="architectures"):
    """The form of a network with its sizes chosen; inputs and outputs come from the data and the loss."""

    accepts: ClassVar[frozenset[InputKind]]
    forms: ClassVar[frozenset[OutputForm]] = frozenset({"example"})
    """The forms of output it can give, with some settings or other."""

    def form_problems(self, form: OutputForm) -> tuple[Problem, ...]:
        """Return which settings stand against a form of output that is among its `forms`."""
        return ()

    def answer_problems(self, inputs: Inputs, form: OutputForm) -> tuple[Problem, ...]:
        """Return why it cannot answer in this form, one of its `forms`, over such inputs."""
        return ()

    def problems(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return what does not fit these inputs (paths relative to the architecture); needs no torch."""
        return ()

    @property
    def starts_plainly(self) -> bool:
        """Return whether modules that would start smaller start as the initializer draws them."""
        return False

    @abstractmethod
    def build(self, inputs: Inputs, outputs: Outputs) -> nn.Module:
        """Return a network from (B, *inputs.shape) to outputs of the wanted form, without a final activation.

        The network of a translation is called with a second argument, the target tokens so far (B, places),
        and returns (B, places, outputs.size); without it, it takes START at every one of `outputs.length`.
        One of form "place" takes a second argument, the places asked for (B, K), and then returns (B, K,
        size).

        Its weights are filled by the initializer afterwards; modules must be built with torch's ordinary
        constructors so that the network can also be built on the meta device to be described.
        """
