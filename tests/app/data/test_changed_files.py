"""Files of the data that change while they are shown are noticed and read again."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.data.page import DataPage
from app.data.watch import DataWatch
from tests.app.data.test_data_page import open_and_wait, page, rows, table, watch
from tests.app.live.samples import PATIENCE

__all__ = ["page", "watch"]


def counted(watch: DataWatch) -> int:
    return 0 if watch.inspection is None else watch.inspection.count


def test_that_a_file_that_was_written_to_is_read_again_and_said_once(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    said: list[None] = []
    watch.reread.connect(lambda: said.append(None))
    open_and_wait(watch, table(tmp_path, rows(60), target="price"), qtbot)
    qtbot.waitUntil(lambda: watch._stamp is not None and counted(watch) == 60, timeout=PATIENCE)
    (tmp_path / "data.csv").write_text(rows(90), encoding="utf-8")
    watch.look()
    qtbot.waitUntil(lambda: counted(watch) == 90, timeout=PATIENCE)
    page.hide()
    page.show()  # the page looks too, and nothing is new
    qtbot.waitUntil(lambda: not watch._stamper.busy, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not watch.busy, timeout=PATIENCE)
    assert len(said) == 1


def test_that_a_file_that_comes_back_is_read(
    page: DataPage, watch: DataWatch, qtbot: QtBot, tmp_path: Path
) -> None:
    experiment = table(tmp_path, rows(60), target="price")
    (tmp_path / "data.csv").rename(tmp_path / "elsewhere.csv")
    open_and_wait(watch, experiment, qtbot)
    qtbot.waitUntil(lambda: watch._stamp is not None and bool(watch.problems), timeout=PATIENCE)
    (tmp_path / "elsewhere.csv").rename(tmp_path / "data.csv")
    watch.look()
    qtbot.waitUntil(lambda: counted(watch) == 60, timeout=PATIENCE)
