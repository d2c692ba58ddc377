"""Refusal: the error for data that cannot be used, in one word."""

from __future__ import annotations

from engine.choices import Invalid, Problem


def refused(path: str, text: str) -> Invalid:
    """Return the error of one problem: the setting to change, and what is wrong and would be right."""
    return Invalid([Problem(path, text)])
