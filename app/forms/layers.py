"""The editor of a layer list: a board in the column, and one with more room in a window of its own."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.forms.editor import Context, Editor
from app.forms.layer_board import LayerBoard, Layers
from app.language.words import tr
from engine.choices import Problem


class LayerListEditor(Editor):
    """A layer list in the column; the same in a window of its own where there is more room."""

    wide = True

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._value: Layers = ()
        self._window: LayersWindow | None = None
        self.board = LayerBoard(context, narrow=True)
        self.board.edited.connect(partial(self._take, self.board))
        self.board.widen_asked.connect(self.widen)
        whole_ = QVBoxLayout(self)
        whole_.setContentsMargins(0, 0, 0, 0)
        whole_.addWidget(self.board)
        self.setFocusProxy(self.board.table)

    def widen(self) -> LayersWindow:
        """Show the list in a window of its own, beside this one."""
        if self._window is None:
            self._window = LayersWindow(self._context, self.window())
            self._window.board.edited.connect(partial(self._take, self._window.board))
            self.destroyed.connect(self._window.deleteLater)  # another architecture was chosen
        self._window.board.show_layers(self._value, anew=True)
        self._window.board.choose(self.board.chosen)
        self._window.board.table.setFocus()
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        return self._window

    @property
    def _boards(self) -> tuple[LayerBoard, ...]:
        return (self.board,) if self._window is None else (self.board, self._window.board)

    def _take(self, source: LayerBoard, path: str) -> None:
        self._value = source.layers
        for board in self._boards:
            if board is not source:
                board.show_layers(self._value)
        self.edited.emit(path)

    @override
    def value(self) -> object:
        return self._value

    @override
    def show_value(self, value: object, *, anew: bool = False) -> None:
        assert isinstance(value, tuple)
        if value == self._value and not anew:
            return
        self._value = cast("Layers", value)
        for board in self._boards:
            board.show_layers(self._value, anew=anew)

    @override
    def problems(self) -> tuple[Problem, ...]:
        # both boards may show the same layer: told once
        return tuple(dict.fromkeys(problem for board in self._boards for problem in board.typed_problems()))

    @override
    def tell_problems(self, problems: tuple[Problem, ...]) -> None:
        """Nothing: the table works out the same problems itself, at once."""

    @override
    def name_it(self, name: str, help_text: str) -> None:
        self.board.table.setAccessibleDescription(help_text)

    @override
    def set_context(self, context: Context) -> None:
        self._context = context
        for board in self._boards:
            board.set_context(context)


class LayersWindow(QDialog):
    """A layer list with room: the table at the left, the chosen layer's form at the right."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Layers"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(1160, 680)
        self.board = LayerBoard(context, narrow=False)
        whole_ = QVBoxLayout(self)
        whole_.setContentsMargins(16, 16, 16, 16)
        whole_.addWidget(self.board)
        self.addActions(parent.actions())  # undo, redo, train and all others have their keys here, too
