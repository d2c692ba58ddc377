"""Refusal: the errors for data that cannot be used, and for settings that name what is not in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.choices import Invalid, Message, Problem, did_you_mean


def refused(path: str, text: str) -> Invalid:
    """Return the error of one problem: the setting to change, and what is wrong and would be right."""
    return Invalid([Problem(path, text)])


def unknown_columns(setting: str, names: Iterable[str], there: Sequence[str]) -> list[Problem]:
    """Return a problem for each column that a setting names and that is not `there`."""
    return [
        Problem(setting, Message("no column {name!r}{guess}", name=name, guess=did_you_mean(name, there)))
        for name in names
        if name not in there
    ]
