"""The card of pretrained weights: quiet while nothing is chosen, and a file or a folder can be picked."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.forms.record import RecordForm
from app.forms.summary import summary
from app.look.settings import SettingsFile
from app.look.theme import Theme
from app.shell.experiment_column import ExperimentColumn
from engine.experiment import Experiment
from engine.learning.start import Start


def test_that_the_summary_says_none_or_what_is_chosen() -> None:
    assert summary(Start()) == "none"
    assert summary(Start(weights="/a/b/run 1")) == "run 1"
    words = summary(Start(weights="/a/net.pth", freeze="all_but_head"))
    assert words == "net.pth · freeze all but head"
    assert "features.0" in summary(Start(weights="/a/net.pth", freeze="named", frozen=("features.0",)))


@pytest.fixture
def column(theme: Theme, tmp_path: Path, qtbot: QtBot) -> ExperimentColumn:
    made = ExperimentColumn(Document(Experiment()), theme, SettingsFile(tmp_path / "settings.toml"))
    qtbot.addWidget(made)
    return made


def test_that_the_section_is_a_closed_card(column: ExperimentColumn) -> None:
    card, form = column.form.cards["start"], column.form.editors["start"]
    assert not card.is_open
    assert isinstance(form, RecordForm)
    assert form.rows["frozen"].isHidden()  # layers are named only where some are to be frozen by name


def test_that_a_file_and_a_folder_can_be_picked(
    column: ExperimentColumn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = column.form.editors["start"]
    assert isinstance(form, RecordForm)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/w/net.pt", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/runs/one")
    file, folder = form.editors["weights"].findChildren(QToolButton)
    assert file.accessibleName() != folder.accessibleName()
    for button, path in ((file, "/w/net.pt"), (folder, "/runs/one")):
        button.click()
        assert column._document.experiment.start.weights == path
