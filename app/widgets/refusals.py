"""What cannot be used now says why, in its tool tip."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.widgets.tips import plain

WHY = "refused"
"""The property that holds why a widget or an entry cannot be used; "" where it can."""


def refuse(target: QWidget | QAction, why: str, tip: str) -> None:
    """Let a button or an entry of a menu be used unless there is a reason why not.

    `tip` says what it does, and stands in its tool tip unless the reason does.
    """
    target.setProperty(WHY, why)
    target.setEnabled(not why)
    target.setToolTip(plain(why or tip))
