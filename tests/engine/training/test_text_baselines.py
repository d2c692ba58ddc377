"""Baselines of texts and forecasts, against scikit-learn and against their formulas in plain Python."""

from __future__ import annotations

import math
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from engine.choices import Family
from engine.data.examples import spread
from engine.data.preparation.prepare import prepare_raw
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.raw import Raw
from engine.data.split import Split
from engine.learning.metrics import Accuracy
from engine.learning.text_metrics import EntityF1, Perplexity
from engine.training.baselines.beside import Beside
from engine.training.baselines.dictionary import most_probable
from engine.training.baselines.forecasts import repeated
from engine.training.baselines.linear import logistic
from engine.training.baselines.ngrams import JoinedTexts, NGrams
from engine.training.baselines.selection import baselines
from engine.training.baselines.tags import usual_tag_of
from engine.training.baselines.words import tf_idf
from tests.engine.text_data import corpus, pairs, reviews, tagged, timeline

HALF = Split(train=0.6, validation=0.2, test=0.2)


def judged(raw: Raw, task: str, metrics: Any, **preprocessing: Any) -> tuple[Prepared, Beside]:
    chosen: Any = Family.every["tasks"][task]()
    prepared = prepare_raw(raw, HALF, Preprocessing(length=16, **preprocessing), chosen.target, 3)
    return prepared, baselines(prepared, chosen, metrics, "test")


# ------------------------------------------------------------------------------------------- text classes


def test_that_weights_and_probabilities_are_those_of_scikit_learn() -> None:
    raw = reviews(120)
    learnt, asked = raw.texts[:90], (*raw.texts[90:], "words nobody has seen", "")
    ours, others = tf_idf(learnt, asked)
    machine = TfidfVectorizer(ngram_range=(1, 2))
    theirs = machine.fit_transform(learnt)
    np.testing.assert_allclose(ours.to_dense().numpy(), theirs.toarray(), atol=1e-12)
    np.testing.assert_allclose(others.to_dense().numpy(), machine.transform(asked).toarray(), atol=1e-12)
    targets = (raw.labels[:90] == "good").astype(np.int64)
    found = logistic(ours, torch.from_numpy(targets), 2, others)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(max_iter=10_000, tol=1e-10).fit(theirs, targets)
        expected = model.predict_proba(machine.transform(asked))
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-3)


def test_that_texts_are_judged_by_their_words_on_the_same_split() -> None:
    prepared, found = judged(reviews(200), "classification", [Accuracy()])
    assert set(found.scores) == {"majority", "tf_idf"}
    assert found.scores["tf_idf"]["accuracy"] > 0.9
    truth = prepared.test.targets
    assert found.scores["majority"]["accuracy"] == pytest.approx(
        float((truth == np.bincount(prepared.train.targets).argmax()).mean())
    )


# --------------------------------------------------------------------------------------------------- tags


def test_that_each_word_gets_its_most_frequent_tag() -> None:
    words = [("Anna", "saw", "Anna"), ("Anna", "saw")]
    tags = [("B-person", "O", "O"), ("B-person", "B-tool")]
    assert usual_tag_of(words, tags) == {"Anna": "B-person", "saw": "B-tool"}


def test_that_usual_tags_are_judged_word_by_word_as_networks_are() -> None:
    raw = tagged(80)
    prepared, found = judged(raw, "tagging", [Accuracy(), EntityF1()], tokenizer="word_pieces", vocabulary=60)
    known = usual_tag_of(*([some[row] for row in prepared.train.rows] for some in (raw.words, raw.tags)))
    right = [
        known.get(word, "O") == tag
        for row in prepared.test.rows
        for word, tag in zip(raw.words[row], raw.tags[row], strict=True)
    ]
    assert found.scores["usual_tag"]["accuracy"] == pytest.approx(float(np.mean(right)))
    assert 0 < found.scores["usual_tag"]["entity_f1"] <= 1


# ------------------------------------------------------------------------------------------------ n-grams

VOCABULARY = 9
token_texts = st.lists(
    st.lists(st.integers(5, VOCABULARY - 1), min_size=1, max_size=12), min_size=1, max_size=5
)


def running(texts: list[list[int]]) -> JoinedTexts:
    return JoinedTexts.of(
        np.array([token for text in texts for token in text], np.int64), np.array([len(one) for one in texts])
    )


class Plain:
    """Interpolated Kneser-Ney by its formula, with dictionaries."""

    def __init__(self, texts: list[list[int]], order: int) -> None:
        self.order = order
        self.counts: list[Counter[tuple[int, ...]]] = [Counter() for _ in range(order + 1)]
        for text in texts:
            for end in range(1, len(text)):
                for length in range(1, min(order, end + 1) + 1):
                    self.counts[length][tuple(text[end + 1 - length : end + 1])] += 1
        raw = [Counter(some) for some in self.counts]
        for length in range(1, order):
            before: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)
            for run in raw[length + 1]:
                before[run[1:]].add(run[0])
            self.counts[length] = Counter(
                {run: len(before[run]) or often for run, often in raw[length].items()}
            )

    def chance(self, token: int, history: tuple[int, ...]) -> float:
        length = len(history) + 1
        shorter = self.chance(token, history[1:]) if history else 1 / VOCABULARY
        after = {run: often for run, often in self.counts[length].items() if run[:-1] == history}
        total = sum(after.values())
        if total == 0:
            return shorter
        values = list(self.counts[length].values())
        once, twice = values.count(1), values.count(2)
        discount = min(max(once / (once + 2 * twice) if once else 0.5, 0.05), 0.95)
        own = max(0.0, after.get((*history, token), 0) - discount)
        return (own + discount * len(after) * shorter) / total


@settings(max_examples=40, deadline=None)
@given(texts=token_texts, asked=token_texts, order=st.integers(2, 5))
def test_that_n_grams_follow_the_formula_of_kneser_and_ney(
    texts: list[list[int]], asked: list[list[int]], order: int
) -> None:
    plain = Plain(texts, order)
    found = NGrams.learnt(running(texts), VOCABULARY, order).log_chances(running(asked)).tolist()
    expected = [
        math.log(plain.chance(token, tuple(text[max(0, place - order + 1) : place]))) if place else 0.0
        for text in asked
        for place, token in enumerate(text)
    ]
    assert found == pytest.approx(expected)


@given(texts=token_texts, history=st.lists(st.integers(5, VOCABULARY - 1), min_size=1, max_size=6))
def test_that_probabilities_add_up_to_1_after_any_history(texts: list[list[int]], history: list[int]) -> None:
    model = NGrams.learnt(running(texts), VOCABULARY)
    chances = model.log_chances(running([[*history, token] for token in range(VOCABULARY)]))
    assert float(np.exp(chances[len(history) :: len(history) + 1]).sum()) == pytest.approx(1)


@pytest.mark.parametrize("task", ["language_modelling", "masked_language_modelling"])
@pytest.mark.parametrize(("raw", "share"), [(corpus(), 0.5), (reviews(150), 1.2)], ids=["corpus", "texts"])
def test_that_five_grams_are_judged_at_the_places_of_the_task(task: str, raw: Any, share: float) -> None:
    prepared, found = judged(raw, task, [Perplexity()], tokenizer="words", vocabulary=200)
    perplexity = found.scores["five_gram"]["perplexity"]
    assert 1 < perplexity < share * prepared.description.targets.vocabulary


def test_that_windows_of_running_text_are_one_text_to_the_five_grams() -> None:
    prepared, found = judged(corpus(), "language_modelling", [Perplexity()], tokenizer="characters")
    streams = []
    for part in (prepared.train, prepared.test):
        stream = [int(part.inputs[0, 0])]
        for window in part.inputs:
            stream += [int(token) for token in window[1:] if token]
        streams.append(stream)
    model = NGrams.learnt(running(streams[:1]), prepared.description.targets.vocabulary)
    expected = math.exp(-model.log_chances(running(streams[1:]))[1:].mean())
    assert found.scores["five_gram"]["perplexity"] == pytest.approx(expected)


# ------------------------------------------------------------------------------------------- dictionaries


def model_one(pairs_: list[tuple[list[str], list[str]]], rounds: int) -> dict[str, Counter[str]]:
    """IBM model 1 with dictionaries, after Brown et al."""
    chance: defaultdict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for _ in range(rounds):
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for source, target in pairs_:
            for word in target:
                whole = sum(chance[one, word] for one in ["", *source])
                for one in ["", *source]:
                    counts[one][word] += chance[one, word] / whole  # type: ignore[assignment]
        chance = defaultdict(float)
        for one, found in counts.items():
            total = sum(found.values())
            chance.update({(one, word): often / total for word, often in found.items()})
    tables: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (one, word), value in chance.items():
        tables[one][word] = value  # type: ignore[assignment]
    return tables


def test_that_the_dictionary_is_that_of_ibm_model_1() -> None:
    rng = np.random.default_rng(0)
    made = []
    for _ in range(60):
        source = [f"s{number}" for number in rng.zipf(1.6, 5).clip(max=12)]
        made.append((source, [f"t{word[1:]}" for word in source if rng.random() < 0.8] or ["t0"]))
    found, tables = most_probable(made), model_one(made, 5)
    for word, said in found.items():
        assert tables[word][said] == pytest.approx(max(tables[word].values()))
    assert found.keys() == tables.keys() - {""}


def test_that_a_language_of_replaced_words_is_learnt_word_for_word() -> None:
    _, found = judged(pairs(300), "translation", [])
    assert found.scores["dictionary"]["bleu_of_words"] > 0.8


# ---------------------------------------------------------------------------------------------- forecasts


def naive(values: np.ndarray[Any, Any], first: int, horizon: int, season: int) -> Iterator[float]:
    for target in range(values.shape[1]):
        for step in range(horizon):
            row = first + step
            while row >= first:
                row -= season
            yield float(values[max(0, row), target])


@given(season=st.integers(1, 9), horizon=st.integers(1, 12), first=st.integers(1, 40))
def test_that_forecasts_repeat_the_last_season_that_is_known(season: int, horizon: int, first: int) -> None:
    values = np.random.default_rng(1).normal(size=(60, 2))
    found = repeated(values, np.array([first]), horizon, season)[0]
    assert found.tolist() == list(naive(values, first, horizon, season))


def test_that_a_course_that_repeats_is_foretold_exactly_by_its_season() -> None:
    metric: Any = Family.every["metrics"]["mean_absolute_error"]()
    _, found = judged(timeline(), "forecasting", [metric])
    assert set(found.scores) == {"mean", "last_value", "seasonal_naive", "ridge"}
    assert found.scores["seasonal_naive"]["mean_absolute_error"] == pytest.approx(0, abs=1e-5)
    assert found.scores["last_value"]["mean_absolute_error"] > 0.1


# ----------------------------------------------------------------------------------------------- in time


def test_that_what_would_take_long_learns_from_less_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.training.baselines.words.MOST_ENTRIES", 400)
    monkeypatch.setattr("engine.training.baselines.runs_of_tokens.MOST_TOKENS", 160)
    monkeypatch.setattr("engine.training.baselines.dictionary.MOST_LINKS", 300)
    monkeypatch.setattr("engine.training.baselines.vectors.MOST_SQUARES", 1000)
    cases = [
        (reviews(200), "classification", Accuracy()),
        (corpus(), "language_modelling", Perplexity()),
        (pairs(200), "translation", Perplexity()),
        (timeline(), "forecasting", Family.every["metrics"]["r2"]()),
    ]
    for raw, task, metric in cases:
        _, found = judged(raw, task, [metric])
        (note,) = found.notes
        assert "has learnt from" in note


@given(count=st.integers(1, 500), kept=st.integers(1, 500))
def test_that_what_is_kept_is_spread_over_all_examples(count: int, kept: int) -> None:
    rows = spread(count, kept)
    assert len(rows) == len(set(rows.tolist())) == min(count, kept)
    assert rows[0] == 0
    assert rows[-1] == count - 1 or kept == 1
