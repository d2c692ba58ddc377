"""Tables that another source reads better are told from plain ones."""

from __future__ import annotations

import pandas as pd
import pytest

from engine.data.raw import Texts
from engine.data.sources.text_pairs import TextPairsFile
from engine.data.sources.text_table import TextTable
from engine.data.tables.sorts import better_source

SENTENCES = [f"This film is number {number} and rather good" for number in range(60)]
HOURS = pd.date_range("2024-01-01", periods=60, freq="h")


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"review": SENTENCES, "opinion": ["good", "bad"] * 30}, "text_table"),
        ({"review": SENTENCES}, "text_table"),
        ({"English": SENTENCES, "Spanish": SENTENCES[::-1]}, "text_pairs"),
        ({"time": HOURS, "load": range(60)}, "time_series"),
        ({"time": HOURS[::-1], "load": range(60)}, "time_series"),  # newest first, as banks write them
        ({"time": [*HOURS[30:], *HOURS[:30]], "load": range(60)}, ""),
        ({"time": HOURS, "place": ["here", "there"] * 30}, ""),
        ({"a": range(60), "colour": ["red", "blue"] * 30}, ""),
        ({"a": range(60), "remark": ["a long remark that is always the same"] * 60}, ""),
    ],
)
def test_that_columns_tell_which_source_suits_a_table(columns: dict[str, object], kind: str) -> None:
    assert better_source(pd.DataFrame(columns)) == kind


def test_that_texts_know_the_columns_they_were_chosen_from(tmp_path) -> None:
    file = tmp_path / "reviews.csv"
    pd.DataFrame({"id": range(60), "review": SENTENCES, "label": ["a", "b"] * 30}).to_csv(file, index=False)
    found = TextTable(path=str(file)).read(0)
    assert isinstance(found, Texts)
    assert found.columns == ("id", "review", "label")


@pytest.mark.parametrize(("name", "mark"), [("pairs.csv", ","), ("pairs.tsv", "\t")])
def test_that_pairs_know_the_columns_they_were_chosen_from(tmp_path, name: str, mark: str) -> None:
    file = tmp_path / name
    file.write_text(f"english{mark}spanish\nGood day{mark}Buenos días\nYes then{mark}Pues sí\n", "utf-8")
    assert TextPairsFile(path=str(file)).read(0).columns == ("english", "spanish")
