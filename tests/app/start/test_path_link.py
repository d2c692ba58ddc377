"""A path that is too long for its place says so, and keeps its beginning and its end."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.start.page import PathLink


def test_that_a_long_path_is_cut_in_the_middle_and_says_so(theme: Theme, qtbot: QtBot) -> None:
    link = PathLink()
    qtbot.addWidget(link)
    link.show_path(Path("/home/somebody/a folder with a long name/another one below it/R & D/runs"))
    link.resize(240, 24)
    link.show()
    assert "…" in link.text()
    assert link.text().startswith("/home")
    assert link.text().endswith("runs")
    assert link.fontMetrics().horizontalAdvance(link.text()) <= link.width() + 8
    link.resize(1200, 24)
    qtbot.waitUntil(lambda: link.text().endswith("R && D/runs") and "…" not in link.text())
