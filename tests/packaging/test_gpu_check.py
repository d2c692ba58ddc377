"""The check of a card: a budget of time, what needs a card, and the checks themselves on a processor."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import gpu_check
import pytest
import torch
from setup_console import SetupError
from setup_environment import ROOT

from engine.training.devices import pick
from tests.card.checks import checks
from tests.card.checkup import Check, Found, as_table, carried_out


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_that_nothing_is_begun_that_would_take_longer_than_is_left() -> None:
    clock, begun = Clock(), []

    def takes(seconds: float):
        def work(left: float) -> Found:
            begun.append(left)
            clock.now += seconds
            return Found("done", {})

        return work

    every = [
        Check("a", "slow", takes(50), 40),
        Check("a", "too long", takes(50), 60),
        Check("b", "card", takes(1), 1, needs_card=True),
        Check("b", "short", takes(5), 5),
    ]
    lines = list(carried_out(every, 100, card=False, clock=clock))
    assert [line.outcome for line in lines] == ["passed", "no time", "no card", "passed"]
    assert begun == [100, 50]
    assert "1 no time" in as_table(lines)


def test_that_a_check_that_fails_is_told_and_the_next_is_tried() -> None:
    def fail(left: float) -> Found:
        raise RuntimeError("the weights differ")

    every = [Check("a", "one", fail, 1), Check("a", "two", lambda left: Found("fine", {}), 1)]
    one, two = carried_out(every, 10, card=False)
    assert (one.outcome, two.outcome) == ("failed", "passed")
    assert "the weights differ" in one.words


@pytest.mark.parametrize(
    ("part", "name"), [("exact resume", "mlp"), ("one epoch", "linear"), ("speed", "Transformer")]
)
def test_that_what_needs_no_card_is_tried_on_the_processor(part: str, name: str, tmp_path: Path) -> None:
    every = [one for one in checks(pick("cpu"), tmp_path, few=True) if (one.part, one.name) == (part, name)]
    (line,) = carried_out(every, 1000, card=False)
    assert line.outcome == "passed", line.words


def test_that_every_architecture_and_what_was_asked_for_is_among_the_checks(tmp_path: Path) -> None:
    from engine.choices import Family

    every = list(checks(pick("cpu"), tmp_path, few=False))
    assert {one.name for one in every if one.part == "one epoch"} == set(Family.every["architectures"])
    assert {one.part for one in every if one.needs_card} == {"tests", "memory"}
    assert sum(one.seconds for one in every if one.part != "one epoch") < 420


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a card")
def test_that_where_no_card_is_it_is_said_what_needs_one(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="--device cpu"):
        gpu_check.gpu_check(["--out", str(tmp_path / "a.json")])
    ended = subprocess.run(
        [sys.executable, "-m", "tests.card", "--out", str(tmp_path / "a.json")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "--device cpu" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_that_the_file_holds_what_was_found_and_what_was_not_reached(tmp_path: Path) -> None:
    out = tmp_path / "found.json"
    command = [sys.executable, "-m", "tests.card", "--device", "cpu", "--seconds", "0", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    found = json.loads(out.read_text("utf-8"))
    assert {line["outcome"] for line in found["lines"]} == {"no time", "no card"}
    assert found["versions"]["torch"] == torch.__version__


def test_that_wheels_are_for_the_engine_and_its_tests_alone(tmp_path: Path) -> None:
    wanted = gpu_check.requirements(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")))
    names = {one.partition(">")[0] for one in wanted}
    assert {"numpy", "pydantic", "pytest", "scikit-learn"} <= names
    assert not {"torch", "PySide6-Essentials", "pyqtgraph", "ruff", "pytest-qt"} & names
    with pytest.raises(SetupError, match="gpu-wheels"):
        gpu_check.gpu_check(["--device", "cpu", "--wheels", str(tmp_path)])
