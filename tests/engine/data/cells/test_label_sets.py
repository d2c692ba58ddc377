"""Cells that hold several labels: what stands between them is found, said, or told to be said."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.choices import Invalid
from engine.command_line.decision_lines import changes_lines
from engine.data.cells.label_sets import SETTING, labels_in, of_ticked, separator_in, yes_or_no
from engine.data.decisions import decision_in
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.preprocessor import Preprocessor
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile
from engine.data.texts.raw import Texts
from engine.data.texts.sources.text_table import TextTable
from engine.experiment import Experiment
from tests.engine.data.guesses import guess_task


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        (["action;comedy", "comedy;drama", "action", "drama"], ";"),
        (["a|b", "b|c", "a|c", "a"], "|"),
        (["a, b", "b, c", "a, c", "a"], ","),
        (["头痛┋发热", "发热", "头痛", "发热┋头痛"], "┋"),
        (["头痛、发热", "发热", "头痛", "发热、头痛"], "、"),
        (["头痛\uff0c发热", "发热", "头痛", "发热\uff0c头痛"], "\uff0c"),
        (["['a', 'b']", "['b']", '["a", "b", "c"]', "[]"], "list"),
        (["red", "blue", "green"], ""),
        (["red", "blue", "green;blue", "green"], ""),  # one row alone makes no labels
        (["Paris, France", "Rome, Italy", "Bonn, Germany"], ""),
        (["1,5", "2,5", "3,7"], ""),
        ([], ""),
    ],
)
def test_that_what_stands_between_labels_is_found(words: list[str], mark: str) -> None:
    assert separator_in(words)[0] == mark


def test_that_two_labels_are_enough_where_both_also_stand_alone_in_more_than_one_row() -> None:
    assert separator_in(["calm", "slow", "calm|slow"], [20, 30, 10])[0] == "|"
    assert separator_in(["calm", "slow", "calm|slow"], [20, 30, 1])[0] == ""
    assert (
        separator_in(["calm", "calm|new", "old|calm", "none"], [9, 9, 9, 9])[0] == "|"
    )  # new never stands alone
    assert separator_in(["calm", "calm, new", "old, calm", "none"], [9, 9, 9, 9])[0] == ""
    assert separator_in(["black", "white", "black/tan"], [20, 30, 10])[0] == ""


@pytest.mark.parametrize(
    ("cell", "mark", "labels"),
    [
        (" action ; comedy;; action", ";", ("action", "comedy")),
        ("['it''s', \"a, b\", c]", "list", ("it", "s", "a, b", "c")),
        ("{a, b}", "list", ("a", "b")),
        ("[]", ";", ()),
        ("science fiction", " ", ("science", "fiction")),
        ("a;b", "none", ("a;b",)),
    ],
)
def test_that_a_cell_is_cut_into_its_labels(cell: str, mark: str, labels: tuple[str, ...]) -> None:
    assert labels_in(cell, mark) == labels


@pytest.mark.parametrize(
    ("cells", "values", "strange"),
    [
        (["yes", "no", None], [1, 0, np.nan], ""),
        ([1, 0, 1], [1, 0, 1], ""),
        ([True, False, True], [1, 0, 1], ""),
        (["x", None, "X"], [1, 0, 1], ""),
        (["yes", "maybe", "no"], [1, np.nan, 0], "maybe"),
    ],
)
def test_that_yes_and_no_are_read(cells: list[object], values: list[float], strange: str) -> None:
    found, word = yes_or_no(pd.Series(cells))
    np.testing.assert_array_equal(found, values)
    assert word == strange


def table(path: Path, cells: list[str], **settings: str) -> TableFile:
    frame = pd.DataFrame({"a": np.arange(len(cells)) / 7, "y": cells})
    frame.to_csv(path / "t.csv", index=False)
    return TableFile.model_validate({"path": str(path / "t.csv"), "target": "y", **settings})


def prepared(source: TableFile) -> Prepared:
    return prepare(source, Split(), Preprocessing(), "labels", 0)


CELLS = ["a;b", "b;c", "a", "[]", "", "c;a"]


def test_that_labels_become_ones_and_zeros_and_an_empty_cell_is_left_out_and_told(tmp_path: Path) -> None:
    source = table(tmp_path, CELLS * 20)
    assert guess_task(source.read(0)) == "labels"
    found = prepared(source)
    facts = found.description.targets
    assert (facts.kind, facts.names, facts.classes) == ("labels", ("y",), ("a", "b", "c"))
    for part in (found.train, found.validation, found.test):
        assert part.targets.dtype == np.float32
        for row, marks in zip(part.rows, part.targets, strict=True):
            wanted = CELLS[row % 6].strip("[]").split(";")
            assert [name for name, mark in zip("abc", marks, strict=True) if mark] == sorted(wanted) or (
                wanted == [""] and not marks.any()
            )
    assert "20 rows without a target left out; a cell of [] says that no label applies" in str(found.notices)
    assert Preprocessor.from_json(found.preprocessor.to_json()) == found.preprocessor


def test_that_sets_of_labels_have_equal_shares_in_all_parts(tmp_path: Path) -> None:
    found = prepared(table(tmp_path, ["a;b", "b;c", "a;c", "c"] * 50))
    shares = [part.targets.mean(axis=0) for part in (found.train, found.validation, found.test)]
    np.testing.assert_allclose(shares[1], shares[0], atol=0.05)
    np.testing.assert_allclose(shares[2], shares[0], atol=0.05)


def test_that_a_mark_in_one_row_is_none_until_it_is_said(tmp_path: Path) -> None:
    cells = ["red", "blue"] * 30 + ["red;blue"]
    assert guess_task(table(tmp_path, cells).read(0)) == "classes"
    with pytest.raises(Invalid, match="say what stands between them") as caught:
        prepared(table(tmp_path, cells))
    assert [problem.path for problem in caught.value.problems] == ["data.label_separator"]
    told = prepared(table(tmp_path, cells, label_separator=";"))
    assert told.description.targets.classes == ("blue", "red")


def test_that_several_columns_of_yes_and_no_are_labels(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "a": np.arange(60) / 7,
            "toxic": [0, 1, 0] * 20,
            "kind": ["no", "yes"] * 30,
            "tick": ["x", None] * 30,
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    source = TableFile(path=str(tmp_path / "t.csv"), target=("toxic", "kind", "tick"))
    assert guess_task(source.read(0)) == "labels"
    found = prepared(source)
    assert found.description.targets.classes == ("toxic", "kind", "tick")
    np.testing.assert_array_equal(
        found.train.targets, np.stack([[0, 1, 0] * 20, [0, 1] * 30, [1, 0] * 30], 1)[found.train.rows]
    )
    with pytest.raises(Invalid, match="a holds '0"):
        prepared(source.replaced(target=("toxic", "a")))


def test_that_all_rows_alike_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="the same labels \\(a, b\\)"):
        prepared(table(tmp_path, ["a;b", "b;a"] * 30, label_separator=";"))


TICKED: list[tuple[dict[str, list[object]], list[str] | None, str]] = [
    ({"cat": [1, 0, 0], "dog": [0, 1, 0]}, ["cat", "dog", ""], ""),
    ({"cat": [True, False], "dog": [False, True], "note": ["big", "old"]}, ["cat", "dog"], ""),
    ({"cat": [1.0, 0.0, 1.0], "dog": [0.0, 1.0, 1.0], "ox": [0, 0, 0]}, None, ""),
    (
        {"a": ["yes", "no", "no"], "b": ["yes", "yes", "no"], "c": ["no", "yes", "no"]},
        ["a;b", "b;c", "[]"],
        ";",
    ),
    ({"cat": [1, 0, 1], "age": [7, 9, 8]}, None, ""),
]
"""Columns beside an example; the labels that they say, and what stands between several."""


@pytest.mark.parametrize(("columns", "labels", "mark"), TICKED)
def test_that_a_column_for_each_class_says_the_labels(
    columns: dict[str, list[object]], labels: list[str] | None, mark: str
) -> None:
    told: list[str] = []
    found = of_ticked(pd.DataFrame(columns), list(columns), told)
    assert found == (None if labels is None else (labels, {SETTING: mark} if mark else {}))
    assert len(told) == (labels is not None)


def test_that_texts_with_a_column_for_each_class_are_read(tmp_path: Path) -> None:
    rows = "".join(f"words of text {row},{row % 2},{1 - row % 2}\n" for row in range(20))
    (tmp_path / "t.csv").write_text(f"text,good,bad\n{rows}", "utf-8")
    found = TextTable(path=str(tmp_path / "t.csv")).read(0)
    assert isinstance(found, Texts)
    assert found.labels.tolist() == ["bad", "good"] * 10
    assert guess_task(found) == "classes"


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        (["clear primary", "haze primary road", "clear road", "haze primary", "clear"], True),
        (["golden retriever", "german shepherd", "bull terrier", "pug"], False),  # words of one class each
        (["a good film", "the bad film", "I left", "never again"], False),
        (["red", "blue", "green"], False),
    ],
)
def test_that_words_which_recur_in_other_sets_may_be_labels_apart_by_blanks(
    cells: list[str], asked: bool, tmp_path: Path
) -> None:
    path = tmp_path / "tags.csv"
    path.write_text("size,tags\n" + "".join(f"{size},{cells[size % len(cells)]}\n" for size in range(60)))
    told = [decision_in(one) for one in TableFile(path=str(path), target="tags").read(0).notices]
    settings = [one for one in told if one.setting == "data.label_separator"]
    assert bool(settings) is asked
    if asked:  # one class until a person says otherwise, and labels then, by the very words of the prompt
        line = next(changes_lines(settings[0], Experiment(data=TableFile(path=str(path), target="tags"))))
        assert shlex.split(line)[:2] == ["--set", 'data.label_separator=" "']
        raw = TableFile(path=str(path), target="tags", label_separator=" ").read(0)
        assert raw.found[SETTING] == " "
