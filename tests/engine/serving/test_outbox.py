from __future__ import annotations

import threading

import numpy as np

from engine.events import Block, Measured, Reading, RunEnded, StateChanged
from engine.serving.outbox import PATIENCE, Outbox
from engine.serving.protocol import Answer, DeviceMemory, Missed, RunEvent, SoFar, Working


def _said(step: int, folder: str = "r") -> RunEvent:
    values = np.array([step], np.float32)
    blocks = (Block("loss", step, 1, values), Block("rate", step, 1, -values))
    return RunEvent(folder, Measured(blocks, step, 0, step / 10, 10.0))


def test_that_numbers_are_merged_without_loss_and_in_order() -> None:
    outbox = Outbox()
    for step in range(1, 101):
        outbox.put(_said(step))
    (said,) = outbox.take()
    assert isinstance(said, RunEvent)
    assert isinstance(said.event, Measured)
    assert said.event.step == 100
    assert {block.series: (block.first, block.values.tolist()) for block in said.event.blocks} == {
        "loss": (1, list(range(1, 101))),
        "rate": (1, [-step for step in range(1, 101)]),
    }


def test_that_of_pictures_only_the_newest_waits() -> None:
    outbox = Outbox()
    for step in range(5):
        outbox.put(RunEvent("r", Reading("a", step, None)))
        outbox.put(RunEvent("r", Reading("b", step, None)))
    assert [(said.event.probe, said.event.step) for said in outbox.take()] == [("a", 4), ("b", 4)]  # type: ignore[union-attr]


def test_that_a_state_stands_between_the_numbers_before_and_after_it() -> None:
    outbox = Outbox()
    outbox.put(_said(1))
    outbox.put(RunEvent("r", StateChanged("paused", 1)))
    outbox.put(_said(2))
    outbox.put(RunEvent("r", RunEnded("stopped", 2, 0, "", {})))
    events = [said.event for said in outbox.take()]  # type: ignore[union-attr]
    assert [type(event).__name__ for event in events] == ["Measured", "StateChanged", "Measured", "RunEnded"]


def test_that_a_backlog_is_dropped_and_the_window_told_to_read_the_history() -> None:
    now = 0.0
    outbox = Outbox(clock=lambda: now)
    outbox.put(Answer(1, "kept"))
    for step in range(1, 1000):
        now += PATIENCE / 10
        outbox.put(_said(step))
        outbox.put(RunEvent("r", Reading("a", step, None)))
    outbox.put(RunEvent("r", RunEnded("finished", 999, 9, "", {})))
    taken = outbox.take()
    assert taken[:2] == [Answer(1, "kept"), Missed("r", 999)]
    assert len(taken) == 3
    outbox.put(_said(1000))
    assert isinstance(outbox.take()[0], RunEvent)


def test_that_numbers_of_another_run_are_kept_apart() -> None:
    outbox = Outbox()
    outbox.put(_said(1, "a"))
    outbox.put(_said(1, "b"))
    assert [said.folder for said in outbox.take()] == ["a", "b"]  # type: ignore[union-attr]


def test_that_progress_and_memory_are_replaced_by_the_newest() -> None:
    outbox = Outbox()
    for share in range(10):
        outbox.put(Working(1, share / 10, ""))
        outbox.put(Working(2, share / 20, ""))
        outbox.put(DeviceMemory(share, 10))
    assert outbox.take() == [Working(1, 0.9, ""), Working(2, 0.45, ""), DeviceMemory(9, 10)]


def test_that_of_texts_being_written_only_the_newest_of_each_request_waits() -> None:
    outbox = Outbox()
    outbox.put(Working(1, 0.1, "Writing"))
    for request, text in ((1, "a"), (2, "x"), (1, "a b")):
        outbox.put(SoFar(request, (text,)))
    assert outbox.take() == [Working(1, 0.1, "Writing"), SoFar(2, ("x",)), SoFar(1, ("a b",))]


def test_that_closing_lets_a_waiting_taker_go_once_all_is_taken() -> None:
    outbox = Outbox()
    found: list[object] = []

    def take_all() -> None:
        while taken := outbox.take():
            found.extend(taken)

    thread = threading.Thread(target=take_all)
    thread.start()
    outbox.put(Answer(1, None))
    outbox.close()
    thread.join(10)
    assert not thread.is_alive()
    assert found == [Answer(1, None)]
