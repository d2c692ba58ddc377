"""The architectures family: choices that build networks."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from engine.architectures.settings import alpha_without_selu
from engine.choices import Message, Problem
from engine.data.about import About, ForInputs, Kinds, lacking
from engine.data.description import InputKind, Inputs, OutputForm, Outputs

# only `build` loads torch: forms, files and the command line choose architectures without it
if TYPE_CHECKING:
    from torch import nn


class Architecture(ForInputs, family="architectures"):
    """The form of a network with its sizes chosen; inputs and outputs come from the data and the loss."""

    forms: ClassVar[frozenset[OutputForm]] = frozenset({"example"})
    """The forms of output it can give, with some settings or other."""
    usual_for: ClassVar[frozenset[tuple[InputKind, OutputForm]]] = frozenset()
    """What goes in and what comes out where it is the one to begin with."""

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return that it cannot answer in such a form, or cannot take such inputs."""
        # of a form that is not known nothing is lacking, and this sentence is never said
        needed = Message("" if about.form is None else _FORMS[about.form])
        said = Message(
            "{title} cannot do what {task} needs: {needed}", title=self.title, task=about.task, needed=needed
        )
        misfit = self.unless_for(Kinds(form=about.form), said)
        return (*misfit, *super().problems(about), *alpha_without_selu(self))

    @classmethod
    @override
    def lacks(cls, given: Kinds) -> frozenset[str]:
        """Return the kind of inputs, where it cannot take them, and the form of output it cannot give."""
        return super().lacks(given) | lacking(given.form, cls.forms)

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


_FORMS: dict[OutputForm, str] = {
    "example": "one answer for each example",
    "place": "an answer at every place of the input",
    "next": "at every place a guess of what comes next, without looking ahead",
    "translation": "a text written word by word from another",
}
