"""What the tests of the runs page share: a folder of runs, and a page that has read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.runs.library import Library
from app.runs.page import RunsPage
from tests.patience import PATIENCE_MILLISECONDS as PATIENCE


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def make_page(runs: Path, theme: Theme, qtbot: QtBot) -> Callable[[], RunsPage]:
    """Return a page that has read the folder whole."""

    def make() -> RunsPage:
        library = Library(runs)
        page = RunsPage(theme, library)
        qtbot.addWidget(page)
        library.setParent(page)
        page.resize(1300, 760)
        page.show()
        qtbot.waitUntil(
            lambda: library.read_once and all(row.details is not None for row in page.model.rows),
            timeout=PATIENCE,
        )
        return page

    return make
