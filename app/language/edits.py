"""Edits of a run in words: "Learning rate 0.01 → 0.003"."""

from __future__ import annotations

from collections.abc import Mapping

from app.language.words import readable, tr
from engine.events import Edit


def edit_words(edit: Edit) -> str:
    """Return which setting has changed, from what and to what."""
    # one of a list is called as what is set in it
    name = next(part for part in reversed(edit.setting.split(".")) if not part.isdigit())
    return tr(
        "{setting} {before} → {value}",
        setting=tr(readable(name)),
        before=_value_words(edit.before),
        value=_value_words(edit.value),
    )


def _value_words(value: object) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return tr(readable(str(value.get("kind", ""))))
    if isinstance(value, list | tuple):
        return ", ".join(map(_value_words, value)) or tr("none")
    return str(value)
