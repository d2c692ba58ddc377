"""The tab to draw on: the board, and below it its tools."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from app.language.words import tr
from app.look.theme import Theme
from app.predict.board import DrawingBoard
from app.widgets.segments import Segments
from app.widgets.tips import plain


class DrawingTab(QWidget):
    """Holds the board; what the network gets of the drawing stands beside the prediction."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board = DrawingBoard(theme)
        tool = Segments(
            (("brush", tr("Brush"), ""), ("eraser", tr("Eraser"), tr("The right button erases, too"))),
            tr("Tool"),
        )
        tool.set_value("brush")
        tool.picked.connect(self._take_tool)
        size = QSlider(Qt.Orientation.Horizontal)
        size.setRange(8, 48)
        size.setValue(self.board.brush)
        size.setAccessibleName(tr("Width of the brush"))
        size.setToolTip(tr("Width of the brush"))
        size.valueChanged.connect(self._take_size)
        clear, undo = QPushButton(), QPushButton()
        for button, words, act in (
            (clear, tr("Clear the board"), self.board.clear),
            (undo, tr("Undo the last stroke"), self.board.undo),
        ):
            button.setToolTip(plain(words))
            button.setAccessibleName(words)
            button.clicked.connect(act)
        theme.put_icon(clear, "trash-2")
        theme.put_icon(undo, "undo-2")
        tools = QHBoxLayout()
        for widget in (tool, size, undo, clear):
            # only the slider grows
            tools.addWidget(widget, int(widget is size))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.board)
        column.addLayout(tools)
        column.addStretch(1)
        self.setMaximumWidth(self.board.width())  # the tools are as wide as the board

    def _take_tool(self, tool: object) -> None:
        self.board.erasing = tool == "eraser"

    def _take_size(self, size: int) -> None:
        self.board.brush = size
