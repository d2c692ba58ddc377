"""Stopping rules: when to end a run before its epochs are done, as pure functions of what was measured."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.choices import Choice


@dataclass(frozen=True)
class Standing:
    """How far a run has come: every series that is measured once an epoch, and the seconds trained so far.

    `series` maps a name ("train.loss", "validation.loss", "validation.accuracy") to one value per epoch.
    """

    series: Mapping[str, Sequence[float]]
    seconds: float


class StoppingRule(Choice, family="stopping"):
    """When to end a run early; asked after every epoch. The first rule that answers ends the run."""

    @abstractmethod
    def verdict(self, standing: Standing) -> str | None:
        """Return why the run should end now, in words for the person, or None to go on."""
