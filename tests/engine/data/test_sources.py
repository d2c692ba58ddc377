"""Sources: what holds for every generated set without naming it, and what each sample and set is."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from engine.choices import Family, Invalid
from engine.data import rooms  # noqa: F401 - fills the family
from engine.data.generators.blobs import Blobs
from engine.data.generators.plane import Plane
from engine.data.generators.random_vectors import RandomVectors
from engine.data.generators.spirals import Spirals
from engine.data.images.raw import ImageSet
from engine.data.memory import free_memory
from engine.data.preparation.prepare import prepare
from engine.data.preprocessing import Preprocessing
from engine.data.sample import SAMPLES, Sample
from engine.data.source import Source
from engine.data.split import Split
from engine.data.tables.raw import Table
from tests.engine.data.guesses import guess_task

ALONE = """
import sys
from engine.data import rooms
from pathlib import Path
from engine.choices import Family, located
for source in Family.every["data"].values():
    located(source(), Path("."))
assert not {"pandas", "torch", "PIL", "pyarrow"} & set(sys.modules), sorted(sys.modules)
"""


def test_that_the_choices_of_data_load_neither_pandas_nor_torch() -> None:
    subprocess.run([sys.executable, "-c", ALONE], check=True)


DRAWN: list[Any] = [source for source in Family.every["data"].values() if source.drawn]  # type: ignore[attr-defined]
every_drawn = pytest.mark.parametrize("drawn", DRAWN, ids=lambda source: source.kind)
TARGETS = {
    "classification": "classes",
    "regression": "numbers",
    "forecasting": "numbers",
    "language_modelling": "tokens",
    "translation": "translation",
}
NAMES = sorted(path.stem for path in SAMPLES.glob("*.toml"))


def read(source: Source, seed: int = 0) -> Table:
    found = source.read(seed)
    assert isinstance(found, Table)
    return found


@every_drawn
def test_that_a_generated_set_follows_from_settings_and_seed_alone(drawn: Any) -> None:
    pd.testing.assert_frame_equal(read(drawn(), 3).frame, read(drawn(), 3).frame)
    assert not read(drawn(), 3).frame.equals(read(drawn(), 4).frame)


@every_drawn
@pytest.mark.parametrize("samples", [10, 57, 2000])
def test_that_a_generated_set_has_as_many_examples_as_asked_and_can_be_prepared(
    drawn: Any, samples: int
) -> None:
    source = drawn(samples=samples)
    raw = read(source)
    task = guess_task(raw)
    assert task is not None
    found = prepare(source, Split(train=0.6, validation=0.2, test=0.2), Preprocessing(), task, 0)
    assert found.description.train + found.description.validation + found.description.test == samples
    assert np.isfinite(found.train.inputs).all()
    assert found.description.inputs.kind == "vector"


@pytest.mark.parametrize(
    "drawn", [source for source in DRAWN if "noise" in source.model_fields], ids=lambda s: s.kind
)
def test_that_noise_moves_the_points_and_draws_no_others(drawn: Any) -> None:
    still, little, more = (
        read(drawn(noise=noise)).frame.select_dtypes("number") for noise in (0.0, 0.01, 0.02)
    )
    np.testing.assert_allclose(more - still, 2 * (little - still), atol=1e-12)
    assert not little.equals(still)


@pytest.mark.parametrize(
    "drawn", [source for source in DRAWN if source().read(0).targets == ("class",)], ids=lambda s: s.kind
)
def test_that_classes_without_noise_are_told_apart_by_their_neighbours(drawn: Any) -> None:
    frame = read(drawn(samples=2000, noise=0.0)).frame
    points, marks = frame[["x1", "x2"]].to_numpy(), frame["class"].to_numpy()
    assert KNeighborsClassifier(1).fit(points[:1000], marks[:1000]).score(points[1000:], marks[1000:]) > 0.97
    counts = pd.Series(marks).value_counts()
    assert counts.min() > 0.85 * counts.max()


def test_that_neighbouring_arms_of_the_spirals_are_one_unit_apart() -> None:
    frame = read(Spirals(samples=4000, noise=0.0, turns=2.0)).frame
    radius = np.hypot(frame["x1"], frame["x2"])
    angle = np.arctan2(frame["x2"], frame["x1"]) - np.pi * (frame["class"] == "B")
    turn = (radius - 0.5) / 2
    np.testing.assert_allclose(np.cos(angle - 2 * np.pi * turn), 1, atol=1e-9)
    assert radius.min() >= 0.5
    assert radius.max() <= 0.5 + 2 * 2.0


def test_that_no_line_parts_the_spirals() -> None:
    frame = read(Spirals()).frame
    points = frame[["x1", "x2"]].to_numpy()
    assert LogisticRegression().fit(points, frame["class"]).score(points, frame["class"]) < 0.7


def test_that_a_plane_is_a_plane_and_bumps_are_none() -> None:
    for source, linear in ((Plane(noise=0.0), True), (Family.every["data"]["gaussian_bumps"](), False)):
        frame = read(source).frame  # type: ignore[arg-type]
        points = frame[["x1", "x2"]].to_numpy()
        score = LinearRegression().fit(points, frame["y"]).score(points, frame["y"])
        assert score > 0.999 if linear else score < 0.1


def test_that_blobs_have_as_many_classes_as_asked() -> None:
    assert sorted(read(Blobs(classes=7)).frame["class"].unique()) == list("ABCDEFG")


def test_that_the_textbook_warm_ups_have_their_sizes() -> None:
    small = prepare(RandomVectors(), Split(), Preprocessing(), "numbers", 0)
    assert small.description.inputs.shape == (10,)
    assert small.description.targets.size == 2
    raw = read(RandomVectors(samples=1000, outputs=10))
    values = raw.frame.to_numpy()
    assert values.shape == (1000, 20)
    assert abs(values.mean()) < 0.03
    assert abs(values.std() - 1) < 0.03


def test_that_new_rows_change_none_that_is_learnt() -> None:
    learnt = read(RandomVectors(samples=50)).frame
    for count in (1, 20):
        found = read(RandomVectors(samples=50, new=count))
        assert found.frame[:50].equals(learnt)
        assert found.published is not None
        assert found.published.tolist() == ["train"] * 50 + ["test"] * count
        assert not found.frame[50:].reset_index(drop=True).equals(learnt[:count])


def test_that_random_vectors_beyond_the_memory_are_refused() -> None:
    source = RandomVectors(samples=100_000, inputs=10_000, outputs=1_000)
    if 32 * source.samples * (source.inputs + source.outputs) <= free_memory():
        pytest.skip("this machine has memory for all that can be asked")
    with pytest.raises(Invalid, match="memory"):
        source.read(0)


@pytest.mark.parametrize("name", NAMES)
def test_that_every_sample_that_is_shipped_can_be_chosen_and_prepared(name: str) -> None:
    sample = Sample.model_validate({"name": name})
    facts = sample.facts()
    task = TARGETS[facts["task"]]
    found = prepare(sample, Split(), Preprocessing(), task, 0)  # type: ignore[arg-type]
    count = sum(len(found.part(part)) for part in ("train", "validation", "test"))  # type: ignore[arg-type]
    if facts["kind"] in ("timeline", "corpus"):  # cut into windows
        assert (count < facts["rows"]) == (facts["kind"] == "timeline")
    else:
        assert count == facts["rows"]
    told = ("longer than", "as they were published")
    assert all(any(words in notice for words in told) for notice in found.notices), found.notices
    assert guess_task(found.raw) == task
    if task == "classes":
        assert sorted(found.description.targets.classes) == sorted(facts["classes"])


def test_that_digits_use_the_whole_range_of_brightness() -> None:
    found = Sample(name="digits").read(0)
    assert isinstance(found, ImageSet)
    assert (found.pixels.min(), found.pixels.max()) == (0, 255)
    assert len(np.unique(found.pixels)) == 17
    assert found.classes == tuple("0123456789")


def test_that_a_sample_keeps_the_order_of_its_classes() -> None:
    found = prepare(Sample(name="fashion_mnist"), Split(), Preprocessing(), "classes", 0)
    assert found.description.targets.classes[0] == "T-shirt/top"
    assert found.description.targets.classes[9] == "Ankle boot"
