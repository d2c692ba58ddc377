"""Several at once: two windows training in one folder of runs, one run resumed by two."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from engine.events import RunEnded
from engine.runs import status
from engine.runs.folder import opened
from engine.runs.lists.listing import list_runs
from engine.serving import protocol as p
from tests.engine.runs.real_runs import results
from tests.force.killed_runs import SMALL
from tests.force.kills import _load
from tests.force.messages import _values
from tests.force.tries import Talk, Try, emptied, ended, forked, killed, wait_until


def two_windows(home: Path, count: int) -> str:
    """Let two engines begin so many runs each of the same name in one folder, listed all the while."""
    runs = emptied(home / "runs")
    listed = 0
    with Talk(home) as one, Talk(home) as other:
        for talk in (one, other):
            talk.wait(lambda message: isinstance(message, p.Ready))
        for number in range(count):
            for talk in (one, other):
                talk.say(p.Request(number, p.Train(_values("moons", "training.epochs=5"), str(runs))))
            for talk in (one, other):
                said = talk.wait(
                    lambda message: isinstance(message, p.RunEvent) and isinstance(message.event, RunEnded)
                )
                assert said.event.state == "finished", said.event.why
                entries = list_runs(runs, home / "cache")
                assert all(not entry.trouble for entry in entries)
                listed += 1
        assert one.end() == other.end() == 0
    folders = list_runs(runs, home / "cache")
    assert len(folders) == 2 * count
    assert {entry.state for entry in folders} == {"finished"}
    first = results(Path(folders[0].folder))
    assert all(results(Path(entry.folder)) == first for entry in folders[1:])
    return f"{2 * count} runs of one experiment by two engines, listed {listed} times: all whole and equal"


def twice(home: Path, count: int) -> str:
    """Resume one interrupted run by three processes at once, also where its lock is deleted."""
    _load()
    emptied(home)
    (home / "e.toml").write_text(SMALL, "utf-8")
    assert ended(forked(["train", "e.toml", "--runs", "whole"], home)) == 0
    (whole,) = (home / "whole").iterdir()
    wanted, refused = results(whole), 0
    for number in range(count):
        runs = emptied(home / "killed")
        child = forked(["train", "e.toml", "--runs", "killed"], home)
        wait_until(
            lambda runs=runs: list(runs.glob("[!.]*/checkpoints/step-*")) or list(runs.glob("[!.]*/model*"))
        )
        killed(child)
        (folder,) = (path for path in runs.iterdir() if not path.name.startswith("."))
        children = [forked(["resume", str(folder)], home) for _ in range(3)]
        if number % 2:
            with suppress(AssertionError):
                wait_until(lambda folder=folder: status.read(opened(folder)).state == "running", 5)
            with suppress(FileNotFoundError):
                os.unlink(folder / ".lock")
            time.sleep(0.1)
            children.append(forked(["resume", str(folder)], home))
        codes = [ended(child) for child in children]
        assert 0 in codes, (codes, (home / "errors.txt").read_text("utf-8")[-3000:])
        refused += sum(code != 0 for code in codes)
        found = results(folder)
        assert found.keys() == wanted.keys()
        wrong = [name for name in wanted if found[name] != wanted[name]]
        assert not wrong, (number, codes, wrong)
        assert status.read(opened(folder)).state == "finished"
    return f"{count} runs resumed by 3 or 4 at once: {refused} refused, every run exact"


TRIES = (
    Try("two-windows", "Two windows training in one folder of runs", two_windows, 1, 20),
    Try("resumed-twice", "One run resumed by several at once", twice, 2, 20),
)
