"""Losses of classes that ask for a lead: the right class ahead of others, by a margin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from typing_extensions import override

from engine.choices import Setting
from engine.learning.losses.loss import LossOfSoftmax

if TYPE_CHECKING:
    from torch import Tensor


Margin = Annotated[
    float, Setting("Margin", "By which the right class leads.", symbol="m", above=0, most=100, log=True)
]


class MultiMargin(LossOfSoftmax, kind="multi_margin", title="Multi-class margin"):
    """The right class has to lead each other one by a margin; by how much more does not matter.

    The loss of a support vector machine. Examples that are right by the margin have no gradient, so that
    learning is about those near the border. The shares that are shown come from softmax and are no
    probabilities: only their order means something.

    Formula: L = 1/K ∑ₖ≠ᵧ max(0, m − z_y + zₖ)ᵖ

    Source: Weston and Watkins, Support Vector Machines for Multi-Class Pattern Recognition, 1999.
    """

    margin: Margin = 1.0
    cost: Annotated[
        Literal["plain", "squared"],
        Setting(
            "What lacks costs",
            "How much an example costs that lacks some of the margin.",
            options={"plain": "as much as it lacks (p = 1)", "squared": "its square (p = 2)"},
        ),
    ] = "plain"

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        from torch.nn.functional import multi_margin_loss

        power = 1 if self.cost == "plain" else 2
        return multi_margin_loss(outputs, targets, p=power, margin=self.margin, reduction="none")


class CrammerSinger(LossOfSoftmax, kind="crammer_singer", title="Crammer–Singer margin"):
    """The right class has to lead the strongest of the others by a margin; weaker ones do not matter.

    The multi-class margin counts every class that comes too near; here only the nearest rival is held off.
    The shares that are shown come from softmax and are no probabilities: only their order means something.

    Formula: L = max(0, m − z_y + maxₖ≠ᵧ zₖ)

    Source: Crammer and Singer, On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines,
    2001.
    """

    margin: Margin = 1.0

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        place = targets[:, None]
        rival = outputs.scatter(1, place, float("-inf")).amax(1)
        return (self.margin - outputs.gather(1, place)[:, 0] + rival).relu()
