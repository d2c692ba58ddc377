"""Placement: what the folders of a data set mean is one rule, for pictures, series and texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data.decisions import decision_in
from engine.data.files.placement import Placed, inner_folders, part_of, placement_of
from engine.data.images.sources.images import Images
from engine.data.preparation.prepare import prepare
from engine.data.preprocessing import Preprocessing
from engine.data.series.sources.series_table import SeriesTable
from engine.data.split import Split
from engine.data.texts.sources.text_folders import TextFolders

LAYOUTS: dict[str, tuple[str, ...]] = {
    "a folder per class": ("cat/1", "cat/2", "dog/1", "dog/2"),
    "parts, then classes": ("train/cat/1", "train/dog/1", "val/cat/2", "test/dog/2"),
    "other words for parts": ("Training/cat/1", "Training/dog/1", "Testing/cat/2", "validation/dog/2"),
    "classes, then parts": ("cat/train/1", "cat/valid/2", "dog/train/1", "dog/dev/2"),
    "below one folder": ("set/train/cat/1", "set/train/dog/1", "set/test/cat/2", "set/test/dog/2"),
    "sessions in a class": ("cat/may/1", "cat/june/2", "dog/may/1", "dog/june/2"),
    "years in the names of parts": ("train2017/cat/1", "train2017/dog/1", "val2017/cat/2", "val2017/dog/2"),
    "classes in the names of parts": ("train_cat/1", "train_dog/1", "test_cat/2", "test_dog/2"),
    "sites in the names of parts": ("a_train/cat/1", "b_train/dog/1", "a_test/cat/2", "b_test/dog/2"),
    "a letter behind the part": ("x/trainCat/1", "x/trainDog/1", "x/testCat/2", "x/testDog/2"),
    "unpacked into a folder of its name": (
        "a_train/a_train/cat/1",
        "a_train/a_train/dog/1",
        "a_test/a_test/dog/2",
    ),
    "a set that holds itself": ("x/train/cat/1", "x/val/dog/1", "x/x/train/dog/2", "x/x/val/cat/2"),
    "a folder a day": ("2024-03-05/cat/1", "2024-03-05/dog/1", "2024-03-06/cat/1", "2024-03-06/dog/1"),
    "days, in parts": ("train/d1/cat/1", "train/d1/dog/1", "test/d2/cat/1", "test/d2/dog/1"),
    "persons behind the class in names": (
        "cat_li_1",
        "dog_li_2",
        "cat_wu_3",
        "dog_wu_4",
        "cat_li_5",
        "dog_li_6",
        "cat_wu_7",
        "dog_wu_8",
    ),
    "a number between": ("cat_01_li", "cat_02_wu", "dog_01_li", "dog_02_wu"),
    "a part named with more": ("pets_train/cat/1", "pets_train/dog/1", "pets_test/cat/2", "pets_test/dog/2"),
}


@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)
def test_that_classes_are_found_wherever_parts_stand(files: tuple[str, ...]) -> None:
    places = [tuple(file.split("/")) for file in files]
    found = placement_of(places)
    labels = [one.label.lower() for one in map(found.of, places) if one is not None]
    assert labels == ["cat" if "cat" in file.lower() else "dog" for file in files]
    parted = any(part_of(folder) for file in files for folder in file.split("/")[:-1])
    assert (found.parts is not None) == parted


@pytest.mark.parametrize(
    ("files", "labels"),
    [
        (("test_positive/1", "test_negative/1"), ["test_positive", "test_negative"]),
        (("train/1", "bus/1", "car/1"), ["train", "bus", "car"]),
        (("cat.0.jpg", "cat.1.jpg", "dog.0.jpg", "dog.1.jpg"), ["cat", "cat", "dog", "dog"]),
        (("red_fox_1.png", "red_fox_2.png", "owl (1).png", "owl (2).png"), ["red_fox"] * 2 + ["owl"] * 2),
        (("train/cat.0.jpg", "train/dog.0.jpg", "train/cat.1.jpg", "test/dog.1.jpg"), ["cat", "dog"] * 2),
        (("all/train/a/1", "all/train/a/2", "all/train/b/1", "all/val/1"), ["a", "a", "b"]),
        (("1", "all/a/1", "all/a/2", "all/b/1"), ["a", "a", "b"]),
        (("1/1/a", "1/2/a", "2/1/a", "2/2/a"), ["1", "1", "2", "2"]),
        (("cat/cat/1", "cat/cat/2", "dog/1"), ["cat", "cat", "dog"]),
        (
            ("seg_train/seg_train/a/1", "seg_train/seg_train/b/1", "seg_test/seg_test/a/1", "pred/pred/1"),
            ["a", "b", "a"],
        ),
        (("train/unsup/1", "train/good/1", "test/good/1"), ["", "good", "good"]),
    ],
)
def test_that_names_which_only_look_like_parts_stay_classes(
    files: tuple[str, ...], labels: list[str]
) -> None:
    places = [tuple(file.split("/")) for file in files]
    found = placement_of(places)
    assert sorted(one.label for one in map(found.of, places) if one is not None) == sorted(labels)


def test_that_folders_within_classes_that_are_numbered_stay_within() -> None:
    places = [(f"grade {grade}", side, "1") for grade in (1, 2) for side in ("left", "right")]
    assert placement_of(places).classes == "outer"
    assert inner_folders(places, placement_of(places)) == ("left", "right")


def test_that_names_of_telephones_are_no_classes() -> None:
    places = [(f"{word}{number}.jpg",) for word in ("mmexport", "微信图片_") for number in range(9)]
    assert placement_of(places).of(places[0]) is None


def test_that_names_of_cameras_are_no_classes() -> None:
    places = [(f"{word}_{number}.jpg",) for word in ("IMG", "DSC") for number in range(9)]
    assert [placement_of(places).of(place) for place in places] == [None] * 18
    chosen = placement_of(places, "name")
    assert chosen.of(places[0]) == Placed("IMG", None)


def test_that_inner_folders_are_told_where_they_could_be_the_classes() -> None:
    places = [("animal", "cat", "1"), ("animal", "dog", "1"), ("tool", "saw", "1")]
    assert inner_folders(places, placement_of(places)) == ("cat", "dog", "saw")
    assert placement_of(places, "inner").of(places[2]) == Placed("saw", None)
    versions = [(kind, plant, "1") for kind in ("colour", "grey") for plant in ("apple", "pear")]
    assert inner_folders(versions, placement_of(versions)) == ("apple", "pear")
    sessions = [("cat", "may", "1"), ("dog", "may", "1")]
    assert inner_folders(sessions, placement_of(sessions)) == ()
    persons = [tuple(place.split("/")) for place in ("1/1/a", "1/2/a", "2/1/a", "2/2/a")]
    assert inner_folders(persons, placement_of(persons)) == ("1", "2")


def test_that_pictures_series_and_texts_read_the_same_layout_alike(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for part in ("train", "val", "test"):
        for name in ("left", "right"):
            place = tmp_path / "{}" / part / name
            for sort in ("pictures", "series", "texts"):
                Path(str(place).format(sort)).mkdir(parents=True)
            for number in range(3):
                pixels = random.integers(0, 256, (6, 6, 3), np.uint8)
                Image.fromarray(pixels).save(Path(str(place).format("pictures")) / f"{number}.png")
                rows = "\n".join(f"{value:.3f}" for value in random.normal(size=8))
                Path(str(place).format("series"), f"{number}.csv").write_text("value\n" + rows)
                Path(str(place).format("texts"), f"{number}.txt").write_text(f"{name} it is")
    sources = {"pictures": Images, "series": SeriesTable, "texts": TextFolders}
    for sort, source in sources.items():
        raw = source(path=str(tmp_path / sort)).read(0)
        assert sorted(set(raw.labels.tolist())) == ["left", "right"], sort  # type: ignore[union-attr]
        parts = raw.published.tolist()  # type: ignore[union-attr]
        assert sorted(parts) == ["test"] * 6 + ["train"] * 6 + ["validation"] * 6, sort
        ready = prepare(source(path=str(tmp_path / sort)), Split(), Preprocessing(length=8), "classes", 0)
        told = [decision_in(notice) for notice in ready.notices]
        said = [one.said for one in told if one.setting == "split.published"]
        assert said == ["parts of the data are kept as they were published: validation 6, test 6 examples"], (
            sort
        )


@pytest.mark.parametrize("shelf", ["enron", "part_", "session", "2021-03-0"])
def test_that_numbered_folders_that_all_hold_the_same_are_no_classes(shelf: str) -> None:
    places = [(f"{shelf}{one}", label, f"{one}.txt") for one in (1, 2, 3) for label in ("ham", "spam")]
    loose = (f"{shelf}1", "Summary.txt")
    found = placement_of([*places, loose])
    assert [found.of(place) for place in places[:2]] == [Placed("ham", None), Placed("spam", None)]
    assert found.of(loose) is None


@pytest.mark.parametrize("shelf", ["class", "grade_", "类"])
def test_that_numbered_folders_that_are_called_classes_are_these(shelf: str) -> None:
    places = [(f"{shelf}{one}", side, f"{one}.png") for one in (1, 2, 3) for side in ("left", "right")]
    assert placement_of(places).classes == "outer"
