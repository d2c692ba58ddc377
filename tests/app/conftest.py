"""What tests of the window share: the real look, a workbench with files of its own, a window."""

from __future__ import annotations

import builtins
import gc
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.document.document import Document
from app.document.run_controls import RunControls
from app.forms.editor import Context
from app.forms.table import editor_for
from app.look.resources import RESOURCES
from app.look.settings import SettingsFile
from app.look.theme import Theme
from app.shell.dialogs import Dialogs
from app.shell.garbage import collect
from app.shell.workbench import Workbench


@pytest.fixture(scope="session")
def made_elsewhere() -> Iterator[list[str]]:
    """Note the classes of Qt that are made in another thread than the main one: each may end the program.

    The main thread looks up the types of Qt without a lock while it paints (see `app.link.background`).
    """
    made: list[str] = []
    build = builtins.__build_class__

    def watched(body: Any, name: str, /, *bases: Any, **given: Any) -> Any:
        kind = build(body, name, *bases, **given)
        if isinstance(kind, type(QObject)) and threading.current_thread() is not threading.main_thread():
            made.append(name)
        return kind

    builtins.__build_class__ = watched
    yield made
    builtins.__build_class__ = build


@pytest.fixture(autouse=True)
def in_the_main_thread(made_elsewhere: list[str]) -> Iterator[None]:
    yield
    noted = list(made_elsewhere)
    made_elsewhere.clear()
    assert not noted, "classes of Qt were made in another thread"


@pytest.fixture(autouse=True)
def gone(qapp: QApplication) -> Iterator[None]:
    """Delete the widgets of a test at its end: a style sheet set later would dress every one of them.

    As in the program, garbage is collected by the main thread alone.
    """
    gc.disable()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    collect()
    gc.enable()


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
