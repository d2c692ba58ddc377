"""The line above the panels of a run: which run this is and how it ended, where that needs saying."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.document.document import Document
from app.document.record import RunRecord
from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.runs.model import STATE_ICONS
from app.runs.rows import ENDED, RESUMABLE
from app.widgets.labels import ElidedLabel

_LOOK_MILLISECONDS = 500


class RunLine(QWidget):
    """Shown where a run broke, began with pretrained weights, or is not of the experiment as it is now.

    A run that was interrupted or failed is broken.
    """

    resume_asked = Signal(str)
    copy_asked = Signal(str)
    finetune_asked = Signal(str)

    def __init__(self, theme: Theme, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._document = theme, document
        self._record: RunRecord | None = None
        self._edited = False
        self._icon = QLabel()
        self.words = ElidedLabel()
        self.resume = QPushButton(tr("Resume"))
        self.copy = QPushButton(tr("Use its experiment"))
        self.resume.clicked.connect(lambda: self._ask(self.resume_asked))
        self.copy.clicked.connect(lambda: self._ask(self.copy_asked))
        theme.put_icon(self.resume, "rotate-ccw")
        theme.put_icon(self.copy, "copy")
        self.finetune = QPushButton(tr("Fine-tune"))
        self.finetune.setToolTip(tr("A new experiment that begins with the weights of this run"))
        self.finetune.clicked.connect(lambda: self._ask(self.finetune_asked))
        theme.put_icon(self.finetune, "brain")
        card = QFrame()
        set_role(card, "card")
        outside = QHBoxLayout(self)
        outside.setContentsMargins(12, 12, 12, 0)
        outside.addWidget(card)
        row = QHBoxLayout(card)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.resume)
        row.addWidget(self.copy)
        row.addWidget(self.finetune)
        # the panels below stay where they are when a button comes or goes
        self.finetune.ensurePolished()
        card.setMinimumHeight(self.finetune.sizeHint().height() + 12)
        # a record is a plain value and tells nobody that it has changed
        clock = QTimer(self)
        clock.setInterval(_LOOK_MILLISECONDS)
        clock.timeout.connect(self.refresh)
        clock.start()
        self.refresh()

    def set_record(self, record: RunRecord | None) -> None:
        self._record = record
        self.refresh()

    def set_edited(self, edited: bool) -> None:
        """Say whether the experiment was edited since this run, which goes on, was begun."""
        self._edited = edited
        self.refresh()

    def refresh(self) -> None:
        """Say how the run stands now."""
        record = self._record
        if record is None:
            self.setVisible(False)
            return
        other = record.name != self._document.experiment.name
        broken = record.state in ("interrupted", "failed")
        began = record.started.start if record.started is not None else ""
        edited = self._edited and record.running
        self.setVisible(other or broken or edited or bool(began))
        self.resume.setVisible(record.state in RESUMABLE)
        self.copy.setVisible(other)
        self.finetune.setVisible(record.state in ENDED)
        why = tr(record.ended.why) if record.ended is not None and broken else ""
        since = tr("edited since it began: the changes count for the next run") if edited else ""
        parts = (record.name, tr(record.state), since, why, began)
        self.words.setText(" · ".join(part for part in parts if part))
        self._theme.put_icon(self._icon, *STATE_ICONS[record.state])

    def _ask(self, signal: object) -> None:
        if self._record is not None:
            signal.emit(self._record.folder)  # type: ignore[attr-defined]
