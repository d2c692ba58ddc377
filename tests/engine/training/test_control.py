"""What others say is heeded between two steps, from whatever thread; no test here looks at a clock."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, Future
from typing import Any

import numpy as np
import pytest

from engine.events import Event, StateChanged
from engine.training.control import Control
from tests.engine.training.support import MLP, assert_same, experiment_of, run

LONG = experiment_of(MLP, training={"epochs": 100_000, "batch_size": 32})


def states(events: list[Event]) -> list[tuple[str, int]]:
    return [(event.state, event.step) for event in events if isinstance(event, StateChanged)]


def test_that_a_run_paused_before_it_begins_waits_at_step_0_and_shows_pictures() -> None:
    control = Control()
    control.pause()

    def heard(event: Event, control: Control) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            control.resume()

    ran = run(experiment_of(MLP, probes=[{"kind": "decision_surface"}]), control=control, heard=heard)
    assert states(ran.events)[:2] == [("paused", 0), ("running", 0)]
    assert ran.readings("decision_surface")[0].step == 0
    assert ran.checkpoints[0].step == 0


def test_that_steps_asked_for_twice_are_both_taken() -> None:
    control = Control()
    control.advance(2)
    control.advance(3)
    ran = run(LONG, control=control, heard=lambda event, control: control.stop() if paused(event) else None)
    assert states(ran.events) == [("paused", 5)]


def test_that_an_epoch_asked_for_in_its_middle_ends_with_it() -> None:
    control = Control()
    control.advance(3)
    moves = iter([lambda: control.advance(epoch=True), lambda: control.advance(epoch=True), control.stop])
    ran = run(LONG, control=control, heard=lambda event, control: next(moves)() if paused(event) else None)
    assert [step for state, step in states(ran.events) if state == "paused"] == [3, 5, 10]


def paused(event: Event) -> bool:
    return isinstance(event, StateChanged) and event.state == "paused"


def test_that_pausing_stops_a_count_of_steps_and_resuming_forgets_it() -> None:
    control = Control()
    control.advance(5)
    control.pause()
    moves = iter([control.resume])

    def heard(event: Event, control: Control) -> None:
        if paused(event):
            next(moves)()

    ran = run(experiment_of(MLP), control=control, heard=heard)
    assert states(ran.events) == [("paused", 0), ("running", 0)]
    assert ran.ended.state == "finished"


@pytest.mark.parametrize(("word", "state"), [("stop", "stopped"), ("interrupt", "interrupted")])
def test_that_a_run_ends_at_a_word_from_another_thread_while_it_trains(word: str, state: str) -> None:
    begun = threading.Event()
    control = Control()

    def other() -> None:
        begun.wait()
        getattr(control, word)()

    speaker = threading.Thread(target=other)
    speaker.start()
    ran = run(LONG, control=control, heard=lambda event, control: begun.set())
    speaker.join()
    assert ran.ended.state == state
    assert ran.last.step == ran.ended.step


@pytest.mark.parametrize("word", ["stop", "interrupt", "resume", "advance"])
def test_that_a_paused_run_wakes_at_a_word_from_another_thread(word: str) -> None:
    control = Control()
    control.advance(2)
    asleep = threading.Event()
    speakers = []

    def speak() -> None:
        asleep.wait()
        getattr(control, word)()

    def heard(event: Event, control: Control) -> None:
        if paused(event) and event.step == 2:  # type: ignore[union-attr]
            speakers.append(threading.Thread(target=speak))
            speakers[-1].start()
            asleep.set()
        elif paused(event):
            control.stop()

    ran = run(experiment_of(MLP), control=control, heard=heard)
    speakers[0].join()
    expected = {"stop": "stopped", "interrupt": "interrupted", "resume": "finished", "advance": "stopped"}
    assert ran.ended.state == expected[word]


@pytest.mark.parametrize("word", ["stop", "interrupt", "pause", "advance", "set_pace"])
def test_that_a_run_that_rests_between_slow_steps_heeds_every_word_at_once(word: str) -> None:
    control = Control()
    control.set_pace(1 / 3600)
    wait, speakers = control.wait, []

    def speak() -> None:
        if word == "set_pace":
            control.set_pace(None)
        else:
            getattr(control, word)()

    def rested(seconds: float | None = None) -> None:
        if not speakers:
            speakers.append(threading.Thread(target=speak))
            speakers[0].start()
        wait(seconds)

    control.wait = rested  # type: ignore[method-assign]
    ran = run(experiment_of(MLP), control=control, heard=lambda event, c: c.stop() if paused(event) else None)
    speakers[0].join()
    state, step = {
        "stop": ("stopped", 1),
        "interrupt": ("interrupted", 1),
        "pause": ("stopped", 1),
        "advance": ("stopped", 2),  # asked for by itself, a step comes at once
        "set_pace": ("finished", 20),
    }[word]
    assert (ran.ended.state, ran.ended.step) == (state, step)


def test_that_questions_are_answered_while_a_run_rests() -> None:
    control = Control()
    control.set_pace(1 / 3600)
    wait, answers = control.wait, []

    def rested(seconds: float | None = None) -> None:
        if not answers:
            answers.append(control.ask(lambda: 6 * 7))
            answers[0].add_done_callback(lambda _: control.stop())
        wait(seconds)

    control.wait = rested  # type: ignore[method-assign]
    run(LONG, control=control)
    assert answers[0].result() == 42


def test_that_steps_keep_their_pace_and_come_to_the_same_as_at_full_speed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, taken = [100.0], []
    monkeypatch.setattr("engine.training.control.monotonic", lambda: now[0])
    control = Control()
    control.set_pace(5)
    stepped = control.stepped

    def rested(seconds: float | None = None) -> None:
        now[0] += seconds or 0.0

    def noted(epoch_ended: bool) -> None:
        taken.append(now[0])
        now[0] += 0.05  # what a step takes is no reason to be late with the next
        stepped(epoch_ended)

    control.wait, control.stepped = rested, noted  # type: ignore[method-assign]
    slow = run(experiment_of(MLP), control=control)
    assert np.diff(taken)[1:] == pytest.approx([0.2] * 18)
    assert_same(run(experiment_of(MLP)), slow)


def test_that_questions_are_answered_in_the_training_thread_while_training_and_while_paused() -> None:
    control = Control()
    control.advance(3)
    answers: list[Future[Any]] = [control.ask(threading.get_ident)]

    def heard(event: Event, control: Control) -> None:
        if paused(event):
            answers.append(control.ask(lambda: 6 * 7))
            answers.append(control.ask(lambda: 1 // 0))
            answers[-1].add_done_callback(lambda _: control.resume())

    run(experiment_of(MLP), control=control, heard=heard)
    assert answers[0].result() == threading.get_ident()
    assert answers[1].result() == 42
    with pytest.raises(ZeroDivisionError):
        answers[2].result()


def test_that_questions_after_the_end_are_cancelled() -> None:
    control = Control()
    run(experiment_of(MLP), control=control)
    with pytest.raises(CancelledError):
        control.ask(lambda: 1).result()


def test_that_a_loop_that_is_given_up_cancels_what_was_asked() -> None:
    from engine.training.loop import train
    from tests.engine.training.support import assembled

    control = Control()
    control.pause()
    events = train(assembled(LONG), None, control, lambda checkpoint: None, {})
    next(events)
    asked = control.ask(lambda: 1)
    events.close()
    assert asked.cancelled()
