"""Temporary folders: those of killed processes are cleared away, all others stay."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from engine.runs.temporary import remove_abandoned, temporary_folder

KILLED = """
import os, signal
from engine.runs.temporary import temporary_folder
folder = temporary_folder()
print(folder.name, flush=True)
os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""


def test_that_folders_of_killed_processes_go_and_all_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], env={**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)},
        capture_output=True, text=True,
    )  # fmt: skip
    abandoned = Path(killed.stdout.strip())
    assert abandoned.parent == tmp_path
    assert abandoned.is_dir()
    others = [tmp_path / name for name in ("ravine-force-1", "ravine-history-x", "own", "ravine-1-x")]
    for other in others:
        other.mkdir()
    with temporary_folder() as own:
        remove_abandoned()
        assert {*tmp_path.iterdir()} == {Path(own), *others}
