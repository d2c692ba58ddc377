"""Losses of classes: what it costs not to choose the right one of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from engine.choices import Setting
from engine.learning.losses.loss import LossOfSoftmax

if TYPE_CHECKING:
    from torch import Tensor

Focus = Annotated[
    float,
    Setting(
        "Focus", "How little sure and right answers count; 0: as all others.", symbol="γ", least=0, most=10
    ),
]


class CrossEntropy(LossOfSoftmax, kind="cross_entropy", title="Cross entropy"):
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

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        from torch.nn.functional import cross_entropy

        # from the logits, so that nothing overflows; torch spreads ε over all classes, as Szegedy et al. do
        return cross_entropy(outputs, targets, reduction="none", label_smoothing=self.label_smoothing)


class Focal(LossOfSoftmax, kind="focal", title="Focal"):
    """Cross entropy in which what is already right and sure hardly counts.

    Where one class is far more frequent than the others, its many easy examples would drown the few hard
    ones. A focus of 0 is cross entropy; with 2, an example at p = 0.9 counts a hundred times less.

    Formula: L = −(1 − p_y)^γ log p_y, p = softmax(z)

    Source: Lin, Goyal, Girshick, He and Dollár, Focal Loss for Dense Object Detection, 2017.
    """

    focus: Focus = 2.0

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        from torch.nn.functional import cross_entropy

        surprise = cross_entropy(outputs, targets, reduction="none")
        return unsure(-surprise) ** self.focus * surprise


def unsure(log_chances: Tensor) -> Tensor:
    """Return 1 − p of log p, never quite 0: powers below 1 have no finite slope there."""
    import torch

    return (-log_chances.expm1()).clamp_min(torch.finfo(log_chances.dtype).tiny)
