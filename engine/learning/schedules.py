"""Schedules: how the learning rate, or another setting, changes over a run: functions of its progress."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import cos, floor, pi, sqrt
from typing import Annotated, Literal

from typing_extensions import override

from engine.choices import Choice, Problem, Setting
from engine.data.about import About, Suited

WarmUp = Annotated[
    float, Setting("Warm-up", "Share of the run that the climb takes.", symbol="w", least=0, below=1)
]
FinalFactor = Annotated[
    float, Setting("Factor at the end", "What is left of it when the run ends.", symbol="c", least=0, most=1)
]


class Schedule(Choice, family="schedules"):
    """A factor as a function of progress, so that it can be drawn before the run.

    That on the learning rate; `courses.py` has other settings follow such a factor.
    """

    live = "whole"  # nothing is remembered from step to step

    @abstractmethod
    def factor(self, progress: float) -> float:
        """Return the factor on the learning rate at `progress`, the share of all steps done, in [0, 1).

        It is from 0 to 1 and somewhere 1, so that the learning rate that is set is the largest one.
        """

    def heard(self, series: Mapping[str, Sequence[float]]) -> tuple[float, ...]:
        """Return a further factor for each epoch measured and the next one; empty: it listens to nothing.

        `series` has one value an epoch by name. A function of them alone, which a run that is gone on with
        has from its history: so nothing has to be remembered.
        """
        return ()


class Constant(Schedule, kind="constant", title="Constant"):
    """The value stays as it is.

    Simple and good for a first look. The noise of small batches then never settles completely.

    Formula: f(p) = 1

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 8.3.1.
    """

    def factor(self, progress: float) -> float:
        """Return 1."""
        return 1.0


class Step(Schedule, kind="step", title="Steps down"):
    """The value falls in a few sudden drops, evenly spread over the run.

    Each drop often shows as a sudden fall of the loss: the large steps have found the valley, the smaller
    ones find its floor.

    Formula: f(p) = γ^⌊(n + 1) p⌋

    Source: Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural Networks,
    2012.
    """

    drops: Annotated[
        int,
        Setting("Drops", "How often it falls during the run.", symbol="n", least=1, most=100),
    ] = 2
    ratio: Annotated[
        float,
        Setting(
            "Factor of a drop", "What is left of it after a drop.", symbol="γ", above=0, below=1, log=True
        ),
    ] = 0.1

    def factor(self, progress: float) -> float:
        """Return γ to the power of the drops so far."""
        # n + 1 stretches of one length, so that time is left after the last drop
        return float(self.ratio ** floor((self.drops + 1) * progress))


class LinearDecay(Schedule, kind="linear", title="Linear with warm-up"):
    """The value climbs for a short while, then falls along a straight line.

    What most pretrained Transformers are fine-tuned with: the steps shrink evenly until the run ends.

    Formula: f(p) = p/w where p < w, else c + (1 − c) (1 − p)/(1 − w)

    Source: Devlin, Chang, Lee and Toutanova, BERT: Pre-training of Deep Bidirectional Transformers for
    Language Understanding, 2019, appendix A.2.
    """

    warmup: WarmUp = 0.05
    floor: FinalFactor = 0.0

    def factor(self, progress: float) -> float:
        """Return the climb before `warmup`, the straight fall after it."""
        if progress < self.warmup:
            return progress / self.warmup
        return _between(self.floor, 1.0, (1 - progress) / (1 - self.warmup))


class PolynomialDecay(Schedule, kind="polynomial", title="Polynomial"):
    """The value falls as a power of what is left of the run.

    A power of 1 is a straight line; above 1 it falls fast at first and gently at the end, below 1 it stays
    high for long and falls at the end. Usual for segmentation, with a power of 0.9.

    Formula: f(p) = c + (1 − c) (1 − p)ᵏ

    Source: Chen, Papandreou, Kokkinos, Murphy and Yuille, DeepLab: Semantic Image Segmentation, 2018, section
    4.1.2, with k = 0.9.
    """

    power: Annotated[float, Setting("Power", "Of the share that is left.", symbol="k", above=0, most=10)] = (
        2.0
    )
    floor: FinalFactor = 0.0

    def factor(self, progress: float) -> float:
        """Return the power of what is left of the run."""
        return _between(self.floor, 1.0, (1 - progress) ** self.power)


class InverseSquareRoot(Schedule, kind="inverse_square_root", title="Inverse square root"):
    """The value climbs evenly, then falls as one over the square root of the steps done.

    It never comes to its end, so that a run may be prolonged: what the first Transformers were trained with.

    Formula: f(p) = min(p/w, √(w/p))

    Source: Vaswani et al., Attention Is All You Need, 2017, section 5.3.
    """

    warmup: Annotated[
        float, Setting("Warm-up", "Share of the run that the climb takes.", symbol="w", above=0, below=1)
    ] = 0.05

    def factor(self, progress: float) -> float:
        """Return the climb before `warmup`, the root after it."""
        if progress < self.warmup:
            return progress / self.warmup
        return sqrt(self.warmup / progress)


class Exponential(Schedule, kind="exponential", title="Exponential"):
    """The value falls by the same share at every step, down to a given factor at the end.

    It falls fast at first and ever more slowly later, so that most of the run is spent on fine steps.

    Formula: f(p) = cᵖ

    Source: Senior, Heigold, Ranzato and Yang, An empirical study of learning rates in deep neural networks
    for speech recognition, 2013.
    """

    final: Annotated[
        float,
        Setting(
            "Factor at the end",
            "What is left of it when the run ends.",
            symbol="c",
            # not 0, all powers of which are 0: the rate would vanish after the first step
            above=0,
            most=1,
            log=True,
        ),
    ] = 0.01

    def factor(self, progress: float) -> float:
        """Return c to the power of progress."""
        return float(self.final**progress)


class Cosine(Schedule, kind="cosine", title="Cosine with warm-up"):
    """The value climbs for a short while, then falls along half a cosine.

    The climb keeps the first steps, taken from random weights, from doing harm; the fall is gentle at both
    ends.

    Formula: f(p) = p/w where p < w, else c + (1 − c) (1 + cos(π (p − w)/(1 − w))) / 2

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017; warm-up: Goyal
    et al., Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour, 2017.
    """

    warmup: WarmUp = 0.05
    floor: FinalFactor = 0.0

    def factor(self, progress: float) -> float:
        """Return the climb before `warmup`, the half cosine after it."""
        # never where the warm-up is 0, so nothing is divided by it
        if progress < self.warmup:
            return progress / self.warmup
        return _cosine_fall(progress, self.warmup, self.floor)


class WarmUpStableDecay(Schedule, kind="warmup_stable_decay", title="Warm-up, hold, decay"):
    """The value climbs, stays at its height for most of the run, and falls at the end.

    The loss drops fast while the rate falls. A run can be prolonged from anywhere on the plateau, which a
    cosine does not allow; the result is as good.

    Formula: f(p) = p/w where p < w, 1 where p ≤ 1 − d, else g((1 − p)/d); g(q) = q for a straight line,
    1 − √(1 − q) for the root

    Source: Hu et al., MiniCPM: Unveiling the Potential of Small Language Models, 2024; Hägele, Bakouch,
    Kosson, Ben Allal, von Werra and Jaggi, Scaling Laws and Compute-Optimal Training Beyond Fixed Training
    Durations, 2024, with the root.
    """

    warmup: WarmUp = 0.05
    decay: Annotated[
        float,
        Setting("Decay", "Share of the run, at its end, that the fall takes.", symbol="d", above=0, most=1),
    ] = 0.2
    shape: Annotated[
        Literal["linear", "root"],
        Setting(
            "Shape of the fall",
            "How it falls at the end.",
            options={"linear": "a straight line", "root": "1 − √: fast at first, then gently"},
        ),
    ] = "linear"

    def factor(self, progress: float) -> float:
        """Return the smaller of climb and fall, at most 1."""
        # where both overlap, the fall decides after the climb has ended
        if progress < self.warmup:
            return progress / self.warmup
        left = min((1 - progress) / self.decay, 1.0)
        return left if self.shape == "linear" else 1 - sqrt(1 - left)


class OneCycle(Schedule, kind="one_cycle", title="One cycle"):
    """The value climbs from a small value to its height, then falls far below where it began.

    Large steps in the middle keep the network out of sharp valleys; rates several times as high as usual then
    train well, in fewer steps.

    Formula: with h(a, b, q) = a + (b − a)(1 − cos πq)/2: f(p) = h(s, 1, p/w) where p < w, else
    h(1, c, (p − w)/(1 − w))

    Source: Smith and Topin, Super-Convergence: Very Fast Training of Neural Networks Using Large Learning
    Rates, 2018; with halves of a cosine as in PyTorch, `OneCycleLR`.
    """

    start: Annotated[
        float, Setting("Factor at the start", "Of the learning rate.", symbol="s", above=0, most=1, log=True)
    ] = 0.04
    peak: Annotated[
        float, Setting("Climb", "Share of the run that the climb takes.", symbol="w", above=0, below=1)
    ] = 0.3
    final: Annotated[
        float,
        Setting(
            "Factor at the end",
            "What is left of it when the run ends.",
            symbol="c",
            above=0,
            most=1,
            log=True,
        ),
    ] = 4e-6

    def factor(self, progress: float) -> float:
        """Return half a cosine up to 1, and half a cosine down from there."""
        if progress < self.peak:
            return _between(self.start, 1.0, (1 - cos(pi * progress / self.peak)) / 2)
        return _cosine_fall(progress, self.peak, self.final)


class Cyclic(Schedule, kind="cyclic", title="Cyclic"):
    """The value climbs and falls in straight lines, again and again.

    Now and then large steps lead out of a valley that is too sharp; the loss rises for a while and comes back
    lower. With a factor of 1/2 each peak is half as high as the last.

    Formula: within cycle i = ⌊n p⌋, at the share q of it: f = c + (1 − c) γⁱ (1 − |2q − 1|)

    Source: Smith, Cyclical Learning Rates for Training Neural Networks, 2017: the triangular policies.
    """

    cycles: Annotated[int, Setting("Cycles", "During the run.", symbol="n", least=1, most=1000)] = 4
    least: Annotated[
        float,
        Setting("Least factor", "Of the learning rate, between two peaks.", symbol="c", least=0, most=1),
    ] = 0.1
    ratio: Annotated[
        float,
        Setting(
            "Factor of a peak", "Height of a peak beside the one before it.", symbol="γ", above=0, most=1
        ),
    ] = 1.0

    def factor(self, progress: float) -> float:
        """Return the triangle of this cycle."""
        cycle = floor(self.cycles * progress)
        share = self.cycles * progress - cycle
        return _between(self.least, 1.0, self.ratio**cycle * (1 - abs(2 * share - 1)))


class WarmRestarts(Schedule, kind="warm_restarts", title="Cosine with warm restarts"):
    """The value falls along half a cosine and jumps back up, each time for longer.

    Just before each jump the weights are as good as those of a run that ends there; each jump looks for
    another valley from a good place.

    Formula: within cycle i, of the length ∝ mⁱ, at the share q of it: f = c + (1 − c)(1 + cos πq)/2

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017, equation 5.
    """

    cycles: Annotated[int, Setting("Cycles", "During the run.", symbol="n", least=1, most=100)] = 3
    growth: Annotated[
        float, Setting("Growth", "Length of a cycle beside the one before it.", symbol="m", least=1, most=10)
    ] = 2.0
    floor: Annotated[
        float, Setting("Least factor", "What is left of it before each restart.", symbol="c", least=0, most=1)
    ] = 0.0

    def factor(self, progress: float) -> float:
        """Return the half cosine of this cycle."""
        lengths = [self.growth**cycle for cycle in range(self.cycles)]
        done = progress * sum(lengths)
        cycle = 0
        # the last holds what rounding leaves over
        while cycle < self.cycles - 1 and done >= lengths[cycle]:
            done -= lengths[cycle]
            cycle += 1
        return _cosine_fall(min(done / lengths[cycle], 1.0), 0.0, self.floor)


class Piecewise(Schedule, Suited, kind="piecewise", title="Piecewise, by hand"):
    """The value is what you say, from the moments on that you say.

    For schedules of papers that nothing else here describes. Straight lines lead from one factor to the next;
    in steps, each holds until the next.

    Formula: f(p) = fᵢ where tᵢ ≤ p < tᵢ₊₁, or on the line from (tᵢ, fᵢ) to (tᵢ₊₁, fᵢ₊₁)

    Source: He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016, section 4.2, with
    drops chosen by hand.
    """

    moments: Annotated[
        tuple[Annotated[float, Setting("Moment", "A share of the run.", least=0, below=1)], ...],
        Setting(
            "Moments", "Shares of the run, the first 0, from each of which on a factor holds.", symbol="t"
        ),
    ] = (0.0, 0.5, 0.75)
    factors: Annotated[
        tuple[Annotated[float, Setting("Factor", "On the learning rate.", least=0, most=1)], ...],
        Setting("Factors", "On the learning rate, one for each moment; the largest is 1.", symbol="f"),
    ] = (1.0, 0.1, 0.01)
    lines: Annotated[
        bool, Setting("In straight lines", "From each factor to the next, instead of in steps.")
    ] = False

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return where moments and factors are none of a schedule."""
        found = []
        if not self.moments or self.moments[0] != 0:
            found.append(Problem("moments", "must begin with 0"))
        if any(later <= earlier for earlier, later in pairwise(self.moments)):
            found.append(Problem("moments", "must increase"))
        if len(self.factors) != len(self.moments):
            found.append(Problem("factors", "must be as many as the moments"))
        elif max(self.factors, default=1.0) != 1:
            found.append(
                Problem("factors", "must have 1 as the largest, so that the learning rate is what is set")
            )
        return (*super().problems(about), *found)

    def factor(self, progress: float) -> float:
        """Return the factor that holds, or that of the line to the next one."""
        place = sum(moment <= progress for moment in self.moments) - 1
        here = self.factors[place]
        if not self.lines or place + 1 == len(self.moments):
            return here
        begin, end = self.moments[place : place + 2]
        return here + (self.factors[place + 1] - here) * (progress - begin) / (end - begin)


def _between(low: float, high: float, share: float) -> float:
    return low + (high - low) * share


def _cosine_fall(progress: float, begin: float, least: float) -> float:
    """Return the half cosine from 1 where progress is `begin` to `least` at its end."""
    fallen = (progress - begin) / (1 - begin)
    return _between(least, 1.0, (1 + cos(pi * fallen)) / 2)
