"""The first start: what a person should know is said once, and the folder of runs can be changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.look.settings import SettingsFile
from app.shell.workbench import Workbench
from app.start.notes import CardNote, Note, WelcomeNote
from app.start.nvidia import is_idle


def _button(note: Note, words: str) -> QPushButton:
    return next(one for one in note.findChildren(QPushButton) if one.text() == words)


def _shown(note: Note) -> str:
    return " ".join(one.text() for one in note.findChildren(QLabel))


def test_that_the_welcome_tells_the_folder_of_runs_and_the_device(workbench: Workbench, qtbot: Any) -> None:
    note = WelcomeNote(workbench)
    qtbot.addWidget(note)
    assert str(workbench.runs_folder) in _shown(note)
    workbench.transport.tell(engine="ready", device="CPU · 2 threads", torch="2.13.0+cpu")
    assert "CPU · 2 threads" in _shown(note)


def test_that_what_was_seen_is_not_shown_at_the_next_start(
    workbench: Workbench, qtbot: Any, tmp_path: Path
) -> None:
    note = WelcomeNote(workbench)
    qtbot.addWidget(note)
    assert note.wanted
    _button(note, "Got it").click()
    assert note.isHidden()
    workbench.settings = SettingsFile(tmp_path / "settings.json")
    again = WelcomeNote(workbench)
    qtbot.addWidget(again)
    assert not again.wanted
    assert again.isHidden()


def test_that_the_self_test_is_offered(workbench: Workbench, qtbot: Any) -> None:
    note = WelcomeNote(workbench)
    qtbot.addWidget(note)
    with qtbot.waitSignal(workbench.selftest_asked):
        _button(note, "Self-test…").click()


def test_that_another_folder_for_runs_is_taken_shown_and_remembered(
    workbench: Workbench, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = WelcomeNote(workbench)
    qtbot.addWidget(note)
    other = tmp_path / "größere Platte"
    other.mkdir()
    monkeypatch.setattr(workbench.dialogs, "folder_to_open", lambda words, folder: other)
    with qtbot.waitSignal(workbench.runs_folder_changed):
        _button(note, "Change…").click()
    assert workbench.runs_folder == other
    assert str(other) in _shown(note)
    assert SettingsFile(tmp_path / "settings.json").value.runs_folder == str(other)


def test_that_a_folder_that_cannot_be_written_is_not_taken(
    workbench: Workbench, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workbench.runs_folder
    monkeypatch.setattr(workbench.dialogs, "folder_to_open", lambda words, folder: tmp_path / "gone")
    with qtbot.waitSignal(workbench.noticed) as said:
        workbench.choose_runs_folder()
    assert "gone" in said.args[0].text
    assert workbench.runs_folder == before


@pytest.mark.parametrize(
    ("torch", "device", "card", "idle"),
    [
        ("2.13.0+cpu", "CPU · 2 threads", True, True),
        ("2.13.0", "CPU · 8 threads", True, True),
        ("2.13.0+cpu", "CPU · 2 threads", False, False),
        ("2.13.0+cu130", "CPU · 2 threads", True, False),
        ("2.13.0+cu130", "NVIDIA H200", True, False),
        ("", "", True, False),
    ],
)
def test_that_a_card_is_idle_only_where_the_build_for_processors_runs(
    torch: str, device: str, card: bool, idle: bool
) -> None:
    assert is_idle(torch, device, lambda: card) is idle


def test_that_an_idle_card_is_told_of_until_it_was_seen(workbench: Workbench, qtbot: Any) -> None:
    note = CardNote(workbench, lambda: True)
    qtbot.addWidget(note)
    assert note.isHidden()
    workbench.transport.tell(engine="ready", device="CPU · 2 threads", torch="2.13.0+cpu")
    assert not note.isHidden()
    with qtbot.waitSignal(workbench.help_asked) as asked:
        _button(note, "How to get it").click()
    assert asked.args == ["graphics-card"]
    _button(note, "Got it").click()
    again = CardNote(workbench, lambda: True)
    qtbot.addWidget(again)
    assert again.isHidden()


def test_that_no_card_is_looked_for_before_the_engine_told_what_it_uses(
    workbench: Workbench, qtbot: Any
) -> None:
    asked: list[bool] = []

    def probe() -> bool:
        asked.append(True)
        return False

    note = CardNote(workbench, probe)
    qtbot.addWidget(note)
    workbench.transport.tell(engine="starting")
    assert not asked
    workbench.transport.tell(engine="ready", device="CPU · 2 threads", torch="2.13.0+cpu")
    workbench.transport.tell(memory_used=5)
    assert asked == [True]


def test_that_settings_that_cannot_be_kept_are_told_of_once(workbench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = SettingsFile(tmp_path / "file" / "settings.json")
    heard: list[str] = []
    other = Workbench(
        workbench.document, workbench.transport, settings, workbench.theme, workbench.dialogs, tmp_path
    )
    other.noticed.connect(lambda notice: heard.append(notice.text))
    assert other.tell_once("one")
    assert not other.tell_once("one")
    settings.change(language="de")
    assert len(heard) == 1
    assert "cannot be kept" in heard[0]
