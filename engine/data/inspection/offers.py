"""Other kinds of data that a file may be: offered only where it can be read as such."""

from __future__ import annotations

import time
from typing import cast

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


def offered(found: Inspection, before: Source) -> str:
    """Return the kind of source that is offered for such data, "" where it cannot be read so."""
    if not found.suggests:
        return ""
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
        return found.suggests if asks else ""
    except _EnoughError:
        pass
    return found.suggests


class _EnoughError(Exception):
    """A reading went on for so long that it is taken for possible."""
