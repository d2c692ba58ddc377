"""A value that the engine finds by trying: how it goes while it does, and one click to take what it found."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.document.document import Document
from app.language.words import tr
from app.link.engine_link import EngineLink
from app.link.reply import Reply
from app.look.theme import Theme
from app.painters.canvases.canvas import Canvas
from app.views.drawing import Drawing, Nothing, Readout
from app.widgets.labels import label
from engine.serving.protocol import Command

Found = TypeVar("Found")


@dataclass(frozen=True)
class Words:
    """What a dialog says: its title, what is done and what stays as it is, and the name of its curve."""

    title: str
    about: str
    curve: str


class FindingDialog(QDialog, Generic[Found]):
    """Tries values when it is told to begin, and gives up what is under way when it is closed."""

    def __init__(
        self, theme: Theme, document: Document, engine: EngineLink, words: Words, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._document, self._engine = document, engine
        self._asked = 0
        self.found: Found | None = None
        self.setWindowTitle(words.title)
        self.resize(680, 520)
        self.canvas = Canvas(theme)
        self.canvas.setAccessibleName(words.curve)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of the test"))
        self.words = label("", "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(label(words.about, "muted", wrap=True))
        column.addWidget(self.canvas, 1)
        column.addWidget(self._bar)
        column.addWidget(self.words)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        self.turn, self.take = QPushButton(tr("Cancel")), QPushButton(tr("Take"))
        self.turn.clicked.connect(self._stop_or_begin)
        self.take.clicked.connect(self._take)
        self.keep = QPushButton(tr("Close"))
        self.keep.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.turn)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.take)
        for button in (self.turn, self.keep):
            button.setAutoDefault(False)
        return row

    # --- what one finds ---------------------------------------------------------------------------------

    @abstractmethod
    def _command(self) -> Command[Found]:
        """Return what the engine is asked for."""

    @abstractmethod
    def _telling(self, tried: Found) -> str:
        """Return what is said while it is tried."""

    @abstractmethod
    def _verdict(self, tried: Found) -> str:
        """Return what is said at the end."""

    @abstractmethod
    def _drawing(self, tried: Found) -> Drawing | None:
        """Return what is drawn of it; None: nothing yet."""

    @abstractmethod
    def _readouts(self, tried: Found, x: float) -> tuple[Readout, ...]:
        """Return what is told under the cursor."""

    @abstractmethod
    def _take(self) -> None:
        """Let what was found stand in the form, and close."""

    # --- how it goes ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Try from the beginning."""
        self.found = None
        self._bar.setRange(0, 1000)
        self._bar.setValue(0)
        self._show(tr("Getting ready…"))
        self._asked = self._engine.ask(
            self._command(), self._end, self._work, asker=self, so_far=lambda tried: self._tell(tried)
        )
        self._dress()

    @property
    def under_way(self) -> bool:
        """Whether something is being tried."""
        return self._asked != 0

    def _stop_or_begin(self) -> None:
        if not self.under_way:
            self.begin()
            return
        self._engine.cancel(self._asked)
        self._asked = 0
        self._show(tr("Given up."))
        self._dress()

    def _work(self, share: float, words: str) -> None:
        self._bar.setValue(round(1000 * share))

    def _tell(self, tried: Found) -> None:
        self.found = tried
        self._show(self._telling(tried))

    def _end(self, reply: Reply[Found]) -> None:
        self._asked = 0
        self._bar.setValue(1000)
        if reply.value is not None:
            self.found = reply.value
            self._show(self._verdict(reply.value))
        else:
            self._show(reply.why or tr("The engine went away."))
        self._dress()

    def _show(self, words: str) -> None:
        self.words.setText(words)
        found = self.found
        drawn = None if found is None else self._drawing(found)
        if found is None or drawn is None:
            self.canvas.show_drawing(Nothing(tr("The curve appears here.")))
        else:
            self.canvas.show_drawing(drawn, lambda x: self._readouts(found, x))

    def _dress(self) -> None:
        """Let the buttons say what they do now."""
        self.turn.setText(tr("Cancel") if self.under_way else tr("Try again"))

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._engine.cancel(self._asked)
        super().closeEvent(event)
