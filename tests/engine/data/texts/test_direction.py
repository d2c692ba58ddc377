"""Which side of pairs is read and which is written: always said, by the names where they say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.decisions import Decided, Decision
from engine.data.new.files import Trained
from engine.data.new.inputs import NewInputs, read_new
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from engine.data.texts.raw import TextPairs
from engine.data.texts.sources.text_pairs import TextPairsFile
from engine.opening import source_of

ENGLISH = [f"the {word} sleeps in house {row}" for row in range(20) for word in ("cat", "dog", "boy")]
GERMAN = [f"das {word} schläft im Haus {row}" for row in range(20) for word in ("Kind", "Tier", "Huhn")]
CHINESE = [f"{word}在房子{row}里睡觉" for row in range(20) for word in ("猫", "狗", "孩子")]


def folder(place: Path, name: str, **texts: list[str]) -> Path:
    made = place / name
    made.mkdir()
    for ending, lines in texts.items():
        (made / f"train.{ending}").write_text("\n".join(lines) + "\n", "utf-8")
    return made


def read(path: Path, **settings: str) -> tuple[TextPairs, Decision]:
    found = TextPairsFile(path=str(path), **settings).read(0)  # type: ignore[arg-type]
    assert isinstance(found, TextPairs)
    told = [one for one in found.notices if isinstance(one, Decided)]
    (direction,) = (one.decision for one in told if one.decision.setting == "data.direction")
    return found, direction


@pytest.mark.parametrize(
    ("name", "reads", "doubtful"),
    [
        ("multi30k", "de", True),
        ("en-de", "en", False),
        ("wmt_de-en", "de", False),
        ("en2de", "en", False),
        ("iwslt.en_to_de", "en", False),
        ("garden-deep", "de", True),
    ],
)
def test_that_names_say_the_direction_and_that_a_guess_is_asked(
    tmp_path: Path, name: str, reads: str, doubtful: bool
) -> None:
    place = folder(tmp_path, name, de=GERMAN, en=ENGLISH)
    found, direction = read(place)
    assert found.languages[0] == reads
    assert found.texts[0] == {"de": GERMAN, "en": ENGLISH}[reads][0]
    assert direction.doubtful == doubtful
    assert direction.said == f"{reads} is read and {found.languages[1]} is written"
    # the one setting turns it round, and is then no guess
    turned, chosen = read(place, direction=str(direction.others[0].value))
    assert turned.languages == found.languages[::-1]
    assert (turned.texts, turned.translations) == (found.translations, found.texts)
    assert not chosen.doubtful


@pytest.mark.parametrize(
    ("head", "reads"), [("en\tzh", "en"), ("zh\ten", "zh"), ("source\ttarget", "source")]
)
def test_that_columns_are_read_in_their_order_and_that_it_is_said(
    tmp_path: Path, head: str, reads: str
) -> None:
    pairs = [ENGLISH, CHINESE] if head != "zh\ten" else [CHINESE, ENGLISH]
    lines = ["\t".join(pair) for pair in zip(*pairs, strict=True)]
    (tmp_path / "t.tsv").write_text("\n".join([head, *lines]), "utf-8")
    found, direction = read(tmp_path / "t.tsv")
    assert (found.languages[0], direction.doubtful) == (reads, False)


def test_that_a_run_of_an_earlier_version_keeps_its_direction(tmp_path: Path) -> None:
    place = folder(tmp_path, "en-de", de=GERMAN, en=ENGLISH)
    assert TextPairsFile.came_later["direction"] == "forward"
    assert read(place, direction="forward")[0].languages == ("de", "en")


def trained(source: TextPairsFile) -> tuple[Prepared, Trained]:
    found = prepare(source, Split(), Preprocessing(tokenizer="words", length=16), "translation", 0)
    kept = source.filled(found.raw.found)
    return found, Trained(found.preprocessor, kept, found.raw.found)


@pytest.mark.parametrize(("one", "other"), [("de", "en"), ("en", "zh"), ("zh", "en")])
def test_that_texts_of_the_other_side_are_told(tmp_path: Path, one: str, other: str) -> None:
    every = {"de": GERMAN, "en": ENGLISH, "zh": CHINESE}
    place = folder(tmp_path, f"{one}-{other}", **{one: every[one], other: every[other]})
    _, made = trained(source_of(place))  # type: ignore[arg-type]
    for language, told in ((one, False), (other, True)):
        (tmp_path / "new.txt").write_text("\n".join(every[language][:9]) + "\n", "utf-8")
        found = read_new(tmp_path / "new.txt", made)
        assert isinstance(found, NewInputs)
        assert any(f"9 of 9 texts seem to be in {other} already" in one for one in found.notices) == told
