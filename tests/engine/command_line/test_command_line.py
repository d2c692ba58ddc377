from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.choices import Family, Invalid
from engine.command_line.catalogue import catalogue
from engine.command_line.experiments import load, presets
from engine.command_line.main import run
from engine.command_line.progress import bar, duration
from engine.events import Measured
from tests.engine.runs.real_runs import engine, environment, start_engine

SMALL = ["--set", "training.epochs=3", "--set", "training.device=cpu"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


class Inside:
    """Commands run in this process, where torch is loaded but once."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capture = capture
        patch.chdir(home)
        for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, environment(home)[name])

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        return code, *self._capture.readouterr()


@pytest.fixture
def inside(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Inside:
    return Inside(home, capsys, monkeypatch)


@pytest.fixture(scope="module")
def wine(home: Path) -> Path:
    """A finished run of the wine preset."""
    done = engine(home, "train", "wine", "--runs", "runs", *SMALL)
    return Path(done.stdout.splitlines()[-1])


def test_that_list_names_every_family_with_schemas(home: Path, inside: Inside) -> None:
    found = json.loads(engine(home, "list").stdout)
    first = {"data", "tasks", "architectures", "initializers", "losses", "optimizers"}
    assert set(found) == first | {
        "schedules",
        "averaging",
        "sampling",
        "recovery",
        "class_weights",
        "regularizers",
        "stopping",
        "metrics",
        "probes",
        "augmentations",
        "layers",
        "groups",
        "courses",
        "layer_initializers",
    }
    rate = found["optimizers"]["adam"]["properties"]["learning_rate"]
    assert rate["title"] == "Learning rate"
    assert rate["exclusiveMinimum"] == 0
    assert rate["description"]
    assert all(
        schema["title"] and schema["description"] for kinds in found.values() for schema in kinds.values()
    )
    one = json.loads(inside("list", "optimizers")[1])
    assert one == {"optimizers": found["optimizers"]}


def test_that_find_rate_prints_the_curve_and_what_to_take(inside: Inside) -> None:
    code, printed, _ = inside("find-rate", "iris", "--steps", "40", "--to", "1")
    assert (code, "Suggested learning rate" in printed) == (0, True)
    assert inside("find-rate", "iris", "--from", "1", "--to", "0.1")[0] == 2
    code, _, said = inside("find-rate", "iris", "--set", 'optimizer={kind="prodigy"}')
    assert (code, "by itself" in said) == (2, True)


def test_that_find_batch_prints_sizes_and_what_to_take(inside: Inside) -> None:
    code, printed, _ = inside("find-batch", "iris", "--set", "training.device=cpu")
    assert (code, "Largest that fits: 90" in printed, "an example" in printed) == (0, True, True)
    code, printed, _ = inside("find-batch", "iris", "--json", "--memory", "0.000001")
    found = json.loads(printed)
    assert (code, found["largest"]) == (0, None)
    assert inside("find-batch", "iris", "--memory", "0")[0] == 2


def test_that_an_unknown_family_is_bad_input(inside: Inside) -> None:
    code, _, said = inside("list", "optimisers")
    assert (code, "did you mean 'optimizers'" in said) == (2, True)


def test_that_light_commands_never_load_torch(home: Path) -> None:
    script = "import sys\nfrom engine.command_line.main import run\n"
    script += "assert [run(words) for words in (['list'], ['runs'])] == [0, 0]\n"
    script += "assert 'torch' not in sys.modules\n"
    subprocess.run(
        [sys.executable, "-c", script], env=environment(home), cwd=home, check=True, capture_output=True
    )


def test_that_check_tells_every_problem_with_its_path(home: Path, inside: Inside) -> None:
    (home / "bad.toml").write_text(
        'format = 1\n[optimizer]\nkind = "adm"\n[training]\nepochs = 0\nbatch = 3\n', encoding="utf-8"
    )
    code, _, said = inside("check", "bad.toml")
    assert code == 2
    lines = said.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "optimizer.kind",
        "training.epochs",
        "training.batch",
    ]
    assert "did you mean 'adam'" in lines[0]
    assert "(line 3)" in lines[0]


def test_that_check_tells_problems_between_choices_and_data(inside: Inside) -> None:
    arguments = [
        "--set",
        "architecture.kind=cnn",
        "--set",
        "loss.kind=mean_squared",
        "--set",
        "training.batch_size=999",  # a batch is at most all examples
    ]
    code, _, said = inside("check", "wine", *arguments)
    assert code == 2
    assert {line.partition(":")[0] for line in said.splitlines()} == {"architecture.kind", "loss.kind"}


def test_that_what_was_left_out_of_the_data_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"{word}\t{word[::-1]}" for word in ("one", "two", "three", "four", "five") * 4]
    (tmp_path / "pairs.tsv").write_text("\n".join([*lines, "alone"]) + "\n")
    experiment = tmp_path / "pairs.toml"
    experiment.write_text(
        '[data]\nkind = "text_pairs"\npath = "pairs.tsv"\n[task]\nkind = "translation"\n'
        '[architecture]\nkind = "transformer"\nlayers = 1\nwidth = 8\nheads = 2\n'
        '[preprocessing]\ntokenizer = "characters"\n[training]\nepochs = 1\nbatch_size = 4\n'
    )
    for command in (["check", str(experiment)], ["train", str(experiment), "--runs", str(tmp_path / "runs")]):
        assert run(command) == 0
        assert "warning: 1 line without a translation left out: 21" in capsys.readouterr().err
    assert run(["check", str(experiment), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["problems"] == []
    assert any("left out: 21" in notice for notice in said["notices"])


def test_that_a_missing_experiment_and_a_missing_data_file_are_bad_input(home: Path, inside: Inside) -> None:
    code, _, said = inside("train", "wihne")
    assert (code, "did you mean 'wine'" in said) == (2, True)
    (home / "gone.toml").write_text(
        '[data]\nkind = "table"\npath = "gone.csv"\ntarget = "y"\n', encoding="utf-8"
    )
    code, _, said = inside("train", "gone.toml", "--runs", "none")
    assert code == 2
    assert said.startswith("data.path:")
    assert not (home / "none").exists()


def test_that_a_finished_run_holds_everything(wine: Path) -> None:
    names = {path.name for path in wine.iterdir() if not path.name.startswith(".")}
    assert names >= {"experiment.toml", "status.json", "history.sqlite", "environment.json", "metrics.json"}
    assert names >= {
        "preprocessing.json",
        "model.safetensors",
        "checkpoints",
        "split.safetensors",
        "started.json",
    }
    status = json.loads((wine / "status.json").read_bytes())
    assert (status["state"], status["epoch"]) == ("finished", 3)
    facts = json.loads((wine / "environment.json").read_bytes())
    assert facts["seed"] == 0
    assert facts["threads"] == 1
    assert len(facts["data_hash"]) == 32
    metrics = json.loads((wine / "metrics.json").read_bytes())
    assert set(metrics) == {"train", "validation", "test"}
    assert {"majority", "logistic"} <= set(metrics["test"]["baselines"])
    assert list((wine / "checkpoints").iterdir())


def test_that_evaluate_gives_the_scores_of_the_run(wine: Path, inside: Inside) -> None:
    found = json.loads(inside("evaluate", str(wine), "--split", "test", "--json")[1])
    known = json.loads((wine / "metrics.json").read_bytes())["test"]
    assert found["split"] == "test"
    assert {key: found[key] for key in known} == known
    assert 0 <= found["metrics"]["accuracy"] <= 1
    code, out, _ = inside("evaluate", str(wine))
    assert (code, "accuracy" in out) == (0, True)


def test_that_the_list_holds_the_formula_of_whatever_has_one() -> None:
    for family, kinds in catalogue().items():
        for kind, schema in kinds.items():
            text = Family.every[family][kind].text()
            assert schema.get("formula", "") == text.formula
            assert schema.get("source", "") == text.source
    assert "√" in catalogue("optimizers")["optimizers"]["adam"]["formula"]


def test_that_runs_are_listed(wine: Path, inside: Inside) -> None:
    entries = json.loads(inside("runs", "--runs", "runs", "--json")[1])
    (entry,) = [entry for entry in entries if entry["folder"] == str(wine)]
    assert {"folder", "name", "state", "step", "epoch", "metrics"} <= entry.keys()
    assert (entry["name"], entry["state"], entry["epoch"]) == ("Wine", "finished", 3)
    assert "Wine" in inside("runs", "--runs", "runs")[1]


def test_that_resuming_a_finished_run_changes_nothing(wine: Path, inside: Inside) -> None:
    def state() -> dict[str, tuple[bytes, int]]:
        files = [path for path in wine.rglob("*") if path.is_file()]
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    before = state()
    (wine / ".lock").unlink()  # a copy may have none, and gets none
    code, out, _ = inside("resume", str(wine))
    assert (code, out.splitlines()[-1]) == (0, str(wine))
    assert state() == {name: file for name, file in before.items() if not name.endswith(".lock")}


def test_that_predict_takes_new_rows_and_writes_a_table(wine: Path, home: Path, inside: Inside) -> None:
    sample = Path(__file__).parents[3] / "resources" / "samples" / "wine.csv"
    with sample.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:3]
    for row in rows:
        row["strange"] = "1"
    with (home / "new.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    assert "strange" in inside("predict", str(wine), "new.csv", "-o", "out.csv")[2]
    with (home / "out.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert len(found) == 3
    sums = [sum(float(value) for key, value in row.items() if key.startswith("probability")) for row in found]
    assert sums == pytest.approx([1, 1, 1], abs=1e-5)
    _, out, _ = inside("predict", str(wine), "new.csv", "--json")
    assert len(json.loads(out)["values"]) == 3
    (home / "short.csv").write_text("alcohol,ash\n1,2\n3,4\n", encoding="utf-8")
    code, _, said = inside("predict", str(wine), "short.csv")
    assert (code, "missing" in said) == (2, True)


def test_that_train_as_json_says_the_folder_first_and_the_end_last(inside: Inside) -> None:
    _, out, _ = inside("train", "moons", "--runs", "runs", "--json", *SMALL)
    lines = [json.loads(line) for line in out.splitlines()]
    assert Path(lines[0]["folder"]).is_dir()
    assert lines[1]["event"] == "run_started"
    assert (lines[-1]["event"], lines[-1]["state"]) == ("run_ended", "finished")
    losses = [value for line in lines if line["event"] == "measured" for block in line["blocks"]
              if block["series"] == "loss" for value in block["values"]]  # fmt: skip
    assert len(losses) == lines[-1]["step"]


def test_that_a_run_goes_on_when_nobody_reads_its_events_any_more(home: Path) -> None:
    arguments = ["train", "moons", "--runs", "unheard", "--json", *SMALL]
    with start_engine(home, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        folder = Path(json.loads(process.stdout.readline())["folder"])
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
    assert json.loads((folder / "status.json").read_bytes())["state"] == "finished"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_that_ctrl_c_interrupts_and_resume_goes_on(home: Path, inside: Inside) -> None:
    arguments = ["train", "spirals", "--runs", "stopped", "--json", "--set", "training.epochs=120"]
    with start_engine(home, *arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        folder = Path(json.loads(process.stdout.readline())["folder"])
        while b'"measured"' not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read().splitlines()
    assert process.returncode == 130
    assert json.loads(rest[-1])["state"] == "interrupted"
    assert json.loads((folder / "status.json").read_bytes())["state"] == "interrupted"
    code, _, said = inside("evaluate", str(folder))
    assert (code, "resume" in said) == (2, True)
    assert inside("resume", str(folder))[0] == 0
    assert json.loads((folder / "status.json").read_bytes())["state"] == "finished"


def test_that_a_run_whose_loss_becomes_nan_fails_and_keeps_its_last_good_weights(inside: Inside) -> None:
    changes = ["--set", "optimizer.kind=gradient_descent", "--set", "optimizer.learning_rate=10",
               "--set", "loss.kind=mean_squared", "--set", "task.kind=regression"]  # fmt: skip
    code, out, _ = inside("train", "function_1d", "--runs", "failed", *changes)
    assert code == 3
    folder = Path(out.splitlines()[-1])
    status = json.loads((folder / "status.json").read_bytes())
    assert status["state"] == "failed"
    assert "step" in status["why"]
    assert (folder / "model.safetensors").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits of POSIX")
def test_that_a_full_disk_fails_the_run_with_a_message_and_resume_goes_on(home: Path, inside: Inside) -> None:
    limited = (
        "import resource, sys\n"
        "from engine.command_line.main import run\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    arguments = [
        "train",
        "spirals",
        "--runs",
        "full",
        "--set",
        "training.epochs=120",
        "--set",
        "training.batch_size=8",
    ]
    done = subprocess.run([sys.executable, "-c", limited, *arguments], env=environment(home), cwd=home,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 3, done.stderr
    folder = Path(done.stdout.splitlines()[-1])
    status = json.loads((folder / "status.json").read_bytes())
    assert status["state"] == "failed"
    assert "disk" in status["why"]
    assert 0 < status["step"] < 120 * 53
    assert inside("resume", str(folder))[0] == 0
    assert json.loads((folder / "status.json").read_bytes())["state"] == "finished"


def test_that_set_drops_settings_that_a_new_kind_lacks_and_reaches_everywhere() -> None:
    changes = [
        "optimizer.kind=momentum",
        "architecture.hidden=[8, 4]",
        "regularizers.0.strength=0.5",
        "name=Other one",
    ]
    experiment = load("wine", changes)
    assert experiment.optimizer.kind == "momentum"
    assert experiment.optimizer.learning_rate == 0.003
    assert experiment.architecture.model_dump()["hidden"] == (8, 4)
    assert experiment.regularizers[0].model_dump()["strength"] == 0.5
    assert experiment.name == "Other one"


@pytest.mark.parametrize(
    "changes", [["--set", "seed=-5", "batch=1"], ["--set", "seed=-5", "--set", "batch=1"]]
)
def test_that_several_settings_may_follow_one_set_or_each_its_own(
    changes: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "wine", *changes]) == 2
    said = capsys.readouterr().err
    assert "seed" in said
    assert "batch" in said


@pytest.mark.parametrize("name", presets())
def test_that_every_preset_is_sound(name: str, home: Path) -> None:
    from engine.command_line.experiments import check

    assert check(name, [], as_json=True) == 0


def test_that_the_progress_bar_says_share_epoch_loss_speed_and_time_left() -> None:
    event = Measured((), 50, 5, 1.0, 10.0)
    said = "[######..................]  25%  epoch 5/20  loss 0.5  10 steps/s  15 s left"
    assert bar(event, 200, 20, 0.5) == said
    assert [duration(seconds) for seconds in (5.2, 65, 3700)] == ["5 s", "1:05 min", "1:01 h"]


# ------------------------------------------------------------------------------------------------- --set


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        (["metrics.a.kind=accuracy"], "metrics.a"),
        (["regularizers.5.kind=l2"], "regularizers.5"),
        (["seed=1", "seed.x=1"], "seed"),
        (["=3"], "=3"),
        (["seed"], "seed"),
        (["optimizer.kind=adm"], "optimizer.kind"),
    ],
)
def test_that_a_wrong_change_is_told_with_its_path(changes: list[str], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        load("moons", changes)
    assert refused.value.problems[0].path == path


def test_that_an_index_one_beyond_the_last_adds_to_a_list() -> None:
    experiment = load(
        "moons", ["regularizers.0.kind=l2", "regularizers.0.strength=0.5", "regularizers.1.kind=l1"]
    )
    assert [one.kind for one in experiment.regularizers] == ["l2", "l1"]
    assert experiment.regularizers[0].model_dump()["strength"] == 0.5


def test_that_a_path_of_data_given_here_is_meant_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    experiment = load("wine", ["data.kind=table", "data.path=new data/ä.csv", "data.test_path=later.csv"])
    assert experiment.data.model_dump()["path"] == str(tmp_path / "new data" / "ä.csv")
    assert experiment.data.model_dump()["test_path"] == str(tmp_path / "later.csv")
    changes = ["data.kind=text_pairs", "data.translations=b.txt", "start.weights=w.pt"]
    experiment = load("wine", [*changes, "preprocessing.tokenizer_file=t.json"])
    assert experiment.data.model_dump()["translations"] == str(tmp_path / "b.txt")
    assert experiment.preprocessing.tokenizer_file == str(tmp_path / "t.json")
    assert experiment.start.weights == str(tmp_path / "w.pt")


def test_that_settings_of_a_newer_version_stay_warnings_beside_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "new.toml").write_text("format = 99\nnovelty = 1\n", encoding="utf-8")
    assert load(str(tmp_path / "new.toml"), ["seed=3"]).seed == 3
    assert "warning: novelty" in capsys.readouterr().err


def test_that_a_check_tells_how_the_data_was_read_and_what_to_set_for_another_reading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"{1 + row % 9}.{100 + row},{'pq'[row % 2]}" for row in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(["x,y", *lines]) + "\n")
    experiment = tmp_path / "t.toml"
    experiment.write_text('[data]\nkind = "table"\npath = "t.csv"\ntarget = "y"\n')
    assert run(["check", str(experiment)]) == 0
    told = capsys.readouterr()
    assert "in doubt: x: numbers like 1.100 are read as decimals" in told.err
    assert "row 1: 1.100 -> 1.1" in told.err
    assert "--set data.thousands=.  reads 1100, 2101, 3102" in told.err
    assert "Encoding: UTF-8 (data.encoding)" in told.out
    assert run(["check", str(experiment), "--set", "data.thousands=."]) == 0
    assert "in doubt" not in capsys.readouterr().err
    assert run(["check", str(experiment), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["decisions"][0]
    assert (first["setting"], first["doubtful"], first["column"]) == ("data.thousands", True, "x")
