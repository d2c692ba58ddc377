"""Looking back: every panel of a run as it would have been after one of its steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.document.record import RunRecord
from app.language.words import tr
from app.link.engine_link import EngineLink
from app.link.reply import Reply
from app.widgets.labels import label
from app.widgets.moment_row import MomentRow
from engine.inference.results import Looked
from engine.probes.probe import Probe
from engine.runs.folder import RunFolder
from engine.serving.protocol import LookBack

_LOOK_MILLISECONDS = 500


class LookingBack(QWidget):
    """A row with a slider over the steps of the run that is shown; what it brings back is told as a record.

    `probes` tells what the panels that are seen need.
    """

    shown = Signal(object)
    """The RunRecord that panels are to show now: that of a moment, or the run as it is."""

    def __init__(
        self, engine: EngineLink, probes: Callable[[], Sequence[Probe]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._probes = engine, probes
        self._record: RunRecord | None = None
        self._asked = 0
        self.moment = MomentRow(
            tr("Look back"),
            tr(
                "Show every panel as it was after an earlier step: the steps since the nearest checkpoint "
                "are taken again. The run goes on as it does, or stays as it is."
            ),
        )
        self.words = label("", "muted")
        inside = QHBoxLayout(self)
        inside.setContentsMargins(12, 0, 12, 8)
        inside.setSpacing(12)
        inside.addWidget(self.moment, 1)
        inside.addWidget(self.words)
        self.moment.changed.connect(self._go)
        # a run that has just begun has no moment yet, and a record tells nobody that it has changed
        clock = QTimer(self)  # ends with the page
        clock.setInterval(_LOOK_MILLISECONDS)
        clock.timeout.connect(self._offer)
        clock.start()
        self.set_record(None)

    def set_record(self, record: RunRecord | None) -> None:
        """Begin anew with the run that is shown."""
        self._engine.cancel(self._asked)
        self._asked = 0
        self._record = record
        self.words.setText("")
        self.moment.set_run(None)
        self._offer()

    def _offer(self) -> None:
        """Show the slider once there is a step to go back to."""
        record = self._record
        if self.moment.isHidden() and record is not None and record.step > 0:
            self.moment.set_run(RunFolder(Path(record.folder)))
        self.setVisible(not self.moment.isHidden())

    def look_again(self) -> None:
        """Measure anew at the same moment: other panels are seen."""
        if self.moment.step is not None:
            self._go()

    def _go(self) -> None:
        record, step = self._record, self.moment.step
        self._engine.cancel(self._asked)
        self._asked = 0
        if record is None:
            return
        if step is None:
            self.words.setText("")
            self.shown.emit(record)
            return
        self.words.setText(tr("Going back…"))
        probes = tuple(probe.model_dump() for probe in self._probes())
        self._asked = self._engine.ask(
            LookBack(record.folder, step, probes),
            lambda reply: self._take(record, step, reply),
            self._work,
            asker=self,
        )

    def _work(self, share: float, words: str) -> None:
        self.words.setText(tr(words))

    def _take(self, record: RunRecord, step: int, reply: Reply[Looked]) -> None:
        self._asked = 0
        if reply.value is None:
            self.words.setText(reply.why or tr("The engine went away."))
            return
        self.words.setText("")
        self.shown.emit(record.at(step, reply.value.readings))
