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


_SMOOTHING = 1.0
"""s: an example to which no label applies has a slope, too, and 0 by 0 does not occur."""


def _overlap(outputs: Tensor, wanted: Tensor, alarm: float, missed: float) -> Tensor:
    """Return 1 less the Tversky index of each example."""
    chances = outputs.sigmoid()
    common = (chances * wanted).sum(1)
    vain, lacking = (chances * (1 - wanted)).sum(1), ((1 - chances) * wanted).sum(1)
    return 1 - (common + _SMOOTHING) / (common + alarm * vain + missed * lacking + _SMOOTHING)
