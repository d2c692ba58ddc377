"""Nothing of a JSON record that is read is dropped without a word: it is a column, or it is told."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.choices import Invalid
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile

ROWS = 12


def values_in(value: Any) -> Iterator[Any]:
    """Every value that a record holds, whatever it lies in; lists and empty records count as one."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from values_in(inner)
    elif value is not None:
        yield value


def marked(shape: Any, draw: random.Random) -> Any:
    """The shape with a number of its own in the place of each 0, of which none occurs twice."""
    if isinstance(shape, dict):
        return {name: marked(inner, draw) for name, inner in shape.items()}
    if isinstance(shape, list):
        return [marked(inner, draw) for inner in shape]
    return draw.randrange(10**9) + 0.5 if shape == 0 else shape


def feature(geometry: Any, **others: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"mag": 0, "longitude": 0}, "geometry": geometry, **others}


SHAPES: dict[str, Any] = {
    "flat": {"a": 0, "b": 0},
    "within": {"a": {"b": {"c": {"d": {"e": {"f": 0}}}}, "g": 0}, "h": 0},
    "names that meet": {"a.b": 0, "a": {"b": 0}, "x": 0},
    "lists": {"a": 0, "list": [0, 0, 0], "pairs": [[0, 0], [0]], "records": [{"b": 0}]},
    "point": feature({"type": "Point", "coordinates": [0, 0]}),
    "point with a height": feature({"type": "Point", "coordinates": [0, 0, 0]}, id=0, bbox=[0, 0]),
    "point of four": feature({"type": "Point", "coordinates": [0, 0, 0, 0]}),
    "line": feature({"type": "LineString", "coordinates": [[0, 0], [0, 0]]}),
    "polygon": feature({"type": "Polygon", "coordinates": [[[0, 0], [0, 0], [0, 0]]]}, rating=0),
    "several": feature({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [0]}]}),
    "nowhere": feature(None, id=0),
}


def read(records: list[Any], path: Path, form: str, *, map_of: bool) -> Table:
    if map_of:
        text = json.dumps({"type": "FeatureCollection", "features": records})
    elif form == "lines":
        text = "\n".join(map(json.dumps, records))
    else:
        text = json.dumps(
            records if form == "list" else {f"k{place}": one for place, one in enumerate(records)}
        )
    path.write_text(text, "utf-8")
    found = TableFile(path=str(path)).read(0)
    assert isinstance(found, Table)
    return found


@pytest.mark.parametrize("form", ["list", "lines", "keys"])
@pytest.mark.parametrize("shape", SHAPES)
def test_that_each_value_is_in_a_column_or_is_told(tmp_path: Path, shape: str, form: str) -> None:
    draw = random.Random(shape)
    records = [marked(SHAPES[shape], draw) for _ in range(ROWS)]
    map_of = SHAPES[shape].get("type") == "Feature"
    # lists in records under keys are refused, with the question which of them is meant
    if form != "list" and (map_of or (form, shape) == ("keys", "lists")):
        return
    table = read(records, tmp_path / ("a.jsonl" if form == "lines" else "a.json"), form, map_of=map_of)
    told = " ".join(table.notices)
    for row, record in enumerate(records):
        cells = {str(cell) for cell in table.frame.iloc[row]}
        for value in values_in(record):
            if isinstance(value, list):
                continue
            there = str(value) in cells or any(str(value) in cell for cell in cells)
            assert there or value == "Feature" or (map_of and value == "Point"), (value, cells)
    lists = {name for record in records for name, value in record.items() if isinstance(value, list)}
    assert all(name in told for name in lists), told
    if map_of and SHAPES[shape]["geometry"] and SHAPES[shape]["geometry"]["type"] != "Point":
        assert "geometry." in told


def test_that_a_point_keeps_its_third_coordinate_beside_a_property_of_the_same_name(tmp_path: Path) -> None:
    place = {"type": "Point", "coordinates": [7.5, 8.5, 9.5]}
    records = [feature(place) | {"properties": {"mag": row, "longitude": -row}} for row in range(ROWS)]
    table = read(records, tmp_path / "a.json", "list", map_of=True)
    assert [*table.frame.columns] == ["mag", "longitude", "longitude (2)", "latitude", "third coordinate"]
    assert set(table.frame["third coordinate"]) == {9.5}


def test_that_a_name_that_is_written_twice_in_a_record_is_two_columns(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        "[" + ",".join(f'{{"a": {row}, "b": 1, "a": {-row}}}' for row in range(9)) + "]"
    )
    table = TableFile(path=str(tmp_path / "a.json")).read(0)
    assert isinstance(table, Table)
    assert [*table.frame.columns] == ["a", "b", "a (2)"]


def test_that_nobody_is_told_of_a_record_that_some_rows_lack(tmp_path: Path) -> None:
    records = [{"place": {"town": f"t{row}"} if row % 2 else None, "x": row} for row in range(ROWS)]
    table = read(records, tmp_path / "a.json", "list", map_of=False)
    assert {*table.frame.columns} == {"place.town", "x"}
    assert not table.notices


def test_that_an_object_that_is_one_record_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": {"b": 1}}')
    with pytest.raises(Invalid):
        TableFile(path=str(tmp_path / "a.json")).read(0)
