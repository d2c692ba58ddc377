"""Tables as people have them: what stands in a cell, where a table begins and ends, what means missing.

Each case is a small file; `right` is what its columns should be, `told` words of the notice that says what
was decided. The first of each group is a case that people reported, the others are its neighbours.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from engine.choices import Invalid
from engine.data.decisions import decision_in, together
from engine.data.files.layouts import sort_of_file
from engine.data.modality import modality_of
from engine.data.preparation.target import answers
from engine.data.preprocessing import Preprocessing
from engine.data.series.raw import SeriesSet
from engine.data.series.sources.series_table import SeriesTable
from engine.data.source import silent
from engine.data.tables.fit import fit_table
from engine.data.tables.leakage import giving_away
from engine.data.tables.new import typed_rows
from engine.data.tables.raw import Table
from engine.data.tables.read.ending import second_table
from engine.data.tables.read.files import read_table
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.legacy_encodings import legacy_encoding
from engine.data.tables.read.workbooks.sheet_names import sheet_names
from engine.data.tables.sources.table_file import TableFile
from engine.data.texts.raw import Texts
from engine.data.texts.sources.text_table import TextTable
from engine.opening import source_of, why_unknown

ROWS = 24
TABLES = modality_of(Table)


def read(path: Path, **settings: Any) -> Table:
    found = TableFile.model_validate({"path": str(path), **settings}).read(0)
    assert isinstance(found, Table)
    return found


def csv(name: str, cells: list[str], separator: str = ",") -> str:
    """A table of a column of these cells, again and again, beside one of numbers and one of words."""
    lines = [f"{cells[row % len(cells)]}{separator}{row}{separator}w{row % 3}" for row in range(ROWS)]
    return "\n".join([separator.join((name, "n", "w")), *lines]) + "\n"


@pytest.mark.parametrize(("first", "step"), [(1_709_600_000_000, 60_000), (1_709_600_000, 60)])
def test_that_numbers_which_seem_to_count_from_1970_are_told_and_can_be_dates(
    first: int, step: int, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    rows = "".join(f"{first + step * row},{first + step * row}\n" for row in range(ROWS))
    path.write_text(f"timestamp,customer\n{rows}", "utf-8")
    told = [notice for notice in read(path).notices if "since 1970" in notice]
    assert [notice.split(":")[0] for notice in told] == ["timestamp"]
    found = read(path, types={"timestamp": "date"})
    assert found.frame["timestamp"].tolist()[:2] == list(
        pd.date_range("2024-03-05 00:53:20", periods=2, freq="min")
    )


@pytest.mark.parametrize("cell", ["{day}", '"\t{day}"'], ids=["bare", "behind a tabulator"])
def test_that_numbers_which_seem_to_be_days_are_told_and_can_be_dates(cell: str, tmp_path: Path) -> None:
    days = [day.strftime("%Y%m%d") for day in pd.date_range("2024-01-20", periods=ROWS // 2) for _ in "ab"]
    # the second column is called like no time
    (tmp_path / "t.csv").write_text(
        "交易日期,lot\n" + "".join(f"{cell.format(day=day)},{day}\n" for day in days), "utf-8"
    )
    told = [notice for notice in read(tmp_path / "t.csv").notices if "year, month and day" in notice]
    assert [notice.split(":")[0] for notice in told] == ["交易日期"]
    found = read(tmp_path / "t.csv", types={"交易日期": "date"})
    assert found.frame["交易日期"].iloc[-1] == pd.Timestamp("2024-01-31")


@pytest.mark.parametrize(("zone", "told"), [("+01:00", "t: times are in UTC: "), ("Z", ""), ("", "")])
def test_that_times_of_a_zone_are_told_to_be_in_utc(zone: str, told: str, tmp_path: Path) -> None:
    days = "".join(f"2024-03-{row + 1:02d}T00:30:00{zone},{row}\n" for row in range(ROWS))
    (tmp_path / "t.csv").write_text("t,n\n" + days, "utf-8")
    found = read(tmp_path / "t.csv")
    assert [notice for notice in found.notices if "UTC" in notice] == (
        [f"{told}2024-03-01T00:30:00+01:00 is 2024-02-29 23:30:00"] if told else []
    )


@dataclass(frozen=True)
class Case:
    """A column of cells as they are written, and what they are."""

    cells: list[str]
    right: list[Any]
    told: str = ""
    separator: str = ","
    settings: dict[str, Any] = field(default_factory=dict)


NUMBERS = {
    "T04 per cent": Case(["12.5%", "3%", "40.1%"], [12.5, 3, 40.1], "%"),
    "per cent apart": Case(["12.5 %", "3 %"], [12.5, 3], "%"),
    "per mille": Case(["3‰", "4.5‰"], [3, 4.5], "‰"),
    "T05 dollars": Case(['"$1,202.90"', "($987.65)", "$3.10"], [1202.9, -987.65, 3.1], "$"),
    "pounds": Case(["£5.50", "-£3.20", "£0.99"], [5.5, -3.2, 0.99], "£"),
    "yen": Case(["¥1200.5", "¥950.0"], [1200.5, 950], "¥"),
    "a code of money": Case(["CHF 12.50", "CHF 3.10"], [12.5, 3.1], "CHF"),
    "T05a euro": Case(["1.202,90 €", "3,50 €"], [1202.9, 3.5], "€", ";"),
    "euro before": Case(["€ 12,5", "€ 7,25"], [12.5, 7.25], "€", ";"),
    "trailing minus": Case(["12.5-", "3.1", "7.0-"], [-12.5, 3.1, -7]),
    "T06 minus sign": Case(["\u22120.5", "0.3", "\u221212"], [-0.5, 0.3, -12]),
    "a dash as minus": Case(["\u20130.5", "0.3"], [-0.5, 0.3]),
    "fullwidth digits": Case(["\uff11\uff12", "\uff13"], [12, 3]),
    "units": Case(["12 kg", "7.5 kg"], [12, 7.5], "kg"),
    "units without a blank": Case(["12mm", "7.5mm", "3mm"], [12, 7.5, 3], "mm"),
    "micrograms": Case(["3\u00b5g", "5 \u00b5g"], [3, 5], "numbers in \u03bcg"),
    "micrograms, with the Greek letter": Case(["3\u03bcg/l", "5 \u03bcg/l"], [3, 5], "numbers in \u03bcg/l"),
    "degrees": Case(["12.5°C", "-3°C"], [12.5, -3], "°C"),
    "areas": Case(["12 m²", "14.5 m²"], [12, 14.5], "m2"),
    "T21 thousands": Case(["7.557", "952", "229"], [7557, 952, 229], "thousands", ";"),
    "thousands with commas": Case(['"7,557"', "952", "229"], [7557, 952, 229], "thousands"),
    "millions": Case(["1.234.567", "12.000", "7"], [1234567, 12000, 7], "", ";"),
    "Indian sizes": Case(["₹ 5.9 Lakh", "₹ 1.4 Crore", "₹ 20 lakhs"], [590000, 14000000, 2000000], "crore"),
    "for each square kilometre": Case(["98.7/km2", "7/km2"], [98.7, 7], "/km2"),
    "Indian groups": Case(['"12,34,567"', '"1,000"', "7"], [1234567, 1000, 7]),
    "Swiss groups": Case(["1'234.5", "950.25"], [1234.5, 950.25]),
    "narrow blanks": Case(["1\u202f234,5", "950,25"], [1234.5, 950.25], "", ";"),
    "powers of ten": Case(["1.2×10^5", "3 x 10⁻⁴", "10^3"], [1.2e5, 3e-4, 1e3]),
    "a zero before a comma": Case(['"1,234"', '"0,950"', '"12,400"'], [1.234, 0.95, 12.4]),
    "decimals of three digits": Case(["0.125", "1.250", "7.557"], [0.125, 1.25, 7.557]),
    "T11a limits": Case(["<0.01", "0.24", "0.66", "1.14"], [0.01, 0.24, 0.66, 1.14], "limits as <0.01"),
    "upper limits": Case([">100", "24", "66", "14"], [100, 24, 66, 14], "limits as >100"),
    "limits as missing": Case(["<0.01", "0.24", "0.66"], [None, 0.24, 0.66], "", ",", {"missing": "<0.01"}),
    "offices' letters": Case(["12.5 b", "13.1", "14.2", "15"], [12.5, 13.1, 14.2, 15], "letters behind"),
    "offices' colon": Case([":", "13.1", "14.2"], [None, 13.1, 14.2], "taken as missing"),
    "missing by hand": Case(["-200", "5.6", "7.1"], [None, 5.6, 7.1], "", ",", {"missing": [-200]}),
    "NA among numbers": Case(["NA", "5.6", "7.1"], [None, 5.6, 7.1]),
    "a type by hand": Case(["x", "5.6"], [None, 5.6], "no number", ",", {"types": {"c": "number"}}),
    "money behind, of other scripts": Case(['"4,051円"', '"750円"'], [4051, 750], "円"),
    "a triangle as minus": Case(["▲12", "7", "△3"], [-12, 7, -3]),
    "units without blanks, as in China": Case(["123.3平米", "75.57平米"], [123.3, 75.57], "平米"),
    "thousands and millions": Case(["850.5K", "1.2M", "7"], [850500, 1.2e6, 7], "millions"),
    "millions alone": Case(["850.5M", "1.2M"], [850.5e6, 1.2e6], "millions"),
    "few codes that are far apart": Case(["1200", "1800", "8400"], [1200, 1800, 8400]),
    "kelvins": Case(["300.5 K", "12 K"], [300.5, 12], "numbers in K"),
    "Cyrillic units": Case(["12,5 кг", "7 кг"], [12.5, 7], "кг", ";"),
    "a colon with a letter": Case([": c", "13.1 b", "14.2", "15.5"], [None, 13.1, 14.2, 15.5], "as missing"),
    "per cent before, as in Turkey": Case(["%12,5", "%3"], [12.5, 3], "%", ";"),
    "arrows of laboratories": Case(["12.3↑", "5.6", "3.1 ↓"], [12.3, 5.6, 3.1], "as ↑, is left out"),
    "hours and minutes": Case(["2小时30分", "45分钟", "1小时"], [9000, 2700, 3600], "seconds"),
    "minutes alone, as beside hours": Case(["45分钟", "30分钟"], [2700, 1800], "seconds"),
    "marks, which are no minutes": Case(["85分", "90分"], [85, 90], "分"),
    "ages, of infants in months": Case(["65岁", "6个月", "2岁3月"], [65, 0.5, 2.25], "years"),
    "east, as it is not west": Case(["20° 30' O", "1° 15' W"], [20.5, -1.25], "as degrees"),
    "west, as it is not east": Case(["20° 30' O", "1° 15' E"], [-20.5, 1.25], "as degrees"),
    "degrees to the east": Case(["20° 30' E", "1° 15' E"], [20.5, 1.25], "as degrees"),
    "marks out of a hundred": Case(["57/100", "85/100"], [0.57, 0.85], "shares"),
    "a question skipped": Case(["(跳过)", "5", "3"], [None, 5, 3], "taken as missing"),
    "exponents": Case(["1E5", "2e-3", "7"], [1e5, 2e-3, 7]),
    "exponents behind thousands": Case(['"1,234e5"', '"1,234,567.5e-3"'], [1.234e8, 1234.5675]),
    "exponents behind commas that part": Case(['"1,234e5"', "7"], [1.234e8, 7], "", ",", {"decimal": "."}),
    "a comma before an exponent": Case(['"1,234e5"', '"2,500e0"'], [123400, 2.5], "1,234e5 are read as dec"),
    "the same beside whole numbers": Case(['"1,234e5"', "7"], [123400, 7], "1,234e5 are read as decimals"),
    "the same between semicolons": Case(["1,234e5", "7"], [123400, 7], "like 1,234e5 are read as dec", ";"),
    "a point before an exponent": Case(["1.234e5", "7"], [123400, 7]),
    "exponents behind decimal commas": Case(["1.234,5e2", "2,5e-1"], [123450, 0.25], "", ";"),
    "exponents behind points that part": Case(["1.234e5", "7"], [1.234e8, 7], "", ";", {"decimal": ","}),
    "exponents behind blanks": Case(["1 234e5", "7"], [1.234e8, 7]),
    "exponents behind Swiss groups": Case(["1'234e-2", "7"], [12.34, 7]),
}  # fmt: skip


@pytest.mark.parametrize("case", NUMBERS.values(), ids=NUMBERS)
def test_that_numbers_are_read_as_people_write_them(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(csv("c", case.cells, case.separator), "utf-8")
    found = read(path, **case.settings)
    right = [case.right[row % len(case.right)] for row in range(ROWS)]
    given = [None if np.isnan(value) else value for value in found.frame["c"].astype(float).tolist()]
    assert given == right
    assert case.told in " ".join(notice for notice in found.notices if notice.startswith("c: "))


def test_that_months_of_a_year_are_dates_and_no_marks(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(csv("c", ["8/2024", "11/2024", "3/2024"]), "utf-8")
    assert read(tmp_path / "t.csv").frame["c"].iloc[0] == pd.Timestamp("2024-08-01")


WORDS = {
    "T02 Namibia": Case(["ZA", "NA", "BW"], ["ZA", "NA", "BW"], "'NA' stands in 8 rows"),
    "T03 none": Case(["favor", "none", "against"], ["favor", "none", "against"], "'none' stands in 8 rows"),
    "a strand": Case(["plus", "-"], ["plus", "-"], "'-' stands in 12 rows"),
    "null as a name": Case(["Null", "Smith"], ["Null", "Smith"], "'Null' stands"),
    "NA means missing": Case(["ZA", "NA", "BW"], ["ZA", None, "BW"], "", ",", {"missing": "NA"}),
    "a question mark": Case(["red", "?", "blue"], ["red", None, "blue"], "'?' in 8 rows is taken as missing"),
    "a question mark kept": Case(["red", "?"], ["red", "?"], "", ",", {"types": {"c": "words"}}),
    "T07 post codes": Case(["01067", "80331"], ["01067", "80331"], "taken as words"),
    "prefixes of telephones": Case(["0049", "0041", "0033"], ["0049", "0041", "0033"], "taken as words"),
    "T08 long numbers": Case(["9007199254740992", "9007199254740993", ""],
                             ["9007199254740992", "9007199254740993", None], "taken as words"),
    "numbers as categories": Case(["1", "2", "10"], ["1", "2", "10"], "", ",", {"types": {"c": "category"}}),
    "different units": Case(["12 kg", "500 g", "3 l"], ["12 kg", "500 g", "3 l"]),
    "house numbers": Case(["5a", "6b", "7c"], ["5a", "6b", "7c"]),
    "ranges": Case(["10-20", "20-30"], ["10-20", "20-30"]),
    "ages": Case(["<18", "18-65", ">65"], ["<18", "18-65", ">65"]),
    "blood pressures": Case(["120/80", "135/70"], ["120/80", "135/70"]),
    "months of a year": Case(["3/24", "4/24"], ["3/24", "4/24"]),
    "east or west": Case(["20° 30' O", "1° 15' O"], ["20° 30' O", "1° 15' O"], "write E or W in its place"),
    "Excel's text of digits": Case(['="007"', '="010"'], ["007", "010"], "taken as words"),
    "accounts": Case(["6200-01", "1001-03"], ["6200-01", "1001-03"]),
    "one word beside marks": Case(["1", "2", "3", "4", "空"], ["1", "2", "3", "4", "空"]),
    "a question skipped": Case(["bus", "(跳过)"], ["bus", None], "'(跳过)' in 12 rows is taken as missing"),
}  # fmt: skip


@pytest.mark.parametrize("case", WORDS.values(), ids=WORDS)
def test_that_words_stay_the_words_they_are(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(csv("c", case.cells), "utf-8")
    found = read(path, **case.settings)
    column = found.frame["c"]
    assert column.astype(object).where(column.notna(), None).tolist() == [
        case.right[row % len(case.right)] for row in range(ROWS)
    ]
    assert case.told in " ".join(notice for notice in found.notices if notice.startswith("c: "))


CLASSES = {
    "T20 versions": ["1.1", "1.10", "1.2"],
    "T20a exponents": ["1E5", "2E3", "100000"],
    "T07 codes": ["007", "010", "7", "10"],
    "T08 long numbers": ["9007199254740992", "9007199254740993"],
    "signs": ["+1", "1", "-1"],
    "decimal zeros": ["1.0", "1", "2.0"],
    "truth": ["True", "False", "1"],
    "dates": ["2024-01-01", "2024-01-02"],
}


@pytest.mark.parametrize("classes", CLASSES.values(), ids=CLASSES)
@pytest.mark.parametrize("gap", [False, True], ids=["whole", "with a gap"])
def test_that_classes_are_the_cells_as_written(classes: list[str], gap: bool, tmp_path: Path) -> None:
    cells = [*classes, ""] if gap else classes
    (tmp_path / "t.csv").write_text(csv("c", cells), "utf-8")
    (tmp_path / "t.jsonl").write_text(
        "".join(json.dumps({"c": cells[row % len(cells)] or None, "n": row}) + "\n" for row in range(ROWS)),
        "utf-8",
    )
    frame = pd.DataFrame({"c": [cells[row % len(cells)] or None for row in range(ROWS)], "n": range(ROWS)})
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_excel(tmp_path / "t.xlsx", index=False)
    for ending in ("csv", "jsonl", "parquet", "xlsx"):
        found = read(tmp_path / f"t.{ending}", target="c")
        assert set(found.as_written("c").dropna()) == set(classes), ending
        assert found.as_written("c").isna().sum() == (ROWS // len(cells) if gap else 0), ending


def test_that_a_sheet_shows_its_numbers_as_classes(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["version", "plz", "y"])
    for row in range(ROWS):
        sheet.append([1.1 if row % 2 else 1.2, 1067 + row, row])
        sheet.cell(row + 2, 1).number_format = "0.00"
        sheet.cell(row + 2, 2).number_format = "00000"
    book.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx", target="version")
    assert set(found.as_written("version")) == {"1.10", "1.20"}
    assert found.frame["plz"].iloc[0] == "01067"


def test_that_one_word_beside_few_numbers_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(csv("c", ["1", "2", "3", "4", "空"]), "utf-8")
    found = read(tmp_path / "t.csv")
    told = [one for one in map(decision_in, found.notices) if one.column == "c"]
    assert [(one.setting, [other.value for other in one.others], one.doubtful) for one in told] == [
        ("data.types", ["number"], True)
    ]
    chosen = read(tmp_path / "t.csv", types={"c": "number"}).frame["c"]
    assert [None if np.isnan(mark) else mark for mark in chosen.iloc[:5].tolist()] == [1, 2, 3, 4, None]


IN_DOUBT = {
    "times and longer ones": ["42:15", "1:02:13", "55:01", "1:10:40"],
    "fractions of sizes": ["42", "42 1/2", "43 1/3", "44", "38½"],
    "ages of infants": ["34", "3m", "61", "2y", "7", "11", "18", "45", "52"],
    "ranges among marks": ["7", "8", "9", "7-8", "6"],
    "hours and minutes": ["7h30", "8h", "6h15", "9h"],
    "prices by the month": ["$29.99/mo", "$5.49/mo", "$12.00/mo", "$7.99/mo"],
    "pounds and ounces": ["3 lb 4 oz", "1 lb 15 oz", "2 lb 7 oz", "5 lb 1 oz"],
    "times of day": ["08:30:00", "09:00:00", "08:00:00", "16:30:00"],
    "shares with what they are of": ["43.75 (7/16)", "26.67 (4/15)", "20.00 (2/10)", "31.25 (5/16)"],
    "marks out of several wholes": ["6/8", "7/8", "8/8", "4/8", "8/10"],
    "feet without a sign of inches": ["5'7", "6'1", "5'11", "6'0"],
    "two numbers in one": [f"{40 + 3 * row}+2" for row in range(12)],
    "numbers with what they are called": [f"{20 + 7 * row} {'优' if row < 4 else '良'}" for row in range(12)],
    "rounds of a cup": ["1/8 finals", "1/4 finals", "1/2 finals"],
    "efforts": ["RPE 8", "RPE 7.5", "RPE 9"],
    "ways to the station": [f"距地铁{100 * row}米" for row in range(1, 13)],
    "weeks": [f"Week {row}" for row in range(1, 13)],
    "days without a year": ["3月5日", "4月17日", "12月1日"],
    "days of a month": ["5-Mar", "30-Apr", "12-Apr"],
    "inches": ["1/2", "3/4", "1 1/4", "2 1/2"],
    "averages out of four": ["3.5/4.0", "3.2/4.0", "3.9/4.0"],
    "a race that some left": ["2:20.11", "1:59.30", "DQ", "2:05.02"],
    "traces of rain": ["T", "0.05s", "0.01", "0.12", "T", "0.33"],
}
CLEARLY_WORDS = {
    "songs": [f"Song {row}" for row in range(ROWS)],
    "houses": ["7/b", "12/a", "3/c"],
    "groups": ["Group 1", "Group 2", "Group 3"],
    "places of samples": ["S1-1", "S1-2", "S2-1"],
    "numbers of three groups": ["06 44 2018", "99 13 2019", "12 88 2017"],
    "ranges": ["18-24", "25-34", "35-44", "45+"],
    "sets": ["3x10@60kg", "5x5@100kg", "4x6@80kg"],
    "seasons": [f"{2008 + row}/{9 + row:02d}" for row in range(1, 13)],
    "openings": ["C50", "E10", "B20", "E97"],
    "scores": ["1-0", "0-1", "1/2-1/2"],
    "networks": ["4G", "5G"],
    "addresses of the network": ["10.0.0.1", "10.0.0.2", "10.0.1.7", "10.2.0.4"],
    "files": ["0001.png", "0002.png", "0003.png"],
    "numbers of customers": [f"{1000 + 331 * row}-VH{chr(65 + row)}G{chr(90 - row)}" for row in range(ROWS)],
    "titles": ["1984 by George Orwell", "The Trial of Franz Kafka", "2001 A Space Odyssey"],
}


@pytest.mark.parametrize("role", ["input", "target"])
@pytest.mark.parametrize("cells", IN_DOUBT.values(), ids=IN_DOUBT)
def test_that_words_which_may_be_numbers_are_asked_about(cells: list[str], role: str, tmp_path: Path) -> None:
    quoted = [f'"{cell}"' for cell in cells]
    (tmp_path / "t.csv").write_text(csv("c", quoted), "utf-8")
    found = read(tmp_path / "t.csv", target="c" if role == "target" else "w")
    asked = [one for one in map(decision_in, found.notices) if one.column == "c" and one.doubtful]
    assert [one.setting for one in asked] == ["data.types"]
    assert asked[0].specimens
    # what is offered can be chosen, and reads most cells
    for other in asked[0].others:
        chosen = read(tmp_path / "t.csv", target="w", types={"c": other.value}).frame["c"]
        assert chosen.notna().mean() >= 0.5


BY_HAND = {
    "times and longer ones": (["42:15", "1:02:13", "DNF"], [2535, 3733, None], "times as 42:15"),
    "times of day with a unit": (["4:30/km", "5:06/km"], [270, 306], "times as 4:30"),
    "times of a half day": (["12:53 AM", "12:53 PM", "3:05 p.m."], [53, 773, 905], "times as 12:53"),
    "halves and eighths": (["1 1/2", "3/4", "2-5/8"], [1.5, 0.75, 2.625], "fractions as 1 1/2"),
    "inches": (['6.1""', '5.8""'], [6.1, 5.8], "is left out around numbers"),
    "prices by the month": (["$29.99/mo", "$5.49/mo"], [29.99, 5.49], "$…/mo is left out"),
    "thousands before a sign": (
        ["1,000+", "50,000,000+", "100+"],
        [1000, 50_000_000, 100],
        "limits as 1,000+",
    ),
    "thousands of points": (["ab 1.500 €", "ab 2.750.000 €", "ab 80 €"], [1500, 2_750_000, 80], "ab …"),
    "two forms": (["3 lb 4 oz", "1 lb 15 oz"], [None, None], ""),
}


BY_TYPE = {
    "shares of several wholes": ("share", ["8/10", "4 / 8", "3 of 4", "50 %"], [0.8, 0.5, 0.75, 0.5]),
    "the first of two": ("first_number", ["88+2", "52 良", "1,234 (12%)", "-3°~5°"], [88, 52, 1234, -3]),
    "shares of more than a thousand": (
        "share",
        ["950/1,000", "1,200/2,400", "8/10", "1/2"],
        [0.95, 0.5, 0.8, 0.5],
    ),
    "decimals of two persons": ("first_number", ["12.6 cm", "13.1", "12,4"], [12.6, 13.1, 12.4]),
    "minutes and seconds": ("duration", ["3'45\"", "1:02.35", "58.31", "1h 2m"], [225, 62.35, 58.31, 3720]),
    "minutes in Chinese": ("duration", ["3分45秒", "12分", "1小时2分3秒"], [225, 720, 3723]),
}


@pytest.mark.parametrize(("kind", "cells", "right"), BY_TYPE.values(), ids=BY_TYPE)
def test_that_a_person_can_say_which_numbers_words_hold(
    kind: str, cells: list[str], right: list[float], tmp_path: Path
) -> None:
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    (tmp_path / "t.csv").write_text(csv("c", quoted), "utf-8")
    found = read(tmp_path / "t.csv", types={"c": kind})
    assert found.frame["c"].tolist()[: len(right)] == pytest.approx(right)
    assert dict(found.found["types"])["c"] == kind
    # typed into the window, one at a time, they are what they were in the file
    typed = typed_rows([{"c": cell} for cell in cells], "a table", types={"c": kind})
    assert typed.frame["c"].astype(float).tolist() == pytest.approx(right)


@pytest.mark.parametrize(
    ("others", "unit", "right"),
    [
        (["$4.99", "$0.99"], "$", [4.99, 0.99]),
        (["5 %", "12 %"], "%", [5, 12]),
        (["3 kg", "40 kg"], "kg", [3, 40]),
        (["1.2K", "3M"], "", [1200, 3e6]),
        (["5.2万", "3万"], "", [52_000, 30_000]),
    ],
)
def test_that_zeros_need_no_unit_however_many_they_are(
    others: list[str], unit: str, right: list[float], tmp_path: Path
) -> None:
    cells = ["0"] * 60 + others
    lines = [f"{cell},w{row % 2}" for row, cell in enumerate(cells)]
    (tmp_path / "t.csv").write_text("\n".join(["c,w", *lines, ""]), "utf-8")
    found = read(tmp_path / "t.csv")
    assert found.frame["c"].tolist() == pytest.approx([0.0] * 60 + right)
    assert found.found["units"] == ({"c": unit} if unit else {})


def test_that_a_word_for_missing_among_classes_is_asked_of_the_target_by_name(tmp_path: Path) -> None:
    cells = [["NA", "yes", "no"][row % 3] for row in range(ROWS)]
    rows = "".join(f"{cell},{cell},{cell},{cell},{cell}\n" for cell in cells)
    (tmp_path / "t.csv").write_text("a,b,c,d,y\n" + rows, "utf-8")
    told = together(read(tmp_path / "t.csv", target="y").notices)
    of_target = [notice for notice in told if decision_in(notice).column == "y"]
    assert len(of_target) == 1
    assert of_target[0].startswith("y: 'NA' stands in")
    assert "class to be predicted" in of_target[0]
    asked = decision_in(of_target[0])
    assert asked.doubtful
    assert asked.setting == "data.missing"
    known = read(tmp_path / "t.csv", target="y", missing=[asked.others[0].value])
    assert known.frame["y"].isna().sum() == ROWS / 3


FEET_OR_MINUTES = {
    "who runs": ("800米跑", ["3'45\"", "4'12\"", "3'09\""], "duration", 225, False),
    "twelve inches are a foot": ("x", ["3'45\"", "4'12\""], "duration", 225, False),
    "who is tall": ("Height", ["5'07\"", "6'02\"", "5'11\""], "number", 67, False),
    "nobody can tell": ("x", ["3'05\"", "4'02\"", "3'09\""], "number", 41, True),
}


@pytest.mark.parametrize(
    ("name", "cells", "kind", "first", "asked"), FEET_OR_MINUTES.values(), ids=FEET_OR_MINUTES
)
def test_that_feet_are_told_from_minutes(
    name: str, cells: list[str], kind: str, first: float, asked: bool, tmp_path: Path
) -> None:
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    (tmp_path / "t.csv").write_text(csv(name, quoted), "utf-8")
    found = read(tmp_path / "t.csv")
    assert found.frame[name].iloc[0] == first
    (told,) = [one for one in map(decision_in, found.notices) if one.column == name]
    assert told.doubtful == asked
    assert {"number", "duration"} - {kind} < {str(one.value) for one in told.others}
    types = dict(found.found["types"])
    assert types[name] == kind
    # as training found it, a file with one such cell is read, though that alone could be either
    (tmp_path / "new.csv").write_text(csv(name, [quoted[-1]]), "utf-8")
    again = read(tmp_path / "new.csv", types=types)
    assert again.frame[name].iloc[0] == found.frame[name].iloc[len(cells) - 1]


@pytest.mark.parametrize(("cells", "right", "told"), BY_HAND.values(), ids=BY_HAND)
def test_that_a_person_can_say_that_words_are_numbers(
    cells: list[str], right: list[float | None], told: str, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(csv("c", [f'"{cell}"' for cell in cells]), "utf-8")
    found = read(tmp_path / "t.csv", types={"c": "number"})
    given = [None if np.isnan(value) else value for value in found.frame["c"].iloc[: len(right)].tolist()]
    assert given == right
    assert told in " ".join(found.notices)


DATES_BY_GROUPS = {
    "blanks between": "%d %m %Y %H:%M",
    "as cameras write": "%Y:%m:%d %H:%M:%S",
    "underscores": "%Y_%m_%d_%H%M",
    "a bar before the clock": "%d-%m-%Y/%H:%M",
    "letters of a clock": "%Y-%m-%d %Hh%Mm",
    "brackets": "%Y/%m/%d(%H:%M)",
    "an hour alone": "%Y %m %d %H",
    "where it was": "%Y-%m-%d %H:%M (北京)",
}


@pytest.mark.parametrize("form", DATES_BY_GROUPS.values(), ids=DATES_BY_GROUPS)
def test_that_groups_of_digits_are_read_as_the_moments_they_can_be(form: str, tmp_path: Path) -> None:
    moments = pd.date_range("2018-01-05 03:00", periods=24, freq="31h")
    (tmp_path / "t.csv").write_text(csv("c", [moment.strftime(form) for moment in moments]), "utf-8")
    found = read(tmp_path / "t.csv")
    assert found.frame["c"].tolist() == moments.tolist()
    assert any("is read as 2018-01-05 03:00" in notice for notice in found.notices)


def test_that_months_in_words_have_a_year_of_two_digits_where_they_follow_one_another(tmp_path: Path) -> None:
    months = pd.date_range("2018-01-01", periods=24, freq="MS")
    (tmp_path / "t.csv").write_text(csv("c", [month.strftime("%b %y") for month in months]), "utf-8")
    assert read(tmp_path / "t.csv").frame["c"].tolist() == months.tolist()
    (tmp_path / "t.csv").write_text(csv("c", ["Jan 5", "Mar 30", "Feb 11"]), "utf-8")
    assert read(tmp_path / "t.csv").frame["c"].iloc[0] == "Jan 5"


@pytest.mark.parametrize(
    ("cells", "right", "asked"),
    [(["(2015)", "(1999)"], 2015, False), (["2-", "3+", "1"], 2, False), (["(12)", "(7)"], -12, True)],
)
def test_that_signs_which_say_nothing_are_not_taken_for_negative(
    cells: list[str], right: float, asked: bool, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(csv("c", cells), "utf-8")
    found = read(tmp_path / "t.csv")
    assert found.frame["c"].iloc[0] == right
    assert any(one.column == "c" and one.doubtful for one in map(decision_in, found.notices)) == asked
    # a run of before kept the type number, and learnt what that reads
    assert read(tmp_path / "t.csv", types={"c": "number"}).frame["c"].iloc[0] < 0


def test_that_bare_numbers_of_another_size_than_those_with_a_unit_are_asked_about(tmp_path: Path) -> None:
    """38.5 beside 101.3F: a thermometer of another scale."""
    for bare, asked in (("38", True), ("101", False)):
        cells = [f"{bare}.{row % 9}" if row % 2 else f"101.{row % 9}F" for row in range(ROWS)]
        (tmp_path / "t.csv").write_text(csv("c", cells), "utf-8")
        told = [one for one in map(decision_in, read(tmp_path / "t.csv").notices) if one.column == "c"]
        assert any(one.doubtful for one in told) == asked


def test_that_days_without_a_year_are_days_of_one_year_where_a_person_says_so(tmp_path: Path) -> None:
    for cells in (["3月5日", "12月1日"], ["5-Mar", "1-Dec"], ["March 5th", "Dec 1"]):
        (tmp_path / "t.csv").write_text(csv("c", cells), "utf-8")
        found = read(tmp_path / "t.csv", types={"c": "date"}).frame["c"]
        assert [day.strftime("%m-%d") for day in found.iloc[:2]] == ["03-05", "12-01"]
        assert found.dt.year.nunique() == 1


@pytest.mark.parametrize(("years", "asked"), [((56, 93), True), ((17, 23), False)])
def test_that_short_years_far_ahead_are_asked_about(
    years: tuple[int, int], asked: bool, tmp_path: Path
) -> None:
    cells = [f"{25 - row}/03/{years[row % 2]}" for row in range(12)]
    (tmp_path / "t.csv").write_text(csv("c", cells), "utf-8")
    told = [one for one in map(decision_in, read(tmp_path / "t.csv").notices) if one.column == "c"]
    assert any(one.doubtful and one.setting == "data.types" for one in told) == asked


def test_that_short_years_are_those_which_span_least(tmp_path: Path) -> None:
    """15.05.24 may begin with its year; beside 28.10.23 and 01.07.22 it does not."""
    cells = ["15.05.24", "28.10.23", "01.07.22", "17.03.24", "25.09.23"]
    (tmp_path / "t.csv").write_text(csv("c", cells), "utf-8")
    found = read(tmp_path / "t.csv")
    assert found.frame["c"].iloc[0] == pd.Timestamp("2024-05-15")
    assert not any(decision_in(one).doubtful for one in found.notices)


def test_that_codes_which_can_be_days_are_asked_about(tmp_path: Path) -> None:
    for cells, ways in (
        (["05032024", "17032024", "02042024"], ["date", "number"]),
        (["05032024", "99032024"], ["number"]),
    ):
        (tmp_path / "t.csv").write_text(csv("c", cells), "utf-8")
        (told,) = [one for one in map(decision_in, read(tmp_path / "t.csv").notices) if one.column == "c"]
        assert ([one.value for one in told.others], told.doubtful) == (ways, "date" in ways)


@pytest.mark.parametrize(("share", "asked"), [("50.0%", False), ("50%", True)])
def test_that_numbers_with_a_sign_say_what_the_marks_of_others_are(
    share: str, asked: bool, tmp_path: Path
) -> None:
    rows = "".join(f'"{209 + row},815",{share},{row}\n' for row in range(ROWS))
    (tmp_path / "t.csv").write_text("visits,rate,n\n" + rows, "utf-8")
    found = read(tmp_path / "t.csv")
    assert found.frame["visits"].iloc[0] == 209_815
    assert any(decision_in(one).doubtful for one in found.notices) == asked


@pytest.mark.parametrize("apart", ["–", "/"])
def test_that_a_target_of_its_own_in_each_row_is_asked_about(apart: str, tmp_path: Path) -> None:
    cells = [f"{100 + 7 * row}{apart}{180 + 9 * row}" for row in range(ROWS)]
    (tmp_path / "t.csv").write_text(csv("c", cells), "utf-8")
    for target, asked in (("c", True), ("w", False)):
        notices = read(tmp_path / "t.csv", target=target).notices
        assert any(decision_in(one).column == "c" and decision_in(one).doubtful for one in notices) == asked


@pytest.mark.parametrize(
    ("name", "different", "ways"),
    [
        ("PULocationID", 265, ["leave_out"]),
        ("user_id", 150, ["leave_out"]),
        ("stationId", 12, ["category", "leave_out"]),
        ("门店编号", 12, ["category", "leave_out"]),
        ("paid", 150, []),
        ("humid", 12, []),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_that_numbers_called_as_identifiers_are_asked_about_where_they_come_again(
    name: str, different: int, ways: list[str], ending: str, tmp_path: Path
) -> None:
    numbers = np.random.default_rng(0).integers(0, different, 600)
    frame = pd.DataFrame({name: numbers, "n": np.arange(600) * 7 % 31, "w": ["p", "q"] * 300})
    path = tmp_path / f"t.{ending}"
    frame.to_csv(path, index=False) if ending == "csv" else frame.to_parquet(path, index=False)
    asked = [decision_in(notice) for notice in read(path).notices if decision_in(notice).column == name]
    assert [one.value for found in asked for one in found.others] == ways
    assert all(one.doubtful for one in asked)
    # as what is to be predicted, it is classes or a size by the task
    assert not [one for one in read(path, target=name).notices if decision_in(one).column == name]


@pytest.mark.parametrize("cells", CLEARLY_WORDS.values(), ids=CLEARLY_WORDS)
def test_that_nothing_is_asked_of_what_clearly_are_words(cells: list[str], tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(csv("c", cells), "utf-8")
    found = read(tmp_path / "t.csv")
    assert [notice for notice in found.notices if decision_in(notice).doubtful] == []
    assert "may be meant as numbers" not in found.doubts.get("c", "")
    assert found.frame["c"].iloc[0] == cells[0]


NAMES_OR_SIZES = {
    "shelf marks": ("Dewey", ["823.912", "005.133", "641.5", "510"], "category"),
    "seeds": ("Accession", ["1E05", "2E10", "3E02", "7E11"], "category"),
    "post codes": ("zip code", ["10115", "80331", "50667", "20095"], "category"),
    "hives": ("Hive", ["1", "2", "3", "4", "5", "6"], "category"),
    "days of a spreadsheet": ("Booked", ["45356", "45357", "45371", "45402"], "date"),
    "days as Germans call them": ("Datum", ["45356", "45357", "45371", "45402"], "date"),
    "days of two digits each": ("Date", ["240305", "240317", "240402", "241130"], "date"),
    "numbers of the same length": ("x", ["240305", "240317", "240402", "241130"], ""),
    "telephones": ("Contact", [str(13_800_000_000 + row * 7_654_321) for row in range(ROWS)], "leave_out"),
    "feet": ("Height", ["5.1", "5.2", "5.4", "5.6", "5.8", "5.9", "5.11", "6.11"], "category"),
    "hundredths": ("Length", ["5.1", "5.2", "5.4", "5.6", "5.8", "5.9", "5.11", "6.37"], ""),
    "times of a spreadsheet": ("Visit", ["45356.4375", "45357.5", "45371.625", "45402.6875"], "date"),
    "readings of a meter": ("Reading", [f"{12345 + row * 37}.6".zfill(9) for row in range(ROWS)], ""),
    "amounts": ("Salary", ["45356.4", "45357.27", "45371.11", "45402.98"], ""),
    "chips": ("Microchip", [str(980_000_000_000_000 + row * 77_777_777) for row in range(ROWS)], "leave_out"),
    "doses": ("Dose", ["5", "10", "20", "40"], ""),
    "months": ("Month", ["1", "2", "3", "4", "5", "6"], "told"),
    "wide ranges in exponents": ("x", ["1.5E+05", "2.0E-03", "3.1E+02"], ""),
}


@pytest.mark.parametrize(("name", "cells", "asked"), NAMES_OR_SIZES.values(), ids=NAMES_OR_SIZES)
def test_that_numbers_which_may_be_names_or_days_are_asked_about(
    name: str, cells: list[str], asked: str, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(csv(name, cells), "utf-8")
    found = read(tmp_path / "t.csv")
    assert found.frame[name].dtype in (np.float64, np.int64)
    told = [one for one in map(decision_in, found.notices) if one.column == name and one.setting]
    assert [("" if asked == "told" else one.others[0].value, one.doubtful) for one in told] == (
        [] if not asked else [("", False)] if asked == "told" else [(asked, True)]
    )
    if asked in ("category", "date"):
        chosen = read(tmp_path / "t.csv", types={name: asked}).frame[name]
        assert chosen.notna().all()
        assert chosen.nunique() == len(cells)


@pytest.mark.parametrize(("form", "told"), [("{}.4{}", True), ("{}{}", False)], ids=["means", "houses"])
def test_that_letters_of_significance_are_told(form: str, told: bool, tmp_path: Path) -> None:
    cells = [form.format(420 + row, ("a", "ab", "b", "bc")[row % 4]) for row in range(ROWS)]
    (tmp_path / "t.csv").write_text(csv("c", cells), "utf-8")
    doubt = read(tmp_path / "t.csv").doubts.get("c", "")
    assert doubt.startswith("letters stand behind its numbers, as 420.4a") == told


@pytest.mark.parametrize(("units", "asked"), [("m l", True), ("m km", False), ("m m", False)])
def test_that_numbers_of_several_units_are_asked_about(units: str, asked: bool, tmp_path: Path) -> None:
    near, far = units.split()
    cells = [f"{600 + 7 * place}{near}" if place % 2 else f"{1 + place / 10:.1f}{far}" for place in range(24)]
    (tmp_path / "t.csv").write_text(
        "c,y\n" + "".join(f"{cell},{row}\n" for row, cell in enumerate(cells * 3))
    )
    found = read(tmp_path / "t.csv")
    told = [one for one in map(decision_in, found.notices) if one.column == "c" and one.doubtful]
    assert bool(told) == asked
    assert (found.frame["c"].dtype == np.float64) != asked


@pytest.mark.parametrize(
    ("name", "first", "used"),
    [("手机号", 13_800_000_000, False), ("Phone No.", 5_550_000, False),
     ("telephone", 1, True), ("microphone", 5_550_000, True)],
)  # fmt: skip
def test_that_numbers_that_are_dialled_are_no_input(
    name: str, first: int, used: bool, tmp_path: Path
) -> None:
    # some of them twice, as a customer who comes again
    rows = [f"{first + row % 50 * 977},{row % 7},{'ab'[row % 2]}" for row in range(60)]
    (tmp_path / "t.csv").write_text(f"{name},n,y\n" + "\n".join(rows) + "\n", "utf-8")
    found = fit_table(read(tmp_path / "t.csv", target="y"), np.arange(60), Preprocessing(), print)
    assert (name in [column.name for column in found.columns]) == used


ODD = {
    "T11 a word": ("broken", "'broken' in row 13 (and 1 more)"),
    "a star": ("12.5*", "'12.5*' in row 13 (and 1 more)"),
    "another unit": ("12 kg", "'12 kg' in row 13 (and 1 more)"),
    "a range": ("10-12", "'10-12' in row 13 (and 1 more)"),
}


@pytest.mark.parametrize(("odd", "told"), ODD.values(), ids=ODD)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_that_odd_cells_are_told_with_their_row_and_can_count_as_missing(
    odd: str, told: str, kind: str, tmp_path: Path
) -> None:
    values: list[object] = [odd if row in (12, 30) else round(row / 7, 3) for row in range(40)]
    frame = pd.DataFrame({"c": values, "n": range(40)})
    path = tmp_path / f"t.{kind}"
    (frame.to_excel if kind == "xlsx" else frame.to_csv)(path, index=False)
    found = read(path)
    assert f"c: would be numbers but for {told}" in " ".join(found.notices)
    assert found.frame["c"].iloc[12] == odd
    with pytest.raises(Invalid, match=r"^data\.odd_cells: c .* but for '.*' in row 13 .* count as missing"):
        answers(TABLES, read(path, target="c"), "numbers", print)
    for settings in ({"odd_cells": "missing"}, {"types": {"c": "number"}}):
        mended = read(path, **settings)
        assert mended.frame["c"].isna().to_numpy().nonzero()[0].tolist() == [12, 30]
        assert f"c: {told} is no number and counts as missing" in mended.notices


BEGINNINGS: dict[str, tuple[str, list[str], str, dict[str, Any]]] = {
    "T01 sep=": ("sep=;\na;b;y\n{1;2;p}", ["a", "b", "y"], "", {}),
    "sep= in quotes": ('"sep=|"\na|b|y\n{1|2|p}', ["a", "b", "y"], "", {}),
    "sep= a tabulator": ("SEP=\t\na\tb\ty\n{1\t2\tp}", ["a", "b", "y"], "", {}),
    "T09 units": ("a,b,y\n(kPa),(l/min),\n{1,2,p}", ["a", "b", "y"], "(kPa), (l/min)", {}),
    "units without brackets": ("a,b,y\nkPa,mm,-\n{1,2,p}", ["a", "b", "y"], "kPa, mm", {}),
    "micrograms": ("a,y\n\u03bcg,-\n{1,p}", ["a", "y"], "\u03bcg", {}),
    "one unit": ("t,y\n[s],\n{1,p}", ["t", "y"], "[s]", {}),
    "questions of a survey": ('a,b,y\nOld?,Happy?,Stay?\n"{""Id"":""1""}","{""Id"":""2""}",z\n{1,2,p}',
                              ["a", "b", "y"], "2 rows below", {}),
    "questions that are the names again": ('Status,Progress,y\nStatus,Progress,Stay?\n"{""ImportId"":""s""}",'
                                           '"{""ImportId"":""p""}",z\n{ok,100,p}',
                                           ["Status", "Progress", "y"], "2 rows below", {}),
    "groups of pandas": (",t,t,h\n,mean,std,max\nsite,,,\n{1,2,3,4}",
                         ["column 1", "t mean", "t std", "h max"], "two rows", {}),
    "groups of pandas, of rows with two names": (",,t,t,h\n,,mean,std,max\nsite,plot,,,\n{1,1,2,3,4}",
                                                ["column 1", "column 2", "t mean", "t std", "h max"],
                                                "two rows", {}),
    "shares with their names below": ("Price,Close,High\nTicker,AAPL,AAPL\nDate,,\n{2024-01-01,1.5,2}",
                                      ["Price", "Close", "High"], "2 rows below", {}),
    "T10 comments": ("# made by hand\n# A-12, 2024\na,b,y\n{1,2,p}", ["a", "b", "y"], "made by hand", {}),
    "comments of a station": ("% station, north, 12 m\na,b,y\n{1,2,p}", ["a", "b", "y"], "station", {}),
    "names behind a mark": ("# a,b,y\n{1,2,p}", ["a", "b", "y"], "", {}),
    "facts of a data logger": ('"TOA5","N","CR1000X","123","a.cr1"\nat,n,t,y\nTS,RN,Deg C,%\n,,Avg,Smp\n'
                               "{2024-01-01,1,2.5,3}", ["at", "n", "t", "y"], "TOA5", {}),
    "T14 titles": ("Trials of spring\n\na,b,y\n{1,2,p}", ["a", "b", "y"], "Trials of spring", {}),
    "a place and its values": ("latitude,longitude,zone,of\n52.5,13.4,Berlin,CET\n\nt,a,y\n{2024-01-01,1,2}",
                               ["t", "a", "y"], "52.5", {}),
    "titles apart": ("Trials,,\n,,\nby us,,page 1\n,,\na,b,y\n{1,2,p}", ["a", "b", "y"], "by us", {}),
    "facts above": ("Station:,Oslo\nHeight:,12\na,b,y\n{1,2,p}", ["a", "b", "y"], "Station:", {}),
    "padded titles": ("Trials of spring,,\n,,\na,b,y\n{1,2,p}", ["a", "b", "y"], "Trials", {}),
    "T22 numbers as names": ("1100,1110,y\n{1.5,2.5,3}", ["1100", "1110", "y"], "", {"target": "y"}),
    "numbers as names alone": ("1100,1110\n{1.5,2.5}", ["1100", "1110"], "", {"target": "1110"}),
    "years as names": ("land,2020,2021\n{x,2,3}", ["land", "2020", "2021"], "", {}),
    "two rows of names": (",2023,,2024,\nk,a,b,a,b\n{x,1,2,3,4}",
                          ["k", "2023 a", "2023 b", "2024 a", "2024 b"], "two rows", {}),
    "groups repeated": ("k,m,m,n,n\nk,a,b,a,b\n{x,1,2,3,4}", ["k", "m a", "m b", "n a", "n b"], "two rows",
                        {}),
    "wavelengths": ("40,41,42,43,44\n{1.5,2.5,3,7,1}", ["40", "41", "42", "43", "44"], "", {}),
    "rows skipped by hand": ("9,9\n8,8\na,y\nu,v\n{1,2}", ["a", "y"], "",
                             {"skip_above": 2, "skip_below": 1, "header": "yes"}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "names", "told", "settings"), BEGINNINGS.values(), ids=BEGINNINGS)
def test_that_a_table_begins_where_people_see_it_begin(
    text: str, names: list[str], told: str, settings: dict[str, Any], tmp_path: Path
) -> None:
    head, row = text[: text.rindex("{")], text[text.rindex("{") + 1 : -1]
    path = tmp_path / "t.csv"
    path.write_text(head + f"{row}\n" * ROWS, "utf-8")
    found = read(path, **settings)
    assert list(found.names) == names
    assert len(found) == ROWS
    assert told in " ".join(found.notices)
    for name in names:  # to name a column that is there changes nothing
        assert list(read(path, **settings | {"target": name}).names) == names


def test_that_groups_of_columns_may_stand_among_names_of_both_rows(tmp_path: Path) -> None:
    rows = "".join(f"s{row % 4},{row}.5,{row},{'ab'[row % 2]}\n" for row in range(ROWS))
    (tmp_path / "t.csv").write_text("site,physics,,class\n,DO,NTU,\n" + rows, "utf-8")
    assert list(read(tmp_path / "t.csv").frame.columns) == ["site", "physics DO", "physics NTU", "class"]
    # a workbook keeps no empty cells at the end of a row
    book = Workbook()
    sheet = book.worksheets[0]
    for line in (tmp_path / "t.csv").read_text("utf-8").splitlines():
        sheet.append([cell or None for cell in line.split(",")])
    book.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx", target="class")
    assert list(found.frame.columns) == ["site", "physics DO", "physics NTU", "class"]
    # units below names leave no name to the second row
    (tmp_path / "t.csv").write_text("site,DO,turbidity,class\n,mg/l,NTU,\n" + rows, "utf-8")
    assert list(read(tmp_path / "t.csv").frame.columns) == ["site", "DO", "turbidity", "class"]


def test_that_a_blank_row_below_the_first_record_hides_it_not(tmp_path: Path) -> None:
    rows = [
        f"w{row},{'unknown' if row == 1 else row},{'ab'[row % 2]}\n" + "\n" * (row == 0)
        for row in range(ROWS)
    ]
    (tmp_path / "t.csv").write_text("name,age,sort\n" + "".join(rows), "utf-8")
    assert len(read(tmp_path / "t.csv")) == ROWS
    assert read(tmp_path / "t.csv").names == ("name", "age", "sort")


def test_that_a_first_row_which_stands_again_below_is_none_of_names(tmp_path: Path) -> None:
    pairs = [f"你好{row},hello {row}" for row in range(ROWS)]
    (tmp_path / "t.csv").write_text("\n".join([*pairs, *pairs[:2]]) + "\n", "utf-8")
    assert read(tmp_path / "t.csv").names == ("column 1", "column 2")


@pytest.mark.parametrize(
    "last",
    ["Total,,276,", "Summe,,276,", "合计,,276,", "Overall average,,276,", "班级平均分,,276,",
     "120 rows in set (0.00 sec),,,", "检验员\uff1a张三,,,审核\uff1a李四", "Source: the office,,,",
     "* provisional,,,", "2.2023年数据为初步核算数。,,,"],
)  # fmt: skip
def test_that_totals_and_notes_at_the_end_are_no_rows(last: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "k,w,n,m\n" + "".join(f"k{row % 5},w,{row},{row}\n" for row in range(ROWS)) + f"\n{last}\n", "utf-8"
    )
    found = read(path)
    assert len(found) == ROWS
    assert last.split(",")[0] in " ".join(found.notices)


@pytest.mark.parametrize("words", [True, False], ids=["beside words", "beside numbers"])
def test_that_statistics_below_the_rows_are_no_rows(words: bool, tmp_path: Path) -> None:
    rows = [f"s{row},{'ab'[row % 2] if words else row % 2},{10 + row},{row % 7}.5" for row in range(ROWS)]
    text = "\n".join(["sample,group,x,y", *rows, "Mean,,21.5,3.5", "SD,,7.1,2", "CV %,,33,57", "Max,,33,6.5"])
    (tmp_path / "t.csv").write_text(text + "\n", "utf-8")
    found = read(tmp_path / "t.csv")
    assert len(found.frame) == ROWS
    assert any(
        "left out" in notice and "Mean" in notice + str(decision_in(notice)) for notice in found.notices
    )


def test_that_the_last_of_the_persons_may_be_called_max(tmp_path: Path) -> None:
    rows = [
        f"{name},{7 * place % 10},{5 * place % 8}" for place, name in enumerate(["Ann", "Bob", "Eva"] * 8)
    ]
    (tmp_path / "t.csv").write_text("\n".join(["name,x,y", *rows, "Max,4,3"]) + "\n", "utf-8")
    assert len(read(tmp_path / "t.csv").frame) == len(rows) + 1


@pytest.mark.parametrize("last", ["当页汇总", "汇总", "Total"])
def test_that_a_total_of_visits_is_no_row_though_it_says_how_long_they_last(
    last: str, tmp_path: Path
) -> None:
    days = [f"2024/01/{day:02}(周一),{90 + day},00:02:{day:02}" for day in range(1, ROWS + 1)]
    (tmp_path / "t.csv").write_text(
        "\n".join(["日期,浏览量,时长", *days, f"{last},3000,00:02:15"]) + "\n", "utf-8"
    )
    found = read(tmp_path / "t.csv")
    assert len(found) == ROWS
    assert last in " ".join(found.notices)


@pytest.mark.parametrize(
    ("mark", "asked"), [('""""', True), ("〃", True), ("ditto", True), ("Ditton", False)]
)
def test_that_marks_which_repeat_the_row_above_are_asked_about(
    mark: str, asked: bool, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(csv("c", ["North", mark, mark, "South", mark]), "utf-8")
    told = [one for one in map(decision_in, read(tmp_path / "t.csv").notices) if one.column == "c"]
    assert [one.setting for one in told if one.doubtful] == ["data.types"] * asked


@pytest.mark.parametrize(("wrong", "asked"), [(0, True), (1, False)])
def test_that_a_number_which_parts_the_classes_is_asked_about(
    wrong: int, asked: bool, tmp_path: Path
) -> None:
    marks = [row * 29 % 71 + 20 for row in range(60)]
    passed = [(mark >= 50) != (row < wrong) for row, mark in enumerate(marks)]
    frame = pd.DataFrame({"mark": marks, "club": [row % 2 for row in range(60)], "passed": passed})
    found = giving_away(Table(frame.assign(passed=frame["passed"].astype(str)), ("passed",), tuple(frame)))
    assert [decision_in(one).column for one in found] == ["mark"] * asked


def weeks(total: str) -> str:
    """Days of four weeks, each with a line below that is made of the sum of loaves sold."""
    lines = ["Date,Weather,Loaves,Unsold"]
    for week in range(4):
        sold = [40 + (week * 7 + day) * 5 % 17 for day in range(7)]
        lines += [f"{week * 7 + day + 1} Mar 2024,{('sun', 'rain')[day % 2]},{one},{one % 9}"
                  for day, one in enumerate(sold)]  # fmt: skip
        lines += [total.format(sum=sum(sold), unsold=sum(one % 9 for one in sold))]
    return "\n".join(lines) + "\n"


ROWS_IN_DOUBT = {
    "totals of another name": ("Week total,,{sum},{unsold}", 4),
    "sums without a word": (",,{sum},{unsold}", 4),
    "carried over": ("Carried over,,{sum},{unsold}", 4),
    "titles of what follows": ("Next week,,,", 4),
    "examples with gaps": ("1 Apr 2024,,45,", 0),
    "examples of a firm": ("Total,sun,45,3", 0),
}


@pytest.mark.parametrize(("line", "count"), ROWS_IN_DOUBT.values(), ids=ROWS_IN_DOUBT)
def test_that_rows_which_may_be_none_are_asked_about_and_can_be_left_out(
    line: str, count: int, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(weeks(line), "utf-8")
    # what stands below the last row of data is told and left out by a rule of its own
    found = read(tmp_path / "t.csv", types={"Date": "words"})
    asked = [
        one for one in map(decision_in, found.notices) if one.setting == "data.other_rows" and one.doubtful
    ]
    assert [[other.value for other in one.others] for one in asked] == [["leave_out_likely"]] * bool(count)
    chosen = read(tmp_path / "t.csv", types={"Date": "words"}, other_rows="leave_out_likely")
    assert len(chosen) == (28 if count else len(found))


SECOND = ("Statistics,,,", "Serie,Rm 1,n,m", "x,3,4,5", "s,1,1,1")
"""A title, names written again, and rows of another table."""


@pytest.mark.parametrize("title", [True, False])
def test_that_a_second_table_is_no_part_of_the_first_nor_of_a_new_file(title: bool, tmp_path: Path) -> None:
    rows = "".join(f"k{row},{row / 7},{row},{'ab'[row % 2]}\n" for row in range(ROWS))
    lines = "\n".join(SECOND if title else SECOND[1:])
    (tmp_path / "t.csv").write_text(f"Protocol,12\nk,Rm 1,n,m\n{rows}\n{lines}\n", "utf-8")
    found = read(tmp_path / "t.csv")
    assert len(found) == ROWS
    assert found.frame["Rm 1"].dtype == np.float64
    assert "a second table that begins in row" in " ".join(found.notices)
    new = read_table(tmp_path / "t.csv", TableFormat(blanks=True), (), silent, 1 << 30).frame
    assert second_table(new, np.arange(len(new))) == ROWS + 1


@pytest.mark.parametrize("tables", [2, 3])
def test_that_a_second_table_beside_the_first_is_left_out_and_told(tables: int, tmp_path: Path) -> None:
    rows = "".join(",,".join([f"k{row},{row}"] * tables) + "\n" for row in range(ROWS))
    (tmp_path / "t.csv").write_text(",,".join(["name,mark"] * tables) + f"\n{rows}", "utf-8")
    found = read(tmp_path / "t.csv")
    assert list(found.frame.columns) == list(found.names) == ["name", "mark"]
    assert "a second table beside the first" in " ".join(found.notices)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_that_rows_which_repeat_the_names_are_left_out_and_told(ending: str, tmp_path: Path) -> None:
    """A logger that starts anew; files put together."""
    rows = [["t", "temp", "door"] if row % 8 == 7 else [row, row / 7, "ab"[row % 2]] for row in range(ROWS)]
    frame = pd.DataFrame(rows, columns=["t", "temp", "door"])
    path = tmp_path / f"log.{ending}"
    (frame.to_excel if ending == "xlsx" else frame.to_csv)(path, index=False)
    found = read(path, target="door")
    assert len(found) == ROWS - 3
    assert found.frame["temp"].dtype == np.float64
    assert found.rows is not None
    assert 8 not in found.rows.tolist()
    assert set(found.as_written("door")) == {"a", "b"}
    assert "3 rows that repeat the names left out: row 8, 16, 24" in found.notices


def test_that_rows_which_repeat_the_second_row_of_names_are_left_out(tmp_path: Path) -> None:
    names = "Rk,Pos,MP,Min"
    rows = [
        names if row % 8 == 7 else f"{row},{['FW', 'DF'][row % 2]},{row},{row * 2}" for row in range(ROWS)
    ]
    (tmp_path / "t.csv").write_text(
        ",,Playing Time,Playing Time\n" + "\n".join([names, *rows]) + "\n", "utf-8"
    )
    found = read(tmp_path / "t.csv", target="Pos")
    assert found.names == ("Rk", "Pos", "Playing Time MP", "Playing Time Min")
    assert len(found) == ROWS - 3
    assert set(found.as_written("Pos")) == {"FW", "DF"}


@pytest.mark.parametrize(
    ("remark", "count"), [("# started anew,,", 1), ("#,,", 0), ("# started anew,5,a", 0)]
)
def test_that_a_comment_between_rows_is_no_row(remark: str, count: int, tmp_path: Path) -> None:
    rows = "".join(f"{row},{row % 7},{'ab'[row % 2]}\n" for row in range(ROWS))
    (tmp_path / "t.csv").write_text(f"t,temp,door\n{rows}{remark}\n{rows}", "utf-8")
    found = read(tmp_path / "t.csv")
    assert len(found) == 2 * ROWS + 1 - count
    assert (f"1 row that is a comment left out: row {ROWS + 1}" in found.notices) == bool(count)
    assert (found.frame["t"].dtype == np.int64) == bool(count)


def test_that_blank_rows_keep_the_numbers_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n\n,\n3,4\n\n", "utf-8")
    found = read(path)
    assert found.rows is not None
    assert found.rows.tolist() == [1, 4]
    assert found.frame["a"].tolist() == [1, 3]
    assert "2 blank rows" in " ".join(found.notices)


SENTINELS = {
    "S04": (-200.0, True), "nines": (-9999.0, True), "below": (-99.0, True), "honest": (14.0, False),
    "netCDF's, as it is shown": (9.96921e36, True), "netCDF's": (9.969209968386869e36, True),
    "a number too large": (1e37, False),
}  # fmt: skip


@pytest.mark.parametrize(("value", "told"), SENTINELS.values(), ids=SENTINELS)
def test_that_a_number_that_may_mean_missing_is_asked_about(value: float, told: bool, tmp_path: Path) -> None:
    values = [value if row % 7 == 0 else row % 13 + 0.5 for row in range(60)]
    pd.DataFrame({"co": values, "n": range(60)}).to_csv(tmp_path / "t.csv", index=False)
    found = read(tmp_path / "t.csv")
    assert any("list" in notice and "under Missing" in notice for notice in found.notices) == told
    if told:
        assert read(tmp_path / "t.csv", missing=[value]).frame["co"].isna().sum() == 9


@pytest.mark.parametrize(
    ("value", "told"), [(-999.0, True), (-99.99, True), (-9.0, False), (999.0, False), (-700.0, False)]
)
@pytest.mark.parametrize("rows", [1, 2])
def test_that_a_usual_mark_far_below_all_else_needs_to_stand_there_but_once(
    value: float, told: bool, rows: int, tmp_path: Path
) -> None:
    values = [value if row in (7, 9)[:rows] else row % 5 + 0.5 for row in range(60)]
    pd.DataFrame({"co": values, "n": range(60)}).to_csv(tmp_path / "t.csv", index=False)
    assert any("under Missing" in notice for notice in read(tmp_path / "t.csv").notices) == told


@pytest.mark.parametrize(("usual", "told"), [(999.0, True), (999.9, True), (0.0, False)])
def test_that_what_means_missing_may_stand_in_most_rows(usual: float, told: bool, tmp_path: Path) -> None:
    """Days since the last call are 999 where nobody called; most months are without snow, and that is 0."""
    values = [row / 7 + 1 if row % 6 == 0 else usual for row in range(60)]
    pd.DataFrame({"days": values, "n": range(60)}).to_csv(tmp_path / "t.csv", index=False)
    assert any("under Missing" in notice for notice in read(tmp_path / "t.csv").notices) == told


ENCODED = {
    "cp932": "価格,駅\n12,新宿\n9,渋谷\n",
    "euc_jp": "名前,点\nたなか,3\nすずき,4\n",
    "cp949": "가격,지역\n12,서울\n9,부산\n7,대구\n",
    "big5": "價格,地區\n12,臺北\n9,高雄\n",
    "gb18030": "价格,地区\n12,北京\n9,上海\n",
    "cp1251": "цена,город\n12,Москва\n9,Казань\n",
    "koi8_r": "цена,город\n12,Москва\n9,Казань\n", "cp1250": "cena,město\n12,Plzeň\n9,Třebíč\n",
    "iso8859_2": "miasto,n\nŁódź,1\nświat,2\nPoznań,3\n", "mac_roman": "preis,stadt\n12,Düsseldorf\n9,Köln\n",
    "cp850": "preis,stadt\n12,Düsseldorf\n9,Köln\n", "cp1254": "fiyat,şehir\n12,İstanbul\n9,Eskişehir\n",
    "cp1253": "τιμή,πόλη\n12,Αθήνα\n9,Πάτρα\n",
}  # fmt: skip


APOSTROPHES = {
    "English": "id,note\n1,I don’t know\n2,it’s Anna’s café\n3,we’re on O’Brien’s side\n",
    "French": "id,note\n1,l’été d’un café\n2,qu’il n’a pas\n3,C’est à l’hôtel\n",
    "French of few accents": "id,note\n1,d’un\n2,l’eau\n3,qu’il n’a pas, où\n",
}


@pytest.mark.parametrize("text", APOSTROPHES.values(), ids=APOSTROPHES)
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_that_apostrophes_between_letters_are_no_sign_of_another_encoding(text: str, encoding: str) -> None:
    assert legacy_encoding(text.encode(encoding))[0] == encoding


@pytest.mark.parametrize("sign", "¥€£àé¢")
def test_that_signs_of_four_bytes_before_each_price_hide_no_chinese_letters(sign: str) -> None:
    """In GB18030 ¥ takes four bytes: of few letters and many prices, a file was read as Cyrillic."""
    lines = [
        f"2023年{row % 12 + 1}月3日,{row + 800},{sign}{row / 7:.2f},{'是否'[row % 2]}" for row in range(40)
    ]
    block = "\n".join(["日期,销量,价格,促销", *lines]).encode("gb18030")
    assert legacy_encoding(block)[0] == "gb18030"


@pytest.mark.parametrize(("encoding", "text"), ENCODED.items(), ids=ENCODED)
def test_that_letters_of_older_files_are_found_and_told(encoding: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(text.encode(encoding))
    found = read(tmp_path / "t.csv")
    assert ",".join(found.names) == text.split("\n")[0]
    assert "set the encoding" in " ".join(found.notices)
    assert read(tmp_path / "t.csv", encoding=found.found["encoding"]).frame.equals(found.frame)


def book(path: Path, *, hidden: bool = False, active: int = 0) -> Path:
    made = Workbook()
    for place, year in enumerate((2023, 2024)):
        sheet = made.active if place == 0 else made.create_sheet()
        assert sheet is not None
        sheet.title = str(year)
        sheet.append(["x", "y"])
        for row in range(10 + place):
            sheet.append([row, year])
    if hidden:
        made.worksheets[0].sheet_state = "hidden"
    made.active = active
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("settings", "how", "sheet"),
    [
        ({}, {}, "2023"),
        ({"hidden": True, "active": 1}, {}, "2024"),
        ({"active": 1}, {}, "2024"),
        ({}, {"sheet": "2024"}, "2024"),
        ({"hidden": True, "active": 1}, {"sheet": "2023"}, "2023"),
    ],
    ids=["first", "T13a hidden", "active", "T13 chosen", "hidden but chosen"],
)
def test_that_the_sheet_a_person_sees_is_read(
    settings: dict[str, Any], how: dict[str, Any], sheet: str, tmp_path: Path
) -> None:
    found = read(book(tmp_path / "t.xlsx", **settings), **how)
    assert set(found.frame["y"]) == {int(sheet)}
    assert found.found["sheet"] == sheet
    # a sheet that somebody chose, too: a later workbook may have more
    assert any(repr(sheet) in notice for notice in found.notices)


NOTES = {
    "two cells": [["Erhebung 2024"], [None, "vorläufig"]],
    "a page of text": [[f"Line {row} of what this workbook is about."] for row in range(40)],
    "a name and a value": [["Author", "N. N."], ["Date", "2024-03-05"]],
    "nothing": [],
}


@pytest.mark.parametrize("cover", NOTES.values(), ids=list(NOTES))
def test_that_a_cover_before_the_data_is_not_read_for_the_data(
    cover: list[list[Any]], tmp_path: Path
) -> None:
    path = book(tmp_path / "t.xlsx")
    made = load_workbook(path)
    first = made.create_sheet("Notes", 0)
    for line in cover:
        first.append(line)
    hidden = made.create_sheet("raw")
    for row in range(50):
        hidden.append([row, row])
    hidden.sheet_state = "hidden"
    made.active = 0
    made.save(path)
    found = read(path)
    assert (set(found.frame["y"]), found.found["sheet"]) == (
        {2024},
        "2024",
    )  # the longer of those that are seen
    (notice,) = [one for one in found.notices if "'Notes'" in one]
    assert "holds no table" in notice
    assert "set Sheet" in notice
    assert sheet_names(path) == ("Notes", "2023", "2024", "raw")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
def test_that_what_is_no_workbook_has_no_sheets(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(content)
    assert sheet_names(tmp_path / "t.xlsx") == ()
    assert sheet_names(tmp_path / "none.xlsx") == ()
    assert sheet_names(tmp_path / "t.csv") == ()


def test_that_names_of_sheets_are_read_as_they_are_written(tmp_path: Path) -> None:
    names = ("A & B <1>", 'say "x"', "产量 2024", "über 'alles'")
    made = Workbook()
    for name in names:
        made.create_sheet(name)
    made.remove(made.worksheets[0])
    made.save(tmp_path / "t.xlsx")
    assert sheet_names(tmp_path / "t.xlsx") == names


def test_that_merged_cells_hold_for_their_rows_and_formulas_without_values_are_named(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["group", "x", "twice"])
    for row in range(12):
        sheet.append(["AB"[row // 6] if row % 6 == 0 else None, row, f"=B{row + 2}*2"])
    sheet.merge_cells("A2:A7")
    sheet.merge_cells("A8:A13")
    made.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx")
    assert found.frame["group"].tolist() == ["A"] * 6 + ["B"] * 6
    assert "twice: it holds 12 formulas without values" in " ".join(found.notices)
    with pytest.raises(Invalid, match="twice: it holds 12 formulas without values"):
        answers(TABLES, read(tmp_path / "t.xlsx", target="twice"), "numbers", print)


def test_that_rows_of_merged_cells_keep_how_their_numbers_are_shown(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["area", "plz", "version", "y"])
    for row in range(12):
        sheet.append([7 + row // 6 if row % 6 == 0 else None, 502 + row, 1.1, row])
        for column, form in enumerate(("00", "00000", "0.00"), 1):
            sheet.cell(row + 2, column).number_format = form
    sheet.merge_cells("A2:A7")
    sheet.merge_cells("A8:A13")
    made.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx", target="version")
    assert found.frame["area"].tolist() == ["07"] * 6 + ["08"] * 6
    assert found.frame["plz"].tolist() == [f"{502 + row:05}" for row in range(12)]
    assert set(found.as_written("version")) == {"1.10"}


RECORDS = [
    {"a": 1, "b": "x", "c": {"d": 1.5}},
    {"a": 2, "b": None, "c": {"d": 2.5}},
    {"a": 3, "b": "y", "c": {"d": 3}},
]


@pytest.mark.parametrize("ending", [".json", ".jsonl", ".ndjson"])
@pytest.mark.parametrize("as_list", [True, False], ids=["a list", "lines"])
def test_that_records_are_rows(ending: str, as_list: bool, tmp_path: Path) -> None:
    text = json.dumps(RECORDS, indent=1) if as_list else "\r\n".join(map(json.dumps, RECORDS))
    (tmp_path / f"t{ending}").write_text(text, "utf-8")
    found = read(tmp_path / f"t{ending}")
    assert list(found.names) == ["a", "b", "c.d"]
    assert found.frame["a"].tolist() == [1, 2, 3]
    assert found.frame["b"].isna().tolist() == [False, True, False]
    assert found.frame["c.d"].tolist() == [1.5, 2.5, 3]


def test_that_records_are_read_without_an_ending(tmp_path: Path) -> None:
    (tmp_path / "wiki_00").write_text("\n".join(map(json.dumps, RECORDS)), "utf-8")
    assert sort_of_file(tmp_path / "wiki_00") == "tables"
    assert list(read(tmp_path / "wiki_00").names) == ["a", "b", "c.d"]


def test_that_folders_of_records_are_no_classes(tmp_path: Path) -> None:
    for name in ("AA/wiki_00", "AA/wiki_01", "AB/wiki_00"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("\n".join(map(json.dumps, RECORDS * 8)), "utf-8")
    assert source_of(tmp_path) is None
    assert "holds 3 tables, none of which alone is called train: wiki_00" in why_unknown(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("t.json", b'{"a": [1, 2], "b": {"c": 1}}', "not a table"),
        ("t.json", b"{\n \"a\": 1,\n \"b\": [2]\n}", "not a table"),
        ("t.json", b"[1, 2, 3]", "no record"),
        ("t.json", b'{"a": 1', "no JSON"),
        ("t.jsonl", b'{"a": 1}\n{"a": \n', "line 2"),
        ("t.ods", b"PK\x03\x04", "OpenDocument"),
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        ("t.sav", b"$FL2", "SPSS"),
        ("t.dta", b"<stata", "Stata"),
        ("t.pkl", b"\x80\x04", "pickle"),
    ],
)  # fmt: skip
def test_that_other_files_are_refused_with_what_to_do(
    name: str, content: bytes, words: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid, match=words):
        read(tmp_path / name)


@pytest.mark.parametrize("begin", ["<html><head>", "\ufeff\n<table border='1'>", "<!DOCTYPE html>"])
@pytest.mark.parametrize("name", ["t.xls", "t.csv"])
def test_that_a_web_page_named_as_a_table_is_refused_with_what_to_do(
    begin: str, name: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(f"{begin}<tr><th>a</th><th>b</th></tr>\n" * 9, "utf-8")
    with pytest.raises(Invalid, match=r"is a web page \(HTML\).*save it as \.xlsx"):
        read(tmp_path / name)


def test_that_text_named_xls_is_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "t.xls").write_text("a\tb\n" + "1\t2\n" * 9, "utf-8")
    assert list(read(tmp_path / "t.xls").names) == ["a", "b"]


def test_that_a_type_of_a_column_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    from engine.data.preparation.prepare import prepare
    from engine.data.preprocessing import Preprocessing
    from engine.data.split import Split

    (tmp_path / "t.csv").write_text(csv("c", ["1.5", "2.5"]), "utf-8")
    source = TableFile.model_validate(
        {"path": str(tmp_path / "t.csv"), "target": "w", "types": {"cc": "number"}}
    )
    with pytest.raises(Invalid, match=r"data.types: no column 'cc'; did you mean 'c'"):
        prepare(source, Split(), Preprocessing(), "classes", 0)


def test_that_labels_of_texts_and_series_are_the_cells_as_written(tmp_path: Path) -> None:
    marks = ["1.1", "1.10", "1.2"]
    rows = [f"a text of so many words {row},{marks[row % 3]}" for row in range(ROWS)]
    (tmp_path / "texts.csv").write_text("text,label\n" + "\n".join(rows) + "\n", "utf-8")
    texts = TextTable(path=str(tmp_path / "texts.csv")).read(0)
    assert isinstance(texts, Texts)
    assert set(texts.labels.tolist()) == set(marks)
    wide = [f"{marks[row % 3]},{row},{row + 0.5},{row + 1}" for row in range(ROWS)]
    (tmp_path / "wide.csv").write_text("label,t0,t1,t2\n" + "\n".join(wide) + "\n", "utf-8")
    long = [f"r{row // 4},{row % 4},{marks[row // 4 % 3]},{row / 7:.3f}" for row in range(ROWS)]
    (tmp_path / "long.csv").write_text("id,time,label,value\n" + "\n".join(long) + "\n", "utf-8")
    for name in ("wide", "long"):
        series = SeriesTable(path=str(tmp_path / f"{name}.csv")).read(0)
        assert isinstance(series, SeriesSet)
        assert set(series.labels.tolist()) == set(marks), name


def test_that_a_note_below_new_rows_is_not_said_to_lack_cells(tmp_path: Path) -> None:
    lines = ["day,open,close", *(f"2022-01-{day:02d},{day},{day + 1}" for day in range(1, 29))]
    (tmp_path / "new.csv").write_text("\n".join([*lines, "# source: the exchange"]) + "\n", "utf-8")
    how = TableFormat(typed=("open", "close"), blanks=True)
    found = read_table(tmp_path / "new.csv", how, (), silent, 2**30)
    assert len(found) == len(lines)
    assert not [notice for notice in found.notices if "fewer cells" in notice]
    # one that is cut off is no note
    (tmp_path / "cut.csv").write_text("\n".join([*lines[:9], "2022-02-01,3", *lines[9:]]) + "\n", "utf-8")
    (told,) = [
        one for one in read_table(tmp_path / "cut.csv", how, (), silent, 2**30).notices if "fewer" in one
    ]
    assert "take it out" in told
