"""Judgements: which of several readings is meant, by evidence that votes.

What is recognised is a table of evidence for each question, and this is the one place where votes become an
outcome. A form nobody thought of has little evidence on either side, and so comes out as a question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Facts = TypeVar("Facts")

Outcome = Literal["clear", "told", "asked"]
"""How sure a verdict is: nothing is said, the reading is told, or a person is asked."""

CLEAR, TOLD = 4.0, 2.0
"""How many bits a reading must lead by: odds of 16 to 1 need no word, from 4 to 1 on it is told."""


@dataclass(frozen=True)
class Evidence(Generic[Facts]):
    """One thing that speaks for a reading.

    `weight` is in bits: each doubles the odds of `reading`, where `holds` is true of the facts. `why` says
    where the weight comes from.
    """

    name: str
    reading: str
    weight: float
    holds: Callable[[Facts], bool]
    why: str


@dataclass(frozen=True)
class Verdict:
    """What a judgement comes to: the `reading` that is taken, the `other` that comes next, and the outcome.

    `by` are the names of the evidence that spoke, for either side.
    """

    reading: str
    other: str
    outcome: Outcome
    by: tuple[str, ...]

    @property
    def asked(self) -> bool:
        """Return whether a person should look."""
        return self.outcome == "asked"


@dataclass(frozen=True)
class Judgement(Generic[Facts]):
    r"""A question about data, the readings it may have, and the evidence for each.

    The votes for a reading are its prior and the weights of the evidence that holds,

    $$ v_r = p_r + \sum_{e \to r} w_e [e], $$

    which are the logarithms of odds where evidence is independent. `readings` are in the order in which they
    are taken where votes are equal, each with its prior. A reading among `costly` loses what is there, as
    cells that count as missing: it is never taken by itself, only asked about.
    """

    readings: tuple[tuple[str, float], ...]
    evidence: tuple[Evidence[Facts], ...]
    costly: frozenset[str] = frozenset()

    def verdict(self, facts: Facts) -> Verdict:
        """Return what the evidence comes to for these facts."""
        votes = dict(self.readings)
        heard = [one for one in self.evidence if one.holds(facts)]
        for one in heard:
            votes[one.reading] += one.weight
        # sorted is stable: of equal readings the one that is named first
        best, second, *_ = sorted(votes, key=votes.__getitem__, reverse=True)
        by = tuple(one.name for one in heard)
        if best in self.costly:
            taken = next(name for name, _ in self.readings if name not in self.costly)
            return Verdict(taken, best, "asked", by)
        lead = votes[best] - votes[second]
        return Verdict(best, second, "clear" if lead >= CLEAR else "told" if lead >= TOLD else "asked", by)
