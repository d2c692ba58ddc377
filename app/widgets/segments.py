"""A row of a few options, one of which is taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.look.style import set_role
from app.widgets.refusals import refuse
from app.widgets.tips import plain


class Segments(QFrame):
    """Options side by side; arrow keys move along them. Each option is (value, words, tool tip)."""

    picked = Signal(object)
    """The value the person took."""

    def __init__(
        self, options: Sequence[tuple[object, str, str]], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_role(self, "segments")
        self.setAccessibleName(name)
        self._values = [value for value, _, _ in options]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for index, (_, _, tip) in enumerate(options):
            button = QToolButton()
            set_role(button, "segment")
            button.setToolTip(plain(tip))
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._group.addButton(button, index)
            row.addWidget(button)
        for value, words, _ in options:
            self.name(value, words)
        # not toggled: what the program sets is nothing that the person picked
        self._group.idClicked.connect(lambda index: self.picked.emit(self._values[index]))
        self._group.idToggled.connect(self._move_focus)

    def value(self) -> object:
        index = self._group.checkedId()
        return self._values[index] if index >= 0 else None

    def set_value(self, value: object) -> None:
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)

    def name(self, value: object, words: str) -> None:
        """Say in these words what an option is."""
        button = self._group.button(self._values.index(value))
        button.setText(words)
        button.setAccessibleName(f"{self.accessibleName()}: {words}")

    def refuse(self, value: object, why: str, tip: str) -> None:
        """Let an option be taken unless there is a reason why not; `tip` is what is said of it."""
        refuse(self._group.button(self._values.index(value)), why, tip)

    def _move_focus(self, index: int, checked: bool) -> None:
        """Arrow keys check the next option without a click; tell of it as if it were clicked."""
        button = self._group.button(index)
        if checked:
            # Tab leads to the one that is taken, as among radio buttons
            self.setFocusProxy(button)
            if button.hasFocus():
                self.picked.emit(self._values[index])
