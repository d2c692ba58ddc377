"""Judgements: how votes become an outcome, and what every table of evidence must say."""

from __future__ import annotations

from typing import Any

import pytest

from engine.data.cells.feet_or_minutes import FEET_OR_MINUTES
from engine.data.cells.number_kind import NUMBER_KIND
from engine.data.cells.number_or_word import NUMBER_OR_WORD
from engine.data.judgement import CLEAR, TOLD, Evidence, Judgement
from engine.data.tables.read.rows_in_doubt import EXAMPLE_OR_OTHER

JUDGEMENTS: dict[str, Judgement[Any]] = {
    "number or word": NUMBER_OR_WORD,
    "kind of numbers": NUMBER_KIND,
    "feet or minutes": FEET_OR_MINUTES,
    "example or other": EXAMPLE_OR_OTHER,
}


def of(votes: float, *costly: str) -> Judgement[float]:
    """A judgement of two readings, of which the second has so many votes more than the first."""
    speaks = Evidence[float]("speaks", "second", votes, lambda fact: fact > 0, "as the test says")
    return Judgement((("first", 0.0), ("second", 0.0)), (speaks,), frozenset(costly))


@pytest.mark.parametrize(
    ("votes", "outcome"), [(CLEAR, "clear"), (CLEAR - 0.5, "told"), (TOLD, "told"), (TOLD - 0.5, "asked")]
)
def test_that_the_lead_of_a_reading_decides_what_is_said(votes: float, outcome: str) -> None:
    verdict = of(votes).verdict(1)
    assert (verdict.reading, verdict.other, verdict.outcome) == ("second", "first", outcome)
    assert verdict.by == ("speaks",)


def test_that_nothing_known_is_asked_about_and_the_first_reading_is_taken() -> None:
    verdict = of(CLEAR).verdict(0)
    assert (verdict.reading, verdict.asked, verdict.by) == ("first", True, ())


def test_that_a_reading_which_loses_something_is_never_taken_by_itself() -> None:
    verdict = of(10 * CLEAR, "second").verdict(1)
    assert (verdict.reading, verdict.other, verdict.asked) == ("first", "second", True)


@pytest.mark.parametrize("judgement", JUDGEMENTS.values(), ids=JUDGEMENTS)
def test_every_table_of_evidence_says_what_speaks_for_which_reading_and_why(
    judgement: Judgement[Any],
) -> None:
    readings = [name for name, _ in judgement.readings]
    names = [one.name for one in judgement.evidence]
    assert len(set(names)) == len(names)
    assert judgement.costly < set(readings)
    for one in judgement.evidence:
        assert one.reading in readings
        assert one.why
        assert one.weight > 0
