"""Losses of yes-or-no answers: labels of which several may apply, and classes one against the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from engine.choices import Setting
from engine.learning.losses.classes import Focus, unsure
from engine.learning.losses.loss import LossOfAnswers

if TYPE_CHECKING:
    from torch import Tensor

_Margin = Annotated[
    float,
    Setting("Margin", "How far from 0 a right output has to be.", symbol="m", above=0, most=100, log=True),
]


class BinaryCrossEntropy(LossOfAnswers, kind="binary_cross_entropy", title="Binary cross entropy"):
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

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        from torch.nn.functional import binary_cross_entropy_with_logits

        return binary_cross_entropy_with_logits(outputs, wanted, reduction="none").mean(1)


class BinaryFocal(LossOfAnswers, kind="binary_focal", title="Binary focal"):
    """Binary cross entropy in which what is already right and sure hardly counts.

    Made for labels of which each applies to few examples: the many easy "no" would drown the "yes". The
    balance says what a "yes" counts beside a "no".

    Formula: L = −1/K ∑ₖ aₖ (1 − qₖ)^γ log qₖ, q = p and a = α where the answer is yes, else q = 1 − p and
    a = 1 − α

    Source: Lin, Goyal, Girshick, He and Dollár, Focal Loss for Dense Object Detection, 2017: α = 0.25, γ = 2.
    """

    focus: Focus = 2.0
    balance: Annotated[
        float,
        Setting("Balance", "What a yes counts; a no counts the rest.", symbol="α", above=0, below=1),
    ] = 0.25

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        from torch.nn.functional import logsigmoid

        # the output towards the right answer: 1 − sigmoid(z) = sigmoid(−z)
        chances = logsigmoid((2 * wanted - 1) * outputs)
        weights = self.balance * wanted + (1 - self.balance) * (1 - wanted)
        return (-weights * unsure(chances) ** self.focus * chances).mean(1)


class Hinge(LossOfAnswers, kind="hinge", title="Hinge"):
    """Each output has to be on the right side of 0, by a margin; by how much more does not matter.

    The loss of the support vector machine. The probabilities that are shown are sigmoids of the outputs and
    only an order: nothing in this loss makes them right.

    Formula: L = 1/K ∑ₖ max(0, m − sₖ zₖ), sₖ = 1 where the answer is yes, else −1

    Source: Cortes and Vapnik, Support-Vector Networks, 1995.
    """

    margin: _Margin = 1.0

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        return (self.margin - (2 * wanted - 1) * outputs).relu().mean(1)


class SquaredHinge(LossOfAnswers, kind="squared_hinge", title="Squared hinge"):
    """Each output has to be on the right side of 0, by a margin; what it lacks costs its square.

    Smooth where hinge has a corner, and harder on what is far wrong, so that single wrong labels in the data
    pull more. The probabilities that are shown are sigmoids of the outputs and only an order.

    Formula: L = 1/K ∑ₖ max(0, m − sₖ zₖ)², sₖ = 1 where the answer is yes, else −1

    Source: Tang, Deep Learning using Linear Support Vector Machines, 2013.
    """

    margin: _Margin = 1.0

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        return (self.margin - (2 * wanted - 1) * outputs).relu().square().mean(1)


class Tversky(LossOfAnswers, kind="tversky", title="Tversky"):
    """How badly the set of labels that are said overlaps with the set of those that apply.

    Of thousands of labels that do not apply, none counts. A false alarm and a label that is missed may cost
    differently: raise β where nothing must be missed.

    Formula: L = 1 − (A + s) / (A + α B + β C + s), A = ∑ₖ pₖtₖ said and true, B = ∑ₖ pₖ(1 − tₖ) said in vain,
    C = ∑ₖ (1 − pₖ)tₖ missed

    Source: Salehi, Erdogmus and Gholipour, Tversky loss function for image segmentation using 3D fully
    convolutional deep networks, 2017: α = 0.3, β = 0.7.
    """

    alarm: Annotated[
        float,
        Setting("False alarm", "What a label said in vain costs.", symbol="α", above=0, most=10),
    ] = 0.3
    missed: Annotated[
        float, Setting("Missed", "What a label not said costs.", symbol="β", above=0, most=10)
    ] = 0.7

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        return _overlap(outputs, wanted, self.alarm, self.missed)


class Dice(LossOfAnswers, kind="dice", title="Dice"):
    """How badly what is said overlaps with what applies: 1 less twice the common part by the sum of both.

    It is what the F1 score is of sure answers, and so follows that score more closely than cross entropy.

    Formula: L = 1 − (2 ∑ₖ pₖtₖ + 2 s) / (∑ₖ pₖ + ∑ₖ tₖ + 2 s)

    Source: Milletari, Navab and Ahmadi, V-Net: Fully Convolutional Neural Networks for Volumetric Medical
    Image Segmentation, 2016.
    """

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        return _overlap(outputs, wanted, 0.5, 0.5)


class Jaccard(LossOfAnswers, kind="jaccard", title="Jaccard"):
    """How badly what is said overlaps with what applies: 1 less the common part by all of both together.

    Also called intersection over union. Harder than Dice on what overlaps little.

    Formula: L = 1 − (∑ₖ pₖtₖ + s) / (∑ₖ pₖ + ∑ₖ tₖ − ∑ₖ pₖtₖ + s)

    Source: Rahman and Wang, Optimizing Intersection-Over-Union in Deep Neural Networks for Image
    Segmentation, 2016.
    """

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        return _overlap(outputs, wanted, 1.0, 1.0)


_SMOOTHING = 1.0
"""s: an example to which no label applies has a slope, too, and 0 by 0 does not occur."""


def _overlap(outputs: Tensor, wanted: Tensor, alarm: float, missed: float) -> Tensor:
    """Return 1 less the Tversky index of each example."""
    chances = outputs.sigmoid()
    common = (chances * wanted).sum(1)
    vain, lacking = (chances * (1 - wanted)).sum(1), ((1 - chances) * wanted).sum(1)
    return 1 - (common + _SMOOTHING) / (common + alarm * vain + missed * lacking + _SMOOTHING)
