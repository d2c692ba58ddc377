"""What is said of a network beside simpler models."""

from __future__ import annotations

import pytest

from app.predict.judging_card import target_lines, verdict
from engine.runs.results import Evaluated


@pytest.mark.parametrize(
    ("own", "rivals", "words"),
    [
        ({"perplexity": 90.0}, {"five_gram": {"perplexity": 120.0}}, "every simpler model: Perplexity 90"),
        ({"perplexity": 130.0}, {"five_gram": {"perplexity": 120.0}}, "No better than a simpler model"),
        ({"accuracy": 0.99, "entity_f1": 0.3}, {"usual_tag": {"accuracy": 0.9, "entity_f1": 0.4}}, "Entity"),
        ({"mean_absolute_error": 2.0}, {"mean": {"mean_absolute_error": 9.0}, "seasonal_naive":
          {"mean_absolute_error": 1.5}}, "Season before 1.50"),
        ({"accuracy": 0.9}, {}, ""),
        ({"perplexity": 9.0}, {"dictionary": {"bleu_of_words": 0.1}}, ""),
        ({"accuracy": float("nan")}, {"majority": {"accuracy": 0.5}}, ""),
    ],
)  # fmt: skip
def test_that_the_best_simpler_model_is_what_counts(own, rivals, words) -> None:
    said = verdict(Evaluated("test", 10, 1.0, own, {}, rivals))
    assert (words in said) if words else said == ""


def test_that_each_of_several_targets_has_a_line_of_scores() -> None:
    targets = {f"y{place}": {"r2": 0.5, "mean_absolute_error": 2.0} for place in range(10)}
    lines = target_lines(Evaluated("test", 10, 1.0, {}, {}, {}, targets=targets))
    assert len(lines) == 9
    assert lines[0].startswith("y0: R²")
    assert "2" in lines[-1]
    assert target_lines(Evaluated("test", 10, 1.0, {}, {}, {})) == ()
