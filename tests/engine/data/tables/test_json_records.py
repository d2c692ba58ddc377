"""JSON as services, programs and people write it: where the records of a table stand in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.choices import Invalid
from engine.data.decisions import decision_in
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile
from engine.opening import source_of
from tests.engine.data.guesses import guess_task

RECORDS = [{"a": number, "b": f"word {number % 3}"} for number in range(30)]
ROW_LISTS = [[record["a"], record["b"]] for record in RECORDS]
DOCUMENTS: dict[str, Any] = {
    "a page of an answer": {"status": "ok", "next": None, "results": RECORDS, "errors": []},
    "records deep within": {"d": {"hits": {"total": 2, "hits": RECORDS}}},
    "pandas, split": {"columns": ["a", "b"], "index": list(range(30)), "data": ROW_LISTS},
    "pandas, columns": {
        name: {str(place): record[name] for place, record in enumerate(RECORDS)} for name in "ab"},
    "lists by column": {name: [record[name] for record in RECORDS] for name in "ab"},
    "records under keys": {f"user {place}": record for place, record in enumerate(RECORDS)},
    "an open data portal": {
        "meta": {"view": {"id": "x", "columns": [{"name": "a"}, {"name": "b"}]}}, "data": ROW_LISTS},
    "names in the first row": [["a", "b"], *ROW_LISTS],
    "a sheet": {"range": "A1:B9", "values": [["a", "b"], *ROW_LISTS]},
    "a map": {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": record, "geometry": {"type": "Point", "coordinates": [1.5, 2.5]}}
        for record in RECORDS]},
    "messages with links in them": {"name": "chat", "messages": [
        {**record, "b": ["word ", {"type": "link", "text": str(record["a"])}]} if record["a"] == 1 else record
        for record in RECORDS]},
}  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_that_the_records_of_json_are_found(document: Any, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps(document), "utf-8")
    found = TableFile(path=str(tmp_path / "t.json")).read(0)
    assert isinstance(found, Table)
    assert set(found.names) - {"key", "longitude", "latitude"} == {"a", "b"}
    assert found.frame["a"].tolist() == list(range(30))
    assert found.frame["b"].tolist() == [record["b"] for record in RECORDS]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (
            {"data": [{"title": "t", "paragraphs": [{"context": "c"}]}] * 3},
            "under data hold lists of records",
        ),
        ({"images": [{"id": 1}] * 9, "annotations": [{"id": 2}] * 9}, "several lists of records"),
        ({"a": {"b": 1}, "c": 2}, "no list of records"),
    ],
)
def test_that_json_without_one_list_of_records_is_refused(document: Any, told: str, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps(document), "utf-8")
    with pytest.raises(Invalid, match=told):
        TableFile(path=str(tmp_path / "t.json")).read(0)


@pytest.mark.parametrize("outer", ["", "train"])
@pytest.mark.parametrize("header", ["auto", "yes"])
def test_that_rows_without_names_lose_none_to_them(outer: str, header: str, tmp_path: Path) -> None:
    """CLINC150 writes pairs of a sentence and its label, whose first would be a name for columns."""
    pairs = [[f"how is the weather in place {number}", f"label {number % 3}"] for number in range(30)]
    document = {outer: pairs, "val": pairs[:5]} if outer else pairs
    (tmp_path / "t.json").write_text(json.dumps(document), "utf-8")
    found = TableFile.model_validate({"path": str(tmp_path / "t.json"), "header": header}).read(0)
    assert isinstance(found, Table)
    assert found.names == (("column 1", "column 2") if header == "auto" else tuple(pairs[0]))
    assert len(found) == (30 if header == "auto" else 29)
    asked = [one for one in map(decision_in, found.notices) if one.setting == "data.header"]
    assert [one.doubtful for one in asked] == [True] * (header == "auto")
    assert found.found.get("header") == ("no" if header == "auto" else None)


def test_that_rows_of_numbers_alone_are_a_table(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps([[1, 2.5], [2, 3.5], [3, None]]), "utf-8")
    found = TableFile(path=str(tmp_path / "t.json")).read(0)
    assert isinstance(found, Table)
    assert found.frame["column 1"].tolist() == [1, 2, 3]


TEXTS = [f"we came on day {number}" for number in range(30)]
CHAT = [{"role": "system", "content": "Help."}, {"role": "user", "content": "Who came?"},
        {"role": "assistant", "content": "We."}, {"role": "user", "content": "When?"},
        {"role": "assistant", "content": "At ten."}]  # fmt: skip
SHARED = [{"from": "human", "value": "Who came?"}, {"from": "gpt", "value": "We."}]
LISTS: dict[str, tuple[Any, list[dict[str, str]], str]] = {
    "texts": (TEXTS, [{"text": text} for text in TEXTS], ""),
    "texts under a key": ({"sentences": TEXTS}, [{"sentences": text} for text in TEXTS], ""),
    "texts of classes": (
        {"good": TEXTS, "bad": TEXTS[:9]},
        [{"text": text, "label": label} for label, n in (("good", 30), ("bad", 9)) for text in TEXTS[:n]],
        "each key is a class"),
    "as many texts under each key": (
        {"good": TEXTS, "bad": TEXTS}, [{"good": text, "bad": text} for text in TEXTS],
        "where each is a class"),
    "conversations of OpenAI": (
        [{"messages": CHAT}] * 9,
        [{"prompt": "Who came?", "response": "We."}, {"prompt": "When?", "response": "At ten."}] * 9,
        "each answer in messages is a row"),
    "conversations of ShareGPT": (
        [{"id": "a", "conversations": SHARED}] * 9, [{"prompt": "Who came?", "response": "We."}] * 9,
        "each answer in conversations is a row"),
}  # fmt: skip


@pytest.mark.parametrize(("document", "rows", "told"), LISTS.values(), ids=LISTS)
def test_that_lists_of_texts_and_conversations_are_tables(
    document: Any, rows: list[dict[str, str]], told: str, tmp_path: Path
) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(document), "utf-8")
    assert isinstance(source_of(path), TableFile)
    found = TableFile(path=str(path)).read(0)
    assert isinstance(found, Table)
    assert found.frame.to_dict("records") == rows
    assert told in " ".join(found.notices)
    assert bool(told) == any("class" in notice or "row" in notice for notice in found.notices)


def test_that_lists_of_words_are_sets_of_labels_where_they_are_to_be_predicted(tmp_path: Path) -> None:
    records = [{"a": number, "codes": [["A", "B"], ["B"], []][number % 3]} for number in range(30)]
    (tmp_path / "t.json").write_text(json.dumps(records), "utf-8")
    found = TableFile(path=str(tmp_path / "t.json")).read(0)
    assert isinstance(found, Table)
    assert found.names == ("a",)
    assert "codes: holds lists of words and is left out" in " ".join(found.notices)
    assert "or to predict which of them apply" in " ".join(found.notices)
    found = TableFile(path=str(tmp_path / "t.json"), target=("codes",)).read(0)
    assert isinstance(found, Table)
    assert guess_task(found) == "labels"
    assert found.as_written("codes").tolist()[:3] == ['["A", "B"]', '["B"]', "[]"]


def test_that_names_of_files_with_what_each_is_are_rows(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({f"train/{n:04}.jpg": "cat" if n % 2 else "dog" for n in range(20)}))
    raw = TableFile(path=str(path), target=("label",)).read(0)
    assert isinstance(raw, Table)
    assert list(raw.frame) == ["file", "label"]
    assert len(raw) == 20
    # names that end in no letters are those of columns, and the object is one record
    path.write_text(json.dumps({"size": 1, "v.1": 2, "kind": "a"}))
    assert len(TableFile(path=str(path), target=("kind",)).read(0)) == 1
