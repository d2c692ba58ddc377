"""The dialog in which a person names a run, and notes what is worth remembering of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.language.words import tr
from app.runs.rows import RunRow
from app.widgets.labels import label
from app.widgets.saving import reason_of
from engine.choices import Invalid
from engine.runs.folder import RunFolder
from engine.runs.label import MOST_NAME, Label, read_label, write_label

_WIDTH = 460


class NameDialog(QDialog):
    """Asks for name and note of one run; `label` is what was said."""

    def __init__(self, row: RunRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Name and note"))
        self.setMinimumWidth(_WIDTH)
        before = label_of(row)
        self.name = QLineEdit(before.name)
        self.name.setMaxLength(MOST_NAME)
        self.name.setPlaceholderText(row.entry.name)
        self.name.setAccessibleName(tr("Name of the run"))
        self.note = QPlainTextEdit(before.note)
        self.note.setAccessibleName(tr("Note on the run"))
        self.note.setPlaceholderText(tr("What this run was for, what came of it, words to find it by"))
        # else Tab is written into the note
        self.note.setTabChangesFocus(True)
        form = QFormLayout()
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Note"), self.note)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(label(tr("The filter of the runs finds both."), "small"))
        column.addWidget(buttons)
        # what is typed takes the place of the name before
        self.name.selectAll()

    @property
    def label(self) -> Label:
        return Label(self.name.text().strip(), self.note.toPlainText().strip())


def label_of(row: RunRow) -> Label:
    """Return what the run is called by hand; nothing where that cannot be read."""
    try:
        return read_label(RunFolder(Path(row.folder)))
    except Invalid:
        return Label()


def keep_label(row: RunRow, given: Label) -> str:
    """Keep a label with its run; return why it cannot be kept, or ""."""
    try:
        write_label(RunFolder(Path(row.folder)), given)
    except Invalid as error:
        return str(error)
    except OSError as error:
        return reason_of(error)
    return ""
