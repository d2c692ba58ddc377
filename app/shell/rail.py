"""The navigation rail: a button for every page there is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout

from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.shell.pages import Page
from app.widgets.tips import plain

WIDTH = 72
_LINE = 14
"""Pixels of height that a second line of text takes."""


class Rail(QFrame):
    """Buttons above each other; one is taken."""

    picked = Signal(str)

    def __init__(self, theme: Theme, pages: Sequence[Page]) -> None:
        super().__init__()
        set_role(self, "rail")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(tr("Pages"))
        self._theme = theme
        self._icons = {page.key: page.icon for page in pages}
        self._shown, self._doubts = "", dict[str, str]()
        self._tips: dict[str, str] = {}
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 10, 5, 10)
        column.setSpacing(6)
        for number, page in enumerate(pages, start=1):
            button = QToolButton()
            set_role(button, "rail")
            button.setText(in_lines(tr(page.title)))
            self._tips[page.key] = f"{tr(page.title)}  Ctrl+{number}"
            button.setToolTip(plain(self._tips[page.key]))
            button.setAccessibleName(tr(page.title))
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            # two margins of 5, and the line at the right
            button.setFixedSize(WIDTH - 11, 54 + _LINE * button.text().count("\n"))
            theme.put_icon(button, page.icon, "text_muted", 20)
            button.clicked.connect(lambda _, key=page.key: self.picked.emit(key))
            self._group.addButton(button)
            self._buttons[page.key] = button
            column.addWidget(button)
        column.addStretch(1)

    def show_page(self, key: str) -> None:
        self._shown = key
        for name, button in self._buttons.items():
            button.setChecked(name == key)
            self._paint(name)

    def set_doubts(self, key: str, words: str) -> None:
        """Mark a page that holds something to look at, said in `words`; "" takes the mark away."""
        if key not in self._buttons or self._doubts.get(key, "") == words:
            return
        self._doubts[key] = words
        tip = "\n".join(part for part in (self._tips[key], words) if part)
        self._buttons[key].setToolTip(plain(tip))
        self._buttons[key].setAccessibleDescription(words)
        self._paint(key)

    def _paint(self, key: str) -> None:
        # the page that is shown says itself what is in doubt
        tint = "accent" if key == self._shown else "warning" if self._doubts.get(key) else "text_muted"
        icon = "circle-help" if tint == "warning" else self._icons[key]
        self._theme.put_icon(self._buttons[key], icon, tint, 20)


def in_lines(title: str) -> str:
    """Return a title for a button: "&" marks no shortcut, and what follows it stands in a second line."""
    return title.replace(" & ", " &&\n")
