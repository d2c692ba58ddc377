"""Pages: what the navigation rail leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

COLUMN_WIDTH = 370
"""Pixels of the column of the experiment beside a page."""


@dataclass(frozen=True)
class Page:
    """One page of the window. `build` is called when the page is first shown, never before the first paint.

    `beside`: the column of the experiment stands beside it.
    """

    key: str
    title: str
    icon: str
    build: Callable[[], QWidget]
    beside: bool = False
