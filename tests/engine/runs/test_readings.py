"""Readings in the history: kept as they are found, those of earlier versions too, never trusted."""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Family, Invalid
from engine.events import Reading
from engine.probes.gradients import Norms
from engine.probes.predictions import ConfusionMatrix, PredictedNumbers
from engine.probes.writing import WrittenTexts
from engine.runs.history.packing import Malformed, Packing, Unfitting
from engine.runs.history.reader import HistoryReader
from engine.runs.history.readings import pack_found, unpack_found
from engine.runs.history.writer import HistoryWriter

BEFORE = Path(__file__).with_name("readings_of_before.sqlite")
"""Written by the version before readings were records: one of every probe, on small data."""
MATRIX = ConfusionMatrix(np.array([[3, 1], [0, 2]]))


def kept(path: Path, *readings: Reading) -> tuple[Reading, ...]:
    with HistoryWriter(path) as writer:
        for reading in readings:
            writer.read(reading)
    with HistoryReader(path) as reader:
        return reader.readings()


def put(path: Path, probe: str, content: bytes) -> tuple[Reading, ...]:
    """Return what is read of a history into which a stranger put such a reading."""
    kept(path, Reading("confusion", 3, MATRIX))
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?)", (probe, 3, content))
    with HistoryReader(path) as reader:
        return reader.readings()


def plain(probe: str) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays that the version of before wrote, read with nothing of ours."""
    with closing(sqlite3.connect(BEFORE)) as base:
        (content,) = base.execute("SELECT data FROM pictures WHERE probe = ?", (probe,)).fetchone()
    return {
        name: np.frombuffer(raw, dtype).reshape(shape)
        for name, dtype, shape, raw in msgpack.unpackb(zlib.decompress(content))
    }


def lines(array: np.ndarray[Any, Any]) -> list[str]:
    return array.tobytes().decode().split("\n")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = shutil.copy(BEFORE, tmp_path_factory.mktemp("before") / "history.sqlite")
    with HistoryReader(Path(path)) as reader:
        return {reading.probe: reading.found for reading in reader.readings()}


def test_that_every_probe_of_before_is_read_as_the_record_of_today(before: dict[str, Any]) -> None:
    with closing(sqlite3.connect(BEFORE)) as base:
        written = {probe for (probe,) in base.execute("SELECT probe FROM pictures")}
    assert before.keys() == written
    for probe, found in before.items():
        assert type(found) is Family.every["probes"][probe].record()  # type: ignore[attr-defined]


ARRAYS = {
    "class_probabilities": ("probabilities", "truth", "rows"),
    "coefficients": ("slope", "effect", "error"),
    "confusion": ("matrix",),
    "decision_surface": ("x0", "x1", "winner", "confidence", "points", "labels", "part"),
    "fitted_curve": ("x", "y", "point_x", "point_y", "part"),
    "forecasts": ("history", "truth", "predicted"),
    "gradient_norms": ("gradient", "weight"),
    "image_predictions": ("pixels", "truth", "predicted", "confidence", "loss", "rows"),
    "predicted_against_true": ("truth", "predicted", "rows"),
    "tagged_text_predictions": ("truth", "predicted", "rows"),
    "text_predictions": ("weights", "truth", "predicted", "confidence", "loss", "rows"),
    "translations": ("rows",),
    "filled_gaps": ("gaps", "confidence"),
}


@pytest.mark.parametrize("probe", ARRAYS)
def test_that_numbers_of_before_are_the_same(probe: str, before: dict[str, Any]) -> None:
    for name in ARRAYS[probe]:
        np.testing.assert_array_equal(getattr(before[probe], name), plain(probe)[name])


TEXTS: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("forecasts", "times"): lambda found: list(found.times),
    ("forecasts", "names"): lambda found: list(found.names),
    ("gradient_norms", "names"): lambda found: list(found.names),
    ("generated_texts", "texts"): lambda found: list(found.texts),
    ("translations", "written"): lambda found: list(found.written),
    ("translations", "references"): lambda found: list(found.references),
    ("text_predictions", "tokens"): lambda found: ["\t".join(text) for text in found.tokens],
    ("text_predictions", "by"): lambda found: [found.by],
    ("tagged_text_predictions", "words"): lambda found: ["\t".join(words) for words in found.words],
    ("filled_gaps", "guesses"): lambda found: ["\t".join(text) for text in found.guesses],
    ("attention_maps", "names"): lambda found: [one.name for one in found.maps],
    ("feature_maps", "names"): lambda found: [f"{one.name}\t{one.sort}" for one in found.layers],
    ("filters", "names"): lambda found: [one.name for one in found.layers],
    ("recurrent_states", "names"): lambda found: [f"{one.layer}\t{one.what}" for one in found.courses],
    ("recurrent_states", "places"): lambda found: ["\t".join(found.positions)],
}


@pytest.mark.parametrize(("probe", "name"), TEXTS)
def test_that_texts_of_before_are_the_same(probe: str, name: str, before: dict[str, Any]) -> None:
    assert TEXTS[probe, name](before[probe]) == lines(plain(probe)[name])


def test_that_what_was_kept_layer_by_layer_is_the_same(before: dict[str, Any]) -> None:
    attention, filters = plain("attention_maps"), plain("filters")
    for index, one in enumerate(before["attention_maps"].maps):
        np.testing.assert_array_equal(one.weights, attention[f"map.{index}"])
        keys = "outputs" if one.name.startswith("decoder") and "cross" not in one.name else "inputs"
        (line,) = lines(attention[keys])
        assert list(one.keys) == line.split("\t")[: one.weights.shape[2]]
    for index, layer in enumerate(before["filters"].layers):
        np.testing.assert_array_equal(layer.filters, filters[f"filters.{index}"])
    maps = plain("feature_maps")
    for index, layer in enumerate(before["feature_maps"].layers):
        np.testing.assert_array_equal(layer.maps, maps[f"maps.{index}"])
        np.testing.assert_array_equal(layer.channels, maps[f"channels.{index}"])
        assert [layer.low, layer.high] == maps[f"range.{index}"].tolist()
    courses = plain("recurrent_states")
    for index, course in enumerate(before["recurrent_states"].courses):
        np.testing.assert_array_equal(course.values, courses[f"course.{index}"])
    assert before["forecasts"].first == plain("forecasts")["rows"][0]
    assert before["generated_texts"].begun == plain("generated_texts")["begun"][0]


def test_that_numbers_that_were_kept_in_single_precision_are_read_in_double() -> None:
    single = np.array([[0.1], [2.5]], np.float32)
    before: Any = PredictedNumbers(single, single + 1, np.array([4, 7]))
    found = unpack_found("predicted_against_true", pack_found(before))
    assert found.truth.dtype == found.predicted.dtype == np.float64
    np.testing.assert_array_equal(found.truth, single)
    whole: Any = np.array([[1], [2]])
    with pytest.raises(Unfitting):
        unpack_found("predicted_against_true", pack_found(PredictedNumbers(whole, whole, np.array([4, 7]))))


def test_that_a_newer_reading_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    other = ConfusionMatrix(np.array([[4, 0], [1, 1]]))
    (found,) = kept(tmp_path / "h", Reading("confusion", 3, MATRIX), Reading("confusion", 9, other))
    assert found.step == 9
    assert found.found.matrix.tolist() == [[4, 0], [1, 1]]


def test_that_only_what_a_probe_may_find_is_kept() -> None:
    with pytest.raises(TypeError):
        pack_found({"matrix": np.eye(2)})


NORMS = Norms(("a", "b"), np.zeros(2, np.float32), np.zeros(2, np.float32))


@pytest.mark.parametrize(
    ("probe", "content"),
    [
        ("of_a_newer_version", pack_found(MATRIX)),
        ("confusion", pack_found(NORMS)),
        ("confusion", pack_found(ConfusionMatrix(np.eye(2, dtype=np.float32)))),  # type: ignore[arg-type]
        ("confusion", pack_found(ConfusionMatrix(((3, 1), (0, 2))))),  # type: ignore[arg-type]
        ("gradient_norms", pack_found(Norms(("a", 3), NORMS.gradient, NORMS.weight))),  # type: ignore[arg-type]
        ("generated_texts", pack_found(WrittenTexts(("a",), True))),
        ("confusion", zlib.compress(Packing({}).pack([]))),
        ("confusion", zlib.compress(Packing({}).pack([["matrix", "int64", [1], b"12345678", 3]]))),
    ],
    ids=range(8),
)
def test_that_a_reading_this_version_does_not_understand_is_absent_and_the_run_opens(
    tmp_path: Path, probe: str, content: bytes
) -> None:
    with pytest.raises(Unfitting):
        unpack_found(probe, content)
    assert [reading.probe for reading in put(tmp_path / "h", probe, content)] == (
        ["confusion"] if probe != "confusion" else []
    )


def test_that_a_field_that_was_added_since_takes_its_default() -> None:
    from dataclasses import make_dataclass

    today = make_dataclass("Counts", [("matrix", Any), ("parts", Any, None)], frozen=True)
    then = make_dataclass("Counts", [("matrix", Any)], frozen=True)
    found = Packing({"Counts": today}).unpack(Packing({"Counts": then}).pack(then(3)))
    assert (found.matrix, found.parts) == (3, None)
    with pytest.raises(Unfitting):
        Packing({"Counts": then}).unpack(Packing({"Counts": today}).pack(today(3, 4)))


def test_that_damaged_readings_are_said_to_be_damaged(tmp_path: Path) -> None:
    for index, content in enumerate((b"", b"no", pack_found(MATRIX)[:-9], zlib.compress(bytes(80 << 20)))):
        with pytest.raises(Invalid, match="damaged"):
            put(tmp_path / str(index), "confusion", content)


@given(st.binary(max_size=200))
def test_that_any_bytes_are_a_reading_or_malformed(content: bytes) -> None:
    for given_ in (content, zlib.compress(content)):
        try:
            unpack_found("confusion", given_)
        except Malformed:
            continue
