"""What somebody opens is taken for what it is, by the names of its files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest

from engine.data.series.raw import SeriesSet
from engine.data.source import Source
from engine.data.tables.raw import Table
from engine.opening import sort_of, source_of, together, why_unknown


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"), "idx"),
        (("data_batch_1.bin", "test_batch.bin"), "cifar"),
        (("train.bin", "fine_label_names.txt"), "cifar"),
        (("data_batch_1", "test_batch", "batches.meta"), "cifar"),  # pickles: refused with what to take
        (("cat/1.png", "dog/1.png"), "images"),
    ],
)
def test_that_a_folder_of_pictures_is_opened_by_the_source_of_its_layout(
    tmp_path: Path, files: tuple[str, ...], kind: str
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert sort_of(tmp_path) == "images"
    source = source_of(tmp_path)
    assert source is not None
    assert (source.kind, getattr(source, "path", None)) == (kind, str(tmp_path))


def test_that_one_file_of_pictures_of_mnist_is_opened_as_such(tmp_path: Path) -> None:
    file = tmp_path / "t10k-images-idx3-ubyte"
    file.touch()
    assert sort_of(file) == "images"
    assert getattr(source_of(file), "kind", "") == "idx"


@pytest.mark.parametrize("name", ["train.bin", "notes.md"])
def test_that_other_folders_stay_unknown(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert sort_of(tmp_path) == "unknown"


NOVEL = (
    "It was a bright cold day, and the clocks were striking.\nHe went in.\n\n“Who, me?” she said, at last.\n"
)
TAGGED_TABLE = "# a\n1\tIn\tO\tO\n2\tRome\tB-LOC\tO\n\n" * 5
CARRIED = "19980101-01-001-001/m  迈向/v  充满/v  [中央/n  电台/n]nt  。/w\n" * 9
TAGGED = "Anna B-PER\nlives O\nin O\nRome B-LOC\n\nIt O\nrains O\n"


@pytest.mark.parametrize(
    ("name", "text", "sort", "kind"),
    [
        ("novel.txt", NOVEL, "texts", "text_files"),
        ("notes.md", NOVEL, "texts", "text_files"),
        ("esp.testa", TAGGED, "texts", "tagged_text"),
        ("emerging.test.annotated", TAGGED, "texts", "tagged_text"),
        ("NER-de-test.tsv", TAGGED_TABLE, "texts", "tagged_text"),
        ("adult.test", "39, Private, <=50K.\n50, State, >50K.\n", "tables", "table"),
        ("SMSSpamCollection", "ham\tOk lar\nspam\tFree entry\n", "tables", "table"),
        ("a1a.txt", "+1 3:1 11:1\n-1 5:1 7:1\n", "tables", "table"),
        ("memory.tmx", "<?xml?>", "tables", "table"),
        ("eng.train.txt", TAGGED, "texts", "tagged_text"),
        ("199801.txt", CARRIED, "texts", "tagged_text"),
        ("paths.txt", "/usr/bin/a and/or /usr/lib/b is there\n" * 9, "texts", "text_files"),
        ("names.conll", TAGGED, "texts", "tagged_text"),
        ("walk.ts", "@data\n1,2:a\n", "series", "series_table"),
        ("table.txt", "a;b\n1;2\n3;4\n", "tables", "table"),
        ("numbers.txt", "1.0 2.0\n3.0 4.0\n\n5.0 6.0\n", "tables", "table"),
        ("table.csv", "a,b\n1,2\n", "tables", "table"),
        ("messung.txt", "Gerät:\tK-12\n\nZeit\tDruck\ns\tbar\n" + "0,500\t3,724\n" * 9, "tables", "table"),
        ("log.txt", "run 7\n\nday a b\n" + "13/03/2012 18.5 10\n" * 40, "tables", "table"),
        ("s01.txt", "0.91,0.94,-1e-3\n" * 8, "tables", "table"),
        ("ECG_TRAIN.txt", ("1  " + "  ".join(["1.2345e-01"] * 400) + "\n") * 8, "tables", "table"),
        ("cars.txt", '"mpg" "am"\n' + '"Car 1" 21.5 TRUE\n"Car number 2" 9 NA\n' * 30, "tables", "table"),
        ("talk.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nGood day\n", "texts", "text_files"),
        ("talk.srt", "1\n00:00:01,000 --> 00:00:02,000\nGood day\n", "texts", "text_files"),
        ("track.gpx", "<gpx></gpx>\n", "tables", "table"),
        ("sonar.all-data", "0.02,0.0371,R\n0.04,0.05,M\n" * 4, "tables", "table"),
        ("u.item", "1|Toy Story (1995)|0\n2|GoldenEye (1995)|1\n" * 4, "tables", "table"),
        (
            "wiki.valid.tokens",
            " \n = Homarus = \n \n Homarus is a genus , of lobsters . \n",
            "texts",
            "text_files",
        ),
        ("news.zh", "巴黎今天\n经济危机不断加深\n", "texts", "text_files"),
        ("out.txt", "+--+--+\n|id|a|\n+--+--+\n" + "|1|b|\n" * 20 + "+--+--+\n", "tables", "table"),
        (
            "EEG.txt",
            "%OpenBCI\n%Rate = 250 Hz\n" + "0.0, 8.4, 49.7, 45.1, 2024-03-05 10:23:45\n" * 9,
            "tables",
            "table",
        ),
        ("T15.txt", "# 1:Date 2:Time 3:T\n" + "13/03/2012 11:45 18.5 10 2\n" * 9, "tables", "table"),
        (
            "series.txt",
            '!Title "Kidneys"\n!Status "Public"\n' + '"1026_at"\t8.5\t7.4\n' * 9,
            "tables",
            "table",
        ),
        ("pairs.txt", "Good day.\tBuenos días.\nYes.\tSí.\n", "tables", "table"),
    ],
)
def test_that_a_file_is_opened_by_what_it_looks_like(
    tmp_path: Path, name: str, text: str, sort: str, kind: str
) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert sort_of(file) == sort
    assert getattr(source_of(file), "kind", "") == kind


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (("pos/1.txt", "neg/1.txt"), "text_folders"),
        (("train/pos/1.txt", "train/neg/1.txt", "test/pos/2.txt", "README"), "text_folders"),
        (("one.txt", "two.txt", "LICENSE.txt"), "text_files"),
        (("walk/1.csv", "run/1.csv"), "series_table"),
        (("a_TRAIN.ts", "a_TEST.ts"), "series_table"),
    ],
)
def test_that_a_folder_of_texts_or_series_is_opened_by_the_source_of_its_layout(
    tmp_path: Path, files: tuple[str, ...], kind: str
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(NOVEL, encoding="utf-8")
    assert getattr(source_of(tmp_path), "kind", "") == kind
    assert sort_of(tmp_path) in ("texts", "series")


def test_that_a_folder_of_tagged_files_is_read_as_such(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text(TAGGED)
    assert getattr(source_of(tmp_path), "kind", "") == "tagged_text"


PHOTOGRAPHS = tuple(f"{name}/{number}.jpg" for name in ("circle", "square") for number in range(9))


@pytest.mark.parametrize(
    "stray",
    [
        ("notes.txt",),
        ("classes.txt", "labels.csv"),
        ("circle/Thumbs.db", ".DS_Store", "__MACOSX/circle/._1.jpg"),
        ("README.md", "LICENSE", "sources.txt", "circle/about.txt"),
        tuple(f"{place[:-4]}.txt" for place in PHOTOGRAPHS),
    ],
)
@pytest.mark.parametrize("above", ["", "train/", "set/images/"])
def test_that_a_folder_is_what_most_of_its_files_are(
    tmp_path: Path, stray: tuple[str, ...], above: str
) -> None:
    for name in (*(above + place for place in PHOTOGRAPHS), *stray):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(NOVEL, encoding="utf-8")
    assert getattr(source_of(tmp_path), "kind", "") == "images"
    assert sort_of(tmp_path) == "images"


def test_that_a_picture_among_texts_does_not_make_pictures_of_them(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(NOVEL, encoding="utf-8")
    (tmp_path / "cover.jpg").touch()
    assert getattr(source_of(tmp_path), "kind", "") == "text_files"


@pytest.mark.parametrize("name", ["rows.data", "rows.dat", "rows.xlsm", "rows.CSV", "rows.tab"])
def test_that_whatever_the_engine_reads_as_a_table_may_be_dropped(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("1,2,a\n3,4,b\n")
    assert getattr(source_of(tmp_path / name), "kind", "") == "table"


def test_that_a_test_part_with_other_names_above_its_columns_is_none_of_training(tmp_path: Path) -> None:
    (tmp_path / "train.tsv").write_text("label\ttext_a\n1\tgood\n0\tbad\n")
    (tmp_path / "test.tsv").write_text("qid\ttext_a\n0\tgood\n1\tbad\n")
    assert getattr(source_of(tmp_path), "test_path", None) == ""
    (tmp_path / "test.tsv").write_text("label\ttext_a\n0\tgood\n1\tbad\n")
    assert getattr(source_of(tmp_path), "test_path", None) == str(tmp_path / "test.tsv")


@pytest.mark.parametrize(
    ("train", "test", "taken"),
    [
        ("a_TRAIN.tsv", "a_TEST.tsv", True),
        ("train.csv", "test.csv", True),
        ("train.csv", "test.tsv", False),
        ("A_TRAIN", "A_TEST", True),
    ],
)
@pytest.mark.parametrize("row", ["1,2", "1\t2", " 1.0 2.0"])
def test_that_a_table_of_the_test_part_beside_that_of_training_is_taken_if_it_has_all_columns(
    tmp_path: Path, train: str, test: str, taken: bool, row: str
) -> None:
    (tmp_path / train).write_text(f"{row}\n" * 5)
    (tmp_path / test).write_text(f"{row}\n" * 3)
    found = source_of(tmp_path)
    assert getattr(found, "path", "") == str(tmp_path / train)
    assert getattr(found, "test_path", "") == (str(tmp_path / test) if taken else "")
    (tmp_path / test).write_text("1\n" * 3)
    assert getattr(source_of(tmp_path), "test_path", None) == ""


def test_that_several_dropped_things_are_one_source_where_they_belong_together(tmp_path: Path) -> None:
    for place in PHOTOGRAPHS:
        (tmp_path / "set" / place).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / "set" / place).touch()
    classes = [tmp_path / "set" / name for name in ("circle", "square")]
    assert getattr(together(classes).source, "path", "") == str(tmp_path / "set")
    for name, line in (("a.en", "Good day."), ("a.fr", "Bonjour.")):
        (tmp_path / name).write_text(f"{line}\n" * 3, encoding="utf-8")
    pair = together([tmp_path / "a.fr", tmp_path / "a.en"])
    assert pair.source is not None
    assert pair.source.model_dump(include={"kind", "path", "translations"}) == {
        "kind": "text_pairs",
        "path": str(tmp_path / "a.en"),
        "translations": str(tmp_path / "a.fr"),
    }
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    apart = together([tmp_path / "other.csv", classes[0]])
    assert (apart.rest, apart.path.name) == (1, "other.csv")


FOLDERS = {
    "groups of news, without endings": (("comp.graphics/37261", "rec.autos/101551"), NOVEL, "text_folders"),
    "notes": (("recipes/1.md", "travel/1.md"), NOVEL, "text_folders"),
    "spectra": (("oak/1.txt", "pine/1.txt"), "Date: today\n" + "400.5\t0.25\n" * 20, "series_table"),
    "parts of tagged words": (("de-train.tsv", "de-test.tsv"), TAGGED_TABLE, "tagged_text"),
    "pictures of a hospital": (("ill/1.dcm", "well/1.dcm"), "DICM", "images"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "text", "kind"), FOLDERS.values(), ids=FOLDERS)
def test_that_files_without_a_known_ending_are_told_by_how_they_begin(
    tmp_path: Path, files: tuple[str, ...], text: str, kind: str
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert getattr(source_of(tmp_path), "kind", "") == kind


ROWS_OF_CELLS = {
    "adult.data": "39, Private, <=50K\n" * 6,
    "adult.test": "|1x3 Cross validator\n" + "25, Private, <=50K.\n" * 30,
    "tabs": "体育\t球队进球\n" * 6, "numbers": "1,2,0\n" * 6, "prose": "1. Title: of it\n\nSome words\n",
    "remark": "| names file (C4.5 format)\n",
    "many": "0,tcp,http,SF,215,normal,20\n" * 6,
    "feelings": "i feel low; sad\n" * 6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("files", "table", "test"),
    [
        ({"adult.data": "adult.data", "adult.test": "adult.test", "adult.names": "prose", "Index": "prose"},
         "adult.data", "adult.test"),
        ({"optdigits.tra": "numbers", "optdigits.tes": "numbers"}, "optdigits.tra", "optdigits.tes"),
        ({"cnews.train.txt": "tabs", "cnews.val.txt": "tabs", "cnews.test.txt": "tabs", "vocab.txt": "prose"},
         "cnews.train.txt", "cnews.test.txt"),
        ({"train.txt": "feelings", "test.txt": "feelings"}, "train.txt", "test.txt"),
        ({"car.data": "numbers", "car.c45-names": "remark", "car.names": "prose"}, "car.data", ""),
        ({"cmn.txt": "tabs", "_about.txt": "prose"}, "cmn.txt", ""),
        ({"data/train-0.csv": "numbers", "data/test-0.csv": "numbers", "README.md": "prose"},
         "data/train-0.csv", "data/test-0.csv"),
        ({"train.tsv": "tabs", "dev.tsv": "tabs", "test.tsv": "numbers"}, "train.tsv", ""),
        ({"KDDTrain+.txt": "many", "KDDTest+.txt": "many", "a.csv": "tabs"}, "KDDTrain+.txt", "KDDTest+.txt"),
        ({"rows.csv": "numbers", "sample_submission.csv": "numbers", "test.csv": "tabs"}, "rows.csv", ""),
    ],
)  # fmt: skip
def test_that_a_folder_as_published_is_its_training_table_with_the_test_part_beside(
    tmp_path: Path, files: dict[str, str], table: str, test: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(ROWS_OF_CELLS[text], "utf-8")
    found = source_of(tmp_path)
    assert getattr(found, "path", "") == str(tmp_path / table)
    assert getattr(found, "test_path", "") == (str(tmp_path / test) if test else "")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (("shops.csv", "sales.csv"), "shops.csv. Open the one"),
        (("data/train-0-of-2.csv", "data/train-1-of-2.csv"), "holds 2 tables"),
        (("dataset_dict.json", "state.json", "train/data-0.arrow"), "an Arrow file"),
        (("cat-samples.zip", "dog-samples.zip"), "Unpack cat-samples.zip, dog-samples.zip first"),
        (("train_5500.label",), "Plain text is read where its name ends in .txt"),
    ],
)
def test_that_a_folder_that_is_no_single_table_is_told_with_what_to_do(
    tmp_path: Path, files: tuple[str, ...], told: str
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(
            f"a,{name}\n1,2\n" if name.endswith(".csv") else "DESC:manner How is it ?\n"
        )
    assert source_of(tmp_path) is None
    assert told in why_unknown(tmp_path)


def test_that_a_folder_of_one_table_a_day_is_read_as_one(tmp_path: Path) -> None:
    for day in (2, 10, 1):
        (tmp_path / f"day {day}.csv").write_text(f"time,load\n2024-03-{day:02d},{day}.10", "utf-8")
    (tmp_path / "notes.md").write_text("# Pump 7", "utf-8")
    source = source_of(tmp_path)
    assert source is not None
    found = source.read(0)
    assert isinstance(found, Table)
    assert found.frame["load"].tolist() == [1.1, 2.1, 10.1]
    assert found.in_file("load").tolist() == ["1.10", "2.10", "10.10"]
    assert "the 3 tables of the folder are read as one" in found.notices[0]
    (tmp_path / "day 2.csv").write_text("moment,load\n", "utf-8")
    assert source_of(tmp_path) is None


def test_that_a_folder_of_tables_is_opened_at_the_one_called_train(tmp_path: Path) -> None:
    for name in ("train.csv", "test.csv", "sample_submission.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n", "utf-8")
    assert getattr(source_of(tmp_path), "path", "") == str(tmp_path / "train.csv")
    (tmp_path / "training.csv").write_text("a,b\n1,2\n", "utf-8")
    assert source_of(tmp_path) is None


@pytest.mark.parametrize("source", Source.every(), ids=lambda source: source.kind)
def test_that_every_ending_a_source_says_is_understood_when_dropped(
    tmp_path: Path, source: type[Source]
) -> None:
    for ending in source.endings:
        file = tmp_path / f"it{ending}"
        file.write_text(NOVEL, encoding="utf-8")
        found = source_of(file)
        assert found is not None, ending
        assert ending in type(found).endings


def test_that_a_folder_of_the_files_a_source_recognises_is_read(tmp_path: Path) -> None:
    """A folder of class folders of JSON files was taken for series, and then refused."""
    for name in ("up", "down"):
        (tmp_path / name).mkdir()
        for number in range(3):
            rows = [{"x": step, "y": -step} for step in range(4)]
            (tmp_path / name / f"{number}.json").write_text(json.dumps(rows), encoding="utf-8")
    source = source_of(tmp_path)
    assert source is not None
    assert source.kind == "series_table"
    assert len(cast("SeriesSet", source.read(0)).values) == 6


ROWS = "1,2,3\n4,5,6\n7,8,9\n" * 3


@pytest.mark.parametrize(
    ("files", "kind", "opened", "test"),
    [
        (("inner/data_batch_1.bin", "inner/test_batch.bin"), "cifar", "inner", ""),
        (("sign_train.csv", "sign_test.csv", "sign_train/sign_train.csv", "sign_test/sign_test.csv"), "table",
         "sign_train.csv", "sign_test.csv"),
        (("2004.02.12.39", "2004.02.13.39"), "", "", ""),
        (("subject1.log", "subject2.log", "README.txt"), "", "", ""),
        (("walk/2004.02.12.39", "run/2004.02.13.39"), "series_table", "", ""),
        ((*(f"breast/{n}/{m}/{n}.png" for n in range(6) for m in range(6)), "Folds.csv"), "images", "", ""),
    ],
)  # fmt: skip
def test_that_a_published_folder_is_opened_as_what_it_holds(
    tmp_path: Path, files: tuple[str, ...], kind: str, opened: str, test: str
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(ROWS, encoding="utf-8")
    source = source_of(tmp_path)
    assert getattr(source, "kind", "") == kind
    assert (sort_of(tmp_path) == "unknown") == (kind == "")
    if kind:
        assert getattr(source, "path", "") == str(tmp_path / opened)
        assert getattr(source, "test_path", "") == (str(tmp_path / test) if test else "")
