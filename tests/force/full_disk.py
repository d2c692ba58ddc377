"""A disk that fills up under a run, and more often than not a kill besides.

The small disk is mounted in a namespace of this process alone, which needs no right of an administrator.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from engine.runs import status
from engine.runs.folder import opened
from tests.engine.runs.real_runs import environment
from tests.force.kills import Killing
from tests.force.tries import Try, ended, killed

_NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
_ROOM = 1 << 26


def full_disk(home: Path, count: int) -> str:
    """Train on disks too small for the run, some so small that no folder can be made, and go on with room."""
    try:
        allowed = subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        return "not tried: this system lets nobody mount a small disk"
    command = [*_NAMESPACE, sys.executable, "-m", "tests.force.full_disk", str(home), str(count)]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def _in_namespace(home: Path, count: int) -> str:
    killing = Killing(home)
    (whole,) = (killing.home / "whole").iterdir()
    needed = sum(path.stat().st_size for path in whole.rglob("*") if path.is_file())
    disk = killing.home / "killed"
    disk.mkdir()
    full = kills = 0
    for number in range(count):
        # from none to more than enough, as a history needs more while it is written
        _mount(disk, int(3 * needed * (number / count)))
        child = killing.begin_in(disk)
        if number % 3:
            time.sleep(killing.chance.random() * killing.seconds)
            kills += killed(child)
        else:
            full += ended(child) != 0
        folder = killing.check(disk)
        if folder is not None:
            how = status.read(opened(folder))
            assert how.state != "failed" or "make room" in how.why, how
        _mount(disk, _ROOM, "remount")
        killing.finish(folder)
        subprocess.run(["umount", str(disk)], check=True)
    return (
        f"{count} disks from nothing to {3 * needed / 1e6:.1f} MB: {full} runs met its end, {kills} killed "
        f"before, {killing.unmade} could not be made; 0 half, all exact, {killing.shown} shown values "
        "compared, 0 lost"
    )


def _mount(disk: Path, size: int, *options: str) -> None:
    told = ",".join((*options, f"size={max(size, os.sysconf('SC_PAGE_SIZE'))}"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", told, "tmpfs", str(disk)], check=True)


TRIES = (Try("full-disk", "A disk that fills up", full_disk, 4, 60),)

if __name__ == "__main__":
    print(_in_namespace(Path(sys.argv[1]), int(sys.argv[2])))
