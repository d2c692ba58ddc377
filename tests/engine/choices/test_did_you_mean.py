"""What may have been meant by a word that nobody knows, and what there is."""

from __future__ import annotations

from engine.choices import did_you_mean
from engine.data.refusal import unknown_columns


def test_that_the_nearest_name_is_asked_for_and_what_there_is_is_told_once() -> None:
    (problem,) = unknown_columns("split.group", ["custmer"], ["customer", "price"])
    assert problem.path == "split.group"
    said = "no column 'custmer'; did you mean 'customer'? There are: customer, price"
    assert problem.message == said
    assert not unknown_columns("split.group", ["price"], ["customer", "price"])


def test_that_thousands_of_names_are_counted_and_not_told() -> None:
    said = did_you_mean("gene", [f"gene {place:04}" for place in range(5000)])
    assert said.endswith("and 4940 more")
    assert len(said) < 1000
