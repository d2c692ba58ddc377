"""The list of runs is that of the folder that is chosen, with all that was there when it was asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from app.runs import library as module
from app.runs.library import Library
from engine.runs.lists.listing import RunEntry, list_runs
from tests.app.runs.conftest import PATIENCE
from tests.app.runs.folders import run


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """The first list takes until it may go on; return what says that it was read, and what lets it go on."""
    was_read, may_go_on = Event(), Event()

    def slowly(folder: Path) -> tuple[RunEntry, ...]:
        found = list_runs(folder)
        if not was_read.is_set():
            was_read.set()
            may_go_on.wait(PATIENCE / 1000)
        return found

    monkeypatch.setattr(module, "list_runs", slowly)
    return was_read, may_go_on


def begun(library: Library, qtbot: QtBot, was_read: Event) -> None:
    library.refresh()
    qtbot.waitUntil(was_read.is_set, timeout=PATIENCE)


def names_in(library: Library) -> Callable[[], set[str]]:
    return lambda: {entry.name for entry in library.entries}


def test_that_a_list_under_way_is_not_taken_for_that_of_the_folder_chosen_meanwhile(
    tmp_path: Path, qtbot: QtBot, held_up: tuple[Event, Event]
) -> None:
    run(tmp_path / "old", "Old")
    run(tmp_path / "new", "New")
    was_read, may_go_on = held_up
    library = Library(tmp_path / "old")
    begun(library, qtbot, was_read)
    shown: list[set[str]] = []
    library.listed.connect(lambda: shown.append(names_in(library)()))
    library.set_folder(tmp_path / "new")
    may_go_on.set()
    qtbot.waitUntil(lambda: names_in(library)() == {"New"}, timeout=PATIENCE)
    assert {"Old"} not in shown


def test_that_what_comes_while_a_list_is_read_is_listed_too(
    runs: Path, qtbot: QtBot, held_up: tuple[Event, Event]
) -> None:
    run(runs, "First")
    was_read, may_go_on = held_up
    library = Library(runs)
    begun(library, qtbot, was_read)
    run(runs, "Second")
    library.refresh()
    # what asks soon has asked, and found the list being read
    qtbot.waitUntil(lambda: not library._soon.isActive(), timeout=PATIENCE)
    may_go_on.set()
    qtbot.waitUntil(lambda: names_in(library)() == {"First", "Second"}, timeout=PATIENCE)
