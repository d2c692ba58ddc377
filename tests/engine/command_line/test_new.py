"""The command that writes an experiment for data of one's own, as the window begins one."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from engine import experiment_file
from engine.command_line import experiments
from engine.command_line.main import run

ROWS = "".join(
    f"{number},{number % 7},{2.5 * number:.1f},{'yes' if number % 2 else 'no'}\n" for number in range(60)
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("houses.csv").write_text("rooms,floor,price,sold\n" + ROWS, encoding="utf-8")


@pytest.mark.parametrize(("target", "task"), [("sold", "classification"), ("price", "regression")])
def test_that_the_experiment_fits_what_is_predicted_and_can_be_checked(target: str, task: str) -> None:
    assert run(["new", "houses.csv", "--set", f"data.target={target}"]) == 0
    experiment = experiment_file.read(Path("houses.toml"))
    assert experiment.task.kind == task
    assert experiment.loss.kind == {"classification": "cross_entropy", "regression": "mean_squared"}[task]
    assert run(["check", "houses.toml"]) == 0


def test_that_the_columns_are_named_where_none_is_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "houses.csv"]) == 2
    told = capsys.readouterr().err
    assert "columns: rooms, floor, price, sold" in told
    assert "data.target" in told
    assert not Path("houses.toml").exists()


@pytest.mark.parametrize(("kind", "task"), [("text_pairs", "translation"), ("text_table", "classification")])
def test_that_another_kind_than_the_one_found_begins_with_what_suits_it(kind: str, task: str) -> None:
    rows = "".join(f"See you in {number} days,到时候见 {number},{'ab'[number % 2]}\n" for number in range(60))
    Path("said.csv").write_text("english,chinese,sort\n" + rows, encoding="utf-8")
    assert run(["new", "said.csv", "--set", f"data.kind={kind}"]) == 0
    experiment = experiment_file.read(Path("said.toml"))
    assert (experiment.data.kind, experiment.task.kind) == (kind, task)
    assert run(["check", "said.toml"]) == 0


@pytest.mark.parametrize("first", [True, False])
def test_that_what_is_to_be_predicted_is_so_in_another_kind(first: bool) -> None:
    """Who takes an offer keeps what was said before: a target is no label that is still to be named."""
    rows = "".join(f"See you in {number} days,{number % 3},{number % 5}\n" for number in range(60))
    Path("said.csv").write_text("review,stars,helpful\n" + rows, encoding="utf-8")
    said = ["data.target=helpful", "data.kind=text_table"]
    assert run(["new", "said.csv", "--set", *(said if first else reversed(said))]) == 0
    assert experiment_file.read(Path("said.toml")).data.model_dump()["label"] == "helpful"


def test_that_a_short_course_begins_with_windows_that_fit_it() -> None:
    rows = "".join(f"{100 + month}\n" for month in range(144))
    Path("air.csv").write_text("passengers\n" + rows, encoding="utf-8")
    assert run(["new", "air.csv", "--set", "data.kind=time_series"]) == 0
    found = experiment_file.read(Path("air.toml")).data.model_dump()
    assert (found["history"], found["horizon"]) == (36, 12)


def test_that_a_file_that_is_there_stays(capsys: pytest.CaptureFixture[str]) -> None:
    Path("houses.toml").write_text("mine", encoding="utf-8")
    assert run(["new", "houses.csv", "--set", "data.target=sold"]) == 2
    assert Path("houses.toml").read_text(encoding="utf-8") == "mine"
    assert "-o" in capsys.readouterr().err
    assert run(["new", "houses.csv", "--set", "data.target=sold", "-o", "other.toml"]) == 0
    assert experiment_file.read(Path("other.toml")).name == "houses"


def test_that_data_is_found_in_a_folder(tmp_path: Path) -> None:
    for name in ("up", "down"):
        (tmp_path / "walks" / name).mkdir(parents=True)
        for number in range(12):
            rows = "".join(f"{step},{step * (1 if name == 'up' else -1)}\n" for step in range(9))
            (tmp_path / "walks" / name / f"{number}.csv").write_text("t,y\n" + rows, encoding="utf-8")
    assert run(["new", "walks"]) == 0
    assert experiment_file.read(Path("walks.toml")).data.kind == "series_table"


@pytest.mark.parametrize(
    ("path", "told"),
    [("no.csv", "there is no file"), ("notes.bin", "holds no data that is read here")],
)
def test_that_what_is_no_data_is_refused(path: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.bin").write_bytes(bytes(range(256)))
    assert run(["new", path]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Player's number", "a b", 'in "brackets"', "$HOME", "数学"])
def test_that_what_is_offered_can_be_copied_into_a_shell(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column that counts the rows may be an identifier: the line that leaves it out names it."""
    quoted = name.replace('"', '""')
    # ages as they come: numbers that are all equally frequent may name something, too
    rows = "".join(f"{row},{20 + row * row % 41},{row % 2}\n" for row in range(1, 61))
    Path("players.csv").write_text(f'"{quoted}",age,won\n{rows}', encoding="utf-8")
    assert run(["new", "players.csv", "--set", "data.target=won"]) == 0
    offered = [line for line in capsys.readouterr().err.splitlines() if line.startswith("    --set ")]
    assert len(offered) == 1
    assert run(["check", "players.toml", *shlex.split(offered[0].partition("  reads")[0])]) == 0
    assert experiments.load("players.toml", shlex.split(offered[0])[1:]).data.types == ((name, "leave_out"),)


@pytest.mark.parametrize("command", ["check", "train"])
def test_that_data_given_for_an_experiment_names_the_command_for_it(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, "houses.csv"]) == 2
    assert "the command new writes an experiment for it" in capsys.readouterr().err


def test_that_what_a_column_is_is_asked_of_the_training_and_never_of_new_rows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = "".join(
        f"{number * 7 % 11},{number % 5},{'no' if number % 3 else 'yes'}\n" for number in range(60)
    )
    Path("shops.csv").write_text("shop_id,size,open\n" + rows, encoding="utf-8")
    assert run(["new", "shops.csv", "--set", "data.target=open"]) == 0
    assert "--set data.types.shop_id=category" in capsys.readouterr().err
    assert run(["train", "shops.toml", "--runs", "runs", "--set", "training.epochs=1"]) == 0
    capsys.readouterr()
    assert run(["predict", str(next(Path("runs").iterdir())), "shops.csv"]) == 0
    assert "data.types" not in capsys.readouterr().err
