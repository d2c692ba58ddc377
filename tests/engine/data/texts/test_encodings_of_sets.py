"""Encodings of files that are one set: what is no UTF-8 tells together what it is written in."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.new.inputs import read_new
from engine.data.texts.raw import Texts
from engine.data.texts.sources.tagged_text import TaggedText
from engine.data.texts.sources.text_files import TextFiles
from engine.data.texts.sources.text_folders import TextFolders
from engine.data.texts.sources.text_pairs import TextPairsFile
from engine.data.texts.sources.text_table import TextTable
from tests.engine.data.same_inputs import Case, trained

SHORT = ("да", "нет", "плохо снято", "жлю", "ну и ну", "люблю", "ещё раз", "совершенно не понравилось")
"""Alone, most of these are taken for letters of another encoding."""


def folder_of(path: Path, code: str) -> Path:
    for number, text in enumerate(SHORT * 3):
        place = path / ("good", "bad")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:02}.txt").write_bytes(text.encode(code))
    return path


def read(path: Path) -> Texts:
    raw = TextFolders(path=str(path)).read(0)
    assert isinstance(raw, Texts)
    return raw


@pytest.mark.parametrize("code", ["koi8-r", "windows-1251"])
def test_that_short_texts_of_a_folder_tell_their_encoding_together(tmp_path: Path, code: str) -> None:
    raw = read(folder_of(tmp_path / "texts", code))
    assert set(raw.texts) == set(SHORT)
    assert raw.found["encoding"] == code
    assert sum("letters are read as" in notice for notice in raw.notices) == 1


def test_that_a_text_of_utf8_among_others_is_read_so(tmp_path: Path) -> None:
    path = folder_of(tmp_path / "texts", "koi8-r")
    (path / "good" / "99.txt").write_text("совсем", "utf-8")
    raw = read(path)
    assert set(raw.texts) == {*SHORT, "совсем"}
    assert raw.found["encoding"] == "koi8-r"


def test_that_a_table_of_utf8_lists_files_of_another_encoding(tmp_path: Path) -> None:
    path = folder_of(tmp_path / "texts", "koi8-r")
    names = sorted(one.relative_to(path).as_posix() for one in path.rglob("*.txt"))
    (path / "list.csv").write_text("text,label\n" + "".join(f"{name},{name[:3]}\n" for name in names))
    source = TextTable(path=str(path / "list.csv"))
    raw = source.read(0)
    prepared, known = trained(Case(source, words=True))
    assert isinstance(raw, Texts)
    assert set(raw.texts) == set(SHORT)
    assert read_new(path / "list.csv", known).inputs.tolist() == prepared.preprocessor.inputs(raw).tolist()


@pytest.mark.parametrize("kind", ["running", "tagged", "pairs"])
def test_that_a_new_file_of_utf8_is_read_so_whatever_training_found(tmp_path: Path, kind: str) -> None:
    rows = [f"привет {['red', 'blue', 'pale'][row % 3]} мир" for row in range(60)]
    content, ending, source = {
        "running": ("\n".join(rows), "txt", TextFiles),
        "tagged": ("\n".join(row.replace(" ", "\tA\n") + "\tB\n" for row in rows), "conll", TaggedText),
        "pairs": ("\n".join(f"{row}\t{row[::-1]}" for row in rows), "txt", TextPairsFile),
    }[kind]
    (tmp_path / f"old.{ending}").write_bytes(content.encode("koi8-r"))
    (tmp_path / f"same.{ending}").write_text(content, "utf-8")
    _, known = trained(Case(source(path=str(tmp_path / f"old.{ending}")), words=True))
    old, same = (read_new(tmp_path / f"{name}.{ending}", known) for name in ("old", "same"))
    assert known.found["encoding"] == "koi8-r"
    assert same.inputs.tolist() == old.inputs.tolist()
    assert any("is written in UTF-8" in notice for notice in same.notices)
