"""Start-up and wiring of the window: the one place that constructs.

python -m app [EXPERIMENT.toml | RUN | DATA] [--runs DIR]
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.document.document import Document
from app.document.run_controls import RunControls
from app.language.words import Catalogue, read_language, tr
from app.look.resources import RESOURCES
from app.look.settings import SettingsFile, usual_settings_file
from app.look.theme import Theme
from app.shell.dialogs import Dialogs
from app.shell.ends import Ends
from app.shell.garbage import MainThreadCollection
from app.shell.openable import blank
from app.shell.pages import Page
from app.shell.window import MainWindow
from app.shell.workbench import Workbench
from app.widgets.faults import Faults

if TYPE_CHECKING:
    from app.shell.rooms import Rooms


def make_pages(workbench: Workbench, rooms: Callable[[], Rooms]) -> tuple[Page, ...]:
    """Return the pages in the order of the rail. What they need is imported when they are first shown."""
    return (
        Page("start", "Start", "house", lambda: _start_page(workbench)),
        Page("data", "Data", "database", lambda: rooms().data_page(), beside=True),
        Page("train", "Train", "activity", lambda: rooms().train_page(), beside=True),
        Page("runs", "Runs", "list", lambda: rooms().runs_page()),
        Page("predict", "Test & Predict", "target", lambda: rooms().predict_page()),
    )


def _start_page(workbench: Workbench) -> QWidget:
    from app.start.page import StartPage

    return StartPage(workbench, RESOURCES / "presets")


def make_window(workbench: Workbench) -> tuple[MainWindow, Callable[[], Rooms]]:
    """Return the window, and what makes the rooms behind its pages when they are first needed."""

    @cache
    def rooms() -> Rooms:
        from app.shell.rooms import Rooms  # after the first paint, which does not need the engine

        return Rooms(workbench, window.reveal)

    window = MainWindow(workbench, make_pages(workbench, rooms))
    MainThreadCollection(window)

    def furnish() -> None:
        """Fill the window, which is on the screen by now, in steps between which it is painted."""
        window.show_page("start")
        QTimer.singleShot(0, window, lambda: rooms().start())
        QTimer.singleShot(0, window, lambda: window.column)  # the first page beside it then comes at once
        # pyqtgraph: 0.2 s by which the first curve of a training would hold up a click
        QTimer.singleShot(0, window, lambda: import_module("app.painters.canvases.plot"))
        QTimer.singleShot(0, window, gc.freeze)  # looking through what stays took 30 ms at a time

    window.painted.connect(furnish)
    return window, rooms


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the workbench; return the exit code of the program."""
    given = _parser().parse_args(arguments)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Ravine")
    application.setDesktopFileName("org.ravine.workbench")
    settings = SettingsFile(usual_settings_file())
    catalogue = Catalogue(read_language(RESOURCES / "translations", settings.value.language), application)
    application.installTranslator(catalogue)
    theme = Theme(RESOURCES, settings.value.scheme, application)
    theme.apply()
    workbench = Workbench(
        Document(blank), RunControls(), settings, theme, Dialogs(), given.runs and given.runs.absolute()
    )
    window, rooms = make_window(workbench)
    faults = Faults(lambda words: workbench.say(words, "danger"))
    if given.path is not None:
        path = given.path.absolute()  # runs are known by where they lie
        # In a step of its own, after the rooms are there: they are who hears that a run is opened.
        window.painted.connect(lambda: QTimer.singleShot(0, window, lambda: workbench.open_anything(path)))
    window.show()
    ends = Ends(window.close, application.exit)
    code = application.exec()
    ends.release()
    rooms().shut_down()
    faults.release()
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ravine", description=tr("A workbench for neural networks."))
    parser.add_argument(
        "path", nargs="?", type=Path, help="an experiment, a run folder or a data file to open"
    )
    parser.add_argument("--runs", type=Path, metavar="DIR", help="where runs are kept")
    return parser


if __name__ == "__main__":
    sys.exit(main())
