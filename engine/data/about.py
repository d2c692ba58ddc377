"""What choices are asked about, and how they answer: the data and the plan that a choice has to go with."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar

from engine.choices import Choice, Problem
from engine.data.description import InputKind, Inputs, OutputForm, TargetKind, Targets


@dataclass(frozen=True)
class About:
    """What a choice has to go with; None is what is not known (yet), against which nothing can be said.

    `inputs` and `targets` are what the data turned out to be. The others follow from the plan: the title of
    the task, the kind of `target` that it predicts, the `form` of output that it needs, and the names of the
    series that are `measured` once an epoch.
    """

    inputs: Inputs | None = None
    targets: Targets | None = None
    task: str = ""
    target: TargetKind | None = None
    form: OutputForm | None = None
    measured: Collection[str] | None = None


class Suited(Choice):
    """A choice that may object to the data or the plan. An experiment asks all that it holds."""

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return what does not go together (paths relative to the choice); needs no torch.

        What a choice of this kind is not for, else what its settings stand against.
        """
        return self.unfit(about) or self.misfits(about)

    @classmethod
    def unfit(cls, about: About) -> tuple[Problem, ...]:
        """Return what no choice of this kind can go with, whatever its settings."""
        return ()

    def misfits(self, about: About) -> tuple[Problem, ...]:
        """Return what these settings stand against; its kinds are accepted."""
        return ()


class ForInputs(Suited):
    """A choice that is for some kinds of inputs."""

    accepts: ClassVar[frozenset[InputKind]]
    """The kinds of inputs it can take."""

    @classmethod
    def unfit(cls, about: About) -> tuple[Problem, ...]:
        """Return that it cannot take inputs of such a kind."""
        if about.inputs is None or about.inputs.kind in cls.accepts:
            return ()
        kind = about.inputs.kind
        others = (
            name
            for name, other in cls.family.items()
            if issubclass(other, ForInputs) and kind in other.accepts
        )
        return (
            Problem("kind", f"{cls.title} needs inputs of kind {' or '.join(sorted(cls.accepts))}, but the "
                    f"data gives {kind}{one_that_fits(others)}"),
        )  # fmt: skip


class ForTargets(Suited):
    """A choice that is for some kinds of targets."""

    accepts: ClassVar[frozenset[TargetKind]]
    """The kinds of targets it can be used with."""

    @classmethod
    def unfit(cls, about: About) -> tuple[Problem, ...]:
        """Return that it is for other targets than the task predicts."""
        if about.target is None or about.target in cls.accepts:
            return ()
        kind = about.target
        accepted = " or ".join(words for one, words in _TARGETS.items() if one in cls.accepts)
        others = (
            name
            for name, other in cls.family.items()
            if issubclass(other, ForTargets) and kind in other.accepts
        )
        return (
            Problem("kind", f"{cls.title} is for {accepted}, but {about.task} predicts "
                    f"{_TARGETS[kind]}{one_that_fits(others)}"),
        )  # fmt: skip


def one_that_fits(kinds: Iterable[str]) -> str:
    """Return the end of a sentence that names the choices to take instead, if there are any."""
    named = ", ".join(kinds)
    return f"; one that fits: {named}" if named else ""


_TARGETS: dict[TargetKind, str] = {
    "classes": "classes",
    "labels": "labels",
    "numbers": "numbers",
    "tags": "tags of words",
    "tokens": "the words of the text itself",
    "translation": "another text",
}
