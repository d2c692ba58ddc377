"""Decisions of readers: each has its line, and what it offers instead is what is then read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.choices import fields
from engine.command_line.decision_lines import decision_lines
from engine.data.decisions import (
    LEFT_OUT,
    ROW,
    Decided,
    Decision,
    completed,
    decided,
    decision_in,
    decisions_of,
    together,
)
from engine.data.images.raw import ImageSet
from engine.data.images.sources.images import Images
from engine.data.tables.raw import Table
from engine.data.tables.read.column_readings import brief
from engine.data.tables.read.rival_readings import read_cells
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment
from engine.inference.results import Predicted
from engine.serving.frames import decode, encode
from tests.engine.data.same_inputs import CASES, Case


@dataclass(frozen=True)
class Ambiguous:
    """A table that can be read in two ways: `setting` decides, `others` is what it could be instead."""

    setting: str
    others: tuple[Any, ...]
    text: str
    doubtful: bool = True
    encoding: str = "utf-8"


def rows(cells: str, count: int = 30) -> str:
    """Rows of an answer and a cell that counts through the words given."""
    words = cells.split("|")
    return "".join(f"{'pq'[row % 2]};{words[row % len(words)]}\n" for row in range(count))


AMBIGUOUS = {
    "thousands or a fraction": Ambiguous("decimal", (".",), "y;x\n" + rows("1.234|2.950|300")),
    "a fraction or thousands": Ambiguous("thousands", (".",), "y;x\n" + rows("1.234|2.950|3.125")),
    "day or month": Ambiguous("date_order", ("day",), "y;x\n" + rows("01/02/2024|03/04/2024|11/12/2024")),
    "a word for missing": Ambiguous("missing", (["-"],), "y;x\n" + rows("red|blue|-")),
    "a number for missing": Ambiguous("missing", (["-999"],), "y;x\n" + rows("1.5|2.5|4|3.25|-999")),
    "a day for missing": Ambiguous(
        "missing", (["9999-12-31"],), "y;x\n" + rows("2024-01-03|2024-02-04|2024-03-05|9999-12-31")
    ),
    "a limit": Ambiguous("missing", (["<0.5"],), "y;x\n" + rows("1.5|2.5|4.5|<0.5"), doubtful=False),
    "an odd cell": Ambiguous("types", ({"x": "number"},), "y;x\n" + rows("1|2|3|4") + "p;broken\n"),
    "codes": Ambiguous("types", ({"x": "number"},), "y;x\n" + rows("007|012|110"), doubtful=False),
    "a unit": Ambiguous("types", ({"x": "category"},), "y;x\n" + rows("3 kg|4 kg"), doubtful=False),
    "titles": Ambiguous("skip_above", (0,), "Report\nof May\n\ny;x;z\n" + rows("1;2|3;4"), doubtful=False),
    "units": Ambiguous("skip_below", (0,), "y;x;z\n;kg;mm\n" + rows("1;2|3;4"), doubtful=False),
    "no names": Ambiguous("header", ("yes",), rows("1.5|2.5|3.5")),
    "a total": Ambiguous("other_rows", ("keep",), "y;x\n" + rows("1|2|3") + "Total;60\n", doubtful=False),
    "a comment": Ambiguous(
        "other_rows", ("keep",), "y;x\n" + rows("1|2|3") + "# end;\n" + rows("1|2"), False
    ),
    "a second table": Ambiguous("other_rows", ("keep",), "y;x\n" + rows("1|2") + "\nsite;area\na;5\nb;6\n"),
    "letters that some encodings lack": Ambiguous(
        "encoding", (), "y;x\n" + rows("да|нет|может быть|ещё|№ 5"), encoding="windows-1251"
    ),
    "letters": Ambiguous(
        "encoding", (), "y;x\n" + rows("gr\xfcn|wei\xdf|Stra\xdfe \u2116"), encoding="koi8-r"
    ),
}


def source_of(case: Ambiguous, folder: Path) -> TableFile:
    path = folder / "t.csv"
    path.write_bytes(case.text.encode(case.encoding, "replace"))
    return TableFile(path=str(path))


def read(source: TableFile) -> Table:
    raw = source.read(0)
    assert isinstance(raw, Table)
    return raw


def decisions(source: TableFile) -> tuple[Decision, ...]:
    raw = read(source)
    return decisions_of(source, raw.found, raw.notices)


def shown(raw: Table) -> list[list[str]]:
    return [[*map(str, raw.frame.columns)], *(read_cells(raw.frame[name]) for name in raw.frame.columns)]


@pytest.mark.parametrize("name", [name for name in AMBIGUOUS if AMBIGUOUS[name].others])
def test_that_what_can_be_read_in_two_ways_offers_the_other(name: str, tmp_path: Path) -> None:
    case = AMBIGUOUS[name]
    found = [one for one in decisions(source_of(case, tmp_path)) if one.setting == f"data.{case.setting}"]
    offered = [one for one in found if one.said]
    assert len(offered) == 1, found
    values = [other.value for other in offered[0].others]
    assert all(value in values for value in case.others), values
    assert offered[0].specimens
    assert offered[0].doubtful == case.doubtful


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_that_every_other_reading_is_what_is_then_read(name: str, tmp_path: Path) -> None:
    """The preview tells the truth, and nothing is offered that changes nothing."""
    source = source_of(AMBIGUOUS[name], tmp_path)
    before = read(source)
    for decision in decisions_of(source, before.found, before.notices):
        for other in decision.others:
            if not decision.said:
                continue  # of what is as usual nothing is foretold
            after = read(source.replaced(**{decision.setting.removeprefix("data."): other.value}))
            assert shown(after) != shown(before), (decision.setting, other.value)
            for specimen, foretold in zip(decision.specimens, other.read, strict=True):
                assert foretold != specimen.read or len(decision.specimens) > 1
                if decision.column and specimen.row:
                    assert after.rows is not None
                    place = after.rows.tolist().index(specimen.row)
                    found = read_cells(after.frame[decision.column])[place]
                    assert brief(found, specimen.written) == foretold
                if (specimen.read, foretold) == (LEFT_OUT, ROW):
                    assert len(after) > len(before)


@pytest.mark.parametrize(
    "make", [make for cases in CASES.values() for make in cases.values()],
    ids=[f"{kind}.{name}" for kind, cases in CASES.items() for name in cases],
)  # fmt: skip
def test_that_whatever_a_reader_found_and_told_has_a_line(
    make: Callable[[Path], Case], tmp_path: Path
) -> None:
    source = make(tmp_path).source
    raw = source.read(0)
    told = decisions_of(source, raw.found, raw.notices)
    assert {str(notice) for notice in raw.notices} == {one.said for one in told if one.said}
    settings = {field.name: field for field in fields(type(source))}
    places = {one.setting.removeprefix("data.") for one in told}
    assert {name for name in raw.found if name in settings} <= places
    experiment = Experiment(data=source)
    for one in told:
        assert [*decision_lines(one, experiment)], one
        field = settings.get(one.setting.removeprefix("data."))
        if field is not None and field.setting.options and isinstance(one.value, str):
            assert one.value in field.setting.options, f"{one.setting}={one.value} has no words"
        for other in one.others:
            source.replaced(**{one.setting.removeprefix("data."): other.value})  # a value it may have


def test_that_classes_of_folders_are_shown_as_they_would_be_otherwise(tmp_path: Path) -> None:
    for place in ("cat/old/1.png", "cat/young/1.png", "dog/big/1.png", "dog/small/1.png"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4)).save(tmp_path / place)
    source = Images(path=str(tmp_path))
    raw = source.read(0)
    told = decisions_of(source, raw.found, raw.notices)
    (classes,) = (one for one in told if one.setting == "data.classes")
    assert classes.doubtful
    assert [one.read for one in classes.specimens] == ['"cat"', '"dog"']
    (other,) = classes.others
    after = source.replaced(classes=other.value).read(0)
    assert isinstance(after, ImageSet)
    named = dict(zip(after.names, after.labels.tolist(), strict=True))
    assert tuple(f'"{named[one.written]}"' for one in classes.specimens) == other.read


def test_that_a_notice_of_a_decision_travels_as_a_sentence() -> None:
    said = decided("x: 7 is odd", "data.missing", "7")
    assert isinstance(said, Decided)
    found = Predicted("numbers", ("y",), ("1",), np.zeros((1, 1), np.float32), warnings=(said,))
    (warning,) = decode(encode(found)[4:]).warnings
    assert (type(warning), warning) == (str, "x: 7 is odd")


def test_that_a_source_that_cannot_be_told_offers_nothing(tmp_path: Path) -> None:
    notice = decided("a row is left out", "data.other_rows", "keep")
    (told,) = decisions_of(Images(path=str(tmp_path)), {}, [notice])
    assert (told.setting, told.others) == ("", ())


def test_that_what_is_said_of_many_columns_is_said_once() -> None:
    units = [decided(f"g{n}: numbers in mg", "data.types", "category", column=f"g{n}") for n in range(9)]
    gaps = [f"g{n}: {n + 3} missing, filled with {n / 7:.2f}" for n in range(5)]
    told = together([*units, "letters are read as UTF-8", *gaps, "a: left out", "b: left out"])
    assert told == (
        "g0, g1, g2 and 6 more: numbers in mg",
        "letters are read as UTF-8",
        "g0: 3 missing, filled with 0.00; the same, with numbers and words of their own, is said of g1, g2 "
        "and 2 more",
        "a: left out",
        "b: left out",
    )
    decisions = decisions_of(TableFile(types=(("x", "number"),)), {}, told)
    assert decisions[0].others[0].value == {"x": "number"} | {f"g{n}": "category" for n in range(9)}


def test_that_what_no_setting_of_the_source_settles_is_told_and_not_asked() -> None:
    asked = Decision("the first row is taken for data", "data.header", "", "no", doubtful=True)
    assert completed(asked, TableFile()).doubtful
    assert not completed(asked, Images()).doubtful
    assert completed(asked, Images()).said == asked.said


@pytest.mark.parametrize(
    ("written", "read", "shown"),
    [
        ("10天", "0.02737850787132101", "0.02738"),
        ("3.14159", "3.14159", "3.14159"),
        ("1/3", "0.3333333333333333", "0.3333"),
        ("12345 ft", "3762.7559999999994", "3762.8"),
        ("117330081", "117330081", "117330081"),
        ("x", '"0.02737850787132101"', '"0.02737850787132101"'),
    ],
)
def test_that_numbers_are_shown_with_as_many_figures_as_are_written_or_four(
    written: str, read: str, shown: str
) -> None:
    assert brief(read, written) == shown


def test_that_of_an_encoding_two_others_are_offered_the_likest_to_a_language(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("a,y\n消费,1\n红太阳超市,2\n第二食堂,3\n".encode("gb18030"))
    told = map(decision_in, TableFile(path=str(tmp_path / "t.csv")).read(0).notices)
    (about,) = [one for one in told if one.setting == "data.encoding"]
    assert len(about.others) <= 2
    words = "y;x\n" + rows("да|нет|может быть|ещё")
    (tmp_path / "t.csv").write_bytes(words.encode("windows-1251"))
    told = map(decision_in, TableFile(path=str(tmp_path / "t.csv")).read(0).notices)
    (about,) = [one for one in told if one.setting == "data.encoding"]
    assert {"koi8-r", "windows-1251"} <= {about.value, *(other.value for other in about.others)}
