"""Predictions in words are those that the network was judged by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.data.texts.raw import TaggedTexts, TextPairs
from engine.experiment import Experiment
from engine.inference.evaluation import evaluate_run
from engine.inference.prediction import GivenInputs, predict_run
from engine.inference.results import table_of
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.runs.preparation import prepare_experiment
from engine.training.control import Control
from engine.training.word_bleu import NAME, word_bleu
from tests.engine.text_data import write_all


def trained(tmp_path: Path, name: str, task: str, architecture: str, **more: Any) -> RunFolder:
    values = {
        "data": write_all(tmp_path / "data")[name],
        "preprocessing": {"tokenizer": "words", "length": 16, "vocabulary": 100},
        "task": {"kind": task},
        "architecture": {"kind": architecture},
        "training": {"epochs": 2, "batch_size": 16, "device": "cpu"},
        **more,
    }
    folder = create(tmp_path / "runs", Experiment.model_validate(values))
    assert execute(folder, Control(), lambda event: None).state == "finished"
    return folder


def rows_of(texts: list[str]) -> GivenInputs:
    return GivenInputs(rows=[{"text": text} for text in texts])


def test_that_words_are_tagged_as_the_test_part_was_judged(tmp_path: Path) -> None:
    folder = trained(tmp_path, "tagged", "tagging", "rnn")
    prepared = prepare_experiment(folder.read_experiment())
    raw, rows = prepared.raw, prepared.test.rows.tolist()
    assert isinstance(raw, TaggedTexts)
    found = predict_run(folder, rows_of([" ".join(raw.words[row]) for row in rows]))
    assert found.words == tuple(raw.words[row] for row in rows)
    right = [
        said == tag
        for row, tags in zip(rows, found.tags, strict=True)
        for said, tag in zip(tags, raw.tags[row], strict=True)
    ]
    assert float(np.mean(right)) == pytest.approx(evaluate_run(folder, "test").metrics["accuracy"])
    header, first, *_ = table_of(found)
    assert header == ["text", "tags"]
    assert first[1].split()[0] == f"{found.words[0][0]}/{found.tags[0][0]}"


def test_that_texts_are_translated_as_the_test_part_was_judged(tmp_path: Path) -> None:
    metrics = [{"kind": "perplexity"}, {"kind": "bleu"}]
    folder = trained(tmp_path, "pairs", "translation", "transformer", metrics=metrics)
    prepared = prepare_experiment(folder.read_experiment())
    raw, rows = prepared.raw, prepared.test.rows.tolist()
    assert isinstance(raw, TextPairs)
    found = predict_run(folder, rows_of([raw.texts[row] for row in rows]))
    evaluated = evaluate_run(folder, "test")
    score = word_bleu(found.texts, [raw.translations[row] for row in rows], True)
    assert evaluated.metrics[NAME] == pytest.approx(score)
    assert evaluated.metrics["bleu"] == pytest.approx(score), "words are tokens here"
    assert set(evaluated.baselines["dictionary"]) == {NAME}


def test_that_a_text_goes_on_the_same_way_every_time_and_begins_as_given(tmp_path: Path) -> None:
    folder = trained(tmp_path, "corpus", "language_modelling", "transformer_decoder")
    given = ["the film was", "music of people with", "a"]
    one, other = (predict_run(folder, rows_of(given)) for _ in range(2))
    assert one.texts == other.texts
    for text, said in zip(given, one.texts, strict=True):
        assert said.startswith(text)
        assert len(said) > len(text)
    assert table_of(one)[0] == ["text", "written"]


def test_that_only_gaps_are_filled(tmp_path: Path) -> None:
    folder = trained(tmp_path, "reviews", "masked_language_modelling", "transformer_encoder")
    found = predict_run(folder, rows_of(["the film [MASK] great", "the music was fine"]))
    filled = found.texts[0].split()
    assert filled[:2] == ["the", "film"]
    assert filled[-1] == "great"
    assert found.texts[1] == "the music was fine"
