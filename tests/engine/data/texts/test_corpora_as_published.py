"""Corpora as they are published and as people keep them: read as meant, or told what is left out of them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import numpy as np
import pandas as pd
import pytest

from engine.choices import Family
from engine.data import rooms  # noqa: F401 - fills the family of sources
from engine.data.files.layouts import sort_of_file
from engine.data.files.utf16 import utf16_without_mark
from engine.data.source import Source
from engine.data.tables.read.encodings import find_encoding
from engine.opening import source_of

SAID = ["The cat sat on the mat.", "We walked to the river today.", "She bought a boat, and sailed away."]
DIARY = "\n".join(f"{SAID[day % 3]} Day {day} ended{', as all days do' * (day % 2)}." for day in range(90))
_CAT = "一只猫来了。"
CHINESE = "\n".join(f"第{day}天。我们去河边散步。{_CAT * (day % 3)}天气很好。" for day in range(90))


def read(kind: str, path: Path, **settings: Any) -> Any:
    return Family.every["data"][kind](path=str(path), **settings).read(0)


# ---------------------------------------------------------------------------------- UTF-16, marked or not


@pytest.mark.parametrize("text", [DIARY, CHINESE], ids=["English", "Chinese"])
@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-16-be"])
def test_that_a_diary_in_utf_16_is_what_it_is_in_utf_8(text: str, code: str, tmp_path: Path) -> None:
    plain, wide = tmp_path / "plain.txt", tmp_path / "wide.txt"
    plain.write_text(text, "utf-8")
    wide.write_bytes(text.encode(code))
    assert sort_of_file(wide) == sort_of_file(plain) == "texts"
    source = source_of(wide)
    assert source is not None
    assert source.kind == "text_files"
    assert read("text_files", wide) == replace(read("text_files", plain), names=("wide.txt",), found=ANY)


def test_that_numbers_in_binary_are_no_text_in_utf_16() -> None:
    random = np.random.default_rng(0)
    for values in (
        random.integers(0, 255, 4000).astype(np.int16),
        random.integers(-2000, 2000, 4000).astype(np.int16),
        random.normal(size=4000).astype(np.float32),
        np.arange(4000, dtype=np.int32),
        random.integers(0, 2**16, 4000).astype(np.uint16),
    ):
        assert utf16_without_mark(values.tobytes()) is None, values.dtype


def test_that_utf_16_is_found_without_its_mark(tmp_path: Path) -> None:
    for code in ("utf-16-le", "utf-16-be"):
        (tmp_path / "a.txt").write_bytes(CHINESE.encode(code))
        assert find_encoding(tmp_path / "a.txt", lambda share, words: None).codec == code


# -------------------------------------------------------------------------- parts that have no answers


def _marked(row: int, *, tagged: bool) -> dict[str, Any]:
    text = {"text": f"浙商银行企业信贷部叶老桂{row}"}
    marks = {"name": {"叶老桂": [[9, 11]]}, "company": {"浙商银行": [[0, 3]]}}
    return {**text, "label": marks} if tagged else {"id": row, **text}


def _listed(row: int, *, tagged: bool) -> dict[str, Any]:
    words = {"tokens": ["Ann", "went", "to", "Rome", str(row)]}
    return {**words, "ner_tags": ["B-PER", "O", "O", "B-LOC", "O"]} if tagged else words


@pytest.mark.parametrize("record", [_marked, _listed], ids=["CLUENER", "lists"])
def test_that_a_test_part_without_tags_is_told_by_its_name(record: Any, tmp_path: Path) -> None:
    for name, count, tagged in (("train", 40, True), ("dev", 10, True), ("test", 10, False)):
        lines = (json.dumps(record(row, tagged=tagged), ensure_ascii=False) for row in range(count))
        (tmp_path / f"{name}.json").write_text("\n".join(lines), "utf-8")
    found = read("tagged_text", tmp_path)
    assert len(found) == 50
    assert any(notice.startswith("1 file without tags left out: test.json") for notice in found.notices)
    assert not any("lacks a column" in notice for notice in found.notices)


def test_that_a_sentence_that_lacks_a_tag_is_still_told_by_its_line(tmp_path: Path) -> None:
    block = "Ann\tB-PER\nwent\tO\n\n"
    (tmp_path / "train.conll").write_text(block * 20 + "Bob\nsat\tO\n\n" + block)
    (tmp_path / "dev.conll").write_text(block * 5)
    told = " ".join(read("tagged_text", tmp_path).notices)
    assert "1 sentence with a line that lacks a column left out: train.conll, line 61" in told
    assert "without tags" not in told


# -------------------------------------------------------------------------------- marks beside sentences


def _talks(side: str) -> str:
    marks = "<url>http://talks/1</url>\n<talkid>1</talkid>\n<title>Cats</title>\n<reviewer></reviewer>\n"
    return (marks + "".join(f"{line} {side} {number} < 3\n" for number in range(10) for line in SAID)) * 3


def test_that_marks_of_talks_are_no_sentences(tmp_path: Path) -> None:
    for side in ("de", "en"):
        (tmp_path / f"train.tags.de-en.{side}").write_text(_talks(side))
    (tmp_path / "IWSLT17.TED.tst2010.de-en.de.xml").write_text("<doc/>")
    found = read("text_pairs", tmp_path)
    kept = [pair for pair in zip(found.texts, found.translations, strict=True) if any(pair)]
    assert len(kept) == 90
    assert not any(re.match(r"<\w", text) for pair in kept for text in pair)
    told = " ".join(found.notices)
    assert "12 lines of marks beside the sentences left out: <url>, <talkid>, <title>" in told
    assert "left out: IWSLT17.TED.tst2010.de-en.de.xml" in told


def test_that_sentences_of_code_are_no_marks(tmp_path: Path) -> None:
    """A corpus of HTML in both files is what is to be learnt; a mark in one file alone is a sentence."""
    for side in ("de", "en"):
        lines = [f"<b>{word}</b>" for word in SAID * 5] + ["plain"] * 3
        (tmp_path / f"page.{side}").write_text("\n".join(lines))
    assert "<b>The cat sat on the mat.</b>" in read("text_pairs", tmp_path).texts
    (tmp_path / "page.de").write_text("\n".join(["<i>ja</i>", *SAID * 5]))
    (tmp_path / "page.en").write_text("\n".join(["yes", *SAID * 5]))
    assert read("text_pairs", tmp_path).texts[0] == "<i>ja</i>"


# ----------------------------------------------------------------- texts in files, their answers in a table


def _essays(folder: Path, count: int = 30) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        (folder / f"{number:02}.txt").write_text(f"My town has a river. I went there {number} times.\n" * 3)


@pytest.mark.parametrize(
    "names",
    [list(range(1, 31)), [f"{n:02}" for n in range(1, 31)], [f"{n:02}.txt" for n in range(1, 31)]],
    ids=["numbers", "stems", "names"],
)
@pytest.mark.parametrize("within", [".", "texts"])
def test_that_marks_in_a_table_find_their_essays(names: list[Any], within: str, tmp_path: Path) -> None:
    _essays(tmp_path / within)
    marks = pd.DataFrame(
        {"编号": names, "姓名": [f"学生{n}" for n in range(30)], "成绩": [60 + n for n in range(30)]}
    )
    marks.to_excel(tmp_path / "成绩.xlsx", index=False)
    found = read("text_table", tmp_path / "成绩.xlsx", label="成绩")
    assert found.texts[8].startswith("My town has a river. I went there 9 times.")
    assert list(found.labels[:3]) == ["60", "61", "62"]
    source = source_of(tmp_path / "成绩.xlsx")
    assert source is not None
    inspected = _inspected(source)
    assert inspected.suggests == "text_table"
    assert "the texts are those of the files that the table lists" in found.notices


def _inspected(source: Source) -> Any:
    from engine.suggestions import begun

    return begun(source, "essays").recipe.inspected()


def test_that_a_folder_of_essays_says_what_its_table_is_for(tmp_path: Path) -> None:
    _essays(tmp_path)
    pd.DataFrame({"id": range(1, 31), "mark": range(30)}).to_excel(tmp_path / "marks.xlsx", index=False)
    assert any(
        "where marks.xlsx lists the texts" in notice for notice in read("text_files", tmp_path).notices
    )


def test_that_numbers_beside_texts_of_their_own_name_no_files(tmp_path: Path) -> None:
    _essays(tmp_path)
    texts = [
        f"{said} It was the {row}th day of a long journey to the sea." for row, said in enumerate(SAID * 10)
    ]
    frame = pd.DataFrame({"id": range(1, 31), "text": texts, "mood": ["good", "bad", "bad"] * 10})
    frame.to_csv(tmp_path / "table.csv", index=False)
    assert read("text_table", tmp_path / "table.csv").texts[0] == texts[0]


def test_that_a_number_that_may_be_several_files_is_none(tmp_path: Path) -> None:
    for number in range(1, 31):
        for width in (3, 4):
            (tmp_path / f"{number:0{width}}.txt").write_text("another")
    pd.DataFrame({"id": range(1, 31), "mark": range(30)}).to_csv(tmp_path / "marks.csv", index=False)
    assert (
        _inspected(Family.every["data"]["table"](path=str(tmp_path / "marks.csv"))).suggests != "text_table"
    )


# ------------------------------------------------------------------------------ advice that can be followed


def test_that_advice_names_a_kind_as_the_window_does_and_as_the_prompt_does() -> None:
    """`take the kind "text_table"`: the window has no such word. Each is title and setting, side by side."""
    engine = Path(__file__).resolve().parents[4] / "engine"
    titles = {kind: source.title for kind, source in Source.kinds().items()}
    for file in engine.rglob("*.py"):
        text = re.sub(r'["\']\s*\n\s*f?["\']', "", file.read_text("utf-8"))
        inner = "|".join(sorted(titles, key=len, reverse=True))
        alone = [one for one in re.findall(rf"the kind \\?[\"']?({inner})\b", text) if one != "table"]
        assert not alone, (file, alone)
        assert not re.search(r"the kind \\?\"", text), file
        for title, kind in re.findall(r"the kind ([A-Z][\w ]+) \(data\.kind=(\w+)\)", text):
            assert titles[kind] == title, file
