"""What choices are asked about, and how they answer: the data and the plan that a choice has to go with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from engine.choices import Choice, Message, Problem
from engine.data.description import InputKind, Inputs, OutputForm, TargetKind, Targets


@dataclass(frozen=True)
class About:
    """What a choice has to go with; None is what is not known (yet), against which nothing can be said.

    `inputs` and `targets` are what the data turned out to be. The others follow from the plan: the title of
    the task, the kind of `target` that it predicts, the `form` of output that it needs, the names of the
    series that are `measured` once an epoch, and the optimizer.
    """

    inputs: Inputs | None = None
    targets: Targets | None = None
    task: str = ""
    target: TargetKind | None = None
    form: OutputForm | None = None
    measured: Collection[str] | None = None
    optimizer: Choice | None = None


@dataclass(frozen=True)
class Kinds:
    """The kinds that a choice may be for: those of the inputs, of the target that the task predicts, of all
    targets that the data has, and of the output; None and () are what is not known, or not asked about.
    """

    inputs: InputKind | None = None
    target: TargetKind | None = None
    targets: tuple[TargetKind, ...] = ()
    form: OutputForm | None = None


class Limited(Choice):
    """A choice that may be for some kinds of data or plans and not for others."""

    @classmethod
    def lacks(cls, given: Kinds) -> frozenset[str]:
        """Return those of the given kinds that no choice of this kind is for; empty: it fits."""
        return frozenset()


class Suited(Limited):
    """A choice that may object to the data or the plan. An experiment asks all that it holds."""

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return what does not go together (paths relative to the choice); needs no torch.

        A choice whose settings may stand against something adds to this, after what `super()` says: what is
        of the wrong kind altogether needs no word on its settings.
        """
        return ()

    @classmethod
    def unless_for(cls, given: Kinds, said: str) -> tuple[Problem, ...]:
        """Return what is `said`, with those of its family that fit, unless this kind is for what is given."""
        if not cls.lacks(given):
            return ()
        # some of a family are for anything, and say nothing of kinds
        every = ((name, other) for name, other in cls.family.items() if issubclass(other, Limited))
        fitting = ", ".join(name for name, other in every if not other.lacks(given))
        return (
            Problem(
                "kind",
                Message("{said}; one that fits: {fitting}", said=said, fitting=fitting) if fitting else said,
            ),
        )


class ForInputs(Suited):
    """A choice that is for some kinds of inputs."""

    accepts: ClassVar[frozenset[InputKind]]
    """The kinds of inputs it can take."""

    @classmethod
    @override
    def lacks(cls, given: Kinds) -> frozenset[str]:
        """Return the kind of inputs, where it cannot take them."""
        return lacking(given.inputs, cls.accepts)

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return that it cannot take inputs of such a kind."""
        kind = None if about.inputs is None else about.inputs.kind
        # sorted, as a set has another order in every process
        accepted = " or ".join(sorted(self.accepts))
        said = Message(
            "{title} needs inputs of kind {accepted}, but the data gives {kind}",
            title=self.title,
            accepted=accepted,
            kind=str(kind),
        )
        return self.unless_for(Kinds(inputs=kind), said)


class ForTargets(Suited):
    """A choice that is for some kinds of targets."""

    accepts: ClassVar[frozenset[TargetKind]]
    """The kinds of targets it can be used with."""

    @classmethod
    @override
    def lacks(cls, given: Kinds) -> frozenset[str]:
        """Return the kind of targets, where it is for others."""
        return lacking(given.target, cls.accepts)

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return that it is for other targets than the task predicts."""
        accepted = " or ".join(words for one, words in _TARGETS.items() if one in self.accepts)
        # of a target that is not known nothing is lacking, and this sentence is never said
        predicted = "" if about.target is None else _TARGETS[about.target]
        said = Message(
            "{title} is for {accepted}, but {task} predicts {predicted}",
            title=self.title,
            accepted=accepted,
            task=about.task,
            predicted=predicted,
        )
        return self.unless_for(Kinds(target=about.target), said)


def lacking(kind: str | None, among: Collection[str]) -> frozenset[str]:
    """Return a kind that is known and not among others; empty where it is."""
    # what is not known yet speaks against no choice
    return frozenset() if kind is None or kind in among else frozenset({kind})


_TARGETS: dict[TargetKind, str] = {
    "classes": "classes",
    "labels": "labels",
    "numbers": "numbers",
    "tags": "tags of words",
    "tokens": "the words of the text itself",
    "translation": "another text",
}
