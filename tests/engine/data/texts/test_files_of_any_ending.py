"""Texts whose names do not end in .txt: endings that are classes, programs, lists beside translations."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.decisions import decision_in
from engine.data.texts.raw import TextPairs, Texts
from engine.data.texts.read.class_files import told_by_endings
from engine.data.texts.sources.text_folders import TextFolders
from engine.opening import source_of

_GOOD = "a film that I loved from its first scene\nwarm, funny and well played\n"
_BAD = "a film that I left before its end\ndull, long and badly played\n"


@pytest.mark.parametrize("endings", [("pos", "neg"), ("spam", "ham"), ("polite", "rude")])
@pytest.mark.parametrize("readme", ["README.txt", "reviews.README.1.0.txt"])
def test_that_files_called_alike_but_for_their_endings_are_the_classes_of_these(
    endings: tuple[str, str], readme: str, tmp_path: Path
) -> None:
    for ending, text in zip(endings, (_GOOD, _BAD), strict=True):
        (tmp_path / f"reviews.{ending}").write_text(text * 6)
    (tmp_path / readme).write_text("What this is and whom to thank for it.\n")
    source = source_of(tmp_path)
    assert source is not None
    assert source.kind == "text_folders"
    raw = source.read(0)
    assert isinstance(raw, Texts)
    assert set(raw.labels) == set(endings)
    assert len(raw) == 24


def test_that_programs_in_folders_of_languages_are_texts_of_these_classes(tmp_path: Path) -> None:
    for language, ending, text in (
        ("python", "py", "import os\n\ndef f(x):\n    return x + {}\n"),
        ("c", "c", "#include <stdio.h>\n\nint f(int x) {{\n    return x + {};\n}}\n"),
    ):
        (tmp_path / language).mkdir()
        for place in range(6):
            (tmp_path / language / f"f{place}.{ending}").write_text(text.format(place))
    source = source_of(tmp_path)
    assert source is not None
    assert source.kind == "text_folders"
    raw = source.read(0)
    assert isinstance(raw, Texts)
    assert set(raw.labels) == {"python", "c"}
    assert len(raw) == 12


def test_that_bytes_of_no_known_kind_are_no_texts(tmp_path: Path) -> None:
    for name in ("one.pos", "one.neg"):
        (tmp_path / name).write_bytes(bytes(range(256)) * 20)
    assert source_of(tmp_path) is None


def test_that_lists_of_words_and_a_dictionary_beside_translations_are_left_out(tmp_path: Path) -> None:
    for part, count in (("train", 30), ("tst2012", 8), ("tst2013", 9)):
        (tmp_path / f"{part}.en").write_text("".join(f"I see {one} cats .\n" for one in range(count)))
        (tmp_path / f"{part}.vi").write_text("".join(f"Tôi thấy {one} con mèo .\n" for one in range(count)))
    (tmp_path / "vocab.en").write_text("I\nsee\ncats\n")
    (tmp_path / "vocab.vi").write_text("Tôi\nthấy\ncon\nmèo\n")
    (tmp_path / "dict.en-vi").write_text("I Tôi 0.9\ncat mèo 0.8\n")
    source = source_of(tmp_path)
    assert source is not None
    assert source.kind == "text_pairs"
    raw = source.read(0)
    assert isinstance(raw, TextPairs)
    assert len(raw) == 47
    assert raw.published is not None
    assert (raw.published == "test").sum() == 17


@pytest.mark.parametrize(
    "names",
    [["48f12e541b", "10386ed390", "c0b56636d6"], ["train-1", "train-2", "train-3"], ["a/1", "a/2", "a/3"]],
)
def test_that_a_column_which_names_the_rows_is_no_side_of_pairs(names: list[str], tmp_path: Path) -> None:
    path = tmp_path / "train.csv"
    rows = [
        f"{names[place % 3]}{place},the cats of house {place} sleep long,cats sleep here\n"
        for place in range(30)
    ]
    path.write_text("id,article,summary\n" + "".join(rows))
    from engine.data.texts.sources.text_pairs import TextPairsFile

    raw = TextPairsFile(path=str(path)).read(0)
    assert isinstance(raw, TextPairs)
    assert raw.languages == ("article", "summary")


@pytest.mark.parametrize("endings", [("txt", "html"), ("train", "test"), ("en", "de"), ("txt", "csv")])
def test_that_endings_which_say_something_else_are_no_classes(endings: tuple[str, str]) -> None:
    assert not told_by_endings([f"reviews.{ending}" for ending in endings])


def test_that_folders_within_classes_that_could_be_these_are_asked_about(tmp_path: Path) -> None:
    for shop in ("books", "kitchen"):
        for label, text in (("positive", _GOOD), ("negative", _BAD)):
            folder = tmp_path / shop / label
            folder.mkdir(parents=True)
            for place in range(3):
                (folder / f"{place}.txt").write_text(text)
    raw = TextFolders(path=str(tmp_path)).read(0)
    assert isinstance(raw, Texts)
    assert set(raw.labels) == {"books", "kitchen"}
    told = [decision_in(one) for one in raw.notices if "not used (negative, positive)" in one]
    assert [one.setting for one in told] == ["data.classes"]
    assert told[0].doubtful
    inner = TextFolders(path=str(tmp_path), classes="inner").read(0)
    assert isinstance(inner, Texts)
    assert set(inner.labels) == {"positive", "negative"}
