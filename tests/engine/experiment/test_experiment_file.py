from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import experiment_file
from engine.architectures.mlp import Mlp
from engine.choices import Choice, Family, Invalid
from engine.experiment import Experiment, Training
from engine.learning.optimizers.adam import Adam
from engine.learning.optimizers.plain import GradientDescent
from engine.learning.regularizers.clipping import ClipNorm
from engine.learning.regularizers.penalties import L2

SINGLE = {"task": "tasks", "architecture": "architectures", "initializer": "initializers", "loss": "losses",
          "optimizer": "optimizers", "schedule": "schedules"}  # fmt: skip
LISTS = ("augmentations", "regularizers", "stopping", "metrics")


def _every_choice() -> list[tuple[str, type[Choice]]]:
    return [(field, choice) for field, name in SINGLE.items() for choice in Family.every[name].values()]


experiments = st.builds(
    Experiment,
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120),
    seed=st.integers(0, 2**53),
    architecture=st.builds(Mlp, hidden=st.lists(st.integers(1, 512), max_size=4).map(tuple)),
    optimizer=st.builds(Adam, learning_rate=st.floats(1e-8, 10, exclude_min=True))
    | st.builds(GradientDescent, learning_rate=st.floats(1e-8, 10, exclude_min=True)),
    regularizers=st.lists(
        st.builds(L2, strength=st.floats(0, 100)) | st.builds(ClipNorm, limit=st.floats(1e-3, 1e6)),
        max_size=3,
    ).map(tuple),
    training=st.builds(
        Training, batch_size=st.integers(1, 1_000_000) | st.just("all"), epochs=st.integers(1, 10**6)
    ),
)


@given(experiments)
def test_that_an_experiment_reads_back_as_it_was_written(experiment: Experiment) -> None:
    assert experiment_file.parse(experiment_file.dump(experiment)).experiment == experiment


@pytest.mark.parametrize(("field", "choice"), _every_choice())
def test_that_every_choice_survives_the_file(field: str, choice: type[Choice]) -> None:
    experiment = Experiment(**{field: choice()})
    text = experiment_file.dump(experiment)
    assert experiment_file.parse(text).experiment == experiment
    assert (
        experiment_file.merged(experiment_file.dump(Experiment()), experiment).count("\n[" + field + "]") == 1
    )


@pytest.mark.parametrize("name", LISTS)
def test_that_lists_of_choices_survive_the_file(name: str) -> None:
    experiment = Experiment(**{name: tuple(choice() for choice in Family.every[name].values())})
    text = experiment_file.dump(experiment)
    assert experiment_file.parse(text).experiment == experiment
    assert f"[[{name}]]" in text


def test_that_every_default_is_written_out() -> None:
    written = tomllib.loads(experiment_file.dump(Experiment()))
    assert written["training"] == {
        "batch_size": 32,
        "epochs": 30,
        "sampling": {"kind": "each_once"},
        "ends": "any",
        "keep": "best",
        "averaging": {"kind": "none"},
        "recovery": {"kind": "stop"},
        "micro_batch": "whole",
        "precision": "float32",
        "activation_checkpointing": False,
        "moments": 100,
        "device": "auto",
    }
    assert set(Experiment.model_fields) <= set(written)


@given(experiments, experiments)
def test_that_merging_gives_the_new_experiment_and_keeps_comments(old: Experiment, new: Experiment) -> None:
    text = "# of the author\n" + experiment_file.dump(old).replace(
        "[training]", "# about training\n[training]"
    )
    result = experiment_file.merged(text, new)
    assert experiment_file.parse(result).experiment == new
    assert "# of the author" in result
    assert "# about training" in result


def test_that_a_changed_value_leaves_every_other_line_as_it_was() -> None:
    text = (
        "format = 1\n# first\nname = 'A'  # a name\n\n[optimizer]  # how\nkind = \"adam\"\n"
        "learning_rate = 3e-3   # careful\n\n[architecture]\nkind = 'mlp'\nhidden = [\n  8,  # w\n  4,\n]\n"
    )
    experiment = experiment_file.parse(text).experiment
    changed = experiment.replaced(optimizer=experiment.optimizer.replaced(learning_rate=0.1))
    assert experiment_file.merged(text, changed) == text.replace("3e-3   # careful", "0.1 # careful")
    assert experiment_file.merged(text, experiment) == text


def test_that_a_new_kind_drops_the_settings_of_the_old_one_and_writes_its_own() -> None:
    text = '[optimizer]\nkind = "adam"\nbeta1 = 0.8\n'
    changed = experiment_file.parse(text).experiment.replaced(optimizer=GradientDescent())
    written = tomllib.loads(experiment_file.merged(text, changed))
    assert written["optimizer"] == {
        "kind": "gradient_descent",
        "learning_rate": GradientDescent().learning_rate,
    }


def test_that_settings_of_a_newer_version_are_kept_with_a_warning() -> None:
    text = '# new\nformat = 99\nnovelty = 1\n\n[optimizer]\nkind = "adam"\nwarp = true  # fast\n'
    loaded = experiment_file.parse(text)
    assert {warning.path for warning in loaded.warnings} == {"novelty", "optimizer.warp"}
    assert all("newer" in warning.message for warning in loaded.warnings)
    changed = loaded.experiment.replaced(name="Other")
    result = experiment_file.merged(text, changed)
    assert "novelty = 1" in result
    assert "warp = true  # fast" in result
    assert experiment_file.parse(result).experiment == changed


def test_that_unknown_settings_at_our_format_are_problems_with_line_and_suggestion() -> None:
    text = 'format = 1\n\n[optimizer]\nkind = "adam"\nlearning_rat = 0.1\n\n'
    text += '[training]\nepochs = 0\nbatch_size = "x"\n'
    with pytest.raises(Invalid) as caught:
        experiment_file.parse(text)
    problems = {problem.path: problem.message for problem in caught.value.problems}
    assert "did you mean 'learning_rate'" in problems["optimizer.learning_rat"]
    assert problems["optimizer.learning_rat"].endswith("(line 5)")
    assert problems["training.epochs"].endswith("(line 8)")
    assert any(path.startswith("training.batch_size") for path in problems)


def test_that_lines_are_found_in_lists_of_sections_and_behind_long_texts() -> None:
    text = (
        'name = """\n[optimizer]\nkind = 3\n"""\n[[regularizers]]\nkind = "l2"\nstrength = 0.1\n'
        '[[regularizers]]\nkind = "l2"\nstrength = -1\n'
        '[architecture]\nkind = "mlp"\nhidden = [\n 3,\n -4,\n]\n'
    )
    with pytest.raises(Invalid) as caught:
        experiment_file.parse(text)
    found = {problem.path: re.search(r"line (\d+)", problem.message) for problem in caught.value.problems}
    lines = {path: match and int(match[1]) for path, match in found.items()}
    assert lines == {"regularizers.1.strength": 10, "architecture.hidden.1": 13}


@pytest.mark.parametrize("text", ["a = ", "[optimizer", "x = 1\nx = 2", "\x00"])
def test_that_a_syntax_error_names_its_line(text: str) -> None:
    with pytest.raises(Invalid, match=r"not valid TOML: .*line \d+"):
        experiment_file.parse(text)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"a = " + b"[" * 5_000,
        b"a." * 20_000 + b"a = 1",
        b"seed = " + b"9" * 5_000,
        b"[" + b"a." * 3000 + b"b]",
        b"x" * (experiment_file.MOST_BYTES + 1),
        b"optimizer = 3",
        b"[[optimizer]]\nkind = 'adam'",
        b"seed = nan",
        b"[data]\nkind = 'sample'\nname = 1979-05-27T07:32:00Z",
        b"[training]\nepochs = inf",
    ],
    ids=range(11),
)
def test_that_a_hostile_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "hostile.toml"
    path.write_bytes(content)
    with pytest.raises(Invalid):
        experiment_file.load(path)


def test_that_a_missing_file_and_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(Invalid, match=re.escape(str(path))):
            experiment_file.read(path)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(sorted([*Experiment.model_fields, "kind", "strange"]))


@given(st.dictionaries(keys, values | st.fixed_dictionaries({"kind": st.text(max_size=8) | st.just("adam")})))
def test_that_any_values_give_an_experiment_or_problems(content: dict[str, Any]) -> None:
    import tomlkit

    def without_none(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without_none(item) for key, item in value.items() if item is not None}
        return (
            [without_none(item) for item in value if item is not None] if isinstance(value, list) else value
        )

    text = tomlkit.dumps(without_none(content))
    with suppress(Invalid):
        experiment_file.parse(text)


@given(st.text(max_size=200))
def test_that_any_text_can_be_saved_over(text: str) -> None:
    assert experiment_file.parse(experiment_file.merged(text, Experiment())).experiment == Experiment()


def test_that_saving_leaves_the_old_file_whole_when_the_disk_refuses(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    experiment_file.write(Experiment(name="Old"), path)
    before = path.read_bytes()
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(OSError, match=r"folder\.toml"):
        experiment_file.write(Experiment(), tmp_path / "folder.toml")
    assert path.read_bytes() == before
    assert sorted(found.name for found in tmp_path.iterdir()) == ["a.toml", "folder.toml"]
