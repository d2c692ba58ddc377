"""Start-up and wiring of the window: the one place that constructs.

python -m app [EXPERIMENT.toml | RUN | DATA] [--runs DIR]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.dialogs import Dialogs
from app.document import Document
from app.pages import Page
from app.places import RESOURCES
from app.settings import SettingsFile, usual_settings_file
from app.start.page import StartPage
from app.theme import Theme
from app.transport import Transport
from app.window import MainWindow
from app.words import Catalogue, read_language, tr
from app.workbench import Workbench


def make_pages(workbench: Workbench) -> tuple[Page, ...]:
    """Return the pages in the order of the rail. What they need is imported when they are first shown."""
    return (Page("start", "Start", "house", lambda: StartPage(workbench, RESOURCES / "presets")),)


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the workbench; return the exit code of the program."""
    given = _parser().parse_args(arguments)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Ravine")
    application.setDesktopFileName("ravine")
    settings = SettingsFile(usual_settings_file())
    catalogue = Catalogue(read_language(RESOURCES / "translations", settings.value.language), application)
    application.installTranslator(catalogue)
    theme = Theme(RESOURCES, settings.value.scheme, application)
    theme.apply()
    workbench = Workbench(Document(), Transport(), settings, theme, Dialogs(), given.runs)
    window = MainWindow(workbench, make_pages(workbench))
    window.show_page("start")
    if given.path is not None:
        path = given.path
        window.painted.connect(lambda: workbench.open_anything(path))
    window.show()
    return application.exec()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ravine", description=tr("A workbench for neural networks."))
    parser.add_argument(
        "path", nargs="?", type=Path, help="an experiment, a run folder or a data file to open"
    )
    parser.add_argument("--runs", type=Path, metavar="DIR", help="where runs are kept")
    return parser


if __name__ == "__main__":
    sys.exit(main())
