"""The dialog in which a person names a run, and notes what is worth remembering of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
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
from engine.runs.lists.label import MOST_NAME, MOST_TAG, MOST_TAGS, Label, read_label, tags_in, write_label

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
        self.tags = TagsLine(before.tags)
        self.star = QCheckBox(tr("Starred: one to come back to"))
        self.star.setChecked(before.starred)
        form.addRow(tr("Tags"), self.tags)
        form.addRow(tr("Note"), self.note)
        form.addRow("", self.star)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(
            label(tr("The filter of the runs finds all of it: words, tag:paper, starred:yes."), "small")
        )
        column.addWidget(buttons)
        # what is typed takes the place of the name before
        self.name.selectAll()

    @property
    def label(self) -> Label:
        return Label(
            self.name.text().strip(),
            self.note.toPlainText().strip(),
            tags_in(self.tags.text()),
            self.star.isChecked(),
        )


class TagsDialog(QDialog):
    """Asks for the tags that several runs have in common; `changed` is what becomes of a label."""

    def __init__(self, rows: Sequence[RunRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Tags of {count} runs", count=len(rows)))
        self.setMinimumWidth(_WIDTH)
        every = [row.entry.tags for row in rows]
        self._before = tuple(tag for tag in every[0] if all(tag in tags for tags in every))
        self.tags = TagsLine(self._before)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.tags)
        column.addWidget(label(tr("Tags that only some of the runs have stay as they are."), "small"))
        column.addWidget(buttons)

    def changed(self, before: Label) -> Label:
        """Return a label with the tags that were added, without those that were taken away."""
        wanted = tags_in(self.tags.text())
        kept = (tag for tag in before.tags if tag in wanted or tag not in self._before)
        return replace(before, tags=tuple(dict.fromkeys((*kept, *wanted))))


class TagsLine(QLineEdit):
    """A line of tags, parted by commas."""

    def __init__(self, tags: Sequence[str]) -> None:
        super().__init__(", ".join(tags))
        self.setAccessibleName(tr("Tags"))
        self.setPlaceholderText(tr("paper, baseline"))
        self.setMaxLength(MOST_TAGS * (MOST_TAG + 2))


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
