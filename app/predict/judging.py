"""Judging: has a run's network scored, on the test part or on a new file whose answers are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QObject

from app.document.moved_data import ask_for_place, lost_data, lost_words
from app.language.words import tr
from app.link.engine_link import EngineLink
from app.link.reply import Reply
from app.predict.judging_card import TestCard
from app.runs.library import Library
from app.runs.rows import mark_tested
from engine.choices import Invalid
from engine.inference.results import Predicted
from engine.runs.folder import RunFolder
from engine.runs.scoring.scores import Evaluated
from engine.serving.protocol import Evaluate

Reasons = Callable[[Reply[Predicted] | Reply[Evaluated]], str]


class Judging(QObject):
    """Asks the engine for the scores of the run `folder` and shows them on the card.

    `told` returns how new files are read, as the person has set it; `reasons` why there is no answer.
    """

    def __init__(
        self,
        card: TestCard,
        engine: EngineLink,
        library: Library,
        told: Callable[[], Mapping[str, object]],
        reasons: Reasons,
    ) -> None:
        super().__init__(card)
        self._card, self._engine, self._library = card, engine, library
        self._told, self._reasons = told, reasons
        self.file: Path | None = None
        """The file that was scored last; None where the test part was."""
        self.folder: RunFolder | None = None
        self.step: int | None = None
        """The step after which the weights are to be judged, None for the kept ones."""
        card.asked.connect(self._test)
        card.file_chosen.connect(self._test_file)
        card.place_asked.connect(self._ask_for_place)

    def _ask_for_place(self) -> None:
        """Test with the data where the person says that it lies now."""
        if self.folder is not None and (place := ask_for_place(self.folder.path, self._card)):
            self._test({"path": place})

    def again(self) -> None:
        """Score the same file once more, which is to be read otherwise; nothing where none was scored."""
        if self.file is not None:
            self._test_file(self.file)

    def _test(self, told: Mapping[str, object] = MappingProxyType({})) -> None:
        self.file = None
        if self.folder is not None:
            self._ask(self.folder, Evaluate(str(self.folder.path), "test", told=told))

    def _test_file(self, path: Path) -> None:
        """Score a new file; it is read as the tab of files says."""
        self.file = path
        if self.folder is not None:
            self._ask(self.folder, Evaluate(str(self.folder.path), "test", str(path), self._told()))

    def _ask(self, folder: RunFolder, command: Evaluate) -> None:
        self._card.tell_busy()
        of_file = command.path is not None
        command = replace(command, step=self.step)
        step = self.step
        self._engine.ask(
            command, lambda reply: self._tested(reply, folder, step, of_file=of_file), asker=self
        )

    def _tested(self, reply: Reply[Evaluated], folder: RunFolder, step: int | None, *, of_file: bool) -> None:
        # another run, or another of its moments, was chosen while this one was tested
        if folder != self.folder or step != self.step:
            return
        if reply.value is not None:
            if not of_file:
                mark_tested(folder)
                # lists may show its test score from now on
                self._library.forget(str(folder.path))
            self._card.show_scores(reply.value)
            self._card.show_picture(reply.value, _class_names(folder))
        elif not of_file and reply.problems and (path := lost_data(folder.path)):
            self._card.tell(lost_words(folder.path, path), wrong=True, lost=True)
        else:
            self._card.tell(self._reasons(reply) or tr("The test was given up."), wrong=True)


def _class_names(folder: RunFolder) -> tuple[str, ...]:
    try:
        targets = folder.read_json(folder.preprocessing).get("targets", {})
    except Invalid:
        return ()
    names = targets.get("classes", ()) if isinstance(targets, dict) else ()
    return tuple(str(name) for name in names) if isinstance(names, list) else ()
