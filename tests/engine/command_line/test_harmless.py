"""What stands in names never steers a terminal."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from engine.command_line.output import Harmless
from tests.engine.runs.real_runs import environment


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\tüber 中文\n", "plain\tüber 中文\n"),
        ("\x1b]0;title\x07\x1b[2J", r"\x1b]0;title\x07\x1b[2J"),
        ("a\rb", r"a\rb"),
        ("a,b\r\n", "a,b\r\n"),
        ("\r[##..]  1 %", "\r[##..]  1 %"),
        ("\r      \rwarning: \x9b31m\n", "\r      \rwarning: \\x9b31m\n"),
        ("abc\u202egnp.exe", r"abc\u202egnp.exe"),
        ("kat\udce9", r"kat\udce9"),
    ],
)
def test_that_what_a_terminal_obeys_is_shown_as_an_escape(text: str, shown: str) -> None:
    kept = io.BytesIO()
    stream = Harmless(kept, "utf-8", "backslashreplace", newline="")
    stream.write(text)
    stream.flush()
    assert kept.getvalue().decode() == shown
    stream.detach()


def test_that_escapes_in_a_file_reach_no_log(tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[31m"
    rows = "".join(f"{index},{index % 5},{'xy'[index % 2]}\n" for index in range(40))
    (tmp_path / "t.csv").write_text(f"a{evil},b,c{evil}\n{rows}", encoding="utf-8")
    (tmp_path / "e.toml").write_text(
        'format = 1\nname = "n\\u001b[2J"\n[data]\nkind = "table"\npath = "t.csv"\ntarget = ["nothing"]\n',
        "utf-8",
    )
    for command in (["check", "e.toml"], ["train", "e.toml", "--set", "training.epochs=1", "--runs", "runs"]):
        done = subprocess.run(
            [sys.executable, "-m", "engine", *command],
            env=environment(tmp_path),
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert b"\x1b" not in done.stderr
