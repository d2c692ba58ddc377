"""Labelling runs: naming one, tagging and starring several, each kept at once with its run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.language.words import tr
from app.runs.library import Library
from app.runs.naming import NameDialog, TagsDialog, keep_label, label_of
from app.runs.rows import RunRow
from engine.runs.lists.label import Label

Selected = Callable[[], Sequence[RunRow]]


class Labelling(QObject):
    """Asks a person how the `selected` runs are to be called and keeps it.

    `failed` says what could not be kept.
    """

    failed = Signal(str)

    def __init__(self, library: Library, selected: Selected, window: QWidget) -> None:
        super().__init__(window)
        self._library, self._selected, self._window = library, selected, window

    def name(self) -> None:
        """Let the person name the one run that is selected, and note something of it."""
        rows = self._selected()
        if len(rows) != 1:
            return
        asked = NameDialog(rows[0], self._window)
        asked.accepted.connect(lambda: self.keep(rows, lambda before: asked.label))
        # not `exec`: the window goes on meanwhile, with the run in training
        asked.open()

    def tag(self) -> None:
        """Let the person tag the selected runs."""
        rows = self._selected()
        asked = TagsDialog(rows, self._window)
        asked.accepted.connect(lambda: self.keep(rows, asked.changed))
        asked.open()

    def star(self) -> None:
        """Star the selected runs, or take the stars away where all have one."""
        rows = self._selected()
        starred = not all(row.entry.starred for row in rows)
        self.keep(rows, lambda before: replace(before, starred=starred))

    def keep(self, rows: Sequence[RunRow], changed: Callable[[Label], Label]) -> None:
        """Change the labels of runs, each from what it is now."""
        for row in rows:
            # read anew: another window may have tagged the run meanwhile
            if why := keep_label(row, changed(label_of(row))):
                words = tr("The name of {name} cannot be kept: {why}", name=row.entry.name, why=why)
                self.failed.emit(words)
        # also where it failed: the table then shows what is kept
        self._library.refresh()
