"""What a loss is, and what losses of one sort of target share."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Message, Problem, Setting
from engine.data.about import About, ForTargets
from engine.data.description import SPECIAL_TOKENS, TargetKind, Targets
from engine.learning.class_weights import ClassWeights, NoClassWeights
from engine.learning.score_units import PLAIN, ScoreUnit

if TYPE_CHECKING:
    from torch import Tensor

NUMBERS: frozenset[TargetKind] = frozenset({"numbers"})
_CLASSES: frozenset[TargetKind] = frozenset({"classes", "tags"})
YES_OR_NO: frozenset[TargetKind] = _CLASSES | {"labels"}
ONE_OF_SEVERAL: frozenset[TargetKind] = _CLASSES | {"tokens", "translation"}


class Loss(ForTargets, family="losses"):
    """What a wrong prediction costs, and how raw network outputs are to be read."""

    live = "numbers"  # and not its kind, which may ask for other outputs

    unit: ClassVar[ScoreUnit] = PLAIN
    """What it is measured in where numbers are not scaled."""

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return that there is nothing to tell apart."""
        if (found := super().problems(about)) or (targets := about.targets) is None:
            return found
        what = {"classes": "classes", "tags": "tags", "numbers": "", "labels": ""}.get(targets.kind, "tokens")
        # special tokens are in every vocabulary and are nothing that the data tells apart
        there = targets.size - (len(SPECIAL_TOKENS) if what == "tokens" else 0)
        if what and there < 2:
            why = Message(
                "needs at least two {what} to tell apart, but the target has {there}",
                what=Message(what),
                there=max(0, there),
            )
            return (Problem("kind", why),)
        return ()

    def factor(self, targets: Targets) -> float | None:
        """Return how many times as large it is in the units of the data; None where no one number says it.

        Formula: scale ** power, where all targets have one scale
        """
        scales = set(targets.scale)
        # with several scales each target's part of the loss has a factor of its own
        power = self.unit.power
        return None if power is None or len(scales) != 1 else float(scales.pop() ** power)

    def fitted(self, targets: Targets) -> Loss:
        """Return the loss as it is for such targets; most need to know nothing of them."""
        return self

    @abstractmethod
    def outputs(self, targets: Targets) -> int:
        """Return how many numbers the network has to put out for one example."""

    @abstractmethod
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each example, shape (B,), from outputs (B, outputs) and the batch's targets.

        Where a network answers at every place of a text, each place comes as an example.
        """

    @abstractmethod
    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return what outputs (..., outputs) mean for such targets: probabilities (..., K), of labels each by
        itself, or numbers (..., T).
        """


class LossOfNumbers(Loss):
    """What each wrong number costs; an example costs the mean over its targets."""

    accepts: ClassVar[frozenset[TargetKind]] = NUMBERS

    @abstractmethod
    def of(self, errors: Tensor) -> Tensor:
        """Return what errors ŷ − y cost, each by itself."""

    @override
    def outputs(self, targets: Targets) -> int:
        return targets.size

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        # the mean and no sum: the learning rate need not follow the number of targets
        return self.of(outputs - targets).mean(1)

    @override
    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        return outputs


class LossOfClasses(Loss):
    """What losses of classes share: how much the examples of each class count."""

    class_weights: Annotated[
        ClassWeights,
        Setting(
            "Class weights",
            "How much the examples of each class count in learning; scores are without.",
            targets=("classes", "tags"),
        ),
    ] = NoClassWeights()


class LossOfSoftmax(LossOfClasses):
    """What a wrong choice of one of several costs; outputs are read by softmax."""

    accepts: ClassVar[frozenset[TargetKind]] = ONE_OF_SEVERAL

    @override
    def outputs(self, targets: Targets) -> int:
        return targets.size

    @override
    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        return outputs.softmax(-1)


class LossOfAnswers(LossOfClasses):
    """What wrong answers to yes-or-no questions cost, each with an output and a probability of its own."""

    accepts: ClassVar[frozenset[TargetKind]] = YES_OR_NO

    @abstractmethod
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        """Return the loss of each example, (B,), from outputs and answers 1 or 0, both (B, outputs)."""

    @override
    def outputs(self, targets: Targets) -> int:
        # of two classes a second output could only say the first one's opposite
        return 1 if targets.size == 2 and targets.kind != "labels" else targets.size

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        from torch.nn.functional import one_hot

        if targets.shape == outputs.shape:  # labels, each 1 or 0
            answers = targets
        else:
            answers = targets[:, None] if outputs.shape[1] == 1 else one_hot(targets, outputs.shape[1])
        return self.of(outputs, answers.to(outputs.dtype))

    @override
    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return the sigmoids of labels; of classes (1 − p, p) for one output, otherwise the sigmoids divided
        by their sum.
        """
        import torch
        from torch.nn.functional import logsigmoid

        if targets.kind == "labels":
            return outputs.sigmoid()
        if outputs.shape[-1] == 1:
            # not 1 − p, which is 0 as soon as p rounds to 1
            return torch.cat([torch.sigmoid(-outputs), torch.sigmoid(outputs)], -1)
        return logsigmoid(outputs).softmax(-1)  # p / ∑p in logarithms: finite where every p underflows
