"""Losses: what a wrong prediction costs."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.choices import Message, Problem, Setting
from engine.data.about import About, ForTargets
from engine.data.description import SPECIAL_TOKENS, TargetKind, Targets

if TYPE_CHECKING:
    from torch import Tensor

_NUMBERS: frozenset[TargetKind] = frozenset({"numbers"})
_CLASSES: frozenset[TargetKind] = frozenset({"classes", "tags"})
_YES_OR_NO: frozenset[TargetKind] = _CLASSES | {"labels"}
_ONE_OF_SEVERAL: frozenset[TargetKind] = _CLASSES | {"tokens", "translation"}


class Loss(ForTargets, family="losses"):
    """What a wrong prediction costs, and how raw network outputs are to be read."""

    power: ClassVar[int | None] = None
    """Errors k times as large cost k ** power times as much; None where no power says it."""

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
        return None if self.power is None or len(scales) != 1 else float(scales.pop() ** self.power)

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


class MeanSquared(Loss, kind="mean_squared", title="Mean squared error"):
    """The square of the error: large errors weigh much more than small ones.

    The best constant prediction is the mean. One example that is far off pulls hard, so that outliers in the
    data are followed; mean absolute and Huber are calmer. Numbers are learnt in standardized units: a loss of
    1 is what predicting the mean of the training part costs.

    Formula: L = 1/T ∑ₜ (ŷₜ − yₜ)²

    Source: Gauss, Theoria motus corporum coelestium, 1809; Bishop, Pattern Recognition and Machine Learning,
    2006, section 3.1.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _NUMBERS
    power: ClassVar[int | None] = 2

    def outputs(self, targets: Targets) -> int:
        """Return one output per target."""
        return targets.size

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean over the targets of each example's squared errors."""
        # the mean and no sum: the learning rate need not follow the number of targets
        return (outputs - targets).square().mean(1)

    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return the outputs as they are."""
        return outputs


class MeanAbsolute(Loss, kind="mean_absolute", title="Mean absolute error"):
    """The size of the error: every unit of error costs the same.

    The best constant prediction is the median, so that single outliers hardly matter. The gradient keeps its
    size however small the error, so that the learning rate has to fall for the last digits to settle.

    Formula: L = 1/T ∑ₜ |ŷₜ − yₜ|

    Source: Laplace, Mémoire sur la probabilité des causes, 1774; Hastie, Tibshirani and Friedman, The
    Elements of Statistical Learning, 2009, section 10.6.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _NUMBERS
    power: ClassVar[int | None] = 1

    def outputs(self, targets: Targets) -> int:
        """Return one output per target."""
        return targets.size

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean over the targets of each example's absolute errors."""
        return (outputs - targets).abs().mean(1)

    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return the outputs as they are."""
        return outputs


class Huber(Loss, kind="huber", title="Huber"):
    """Squared for small errors, absolute for large ones: smooth at the end, calm about outliers.

    The threshold says what counts as large, in standard deviations of the target.

    Formula: L = 1/T ∑ₜ h(ŷₜ − yₜ), h(e) = ½ e² where |e| ≤ δ, else δ (|e| − ½ δ)

    Source: Huber, Robust Estimation of a Location Parameter, 1964.
    """

    threshold: Annotated[
        float,
        Setting(
            "Threshold",
            "Errors beyond it count as outliers.",
            symbol="δ",
            unit="standard deviations",
            above=0,
            most=1000,
            log=True,
        ),
    ] = 1.0
    accepts: ClassVar[frozenset[TargetKind]] = _NUMBERS

    def outputs(self, targets: Targets) -> int:
        """Return one output per target."""
        return targets.size

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean over the targets of each example's Huber losses."""
        from torch.nn.functional import huber_loss

        return huber_loss(outputs, targets, reduction="none", delta=self.threshold).mean(1)

    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return the outputs as they are."""
        return outputs


class CrossEntropy(Loss, kind="cross_entropy", title="Cross entropy"):
    """How surprised the network is by the right class; the usual loss for classes.

    The outputs are turned into probabilities that add up to 1 (softmax), and the loss is minus the logarithm
    of the right class's probability: 0 for certainty, log K for a pure guess among K classes. Smoothing keeps
    the network from being too sure of itself: a small share of the target goes to all classes alike.

    Formula: L = −∑ₖ qₖ log pₖ, p = softmax(z), qₖ = (1 − ε) [k = y] + ε/K

    Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4; smoothing: Szegedy et al.,
    Rethinking the Inception Architecture for Computer Vision, 2016.
    """

    label_smoothing: Annotated[
        float,
        Setting(
            "Label smoothing",
            "Share of the target spread over all classes; 0 is off, 0.1 is usual.",
            symbol="ε",
            least=0,
            below=1,
        ),
    ] = 0.0
    accepts: ClassVar[frozenset[TargetKind]] = _ONE_OF_SEVERAL

    def outputs(self, targets: Targets) -> int:
        """Return one output per class."""
        return targets.size

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the cross entropy of each example, worked out from the logits so that nothing overflows."""
        from torch.nn.functional import cross_entropy

        # torch spreads ε over all classes, the right one too, as Szegedy et al. do
        return cross_entropy(outputs, targets, reduction="none", label_smoothing=self.label_smoothing)

    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return the softmax of the outputs."""
        return outputs.softmax(-1)


class BinaryCrossEntropy(Loss, kind="binary_cross_entropy", title="Binary cross entropy"):
    """A yes-or-no question per output, each with a probability of its own (sigmoid).

    Labels, of which several may apply at once, have an output each. Of classes, two need one output: the
    probability of the second class. With more classes there is one output for each, "this class or any
    other", and their probabilities are divided by their sum when they are read.

    Formula: L = −1/K ∑ₖ (tₖ log pₖ + (1 − tₖ) log(1 − pₖ)), p = 1 / (1 + e⁻ᶻ), tₖ = [k = y], or for labels
    [k applies]

    Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.2; one against the rest:
    Rifkin and Klautau, In Defense of One-Vs-All Classification, 2004; labels: Zhang and Zhou, A Review on
    Multi-Label Learning Algorithms, 2014.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _YES_OR_NO

    def outputs(self, targets: Targets) -> int:
        """Return one output for two classes, otherwise one per class or label."""
        # of two classes a second output could only say the first one's opposite
        return 1 if targets.size == 2 and targets.kind != "labels" else targets.size

    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean over the outputs of each example's binary cross entropies, from the logits."""
        from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

        if targets.shape == outputs.shape:  # labels, each 1 or 0
            answers = targets
        else:
            answers = targets[:, None] if outputs.shape[1] == 1 else one_hot(targets, outputs.shape[1])
        wanted = answers.to(outputs.dtype)
        return binary_cross_entropy_with_logits(outputs, wanted, reduction="none").mean(1)

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
