"""Schedules: how the learning rate changes over a run, as pure functions of its progress."""

from __future__ import annotations

from abc import abstractmethod
from math import cos, floor, pi
from typing import Annotated

from engine.choices import Choice, Setting


class Schedule(Choice, family="schedules"):
    """The factor on the learning rate as a function of progress, so that it can be drawn before the run."""

    @abstractmethod
    def factor(self, progress: float) -> float:
        """Return the factor on the learning rate at `progress`, the share of all steps done, in [0, 1).

        It is from 0 to 1 and somewhere 1, so that the learning rate that is set is the largest one.
        """


class Constant(Schedule, kind="constant", title="Constant"):
    """The learning rate stays as it is.

    Simple and good for a first look. The noise of small batches then never settles completely.

    Formula: f(p) = 1

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 8.3.1.
    """

    def factor(self, progress: float) -> float:
        """Return 1."""
        return 1.0


class Step(Schedule, kind="step", title="Steps down"):
    """The learning rate falls in a few sudden drops, evenly spread over the run.

    Each drop often shows as a sudden fall of the loss: the large steps have found the valley, the smaller
    ones find its floor.

    Formula: f(p) = γ^⌊(n + 1) p⌋

    Source: Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural Networks,
    2012.
    """

    drops: Annotated[
        int,
        Setting("Drops", "How often the learning rate falls during the run.", symbol="n", least=1, most=100),
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


class Exponential(Schedule, kind="exponential", title="Exponential"):
    """The learning rate falls by the same share at every step, down to a given factor at the end.

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
    """The learning rate climbs for a short while, then falls along half a cosine.

    The climb keeps the first steps, taken from random weights, from doing harm; the fall is gentle at both
    ends.

    Formula: f(p) = p/w where p < w, else c + (1 − c) (1 + cos(π (p − w)/(1 − w))) / 2

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017; warm-up: Goyal
    et al., Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour, 2017.
    """

    warmup: Annotated[
        float, Setting("Warm-up", "Share of the run that the climb takes.", symbol="w", least=0, below=1)
    ] = 0.05
    floor: Annotated[
        float,
        Setting("Factor at the end", "What is left of it when the run ends.", symbol="c", least=0, most=1),
    ] = 0.0

    def factor(self, progress: float) -> float:
        """Return the climb before `warmup`, the half cosine after it."""
        # never where the warm-up is 0, so nothing is divided by it
        if progress < self.warmup:
            return progress / self.warmup
        fallen = (progress - self.warmup) / (1 - self.warmup)
        return self.floor + (1 - self.floor) * (1 + cos(pi * fallen)) / 2
