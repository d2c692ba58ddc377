"""A folder is what the files in it are that can be learnt from, whatever else lies beside them, and that is
told.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.data.files.beside import judged_by, lies_beside, told_outside
from engine.data.files.parts_beside import told_beside
from engine.data.files.table_folders import main_table
from engine.data.inspection.offers import read_by
from engine.opening import source_of

MARKED = {"text": "王小波在广州。", "label": {"name": {"王小波": [[0, 2]]}}}
TAGGED = "Peter N\nsleeps V\n. P\n\n" * 20
UNIVERSAL = (
    "1\tPeter\tPeter\tPROPN\tNNP\t_\t2\tnsubj\t_\t_\n2\tsleeps\tsleep\tVERB\tVBZ\t_\t0\troot\t_\t_\n\n" * 20
)
PROSE = "Peter sleeps.\nHe has slept for long, and nobody wakes him.\n" * 20
ROWS = "size,kind\n" + "".join(f"{row}.5,{'xy'[row % 2]}\n" for row in range(40))


def records(record: object, count: int = 20) -> str:
    return "\n".join(json.dumps(record, ensure_ascii=False) for _ in range(count)) + "\n"


FOLDERS = {
    "spans, and what was predicted": (
        {"train.json": records(MARKED), "dev.json": records(MARKED),
         "test.json": records({"text": "他在北京。"}),
         "a_predict.json": records({"id": 0, "label": MARKED["label"]})},
        "tagged_text",
    ),
    "a list that stands before all others": (
        {"all.conll": TAGGED, "0_vocab.csv": "word\nPeter\n" * 9}, "tagged_text",
    ),
    "a treebank with its plain texts": (
        {f"xx-ud-{part}{ending}": text for part in ("train", "dev", "test")
         for ending, text in ((".conllu", UNIVERSAL), (".txt", PROSE))},
        "tagged_text",
    ),
    "tags of the tagged words": (
        {"train.bmes": TAGGED, "dev.bmes": TAGGED, "labels.txt": "N\nV\nP\n", "predict.txt": PROSE,
         "vocab.txt": "Peter\nsleeps\n"},
        "tagged_text",
    ),
    "a contest": (
        {"train.csv": ROWS, "test.csv": "size\n1.5\n2.5\n", "sample_submission.csv": "id,kind\n1,x\n",
         "data_description.txt": "size: how long\nkind: of what\n"},
        "table",
    ),
    "a table and what the columns mean": (
        {"rows.csv": ROWS, "schema.json": records({"column": "size"}), "labels.csv": "kind\nx\ny\n"}, "table",
    ),
    "a book and its words": ({"novel.txt": PROSE, "vocab.txt": "Peter\n", "stopwords.txt": "the\n"},
                              "text_files"),
    "预测 beside": ({"语料.conll": TAGGED, "预测结果.csv": "id,tag\n1,N\n"}, "tagged_text"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "kind"), FOLDERS.values(), ids=FOLDERS)
def test_that_lists_and_answers_do_not_change_what_a_folder_is(
    tmp_path: Path, files: dict[str, str], kind: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    source = source_of(tmp_path)
    assert source is not None
    assert source.kind == kind
    raw = source.read_ordinary(0)
    said = " ".join(raw.notices)
    for name in files:
        if lies_beside(name) and kind != "text_files":
            assert name in said


@pytest.mark.parametrize(
    "name", ["train_labels.csv", "loan_prediction.csv", "job_descriptions.csv", "rows.csv"]
)
def test_that_names_of_data_are_no_names_of_lists(name: str) -> None:
    assert not lies_beside(name)


def test_that_a_folder_of_nothing_but_lists_is_judged_by_these() -> None:
    lists = [Path("labels.csv"), Path("vocab.txt")]
    assert judged_by(lists) == lists
    assert judged_by([*lists, Path("b.csv"), Path("a_train.csv")]) == [Path("a_train.csv")]


def test_that_a_test_part_without_answers_is_told_with_what_it_lacks(tmp_path: Path) -> None:
    for name, text in FOLDERS["a contest"][0].items():
        (tmp_path / name).write_text(text, "utf-8")
    source = source_of(tmp_path)
    assert source is not None
    said = " ".join(source.read_ordinary(0).notices)
    assert "test.csv is called a test part, but has no kind" in said


@pytest.mark.parametrize(("mark", "ending"), [(";", "txt"), (",", "csv"), ("\t", "tsv")])
@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("kind", ["table", "text_table"])
def test_that_parts_without_names_have_the_same_columns_in_the_same_order(
    mark: str, ending: str, named: bool, kind: str, tmp_path: Path
) -> None:
    """Their first rows look like names and differ, but what stands in its column again is a value."""
    classes = ("joy", "anger", "fear")
    for seed, (part, count) in enumerate({"train": 60, "val": 12, "test": 12}.items()):
        cells = [
            (f"i felt so {'qrst'[row % 4]}{'uvw'[seed]} today", classes[(row + seed) % 3])
            for row in range(count)
        ]
        lines = [mark.join(row) for row in [("text", "label")] * named + cells]
        (tmp_path / f"{part}.{ending}").write_text("\n".join(lines) + "\n", "utf-8")
    found = source_of(tmp_path)
    assert found is not None
    label = "label" if named else "column 2"
    settings = {"target": (label,)} if kind == "table" else {"label": label}
    raw = read_by(kind, found, 60).replaced(**settings).read_ordinary(0)
    assert len(raw) == 84
    assert not [notice for notice in raw.notices if "is called a" in notice]


@pytest.mark.parametrize(
    ("best", "other"), [("csv", "arff"), ("csv", "json"), ("arff", "txt"), ("csv", "xlsx")]
)
def test_that_files_called_alike_but_for_their_endings_are_one_table_in_several_forms(
    best: str, other: str, tmp_path: Path
) -> None:
    for ending in (best, other):
        (tmp_path / f"wine.{ending}").write_text("a,b,c,d,e\n" + "1,2,3,4,5\n" * 20)
    main = main_table(tmp_path)
    assert main is not None
    assert main.name == f"wine.{best}"
    assert any(f"wine.{other}" in one for one in told_beside(main, []))


def test_that_parts_are_no_forms_of_each_other(tmp_path: Path) -> None:
    for ending in ("data", "test"):
        (tmp_path / f"adult.{ending}").write_text("1,2,3,4,5\n" * 20)
    main = main_table(tmp_path)
    assert main is not None
    assert main.name == "adult.data"
    assert told_beside(main, []) == []


def test_that_series_are_read_from_the_form_that_holds_them_as_such(tmp_path: Path) -> None:
    for part in ("TRAIN", "TEST"):
        rows = ["1,2,3,4,5,6:1", "6,5,4,3,2,1:2"] * 5
        head = "@problemName gun\n@timeStamps false\n@univariate true\n@classLabel true 1 2\n@data\n"
        (tmp_path / f"gun_{part}.ts").write_text(head + "\n".join(rows) + "\n")
        for ending in ("arff", "txt"):
            (tmp_path / f"gun_{part}.{ending}").write_text("1 2 3 4 5 6 1\n6 5 4 3 2 1 2\n" * 5)
    source = source_of(tmp_path)
    assert source is not None
    assert source.kind == "series_table"
    assert len(source.read(0)) == 20


def test_that_examples_in_no_class_folder_are_named_by_file_or_folder() -> None:
    places = [("loose.png",), ("odd", "1.png"), ("train", "odd", "1.png"), ("train", "odd", "2.png")]
    assert told_outside(places, "picture") == [
        "4 pictures beside the class folders left out: loose.png, odd/1.png, train/odd (2)"
    ]
    assert told_outside([], "picture") == []
