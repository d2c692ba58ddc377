"""Talking to the person at the terminal, and running other programs on their behalf."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

LAST_LINES = 30


class SetupError(Exception):
    """Something that the person has to mend; the text says what and how."""


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def timed(text: str) -> Iterator[None]:
    """Say what begins (and roughly how long it takes), and at its end how long it took."""
    say(f"==> {text} ...")
    start = time.monotonic()
    yield
    say(f"    done in {time.monotonic() - start:.0f} s")


def command_line(command: Sequence[str | os.PathLike[str]]) -> str:
    """The command as a person would type it."""
    words = [os.fspath(word) for word in command]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def run_program(
    command: Sequence[str | os.PathLike[str]], *, cwd: Path, env: Mapping[str, str] | None = None
) -> None:
    """Run a program to its end: its output is seen live on a terminal, and otherwise only when it fails."""
    if sys.stdout.isatty():
        finished = subprocess.run(command, cwd=cwd, env=env, check=False, text=True)
    else:
        finished = subprocess.run(
            command,
            cwd=cwd,
            env=env,
            check=False,
            text=True,
            # programs print in whatever encoding they like
            errors="replace",
            # nobody is there to answer, and a question would wait for ever
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    if finished.returncode != 0:
        lines = (finished.stdout or "").splitlines()[-LAST_LINES:]
        shown = "".join(f"    | {line}\n" for line in lines)
        raise SetupError(
            f"{shown}This command ended with code {finished.returncode}:\n    {command_line(command)}"
        )


def answer_of(command: Sequence[str | os.PathLike[str]], *, seconds: float = 30) -> str | None:
    """What a program prints, or None where it is missing, fails or does not answer in time."""
    try:
        finished = subprocess.run(
            command, check=False, capture_output=True, text=True, errors="replace", timeout=seconds
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return finished.stdout if finished.returncode == 0 else None
