"""Files that are called as parts of a split are these parts, for every kind of text and every usual name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.data.description import PARTS
from engine.data.files.placement import part_of
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.source import Source
from engine.data.split import Split
from engine.data.texts.raw import TextPairs
from engine.data.texts.sources.tagged_text import TaggedText
from engine.data.texts.sources.text_files import TextFiles
from engine.data.texts.sources.text_pairs import TextPairsFile
from engine.opening import source_of

NAMES = [
    ("train", "valid", "test"),
    ("train", "val", "test"),
    ("train", "dev", "eval"),
    ("training", "devel", "testing"),
    ("corpus.train", "corpus.dev", "corpus.tst"),
    ("训练集", "验证集", "测试集"),
    ("训练", "验证", "测试"),
]
ROWS = dict(zip(PARTS, (40, 12, 9), strict=True))
FEW = Preprocessing(tokenizer="words", length=12)


def lines(part: str, language: str = "w") -> list[str]:
    """Sentences whose words say the part, so that nothing is told by their number alone."""
    return [
        f"{language}{part} {language}{part}{row % 5} {language}b {language}c" for row in range(ROWS[part])
    ]


def ready(source: Source, task: str, split: Split | None = None) -> Prepared:
    return prepare(source, split or Split(), FEW, task, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("names", NAMES, ids=["-".join(one) for one in NAMES])
def test_that_pairs_tagged_words_and_running_text_have_the_parts_of_their_files(
    tmp_path: Path, names: tuple[str, str, str]
) -> None:
    for kind in ("pairs", "tagged", "running"):
        (tmp_path / kind).mkdir()
    for part, name in zip(PARTS, names, strict=True):
        for language in ("de", "en"):
            (tmp_path / "pairs" / f"{name}.{language}").write_text(
                "\n".join(lines(part, language)) + "\n", "utf-8"
            )
        tagged = [
            "\n".join(f"{word} {'AB'[place % 2]}" for place, word in enumerate(line.split()))
            for line in lines(part)
        ]
        (tmp_path / "tagged" / f"{name}.txt").write_text("\n\n".join(tagged) + "\n", "utf-8")
        (tmp_path / "running" / f"{name}.txt").write_text("\n".join(lines(part) * 20) + "\n", "utf-8")

    source = source_of(tmp_path / "pairs")
    assert isinstance(source, TextPairsFile)
    pairs = ready(source, "translation")
    assert isinstance(pairs.raw, TextPairs)
    assert pairs.raw.languages == ("de", "en")
    for part in PARTS:
        assert len(pairs.part(part)) == ROWS[part]
        assert all(f"de{part} " in pairs.raw.texts[row] for row in pairs.part(part).rows)
        assert all(f"en{part} " in pairs.raw.translations[row] for row in pairs.part(part).rows)
    assert any("the parts are as the files are called" in notice for notice in pairs.notices)

    tagged_words = ready(TaggedText(path=str(tmp_path / "tagged")), "tags")
    assert [len(tagged_words.part(part)) for part in PARTS] == [*ROWS.values()]

    running = ready(TextFiles(path=str(tmp_path / "running")), "tokens")
    tokenizer = running.preprocessor.encoder.tokenizer  # type: ignore[attr-defined]
    for part in PARTS:
        text = tokenizer.decode(np.concatenate([*running.part(part).inputs]).tolist())
        others = [other for other in PARTS if other != part]
        assert f"w{part}" in text or part != "train"  # what the training never saw is no word of it
        assert not any(f"w{other}0" in text for other in others)
    assert any("the parts are as the files are called" in notice for notice in running.notices)


def test_that_parts_are_none_where_a_person_says_so(tmp_path: Path) -> None:
    for part, name in zip(PARTS, NAMES[0], strict=True):
        for language in ("de", "en"):
            (tmp_path / f"{name}.{language}").write_text("\n".join(lines(part, language)) + "\n", "utf-8")
    found = TextPairsFile(path=str(tmp_path), parts="shares").read(0)
    assert isinstance(found, TextPairs)
    assert (found.published, len(found)) == (None, ROWS["train"])
    whole = ready(TextPairsFile(path=str(tmp_path)), "translation", Split(published=False))
    assert sum(len(whole.part(part)) for part in PARTS) == sum(ROWS.values())
    assert len(whole.test) == round(0.15 * sum(ROWS.values()))


@pytest.mark.parametrize("name", ["训练数据", "train", "训练集1", "开发集", "测试样本"])
def test_that_parts_are_known_in_chinese(name: str) -> None:
    assert part_of(name) is not None
    assert part_of("训练师") is None
