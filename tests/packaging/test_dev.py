"""The command line of packaging/dev.py, started as a person starts it."""

from __future__ import annotations

import os
import subprocess
import sys

import dev
import pytest
from setup_environment import ROOT

from tests.patience import PATIENCE


def call(*arguments: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, str(ROOT / "packaging" / "dev.py"), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("given", "ours", "passed_on"),
    [
        (["run"], ["run"], []),
        (["run", "--torch", "x"], ["run"], ["--torch", "x"]),
        (["--torch", "cpu", "test", "-k", "run"], ["--torch", "cpu", "test"], ["-k", "run"]),
        (["setup", "--torch", "cuda"], ["setup", "--torch", "cuda"], []),
        (["bench", "--json"], ["bench"], ["--json"]),
        (["--torch", "cuda", "package", "--keep-bundle"], ["--torch", "cuda", "package"], ["--keep-bundle"]),
        (["nonsense"], ["nonsense"], []),
        ([], [], []),
    ],
)
def test_that_arguments_after_the_command_are_passed_on(given, ours, passed_on):
    assert dev.split_arguments(given) == (ours, passed_on)


def test_that_help_lists_every_command_and_needs_no_installed_package():
    finished = call("--help", options=("-S",))  # -S: the standard library alone
    assert finished.returncode == 0, finished.stderr
    assert all(f"\n{command} " in finished.stdout for command in [*dev.COMMANDS, "package"])


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["--torch", "tpu", "setup"]])
def test_that_wrong_arguments_end_with_2_and_say_how(arguments):
    finished = call(*arguments)
    assert finished.returncode == 2
    assert "dev.py [--torch CHOICE]" in finished.stderr


def test_that_package_explains_its_options_without_setting_anything_up():
    finished = call("package", "--help", options=("-S",))
    assert finished.returncode == 0, finished.stderr
    assert "--bundle-only" in finished.stdout


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_that_continuous_integration_tests_then_builds_and_stops_at_a_failure():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text("utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert [line for line in lines if line.startswith("python3")] == [
        "python3 packaging/dev.py test",
        "python3 packaging/dev.py package --bundle-only --where-possible",
    ]
