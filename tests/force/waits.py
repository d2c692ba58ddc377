"""What a person waits for while steering: from a press of Pause, and from a moved slider to that moment."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.command_line.experiments import load
from engine.events import RunEnded, StateChanged
from engine.serving import protocol as p
from tests.force.tries import Talk, Try

RUNS = ("digits_cnn", "film_sentences_transformer")
_EPOCHS = 3
"""Enough for checkpoints with steps between them."""
_SENTENCES = "a film that nobody will forget\nnot worth the evening\n"


def _begun(talk: Talk, home: Path, name: str, *changes: str) -> str:
    """Begin a run of a preset and return its folder."""
    values = load(name, ["training.device=cpu", *changes]).model_dump(mode="json", exclude_none=True)
    talk.wait(lambda message: isinstance(message, p.Ready))
    talk.say(p.Request(1, p.Train(values, str(home / "runs" / name))))
    return str(talk.wait(lambda message: isinstance(message, p.Answer)).value)


def _state(talk: Talk, state: str) -> int:
    """Wait until a run says that it is paused, or goes on; return the step."""

    def fits(message: object) -> bool:
        return (
            isinstance(message, p.RunEvent)
            and isinstance(message.event, StateChanged)
            and message.event.state == state
        )

    return int(talk.wait(fits).event.step)


def pauses(home: Path, count: int) -> str:
    """Press Pause at random moments of a run, the model loaded; tell how long until it holds, and a step."""
    return "; ".join(f"{name}: {_pauses_of(home, name, count)}" for name in RUNS)


def _pauses_of(home: Path, name: str, count: int) -> str:
    chance, waited, steps = random.Random(3), [], []
    with Talk(home) as talk:
        _begun(talk, home, name, "training.epochs=100000", "stopping=[]")
        time.sleep(1)  # past its first step
        since = time.perf_counter()
        step = None
        for _ in range(count):
            time.sleep(0.05 + chance.random() * 0.4)
            began = time.perf_counter()
            talk.say(p.Pause())
            now = _state(talk, "paused")
            waited.append(time.perf_counter() - began)
            if step is not None:
                steps.append((time.perf_counter() - since) / max(now - step, 1))
            talk.say(p.Continue())
            step = _state(talk, "running")
            since = time.perf_counter()
        talk.say(p.Stop())
        talk.wait(lambda message: isinstance(message, p.RunEvent) and isinstance(message.event, RunEnded))
        assert talk.end() == 0
    return f"{_told(waited)} until it holds, of {count} (a step takes about {_ms(statistics.median(steps))})"


def moments(home: Path, count: int) -> str:
    """Ask for predictions of a finished run at random steps of it; tell how long until they are there."""
    return "; ".join(f"{name}: {_moments_of(home, name, count)}" for name in RUNS)


def _moments_of(home: Path, name: str, count: int) -> str:
    chance, waited = random.Random(4), []
    (texts := home / "new.txt").write_text(_SENTENCES)
    with Talk(home) as talk:
        folder = _begun(talk, home, name, f"training.epochs={_EPOCHS}", "stopping=[]")
        ended = talk.wait(
            lambda message: isinstance(message, p.RunEvent) and isinstance(message.event, RunEnded), 1800
        )
        ask = p.Predict(folder, pixels=np.zeros((1, 8, 8), np.uint8))
        if name != "digits_cnn":
            ask = p.Predict(folder, path=str(texts))
        for number in range(count):
            step = chance.randint(0, ended.event.step)
            began = time.perf_counter()
            talk.say(p.Request(10 + number, replace(ask, step=step)))
            answer = talk.wait(
                lambda message, number=number: (
                    isinstance(message, p.Answer | p.Refused) and message.number == 10 + number
                )
            )
            assert isinstance(answer, p.Answer), answer
            waited.append(time.perf_counter() - began)
        assert talk.end() == 0
    return f"{_told(waited)} to a moment among {ended.event.step:,} steps, of {count}"


def _told(seconds: Sequence[float]) -> str:
    return f"{_ms(statistics.median(seconds))} in the middle, {_ms(max(seconds))} at most"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms"


TRIES = (
    Try("pauses", "Pause, from the press until it holds", pauses, 3, 200),
    Try("moments", "A moment, from the slider to predictions", moments, 2, 60),
)
