"""Other kinds of data that a file may be: offered only where it can be read as such."""

from __future__ import annotations

import time
from typing import NamedTuple, cast

from engine.choices import Family, Invalid, fields
from engine.data.inspection.records import Inspection
from engine.data.source import Source

_COLUMNS = ("column", "columns")
_SECONDS = 4.0
"""So long another reading is tried: what was not refused until then is offered."""


def read_by(kind: str, before: Source, rows: int) -> Source:
    """Return the source of that kind for the data of another, which found so many rows in it.

    What is said in both is kept, what nobody chose suits the rows.
    """
    choice = Family.every["data"][kind]
    made = choice.model_validate({**choice.suited_to(rows), **choice.taken_over(before)})  # type: ignore[attr-defined]
    return cast("Source", made)


class Offer(NamedTuple):
    """A kind of source that may read data better, "" for none, and the columns that it has to be told: the
    settings that name them.
    """

    kind: str = ""
    needs: tuple[str, ...] = ()


def offered(found: Inspection, before: Source) -> Offer:
    """Return what is offered for such data; nothing where it cannot be read so."""
    if not found.suggests:
        return Offer()
    end = time.monotonic() + _SECONDS

    def report(share: float, words: str) -> None:
        if time.monotonic() > end:
            raise _EnoughError

    other = read_by(found.suggests, before, found.suggests_rows)
    try:
        other.read_ordinary(0, report)
    except Invalid as error:
        roles = {f"data.{one.name}": one.setting.role for one in fields(type(other))}
        # which column is meant is a question that the page asks, and no refusal of the file
        asks = all(roles.get(problem.path, "") in _COLUMNS for problem in error.problems)
        needs = tuple(problem.path for problem in error.problems)
        return Offer(found.suggests, needs) if asks else Offer()
    except _EnoughError:
        pass
    return Offer(found.suggests)


class _EnoughError(Exception):
    """A reading went on for so long that it is taken for possible."""
