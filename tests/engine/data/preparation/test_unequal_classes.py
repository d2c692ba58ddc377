"""Where nearly all examples are of one class it is said, with the simplest guess and the cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.command_line.experiments import changed
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment
from engine.experiment_file import plain
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
