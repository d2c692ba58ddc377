"""The tab to draw on: the board, its tools, and the tiny picture that the network gets."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from app.predict.board import DrawingBoard
from app.predict.normalized import Pixels
from app.predict.preview import enlarged
from app.theme import Theme
from app.widgets.labels import label
from app.widgets.segments import Segments
from app.words import tr

_PREVIEW = 112


class DrawingTab(QWidget):
    """Holds the board; whoever predicts shows the picture it made of the drawing here."""

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
        size.valueChanged.connect(self._take_size)
        clear, undo = QPushButton(tr("Clear")), QPushButton(tr("Undo"))
        clear.clicked.connect(self.board.clear)
        undo.clicked.connect(self.board.undo)
        theme.put_icon(clear, "trash-2")
        theme.put_icon(undo, "undo-2")
        self.seen = QLabel()
        self.seen.setFixedSize(_PREVIEW, _PREVIEW)
        self.seen.setAccessibleName(tr("The drawing as the network sees it"))
        side = QVBoxLayout()
        side.addWidget(tool)
        side.addWidget(label(tr("Width of the brush"), "small"))
        side.addWidget(size)
        buttons = QHBoxLayout()
        buttons.addWidget(clear)
        buttons.addWidget(undo)
        side.addLayout(buttons)
        side.addSpacing(12)
        side.addWidget(label(tr("As the network sees it"), "small"))
        side.addWidget(self.seen)
        side.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.board, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(side)
        row.addStretch(1)

    def show_seen(self, pixels: Pixels) -> None:
        """Show what the network gets: uint8 (height, width)."""
        self.seen.setPixmap(enlarged(pixels, _PREVIEW))

    def _take_tool(self, tool: object) -> None:
        self.board.erasing = tool == "eraser"

    def _take_size(self, size: int) -> None:
        self.board.brush = size
