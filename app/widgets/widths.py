"""Widths that stay: a button whose words change must not move what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractButton


def hold_width(button: QAbstractButton, words: Sequence[str]) -> None:
    """Let a button always be as wide as the longest of the words that it may have."""
    said = button.text()
    widths = []
    for text in words:
        button.setText(text)
        widths.append(button.sizeHint().width())
    button.setText(said)
    button.setFixedWidth(max(widths))
