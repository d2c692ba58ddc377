"""The line that asks before runs are thrown away, and once more where they would be gone for good."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.language.words import tr
from app.look.style import set_role
from app.runs.library import Library, NoWasteBasket
from app.runs.rows import RunRow
from app.widgets.labels import ElidedLabel


class Deletion(QWidget):
    """Hidden until something is to be deleted."""

    told = Signal(str)
    failed = Signal(str)

    def __init__(self, library: Library, runs: QWidget) -> None:
        """`runs` shows the runs: it has the focus afterwards."""
        super().__init__()
        self._runs = runs
        self._library = library
        self._doomed: tuple[str, ...] = ()
        self._for_good = False
        self.words = ElidedLabel("", "danger")
        yes, no = QPushButton(tr("Delete")), QPushButton(tr("Keep"))
        self._yes, self._no = yes, no
        for button in (yes, no):
            button.setAutoDefault(True)  # Enter presses it outside dialogs too
        set_role(yes, "danger")
        yes.clicked.connect(self.delete)
        no.clicked.connect(self._close)
        QShortcut(QKeySequence.StandardKey.Cancel, self, self._close,
                  context=Qt.ShortcutContext.WidgetWithChildrenShortcut)  # fmt: skip
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(yes)
        row.addWidget(no)
        self.setVisible(False)

    def ask(self, rows: Sequence[RunRow]) -> None:
        """Ask whether these runs may go."""
        one = tr("Put “{name}” ({folder}) into the waste basket?",
                 name=rows[0].entry.name, folder=Path(rows[0].folder).name)  # fmt: skip
        many = tr("Put the {count} selected runs into the waste basket?", count=len(rows))
        self._ask(tuple(row.folder for row in rows), one if len(rows) == 1 else many, for_good=False)

    def _ask(self, folders: tuple[str, ...], words: str, *, for_good: bool) -> None:
        self._doomed, self._for_good = folders, for_good
        self.words.setText(words)
        self.setVisible(True)
        # what cannot be taken back is not one Enter away
        (self._no if for_good else self._yes).setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        """Give the focus back first: Qt would hand it to whatever comes next, such as Train."""
        self._runs.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setVisible(False)

    def delete(self) -> None:
        """Throw away what was asked about."""
        self._close()
        wrong: list[str] = []
        kept: list[str] = []
        for folder in self._doomed:
            try:
                wrong += filter(None, [self._library.discard(folder, for_good=self._for_good)])
            except NoWasteBasket:
                kept.append(folder)
        if wrong:
            self.failed.emit(tr("{count} of {all} runs could not be deleted: {why}",
                                count=len(wrong), all=len(self._doomed), why=wrong[0]))  # fmt: skip
        elif len(kept) < len(self._doomed):
            self.told.emit(self._outcome(len(self._doomed) - len(kept)))
        if kept:
            names = ", ".join(Path(folder).name for folder in kept)
            words = tr("There is no waste basket for this disk. Delete for good: {names}?", names=names)
            self._ask(tuple(kept), words, for_good=True)

    def _outcome(self, count: int) -> str:
        if self._for_good:
            return tr("Deleted for good: {count}", count=count)
        if count == 1:
            return tr("The run lies in the waste basket now.")
        return tr("{count} runs lie in the waste basket now.", count=count)
