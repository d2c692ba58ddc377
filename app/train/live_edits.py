"""Live edits: what is edited in the form while a run is in training reaches that run, as far as it can."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document
from app.language.sentences import sentence
from app.language.words import tr
from app.link.engine_link import EngineLink
from app.link.reply import Reply
from app.widgets.notice import Notice
from engine.edits import differences, is_live, with_values
from engine.events import Edited
from engine.experiment import Experiment
from engine.serving.protocol import EditRun

_SETTLE_MILLISECONDS = 700
"""A run takes an edit up when the hand has come to rest: of 32 epochs, 3 are typed first."""
_EDIT = "edit"
"""What notices are about that go with the next edit."""


class LiveEdits(QObject):
    """Compares the experiment that is edited with that which is trained, and lets the run follow it."""

    differs_changed = Signal(bool)
    """Whether what is edited differs from what is in training: the difference counts for the next run."""
    changed = Signal()
    """What is edited or in training is another, or edits are taken up otherwise than before."""
    noticed = Signal(object)
    settled = Signal(str)

    def __init__(self, document: Document, engine: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._engine = document, engine
        self._trained: Experiment | None = None
        """What the run trains that was begun here, as the document has it; None where there is none."""
        self._differs = False
        self.follows = True
        """Whether the run takes up what is edited; else it counts for the next run alone."""
        self._begun: tuple[int, Experiment | None] = (0, None)
        """Where the document stood when the run was asked for, and its value."""
        self._turned_back = False
        """Whether undo or another experiment in the form has turned `follows` off, and not the person."""
        self.waiting = ""
        """The name of the waiting run that the form is of; "": of none."""
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MILLISECONDS)
        self._settling.timeout.connect(self._send)
        document.changed.connect(self._edited)
        document.replaced.connect(self._come_upon)

    @property
    def fixed(self) -> tuple[str, ...]:
        """The settings that were edited and cannot change in the run, by path."""
        trained, edited = self._trained, self._document.experiment
        # asked twice a second, and mostly nothing differs
        if trained is None or edited == trained or not self._of_this_run(edited):
            return ()
        changed = [path for path, _, _ in differences(trained, edited)]
        return tuple(path for path in changed if not (self.follows and is_live(trained, path)))

    @property
    def under_way(self) -> bool:
        """Whether a run is in training that was begun with what is edited here."""
        return self._trained is not None and self._of_this_run(self._document.experiment)

    def begin(self) -> None:
        """Say that a run of what stands in the document is asked for: what is undone from here is older."""
        self._begun = self._document.position, self._document.experiment
        self._document.seal()
        # what an earlier run was kept from says nothing of this one
        self.follows = self.follows or self._turned_back
        self._turned_back = False

    def set_waiting(self, name: str) -> None:
        """Say that the form is of the waiting run `name` and of no other, or of none (""). What was edited of
        it is left to it and to the next run also afterwards, until the person says otherwise.
        """
        if name == self.waiting:
            return
        self.waiting = name
        self._leave()

    def set_trained(self, trained: Experiment | None) -> None:
        """Say what is in training, None where that is not what is edited here or nothing is."""
        self._trained = trained
        self._look_back()
        self._compare()
        self.changed.emit()

    def hear(self, event: Edited) -> None:
        """Take over what the run edited by itself, as its rate when numbers broke: form and run stay alike.

        What the person edited there meanwhile stays in the form.
        """
        values = [(edit.setting, edit.value) for edit in event.edits if edit.because]
        trained, edited = self._trained, self._document.experiment
        if trained is None or not values:
            return
        touched = {path for path, _, _ in differences(trained, edited)}
        self._trained = with_values(trained, values)
        shown = [(path, value) for path, value in values if path not in touched]
        if self._of_this_run(edited) and self.follows and shown:
            self._document.edit(with_values(edited, shown))
        self._compare()
        self.changed.emit()

    def follow(self, on: bool) -> None:
        """Let the run take up what is edited from now on and so far, or leave it to the next run."""
        self.follows = on
        if on and self._turned_back:  # the person has said that the run is to have it
            self._begun = self._document.position, self._document.experiment
        self._turned_back = False
        self.settled.emit(_EDIT)
        self.changed.emit()
        self._send()

    def _come_upon(self) -> None:
        """Leave the run to itself where another experiment came into the form."""
        if self._document.experiment != self._trained:
            self._leave()

    def _leave(self) -> None:
        """Keep the run as it is: what stands in the form now is no edit of it, be it of the same name."""
        self.follows, self._turned_back = False, self.follows or self._turned_back
        # undo does not lead back to what the run was begun with
        self._begun = 0, None
        self._settling.stop()
        self._compare()
        self.changed.emit()

    def _look_back(self) -> None:
        """Keep the run as it is where undo leads to before it began, and let it follow again from there."""
        position, begun = self._begun
        if self._turned_back and self._document.experiment is begun:
            self.follows, self._turned_back = True, False
        elif self.under_way and self._document.position < position and (self.follows or self._turned_back):
            self.follows, self._turned_back = False, True
            words = tr(
                "What was undone was chosen before this run began. The run goes on as it is; the form is of "
                "the next one."
            )
            act = partial(self.follow, True)
            self.noticed.emit(Notice(words, "plain", tr("Change this run, too"), act, _EDIT))

    def _edited(self, _: Experiment) -> None:
        self.settled.emit(_EDIT)
        self._look_back()
        self._compare()
        self.changed.emit()
        self._settling.start()

    def _compare(self) -> None:
        edited = self._document.experiment
        differs = self._of_this_run(edited) and edited != self._trained
        if differs != self._differs:
            self._differs = differs
            self.differs_changed.emit(differs)

    def _of_this_run(self, edited: Experiment) -> bool:
        # another experiment is told by its name, a waiting run has often the same
        return self._trained is not None and edited.name == self._trained.name and not self.waiting

    def _send(self) -> None:
        # sent now, it need not be sent once more when the hand has come to rest
        self._settling.stop()
        trained, edited = self._trained, self._document.experiment
        if trained is None or not (self.follows and self._of_this_run(edited)) or self._document.problems:
            return
        changed = differences(trained, edited)
        values = {path: value for path, _, value in changed if is_live(trained, path)}
        if values:
            self._engine.ask(EditRun(values), partial(self._answered, trained, values), asker=self)

    def _answered(self, trained: Experiment, values: Mapping[str, Any], reply: Reply[Edited]) -> None:
        if trained is not self._trained:
            return  # that run is over
        if reply.value is not None:
            self.set_trained(with_values(trained, list(values.items())))
            # what was edited since this was sent
            self._send()
        elif reply.problems:
            said = "; ".join(sentence(problem, self._document.experiment) for problem in reply.problems)
            words = tr("The run in training goes on as it was. {why}", why=said)
            self.noticed.emit(Notice(words, "danger", about=_EDIT))
