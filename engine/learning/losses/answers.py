"""Losses of yes-or-no answers: labels of which several may apply, and classes one against the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.losses.classes import Focus, unsure
from engine.learning.losses.loss import LossOfAnswers
from engine.learning.score_units import NATS, ScoreUnit

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

    unit: ClassVar[ScoreUnit] = NATS

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


class Asymmetric(LossOfAnswers, kind="asymmetric", title="Asymmetric"):
    """Focal with another focus for yes than for no, in which a "no" that is clear does not count at all.

    Of many labels few apply: each example has a "yes" or two and a crowd of "no". These are played down
    harder than the "yes", and where the probability is below the shift they have no gradient.

    Formula: L = −1/K ∑ₖ (1 − pₖ)^γ₊ log pₖ where the answer is yes, else rₖ^γ₋ log(1 − rₖ) with
    rₖ = max(pₖ − m, 0)

    Source: Ridnik et al., Asymmetric Loss For Multi-Label Classification, 2021, with γ₋ = 4, γ₊ = 0 and
    m = 0.05.
    """

    focus_yes: Annotated[
        float,
        Setting("Focus of a yes", "How little a yes that is sure counts.", symbol="γ₊", least=0, most=10),
    ] = 0.0
    focus_no: Annotated[
        float,
        # below 1 the slope would be infinite where a "no" begins to count
        Setting("Focus of a no", "How little a no that is sure counts.", symbol="γ₋", least=1, most=10),
    ] = 4.0
    shift: Annotated[
        float,
        Setting(
            "Shift", "A probability below it costs nothing where it is a no.", symbol="m", above=0, below=1
        ),
    ] = 0.05

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        from torch.nn.functional import logsigmoid

        yes = logsigmoid(outputs)
        # 1 − r as 1 − p + m: of a p that rounds to 1 the shift is left, and its logarithm is finite
        clear = ((-outputs).sigmoid() + self.shift).clamp(max=1)
        no = (1 - clear) ** self.focus_no * clear.log()
        return -(wanted * unsure(yes) ** self.focus_yes * yes + (1 - wanted) * no).mean(1)


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


class ModifiedHuber(LossOfAnswers, kind="modified_huber", title="Modified Huber"):
    """Squared hinge that goes on in a straight line where an output is on the wrong side by the margin of 1.

    Smooth as squared hinge, and as calm as hinge about single wrong labels. The probabilities that are shown
    are sigmoids of the outputs and only an order.

    Formula: L = 1/K ∑ₖ h(sₖ zₖ), h(u) = max(0, 1 − u)² where u ≥ −1, else −4 u; sₖ = 1 where the answer is
    yes, else −1

    Source: Zhang, Solving Large Scale Linear Prediction Problems Using Stochastic Gradient Descent
    Algorithms, 2004.
    """

    @override
    def of(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        lacking = (1 - (2 * wanted - 1) * outputs).relu()
        # the square up to what lacks 2, and 4 for each unit beyond
        return (lacking.clamp(max=2).square() + 4 * (lacking - 2).relu()).mean(1)
