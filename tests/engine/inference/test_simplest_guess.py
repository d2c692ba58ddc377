"""A labelled file that is judged has the simplest guess beside the network, and says what is of one class."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.inference.evaluation import evaluate_file
from tests.engine.inference.test_new_files import trained
from tests.engine.inference.test_wording import trained as run_of_words

HEADER = "a,y\n"


def rows(classes: list[str]) -> str:
    """Return the content of a file, a row for each class."""
    return HEADER + "".join(f"{place % 7},{name}\n" for place, name in enumerate(classes))


@pytest.mark.parametrize(("share", "told"), [(0.95, True), (0.5, False)])
def test_that_the_commonest_class_of_training_is_judged_on_the_new_file(
    share: float, told: bool, tmp_path: Path
) -> None:
    # "no" is the commonest in training; the new file is of "yes" mostly
    (tmp_path / "train.csv").write_text(rows(["no", "no", "yes"] * 40), "utf-8")
    run = trained(tmp_path, {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"})
    count = round(100 * share)
    (tmp_path / "new.csv").write_text(rows(["yes"] * count + ["no"] * (100 - count)), "utf-8")
    found = evaluate_file(run, tmp_path / "new.csv")
    assert found.baselines["majority"]["accuracy"] == pytest.approx(1 - share)
    notes = [note for note in found.notes if "who always says so" in note]
    assert notes == (["95 of 100 examples are 'yes': who always says so is right in 95.0%"] if told else [])


def test_that_the_mean_of_training_is_judged_on_the_new_file(tmp_path: Path) -> None:
    values = [str(n % 11 + 0.5) for n in range(120)]
    (tmp_path / "train.csv").write_text(rows(values), "utf-8")
    data = {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"}
    run = trained(tmp_path, data, task={"kind": "regression"}, loss={"kind": "mean_squared"})
    new = [float(n) for n in range(20, 50)]
    (tmp_path / "new.csv").write_text(rows([str(n) for n in new]), "utf-8")
    found = evaluate_file(run, tmp_path / "new.csv")
    # of the training part alone, which differs a little from all rows
    mean = np.mean([float(value) for value in values])
    error = np.mean([abs(n - mean) for n in new])
    assert found.baselines["mean"]["mean_absolute_error"] == pytest.approx(error, abs=0.5)


def test_that_a_run_that_has_not_ended_has_no_counts_to_guess_by(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(rows(["no", "no", "yes"] * 40), "utf-8")
    run = trained(tmp_path, {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"})
    run.metrics.unlink()
    (tmp_path / "train.csv").rename(tmp_path / "new.csv")
    assert evaluate_file(run, tmp_path / "new.csv").baselines == {}


def test_that_the_models_beside_a_run_stand_beside_a_new_file_fitted_on_the_training_part(
    tmp_path: Path,
) -> None:
    # what a line through training says of the new file, whose answers lie on another one, 3 higher
    (tmp_path / "train.csv").write_text(HEADER + "".join(f"{n},{2 * n}\n" for n in range(120)), "utf-8")
    data = {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"}
    run = trained(tmp_path, data, task={"kind": "regression"}, loss={"kind": "mean_squared"})
    (tmp_path / "new.csv").write_text(HEADER + "".join(f"{n},{2 * n + 3}\n" for n in range(5, 90)), "utf-8")
    found = evaluate_file(run, tmp_path / "new.csv")
    assert set(found.baselines) == set(run.read_json(run.metrics)["test"]["baselines"]) > {"mean"}
    assert found.baselines["ridge"]["mean_absolute_error"] == pytest.approx(3, abs=0.5)
    # where the data of the training is gone or another one, it is said why the simplest guess is alone
    other = rows([f"{n % 7}.5" for n in range(90)])
    for content, why in ((other, "It has changed since."), (None, "train.csv any more.")):
        (tmp_path / "train.csv").unlink()
        if content is not None:
            (tmp_path / "train.csv").write_text(content, "utf-8")
        alone = evaluate_file(run, tmp_path / "new.csv")
        assert set(alone.baselines) == {"mean"}
        (note,) = [one for one in alone.notes if "Only the simplest guess" in one]
        assert why in note


@pytest.mark.parametrize("kind", ["reviews", "tagged", "pairs", "timeline"])
def test_that_models_of_words_and_times_read_the_new_file_and_learn_from_the_old(
    kind: str, tmp_path: Path
) -> None:
    tasks = {"reviews": ("classification", "embedding_bag"), "tagged": ("tagging", "rnn"),
             "pairs": ("translation", "transformer"), "timeline": ("forecasting", "lstm")}  # fmt: skip
    run = run_of_words(tmp_path, kind, *tasks[kind])
    own = run.read_experiment().data
    new = Path(str(own.path))  # type: ignore[attr-defined]
    beside = tmp_path / "new" / new.name
    beside.parent.mkdir()
    shutil.copy(new, beside)
    found = evaluate_file(run, beside)
    assert set(found.baselines) == set(run.read_json(run.metrics)["test"]["baselines"])


@pytest.mark.parametrize(("training", "new"), [(0.95, 0.5), (0.95, 0.95), (0.5, 0.95), (0.5, 0.5)])
def test_that_a_new_file_of_unequal_classes_is_judged_by_what_counts_each_alike(
    training: float, new: float, tmp_path: Path
) -> None:
    """Unequal are they in training or in the file; the scores are those of the run's own parts."""

    def mixed(share: float) -> str:
        return rows(["no" if place % 100 < 100 * share else "yes" for place in range(200)])

    (tmp_path / "train.csv").write_text(mixed(training), "utf-8")
    run = trained(tmp_path, {"kind": "table", "path": str(tmp_path / "train.csv"), "target": "y"})
    (tmp_path / "new.csv").write_text(mixed(new), "utf-8")
    found = evaluate_file(run, tmp_path / "new.csv")
    assert found.unequal is (max(training, new) > 0.9)
    own = run.read_json(run.metrics)["test"]["metrics"]
    assert set(found.metrics) == set(own)
    assert ("rarest_recall" in found.metrics) is (training > 0.9)
