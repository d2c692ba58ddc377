"""Popover: a few sentences beside what was clicked, over all else, gone with the next click or Escape."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.look.style import set_role
from app.widgets.labels import label

_WIDTH = 380


class Popover(QFrame):
    """Shows a text below a widget, within the screen. It covers what lies there only while it is read."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        set_role(self, "toast")
        self.text = label("", wrap=True)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.addWidget(self.text)

    def show_below(self, widget: QWidget, text: str) -> None:
        """Show a text whose right end stands below the right end of a widget."""
        self.text.setText(text)
        self.setAccessibleName(text)
        room = widget.screen().availableGeometry()
        width = min(_WIDTH, room.width() - 16)
        # 30: two margins of 14 and two borders of 1
        self.text.setFixedWidth(width - 30)
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + 4))
        left = min(max(corner.x(), room.left() + 8), room.right() - self.width() - 8)
        top = min(corner.y(), room.bottom() - self.height() - 8)
        # the top wins: of a text higher than the screen the beginning is read
        self.move(left, max(top, room.top() + 8))
        self.show()
