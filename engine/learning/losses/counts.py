"""Losses of counts: how many times something happens, which is never below 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import PrivateAttr
from typing_extensions import override

from engine.choices import Message, Problem
from engine.data.about import About
from engine.data.description import TargetKind, Targets
from engine.learning.losses.loss import NUMBERS, Loss
from engine.learning.score_units import NATS, ScoreUnit

if TYPE_CHECKING:
    from torch import Tensor

_STEEPEST = 10.0
"""Beyond 22,000 times the mean count the rate grows in proportion, so that it cannot overflow."""


class Poisson(Loss, kind="poisson", title="Poisson likelihood"):
    """For counts, as of visits, calls or defects: the network puts out the logarithm of the expected count.

    Predictions are never below 0. An error of 2 costs much where 1 was expected and little where 100 were,
    as counts scatter by the root of their mean. Where they scatter more than that, squared errors do as well.

    Formula: L = 1/T ∑ₜ (λₜ − yₜ log λₜ + log yₜ!), λₜ = ȳₜ e^(zₜ), ȳₜ the mean of the training part; beyond
    zₜ = 10 in proportion to zₜ

    Source: Nelder and Wedderburn, Generalized Linear Models, 1972; McCullagh and Nelder, Generalized Linear
    Models, 1989, chapter 6.
    """

    accepts: ClassVar[frozenset[TargetKind]] = NUMBERS
    unit: ClassVar[ScoreUnit] = NATS
    _targets: Targets | None = PrivateAttr(None)
    """What counts are told by from the standardized numbers that are learnt; None: they are as they are."""

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        found, targets = super().problems(about), about.targets
        if found or targets is None:
            return found
        for name, least in zip(targets.names, targets.least, strict=False):
            if least < 0:
                why = Message(
                    "is for counts, which are never below 0; the smallest {name} is {least:g}. Choose "
                    "another loss, such as mean_squared",
                    name=name,
                    least=least,
                )
                return (Problem("kind", why),)
        return ()

    @override
    def fitted(self, targets: Targets) -> Self:
        bound = self.model_copy()
        bound._targets = targets
        return bound

    @override
    def outputs(self, targets: Targets) -> int:
        return targets.size

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        facts = self._targets
        counts = targets
        if facts is not None:
            mean, scale = (targets.new_tensor(one) for one in (facts.mean, facts.scale))
            # rounding of standardized numbers must not make a count of none a negative one
            counts = (mean + targets * scale).clamp(min=0)
        rates, logarithms = self._rates(outputs, facts)
        return (rates - counts * logarithms + (counts + 1).lgamma()).mean(1)

    @override
    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        rates, _ = self._rates(outputs, targets)
        return (rates - rates.new_tensor(targets.mean)) / rates.new_tensor(targets.scale)

    def _rates(self, outputs: Tensor, facts: Targets | None) -> tuple[Tensor, Tensor]:
        """Return the expected counts and their logarithms."""
        beyond = (outputs - _STEEPEST).clamp(min=0)
        within = outputs.clamp(max=_STEEPEST)
        rates, logarithms = within.exp() * (1 + beyond), within + beyond.log1p()
        if facts is None:
            return rates, logarithms
        # numbers that are learnt as they are have no mean here
        means = outputs.new_tensor([mean if mean > 0 else 1.0 for mean in facts.mean])
        return means * rates, means.log() + logarithms
