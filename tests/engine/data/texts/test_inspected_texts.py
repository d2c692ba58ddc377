"""What the data page shows of running text."""

from __future__ import annotations

import pytest

from engine.data.texts.inspect import EXCERPT, MOST_EXCERPTS, inspect_corpus
from engine.data.texts.raw import Corpus


def test_that_of_one_long_document_pieces_from_all_over_it_are_shown() -> None:
    text = "\n".join(f"line {number} of the book" for number in range(2000))
    found = inspect_corpus(Corpus((text,), ("book",)), None, "tokens")
    places = [text.index(passage.words[0]) / len(text) for passage in found.passages]
    assert len(places) == MOST_EXCERPTS
    assert places == pytest.approx([place / MOST_EXCERPTS for place in range(MOST_EXCERPTS)], abs=0.01)
    assert all(passage.words[0].startswith("line ") for passage in found.passages)
    assert found.passages[0].name == "book"


@pytest.mark.parametrize("text", ["", "short", "x" * (3 * EXCERPT)])
def test_that_short_documents_and_those_without_any_space_are_shown_too(text: str) -> None:
    found = inspect_corpus(Corpus((text,), ("one",)), None, "tokens")
    assert found.passages[0].words == (text[:EXCERPT],)
    assert all(passage.words[0] in text for passage in found.passages)


def test_that_of_many_documents_each_is_shown_once() -> None:
    found = inspect_corpus(Corpus(("a b" * 2000,) * 40, tuple(map(str, range(40)))), None, "tokens")
    assert len(found.passages) == len({passage.name for passage in found.passages}) == 40
