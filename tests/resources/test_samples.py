"""The shipped samples hold exactly the numbers of their sources, and say what they are."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import datasets
from sklearn.neighbors import NearestCentroid

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.toml"))
LARGEST_FOLDER = 4_000_000  # bytes
LICENCES = {"BSD-3-Clause", "MIT", "public domain"}


def facts(name: str) -> dict[str, Any]:
    return tomllib.loads((SAMPLES / f"{name}.toml").read_text(encoding="utf-8"))


def table(name: str) -> tuple[list[str], list[list[str]]]:
    with (SAMPLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def images(name: str) -> tuple[Any, Any]:
    with np.load(SAMPLES / f"{name}.npz", allow_pickle=False) as archive:
        assert sorted(archive.files) == ["images", "labels"]
        return archive["images"], archive["labels"]


def source(name: str) -> Any:
    if name == "diabetes":
        return datasets.load_diabetes(scaled=False)
    return getattr(datasets, f"load_{name}")()


def test_that_the_samples_of_every_kind_are_there() -> None:
    tables, pictures = {"breast_cancer", "diabetes", "iris", "wine"}, {"digits", "fashion_mnist"}
    series = {"japanese_vowels", "temperatures", "sunspots"}
    texts = {"film_sentences", "austen", "spanish_verses"}
    assert set(NAMES) == tables | pictures | series | texts


def test_that_the_folder_holds_nothing_but_samples_and_stays_small() -> None:
    files = [path for path in SAMPLES.iterdir() if path.is_file()]
    assert {path.name for path in files} == {f"{n}.toml" for n in NAMES} | {facts(n)["file"] for n in NAMES}
    assert sum(path.stat().st_size for path in files) < LARGEST_FOLDER


@pytest.mark.parametrize("name", NAMES)
def test_that_every_sample_says_what_it_is_and_under_which_licence(name: str) -> None:
    sample = facts(name)
    for key in ("title", "description", "file", "target", "source"):
        assert sample[key] == sample[key].strip() != ""
        assert "\n" not in sample[key]
    assert sample["kind"] in {"table", "images", "series", "timeline", "texts", "corpus", "pairs"}
    assert sample["task"] in {
        "classification", "regression", "forecasting", "language_modelling", "translation"
    }  # fmt: skip
    assert sample["licence"] in LICENCES
    notice = (SAMPLES.parents[1] / "NOTICE").read_text(encoding="utf-8")
    assert f"resources/samples/{sample['file']}" in notice


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "diabetes"])
def test_that_every_number_of_a_table_reads_back_as_the_double_of_its_source(name: str) -> None:
    header, rows = table(name)
    sample, original = facts(name), source(name)
    assert header[-1] == sample["target"]
    assert len(set(header)) == len(header) == original.data.shape[1] + 1
    assert len(rows) == sample["rows"]
    np.testing.assert_array_equal(np.array([row[:-1] for row in rows], float), original.data)


@pytest.mark.parametrize("name", ["iris", "wine"])
def test_that_a_table_keeps_the_column_names_of_its_source(name: str) -> None:
    header, _ = table(name)
    assert header[:-1] == list(source(name).feature_names)


def test_that_breast_cancer_calls_a_standard_error_by_its_full_name() -> None:
    header, _ = table("breast_cancer")
    assert [name.replace("standard error", "error") for name in header[:-1]] == list(
        source("breast_cancer").feature_names
    )


def test_that_diabetes_has_words_for_columns_and_the_target_of_its_source() -> None:
    header, rows = table("diabetes")
    original = source("diabetes")
    assert header[:4] == ["age", "sex", "body_mass_index", "blood_pressure"]
    assert not any(name[0] == "s" and name[1:].isdigit() for name in header)
    np.testing.assert_array_equal([float(row[-1]) for row in rows], original.target)


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_that_classes_are_words_and_as_many_as_in_the_source(name: str) -> None:
    _, rows = table(name)
    classes = facts(name)["classes"]
    assert not any(word.isdigit() for word in classes)
    assert [classes.index(row[-1]) for row in rows] == source(name).target.tolist()


def test_that_cancer_names_mean_the_diagnoses_of_the_source() -> None:
    assert facts("breast_cancer")["classes"] == source("breast_cancer").target_names.tolist()


@pytest.mark.parametrize("name", ["digits", "fashion_mnist"])
def test_that_pictures_have_the_size_range_and_labels_that_the_sample_states(name: str) -> None:
    pixels, labels = images(name)
    sample = facts(name)
    assert pixels.dtype == labels.dtype == np.uint8
    assert pixels.shape == (sample["rows"], sample["height"], sample["width"])
    assert labels.shape == (sample["rows"],)
    assert (pixels.min(), pixels.max()) == (0, sample["brightest"])
    assert set(labels.tolist()) == set(range(len(sample["classes"])))


def test_that_digits_are_the_pixels_and_labels_of_the_source() -> None:
    pixels, labels = images("digits")
    np.testing.assert_array_equal(pixels, source("digits").images)
    np.testing.assert_array_equal(labels, source("digits").target)


def test_that_fashion_has_400_different_pictures_of_each_class_mixed() -> None:
    pixels, labels = images("fashion_mnist")
    assert np.bincount(labels).tolist() == [400] * 10
    assert len(np.unique(pixels.reshape(4000, -1), axis=0)) == 4000
    assert len(set(labels[:40].tolist())) > 5


def test_that_fashion_has_the_published_brightness() -> None:
    """Mean 0.2860 and standard deviation 0.3530 of all 60,000 pictures; a draw of 4,000 lies within 0.01."""
    pixels, _ = images("fashion_mnist")
    scaled = pixels / 255
    assert scaled.mean() == pytest.approx(0.2860, abs=0.01)
    assert scaled.std() == pytest.approx(0.3530, abs=0.01)


def test_that_fashion_labels_belong_to_their_pictures() -> None:
    """The nearest class mean is right for about two thirds; for shuffled labels it would be a tenth."""
    pixels, labels = images("fashion_mnist")
    flat = pixels.reshape(4000, -1).astype(float)
    assert NearestCentroid().fit(flat[:3000], labels[:3000]).score(flat[3000:], labels[3000:]) > 0.6


def test_that_japanese_vowels_have_the_published_counts() -> None:
    """270 recordings of 30 a speaker to learn from, 370 for the test; 7 to 29 moments, 12 channels."""
    with np.load(SAMPLES / "japanese_vowels.npz", allow_pickle=False) as archive:
        values, lengths, labels, test = (archive[name] for name in ("values", "lengths", "labels", "test"))
    assert values.shape == (lengths.sum(), 12)
    assert (lengths.min(), lengths.max()) == (7, 29)
    assert np.bincount(labels[test == 0]).tolist() == [30] * 9
    assert np.bincount(labels[test == 1]).tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]
    assert facts("japanese_vowels")["rows"] == len(labels)
    assert values[0, :2].tolist() == pytest.approx([1.860936, -0.207383], abs=1e-6)


def test_that_the_temperatures_are_every_hour_of_a_year_but_the_one_that_does_not_exist() -> None:
    header, rows = table("temperatures")
    assert header == ["time", "temperature"]
    assert len(rows) == facts("temperatures")["rows"] == 365 * 24 - 1
    assert len({row[0] for row in rows}) == len(rows)
    assert rows[0] == ["2010-01-01 00:00", "39.4"]
    assert rows[-1] == ["2010-12-31 23:00", "39.6"]


def test_that_the_sunspots_are_the_years_from_1700_to_2008() -> None:
    header, rows = table("sunspots")
    assert header == ["year", "sunspots"]
    assert [int(row[0]) for row in rows] == list(range(1700, 2009))
    assert max(rows, key=lambda row: float(row[1])) == ["1957", "190.2"]


def test_that_sentences_are_different_balanced_and_mixed() -> None:
    header, rows = table("film_sentences")
    assert header == ["sentence", "opinion"]
    assert len({text for text, _ in rows}) == len(rows) == facts("film_sentences")["rows"]
    opinions = [opinion for _, opinion in rows]
    assert opinions.count("negative") == opinions.count("positive") == 1200
    assert 30 < opinions[:100].count("positive") < 70


def test_that_the_novel_is_whole_and_free_of_the_words_of_whoever_passed_it_on() -> None:
    text = (SAMPLES / facts("austen")["file"]).read_text(encoding="utf-8")
    assert text.startswith("NORTHANGER ABBEY\n")
    assert "No one who had ever seen Catherine Morland in her infancy would have supposed" in text
    assert "recommend parental tyranny, or reward filial disobedience." in text[-1000:]
    assert "Gutenberg" not in text


def test_that_verses_are_pairs_without_marks_and_under_no_trademark() -> None:
    sample = facts("spanish_verses")
    text = (SAMPLES / sample["file"]).read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines()]
    assert lines[0] == ["English", sample["target"]]
    assert {len(line) for line in lines} == {2}
    assert len({tuple(line) for line in lines[1:]}) == sample["rows"]
    assert not set("<>&") & set(text)
    assert "World English" not in text + str(sample)
