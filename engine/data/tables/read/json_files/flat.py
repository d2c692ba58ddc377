"""Records within records brought to one level, so that each value has a name of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_DEEPEST = 4
"""Levels that become columns of their own; what lies deeper stands as text in one."""


def with_others(
    record: dict[str, Any], others: Mapping[str, Any] | Iterable[tuple[str, Any]]
) -> dict[str, Any]:
    """Return a record with values added under their names; one whose name is there is called name (2)."""
    found = dict(record)
    for name, value in others.items() if isinstance(others, Mapping) else others:
        found[_free(name, found)] = value
    return found


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record whose inner records became columns of their own, outer.inner."""
    found: dict[str, Any] = {}
    _add(found, record, "", 1)
    return found


def _add(found: dict[str, Any], record: Mapping[str, Any], outer: str, depth: int) -> None:
    for name, value in record.items():
        if isinstance(value, dict) and depth <= _DEEPEST:
            _add(found, value, f"{outer}{name}.", depth + 1)
        else:
            found[_free(f"{outer}{name}", found)] = value


def _free(name: str, found: Mapping[str, Any]) -> str:
    """Return a name that is not there yet: {"a.b": 1, "a": {"b": 2}} holds two values."""
    free, count = name, 1
    while free in found:
        count += 1
        free = f"{name} ({count})"
    return free
