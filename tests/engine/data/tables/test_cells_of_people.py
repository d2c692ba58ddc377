"""Tables as people type them: marks of other keyboards, units side by side, boxes that are ticked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.data.cells.label_sets import yes_or_no
from engine.data.decisions import Decision, decision_in
from engine.data.tables.new import typed_rows
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile
from engine.suggestions import begun


def read(path: Path, text: str, **settings: object) -> Table:
    """Return the table in a file of this text."""
    path.write_text(text, "utf-8")
    found = TableFile(path=str(path), **settings).read(0)
    assert isinstance(found, Table)
    return found


def doubts(table: Table, setting: str) -> list[Decision]:
    """Return what is asked about a setting."""
    told = map(decision_in, table.notices)
    return [one for one in told if one.doubtful and one.setting == setting]


# --------------------------------------------------------------------------- marks of a Chinese keyboard


@pytest.mark.parametrize("mark", ["\uff0c", "\uff1b", "、"])
def test_that_cells_are_parted_by_the_marks_of_a_chinese_keyboard(mark: str, tmp_path: Path) -> None:
    lines = ["城市,面积,说明", '北京,80,"近,好"', "上海,90.5,大", "广州,,小"]
    found = read(tmp_path / "t.csv", "\n".join(lines).replace(",", mark))
    assert found.found["separator"] == mark
    assert found.frame["面积"].tolist()[:2] == [80, 90.5]
    assert found.frame["说明"].tolist() == [f"近{mark}好", "大", "小"]


@pytest.mark.parametrize(
    "text",
    [
        "句子\n今天好\uff0c去玩。\n明天\uff0c不去。\n后天\uff0c雨。\n",
        "id,爱好\n1,书\uff0c球\n2,画\uff0c歌\n3,书\uff0c歌\n",
        "名\n甲\n乙\uff0c丙\n丁\n",
    ],
    ids=("sentences", "lists in a cell", "a single one"),
)
def test_that_such_marks_within_sentences_and_lists_part_no_cells(text: str, tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", text)
    assert found.found["separator"] == ","
    assert not doubts(found, "data.separator")


def test_that_words_parted_by_such_marks_are_asked_about(tmp_path: Path) -> None:
    text = "题目\uff0c答案\n一加一\uff0c二\n二加二\uff0c四\n三加三\uff0c六\n"
    (asked,) = doubts(read(tmp_path / "t.csv", text), "data.separator")
    (other,) = asked.others
    assert list(read(tmp_path / "t.csv", text, separator=other.value).frame.columns) == ["题目", "答案"]


# ------------------------------------------------------------------------------- units beside each other

LENGTHS = [f"{n / 10} km" if n % 3 else f"{n * 10} m" for n in range(11, 71)]
MIXED: dict[str, tuple[list[str], str, str, float]] = {
    "lengths": (LENGTHS, "km", "120 m", 0.12),
    "weights": ([f"{n}.5kg" if n % 3 else f"{n}00g" for n in range(1, 60)], "kg", "300g", 0.3),
    "durations": ([f"{n} min" if n % 3 else f"{n / 10} h" for n in range(10, 70)], "min", "1.2 h", 72),
    "ages": ([f"{n} years" if n % 3 else f"{n} months" for n in range(2, 60)], "years", "6 months", 0.5),
    "degrees": ([f"{n}℃" if n % 3 else f"{n + 50}℉" for n in range(10, 40)], "°C", "68℉", 20),
    "memory": ([f"{n} GB" if n % 3 else f"{n}00 MB" for n in range(1, 60)], "GB", "300 MB", 0.3),
    "in chinese": ([f"{n}.5公里" if n % 3 else f"{n}00米" for n in range(1, 60)], "公里", "300米", 0.3),
}


@pytest.mark.parametrize(("cells", "unit", "cell", "value"), MIXED.values(), ids=MIXED)
def test_that_units_of_one_kind_are_read_as_one(
    cells: list[str], unit: str, cell: str, value: float, tmp_path: Path
) -> None:
    found = read(tmp_path / "t.csv", "x,y\n" + "".join(f"{one},a\n" for one in [cell, *cells]))
    assert found.frame["x"].iloc[0] == pytest.approx(value, rel=1e-3)
    (told,) = [one for one in found.notices if "different units" in one]
    assert f"read in {unit}" in told
    assert not decision_in(told).doubtful
    types = found.found["types"]
    assert isinstance(types, dict)
    # by the type that is kept, a run reads its file as it did
    assert types["x"] == "measure"
    again = read(tmp_path / "t.csv", (tmp_path / "t.csv").read_text("utf-8"), types=types)
    assert again.frame["x"].tolist() == found.frame["x"].tolist()


@pytest.mark.parametrize(
    "cells",
    [
        [f"{n}kg" if n % 2 else f"{n}l" for n in range(1, 60)],
        [f"{n} km" if n % 2 else f"{n}00" for n in range(1, 60)],
        [f"{n} Main St" if n % 2 else f"{n} King Rd" for n in range(1, 60)],
    ],
    ids=("of two kinds", "some bare", "streets"),
)
def test_that_what_measures_different_things_is_no_measure(cells: list[str], tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "x,y\n" + "".join(f"{one},a\n" for one in cells))
    assert not [one for one in found.notices if "are read in" in one]


def test_that_a_number_chosen_by_an_earlier_run_keeps_to_one_unit(tmp_path: Path) -> None:
    text = "x,y\n" + "".join(f"{one},a\n" for one in LENGTHS)
    found = read(tmp_path / "t.csv", text, types={"x": "number"})
    assert found.frame["x"].isna().sum() == sum(" m" in one for one in LENGTHS)


def test_that_new_rows_of_another_unit_are_told_in_that_of_training() -> None:
    rows = [{"x": cell} for cell in ("300 m", "2 km", "1.5", "0,5 km")]
    frame = typed_rows(rows, "a table", types={"x": "measure"}, units={"x": "km"}).frame
    assert frame["x"].astype(float).tolist() == [0.3, 2, 1.5, 0.5]


NAMES = ["Brothers", "Seas", "Sisters", "Kings"]
STREETS = ["Main St", "Oak Ave", "5th Avenue", "Maple Rd", "King Street", "rue de la Paix", "Broadway"]


@pytest.mark.parametrize("several", [True, False])
def test_that_streets_are_words(several: bool, tmp_path: Path) -> None:
    numbers = range(1, 100) if several else [12, 14, 7] * 30
    cells = [f"{number} {STREETS[place % 7]}" for place, number in enumerate(numbers)]
    _are_words(cells, tmp_path)


def test_that_numbers_before_many_names_are_words(tmp_path: Path) -> None:
    cells = [f"{place // 4 % 8 + 2} {NAMES[place % 4]}" for place in range(160)]
    _are_words(cells, tmp_path)


def _are_words(cells: list[str], tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "x,y\n" + "".join(f"{one},a\n" for one in cells))
    assert found.frame["x"].tolist() == cells
    assert not found.notices
    assert not found.doubts


# --------------------------------------------------------------------------------- boxes that are ticked


@pytest.mark.parametrize("mark", ["x", "X", "√", "✓", "☑", "TRUE", "yes", "是"])
def test_that_an_empty_cell_beside_one_mark_says_no(mark: str, tmp_path: Path) -> None:
    rows = [(place % 3 == 0, place % 4 == 0, place % 5 == 0) for place in range(1, 61)]
    lines = [",".join(mark if ticked else "" for ticked in row) for row in rows]
    found = read(tmp_path / "t.csv", "\n".join(["a,b,c", *lines]), target="c")
    # rows none of whose boxes is ticked are examples
    assert len(found) == 60
    for name, ticked in zip("abc", zip(*rows, strict=True), strict=True):
        assert found.frame[name].tolist() == [mark if one else "no" for one in ticked]
    told = [one for one in found.notices if "an empty cell says no" in one]
    assert len(told) == 3
    assert not any(decision_in(one).doubtful for one in told)
    assert all([other.value for other in decision_in(one).others] == ["category"] for one in told)
    types = found.found["types"]
    assert isinstance(types, dict)
    assert set(types.values()) == {"ticked"}
    # in new data nothing may be ticked
    new = read(tmp_path / "new.csv", "a,b,c\n,,\n" + f"{mark},,\n", types=types, target="c")
    assert new.frame["b"].tolist() == ["no"]
    other = read(tmp_path / "t.csv", "\n".join(["a,b,c", *lines]), target="c", types={"a": "category"})
    assert other.frame["a"].isna().any()


@pytest.mark.parametrize(
    "cells",
    [["a", ""], ["x", "y", ""], ["5", ""], ["x", "x"], ["☑", "☐"], ["yes", "no", ""]],
    ids=("another word", "two marks", "a number", "no empty cell", "both drawn", "yes and no"),
)
def test_that_other_words_beside_empty_cells_are_no_boxes(cells: list[str], tmp_path: Path) -> None:
    lines = [f"{cells[place % len(cells)]},{place}" for place in range(60)]
    found = read(tmp_path / "t.csv", "\n".join(["a,b", *lines]))
    assert not [one for one in found.notices if "an empty cell says no" in one]


def asked_of_boxes(notices: Sequence[str]) -> list[Decision]:
    every = [decision_in(one) for one in notices if "if an empty cell says no" in one]
    assert all(one.doubtful and [other.value for other in one.others] == ["ticked"] for one in every)
    return every


def test_that_a_number_beside_empty_cells_is_asked_about(tmp_path: Path) -> None:
    lines = [f"{place},{'1' if place % 3 else ''},{'a' if place % 2 else 'b'}" for place in range(60)]
    found = read(tmp_path / "t.csv", "\n".join(["n,code,word", *lines]))
    assert [one.column for one in asked_of_boxes(found.notices)] == ["code"]
    assert found.frame["code"].isna().sum() == 20
    # what is set is no longer asked
    ticked = read(tmp_path / "t.csv", "\n".join(["n,code,word", *lines]), types={"code": "ticked"})
    assert not asked_of_boxes(ticked.notices)
    assert ticked.frame["code"].tolist() == ["1" if place % 3 else "no" for place in range(60)]


@pytest.mark.parametrize("together", [True, False])
def test_that_cells_that_are_empty_together_are_missing(together: bool, tmp_path: Path) -> None:
    lines = []
    for place in range(80):
        lacks = place % 4 == 0
        count = "" if (lacks if together else place % 5 == 0) else str(place % 6 + 1)
        lines.append(f"{place},{'' if lacks else 'x'},{count}")
    found = read(tmp_path / "t.csv", "\n".join(["n,code,count", *lines]))
    assert bool(asked_of_boxes(found.notices)) is together
    assert found.frame["code"].isna().sum() == (20 if together else 0)


def test_that_boxes_are_labels_of_an_example_as_well(tmp_path: Path) -> None:
    lines = [f"{place},{'x' if place % 3 else ''},{'x' if place % 4 else ''}" for place in range(60)]
    found = read(tmp_path / "t.csv", "\n".join(["n,red,blue", *lines]), target=("red", "blue"))
    values, strange = yes_or_no(found.frame["red"])
    assert not strange
    assert values.tolist() == [float(bool(place % 3)) for place in range(60)]


def test_that_a_typed_row_without_a_tick_says_no() -> None:
    frame = typed_rows([{"a": ""}, {"a": "x"}], "a table", worded={"a"}, types={"a": "ticked"}).frame
    assert frame["a"].tolist() == ["no", "x"]


# ------------------------------------------------------------------------------- marks of the row above


@pytest.mark.parametrize("mark", ["\u2033", "同上", "ditto", "〃"])
def test_that_a_ditto_mark_can_repeat_the_row_above(mark: str, tmp_path: Path) -> None:
    cells = [["red", mark, mark, "blue", "", mark][place % 6] for place in range(60)]
    text = "x,y\n" + "".join(f"{cell},{place}\n" for place, cell in enumerate(cells))
    (asked,) = doubts(read(tmp_path / "t.csv", text), "data.types")
    assert [one.value for one in asked.others] == ["as_above", "leave_out"]
    assert asked.others[0].read[-1] == '"red"'
    found = read(tmp_path / "t.csv", text, types={"x": "as_above"})
    assert found.frame["x"].fillna("").tolist() == ["red", "red", "red", "blue", "", ""] * 10
    assert not doubts(found, "data.types")


# --------------------------------------------------------------------------------- rows below the names


@pytest.mark.parametrize(
    "rows",
    ["7,9,56\nppb,ppb,ppm\n", "7Li,9Be,56Fe\nppb,ppb,ppm\n", "[ppb],[ppb],[ppm]\n", "ppb,ppb,ppm\n"],
    ids=("masses", "isotopes", "in brackets", "units"),
)
def test_that_rows_of_units_and_of_second_names_are_told(rows: str, tmp_path: Path) -> None:
    data = "".join(f"{place}.5,{place % 7}.25,{40 + place % 9}.1\n" for place in range(40))
    found = read(tmp_path / "t.csv", "Li,Be,Fe\n" + rows + data)
    assert len(found) == 40
    assert found.frame["Li"].tolist() == [place + 0.5 for place in range(40)]
    told = [one for one in found.notices if "below the names" in one]
    assert len(told) == 1


def test_that_data_above_words_is_no_second_name(tmp_path: Path) -> None:
    data = "".join(f"{place},{place % 7},{40 + place % 9}\n" for place in range(40))
    assert len(read(tmp_path / "t.csv", "a,b,c\n7,9,56\nabsent,ill,late\n" + data)) == 42


def test_that_more_behind_ten_thousands_is_no_unit(tmp_path: Path) -> None:
    text = "x,y\n" + "".join(f"{['5万+', '1万+', '800', '2000+'][place % 4]},a\n" for place in range(60))
    found = read(tmp_path / "t.csv", text)
    assert found.frame["x"].tolist()[:4] == [50_000, 10_000, 800, 2000]
    assert not any("numbers in" in one for one in found.notices)


# ------------------------------------------------------------------------------------ one list of readings

READ_BY_TYPE: dict[str, tuple[str, list[str], list[float | None]]] = {
    "ranges": ("range", ["15k-25k", "8K-12K", "12-20k·13薪", "面议"], [20_000, 10_000, 16_000, None]),
    "ranges with an end that is open": ("range", ["1-3年", "3-5年", "10年以上"], [2, 4, 10]),
    "ranges in words": ("range", ["18 to 24 years old", "65 or older", "30"], [21, 65, 30]),
    "ranges of money": ("range", ["$10 - $20", "$30 - $50", "$7"], [15, 40, 7]),
    "no ranges downwards": ("range", ["7-5", "3-9", "1-2"], [None, 6, 1.5]),
    "shares, a word first": ("number", ["NEW", "4.1/5", "3/5", "-"], [None, 0.82, 0.6, None]),
}


@pytest.mark.parametrize(("kind", "cells", "right"), READ_BY_TYPE.values(), ids=READ_BY_TYPE)
def test_that_a_type_reads_cells_wherever_they_stand(
    kind: str, cells: list[str], right: list[float | None], tmp_path: Path
) -> None:
    for order in (range(len(cells)), reversed(range(len(cells)))):
        places = [*order]
        text = "x;y\n" + "".join(f"{cells[place]};a\n" for place in places)
        found = read(tmp_path / "t.csv", text, types={"x": kind}).frame["x"].astype(float).tolist()
        wanted = [float("nan") if right[place] is None else right[place] for place in places]
        assert found == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        ([f"{n}00mAh" for n in range(40, 60)], "mAh"),
        ([f"{n}kmpl" for n in range(10, 30)], "kmpl"),
        (["1 bath", *(f"{n} baths" for n in range(2, 22))], "baths"),
        ([f"{n}人看过" for n in range(10, 30)], "人看过"),
    ],
)
def test_that_any_word_behind_all_numbers_is_their_unit(cells: list[str], unit: str, tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "x,y\n" + "".join(f"{cell},a\n" for cell in cells))
    assert found.frame["x"].dtype.kind in "if"
    assert f"x: numbers in {unit}" in found.notices
    # of a single new cell nobody sees that the word is a unit
    (typed,) = typed_rows([{"x": cells[3]}], "a table", types={"x": "number"}, units={"x": unit}).frame["x"]
    assert typed == found.frame["x"].iloc[3]


@pytest.mark.parametrize(
    "cells",
    [
        [f"000{n}.png" for n in range(10, 40)],
        [f"{n}ab{chr(97 + n % 26)}x" for n in range(10, 40)],
        [f"{n} Oak Street" for n in range(10, 40)],
        ["red", "blue"] * 15,
    ],
    ids=("files", "names", "a street", "words"),
)
def test_that_names_with_digits_have_no_unit(cells: list[str], tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "x,y\n" + "".join(f"{cell},a\n" for cell in cells))
    assert found.frame["x"].dtype.kind not in "if"


@pytest.mark.parametrize(
    "name",
    [
        "zipcode",
        "ZipCode",
        "zip_code",
        "ZIP",
        "Postal Code",
        "postcode",
        "邮编",
        "邮政编码",
        "area code",
        "区号",
    ],
)
def test_that_codes_are_known_by_their_names(name: str, tmp_path: Path) -> None:
    text = f"{name},y\n" + "".join(f"{98001 + 13 * n % 199},a\n" for n in range(60))
    (asked,) = doubts(read(tmp_path / "t.csv", text), "data.types")
    assert {"category", "leave_out"} == {one.value for one in asked.others}


@pytest.mark.parametrize("name", ["encode_ms", "price", "zipper length", "posts", "codec bitrate"])
def test_that_measures_are_no_codes(name: str, tmp_path: Path) -> None:
    text = f"{name},y\n" + "".join(f"{98001 + 13 * n % 199},a\n" for n in range(60))
    assert not doubts(read(tmp_path / "t.csv", text), "data.types")


def test_that_years_beside_dates_are_their_first_day(tmp_path: Path) -> None:
    text = "x;y\n" + "2021;a\nJun 30, 2019;b\n2020;a\n" * 4
    found = read(tmp_path / "t.csv", text, types={"x": "date"}).frame["x"]
    assert found.dt.strftime("%Y-%m-%d").tolist()[:3] == ["2021-01-01", "2019-06-30", "2020-01-01"]
    # a year alone among many dates is rather an odd cell, as it was in earlier runs
    text = "x;y\n2021;a\n" + "Jun 30, 2019;b\n" * 3 + "".join(f"May {n}, 2018;b\n" for n in range(1, 20))
    assert read(tmp_path / "t.csv", text, types={"x": "date"}).frame["x"].isna().tolist()[:2] == [True, False]


def test_that_what_is_left_out_is_not_said_to_be_learnt(tmp_path: Path) -> None:
    rows = "".join(f"{100012043978 + 17 * n},{n % 7},{'pq'[n % 2]}\n" for n in range(60))
    (tmp_path / "t.csv").write_text(f"商品编号,n,y\n{rows}", "utf-8")
    data = TableFile(path=str(tmp_path / "t.csv"), target=("y",))
    told = [one for one in begun(data, "t").recipe.inspected().decisions if one.column == "商品编号"]
    assert [one.value for one in told] == ["leave_out"]
    assert {"number", "category"} == {list(one.value.values())[-1] for one in told[0].others}  # type: ignore[attr-defined]
