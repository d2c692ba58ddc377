"""Queries: what a person writes to find runs, against plain conditions in Python."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.runs.lists.listing import RunEntry
from engine.runs.lists.query import query_of, unknown_names, values_of

EXPERIMENT: Mapping[str, Any] = {
    "name": "Digits",
    "seed": 7,
    "optimizer": {"kind": "adam", "learning_rate": 0.003, "bias_correction": True},
    "architecture": {"kind": "mlp", "hidden": [64, 32], "dropout": 0.2},
    "regularizers": [{"kind": "weight_decay", "strength": 0.01}, {"kind": "clip_norm", "limit": 1.0}],
}
SCORES = {"validation": {"loss": 0.25, "accuracy": 0.93}, "test": {"accuracy": 0.5}}


@dataclass(frozen=True)
class Run:
    entry: RunEntry = field(
        default_factory=lambda: RunEntry(
            "/runs/a", "Digits #3", "finished", step=400, epoch=12, tags=("paper", "Long-Run"), starred=True
        )
    )
    experiment: Mapping[str, Any] = field(default_factory=lambda: EXPERIMENT)

    @property
    def words(self) -> str:
        return f"{self.entry.name} {self.entry.state} adam mlp".casefold()

    def values(self, name: str) -> list[object]:
        return values_of(name, self.entry, self.experiment, SCORES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "digits",
        "DIGITS adam",
        "optimizer.learning_rate < 0.01",
        "optimizer.learning_rate<0.01 and tag:paper",
        "learning_rate <= 3e-3",
        "learning_rate = 0.003",
        "seed = 7",
        "tag:PAPER",
        "tag:long",
        "tag = long-run",
        "optimizer = adam",
        "optimizer:ada",
        "starred = yes",
        "starred:true",
        "state = finished",
        "status:fin",
        "hidden = 32",
        "regularizers = clip_norm",
        "regularizers.strength > 0.001",
        "strength > 0.001",
        "regularizers.weight_decay.strength = 0.01",
        "regularizers.clip_norm:clip",
        "accuracy > 0.9",
        "loss < 0.5",
        "best_loss < 0.5",
        "validation.accuracy > 0.9",
        "test.accuracy < 0.6",
        "epoch >= 12 step > 399",
        "nothing or digits",
        "not nothing",
        "not (nothing or lstm) and (adam or sgd)",
        'name = "digits #3"',
        '"digits #3"',
        "tag\uff1apaper \uff08adam or sgd\uff09",
        "learning_rate != 0.1",
        "bias_correction = true",
    ],
)
def test_that_this_run_is_found(text: str) -> None:
    assert query_of(text).matches(Run())


@pytest.mark.parametrize(
    "text",
    [
        "lstm",
        "digits lstm",
        "optimizer.learning_rate > 0.01",
        "learning_rate = 0.3",
        "learning_rate != 0.003",
        # a setting that the run has not is neither equal nor different nor small
        "momentum < 1",
        "momentum != 1",
        "tag:draft",
        "tag = pap",
        "optimizer = ada",
        "starred = no",
        "accuracy < 0.9",
        "seed < 7",
        "name < 7",
        "starred > 0",
        "not digits",
        "lstm or gru",
        "lstm or digits and gru",
        "12:30",
    ],
)
def test_that_this_run_is_not_found(text: str) -> None:
    assert not query_of(text).matches(Run())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("learning_rate <", "value after learning_rate <"),
        ("tag:", "value after tag :"),
        ("learning_rate < small", "a number"),
        ("digits and", "after and"),
        ("digits or", "after or"),
        ("not", "after not"),
        ("(digits", ") is missing"),
        ("digits)", "too many"),
        ("and digits and", "after and"),
    ],
)
def test_that_what_is_missing_is_said(text: str, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        query_of(text)
    assert said in str(caught.value)


_WORDS = st.sampled_from([("digits", True), ("adam", True), ("lstm", False), ('"digits #3"', True)])
_CONDITIONS = st.builds(
    lambda name_value, sign, limit: (
        f"{name_value[0]} {sign} {limit}",
        bool(eval(f"{name_value[1]} {'==' if sign == '=' else sign} {limit}")),
    ),
    st.sampled_from([("learning_rate", 0.003), ("seed", 7), ("epoch", 12), ("accuracy", 0.93)]),
    st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
    st.sampled_from([0.003, 7, 12, 0.93, 1, 100]),
)


def _joined(parts: st.SearchStrategy[tuple[str, bool]]) -> st.SearchStrategy[tuple[str, bool]]:
    several = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        several.map(
            lambda all_of: (f"({' and '.join(text for text, _ in all_of)})", all(t for _, t in all_of))
        ),
        several.map(lambda all_of: (f"({' '.join(text for text, _ in all_of)})", all(t for _, t in all_of))),
        several.map(
            lambda any_of: (f"({' or '.join(text for text, _ in any_of)})", any(t for _, t in any_of))
        ),
        parts.map(lambda one: (f"not {one[0]}", not one[1])),
    )


@given(st.recursive(_WORDS | _CONDITIONS, _joined, max_leaves=12))
def test_that_any_query_holds_where_its_conditions_do(written: tuple[str, bool]) -> None:
    text, truth = written
    assert query_of(text).matches(Run()) is truth


@given(st.text(max_size=40))
def test_that_any_text_is_a_query_or_says_what_is_missing(text: str) -> None:
    with suppress(Invalid):
        query_of(text).matches(Run())


def test_that_names_of_which_no_run_has_a_value_are_told() -> None:
    asked = query_of("tag:paper and not (learning_rat < 1 or accuracy > 2) and step > 1")
    assert unknown_names(asked, [Run()]) == ("learning_rat",)
    # a tag that nobody has is no misspelt name
    assert unknown_names(query_of("tag:nobody state:x"), [Run()]) == ()


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ({"weights": "/runs/0001-iris", "step": 40}, {"branch:yes", "parent:iris"}),
        ({"weights": "/runs/0001-iris"}, {"branch:no", "parent:iris"}),
        ({}, {"branch:no"}),
    ],
)
def test_that_branches_are_found_and_runs_by_what_they_began_with(
    start: dict[str, object], found: set[str]
) -> None:
    every = ("branch:yes", "branch:no", "parent:iris")
    run = Run(experiment={"start": start})
    assert {text for text in every if query_of(text).matches(run)} == found
    assert unknown_names(query_of("branch:yes and parent:x"), [run]) == ()
