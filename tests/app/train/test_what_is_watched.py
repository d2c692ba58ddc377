"""A run measures from its first step what the window shows, however short it is: Watch goes before Train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.document.record import RunRecord
from app.document.run_controls import RunControls
from app.link.engine_link import EngineLink
from app.look.theme import Theme
from app.train.page import RunPage
from app.train.session import TrainingSession
from engine.events import Facts
from engine.serving.protocol import Answer, Request, RunEvent, SetPace, Train, Watch
from tests.app.live.samples import SILENT, iris
from tests.app.sample_records import IMAGES, PLANE, record, started


class Noting(EngineLink):
    """A link to a process that says nothing, which notes what it is sent; what it answers the test says."""

    def __init__(self) -> None:
        super().__init__(SILENT)
        self.sent: list[object] = []

    def _send(self, message: object) -> None:
        if self._child is not None:
            self.sent.append(message)

    def said(self) -> list[object]:
        """Return what was sent since this was asked last: the class, of Watch the kinds of its probes."""
        sent, self.sent = self.sent, []
        return [
            {str(probe["kind"]) for probe in one.probes}
            if isinstance(one, Watch)
            else type(one.command if isinstance(one, Request) else one)
            for one in sent
        ]


class Room:
    """The page of a run and the session behind it, joined as the window joins them."""

    def __init__(self, theme: Theme, folder: Path) -> None:
        self.link, self.transport = Noting(), RunControls()
        self.session = TrainingSession(Document(iris()), self.transport, self.link, folder)
        self.page = RunPage(theme)
        self.page.watch.connect(self.session.watch)
        self.session.begins.connect(self.page.get_ready)
        self.session.shown_changed.connect(self.page.set_record)
        self.transport.changed.connect(self.page.follow)

    def begin(self, facts: Facts) -> None:
        """Answer that the run's folder is there, and say its first word."""
        self.link._hear(Answer(self.link._number, "runs/1"))
        self.link._hear(RunEvent("runs/1", started(facts)))


@pytest.fixture
def room(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Room]:
    made = Room(theme, tmp_path)
    qtbot.addWidget(made.page)
    made.page.resize(1000, 600)
    yield made
    made.link.shut_down()


def test_that_what_the_panels_will_show_is_watched_before_the_run_is_asked_for(
    room: Room, qtbot: QtBot
) -> None:
    room.link.start()
    room.page.set_record(record(IMAGES))
    room.page.expect(PLANE)
    room.page.show()
    qtbot.waitExposed(room.page)
    room.session.train()
    told = room.link.said()
    assert told[-2:] == [{"decision_surface", "confusion", "gradient_norms"}, Train]
    room.begin(replace(PLANE, task="classification"))
    qtbot.wait(50)
    assert {panel.view.kind for panel in room.page.panels.values()} >= {"decision_surface", "confusion"}
    assert room.link.said() == []  # nothing that it could have missed


def test_that_of_data_that_is_not_known_yet_all_is_watched_that_may_be_shown(
    room: Room, qtbot: QtBot
) -> None:
    room.link.start()
    room.page.show()
    qtbot.waitExposed(room.page)
    room.session.train()
    everything, asked = room.link.said()[-2:]
    assert asked is Train
    room.begin(PLANE)
    qtbot.wait(50)
    narrowed = room.link.said()
    assert narrowed == [{"decision_surface", "confusion", "gradient_norms"}]
    assert isinstance(everything, set)
    assert narrowed[0] <= everything


def test_that_an_engine_that_is_started_by_train_is_told_first_what_is_watched(
    room: Room, qtbot: QtBot
) -> None:
    room.page.expect(PLANE)
    room.page.show()
    qtbot.waitExposed(room.page)
    room.session.train()
    assert room.link.said() == [{"decision_surface", "confusion", "gradient_norms"}, SetPace, Train]


def test_that_a_run_that_is_refused_leaves_the_run_before_as_it_was(room: Room, qtbot: QtBot) -> None:
    room.link.start()
    before = record(IMAGES)
    room.session.show(before)
    room.page.expect(PLANE)
    room.page.show()
    room.session.train()
    assert room.page.panels["side"].view.kind == "decision_surface"
    room.transport.tell(run="none")
    assert room.session.shown is before
    assert room.page.panels["side"].view.kind == "image_predictions"


def test_that_a_record_that_has_not_begun_does_not_exchange_the_panels(room: Room) -> None:
    room.page.expect(PLANE)
    room.page.set_record(RunRecord())
    assert room.page.panels["side"].view.kind == "decision_surface"
