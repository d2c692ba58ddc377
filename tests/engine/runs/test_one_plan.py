"""A start is planned once: whoever looks at an experiment says the same of it, and it is looked at once."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from engine.architectures.mlp import Mlp
from engine.choices import Invalid
from engine.command_line import experiments
from engine.command_line.training import train
from engine.experiment import Experiment
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.preparation import Preparations, foresee
from engine.serving.inspector import Inspector
from engine.serving.outbox import Outbox
from engine.serving.protocol import Answer, Inspect, Refused, Request, Sketch, Train
from engine.serving.worker import Worker
from engine.training.control import Control

TABLE = "a,b,kind\n" + "".join(f"{row},{row % 7},{'xyz'[row % 3]}\n" for row in range(60))

# ------------------------------------------------------------------------------------------- counting


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often an experiment is checked against its data, and how often its network is built."""
    counts: Counter[str] = Counter()

    def count(owner: type, name: str, word: str) -> None:
        plain = getattr(owner, name)

        def counting(*given: Any, **named: Any) -> Any:
            counts[word] += len(given) > 1  # with the data, or with what comes in and goes out
            return plain(*given, **named)

        monkeypatch.setattr(owner, name, counting)

    count(Experiment, "problems", "checked")
    count(Mlp, "build", "built")
    return counts


ONCE = {"checked": 1, "built": 2}
"""Built: once as a plan without numbers, once with them."""


def test_that_a_start_at_the_prompt_checks_once_and_builds_once(
    counted: Counter[str], tmp_path: Path
) -> None:
    assert train("iris", ["training.epochs=1"], tmp_path, "cpu", as_json=True) == 0
    assert counted == ONCE


def test_that_a_start_in_the_window_uses_what_was_drawn_before(counted: Counter[str], tmp_path: Path) -> None:
    outbox = Outbox()
    worker = Worker(outbox)
    experiment = experiments.load("iris", ["training.epochs=1", "training.device=cpu"]).model_dump()
    for command in (
        Request(1, Sketch(experiment)),
        Request(2, Sketch(experiment)),
        Request(3, Train(experiment, str(tmp_path))),
    ):
        worker.handle(command)
    worker.handle(Request(4, Train(experiment, str(tmp_path))))  # refused: one runs
    for _ in range(3):
        job = worker._jobs.get_nowait()
        assert job is not None
        job()
    assert counted == ONCE
    (folder,) = (path for path in tmp_path.iterdir() if not path.name.startswith("."))
    assert json.loads((folder / "status.json").read_text())["state"] == "finished"


# ------------------------------------------------------------------------------------ saying the same

WRONG: dict[str, dict[str, Any]] = {
    "a file that is missing": {"data": {"kind": "table", "path": "none.csv"}},
    "a target that is missing": {"data": {"kind": "table", "path": "t.csv", "target": "none"}},
    "a target for another task": {
        "data": {"kind": "table", "path": "t.csv", "target": "kind"},
        "task": {"kind": "regression"},
    },
    "a loss for another task": {"loss": {"kind": "mean_squared"}},
    "a metric for another task": {"metrics": [{"kind": "r2"}, {"kind": "accuracy"}]},
    "a network for other inputs": {"architecture": {"kind": "cnn"}},
    "a network for another form": {"task": {"kind": "tagging"}, "architecture": {"kind": "lenet"}},
    "pictures that are too small": {
        "data": {"kind": "sample", "name": "digits"},
        "architecture": {"kind": "cnn", "channels": [8] * 8},
    },
    "layers that do not fit": {"architecture": {"kind": "layers", "layers": [{"kind": "convolution_2d"}]}},
    "a rule on what is not measured": {
        "stopping": [{"kind": "target", "series": "validation.bleu", "value": 1}]
    },
    "parts without examples": {"split": {"train": 0.999, "validation": 0.0005, "test": 0.0005}},
    "an augmentation of other data": {"augmentations": [{"kind": "flip"}]},
    "names of layers that are not there": {"start": {"freeze": "named", "frozen": ["nothing"]}},
    "weights that are missing": {"start": {"weights": "none.pt"}},
    "weights that fit nothing": {"start": {"begin": "drawn_things"}},
    "more than the memory": {"architecture": {"kind": "mlp", "hidden": [16_384] * 60}},
    "several at once": {
        "data": {"kind": "table", "path": "none.csv"},
        "loss": {"kind": "mean_squared"},
        "stopping": [{"kind": "target", "series": "validation.bleu", "value": 1}],
    },
}
BASE = {"data": {"kind": "sample", "name": "iris"}, "training": {"device": "cpu", "epochs": 1}}


def _said(messages: Iterable[object]) -> Refused | Answer:
    return next(message for message in messages if isinstance(message, Refused | Answer))


def _texts(problems: Any) -> list[str]:
    """Return problems as texts; how much memory is free changes from moment to moment."""
    return sorted({re.sub(r"[\d.,]+ GB", "some GB", str(problem)) for problem in problems})


def _window(experiment: Experiment, runs: Path) -> list[str]:
    """Return what the window shows before Train: against its data, else what the engine says."""
    inspector, outbox = Inspector(inspected := Outbox()), Outbox()
    inspector.handle(Request(1, Inspect(experiment.model_dump())))
    inspector.quit()
    inspector.work()
    found = _said(inspected.take())
    refused = isinstance(found, Refused)
    problems = list(found.problems if refused else found.value.problems)
    problems += experiment.problems(None if refused else found.value.description)
    if not problems:
        worker = Worker(outbox)
        worker.handle(Request(1, Sketch(experiment.model_dump())))
        job = worker._jobs.get_nowait()
        assert job is not None
        job()
        sketched = _said(outbox.take())
        assert isinstance(sketched, Refused)
        problems = list(sketched.problems)
    return _texts(problems)


def _check(experiment: Experiment, runs: Path) -> list[str]:
    with pytest.raises(Invalid) as refused:
        foresee(Preparations().beginning(experiment))
    return _texts(refused.value.problems)


def _train(experiment: Experiment, runs: Path) -> list[str]:
    """Return what `train` says: at once, or in the run's folder what only torch can tell."""
    preparations = Preparations()
    try:
        preparations.beginning(experiment)
    except Invalid as refused:
        return _texts(refused.problems)
    return _resume(experiment, runs)


def _resume(experiment: Experiment, runs: Path) -> list[str]:
    ended = execute(create(runs, experiment), Control(), lambda event: None)
    assert ended.state == "failed"
    return _texts(ended.why.split("; ") if "; " in ended.why else [ended.why])


@pytest.mark.parametrize("wrong", WRONG)
def test_that_window_check_train_and_resume_say_the_same(wrong: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE)
    experiment = Experiment.model_validate({**BASE, **WRONG[wrong]}).located(tmp_path)
    tellers: tuple[Callable[[Experiment, Path], list[str]], ...] = (_window, _check, _train, _resume)
    said = {"; ".join(tell(experiment, tmp_path / "runs")) for tell in tellers}
    said = {"; ".join(sorted(one.split("; "))) for one in said}
    assert len(said) == 1, said
    assert "" not in said
