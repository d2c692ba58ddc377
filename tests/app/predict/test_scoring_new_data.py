"""Which new data a run can be scored on: what its kind of data lies in, files and folders alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.predict.inputs import Kind, Wanted
from app.predict.judging_card import TestCard as Card
from app.theme import Theme


@pytest.mark.parametrize(
    ("kind", "folders"),
    [("rows", False), ("course", False), ("picture", True), ("texts", True), ("series", True)],
)
def test_that_what_lies_in_folders_is_scored_by_the_folder(
    kind: Kind, folders: bool, theme: Theme, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, chosen = Card(theme), []
    qtbot.addWidget(card)
    card.file_chosen.connect(chosen.append)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "new.csv"), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    card.reset(ready=True, looked=False)
    card.ask_for(Wanted(kind))
    card.show()
    card.file.click()
    assert card.sorts.isVisible() == folders
    for action in card.sorts.actions() if folders else ():
        action.trigger()
    card.sorts.close()
    assert chosen == [tmp_path / "new.csv"] + [tmp_path] * folders
