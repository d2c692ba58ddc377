"""Which new data a run can be scored on: what its kind of data lies in, files and folders alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.modalities.appearance import of_encoder
from app.modalities.wanted import Wanted
from app.predict.file_tab import FileTab
from app.predict.judging_card import TestCard as Card
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment


@pytest.mark.parametrize(
    ("kind", "folders"),
    [("table", False), ("timeline", False), ("pictures", True), ("texts", True), ("series", True)],
)
def test_that_what_lies_in_folders_is_scored_by_the_folder(
    kind: str, folders: bool, theme: Theme, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, chosen = Card(theme), []
    qtbot.addWidget(card)
    card.file_chosen.connect(chosen.append)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "new.csv"), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    card.reset(ready=True, looked=False)
    shown = of_encoder(kind)
    assert shown is not None
    card.ask_for(shown.wants({}, Experiment()))
    card.show()
    card.file.click()
    assert card.sorts.isVisible() == folders
    for action in card.sorts.actions() if folders else ():
        action.trigger()
    card.sorts.close()
    assert chosen == [tmp_path / "new.csv"] + [tmp_path] * folders


def test_that_dialogs_begin_beside_the_data_of_the_run_then_where_one_was_last(
    theme: Theme, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    elsewhere = tmp_path / "elsewhere" / "new.csv"

    def answer(_parent: object, _title: str, begin: str) -> tuple[str, str]:
        asked.append(begin)
        return str(elsewhere), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    wanted = Wanted(source=TableFile(path=str(tmp_path / "train.csv")))
    card, tab = Card(theme), FileTab(theme)
    for widget in (card, tab):
        qtbot.addWidget(widget)
        widget.ask_for(wanted)
    card.reset(ready=True, looked=False)
    card.file.click()
    card.file.click()
    tab._file.click()
    tab._file.click()
    assert asked == [str(tmp_path), str(elsewhere.parent)] * 2
