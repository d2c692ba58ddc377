"""The stages of `dev.py test`: style, types, imports, benchmarks and tests, each under its own headline."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from setup_console import say

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"


@dataclass(frozen=True, kw_only=True)
class Stage:
    title: str
    arguments: tuple[str, ...]  # of .venv's Python


STAGES_BEFORE_PYTEST = (
    Stage(title="ruff check", arguments=("-m", "ruff", "check", ".")),
    Stage(title="ruff format --check", arguments=("-m", "ruff", "format", "--check", ".")),
    Stage(title="mypy", arguments=("-m", "mypy")),
    Stage(title="lint-imports", arguments=("-c", LINT_IMPORTS, "--no-logo")),
    Stage(title="packages", arguments=("packaging/check_packages.py",)),
    Stage(title="bench --quick", arguments=("-m", "tests.benchmarks", "--quick")),
)


def stages(pytest_arguments: Sequence[str]) -> tuple[Stage, ...]:
    """All stages; with arguments for pytest, pytest alone."""
    workers = () if chooses_workers(pytest_arguments) else ("-n", "2")
    pytest = Stage(title="pytest", arguments=("-m", "pytest", *workers, *pytest_arguments))
    return (pytest,) if pytest_arguments else (*STAGES_BEFORE_PYTEST, pytest)


def chooses_workers(pytest_arguments: Sequence[str]) -> bool:
    """Whether the person chose the number of processes, or the debugger, which needs a single one."""
    return any(
        argument in ("--numprocesses", "--pdb", "--trace")
        or argument.startswith("--numprocesses=")
        or (argument.startswith("-n") and not argument.startswith("--"))
        for argument in pytest_arguments
    )


def checking_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """No screen, and one thread a process: two test processes on two cores would fight otherwise."""
    # last: what a person has set for this call wins
    return {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1", **environment}


def run_checks(python: Path, pytest_arguments: Sequence[str]) -> int:
    """What `dev.py test` does once everything is installed."""
    if pytest_arguments:
        say("Arguments for pytest were given, so only pytest runs; without any, all checks run.")
    return run_stages(python, stages(pytest_arguments))


def run_stages(python: Path, chosen: Sequence[Stage]) -> int:
    """Run the stages in order, all of them also after a failure; 0, or 1 where any failed."""
    environment = checking_environment(os.environ)
    failed = [stage.title for stage in chosen if not _passes(python, stage, environment)]
    say(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def _passes(python: Path, stage: Stage, environment: Mapping[str, str]) -> bool:
    say(f"\n==> {stage.title}")
    start = time.monotonic()
    code = subprocess.run([python, *stage.arguments], cwd=ROOT, env=environment, check=False).returncode
    outcome = "passed" if code == 0 else f"failed (code {code})"
    say(f"    {stage.title}: {outcome}, {time.monotonic() - start:.0f} s")
    return code == 0
