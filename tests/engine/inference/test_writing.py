"""How texts are written, and what is told of predictions besides."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.choices import Invalid
from engine.data.series.read.following import following
from engine.inference.prediction import GivenInputs, Manner, predict_run
from engine.inference.results import Aligned, Begun, Filled, Predicted, Trace, Weighed, table_of
from engine.runs.folder import RunFolder
from engine.serving.frames import Decoder, encode
from engine.serving.protocol import RECORDS, Answer
from tests.engine.inference.test_wording import rows_of, trained

BEGINNINGS = ["the film was", "music of people with", "a"]


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return trained(tmp_path_factory.mktemp("lm"), "corpus", "language_modelling", "transformer_decoder")


@pytest.fixture(scope="module")
def translation(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return trained(tmp_path_factory.mktemp("pairs"), "pairs", "translation", "transformer")


def told(folder: RunFolder, given: GivenInputs, **writing: Any) -> Predicted:
    return predict_run(folder, given, manner=Manner(writing, closely=10))


def test_that_a_text_is_written_the_same_way_whatever_is_written_beside_it(language: RunFolder) -> None:
    together = told(language, rows_of([BEGINNINGS[0]] * 3), length=12)
    alone = told(language, rows_of(BEGINNINGS[:1]), length=12)
    assert together.texts[0] == alone.texts[0]
    assert len(set(together.texts)) == 3, "each of them has chances of its own"


def test_that_several_texts_can_be_written_for_each_beginning(language: RunFolder) -> None:
    found = told(language, rows_of(BEGINNINGS[:2]), length=5, count=2)
    assert found.cells == tuple((text,) for text in BEGINNINGS[:2] for _ in range(2))
    assert all(said.startswith(row) for said, (row,) in zip(found.texts, found.cells, strict=True))


def test_that_another_draw_gives_another_text_and_temperature_0_the_same(language: RunFolder) -> None:
    given = rows_of(BEGINNINGS[:1])
    assert told(language, given, length=20, draw=1).texts != told(language, given, length=20, draw=2).texts
    sure = [told(language, given, length=20, temperature=0.0, draw=draw).texts for draw in (1, 2)]
    assert sure[0] == sure[1]


def test_that_it_is_told_what_could_follow_without_writing_anything(language: RunFolder) -> None:
    found = told(language, rows_of(BEGINNINGS[:1]), length=0, temperature=1.0, top_p=1.0)
    assert found.texts == (BEGINNINGS[0],)
    (begun,) = found.behind
    assert isinstance(begun, Begun)
    assert begun.letters == len(BEGINNINGS[0])
    assert list(begun.following.shares) == sorted(begun.following.shares, reverse=True)
    assert 0.5 < sum(begun.following.shares) <= 1 + 1e-9
    (few,) = told(language, rows_of(BEGINNINGS[:1]), length=0, top_k=2, top_p=1.0).behind
    assert isinstance(few, Begun)
    assert len(few.following.shares) == 2
    assert sum(few.following.shares) == pytest.approx(1)


def test_that_texts_are_told_while_they_grow_and_can_be_given_up(language: RunFolder) -> None:
    heard: list[tuple[str, ...]] = []
    found = predict_run(language, rows_of(BEGINNINGS), manner=Manner({"length": 8}, hear=heard.append))
    assert len(heard) >= 8
    for before, after in pairwise(heard):
        assert all(later.startswith(one) for one, later in zip(before, after, strict=True))
    assert heard[-1] == found.texts
    enough = threading.Event()

    def report(share: float, words: str) -> None:
        if enough.is_set():
            raise InterruptedError

    manner = Manner({"length": 2000}, hear=lambda texts: enough.set())
    with pytest.raises(InterruptedError):
        predict_run(language, rows_of(BEGINNINGS), report, manner)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"temperature": -1.0}, "temperature"),
        ({"top_p": 0.0}, "top_p"),
        ({"length": 1_000_000}, "length"),
        ({"width": 3}, "width"),
        ({"temperature": float("nan")}, "temperature"),
    ],
)
def test_that_settings_that_cannot_be_meant_are_told(
    language: RunFolder, wrong: dict[str, Any], path: str
) -> None:
    with pytest.raises(Invalid) as told_so:
        told(language, rows_of(BEGINNINGS), **wrong)
    assert [problem.path for problem in told_so.value.problems] == [path]


def test_that_a_beam_of_one_is_greedy_and_where_it_looked_adds_up(translation: RunFolder) -> None:
    given = rows_of(["cat sees house", "big red tree finds old bird"])
    greedy, narrow = told(translation, given), told(translation, given, width=1)
    assert greedy.texts == narrow.texts
    wide = told(translation, given, width=4)
    for found in (greedy, wide):
        for said, behind in zip(found.texts, found.behind, strict=True):
            assert isinstance(behind, Aligned)
            assert behind.weights.shape == (len(behind.written), len(behind.source))
            assert behind.weights.sum(axis=1) == pytest.approx(1, abs=1e-5)
            assert " ".join(token.removeprefix("␣") for token in behind.written) == said


def test_that_gaps_are_filled_by_their_first_guess_and_a_text_without_gaps_is_told(tmp_path: Path) -> None:
    folder = trained(tmp_path, "reviews", "masked_language_modelling", "transformer_encoder")
    found = told(folder, rows_of(["the film [MASK] great [MASK]", "the music was fine"]))
    one, other = found.behind
    assert isinstance(one, Filled)
    assert isinstance(other, Filled)
    assert len(one.gaps) == 2
    for gap, guesses in zip(one.gaps, one.guesses, strict=True):
        assert one.tokens[gap] == guesses.tokens[0]
    assert other.gaps == ()
    assert any("1 of 2 texts have no gap" in warning for warning in found.warnings)


def test_that_words_are_weighed_as_the_probe_weighs_them(tmp_path: Path) -> None:
    folder = trained(tmp_path, "reviews", "classification", "lstm")
    found = told(folder, rows_of(["the film was great", "dull"]))
    first, second = found.behind
    assert isinstance(first, Weighed)
    assert isinstance(second, Weighed)
    assert [token.removeprefix("␣") for token in first.tokens][1:-1] == ["the", "film", "was", "great"]
    assert float(first.weights.max()) == pytest.approx(1)
    assert len(second.tokens) == len(second.weights) == 3
    with pytest.raises(Invalid, match="there is no text"):
        told(folder, rows_of([""]))


def test_that_a_forecast_follows_the_data_of_the_run_as_it_follows_the_same_rows_of_a_file(
    tmp_path: Path,
) -> None:
    folder = trained(tmp_path, "timeline", "forecasting", "lstm", preprocessing={})
    own = told(folder, GivenInputs())
    given = told(folder, GivenInputs(path=tmp_path / "data" / "load.csv"))
    assert own.rows == given.rows
    assert own.values.tolist() == given.values.tolist()
    assert own.values.shape == (4, 1)
    (before,) = own.behind
    assert isinstance(before, Trace)
    assert before.names == ("load",)
    assert len(before.times) == len(before.values) >= 16
    header, *rows = table_of(own)
    assert header[1] == "prediction of load"
    assert [row[0] for row in rows] == list(own.rows)


def test_that_only_a_forecast_can_do_without_inputs(language: RunFolder) -> None:
    with pytest.raises(Invalid, match="nothing to predict for"):
        told(language, GivenInputs())


@pytest.mark.parametrize(
    ("times", "after"),
    [
        (["1", "2", "3"], ("4", "5")),
        (["1990", "2000", "2010"], ("2020", "2030")),
        (["2024-01-01 23:00", "2024-01-02 00:00"], ("2024-01-02 01:00", "2024-01-02 02:00")),
        (["2023-11-01", "2023-12-01", "2024-01-01"], ("2024-02-01", "2024-03-01")),
        (["2024-01-01", "2024-01-03", "2024-01-04"], ("+1", "+2")),
        (["2024-01-01"], ("+1", "+2")),
        (["a", "b", "c"], ("+1", "+2")),
    ],
)
def test_that_the_times_of_a_forecast_go_on_as_the_rows_do(times: list[str], after: tuple[str, ...]) -> None:
    assert following(times, 2) == after


def test_that_all_that_lies_behind_a_prediction_survives_the_way_to_the_window() -> None:
    behind = (
        Weighed(("a",), np.ones(1, np.float32), "attention"),
        Aligned(("a",), ("b",), np.ones((1, 1), np.float32)),
        Trace(("a",), np.ones((2, 1), np.float32), ("1", "2")),
    )
    for one in (*behind, Begun, Filled):
        kind = one if isinstance(one, type) else type(one)
        assert RECORDS[kind.__name__] is kind
    sent = Predicted("classes", ("x",), ("1",), np.ones((1, 1), np.float32), behind=behind)
    (found,) = Decoder().feed(encode(Answer(1, sent)))
    assert [type(one) for one in found.value.behind] == [type(one) for one in behind]
