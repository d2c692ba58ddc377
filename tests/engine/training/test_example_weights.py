"""Weights of examples from a column: what a step lowers, what scores leave alone, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from engine.choices import Invalid
from engine.data.prepared import Prepared
from engine.learning.losses.classes import CrossEntropy
from engine.runs.preparation import prepare_experiment
from engine.training.assemble import Assembly
from engine.training.learner import Learner
from engine.training.loop import take_step
from tests.engine.runs.real_runs import engine, results
from tests.engine.training.support import assembled, experiment_of


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(4)
    lines = ["x,y,counts,kind"]
    for _ in range(60):
        x, y = rng.normal(size=2)
        lines.append(f"{x:.4f},{y:.4f},{rng.integers(0, 4)},{'a' if x + y + rng.normal() > 0 else 'b'}")
    path = tmp_path_factory.mktemp("weights") / "survey.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def weighted(table: Path, weight: str = "counts", **changes: Any) -> tuple[Assembly, Prepared]:
    """Return a linear model of the table and its data."""
    values = {
        "data": {"kind": "table", "path": str(table), "target": "kind"},
        "split": {"weight": weight},
        "architecture": {"kind": "linear"},
        "optimizer": {"kind": "gradient_descent", "learning_rate": 0.1},
        "training": {"epochs": 3, "batch_size": "all", "device": "cpu"},
        **changes,
    }
    experiment = experiment_of(values)
    prepared = prepare_experiment(experiment)
    return assembled(experiment, prepared), prepared


def test_that_a_step_lowers_the_weighted_mean_and_the_column_is_no_input(table: Path) -> None:
    assembly, prepared = weighted(table)
    assert prepared.description.inputs.size == 2
    lines = table.read_text("utf-8").splitlines()[1:]
    counts = torch.tensor([float(lines[row].split(",")[2]) for row in prepared.train.rows])
    inputs, targets = torch.tensor(prepared.train.inputs), torch.tensor(prepared.train.targets)
    named = {name: value.detach().clone() for name, value in assembly.model.network.named_parameters()}
    weight, bias = (value.requires_grad_() for value in named.values())
    each = cross_entropy(inputs @ weight.T + bias, targets, reduction="none")
    ((each * counts).sum() / counts.sum()).backward()
    learner = Learner(assembly)
    take_step(learner)
    for found, before in zip(assembly.model.network.parameters(), (weight, bias), strict=True):
        assert before.grad is not None
        torch.testing.assert_close(found.detach(), before.detach() - 0.1 * before.grad, rtol=1e-4, atol=1e-6)


def test_that_a_batch_in_parts_has_the_same_weights(table: Path) -> None:
    steps = []
    for micro_batch in ("whole", 7):
        training = {"epochs": 3, "batch_size": "all", "micro_batch": micro_batch, "device": "cpu"}
        assembly, _ = weighted(table, training=training)
        take_step(Learner(assembly))
        steps.append(assembly.flat.parameters)
    torch.testing.assert_close(steps[0], steps[1])


def test_that_a_run_goes_on_exactly_and_predicts_rows_without_weights(table: Path, tmp_path: Path) -> None:
    told = ["data.target=kind", "split.weight=counts", "training.epochs=4", "training.device=cpu"]
    engine(tmp_path, "new", str(table), "-o", "e.toml", "--set", *told)
    folders = [
        engine(tmp_path, "train", "e.toml", "--set", f"training.epochs={epochs}", "--runs", f"runs{epochs}")
        .stdout.strip()
        .splitlines()[-1]
        for epochs in (4, 2)
    ]
    engine(tmp_path, "resume", folders[1], "--epochs", "4")
    whole, resumed = (results(Path(folder)) for folder in folders)
    assert whole["weights"] == resumed["weights"]
    (tmp_path / "new.csv").write_text("x,y\n3,3\n-3,-3\n", "utf-8")
    assert engine(tmp_path, "predict", folders[0], "new.csv").stdout.count("\n") >= 2


def test_that_losses_and_scores_that_are_told_have_no_weights(table: Path) -> None:
    assembly, prepared = weighted(table)
    model = assembly.model
    inputs, targets = torch.tensor(prepared.train.inputs), torch.tensor(prepared.train.targets)
    judged = model.task.judge(model.network, model.batch(inputs, targets), CrossEntropy())
    plain = cross_entropy(model.network(inputs), targets, reduction="none")
    torch.testing.assert_close(judged.losses, plain)


def test_that_the_partners_of_mixtures_have_their_own_weights(table: Path) -> None:
    assembly, _ = weighted(table, augmentations=[{"kind": "mixup"}])
    learner = Learner(assembly)
    take_step(learner)
    batch = learner.batch()
    assert batch.mixed is not None
    assert batch.weights is not None
    assert batch.mixed.weights is not None
    losses = learner.learnt[0].objective.losses(learner.model.network, batch, learner.model.loss)
    assert torch.equal(losses > 0, (batch.weights > 0) | (batch.mixed.weights > 0))
    for part, start in zip(batch.parts(7), range(0, len(losses), 7), strict=True):
        own = learner.learnt[0].objective.losses(learner.model.network, part, learner.model.loss)
        torch.testing.assert_close(own, losses[start : start + 7])


@pytest.mark.parametrize("cell", ["", "-1", "much"])
def test_that_cells_that_are_no_weights_are_refused(table: Path, cell: str, tmp_path: Path) -> None:
    head, first, *rest = table.read_text("utf-8").splitlines()
    x, y, _, kind = first.split(",")
    other = tmp_path / "other.csv"
    other.write_text("\n".join([head, f"{x},{y},{cell},{kind}", *rest]) + "\n", "utf-8")
    with pytest.raises(Invalid) as raised:
        weighted(other)
    assert [problem.path for problem in raised.value.problems] == ["split.weight"]
    assert "no such number" in str(raised.value.problems[0].message)


@pytest.mark.parametrize(("name", "words"), [("kind", "target"), ("count", "counts"), ("z", "no column")])
def test_that_other_columns_are_refused(table: Path, name: str, words: str) -> None:
    with pytest.raises(Invalid) as raised:
        weighted(table, name)
    assert words in str(raised.value.problems[0].message).casefold()


def test_that_data_without_columns_says_so() -> None:
    for data in ({"kind": "sample", "name": "digits"}, {"kind": "sample", "name": "japanese_vowels"}):
        with pytest.raises(Invalid) as raised:
            prepare_experiment(experiment_of({"data": data, "split": {"weight": "w"}}))
        assert "split.weight" in {problem.path for problem in raised.value.problems}


def test_that_tokens_that_are_their_own_targets_say_so() -> None:
    austen = {"data": {"kind": "sample", "name": "austen"}, "task": {"kind": "language_modelling"}}
    with pytest.raises(Invalid) as raised:
        prepare_experiment(experiment_of({**austen, "split": {"weight": "w"}}))
    assert "split.weight" in [problem.path for problem in raised.value.problems]


def test_that_a_column_named_like_weights_is_proposed(table: Path, tmp_path: Path) -> None:
    for name, proposed in (("sample_weight", True), ("fnlwgt", True), ("抽样权重", True), ("weight", False)):
        path = tmp_path / f"{proposed}.csv"
        path.write_text(table.read_text("utf-8").replace("counts", name), "utf-8")
        _, prepared = weighted(path, "")
        assert any("split.weight" in notice for notice in prepared.notices) == proposed, name


def test_that_other_weights_are_other_data(table: Path, tmp_path: Path) -> None:
    head, first, *rest = table.read_text("utf-8").splitlines()
    x, y, count, kind = first.split(",")
    other = tmp_path / "other.csv"
    other.write_text("\n".join([head, f"{x},{y},{int(count) + 1},{kind}", *rest]) + "\n", "utf-8")
    split = {"weight": "counts", "train": 1.0, "validation": 0.0, "test": 0.0}
    hashes = [weighted(path, split=split)[1].data_hash for path in (table, other, table)]
    assert hashes[0] == hashes[2] != hashes[1]
