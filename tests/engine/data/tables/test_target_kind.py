"""Targets of numbers: which are classes and which sizes, and that whoever says which has said enough."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import experiment_file
from engine.command_line.main import run
from engine.data.decisions import TYPES, Decision
from engine.data.inspection.records import Inspection
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment
from engine.suggestions import begun, fitted

Draw = Callable[[random.Random], str]
ROWS = 300


def _around(middle: float, spread: float, least: int = 0) -> Draw:
    return lambda one: str(max(least, round(one.gauss(middle, spread))))


def _of(words: str, *shares: float) -> Draw:
    return lambda one: one.choices(words.split(), shares or None)[0]


CLASSES: dict[str, tuple[str, Draw]] = {
    "yes and no": ("outcome", _of("0 1", 0.95, 0.05)),
    "one and two": ("column 5", _of("1 2")),
    "kinds of iris": ("column 5", _of("0 1 2")),
    "digits": ("column 65", _of("0 1 2 3 4 5 6 7 8 9")),
    "kinds of glass": ("Type of glass", _of("1 2 3 5 6 7", 70, 76, 17, 13, 9, 29)),
    "kinds of soil, nameless": ("column 37", _of("1 2 3 4 5 7", 1072, 479, 961, 415, 470, 1038)),
    "methods": ("method", _of("1 2 3", 629, 333, 511)),
    "letters": ("label", lambda one: str(one.randint(1, 26))),
    "worse, alike and better": ("sentiment", _of("-1 0 1", 1, 3, 2)),
}
SIZES: dict[str, tuple[str, Draw]] = {
    "rings of a shell, nameless": ("column 9", _around(9.5, 2.5, 3)),
    "quantities": ("数量", _of("1 2 3 4 6 12")),
    "marks of wine": ("quality", _of("3 4 5 6 7 8", 10, 53, 681, 638, 199, 18)),
    "cylinders": ("cylinders", _of("4 6 8", 11, 7, 14)),
    "middles of ranges": ("salary", _of("7500 12500 20000 35000")),
    "days": ("duration", _of("7 14 21 28 60", 5, 4, 3, 2, 1)),
    "ages": ("column 3", _around(24, 3, 18)),
    "marks of a school": ("G3", _around(11, 3.5)),
    "rooms": ("rooms", _around(5, 1.2, 1)),
    "opinions": ("satisfaction", _of("1 2 3 4 5", 1, 2, 4, 6, 3)),
    "weights": ("weight", lambda one: f"{one.randint(2, 9)} kg"),
    "halves": ("column 2", _of("1.5 2 2.5 3")),
}


def inspected(source: TableFile) -> Inspection:
    experiment: Experiment = begun(source, "t")
    found = experiment.recipe.inspected()
    assert found.guess is not None
    return fitted(experiment, "vector", (found.guess,)).recipe.inspected()


def written(name: str, draw: Draw, path: Path) -> TableFile:
    one = random.Random(7)
    lines = [f"{one.gauss(0, 1):.3f},{one.gauss(5, 2):.2f},{draw(one)}" for _ in range(ROWS)]
    path.write_text("\n".join([f"a,b,{name}", *lines]) + "\n", "utf-8")
    return TableFile(path=str(path), target=(name,))


def told(found: Inspection, name: str) -> list[Decision]:
    return [one for one in found.decisions if one.said and one.column == name and one.setting == TYPES]


@pytest.mark.parametrize("which", CLASSES)
def test_that_numbers_that_name_something_are_classes(which: str, tmp_path: Path) -> None:
    name, draw = CLASSES[which]
    assert inspected(written(name, draw, tmp_path / "t.csv")).guess == "classes"


@pytest.mark.parametrize("which", SIZES)
def test_that_numbers_that_count_or_measure_are_sizes_and_few_whole_ones_are_told(
    which: str, tmp_path: Path
) -> None:
    name, draw = SIZES[which]
    found = inspected(written(name, draw, tmp_path / "t.csv"))
    assert found.guess == "numbers"
    if which != "halves":
        assert [one.others[0].value for one in told(found, name)] == [{name: "category"}]


@pytest.mark.parametrize("which", [*CLASSES, *SIZES])
@pytest.mark.parametrize(("kind", "meant"), [("number", "numbers"), ("category", "classes")])
def test_that_whoever_gives_the_target_a_type_has_said_what_it_is_and_is_asked_no_more(
    which: str, kind: str, meant: str, tmp_path: Path
) -> None:
    name, draw = {**CLASSES, **SIZES}[which]
    source = written(name, draw, tmp_path / "t.csv")
    if meant == "classes" and which == "rings of a shell, nameless":
        return  # whose rarest counts stand in one row
    found = inspected(source.replaced(types={name: kind}))
    assert found.guess == meant
    assert not [one for one in told(found, name) if one.doubtful]


@pytest.mark.parametrize(
    ("setting", "task", "loss"),
    [
        ("task.kind=regression", "regression", "mean_squared"),
        ("data.types.method=number", "regression", "mean_squared"),
        ("task.kind=classification", "classification", "cross_entropy"),
    ],
)
def test_that_one_setting_is_enough_wherever_it_is_set(
    setting: str, task: str, loss: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, draw = CLASSES["methods"]
    source = written(name, draw, tmp_path / "t.csv")
    file = tmp_path / "a.toml"
    assert run(["new", source.path, "-o", str(file), "--set", f"data.target={name}", "--set", setting]) == 0
    made = experiment_file.read(file)
    assert (made.task.kind, made.loss.kind) == (task, loss)
    other = tmp_path / "b.toml"
    assert run(["new", source.path, "-o", str(other), "--set", f"data.target={name}"]) == 0
    assert experiment_file.read(other).task.kind == "classification"
    capsys.readouterr()
    assert run(["check", str(other), "--set", setting]) == 0
    assert ("Mean squared error" in capsys.readouterr().err) == (task == "regression")


def test_that_what_is_set_itself_does_not_follow(tmp_path: Path) -> None:
    name, draw = CLASSES["methods"]
    source = written(name, draw, tmp_path / "t.csv")
    file = tmp_path / "a.toml"
    sets = [f"data.target={name}", "task.kind=regression", "loss.kind=huber"]
    assert run(["new", source.path, "-o", str(file), *(x for one in sets for x in ("--set", one))]) == 0
    assert experiment_file.read(file).loss.kind == "huber"


def test_that_of_classes_in_doubt_the_cause_is_said_before_what_comes_of_it(tmp_path: Path) -> None:
    rows = [f"{row % 7},{row * 7919 % 100_000}" for row in range(80)]
    rows[40] = "3,BPM110Key"
    (tmp_path / "t.csv").write_text("\n".join(["a,streams", *rows]) + "\n", "utf-8")
    found = inspected(TableFile(path=str(tmp_path / "t.csv"), target=("streams",)))
    assert found.problems[0].path == "data.types"
    assert "BPM110Key" in str(found.problems[0].message)


def test_that_a_sum_is_told_with_all_of_its_parts_which_are_left_out_together(tmp_path: Path) -> None:
    one = random.Random(3)
    parts = [(one.randrange(5, 90), one.randrange(100, 900), one.random()) for _ in range(80)]
    lines = [f"{a},{b},{c:.3f},{a + b}" for a, b, c in parts]
    (tmp_path / "t.csv").write_text("\n".join(["casual,registered,wind,cnt", *lines]) + "\n", "utf-8")
    found = inspected(TableFile(path=str(tmp_path / "t.csv"), target=("cnt",)))
    (told_of,) = [one for one in found.decisions if "casual + registered" in one.said]
    assert [other.value for other in told_of.others] == [{"casual": "leave_out", "registered": "leave_out"}]


def test_that_few_whole_numbers_of_inputs_are_told_in_one_sentence(tmp_path: Path) -> None:
    one = random.Random(3)
    lines = [
        f"{one.choice('123')},{one.choice('01234')},{one.randrange(1, 6)},{one.gauss(0, 1):.2f}"
        for _ in range(200)
    ]
    (tmp_path / "t.csv").write_text("\n".join(["CONTROL,soil,rooms,y", *lines]) + "\n", "utf-8")
    found = inspected(TableFile(path=str(tmp_path / "t.csv"), target=("y",)))
    few = [one for one in found.decisions if "few whole numbers" in one.said]
    assert [(one.column, one.also) for one in few] == [("CONTROL", ("soil",))]
