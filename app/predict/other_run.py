"""Whether a run is of the experiment that is open: else its answers would be taken for that one's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel

from app.document.document import Document
from app.forms.summary import summary
from app.language.words import tr
from app.look.style import set_role
from engine.data.source import Source
from engine.experiment import Experiment


class OtherRun(QLabel):
    """Says so where the run that answers is of another experiment than the open one; else it is not seen."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "warning")
        self.setWordWrap(True)
        self._run: Experiment | None = None
        self._document: Document | None = None
        self._tell()

    def set_document(self, document: Document) -> None:
        """Compare with the experiment that is edited there, as it becomes."""
        self._document = document
        document.changed.connect(lambda _: self._tell())
        document.standing_changed.connect(self._tell)  # paths are taken from where it is saved
        self._tell()

    def set_run(self, experiment: Experiment | None) -> None:
        """Learn of which experiment the run is, None where there is no run."""
        self._run = experiment
        self._tell()

    def _tell(self) -> None:
        document, words = self._document, ""
        if document is not None and self._run is not None:
            opened = document.experiment
            words = other_words(self._run, document.located(opened))
        self.setText(words)
        self.setVisible(bool(words))


def other_words(own: Experiment, opened: Experiment) -> str:
    """Return a sentence where a run's experiment has another name than the open one, or reads other data."""
    if getattr(opened.data, "path", None) == "":  # nothing is open that the run could be taken for
        return ""
    if _data_of(own.data) != _data_of(opened.data):
        return tr(
            "This run learnt from other data than the open experiment has: {data}, in the experiment {name}.",
            data=_data_words(own.data),
            name=own.name,
        )
    if own.name != opened.name:
        return tr("This run is of the experiment {name}; {open} is open.", name=own.name, open=opened.name)
    return ""


def _data_of(source: Source) -> tuple[str, object]:
    """Return what data a source reads: how it is read may differ."""
    return source.kind, source.named_paths() or source


def _data_words(source: Source) -> str:
    """Return the data as a person knows it: the name of its file or folder, else the kind of source."""
    names = [Path(path).name for path in source.named_paths().values()]
    return names[0] if names else summary(source)
