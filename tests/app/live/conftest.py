"""One real engine for all tests that leave it alive, and a session around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.__main__ import make_window
from app.document.document import Document
from app.document.run_controls import RunControls
from app.link.engine_link import EngineLink
from app.shell.rooms import Rooms
from app.shell.window import MainWindow
from app.shell.workbench import Workbench
from app.train.session import TrainingSession
from tests.app.live.samples import PATIENCE, iris

Opened = tuple[MainWindow, Rooms]


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the caches of the person who runs the tests out of them."""
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.fixture(scope="session")
def shared_engine(qapp: QApplication) -> Iterator[EngineLink]:
    link = EngineLink()
    link.start()
    yield link
    link.shut_down()


@pytest.fixture
def engine(shared_engine: EngineLink, qtbot: object) -> EngineLink:
    """The shared engine, ready."""
    qtbot.waitUntil(lambda: shared_engine.ready is not None, timeout=PATIENCE)  # type: ignore[attr-defined]
    return shared_engine


@pytest.fixture
def session(engine: EngineLink, tmp_path: Path) -> Iterator[TrainingSession]:
    made = TrainingSession(Document(iris()), RunControls(), engine, tmp_path / "runs")
    yield made
    engine.happened.disconnect(made._hear)  # the engine outlives the session
    engine.missed.disconnect(made._miss)
    engine.became_ready.disconnect(made.standing._tell_ready)
    engine.memory_told.disconnect(made.standing._tell_memory)
    engine.spoke.disconnect(made._pace.hear)
    engine.lost.disconnect(made._lose)
    made.deleteLater()


@pytest.fixture
def opened_window(workbench: Workbench, qtbot: QtBot) -> Iterator[Opened]:
    """The whole window with an engine of its own, ready."""
    window, rooms = make_window(workbench)
    qtbot.addWidget(window, before_close_func=lambda _: setattr(workbench, "may_leave", lambda: True))
    with qtbot.waitSignal(window.painted, timeout=PATIENCE):
        window.show()
    qtbot.waitUntil(lambda: rooms().engine.ready is not None, timeout=PATIENCE)
    yield window, rooms()
    rooms().shut_down()
