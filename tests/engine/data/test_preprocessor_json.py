"""The preprocessor as JSON: nothing is lost, and nothing hostile gets through."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Family, Invalid
from engine.data.images.raw import ImageSet
from engine.data.preparation.prepare import prepare, prepare_raw
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.preprocessor import Preprocessor
from engine.data.sample import Sample
from engine.data.series.raw import SeriesSet, Timeline
from engine.data.split import Split
from engine.data.tables.raw import Table
from engine.data.texts.raw import TaggedTexts
from tests.engine.data.guesses import guess_task


def everything() -> Prepared:
    """A table with every kind of column."""
    random = np.random.default_rng(1)
    values = random.normal(size=120) / 3
    values[::5] = np.nan
    frame = pd.DataFrame(
        {
            "number": values,
            "flag": ["yes", "no", "no"] * 40,
            "word": [("a", "b", "c", None)[index % 4] for index in range(118)] + ["rare 1", "rare 2"],
            "day": pd.date_range("2020-02-28 05:00", periods=120, freq="31h"),
            "same": 1,
            "y": random.normal(size=120),
        }
    )
    return prepare_raw(Table(frame, ("y",), tuple(frame.columns)), Split(), Preprocessing(), "numbers", 0)


def images() -> Prepared:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 3, 4, 3)).astype(np.uint8)
    raw = ImageSet(pixels, np.array(["p", "q"] * 20), ("p", "q"), tuple(map(str, range(40))))
    return prepare_raw(raw, Split(), Preprocessing(), "classes", 0)


def series() -> Prepared:
    random = np.random.default_rng(0)
    values = tuple(random.normal(size=(2 + index % 3, 2)).astype(np.float32) for index in range(40))
    raw = SeriesSet(values, ("x", "y"), np.array(["p", "q"] * 20), tuple(map(str, range(40))))
    return prepare_raw(raw, Split(), Preprocessing(), "classes", 0)


def timeline() -> Prepared:
    values = np.random.default_rng(0).normal(size=(80, 2)).astype(np.float32)
    times = np.arange(80).astype(str)
    raw = Timeline(values, ("x", "y"), ("y", "x"), times, 6, 3, 4, changes=True)
    return prepare_raw(raw, Split(), Preprocessing(), "numbers", 0)


def tagged() -> Prepared:
    words = tuple((f"word{number}", "and", f"name{number % 7}", "too") for number in range(40))
    raw = TaggedTexts(words, (("O", "O", "B-name", "O"),) * 40, tuple(map(str, range(40))))
    return prepare_raw(raw, Split(), Preprocessing(tokenizer="words", length=8), "tags", 0)


MADE = {
    "table": everything(),
    "pictures": images(),
    "series": series(),
    "timeline": timeline(),
    "tagged": tagged(),
}
DOCUMENTS = {name: made.preprocessor.to_json() for name, made in MADE.items()}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_that_a_preprocessor_travels_through_json_text_unchanged(made: Prepared) -> None:
    text = json.dumps(made.preprocessor.to_json(), allow_nan=False)
    again = Preprocessor.from_json(text)
    assert again == made.preprocessor
    assert Preprocessor.from_json(json.loads(text)) == again
    np.testing.assert_array_equal(again.inputs(made.raw), made.preprocessor.inputs(made.raw))


@pytest.mark.parametrize("kind", [kind for kind, source in Family.every["data"].items() if source.drawn])  # type: ignore[attr-defined]
def test_that_every_generated_source_makes_a_preprocessor_that_travels(kind: str) -> None:
    source: Any = Family.every["data"][kind]()
    task = guess_task(source.read(0))
    assert task is not None
    made = prepare(source, Split(), Preprocessing(), task, 0).preprocessor
    assert Preprocessor.from_json(json.dumps(made.to_json())) == made


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(min_value=0, exclude_min=True, allow_infinity=False),
)
def test_that_every_double_survives(offset: float, scale: float) -> None:
    document = copy.deepcopy(DOCUMENTS["table"])
    document["inputs"]["columns"][0].update(offset=offset, scale=scale)
    column: Any = Preprocessor.from_json(json.dumps(document)).encoder
    assert (column.columns[0].offset, column.columns[0].scale) == (offset, scale)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    return [path, *(place for key, child in children for place in places(child, (*path, key)))]


HOSTILE: list[Any] = [
    None,
    -1,
    0,
    10**400,
    1e308,
    float("nan"),
    float("inf"),
    "",
    "x" * 20_000,
    [],
    {},
    [[]],
    True,
    ["a"] * 9,
]


@given(st.sampled_from(sorted(DOCUMENTS)), st.data())
def test_that_a_document_with_anything_anywhere_is_read_or_refused(which: str, data: st.DataObject) -> None:
    document = copy.deepcopy(DOCUMENTS[which])
    path = data.draw(st.sampled_from([place for place in places(document) if place]))
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    if data.draw(st.booleans()):
        parent[path[-1]] = data.draw(st.sampled_from(HOSTILE))
    else:
        del parent[path[-1]]
    found = read_or_problems(document)
    if isinstance(found, Preprocessor):
        assert Preprocessor.from_json(found.to_json()) == found
        assert found.received.size < 1e8


def read_or_problems(document: Any) -> Preprocessor | tuple[str, ...]:
    try:
        return Preprocessor.from_json(document)
    except Invalid as error:
        return tuple(map(str, error.problems))


JSON = st.recursive(
    st.none() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(st.text() | st.binary() | JSON)
def test_that_anything_at_all_is_refused_as_invalid(value: Any) -> None:
    with pytest.raises(Invalid):
        Preprocessor.from_json(value)


@pytest.mark.parametrize(
    "change",
    [
        {"height": 10**9},
        {"channels": 2},
        {"scale": [0.0, 1.0, 1.0]},
        {"offset": [0.0]},
        {"height": 0},
        {"surprise": 1},
    ],
)
def test_that_absurd_pictures_are_refused(change: dict[str, Any]) -> None:
    document = copy.deepcopy(DOCUMENTS["pictures"])
    document["inputs"].update(change)
    with pytest.raises(Invalid):
        Preprocessor.from_json(document)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"format": 1', "NaN", '{"format": 2}', b"\xff\xfe"])
def test_that_text_that_is_no_such_document_is_refused(text: Any) -> None:
    with pytest.raises(Invalid):
        Preprocessor.from_json(text)


def test_that_a_column_that_occurs_twice_is_refused() -> None:
    document = copy.deepcopy(DOCUMENTS["table"])
    document["inputs"]["columns"].append(document["inputs"]["columns"][0])
    with pytest.raises(Invalid, match="twice"):
        Preprocessor.from_json(document)


def test_that_classes_without_names_are_refused() -> None:
    document = prepare(Sample(), Split(), Preprocessing(), "classes", 0).preprocessor.to_json()
    document["targets"]["classes"] = []
    with pytest.raises(Invalid):
        Preprocessor.from_json(document)
