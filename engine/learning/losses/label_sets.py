"""Losses of the set of labels as a whole: how it overlaps, which labels lead which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from engine.choices import Setting
from engine.learning.losses.loss import LossOfAnswers

if TYPE_CHECKING:
    from torch import Tensor


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


class LovaszHinge(LossOfAnswers, kind="lovasz_hinge", title="Lovász hinge"):
    """Hinge whose parts weigh as much as each wrong answer would lower the Jaccard index.

    The index itself is a step and has no slope. This goes through all its values at sure answers and is
    convex in between, so that descent lowers the very score that overlap is judged by.

    Formula: L = ∑ᵢ max(0, eᵢ) (Jᵢ − Jᵢ₋₁), e₁ ≥ e₂ ≥ ... the 1 − sₖ zₖ in order, sₖ = 1 where the answer is
    yes, else −1; Jᵢ is 1 less the Jaccard index where just the first i answers are wrong, J₀ = 0

    Source: Berman, Triki and Blaschko, The Lovász-Softmax Loss: A Tractable Surrogate for the Optimization of
    the Intersection-Over-Union Measure in Neural Networks, 2018; Yu and Blaschko, Learning Submodular Losses
    with the Lovász Hinge, 2015.
    """

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        from torch.nn.functional import pad

        errors, order = (1 - (2 * wanted - 1) * outputs).sort(1, descending=True)
        sorted_answers = wanted.gather(1, order)
        common = sorted_answers.sum(1, keepdim=True) - sorted_answers.cumsum(1)
        either = common + sorted_answers.cumsum(1) + (1 - sorted_answers).cumsum(1)
        return (errors.relu() * pad(1 - common / either, (1, 0)).diff(dim=1)).sum(1)


class LabelRanking(LossOfAnswers, kind="label_ranking", title="Label ranking (ZLPR)"):
    """Every label that applies has to lead every one that does not, with 0 between them.

    How many labels there are makes no difference, and rare ones need no weights: what counts is the order
    within each example. One output alone is judged as by binary cross entropy.

    Formula: L = log(1 + ∑ₖ e^(zₖ) over those that do not apply) + log(1 + ∑ₖ e^(−zₖ) over those that apply)

    Source: Su et al., ZLPR: A Novel Loss for Multi-label Classification, 2022.
    """

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        from torch.nn.functional import pad

        def beyond(raised: Tensor, counted: Tensor) -> Tensor:
            # the 1 of the formula is one output of 0 more
            return pad(raised.masked_fill(~counted, float("-inf")), (1, 0)).logsumexp(1)

        applies = wanted > 0.5
        return beyond(outputs, ~applies) + beyond(-outputs, applies)


_SMOOTHING = 1.0
"""s: an example to which no label applies has a slope, too, and 0 by 0 does not occur."""


def _overlap(outputs: Tensor, wanted: Tensor, alarm: float, missed: float) -> Tensor:
    """Return 1 less the Tversky index of each example."""
    chances = outputs.sigmoid()
    common = (chances * wanted).sum(1)
    vain, lacking = (chances * (1 - wanted)).sum(1), ((1 - chances) * wanted).sum(1)
    return 1 - (common + _SMOOTHING) / (common + alarm * vain + missed * lacking + _SMOOTHING)
