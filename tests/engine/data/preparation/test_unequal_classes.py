"""Where nearly all examples are of one class it is said, with the simplest guess and the cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from engine.command_line.experiments import changed, check
from engine.data.images.sources.images import Images
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment
from engine.experiment_file import dump, plain
from engine.learning.class_weights import BalancedClassWeights


@pytest.mark.parametrize(("rare", "told"), [(2, True), (10, True), (25, False), (50, False)])
def test_that_unequal_classes_are_told_with_the_weights_that_answer_them(
    tmp_path: Path, rare: int, told: bool
) -> None:
    rows = "".join(f"{row},{'bad' if row % 100 < rare else 'good'}\n" for row in range(400))
    (tmp_path / "a.csv").write_text("x,y\n" + rows)
    experiment = Experiment(data=TableFile(path=str(tmp_path / "a.csv"), target=("y",)))
    found = experiment.recipe.inspected()
    notices = [notice for notice in found.decisions if notice.setting == "loss.class_weights"]
    assert bool(notices) == told
    if not told:
        return
    assert f"{100 - rare}% of the training examples are good" in notices[0].said
    (other,) = notices[0].others
    after = changed(plain(experiment), [f"{notices[0].setting}={other.value}"]).experiment
    assert isinstance(after.loss.class_weights, BalancedClassWeights)  # type: ignore[attr-defined]


def test_that_of_several_labels_and_numbers_nothing_is_said_of_weights(tmp_path: Path) -> None:
    rows = "".join(f"{row},{7 if row % 50 else 9}\n" for row in range(400))
    (tmp_path / "a.csv").write_text("x,y\n" + rows)
    experiment = Experiment(data=TableFile(path=str(tmp_path / "a.csv"), target=("y",)))
    numbers = experiment.recipe.__class__(
        experiment.data, experiment.split, experiment.preprocessing, "numbers", 0
    )
    assert not [one for one in numbers.inspected().decisions if one.setting == "loss.class_weights"]


def test_that_a_class_without_examples_is_told_and_no_weights_offered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Train holds good pictures alone, as where faults are looked for; what breaks stands in test."""
    for part, names in {"train": ["good"], "test": ["good", "broken"]}.items():
        for name in names:
            (tmp_path / "d" / part / name).mkdir(parents=True)
            for each in range(12):
                Image.effect_noise((8, 8), 20 + each).save(tmp_path / "d" / part / name / f"{each}.png")
    experiment = Experiment(data=Images(path=str(tmp_path / "d")))
    told = experiment.recipe.inspected().decisions
    assert not [one for one in told if one.setting == "loss.class_weights"]
    (about,) = [one for one in told if "broken" in one.said and one.doubtful]
    assert "learns to answer nothing else" in about.said
    (tmp_path / "e.toml").write_text(dump(experiment), "utf-8")
    assert check(str(tmp_path / "e.toml"), [], as_json=False) == 0
    said = capsys.readouterr().out
    assert "no problems" not in said
    assert "in doubt" in said
