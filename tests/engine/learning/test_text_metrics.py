"""Metrics of texts against plain Python: conlleval's counting of names, BLEU in fractions, perplexity."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from engine.data.about import About
from engine.data.description import Targets
from engine.learning.bleu import bleu_counts, bleu_score
from engine.learning.metrics import Accuracy, ConfusionCounts, MacroF1, Metric
from engine.learning.text_metrics import Bleu, EntityF1, Perplexity, TokenAccuracy
from tests.engine.learning.metric_formulas import bleu_by_fractions, names_in

CODES = {"O": 0, "B-x": 1, "I-x": 2, "B-y": 3, "I-y": 4}
NAMES = list(CODES)
sentences = st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=9), max_size=6)


def value(metric: Metric, predictions: torch.Tensor, targets: torch.Tensor) -> float:
    return float(metric.value(metric.observe(predictions, targets)))


def tagged(pairs: list[list[tuple[int, int]]], gaps: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Probabilities and truth of sentences of (predicted, true) codes, words `gaps` + 1 places apart."""
    width = (gaps + 1) * max([len(one) for one in pairs], default=0) + 1
    truth = torch.full((len(pairs), width), -1)
    guess = torch.randint(5, truth.shape, generator=torch.Generator().manual_seed(0))
    for row, one in enumerate(pairs):
        for place, (predicted, right) in enumerate(one):
            guess[row, place * (gaps + 1)], truth[row, place * (gaps + 1)] = predicted, right
    return torch.eye(5)[guess], truth


@given(pairs=sentences, gaps=st.integers(0, 2))
def test_that_names_are_counted_as_conlleval_does(pairs: list[list[tuple[int, int]]], gaps: int) -> None:
    right = found = there = 0
    for one in pairs:
        guessed, true = (names_in([NAMES[codes[side]] for codes in one]) for side in (0, 1))
        right, found, there = right + len(guessed & true), found + len(guessed), there + len(true)
    statistics = EntityF1().observe(*tagged(pairs, gaps))
    assert statistics.tolist() == [right, found, there]
    score = float(EntityF1().value(statistics))
    assert math.isnan(score) if found + there == 0 else score == pytest.approx(2 * right / (found + there))


@pytest.mark.parametrize(
    ("predicted", "true", "score"),
    [
        ("B-x I-x O", "B-x I-x O", 1.0),
        ("B-x O O", "B-x I-x O", 0.0),
        ("I-x I-x O", "B-x I-x O", 1.0),
        ("B-x B-x O", "B-x I-x O", 0.0),
        ("B-y I-y O", "B-x I-x O", 0.0),
        ("B-x I-y O", "B-x B-y O", 1.0),
        ("B-x O B-y", "B-x O O", 2 / 3),
    ],
)
def test_that_a_name_counts_only_with_its_bounds_and_type(predicted: str, true: str, score: float) -> None:
    pairs = [(CODES[one], CODES[other]) for one, other in zip(predicted.split(), true.split(), strict=True)]
    assert value(EntityF1(), *tagged([pairs])) == pytest.approx(score)


def test_that_tags_that_name_no_entities_are_refused_with_what_fits() -> None:
    fitting = Targets("tags", ("tag",), ("O", "B-person", "I-person"), length=4)
    assert EntityF1().problems(About(targets=fitting)) == ()
    (problem,) = EntityF1().problems(
        About(targets=Targets("tags", ("tag",), ("ADJ", "NOUN", "VERB"), length=4))
    )
    assert problem.path == "kind"
    assert "ADJ" in problem.message


@given(pairs=sentences)
def test_that_scores_of_tags_are_those_of_all_words_that_count(pairs: list[list[tuple[int, int]]]) -> None:
    guess, truth = ([codes[side] for one in pairs for codes in one] for side in (0, 1))
    predictions, targets = tagged(pairs, 1)
    if not truth:
        assert math.isnan(value(Accuracy(), predictions, targets))
        return
    assert value(Accuracy(), predictions, targets) == pytest.approx(oracle.accuracy_score(truth, guess))
    expected = oracle.f1_score(truth, guess, average="macro", zero_division=0)
    assert value(MacroF1(), predictions, targets) == pytest.approx(expected)
    matrix = ConfusionCounts().observe(predictions, targets).numpy()
    np.testing.assert_array_equal(matrix, oracle.confusion_matrix(truth, guess, labels=range(5)))


def test_that_perplexity_and_accuracy_are_per_token_not_per_text() -> None:
    chances = [[0.5, 0.25, 0.1], [0.2]]
    hits = [[1, 0, 0], [1]]
    truth, predictions = torch.full((2, 3), -1), torch.full((2, 3, 2), torch.nan)
    for row, (some, right) in enumerate(zip(chances, hits, strict=True)):
        for place, (chance, hit) in enumerate(zip(some, right, strict=True)):
            truth[row, place] = 7
            predictions[row, place] = torch.tensor([math.log(chance), hit])
    assert value(Perplexity(), predictions, truth) == pytest.approx((0.5 * 0.25 * 0.1 * 0.2) ** (-1 / 4))
    assert value(TokenAccuracy(), predictions, truth) == 0.5


def test_that_the_perplexity_of_an_even_guess_is_the_size_of_the_vocabulary() -> None:
    predictions = torch.full((4, 9, 2), math.log(1 / 250), dtype=torch.float64)
    assert value(Perplexity(), predictions, torch.full((4, 9), 6)) == pytest.approx(250)


# --------------------------------------------------------------------------------------------------- BLEU

words = st.lists(st.sampled_from("abcd"), min_size=1, max_size=9)
corpora = st.lists(st.tuples(words, words), min_size=1, max_size=5)


@given(pairs=corpora)
def test_that_bleu_follows_its_formula(pairs: list[tuple[list[str], list[str]]]) -> None:
    counts = np.sum([bleu_counts(*pair) for pair in pairs], axis=0).tolist()
    assert bleu_score(counts) == pytest.approx(bleu_by_fractions(pairs))


def test_that_bleu_of_a_known_example_is_its_published_value() -> None:
    """Papineni et al., section 2.1: "the the the the the the the" finds 2 of its 7 words in the reference."""
    counts = bleu_counts(["the"] * 7, ["the", "cat", "is", "on", "the", "mat"])
    assert counts[0] == 2
    assert counts[4] == 7


@given(pairs=corpora)
def test_that_the_metric_counts_tokens_up_to_the_end_of_each_text(
    pairs: list[tuple[list[str], list[str]]],
) -> None:
    codes = {letter: 5 + index for index, letter in enumerate("abcd")}
    predictions, truth = torch.zeros((len(pairs), 12, 3)), torch.full((len(pairs), 12), -1)
    for row, (candidate, reference) in enumerate(pairs):
        written = [*(codes[one] for one in candidate), 3]
        wanted = [*(codes[one] for one in reference), 3]
        predictions[row, : len(written), 2] = torch.tensor(written).float()
        truth[row, : len(wanted)] = torch.tensor(wanted)
    assert value(Bleu(), predictions, truth) == pytest.approx(bleu_by_fractions(pairs))


def test_that_bleu_of_nothing_written_is_0_and_of_nothing_asked_no_number() -> None:
    assert bleu_score(bleu_counts([], list("abcde"))) == 0
    assert math.isnan(bleu_score(bleu_counts([], [])))
