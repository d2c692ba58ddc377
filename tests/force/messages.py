"""What a window may do to the engine: nonsense on its stdin, floods, and silence."""

from __future__ import annotations

import json
import random
import struct
import time
from pathlib import Path
from typing import Any

import psutil

from engine.command_line.experiments import load
from engine.events import ENDED, RunEnded
from engine.serving import protocol as p
from engine.serving.frames import encode
from tests.force.tries import Talk, Try, emptied, wait_until


def _values(name: str, *changes: str) -> dict[str, Any]:
    return load(name, ["training.device=cpu", *changes]).model_dump(mode="json", exclude_none=True)


def _nonsense(chance: random.Random) -> bytes:
    """Return bytes that are no conversation: random ones, half a frame, giant lengths, changed frames."""
    sound = encode(p.Request(1, p.Sketch({"data": {"kind": "spirals"}})))
    changed = bytearray(sound)
    for _ in range(chance.randrange(1, 6)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return chance.choice(
        [
            chance.randbytes(chance.randrange(1, 5000)),
            sound[: chance.randrange(1, len(sound))],
            struct.pack("<I", chance.choice([2**31, 2**32 - 1, 256 << 20])) + chance.randbytes(100),
            struct.pack("<I", 20) + b"\xdd\xff\xff\xff\xff" + chance.randbytes(15),  # a list of 4 billion
            struct.pack("<I", 4000) + b"\x91" * 4000,
            bytes(changed),
        ]
    )


def nonsense(home: Path, count: int) -> str:
    """Say nonsense and close; each process ends with 0, in time, and needs no memory for it."""
    chance = random.Random(5)
    slowest = 0.0
    for number in range(count):
        with Talk(home, "serve" if number % 10 == 0 else "inspect") as talk:
            began = time.monotonic()
            talk.write(_nonsense(chance))
            assert talk.end() == 0
            slowest = max(slowest, time.monotonic() - began)
    return f"{count} times nonsense: every process ended with 0, the slowest in {slowest:.1f} s"


def flood(home: Path, count: int) -> str:
    """Say very many commands at once during a run: it goes on, answers, and stops when it is told."""
    with Talk(home) as talk:
        talk.wait(lambda message: isinstance(message, p.Ready))
        talk.say(p.Request(1, p.Train(_values("spirals", "training.epochs=100000"), str(home / "runs"))))
        talk.wait(lambda message: isinstance(message, p.Answer))
        many = [encode(p.Pause()), encode(p.Continue()), encode(p.Watch(({"kind": "layers"},))),
                encode(p.Cancel(7)), encode(p.Advance(1, epoch=False)), encode(p.Continue())]  # fmt: skip
        began = time.monotonic()
        for _ in range(count // len(many)):
            talk.write(b"".join(many))
        for number in range(50):
            talk.say(p.Request(100 + number, p.Sketch(_values("spirals"))))
        talk.say(p.Continue(), p.Stop())
        talk.wait(_is_end)
        seconds = time.monotonic() - began
        held = _held(talk)
        assert talk.end() == 0
    return f"{count:,} commands and 50 questions in {seconds:.0f} s, {held / 1e6:.0f} MB held"


def _is_end(message: object) -> bool:
    return isinstance(message, p.RunEvent) and isinstance(message.event, RunEnded)


def _held(talk: Talk) -> int:
    """Return the bytes that the engine holds in memory."""
    return int(psutil.Process(talk.process.pid).memory_info().rss)


def unread(home: Path, seconds: int) -> str:
    """Read nothing for so long while a run says much: it goes on; then it is told what was missed."""
    runs = emptied(home / "runs")
    with Talk(home, deaf=True) as talk:
        probes = ({"kind": "decision_surface"}, {"kind": "layers"})
        talk.say(
            p.Watch(probes), p.Request(1, p.Train(_values("moons", "training.epochs=1000000"), str(runs)))
        )
        wait_until(lambda: list(runs.glob("[!.]*/status.json")), 120)
        (status,) = runs.glob("[!.]*/status.json")
        wait_until(lambda: json.loads(status.read_bytes())["step"] > 0, 60)
        first, before = json.loads(status.read_bytes())["step"], _held(talk)
        time.sleep(seconds)
        grown = (_held(talk) - before) / 1e6
        step = json.loads(status.read_bytes())["step"]
        assert step > first
        talk.listen()
        talk.wait(lambda message: isinstance(message, p.Missed))
        talk.say(p.Stop())
        end = talk.wait(_is_end)
        assert end.event.state in ENDED
        assert talk.end() == 0
    assert grown < 200, f"{grown:.0f} MB more"
    return f"unread for {seconds} s: {step - first:,} steps, {grown:.0f} MB more, what was missed is told"


TRIES = (
    Try("nonsense", "Nonsense on the engine's stdin", nonsense, 6, 200),
    Try("flood", "A flood of commands during a run", flood, 2_000, 100_000),
    Try("unread", "A window that does not read (seconds)", unread, 2, 60),
)
