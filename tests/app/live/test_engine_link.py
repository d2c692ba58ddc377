"""The links to the engine's processes, with real processes at the other end."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.link.engine_link import EngineLink
from app.link.inspector_link import InspectorLink
from app.link.reply import Reply
from engine.choices import Problem
from engine.data.inspection.records import Inspection
from engine.experiment import Experiment
from engine.inference.results import Sketched
from engine.processes import command_of
from engine.serving.protocol import Resume, Sketch
from tests.app.live.samples import DEAF, DIES, LIES, PATIENCE, SILENT, iris


def test_that_a_request_is_answered_once_with_its_value(engine: EngineLink, qtbot: QtBot) -> None:
    outcomes: list[Reply[Any]] = []
    engine.ask(Sketch(iris().model_dump()), outcomes.append)
    qtbot.waitUntil(lambda: bool(outcomes), timeout=PATIENCE)
    assert isinstance(outcomes[0].value, Sketched)
    assert outcomes[0].value.parameters == 4 * 4 + 4 + 4 * 3 + 3
    assert len(outcomes) == 1


def test_that_a_refusal_carries_its_problems(engine: EngineLink, qtbot: QtBot, tmp_path: Path) -> None:
    outcomes: list[Reply[Any]] = []
    engine.ask(Resume(str(tmp_path / "nothing")), outcomes.append)
    qtbot.waitUntil(lambda: bool(outcomes), timeout=PATIENCE)
    assert outcomes[0].value is None
    assert outcomes[0].problems


def test_that_nobody_is_told_when_who_asked_is_gone(engine: EngineLink, qtbot: QtBot) -> None:
    gone: list[Reply[Any]] = []
    later: list[Reply[Any]] = []
    asker = QObject()
    engine.ask(Sketch(iris().model_dump()), gone.append, asker=asker)
    delete(asker)
    engine.ask(Sketch(iris().model_dump()), later.append)
    qtbot.waitUntil(lambda: bool(later), timeout=PATIENCE)
    assert gone == []


def test_that_a_cancelled_request_is_not_answered_any_more(engine: EngineLink, qtbot: QtBot) -> None:
    cancelled: list[Reply[Any]] = []
    later: list[Reply[Any]] = []
    engine.cancel(engine.ask(Sketch(iris().model_dump()), cancelled.append))
    engine.ask(Sketch(iris().model_dump()), later.append)
    qtbot.waitUntil(lambda: bool(later), timeout=PATIENCE)
    assert cancelled == []


def test_that_bytes_that_are_no_message_end_the_process_and_are_said_in_words(qtbot: QtBot) -> None:
    link = EngineLink(LIES)
    with qtbot.waitSignal(link.lost, timeout=PATIENCE) as lost:
        link.start()
    why, again = lost.args
    assert "cannot be understood" in why
    assert again
    link.shut_down()


def test_that_an_engine_that_dies_at_once_is_not_started_for_ever(qtbot: QtBot) -> None:
    link = EngineLink(DIES)
    told: list[tuple[str, bool]] = []
    link.lost.connect(lambda why, again: told.append((why, again)))
    link.start()
    qtbot.waitUntil(lambda: bool(told) and not told[-1][1], timeout=PATIENCE)
    assert [again for _, again in told] == [True, True, False]
    assert "code 7" in told[-1][0]
    assert "no library for this" in told[-1][0]
    link.shut_down()


def test_that_a_program_that_is_not_there_is_said_in_words(qtbot: QtBot) -> None:
    link = EngineLink(("/nowhere/ravine-engine", "serve"))
    with qtbot.waitSignal(link.lost, timeout=PATIENCE) as lost:
        link.start()
    assert "cannot be started" in lost.args[0]
    link.shut_down()


def test_that_requests_of_an_engine_that_dies_are_answered_as_lost(qtbot: QtBot) -> None:
    link = EngineLink(SILENT)
    outcomes: list[Reply[Any]] = []
    link.ask(Sketch({}), outcomes.append)
    qtbot.waitUntil(lambda: link.process > 0, timeout=PATIENCE)
    os.kill(link.process, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(outcomes), timeout=PATIENCE)
    assert outcomes[0].lost
    assert "went away" in outcomes[0].why
    link.shut_down()


@pytest.mark.parametrize("command", [SILENT, DEAF], ids=["silent", "deaf"])
def test_that_shutting_down_leaves_no_process_behind(command: tuple[str, ...], qtbot: QtBot) -> None:
    link = EngineLink(command)
    link.start()
    qtbot.waitUntil(lambda: link.process > 0, timeout=PATIENCE)
    number = link.process
    link.shut_down(patience=300)
    assert not psutil.pid_exists(number)


def drawn(samples: int) -> dict[str, object]:
    return Experiment.model_validate({"data": {"kind": "spirals", "samples": samples}}).model_dump()


@pytest.fixture
def inspector(qtbot: QtBot):  # type: ignore[no-untyped-def]
    link = InspectorLink(pause=20)
    yield link
    link.shut_down()


def test_that_an_inspection_tells_what_the_data_is(inspector: InspectorLink, qtbot: QtBot) -> None:
    with qtbot.waitSignal(inspector.done, timeout=PATIENCE) as done:
        inspector.inspect(iris().model_dump())
    found = done.args[0].value
    assert isinstance(found, Inspection)
    assert found.count == 150


def test_that_the_newest_of_several_wishes_is_answered_last_and_superseded_ones_not_at_all(
    inspector: InspectorLink, qtbot: QtBot
) -> None:
    found: list[int] = []
    inspector.done.connect(lambda outcome: found.append(outcome.value.count))
    for samples in (50, 60, 70):
        inspector.inspect(drawn(samples))
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    assert found == [70]
    assert not inspector.busy


def test_that_a_long_inspection_is_killed_for_a_newer_one(inspector: InspectorLink, qtbot: QtBot) -> None:
    found: list[int] = []
    inspector.done.connect(lambda outcome: found.append(outcome.value.count))
    inspector._command = SILENT
    inspector.inspect(drawn(50))
    qtbot.waitUntil(lambda: inspector._busy > 0, timeout=PATIENCE)
    inspector._command = command_of("inspect")
    inspector.inspect(drawn(60))
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    assert found == [60]


def test_that_cancelling_kills_the_reader_and_is_told(inspector: InspectorLink, qtbot: QtBot) -> None:
    inspector.inspect(drawn(100_000))
    qtbot.waitSignal(inspector.working, timeout=PATIENCE).wait()
    outcomes: list[Reply[Any]] = []
    inspector.done.connect(outcomes.append)
    inspector.cancel()
    assert outcomes == [Reply()]
    assert not inspector.busy
    with qtbot.waitSignal(inspector.done, timeout=PATIENCE) as done:
        inspector.inspect(drawn(30))
    assert done.args[0].value.count == 30


def test_that_a_reader_that_dies_is_a_problem_of_the_data(qtbot: QtBot) -> None:
    link = InspectorLink(DIES, pause=1)
    with qtbot.waitSignal(link.done, timeout=PATIENCE) as done:
        link.inspect({})
    assert done.args[0].problems[0].path == "data"
    assert "no library for this" in done.args[0].why
    link.shut_down()


def test_that_an_answer_that_failed_names_settings_as_the_form_does() -> None:
    problems = (Problem("data.sheet", "no sheet '2023'"), Problem("", "the file is empty"))
    assert Reply(problems=problems).why == "Sheet: no sheet '2023'\nThe file is empty"
