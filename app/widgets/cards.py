"""Cards: white surfaces on the ground, with a head; some fold."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.language.words import tr
from app.look.style import set_mark, set_role
from app.look.theme import Theme
from app.widgets.labels import ElidedLabel, label


class Card(QFrame):
    """A panel with a title, room for controls beside it, and a body."""

    SIDE: ClassVar[int] = 16
    """Pixels between its edge and what stands in it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.setAccessibleName(title)
        self.whole = QVBoxLayout(self)
        self.whole.setContentsMargins(self.SIDE, 12, self.SIDE, 16)
        self.whole.setSpacing(8)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.title = label(title, "title")
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.whole.addLayout(self.head)
        self.whole.addLayout(self.body, 1)


class _Head(QPushButton):
    """The part of a folding card that is always seen: what it is about, and in bold what is set."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        set_role(self, "card-head")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self.above = label(title, "muted")
        self.summary = ElidedLabel("", "strong")
        self.mark = label("")
        self.arrow = label("")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.above)
        words.addWidget(self.summary)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.addLayout(words, 1)
        row.addWidget(self.mark)
        row.addWidget(self.arrow)
        # not the summary: cut off, it has a tool tip, for which it needs the mouse; clicks pass a label
        for child in (self.above, self.mark, self.arrow):
            # the head is to get hover and clicks, also above its labels
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.toggled.connect(self._turn)
        self._turn(False)

    @override
    def sizeHint(self) -> QSize:
        # a button measures its own text, of which it has none, and not the layout within
        return QSize(120, 48)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _turn(self, is_open: bool) -> None:
        self._theme.put_icon(self.arrow, "chevron-down" if is_open else "chevron-right", "text_muted")


class FoldingCard(QFrame):
    """A card whose head tells what is set and opens the rest."""

    opened = Signal(bool)

    def __init__(self, theme: Theme, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self._theme = theme
        self.title = title
        self.body = body
        self._head = _Head(theme, title)
        whole = QVBoxLayout(self)
        # 1: the head must not paint over the border of the card
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(self._head)
        self._room = QWidget()
        inside = QVBoxLayout(self._room)
        inside.setContentsMargins(13, 2, 9, 12)
        inside.addWidget(body)
        whole.addWidget(self._room)
        self._room.setVisible(False)
        self._head.toggled.connect(self._fold)
        self.tell("", wrong=False)

    @property
    def is_open(self) -> bool:
        return self._head.isChecked()

    def set_open(self, is_open: bool) -> None:
        self._head.setChecked(is_open)

    def tell(self, summary: str, *, wrong: bool) -> None:
        """Show what is set; `wrong` marks a card that holds a problem, so that it is found while folded."""
        self._head.summary.setText(summary)
        self._head.mark.setVisible(wrong)
        if wrong:
            self._theme.put_icon(self._head.mark, "triangle-alert", "danger")
        set_mark(self, "wrong", wrong)
        wrong_words = tr("has a problem") if wrong else ""
        self._head.setAccessibleName(", ".join(part for part in (self.title, summary, wrong_words) if part))

    def _fold(self, is_open: bool) -> None:
        self._room.setVisible(is_open)
        self.opened.emit(is_open)
