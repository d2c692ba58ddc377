"""Losses of classes: what it costs not to choose the right one of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.data.description import Targets
from engine.learning.losses.loss import LossOfSoftmax
from engine.learning.score_units import NATS, ScoreUnit

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
    unit: ClassVar[ScoreUnit] = NATS

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


class Poly(LossOfSoftmax, kind="poly", title="PolyLoss (Poly-1)"):
    """Cross entropy and a share of the error probability: its first term weighs more, or less.

    Cross entropy is a sum of powers of 1 − p. Near the end only the first still counts: with a positive
    weight examples that are nearly right go on pulling; with a negative one they pull less, as in focal.
    The share is also what symmetric cross entropy adds against wrong labels.

    Formula: L = −log p_y + ε₁ (1 − p_y), p = softmax(z)

    Source: Leng et al., PolyLoss: A Polynomial Expansion Perspective of Classification Loss Functions, 2022;
    symmetric: Wang et al., Symmetric Cross Entropy for Robust Learning with Noisy Labels, 2019.
    """

    extra: Annotated[
        float,
        Setting(
            "Extra weight",
            "What the error probability counts besides; 0 is cross entropy.",
            symbol="ε₁",
            least=-1,
            most=100,
        ),
    ] = 2.0

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        from torch.nn.functional import cross_entropy

        surprise = cross_entropy(outputs, targets, reduction="none")
        return surprise + self.extra * unsure(-surprise)


class GeneralizedCrossEntropy(
    LossOfSoftmax, kind="generalized_cross_entropy", title="Generalized cross entropy"
):
    """Between cross entropy and the plain error probability: calm about labels that are wrong.

    Cross entropy learns at last even what is labelled wrongly, as such examples pull the most. Here what the
    network holds for unlikely pulls less: the more, the nearer the power is to 1. With a power towards 0 it
    is cross entropy.

    Formula: L = (1 − p_y^q) / q, p = softmax(z)

    Source: Zhang and Sabuncu, Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy
    Labels, 2018, with q = 0.7.
    """

    exponent: Annotated[
        float,
        Setting(
            "Power",
            "Towards 0 as cross entropy; 1 is the calmest and the slowest to learn.",
            symbol="q",
            above=0,
            most=1,
        ),
    ] = 0.7

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        from torch.nn.functional import cross_entropy

        # p^q by its logarithm: 1 − p^q would be 0 for a p near 1 and a small q
        return -(-self.exponent * cross_entropy(outputs, targets, reduction="none")).expm1() / self.exponent


class BiTempered(LossOfSoftmax, kind="bi_tempered", title="Bi-tempered logistic"):
    """Cross entropy with two temperatures: a loss that is bounded, of probabilities with heavy tails.

    One example that is labelled wrongly and lies far from the border can cost only so much (t₁), and those
    near the border do not have to be pushed far away from it (t₂). Near 1 both are softmax and cross entropy.

    Formula: L = −log_t₁ p_y − (1 − ∑ₖ pₖ^(2 − t₁))/(2 − t₁), pₖ = exp_t₂(zₖ − λ) with λ such that ∑ₖ pₖ = 1;
    log_t x = (x^(1 − t) − 1)/(1 − t), exp_t x = (1 + (1 − t) x)^(1/(1 − t))

    Source: Amid, Warmuth, Anil and Koren, Robust Bi-Tempered Logistic Loss Based on Bregman Divergences,
    2019.
    """

    bound: Annotated[
        float,
        Setting(
            "Temperature of the loss",
            "The smaller, the less a wrong label can cost; near 1 as cross entropy.",
            symbol="t₁",
            least=0,
            below=1,
        ),
    ] = 0.8
    tail: Annotated[
        float,
        Setting(
            "Temperature of the probabilities",
            "The larger, the more stays for unlikely classes; near 1 as softmax.",
            symbol="t₂",
            above=1,
            most=4,
        ),
    ] = 1.2

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        chances = self._chances(outputs)
        right = chances.gather(1, targets[:, None])[:, 0]
        far, rest = 1 - self.bound, 2 - self.bound
        return (1 - right**far) / far - (1 - (chances**rest).sum(1)) / rest

    @override
    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        return self._chances(outputs)

    def _chances(self, outputs: Tensor) -> Tensor:
        """Return the tempered softmax (..., K) of outputs (..., K).

        Formula: pₖ = uₖ^(−1/a), uₖ = 1 + a (λ − zₖ), a = t₂ − 1
        """
        import torch

        heavy = self.tail - 1
        below = outputs - outputs.detach().amax(-1, keepdim=True)
        with torch.no_grad():
            shift = torch.zeros_like(below[..., :1])
            for _ in range(_NEWTON_STEPS):
                shift = shift + _shortfall(below, shift, heavy)
        # one step more, with a gradient: at the root its slope is that of the root itself
        found = shift + _shortfall(below, shift, heavy)
        # the largest probability is at most 1, but for rounding
        return (1 + heavy * (found - below)).clamp_min(1) ** (-1 / heavy)


_NEWTON_STEPS = 12
"""Each doubles the digits; six are enough for a thousand classes."""


def _shortfall(below: Tensor, shift: Tensor, heavy: float) -> Tensor:
    """Return Newton's step towards the λ at which tempered probabilities add up to 1.

    Taken of (∑ₖ pₖ)^(−a), which is concave in λ and straight where all outputs are alike: from below no step
    goes too far.
    """
    bases = 1 + heavy * (shift - below)
    total = (bases ** (-1 / heavy)).sum(-1, keepdim=True)
    slope = (bases ** (-1 / heavy - 1)).sum(-1, keepdim=True)
    return (total ** (1 + heavy) - total) / (heavy * slope)


class Brier(LossOfSoftmax, kind="brier", title="Brier score"):
    """The squared distance of the probabilities from the truth, which is 1 for the right class.

    As cross entropy it is lowest for the true probabilities, but no single example can cost more than 2: a
    label that is wrong does less harm. Where a network is sure and wrong it learns slowly.

    Formula: L = ∑ₖ (pₖ − [k = y])², p = softmax(z)

    Source: Brier, Verification of Forecasts Expressed in Terms of Probability, 1950.
    """

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        from torch.nn.functional import one_hot

        return (outputs.softmax(1) - one_hot(targets, outputs.shape[1])).square().sum(1)


class CosineDistance(LossOfSoftmax, kind="cosine_distance", title="Cosine distance"):
    """How far the direction of the outputs is from that of the right class; their size does not matter.

    As outputs cannot lower it by growing, a network that has seen few examples does not become too sure of
    them. The shares that are shown come from softmax and are only an order.

    Formula: L = 1 − z_y / √(‖z‖² + 10⁻⁴)

    Source: Barz and Denzler, Deep Learning on Small Datasets without Pre-Training using Cosine Loss, 2020.
    """

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        right = outputs.gather(1, targets[:, None])[:, 0]
        # the small number keeps the slope finite where all outputs are 0, as after initial weights of 0
        return 1 - right / (outputs.square().sum(1) + 1e-4).sqrt()


def unsure(log_chances: Tensor) -> Tensor:
    """Return 1 − p of log p, never quite 0: powers below 1 have no finite slope there."""
    import torch

    return (-log_chances.expm1()).clamp_min(torch.finfo(log_chances.dtype).tiny)
