"""Several labels of an example are learnt, scored, told and carried to new files; a plain script agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image
from sklearn.metrics import precision_recall_fscore_support

from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_file, evaluate_run
from engine.inference.prediction import GivenInputs, predict_run
from engine.inference.results import table_of
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.kept import read_weights
from engine.runs.preparation import prepare_experiment
from engine.training.control import Control

NAMES = ("action", "comedy", "drama")


def rule(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which labels apply: not one of several, but each by itself."""
    one, two, three = numbers.T
    return np.stack([one > 0, two + one > 0.2, three < -0.3], axis=1)


def written(path: Path, count: int = 400, seed: int = 0, mark: str = ";") -> Path:
    numbers = np.random.default_rng(seed).normal(size=(count, 3))
    cells = [
        mark.join(name for name, on in zip(NAMES, row, strict=True) if on) or "[]" for row in rule(numbers)
    ]
    pd.DataFrame({**dict(zip("abc", numbers.T, strict=True)), "genre": cells}).to_csv(path, index=False)
    return path


def trained(folder: Path, **changes: Any) -> RunFolder:
    chosen = {
        "data": {"kind": "table", "path": str(written(folder / "films.csv")), "target": "genre"},
        "task": {"kind": "multi_label"},
        "architecture": {"kind": "mlp", "hidden": [16]},
        "optimizer": {"kind": "adam", "learning_rate": 0.02},
        "training": {"epochs": 40, "device": "cpu"},
    }
    run = create(folder / "runs", Experiment.model_validate({**chosen, **changes}))
    execute(run, Control(), lambda _: None)
    return run


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, Path]:
    folder = tmp_path_factory.mktemp("films")
    return trained(folder), folder


def test_that_a_known_rule_is_learnt_and_stands_beside_models_without_a_network(
    films: tuple[RunFolder, Path],
) -> None:
    found = evaluate_run(films[0], "test")
    assert found.metrics["micro_f1"] > 0.9
    assert found.metrics["macro_f1"] > 0.9
    assert found.metrics["hamming_loss"] < 0.1
    assert set(found.baselines) == {"usual_labels", "logistic"}
    assert found.metrics["micro_f1"] > found.baselines["usual_labels"]["micro_f1"]
    assert found.baselines["logistic"]["micro_f1"] > 0.9


def test_that_a_plain_script_with_the_same_weights_gives_the_same_loss_and_probabilities(
    films: tuple[RunFolder, Path],
) -> None:
    run, folder = films
    weights = {name: tensor.double() for name, tensor in read_weights(run).items()}
    test = prepare_experiment(run.read_experiment()).test
    hidden = torch.relu(
        torch.from_numpy(test.inputs).double() @ weights["hidden_1.linear.weight"].T
        + weights["hidden_1.linear.bias"]
    )
    outputs = hidden @ weights["output.weight"].T + weights["output.bias"]
    loss = torch.nn.BCEWithLogitsLoss()(outputs, torch.from_numpy(test.targets).double())
    assert evaluate_run(run, "test").loss == pytest.approx(loss.item(), rel=1e-5)
    told = predict_run(run, GivenInputs(path=folder / "films.csv"))
    np.testing.assert_allclose(told.values[test.rows], outputs.sigmoid().numpy(), rtol=1e-4, atol=1e-6)


def test_that_a_new_file_is_told_label_by_label_and_scored(films: tuple[RunFolder, Path]) -> None:
    run, folder = films
    new = written(folder / "new.csv", 120, seed=1)
    told = predict_run(run, GivenInputs(path=new))
    assert told.kind == "labels"
    assert told.names == NAMES
    header, *rows = table_of(told)
    assert header[4:] == ["prediction", *(f"probability of {name}" for name in NAMES)]
    for row, values in zip(rows, told.values, strict=True):
        assert row[4] == "; ".join(name for name, value in zip(NAMES, values, strict=True) if value >= 0.5)
    found = evaluate_file(run, new)
    truth = rule(pd.read_csv(new)[["a", "b", "c"]].to_numpy())
    wanted = precision_recall_fscore_support(truth, told.values >= 0.5)
    for place, name in enumerate(NAMES):
        scores = list(found.targets[name].values())
        np.testing.assert_allclose(scores, [column[place] for column in wanted], rtol=1e-12)
    assert found.metrics["subset_accuracy"] == pytest.approx((truth == (told.values >= 0.5)).all(1).mean())


def test_that_labels_that_training_did_not_know_are_told(films: tuple[RunFolder, Path]) -> None:
    run, folder = films
    new = written(folder / "other.csv", 60, seed=2)
    new.write_text(new.read_text().replace("action", "action;western"))
    assert "labels that training did not know are not scored: western" in evaluate_file(run, new).notes


def test_that_texts_with_several_labels_are_learnt(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    marks = rng.random((240, 2)) < 0.5
    texts = [" ".join(["word", *["good"] * bool(a), *["long"] * bool(b)]) for a, b in marks]
    labels = ["|".join(["calm"] * bool(a) + ["slow"] * bool(b)) or "[]" for a, b in marks]
    pd.DataFrame({"text": texts, "labels": labels}).to_csv(tmp_path / "t.csv", index=False)
    data = {"kind": "text_table", "path": str(tmp_path / "t.csv"), "label": "labels"}
    run = trained(
        tmp_path, data=data, architecture={"kind": "embedding_bag"}, preprocessing={"tokenizer": "words"}
    )
    found = evaluate_run(run, "test")
    assert found.metrics["micro_f1"] > 0.95
    assert set(found.baselines) == {"usual_labels", "tf_idf"}
    told = predict_run(run, GivenInputs(rows=[{"text": "word good long"}, {"text": "word good"}]))
    assert told.texts == ("calm; slow", "calm")


def test_that_listed_pictures_with_several_labels_are_learnt(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    marks = rng.random((160, 2)) < 0.5
    lines = ["file,label"]
    for row, (left, right) in enumerate(marks):
        pixels = rng.integers(0, 60, (8, 8), dtype=np.uint8)
        pixels[:, :4] += np.uint8(150 * left)
        pixels[:, 4:] += np.uint8(150 * right)
        Image.fromarray(pixels).save(tmp_path / f"{row}.png")
        cell = [name for name, on in (("left", left), ("right", right)) if on]
        lines.append(f'{row}.png,"{cell}"')
    (tmp_path / "list.csv").write_text("\n".join(lines))
    data = {"kind": "images", "path": str(tmp_path / "list.csv"), "label": "label"}
    run = trained(tmp_path, data=data)
    assert evaluate_run(run, "test").metrics["micro_f1"] > 0.95
