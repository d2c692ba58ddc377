"""Checks in an order, each begun only while there is time for it; what was not reached is told."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Outcome = Literal["passed", "failed", "no card", "no time"]


@dataclass(frozen=True)
class Found:
    """What a check found; a check that fails raises instead."""

    words: str
    figures: dict[str, float]


@dataclass(frozen=True)
class Check:
    """One thing to be found out; begun only where `seconds`, what it may take on a card, are left."""

    part: str
    name: str
    work: Callable[[float], Found]
    """Given the seconds that are left."""
    seconds: float
    needs_card: bool = False


@dataclass(frozen=True)
class Line:
    """What became of a check."""

    part: str
    name: str
    outcome: Outcome
    words: str
    seconds: float
    figures: dict[str, float]


def carried_out(
    checks: Iterable[Check], budget: float, *, card: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[Line]:
    """Yield a line for every check, in their order."""
    end = clock() + budget
    for check in checks:
        left = end - clock()
        if check.needs_card and not card:
            yield Line(check.part, check.name, "no card", "needs an NVIDIA card", 0.0, {})
        elif left < check.seconds:
            words = f"would take about {check.seconds:.0f} s, {max(left, 0):.0f} s were left"
            yield Line(check.part, check.name, "no time", words, 0.0, {})
        else:
            yield _line(check, left, clock)


def _line(check: Check, left: float, clock: Callable[[], float]) -> Line:
    began = clock()
    outcome: Outcome = "passed"
    try:
        found = check.work(left)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is what the check found
        traceback.print_exc()
        outcome, found = "failed", Found(f"{type(error).__name__}: {error}"[:300], {})
    return Line(check.part, check.name, outcome, found.words, round(clock() - began, 2), found.figures)


def as_table(lines: Sequence[Line]) -> str:
    """Return the lines as columns of text, and below them how many came to which outcome."""
    rows = [(line.part, line.name, line.outcome, f"{line.seconds:.1f} s", line.words) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
    table = ["  ".join([*map(str.ljust, row[:4], widths), row[4]]).rstrip() for row in rows]
    counted = {line.outcome: sum(other.outcome == line.outcome for other in lines) for line in lines}
    return "\n".join([*table, ", ".join(f"{count} {outcome}" for outcome, count in counted.items())])


def as_record(lines: Sequence[Line], versions: dict[str, str], budget: float) -> dict[str, object]:
    """Return everything as it is written into the JSON file."""
    return {"versions": versions, "budget": budget, "lines": [asdict(line) for line in lines]}
