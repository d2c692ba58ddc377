"""Toasts: short messages in the corner that go by themselves; errors stay until closed or settled."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.language.words import tr
from app.look.style import set_mark, set_role
from app.look.theme import Theme
from app.widgets.labels import label
from app.widgets.notice import Mood, Notice

SHOWN_MILLISECONDS = 6000
_MOST = 3
_ICONS = {
    "plain": ("info", "text_muted"),
    "good": ("circle-check", "success"),
    "danger": ("triangle-alert", "danger"),
}


class Toasts(QObject):
    """Shows messages at the lower right of a window."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme, self._window = theme, window
        self._shown: dict[QFrame, str] = {}
        """What is shown, the newest last, and what each is about."""
        window.installEventFilter(self)

    def say(self, notice: Notice) -> None:
        """Show a notice, in the place of what was said about the same before."""
        self.settle(notice.about)
        # said again, it is shown once, as the newest
        for same in [toast for toast in self._shown if toast.accessibleName() == notice.text]:
            self._drop(same)
        toast = self._make(notice.text, notice.mood, notice.button, notice.act)
        self._shown[toast] = notice.about
        while len(self._shown) > _MOST:
            self._drop(next(iter(self._shown)))
        toast.show()
        self._arrange()
        if notice.mood != "danger":
            # bound to the toast, which may be closed before
            QTimer.singleShot(SHOWN_MILLISECONDS, toast, lambda: self._drop(toast))

    def clear(self) -> None:
        """Take every message away: something new begins, and they are about what was before."""
        for toast in tuple(self._shown):
            self._drop(toast)

    def settle(self, about: str) -> None:
        """Take away what was said about this: a complaint must not outlive its cause. "" is about nothing."""
        for toast in [toast for toast, of in self._shown.items() if about and of == about]:
            self._drop(toast)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what is shown now."""
        return tuple(toast.accessibleName() for toast in self._shown)

    def _make(self, text: str, mood: Mood, button: str, act: Callable[[], None] | None) -> QFrame:
        toast = QFrame(self._window)
        set_role(toast, "toast")
        set_mark(toast, "state", mood)
        toast.setAccessibleName(text)
        row = QHBoxLayout(toast)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        icon = QLabel()
        self._theme.put_icon(icon, *_ICONS[mood])
        words = label(text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # else a label that wraps makes itself narrow and tall
        words.setMinimumWidth(min(340, words.fontMetrics().horizontalAdvance(text) + 8))
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        middle = QVBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(words)
        row.addLayout(middle, 1)
        if act is not None:
            doing = QPushButton(button)
            set_role(doing, "link")
            # before what it does, which may have something to say itself
            doing.clicked.connect(lambda: self._drop(toast))
            doing.clicked.connect(lambda: act())
            middle.addWidget(doing, 0, Qt.AlignmentFlag.AlignLeft)
        close = QToolButton()
        set_role(close, "icon")
        close.setAccessibleName(tr("Close this message"))
        self._theme.put_icon(close, "x", "text_muted", 14)
        close.clicked.connect(lambda: self._drop(toast))
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return toast

    def _drop(self, toast: QFrame) -> None:
        if toast in self._shown:
            del self._shown[toast]
            toast.hide()
            toast.deleteLater()
            self._arrange()

    def _arrange(self) -> None:
        bottom = self._window.height() - 40
        for toast in reversed(tuple(self._shown)):
            width = min(440, self._window.width() - 32)
            toast.setMaximumWidth(width)
            toast.adjustSize()
            # adjustSize goes by the width that the words wish for, which need more lines in this one
            height = max(toast.sizeHint().height(), toast.heightForWidth(toast.width()))
            toast.resize(toast.width(), height)
            bottom -= height
            toast.move(self._window.width() - toast.width() - 16, bottom)
            toast.raise_()
            bottom -= 8

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._arrange()
        return super().eventFilter(watched, event)
