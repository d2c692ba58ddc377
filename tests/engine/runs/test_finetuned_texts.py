"""Guessing masked words first, then judging texts: the trunk is taken over, if tokens mean the same words."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch

from engine.experiment import Experiment
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.start import finetuning
from engine.training.control import Control

GOOD, BAD = ("fine", "lovely", "great"), ("dull", "awful", "poor")
PLACES = ("film", "book", "play", "song", "a", "the", "very", "quite", "was", "is")


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sentences with a judgement, in a table."""
    path, chance = tmp_path_factory.mktemp("texts") / "texts.csv", random.Random(1)
    lines = ["text,label"]
    for number in range(120):
        kind = ("good", "bad")[number % 2]
        words = [*chance.sample(PLACES, 5), chance.choice(GOOD if kind == "good" else BAD)]
        lines.append(f"{' '.join(words)},{kind}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def experiment(texts: Path, task: str, **changes: Any) -> Experiment:
    return Experiment.model_validate(
        {
            "name": task,
            "data": {"kind": "text_table", "path": str(texts)},
            "preprocessing": {"tokenizer": "words", "length": 10},
            "task": {"kind": task},
            "architecture": {
                "kind": "transformer_encoder",
                "width": 16,
                "layers": 1,
                "heads": 2,
                "feed_forward": 16,
            },
            "training": {"epochs": 2, "device": "cpu"},
            **changes,
        }
    )


def trained(runs: Path, chosen: Experiment) -> tuple[RunFolder, str, str]:
    folder = create(runs, chosen)
    ended = execute(folder, Control(), lambda event: None)
    return folder, ended.state, ended.why


@pytest.fixture(scope="module")
def masked(texts: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run that has learnt to guess masked words."""
    runs = tmp_path_factory.mktemp("runs")
    folder, state, why = trained(runs, experiment(texts, "masked_language_modelling"))
    assert state == "finished", why
    return folder


def test_that_a_classifier_takes_everything_but_the_head_from_guessing_masked_words(
    masked: RunFolder, texts: Path, tmp_path: Path
) -> None:
    begun = finetuning(masked, str)
    chosen = experiment(
        texts,
        "classification",
        preprocessing=begun.preprocessing,
        start={"weights": begun.start.weights, "freeze": "all_but_head"},
    )
    folder, state, why = trained(tmp_path, chosen)
    assert state == "finished", why
    found = json.loads(folder.start.read_text(encoding="utf-8"))
    assert set(found["fresh"]) == {"output.weight", "output.bias"}
    ours, theirs = (safetensors.torch.load_file(run.model) for run in (folder, masked))
    assert all(torch.equal(ours[name], theirs[name]) for name in found["taken"])
    assert folder.tokenizer.read_bytes() == masked.tokenizer.read_bytes()


@pytest.mark.parametrize(
    "preprocessing",
    [{"tokenizer": "characters", "length": 10}, {"tokenizer": "words", "vocabulary": 16, "length": 10}],
    ids=["characters", "fewer words"],
)
def test_that_another_tokenizer_is_refused_with_the_remedy(
    masked: RunFolder, texts: Path, tmp_path: Path, preprocessing: Any
) -> None:
    chosen = experiment(
        texts, "classification", preprocessing=preprocessing, start={"weights": str(masked.path)}
    )
    _, state, why = trained(tmp_path, chosen)
    assert state == "failed"
    assert why.startswith("preprocessing.tokenizer: cuts texts otherwise")
    assert 'set preprocessing.tokenizer to "file"' in why


def test_that_a_file_for_another_number_of_tokens_is_refused_with_the_remedy(
    masked: RunFolder, texts: Path, tmp_path: Path
) -> None:
    """Of a lone file nobody knows the tokenizer, but how many tokens it had shows."""
    path = tmp_path / "weights.safetensors"
    path.write_bytes(masked.model.read_bytes())
    chosen = experiment(
        texts,
        "classification",
        preprocessing={"tokenizer": "characters", "length": 10},
        start={"weights": str(path)},
    )
    _, state, why = trained(tmp_path, chosen)
    assert state == "failed"
    assert why.startswith("preprocessing.tokenizer: the weights were learnt with")
    assert "tokenizer.json in the folder of the run" in why
