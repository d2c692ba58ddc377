"""What tests of the window share: the real look, a workbench with files of its own, a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.document.document import Document
from app.document.run_controls import RunControls
from app.forms.editor import Context
from app.forms.table import editor_for
from app.look.resources import RESOURCES
from app.look.settings import SettingsFile
from app.look.theme import Theme
from app.shell.dialogs import Dialogs
from app.shell.workbench import Workbench


@pytest.fixture(autouse=True)
def gone(qapp: QApplication) -> Iterator[None]:
    """Delete the widgets of a test at its end: a style sheet set later would dress every one of them."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> Theme:
    made = Theme(RESOURCES, "light")
    made.apply()
    return made


@pytest.fixture
def theme(dressed: Theme) -> Theme:
    dressed.set_scheme("light")
    return dressed


@pytest.fixture
def context(theme: Theme) -> Context:
    return Context(theme, editor_for)


@pytest.fixture
def workbench(theme: Theme, tmp_path: Path) -> Iterator[Workbench]:
    settings = SettingsFile(tmp_path / "settings.json")
    made = Workbench(Document(), RunControls(), settings, theme, Dialogs(), tmp_path / "runs")
    yield made
    made.dialogs.parent = None
