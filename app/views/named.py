"""Names of classes and rows, and of what a panel's title offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def titles(title: str, chosen: str, found: Mapping[str, str]) -> dict[str, str]:
    """Return what a panel's title offers: the view by itself, what is chosen, and what there is to choose."""
    # what was chosen for another network stays offered; recurrent states join layer and gate by a tab
    kept = {chosen: chosen.replace("\t", " · ")} if chosen else {}
    return {"": title, **kept, **found}


def name_of(classes: Sequence[str], index: int) -> str:
    """Return the name of a class, or its number where nobody named it."""
    return classes[index] if 0 <= index < len(classes) else str(index)


def row_number(place: int) -> int:
    """Return the number of a row as all messages about data count: the first below the names is 1."""
    return int(place) + 1
