"""The dialog that asks what a packed run takes along."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.language.words import tr
from app.link.background import Background
from app.widgets.labels import label
from engine.runs.folder import RunFolder


class PackDialog(QDialog):
    """Offers to take the data of a run along, and says how large it is."""

    def __init__(self, folder: str, name: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Pack {name} into one file", name=name))
        about = tr(
            "The file holds all of this run: weights, curves, scores, checkpoints and its experiment. "
            "Whoever opens it in Ravine has it among the runs, and can look at it and predict with it. "
            "Nothing in it says where it lay here."
        )
        self.data = QCheckBox(tr("Take the data along"))
        self.words = label(tr("Without its data a run cannot be gone on with elsewhere."), "small", wrap=True)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        buttons.button(standard.Save).setText(tr("Save as…"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(label(about, "muted", wrap=True))
        column.addWidget(self.data)
        column.addWidget(self.words)
        column.addStretch(1)
        column.addWidget(buttons)
        self.resize(480, 220)
        # a folder of a hundred thousand pictures takes a while to be counted
        self._counting = Background[int](self)
        self._counting.done.connect(self._tell_size)
        self._counting.failed.connect(self._tell_missing)
        self._counting.run(lambda: _size(folder))

    def _tell_size(self, size: int) -> None:
        if not size:
            self.data.setChecked(True)
            self.data.setEnabled(False)
            self.data.setText(tr("Its data comes with Ravine"))
            self.words.setVisible(False)
            return
        self.data.setText(tr("Take the data along ({size})", size=QLocale().formattedDataSize(size)))

    def _tell_missing(self, why: str) -> None:
        self.data.setEnabled(False)
        self.words.setText(tr("The data cannot be taken along: {why}", why=why))


def _size(folder: str) -> int:
    # pandas comes with it, which the window does without until then
    from engine.runs.packed.packing import size_of_data

    return size_of_data(RunFolder(Path(folder)))
