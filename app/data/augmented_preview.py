"""Asks the engine what augmentation makes of some training pictures, whenever settings or data change."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.data.watch import DataWatch
from app.document.document import Document
from app.link.engine_link import EngineLink
from app.link.reply import Reply
from engine.inference.results import Augmented
from engine.serving.protocol import Augment

_MILLISECONDS = 250


class AugmentedPreview(QObject):
    """Keeps `found` true to the document, as long as somebody looks."""

    changed = Signal()
    """`wanted`, `found` or `why` is different."""

    def __init__(
        self,
        document: Document,
        watch: DataWatch,
        engine: EngineLink,
        parent: QObject | None = None,
        pause: int = _MILLISECONDS,
    ) -> None:
        super().__init__(parent)
        self._document, self._watch, self._engine = document, watch, engine
        self._looked_at = False
        self._asking = 0
        self._state: object = None
        self.found: Augmented | None = None
        self.why = ""
        """Why there is nothing to see, in a sentence."""
        self._timer = QTimer(self, singleShot=True, interval=pause)
        self._timer.timeout.connect(self._ask)
        document.changed.connect(self._edit)
        document.problems_changed.connect(self._edit)
        watch.changed.connect(self._edit)
        document.replaced.connect(self._forget)
        engine.became_ready.connect(self._edit)

    @property
    def wanted(self) -> bool:
        """Return whether there are pictures to be changed, and something that changes them."""
        inspection = self._watch.inspection
        pictures = inspection is not None and inspection.kind == "images"
        return pictures and bool(self._document.experiment.augmentations)

    def look(self, looked_at: bool) -> None:
        """Say whether somebody looks: what nobody sees is not computed."""
        self._looked_at = looked_at
        self._edit()

    def _forget(self) -> None:
        """Another experiment was opened: these are not its pictures."""
        self.found, self.why, self._state = None, "", None
        self._edit()

    def _edit(self, _: object = None) -> None:
        """Ask soon where something that matters has changed; what is being worked out then is stale."""
        experiment = self._document.experiment
        question = (experiment.recipe, experiment.augmentations) if self._ready() else None
        state = (self.wanted, question)  # nothing to ask may still be another reason: other data has none
        if state == self._state:
            return
        # none are asked for, or the data is another: those made before are not its pictures
        if not self.wanted:
            self.found, self.why = None, ""
        self._state = state
        self._engine.cancel(self._asking)
        if question is None:
            self._timer.stop()
        else:
            self._timer.start()
        self.changed.emit()

    def _ready(self) -> bool:
        """Return whether there is somebody who looks and somebody to ask, and nothing is wrong."""
        about = ("augmentations", "data", "split", "preprocessing")
        wrong = any(problem.path.split(".")[0] in about for problem in self._document.problems)
        there = self._engine.ready is not None and not self._watch.busy
        return self._looked_at and self.wanted and there and not wrong

    def _ask(self) -> None:
        experiment = self._document.located(self._document.experiment)
        self._asking = self._engine.ask(Augment(experiment.model_dump()), self._take, asker=self)

    def _take(self, reply: Reply[Augmented]) -> None:
        if reply.value is not None:
            self.found, self.why = reply.value, ""
        elif reply.problems:
            self.found, self.why = None, reply.why
        if reply.lost:
            self._state = None  # asked anew when the engine is back
        self.changed.emit()
