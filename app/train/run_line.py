"""The line above the panels of a run: which run this is and how it ended, where that needs saying."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QInputDialog, QLabel, QPushButton, QWidget

from app.document.document import Document
from app.document.record import RunRecord
from app.document.run_controls import RunStatus
from app.document.runs_meant import RunsMeant
from app.language.sentences import label_at
from app.language.words import tr
from app.look.style import set_role
from app.look.theme import Theme
from app.runs.model import STATE_ICONS
from app.runs.rows import ENDED, RESUMABLE
from app.widgets.labels import ElidedLabel

_LOOK_MILLISECONDS = 500


class RunLine(QWidget):
    """Shown where a run broke, can get more epochs, was edited, or is not of the experiment as it is now.

    A run that was interrupted or failed is broken.
    """

    resume_asked = Signal(str)
    copy_asked = Signal(str)
    finetune_asked = Signal(str)
    more_asked = Signal(str, int)
    """Go on with a run that has ended, until so many epochs are done."""

    def __init__(
        self, theme: Theme, document: Document, fixed: Callable[[], Sequence[str]] = lambda: ()
    ) -> None:
        """`fixed` tells which settings were edited that the run in training cannot take up, by path."""
        super().__init__()
        self._theme, self._document, self._fixed = theme, document, fixed
        self._record: RunRecord | None = None
        self._meant = RunsMeant()
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
        self.more = QPushButton(tr("More epochs…"))
        self.more.setToolTip(tr("Go on with this run until more epochs are done"))
        self.more.clicked.connect(self._ask_for_more)
        theme.put_icon(self.more, "skip-forward")
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
        row.addWidget(self.more)
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

    def follow(self, standing: RunStatus) -> None:
        """Take over which run is shown, and whether another process trains it."""
        if standing.meant != self._meant:
            self._meant = standing.meant
            self.refresh()

    def refresh(self) -> None:
        """Say how the run stands now."""
        record = self._record
        if record is None:
            self.setVisible(False)
            return
        # of two runs of one name, too, the one that is shown may not be the one in training
        followed = self._meant.followed
        other = record.name != self._document.experiment.name or self._meant.elsewhere or followed is not None
        broken = record.state in ("interrupted", "failed")
        began = record.started.start if record.started is not None else ""
        more = record.state == "finished"
        edited = self._edit_words(record) if record.running else ()
        self.setVisible(other or broken or more or bool(began) or any(edited))
        self.more.setVisible(more)
        self.resume.setVisible(record.state in RESUMABLE)
        self.copy.setVisible(other)
        self.finetune.setVisible(record.state in ENDED)
        why = tr(record.ended.why) if record.ended is not None and broken else ""
        name, state = record.name, tr(record.state)
        if followed is not None:
            # what panels need beside is measured where a run is trained, as that window asks for it
            name, state = followed.name, tr("trained by another process, curves alone")
        parts = (name, state, *edited, why, began)
        self.words.setText(" · ".join(part for part in parts if part))
        self._theme.put_icon(self._icon, *STATE_ICONS[record.state])

    def _edit_words(self, record: RunRecord) -> tuple[str, str]:
        """Return the newest edit that the run took up, and what it cannot take up."""
        mark = max((mark for mark in record.marks if mark.edit), key=lambda mark: mark.step, default=None)
        taken = tr("{edit} from step {step}", edit=mark.text, step=mark.step) if mark is not None else ""
        names = [label_at(path, self._document.experiment) or path for path in self._fixed()]
        left = tr("for the next run alone: {names}", names=", ".join(dict.fromkeys(names))) if names else ""
        return taken, left

    def _ask_for_more(self) -> None:
        record = self._record
        if record is None:
            return
        words = tr("{name} has done {count} epochs. Go on until so many are done:")
        asked = words.format(name=record.name, count=record.epoch)
        done, most = record.epoch, 1_000_000
        epochs, sure = QInputDialog.getInt(self, tr("More epochs"), asked, 2 * done, done + 1, most)
        if sure:
            self.more_asked.emit(record.folder, epochs)

    def _ask(self, signal: object) -> None:
        if self._record is not None:
            signal.emit(self._record.folder)  # type: ignore[attr-defined]
