"""The rows of runs that wait: what differs between them, and how each stands in the queue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.look.settings import SettingsFile
from app.look.theme import Theme
from app.runs.library import Library
from app.runs.page import RunsPage
from app.runs.queue import RunQueue
from app.runs.queue_card import QueueCard
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.folder import RunFolder
from engine.runs.queue.order import enqueue
from tests.patience import PATIENCE_MILLISECONDS as PATIENCE


def experiment(batch: int, seed: int) -> Experiment:
    return Experiment.model_validate({"name": "Iris", "seed": seed, "training": {"batch_size": batch}})


@pytest.fixture
def library(runs: Path, qtbot: QtBot) -> Library:
    for batch, seed in ((16, 0), (64, 0), (16, 7)):
        enqueue(runs, experiment(batch, seed))
    made = Library(runs)
    made.refresh()
    return made


@pytest.fixture
def card(library: Library, theme: Theme, qtbot: QtBot, tmp_path: Path) -> QueueCard:
    queue = RunQueue(library, lambda: False, library)
    made = QueueCard(theme, queue, library, SettingsFile(tmp_path / "settings.json"), 2)
    qtbot.addWidget(made)
    library.setParent(made)
    made.show()
    qtbot.waitUntil(
        lambda: len(library.rows) == 3 and all(row.details is not None for row in library.rows),
        timeout=PATIENCE,
    )
    return made


def test_that_rows_of_the_queue_say_what_differs_between_them(card: QueueCard, qtbot: QtBot) -> None:
    words = [card.list.item(row).text() for row in range(3)]
    assert "Batch size 16" in words[0]
    assert "Seed 0" in words[0]
    assert "Batch size 64" in words[1]
    assert "Seed 7" in words[2]
    # a line that is cut keeps it
    assert all(line.index("Batch size") < line.index("MLP") for line in words)
    assert [card.list.item(row).toolTip() for row in range(3)] == [line.partition(".  ")[2] for line in words]


def test_that_the_table_says_who_is_held_and_who_is_trained_by_nobody(
    card: QueueCard, library: Library, theme: Theme, qtbot: QtBot
) -> None:
    page = RunsPage(theme, library)
    qtbot.addWidget(page)
    page.show()
    first, second, third = (entry.run for entry in card.queue.waiting)
    card.queue.hold(first, True)
    card.queue.remove(third)

    def said() -> dict[str, str]:
        column = next(place for place, one in enumerate(page.model.columns) if one.name == "state")
        return {
            Path(page.model.shown[line]).name: page.model.index(line, column).data()
            for line in range(page.model.rowCount())
        }

    qtbot.waitUntil(
        lambda: said() == {first: "held", second: "waiting", third: "not begun"}, timeout=PATIENCE
    )
    # and is found by the same words
    page.filter.setText("held")
    assert [Path(folder).name for folder in page.model.shown] == [first]
    page.filter.setText("state:held")
    assert [Path(folder).name for folder in page.model.shown] == [first]
    page.filter.clear()
    card.queue.hold(first, False)
    qtbot.waitUntil(lambda: said()[first] == "waiting", timeout=PATIENCE)


def test_that_the_queue_leaves_the_room_to_the_runs_where_it_is_short(card: QueueCard, qtbot: QtBot) -> None:
    heights = []
    for height in (500, 1500):
        card.resize(900, height)
        qtbot.wait(1)
        heights.append(card.list.height())
    low, high = heights
    assert low < 3 * 28
    assert high >= 3 * 28
    # all are reached: the list scrolls
    assert card.list.count() == 3


def test_that_a_run_that_has_finished_waits_for_nothing(
    card: QueueCard, library: Library, qtbot: QtBot
) -> None:
    """A window that was closed while its run finished left it in the queue, where it stood as waiting."""
    first, second, third = (entry.run for entry in card.queue.waiting)
    folder = RunFolder(library.folder / second)
    status.write(folder, replace(status.read(folder), state="finished"))
    library.forget(str(folder.path))
    library.refresh()
    qtbot.waitUntil(lambda: len(card.queue.waiting) == 2, timeout=PATIENCE)
    assert [entry.run for entry in card.queue.waiting] == [first, third]
