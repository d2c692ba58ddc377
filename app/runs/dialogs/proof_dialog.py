"""The proof of exact resume for a run: its steps are taken again, with interruptions, and all is compared."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.language.numbers import whole
from app.language.words import clock_words, tr
from app.link.engine_link import EngineLink
from app.link.reply import Reply
from app.look.style import set_role
from app.widgets.labels import label
from engine.runs.repeating.proof import Proof
from engine.serving.protocol import Prove

_TOLD_FROM = 0.05
"""Before this share is done nobody knows how long the rest takes."""


class ProofDialog(QDialog):
    """Proves when it is told to begin, and gives up what is under way when it is closed."""

    def __init__(self, engine: EngineLink, folder: str, name: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._engine, self._folder = engine, folder
        self._asked = 0
        self._since = QElapsedTimer()
        self.proof: Proof | None = None
        self.setWindowTitle(tr("Prove exact resume: {name}", name=name))
        self.resize(560, 260)
        about = tr(
            "The steps of this run are taken again on its data. At random steps all is thrown away, as if "
            "the program had been killed, and gone on with from a checkpoint. Each loss must be that of the "
            "run, and so must all that its checkpoints hold, to the last bit. The run stays as it is. It "
            "takes about as long as the training took."
        )
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of the proof"))
        self.words = label("", wrap=True)
        self.met = label("", "muted", wrap=True)
        self.turn, close = QPushButton(tr("Cancel")), QPushButton(tr("Close"))
        self.turn.clicked.connect(self._stop_or_begin)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.turn)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(label(about, "muted", wrap=True))
        column.addWidget(self._bar)
        column.addWidget(self.words)
        column.addWidget(self.met)
        column.addStretch(1)
        column.addLayout(row)

    @property
    def under_way(self) -> bool:
        """Whether steps are being taken again."""
        return self._asked != 0

    def begin(self) -> None:
        """Take the steps again from the first on."""
        self.proof = None
        self._since.start()
        self._bar.setRange(0, 1000)
        self._bar.setValue(0)
        self._say(tr("Getting ready…"), "")
        self.met.setText("")
        self._asked = self._engine.ask(
            Prove(self._folder), self._end, self._work, asker=self, so_far=lambda proof: self._tell(proof)
        )
        self._dress()

    def _stop_or_begin(self) -> None:
        if not self.under_way:
            self.begin()
            return
        self._engine.cancel(self._asked)
        self._asked = 0
        self._say(tr("Given up."), "")
        self._dress()

    def _work(self, share: float, words: str) -> None:
        self._bar.setValue(round(1000 * share))
        if share < _TOLD_FROM:
            self._say(tr(words), "")
            return
        left = self._since.elapsed() / 1000 * (1 - share) / share
        self._say(tr("{what}: {time} left", what=tr(words), time=clock_words(left)), "")

    def _tell(self, proof: Proof) -> None:
        self.proof = proof
        words = tr(
            "Exact up to step {step}: {count} checkpoints are equal, {left} interruptions.",
            step=whole(proof.step),
            count=proof.checkpoints,
            left=len(proof.interruptions),
        )
        self.met.setText(words)

    def _end(self, reply: Reply[Proof]) -> None:
        self._asked = 0
        if reply.value is not None:
            self._bar.setValue(1000)
            self.proof = reply.value
            self._say(tr(reply.value.why), "success" if reply.value.exact else "danger")
            if reply.value.exact:
                self.met.setText("")
        else:
            self._say(reply.why or tr("The engine went away."), "danger")
        self._dress()

    def _say(self, words: str, mood: str) -> None:
        self.words.setText(words)
        set_role(self.words, mood)

    def _dress(self) -> None:
        self.turn.setText(tr("Cancel") if self.under_way else tr("Prove again"))

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._engine.cancel(self._asked)
        super().closeEvent(event)
