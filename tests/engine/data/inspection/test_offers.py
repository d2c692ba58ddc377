"""No kind of data is offered that cannot be read: an offer is read, or asks which column is meant."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engine.choices import Invalid, fields
from engine.data.inspection.offers import read_by
from engine.data.inspection.records import Inspection
from engine.data.source import Source
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment

ROWS = range(80)
DRAW = random.Random(4)
WORDS = ["river", "stone", "light", "winter", "garden", "paper", "silver", "morning", "open", "road"]
FILES = {
    "addresses of pictures": ("name,photo,value", lambda row: f"p{row},https://a.b/{row}.png,{row % 7}"),
    "names of pictures that are not there": ("photo,value", lambda row: f"{row}.jpg,{row % 7}"),
    "names of texts that are not there": ("file,value", lambda row: f"{row}.txt,{'ab'[row % 2]}"),
    "days": ("day,value", lambda row: f"2024-{1 + row // 28:02}-{1 + row % 28:02},{row % 7}"),
    "days of shops": ("shop,day,value", lambda row: f"{row % 2},2024-01-{1 + row // 2 % 28:02},{row}"),
    "days that come again": ("day,value", lambda row: f"2024-01-{1 + row // 20:02},{row % 7}"),
    "words of sentences": ("sentence,word,tag", lambda row: f"{row // 8},{WORDS[row % 10]},{'OB'[row % 2]}"),
    "texts": ("text,kind", lambda row: f"{' '.join(DRAW.choices(WORDS, k=12))},{'ab'[row % 2]}"),
    "texts in two languages": ("a,b", lambda row: f"{' '.join(DRAW.choices(WORDS, k=4))},我喜欢{row}号花园"),
    "numbers near each other": (",".join(f"t{place}" for place in range(40)),
                                lambda row: ",".join(str(row + place / 9) for place in range(40))),
}  # fmt: skip


def refused(found: Inspection, source: Source) -> str:
    """Why the kind that is offered cannot be read; empty where it can, or asks for a column."""
    if not found.suggests:
        return ""
    other = read_by(found.suggests, source, found.suggests_rows)
    try:
        other.read_ordinary(0)
    except Invalid as error:
        asked = {
            f"data.{one.name}" for one in fields(type(other)) if one.setting.role in ("column", "columns")
        }
        return "" if {problem.path for problem in error.problems} <= asked else str(error)
    return ""


@pytest.mark.parametrize("name", FILES)
def test_that_what_is_offered_can_be_read(tmp_path: Path, name: str) -> None:
    head, row = FILES[name]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([head, *map(row, ROWS)]) + "\n", "utf-8")
    source = TableFile(path=str(path))
    assert refused(Experiment(data=source).recipe.inspected(), source) == ""


def test_that_addresses_of_pictures_and_names_of_none_offer_no_folder_of_pictures(tmp_path: Path) -> None:
    for name in ("addresses of pictures", "names of pictures that are not there"):
        head, row = FILES[name]
        (tmp_path / "rows.csv").write_text("\n".join([head, *map(row, ROWS)]) + "\n", "utf-8")
        assert Experiment(data=TableFile(path=str(tmp_path / "rows.csv"))).recipe.inspected().suggests == ""


TOLD: dict[str, tuple[str, tuple[str, ...], str, object]] = {
    "a class of texts": ("texts", ("kind",), "label", "kind"),
    "a number over days": ("days", ("value",), "target", ("value",)),
}


@pytest.mark.parametrize("case", TOLD)
def test_that_an_offer_predicts_what_was_chosen_be_it_a_label_or_a_target(tmp_path: Path, case: str) -> None:
    name, chosen, setting, kept = TOLD[case]
    head, row = FILES[name]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([head, *map(row, ROWS)]) + "\n", "utf-8")
    source = TableFile(path=str(path), target=chosen)
    found = Experiment(data=source).recipe.inspected()
    assert found.suggests
    other = read_by(found.suggests, source, found.suggests_rows)
    assert getattr(other, setting) == kept
    assert read_by("table", other, len(ROWS)).replaced(path=str(path)) == source


def test_that_several_targets_are_no_label_and_no_file_of_translations_is_a_target() -> None:
    several, one = TableFile(path="a.csv", target=("a", "b")), TableFile(path="a.csv", target=("a",))
    assert read_by("text_table", several, 9).model_dump()["label"] == ""
    assert read_by("time_series", several, 9).model_dump()["target"] == ["a", "b"]
    assert read_by("series_table", one, 9).model_dump()["label"] == "a"
    assert "target" not in read_by("text_files", one, 9).model_dump()
