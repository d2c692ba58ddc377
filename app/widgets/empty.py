"""What a page shows while there is nothing to show: what it is for, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.look.style import set_role
from app.look.theme import Theme
from app.widgets.labels import label

_WIDTH = 420


class EmptyState(QWidget):
    """An icon, a title, a sentence and a few buttons, each with its words and what it does."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        text: str,
        ways: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        super().__init__()
        self.setAccessibleName(title)
        whole = QVBoxLayout(self)
        # 2 above, 3 below: what stands a little above the middle looks centred
        whole.addStretch(2)
        picture = QLabel()
        theme.put_icon(picture, icon, "text_disabled", 48)
        heading = label(title, "title")
        words = label(text, "muted", wrap=True)
        words.setFixedWidth(_WIDTH)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        # the font comes with the style sheet, and the height with the font
        words.ensurePolished()
        # an aligned label is given the height of one line
        words.setMinimumHeight(words.heightForWidth(_WIDTH))
        for widget in (picture, heading, words):
            whole.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
            whole.addSpacing(4)
        if ways:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addStretch(1)
            for place, (button, act) in enumerate(ways):
                doing = QPushButton(button)
                if place == 0:
                    set_role(doing, "primary")
                # bound now: a lambda looks names up when it is called, after the loop
                doing.clicked.connect(lambda _, act=act: act())
                row.addWidget(doing)
            row.addStretch(1)
            whole.addSpacing(4)
            whole.addLayout(row)
        whole.addStretch(3)
