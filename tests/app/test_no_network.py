"""Nothing leaves this machine: a training from the first paint to the end opens no socket to a network."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.app.surroundings import DRIVE, TRAIN, said, started, surroundings

WATCH = """
import os, sys

def watch(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        told(event, arguments)
    elif event == "socket.__new__" and int(arguments[1]) != 1:  # all but those within the machine (AF_UNIX)
        told(event, arguments)

def told(event, arguments):
    with open(os.path.join({folder!r}, "opened"), "a") as file:
        file.write(f"{{event}} {{arguments[1:]}} in {{sys.argv}}\\n")

sys.addaudithook(watch)
with open(os.path.join({folder!r}, f"watched {{os.getpid()}}"), "w") as file:
    file.write(" ".join(sys.orig_argv))
"""


def test_that_neither_window_nor_engine_opens_a_socket_through_python(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCH.format(folder=str(tmp_path)), "utf-8")
    said_by = said(started(DRIVE + TRAIN, surroundings(tmp_path, PYTHONPATH=str(tmp_path))))
    assert "ended finished" in said_by
    watched = " ".join(path.read_text("utf-8") for path in tmp_path.glob("watched *"))
    assert "engine serve" in watched
    assert "engine inspect" in watched
    assert not (tmp_path / "opened").exists(), (tmp_path / "opened").read_text("utf-8")


def test_that_the_system_sees_no_socket_to_a_network(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None or subprocess.run([strace, "-qq", "true"], check=False, capture_output=True).returncode:
        pytest.skip("strace is not there, or may not watch here")
    log = tmp_path / "calls"
    prefix = (strace, "-f", "-qq", "--seccomp-bpf", "-e", "trace=socket,execve", "-o", str(log))
    assert "ended finished" in said(started(DRIVE + TRAIN, surroundings(tmp_path), *prefix))
    calls = log.read_text("utf-8", "replace")
    assert '"engine", "serve"' in calls
    assert re.findall(r"socket\(AF_INET.*", calls) == []
