"""`dev.py test`: every stage runs and counts; arguments go to pytest alone."""

from __future__ import annotations

import sys
from pathlib import Path

import checks
import pytest
from checks import Stage

PYTHON = Path(sys.executable)


def test_that_all_stages_run_in_order_and_pytest_last_on_two_processes():
    titles = [stage.title for stage in checks.stages([])]
    before = ["ruff check", "ruff format --check", "mypy", "lint-imports", "packages", "bench --quick"]
    assert titles == [*before, "pytest"]
    assert checks.stages([])[-1].arguments == ("-m", "pytest", "-n", "2")


def test_that_arguments_reach_pytest_and_leave_the_other_stages_out():
    (only,) = checks.stages(["tests/engine", "-k", "adam"])
    assert only.arguments == ("-m", "pytest", "-n", "2", "tests/engine", "-k", "adam")


@pytest.mark.parametrize(
    "arguments", [["-n", "4"], ["-n0"], ["--numprocesses=3"], ["--pdb"], ["-x", "-n", "0"]]
)
def test_that_a_chosen_number_of_processes_is_kept(arguments):
    (only,) = checks.stages(arguments)
    assert only.arguments == ("-m", "pytest", *arguments)


@pytest.mark.parametrize("arguments", [["--no-header"], ["-k", "name"], ["tests"]])
def test_that_other_arguments_do_not_count_as_a_number_of_processes(arguments):
    assert not checks.chooses_workers(arguments)


def test_that_the_environment_needs_no_screen_and_gives_way_to_the_persons_own():
    assert checks.checking_environment({"A": "b"}) == {
        "A": "b",
        "QT_QPA_PLATFORM": "offscreen",
        "OMP_NUM_THREADS": "1",
    }
    assert checks.checking_environment({"QT_QPA_PLATFORM": "xcb"})["QT_QPA_PLATFORM"] == "xcb"


def test_that_a_failed_stage_does_not_stop_the_next_and_all_failures_are_named_at_the_end(capfd):
    chosen = [
        Stage(title="first", arguments=("-c", "raise SystemExit(3)")),
        Stage(title="second", arguments=("-c", "print('second ran')")),
        Stage(title="third", arguments=("-c", "raise SystemExit(1)")),
    ]
    assert checks.run_stages(PYTHON, chosen) == 1
    output = capfd.readouterr().out
    assert "first: failed (code 3)" in output
    assert "second ran" in output
    assert "second: passed" in output
    assert output.splitlines()[-1] == "FAILED: first, third"


def test_that_passing_stages_give_zero(capfd):
    assert checks.run_stages(PYTHON, [Stage(title="one", arguments=("-c", "pass"))]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "All checks passed."
