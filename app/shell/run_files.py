"""Packing runs into files, and taking them out again, with progress that can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QLocale, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressDialog

from app.language.words import tr
from app.link.background import Background
from app.runs.dialogs.pack_dialog import PackDialog
from app.runs.library import Library
from app.shell.workbench import Workbench
from app.widgets.notice import Notice
from engine.choices import Invalid, Problem
from engine.runs.folder import RunFolder

T = TypeVar("T")

_LOOK = 50
"""Milliseconds between two looks at how far the work is."""
_PATIENCE = 400
"""Milliseconds after which work that is not over shows how far it is."""
_THOUSAND = 1000


class _Shared:
    """What the thread of the work and the window tell each other: plain values, nothing of Qt."""

    def __init__(self) -> None:
        self.done, self.all, self.given_up = 0, 1, False

    def hear(self, done: int, all_of_it: int) -> None:
        """Note how far the work is; raises where it was given up."""
        if self.given_up:
            raise Invalid([Problem("", "given up")])
        self.done, self.all = done, max(all_of_it, 1)


class _Work(QObject, Generic[T]):
    """One piece of work on a file, in another thread, with a bar above the window that cancels it."""

    def __init__(
        self, words: str, work: Callable[[Callable[[int, int], None]], T], end: Callable[[T], None],
        fail: Callable[[str], None], parent: Workbench,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._shared = _Shared()
        self._bar = QProgressDialog(words, tr("Cancel"), 0, _THOUSAND, parent.dialogs.parent)
        self._bar.setWindowTitle(tr("Ravine"))
        self._bar.setWindowModality(Qt.WindowModality.WindowModal)
        self._bar.setMinimumDuration(_PATIENCE)
        self._bar.canceled.connect(self._give_up)
        self._clock = QTimer(self, interval=_LOOK)
        self._clock.timeout.connect(self._look)
        self._end, self._fail = end, fail
        self._background: Background[T] = Background(self)
        self._background.done.connect(self._done)
        self._background.failed.connect(self._failed)
        shared = self._shared
        self._background.run(lambda: work(shared.hear))
        self._clock.start()

    def _look(self) -> None:
        self._bar.setValue(min(_THOUSAND - 1, _THOUSAND * self._shared.done // self._shared.all))

    def _give_up(self) -> None:
        self._shared.given_up = True

    def _done(self, value: T) -> None:
        self._close()
        self._end(value)

    def _failed(self, why: str) -> None:
        self._close()
        if not self._shared.given_up:
            self._fail(why)

    def _close(self) -> None:
        self._clock.stop()
        self._bar.canceled.disconnect(self._give_up)
        self._bar.close()
        self._bar.deleteLater()
        self.deleteLater()


class RunFiles(QObject):
    """Makes files of runs, and runs of files."""

    noticed = Signal(object)
    """A Notice."""
    unpacked = Signal(str)
    """A run was taken out of a file; its folder."""

    def __init__(self, workbench: Workbench, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench, self._library = workbench, library

    def pack(self, folder: str) -> None:
        """Ask what is to go along and where the file is to be, and make it."""
        name = self._library.name_of(folder) or Path(folder).name
        dialog = PackDialog(folder, name, self._workbench.dialogs.parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._choose_place(folder, with_data=dialog.data.isChecked()))
        dialog.open()

    def _choose_place(self, folder: str, *, with_data: bool) -> None:
        near = self._workbench.dialog_folder()
        place = self._workbench.chosen(self._workbench.dialogs.place_to_pack(near, Path(folder).name))
        if place is not None:
            self.write(folder, place, with_data=with_data)

    def write(self, folder: str, place: Path, *, with_data: bool) -> None:
        """Pack a run into a file."""

        def work(told: Callable[[int, int], None]) -> int:
            from engine.runs.packed.packing import pack

            return pack(RunFolder(Path(folder)), place, with_data=with_data, told=told).bytes

        def end(size: int) -> None:
            words = tr("Packed into {file} ({size}).", file=place, size=QLocale().formattedDataSize(size))
            self.noticed.emit(Notice(words, "good"))

        _Work(tr("Packing the run…"), work, end, self._tell_failed, self._workbench)

    def unpack(self, file: Path) -> None:
        """Take a run out of a file into the folder of runs, and show it."""
        runs = self._workbench.runs_folder.absolute()

        def work(told: Callable[[int, int], None]) -> str:
            from engine.runs.packed.unpacking import unpack

            return str(unpack(file, runs, told).path)

        def end(folder: str) -> None:
            self._library.refresh()
            words = tr("{file} is among the runs now.", file=file.name)
            self.noticed.emit(Notice(words, "good"))
            self.unpacked.emit(folder)

        _Work(
            tr("Taking the run out of {file}…", file=file.name), work, end, self._tell_failed, self._workbench
        )

    def _tell_failed(self, why: str) -> None:
        self.noticed.emit(Notice(why, "danger"))
