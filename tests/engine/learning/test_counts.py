"""The Poisson likelihood: counts told from standardized numbers, predictions of counts, what is refused."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.data.about import About
from engine.data.description import Targets
from engine.learning.losses.counts import Poisson
from tests.engine.runs.real_runs import engine

FACTS = Targets("numbers", ("visits", "calls"), mean=(4.0, 250.0), scale=(2.5, 30.0), least=(0.0, 180.0))


def test_that_standardized_numbers_cost_what_their_counts_cost() -> None:
    rng = np.random.default_rng(5)
    z, counts = rng.normal(0, 1, (6, 2)), rng.poisson([4, 250], (6, 2))
    learnt = (counts - np.array(FACTS.mean)) / np.array(FACTS.scale)
    found = Poisson().fitted(FACTS).losses(torch.from_numpy(z), torch.from_numpy(learnt))
    rates = np.array(FACTS.mean) * np.exp(z)
    each = [
        [rate - count * math.log(rate) + math.lgamma(count + 1) for rate, count in zip(*row, strict=True)]
        for row in zip(rates, counts.tolist(), strict=True)
    ]
    np.testing.assert_allclose(found.numpy(), np.mean(each, axis=1), rtol=1e-9)


def test_that_an_output_of_0_predicts_the_mean_and_no_output_less_than_none() -> None:
    loss = Poisson().fitted(FACTS)
    mean, none = loss.read(torch.tensor([[0.0, 0.0], [-1e6, -1e6]], dtype=torch.float64), FACTS)
    in_units = torch.tensor(FACTS.mean).double(), torch.tensor(FACTS.scale).double()
    torch.testing.assert_close(mean, torch.zeros(2, dtype=torch.float64))
    torch.testing.assert_close(none * in_units[1] + in_units[0], torch.zeros(2, dtype=torch.float64))


def test_that_a_target_below_0_is_refused_with_a_way_out() -> None:
    below = Targets("numbers", ("balance",), mean=(1.0,), scale=(1.0,), least=(-3.5,))
    (problem,) = Poisson().problems(About(targets=below))
    assert "-3.5" in problem.message
    assert "mean_squared" in problem.message
    assert not Poisson().problems(About(targets=FACTS))


@pytest.mark.parametrize("scaling", ["standardize", "none"])
def test_that_it_learns_counts_from_a_table(scaling: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    hours = rng.uniform(0, 3, 400)
    calls = rng.poisson(np.exp(0.3 + hours))
    rows = "".join(f"{hour:.4f},{count}\n" for hour, count in zip(hours, calls, strict=True))
    (tmp_path / "calls.csv").write_text("hours,calls\n" + rows, "utf-8")
    told = ["--set", "data.target=calls", "task.kind=regression", "loss.kind=poisson", "training.epochs=60"]
    told += ["training.device=cpu", f"preprocessing.target_scaling={scaling}", "architecture.kind=mlp"]
    engine(tmp_path, "new", "calls.csv", "-o", "e.toml", "--set", "data.target=calls")
    done = engine(tmp_path, "train", "e.toml", *told, "--runs", "runs")
    (tmp_path / "new.csv").write_text("hours\n0.5\n2.5\n", "utf-8")
    said = engine(tmp_path, "predict", done.stdout.strip().splitlines()[-1], "new.csv").stdout
    found = [float(line.split(",")[-1]) for line in said.splitlines() if line[:1].isdigit()]
    np.testing.assert_allclose(found, [math.exp(0.8), math.exp(2.8)], rtol=0.3)
