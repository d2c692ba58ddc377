"""Looking back: every panel of a run as it would have been after one of its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.document.moved_data import ask_for_place, lost_data, lost_words
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
    went = Signal(object)
    """The step that was gone back to, None for the run as it is."""

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
        self.problem = label("", "problem", wrap=True)
        self.place = QPushButton(tr("Where is it now…"))
        self.place.clicked.connect(self._ask_for_place)
        row, below = QHBoxLayout(), QHBoxLayout()
        row.addWidget(self.moment, 1)
        row.addWidget(self.words)
        below.addWidget(self.problem, 1)
        below.addWidget(self.place)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(12, 0, 12, 8)
        for line in (row, below):
            line.setSpacing(12)
            inside.addLayout(line)
        self.moment.changed.connect(lambda: self._go())
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
        self._tell("")
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

    def _tell(self, words: str, problem: str = "", *, lost: bool = False) -> None:
        self.words.setText(words)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.place.setVisible(lost)

    def _ask_for_place(self) -> None:
        """Let the person say where the data of the run lies, and go back with it."""
        record = self._record
        if record is not None and (path := ask_for_place(record.folder, self)):
            self._go({"path": path})

    def _go(self, told: Mapping[str, str] = MappingProxyType({})) -> None:
        record, step = self._record, self.moment.step
        self._engine.cancel(self._asked)
        self._asked = 0
        if record is None:
            return
        self.went.emit(step)
        if step is None:
            self._tell("")
            self.shown.emit(record)
            return
        self._tell(tr("Going back…"))
        probes = tuple(probe.model_dump() for probe in self._probes())
        self._asked = self._engine.ask(
            LookBack(record.folder, step, probes, told),
            lambda reply: self._take(record, step, told, reply),
            self._work,
            asker=self,
        )

    def _work(self, share: float, words: str) -> None:
        self.words.setText(tr(words))

    def _take(self, record: RunRecord, step: int, told: Mapping[str, str], reply: Reply[Looked]) -> None:
        self._asked = 0
        if reply.value is None:
            path = lost_data(record.folder) if reply.problems else ""
            why = reply.why or tr("The engine went away.")
            if path and not told:  # who has said where it lies is told what is wrong with that
                lost = lost_words(record.folder, path)
                why = tr("Looking back takes steps of the run again, from its data. {lost}", lost=lost)
            self._tell("", why, lost=bool(path))
            return
        self._tell("")
        self.shown.emit(record.at(step, reply.value.readings))
