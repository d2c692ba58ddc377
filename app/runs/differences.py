"""What differs between the experiments of some runs: a pure function, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ABSENT = "–"
_NOT_CHOICES = frozenset({"format", "name", "probes"})


@dataclass(frozen=True)
class Difference:
    """One setting that is not the same everywhere: its dotted path, and its value in each run."""

    path: str
    values: tuple[str, ...]


def differences(experiments: Sequence[Mapping[str, Any]]) -> tuple[Difference, ...]:
    """Return the settings that differ, in the order in which the experiments hold them.

    Values are compared by what they say, so 1 and 1.0 are the same; a setting that one experiment lacks
    (the momentum of Adam) reads `ABSENT` there.
    """
    flat = [flattened(experiment) for experiment in experiments]
    paths = list(dict.fromkeys(path for one in flat for path in one))
    rows = (Difference(path, tuple(one.get(path, ABSENT) for one in flat)) for path in _grouped(paths))
    return tuple(row for row in rows if len(set(row.values)) > 1)


def flattened(experiment: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings as dotted path -> words; lists of plain values are one setting."""
    found: dict[str, str] = {}
    for key, value in experiment.items():
        if key not in _NOT_CHOICES:
            _flatten(key, value, found)
    return found


def _flatten(path: str, value: Any, found: dict[str, str]) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            _flatten(f"{path}.{key}", item, found)
    elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        for index, item in enumerate(value):
            _flatten(f"{path}.{index}", item, found)
    else:
        found[path] = worded(value)


def worded(value: Any) -> str:
    """Return a setting's value as a person would write it."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(worded(item) for item in value) or ABSENT
    return str(value)


def _grouped(paths: list[str]) -> list[str]:
    """Return the paths with those of one section side by side, sections in the order of their first path."""
    sections = list(dict.fromkeys(path.split(".")[0] for path in paths))
    return sorted(paths, key=lambda path: sections.index(path.split(".")[0]))
