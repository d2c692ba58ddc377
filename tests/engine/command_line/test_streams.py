"""The command line when its output is closed, full, read by nobody, or short of letters. POSIX only."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.runs.real_runs import environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shells and file numbers of POSIX")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ein Ort ü")


def shell(home: Path, line: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of sh in which ENGINE stands for the command line."""
    line = line.replace("ENGINE", f"{shlex.quote(sys.executable)} -m engine")
    surroundings = environment(home) | changes
    return subprocess.run(["sh", "-c", line], env=surroundings, cwd=home, capture_output=True, check=False)


def test_that_a_run_does_not_fail_because_nobody_reads_its_progress(home: Path) -> None:
    done = shell(home, "ENGINE train moons --runs runs --set training.epochs=2 2>&1 | true")
    assert done.returncode == 0
    (status,) = (home / "runs").glob("*/status.json")
    assert json.loads(status.read_bytes())["state"] == "finished"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ENGINE list losses >&-", 0),
        ("ENGINE list nothing 2>&-", 2),
        ("ENGINE runs <&- >&- 2>&-", 0),
        ("ENGINE inspect <&-", 0),
        ("ENGINE inspect </dev/null >&-", 0),
    ],
)
def test_that_closed_streams_change_no_exit_code(line: str, code: int, home: Path) -> None:
    done = shell(home, line)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_that_a_full_disk_under_the_output_is_told(home: Path) -> None:
    done = shell(home, "ENGINE list losses >/dev/full")
    assert (done.returncode, b"space" in done.stderr, b"Traceback" in done.stderr) == (2, True, False)


def test_that_json_is_utf8_whatever_the_terminal_is_set_to(home: Path) -> None:
    done = shell(home, "ENGINE list optimizers", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert json.loads(done.stdout.decode("utf-8"))["optimizers"]["adam"]


def test_that_names_that_are_no_text_go_out_as_they_are(home: Path) -> None:
    import os

    folder = os.fsencode(home) + b"/\xff"
    os.mkdir(folder)
    os.mkdir(folder + b"/run")
    done = subprocess.run([sys.executable, "-m", "engine", "runs", "--runs", ".", "--json"], cwd=folder,
                          env=environment(home), capture_output=True, check=True)  # fmt: skip
    assert os.fsencode(json.loads(done.stdout)[0]["folder"]) == folder + b"/run"
