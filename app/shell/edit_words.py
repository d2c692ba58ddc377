"""An edit in a few words, for the entries that undo and redo it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from app.language.sentences import label_at
from app.language.words import readable, tr
from app.runs.differences import value_words, worded
from engine.edits import differences
from engine.experiment import Experiment

_LONGEST = 28
"""Letters of a value that a menu has room for."""


def edit_words(before: Experiment, after: Experiment) -> str:
    """Return "Learning rate η 0.1 → 0.01"; of several settings the first, and how many more there are."""
    changed = differences(before, after)
    if not changed:
        return ""
    path, old, new = changed[0]
    name = label_at(path, after) or label_at(path, before) or readable(path.rsplit(".", 1)[-1])
    values = _value(path, old), _value(path, new)
    words = name
    if all(values):
        words = tr("{name} {before} → {after}", name=name, before=values[0], after=values[1])
    more = len(changed) - 1
    return tr("{edit}, and {count} more", edit=words, count=more) if more else words


def _value(path: str, value: Any) -> str:
    """Return a value as forms show it; "" where it is too much for a few words."""
    if isinstance(value, Mapping):
        kind = value.get("kind")
        return value_words(f"{path}.kind", str(kind)) if kind else ""
    if isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
        return ""
    words = worded(value)
    # of a path its last part tells most
    words = PurePath(words).name if len(words) > _LONGEST else words
    return words if len(words) <= _LONGEST else ""
