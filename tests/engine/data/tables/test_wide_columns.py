"""Cells of many forms that were read as something else, or were said to be what they are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.data.cells.values import is_number
from engine.data.decisions import decision_in
from engine.data.tables.doubts import alike_words
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile

ROWS = 120


def read(folder: Path, name: str, cells: list[str], **settings: object) -> Table:
    """Return a table of a column of these cells, again and again, beside one of numbers."""
    lines = [f"{cells[row % len(cells)]};{row % 37 / 8:.3f}" for row in range(ROWS)]
    (folder / "t.csv").write_text("\n".join([f"{name};n", *lines]) + "\n", "utf-8")
    found = TableFile.model_validate({"path": str(folder / "t.csv"), **settings}).read(0)
    assert isinstance(found, Table)
    return found


def offers(table: Table, name: str) -> dict[object, tuple[str, ...]]:
    """Return what else a column could be, with how its cells are read then."""
    told = [decision_in(one) for one in table.notices]
    return {other.value: other.read for one in told if one.column == name for other in one.others}


HIDDEN = {
    "digits that are hidden": ["917xx", "860xx", "112xx"],
    "answers beside their opposite": ["无", "有"],
    "signs of an urine test": ["-", "+", "++", "±"],
}


@pytest.mark.parametrize("cells", HIDDEN.values(), ids=HIDDEN)
def test_that_nothing_is_asked_of_words_that_are_no_numbers_and_not_missing(
    cells: list[str], tmp_path: Path
) -> None:
    found = read(tmp_path, "a", cells)
    assert found.frame["a"].unique().tolist() == cells
    assert not offers(found, "a")


@pytest.mark.parametrize("cells", [["无", "低", "高"], ["-", "a", "b"]])
def test_that_words_without_their_opposite_may_mean_missing(cells: list[str], tmp_path: Path) -> None:
    assert {(cells[0],), cells[0]} & {*offers(read(tmp_path, "a", cells), "a")}


def test_that_a_sum_of_two_numbers_is_none_of_more_digits(tmp_path: Path) -> None:
    found = offers(read(tmp_path, "a", ["15+2", "5+10", "20+60", "10+0"]), "a")
    assert all(len(cell) < 3 for cells in found.values() for cell in cells)


def test_that_times_of_day_with_points_are_asked_about_and_read(tmp_path: Path) -> None:
    cells = [f"{hour:02}.30.00" for hour in range(24)]
    assert "number" in offers(read(tmp_path, "Time", cells), "Time")
    found = read(tmp_path, "Time", cells, types={"Time": "number"}).frame["Time"]
    assert found.head(3).tolist() == [1800, 5400, 9000]
    assert not is_number(read(tmp_path, "Version", ["1.10.22", "1.9.0", "2.0.13"]).frame["Version"])


def test_that_several_codes_very_far_above_all_measures_are_asked_about(tmp_path: Path) -> None:
    rain = ["0", "5", "12", "31", "7", "2", "32700", "32766"]
    assert ("32700", "32766") in offers(read(tmp_path, "a", rain), "a")
    # the rich are far from all others, each by himself, and nobody writes 300 for what is missing
    assert not offers(read(tmp_path, "a", [*map(str, range(1, 118)), "40010", "41377", "52801"]), "a")
    assert not offers(read(tmp_path, "a", ["0", "5", "2", "3", "7", "1", "300", "310"]), "a")


def test_that_the_names_of_records_in_a_cell_are_the_choices() -> None:
    from engine.data.cells.label_sets import labels_in

    for cell in ('[{"id": 28, "name": "Action"}, {"id": 35, "name": "Com\'edy"}]',
                 "[{'id': 28, 'name': 'Action'}, {'id': 35, 'name': \"Com'edy\"}]"):  # fmt: skip
        assert labels_in(cell, "list") == ("Action", "Com'edy")
    assert labels_in("['a', 'b']", "list") == ("a", "b")


@pytest.mark.parametrize(
    ("cells", "told"),
    [(["Male", "male", "Female"], True), (["\uff21", "A", "B"], True), (["a", "b", "ab"], False)],
)
def test_that_words_which_differ_in_capital_letters_alone_are_told(
    cells: list[str], told: bool, tmp_path: Path
) -> None:
    found = alike_words(read(tmp_path, "a", cells), np.arange(ROWS))
    assert [cells[0] in one and cells[1] in one for one in found] == [True] * told


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["(20, 30]", "(30, 45]"], [25, 37.5]),
        (["[10-20)", "[0-10)"], [15, 5]),
        (["0<=X<200", "<0", ">=200"], [100, 0, 200]),
    ],
)
def test_that_intervals_of_mathematics_are_ranges(
    cells: list[str], values: list[float], tmp_path: Path
) -> None:
    assert "range" in offers(read(tmp_path, "a", cells), "a")
    found = read(tmp_path, "a", cells, types={"a": "range"}).frame["a"]
    assert found.head(len(values)).tolist() == values


def test_that_a_reading_which_makes_all_cells_one_number_is_none(tmp_path: Path) -> None:
    found = read(tmp_path, "income", ["<=50K", ">50K"])
    assert not offers(found, "income")
    assert found.frame["income"].nunique() == 2


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["22千", "3.7万", "1.2万"], [22_000, 37_000, 12_000]),
        (["8千元", "5万元", "1.2亿元"], [8_000, 50_000, 120_000_000]),
        (["3千克", "5千克", "8千克"], [3, 5, 8]),
    ],
)
def test_that_thousands_stand_beside_ten_thousands(
    cells: list[str], values: list[float], tmp_path: Path
) -> None:
    assert read(tmp_path, "a", cells).frame["a"].head(3).tolist() == values


@pytest.mark.parametrize("name", ["计划ID", "商品id", "shop_id", "userID"])
def test_that_identifiers_are_known_behind_letters_of_any_script(name: str, tmp_path: Path) -> None:
    told = [decision_in(one) for one in read(tmp_path, name, ["10231", "10232", "10377"]).notices]
    assert [one.doubtful for one in told if one.column == name] == [True]


@pytest.mark.parametrize(("name", "asked"), [("Fly Ash (component 3)", False), ("Weight", True)])
def test_that_of_components_there_may_be_none(name: str, asked: bool, tmp_path: Path) -> None:
    cells = [*map(str, range(90, 150, 4)), "0", "0", "0"]
    assert ("positive" in offers(read(tmp_path, name, cells), name)) == asked


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["12,-", "7,-", "30,-"], [12, 7, 30]),
        (["12,-", "7,50", "1.250,-"], [12, 7.5, 1250]),
        (["12,50-", "7,25-", "3,10"], [-12.5, -7.25, 3.1]),
        (["零下5度", "12度", "3度"], [-5, 12, 3]),
        (["3.5V", "3500mV", "4V"], [3.5, 3.5, 4]),
        (["2W", "500mW", "1W"], [2, 0.5, 1]),
        (["2MW", "500kW", "1MW"], [2, 0.5, 1]),
        (["1.5 bar", "150 kPa", "2 bar"], [1.5, 1.5, 2]),
        (["2s", "350ms", "500µs", "3s"], [2, 0.35, 0.0005]),
    ],
)
def test_that_numbers_are_read_with_what_stands_around_them(
    cells: list[str], values: list[float], tmp_path: Path
) -> None:
    assert read(tmp_path, "a", cells).frame["a"].head(3).tolist() == pytest.approx(values)


@pytest.mark.parametrize("odd", ["7-0", "40-12", "9-0"])
def test_that_pairs_of_numbers_are_no_days_and_no_ranges_where_some_cannot_be(
    odd: str, tmp_path: Path
) -> None:
    assert "date" in offers(read(tmp_path, "a", ["6-11", "5-11", "6-5", "6-7"]), "a")
    found = {*offers(read(tmp_path, "a", ["6-11", "5-11", "6-5", "6-7", odd]), "a")}
    assert not {"date", "range"} & found


@pytest.mark.parametrize("cells", [["16:9", "4:3", "21:9"], ["1:1.2", "1:0.8", "1:1"]])
def test_that_a_ratio_is_no_time(cells: list[str], tmp_path: Path) -> None:
    assert not {"number", "duration"} & {*offers(read(tmp_path, "a", cells), "a")}


def test_that_what_is_written_with_a_unit_names_nothing(tmp_path: Path) -> None:
    assert "leave_out" not in offers(read(tmp_path, "brand", ["10 kg", "20 kg", "50 kg"]), "brand")
    assert "leave_out" in offers(read(tmp_path, "brand", ["10", "20", "50"]), "brand")


def test_that_long_numbers_with_the_same_letters_behind_are_names(tmp_path: Path) -> None:
    cells = [f"2005{row * 7919 % 100_000:05}BS" for row in range(ROWS)]
    assert read(tmp_path, "a", cells).frame["a"].tolist() == cells
    assert is_number(read(tmp_path, "a", [f"{row * 17 % 900 + 5}mAh" for row in range(ROWS)]).frame["a"])
