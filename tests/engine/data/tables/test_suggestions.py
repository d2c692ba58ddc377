"""Tables that another source reads better are told from plain ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from engine.data.tables.suggestions import better_source
from engine.data.texts.raw import Texts
from engine.data.texts.sources.text_pairs import TextPairsFile
from engine.data.texts.sources.text_table import TextTable

SENTENCES = [f"This film is number {number} and rather good" for number in range(60)]
CHINESE = [f"我试试{number}" for number in range(60)]
ORIGINS = [f"CC-BY 2.0 (France) by user {number}" for number in range(60)]
WAVES = {f"t{number}": np.sin(np.arange(20) + number / 9) for number in range(60)}
PIXELS = {f"p{number}": np.round(99 * (wave + 1)) for number, wave in enumerate([*WAVES.values()][:49])}
HOURS = pd.date_range("2024-01-01", periods=60, freq="h")


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"review": SENTENCES, "opinion": ["good", "bad"] * 30}, "text_table"),
        ({"review": SENTENCES}, "text_table"),
        (
            {"评论": [f"房间{n}很干净。服务也非常好。下次还会来住" for n in range(60)], "好": [1, 0] * 30},
            "text_table",
        ),
        ({"公司": [f"北京第{n}公司" for n in range(60)], "好": [1, 0] * 30}, ""),
        ({"English": SENTENCES, "Spanish": SENTENCES[::-1]}, "text_pairs"),
        ({"time": HOURS, "load": range(60)}, "time_series"),
        ({"time": HOURS[::-1], "load": range(60)}, "time_series"),  # newest first, as banks write them
        ({"time": [*HOURS[30:], *HOURS[:30]], "load": range(60)}, "time_series"),  # a later year first
        ({"time": HOURS[np.random.default_rng(0).permutation(60)[:50]], "load": range(50)}, ""),
        ({"Elapsed": [f"{n // 12}:{n % 12 * 5:02}" for n in range(60)], "pulse": range(60)}, "time_series"),
        ({"score": [f"{n % 3}:{n % 5}" for n in range(60)], "goals": range(60)}, ""),
        ({"time": HOURS, "place": ["here", "there"] * 30}, ""),
        ({"date": HOURS.normalize(), "from": HOURS.strftime("%H:%M"), "load": range(60)}, "time_series"),
        (
            {"year": HOURS.year, "month": HOURS.month, "day": HOURS.day, "hour": HOURS.hour, "a": range(60)},
            "time_series",
        ),
        ({"Datum": 45356 + np.arange(60) / 24, "load": range(60)}, "time_series"),
        ({"time": HOURS.repeat(2), "sensor": ["a", "b"] * 60, "value": range(120)}, "time_series"),
        ({"time": [*HOURS] * 2, "station": ["a"] * 60 + ["b"] * 60, "value": range(120)}, "time_series"),
        ({"time": [*HOURS] * 2, "station": ["a", "b"] * 60, "value": range(120)}, ""),
        ({"id": range(60), "en": SENTENCES, "fr": SENTENCES[::-1]}, "text_pairs"),
        (
            {
                "en": ["Go."] * 60,
                "fr": ["Va !"] * 60,
                "by": [f"CC-BY 2.0 (France) by user {n}" for n in range(60)],
            },
            "text_pairs",
        ),
        (
            {"中文": [f"你有{n}只猫" for n in range(60)], "英文": [f"{n} cats." for n in range(60)]},
            "text_pairs",
        ),
        ({"序号": range(60), "中文": ["我今天试试"] * 30 + CHINESE[30:], "英文": SENTENCES}, "text_pairs"),
        ({"中文": CHINESE, "英文": SENTENCES, "来源": ["新闻", "教材"] * 30}, "text_pairs"),
        ({"中文": CHINESE, "英文": [f"Go {n}" for n in range(60)]}, "text_pairs"),
        ({"公司": CHINESE, "Company": [f"Firm {n}" for n in range(60)], "size": [1, 2] * 30}, ""),
        ({"片名": CHINESE, "review": SENTENCES, "好": ["yes", "no"] * 30}, "text_table"),
        (
            {
                "v1": ["ham", "spam"] * 30,
                "v2": SENTENCES,
                "column 3": ["bt not his girlfrnd at all"] + [None] * 59,
            },
            "text_table",
        ),
        (
            {"genres": [f"[{{'id': {n}, 'name': 'a long name of it'}}]" for n in range(60)], "a": range(60)},
            "",
        ),
        ({"stars": [1, 2, 3] * 20, "title": SENTENCES, "body": SENTENCES[::-1]}, "text_table"),
        (
            {**{f"t{n}": np.sin(np.arange(20) + n / 9) for n in range(60)}, "label": [0, 1] * 10},
            "series_table",
        ),
        ({f"x{n}": np.random.default_rng(n).normal(size=20) for n in range(60)}, ""),
        (PIXELS, ""),
        ({"label": [1, 2] * 10, **PIXELS}, ""),
        ({**PIXELS, "label": ["cat", "dog"] * 10}, ""),
        ({"file": [f"{n}.jpg" for n in range(60)], "label": [0, 1] * 30}, "images"),
        ({"heart": [800 + n % 9 for n in range(60)]}, "time_series"),
        ({"heart": ["fast", "slow"] * 30}, ""),
        ({"a": range(60), "colour": ["red", "blue"] * 30}, ""),
        ({"a": range(60), "remark": ["a long remark that is always the same"] * 60}, ""),
    ],
)
def test_that_columns_tell_which_source_suits_a_table(columns: dict[str, object], kind: str) -> None:
    assert better_source(pd.DataFrame(columns)) == kind


def test_that_a_table_in_the_order_of_time_is_no_course_where_words_are_to_be_foretold() -> None:
    answers = pd.DataFrame({"when": HOURS, "age": range(60), "opinion": ["good", "bad"] * 30})
    assert better_source(answers, targets=("age",)) == "time_series"
    assert better_source(answers, targets=("opinion",)) == ""


def test_that_cells_too_long_for_names_of_files_are_not_looked_for(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "1.png")
    faces = pd.DataFrame({"emotion": [0, 3] * 30, "pixels": [f"{n} " + "127 " * 2000 for n in range(60)]})
    assert better_source(faces, tmp_path) == ""


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
