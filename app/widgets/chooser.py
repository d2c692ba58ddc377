"""A chooser: a line to type in above a list of places to go to. It takes every letter itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from app.language.words import tr
from app.look.style import set_role
from app.widgets.labels import label

_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True)
class Destination:
    """A place to go to: what it is called, what it lies in, and how to go there."""

    name: str
    within: str
    go: Callable[[], object]

    @property
    def words(self) -> str:
        return f"{self.within} · {self.name}" if self.within else self.name


class Chooser(QFrame):
    """Shows the places whose names hold every word that is typed; Enter goes to one, Escape to none.

    While it is open no letter reaches what lies below it, so that typing changes nothing.
    """

    def __init__(self, title: str, places: Sequence[Destination], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        set_role(self, "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self._places = tuple(places)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Type a part of its name"))
        self.line.setAccessibleName(title)
        self.line.textChanged.connect(self._show)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        # the line keeps the focus, and gives the list the keys that move along it
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.itemClicked.connect(lambda _: self._go())
        self._none = label(tr("Nothing is called so."), "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        column.addWidget(self._none)
        self._show("")

    def open_over(self, widget: QWidget) -> None:
        """Open at the upper left of a widget, as wide as it is."""
        self.resize(widget.width(), min(widget.height(), 420))
        self.move(widget.mapToGlobal(QPoint(0, 0)))
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def shown(self) -> tuple[Destination, ...]:
        """Return the places that are offered now, the best first."""
        return self._shown

    def _show(self, typed: str) -> None:
        words = typed.casefold().split()
        fitting = [place for place in self._places if all(word in place.words.casefold() for word in words)]
        # sorted keeps their order: names that begin so, then those that hold it, then what lies in such
        self._shown = tuple(sorted(fitting, key=lambda place: _rank(place, typed.strip().casefold())))
        self.list.clear()
        for place in self._shown:
            self.list.addItem(QListWidgetItem(place.words))
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(self._shown))
        self._none.setVisible(not self._shown)

    def _go(self) -> None:
        row = self.list.currentRow()
        self.close()
        if 0 <= row < len(self._shown):
            self._shown[row].go()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
            if event.key() in _MOVES:
                self.list.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)


def _rank(place: Destination, typed: str) -> int:
    name = place.name.casefold()
    return 0 if name.startswith(typed) else 1 if typed in name else 2
