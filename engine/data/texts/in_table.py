"""Whether a table holds texts and their translations."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pandas as pd

from engine.data.cells.values import is_number
from engine.data.tables.read.columns import is_text, words_of
from engine.data.tables.read.text_columns import FEWEST_WORDS, UNSPACED, holds_texts
from engine.data.texts.read.pairs import asked_and_answered
from engine.data.texts.read.word_lists import tags_words

_SOURCE = re.compile(r"来源|出处|來源|source|origin|corpus|level|难度", re.IGNORECASE)
"""What a column is called that says where a sentence and its translation are from."""
_NOTES = re.compile(r"备注|注释|说明|例句|标签|notes?|remarks?|comments?|tags?|examples?", re.IGNORECASE)
"""What a column is called that says something of a pair now and then."""
_FEWEST_SENTENCES, _MOSTLY = 0.25, 0.9
_FEW_ROWS = 50
_FILLED = 0.75
"""Share of the cells that hold a text: a sheet that translates by a formula has some that failed."""


def are_tagged_words(frame: pd.DataFrame) -> bool:
    """Return whether each row is a word of a sentence, with the number of the sentence and a tag."""
    first = frame.head(_FEW_ROWS)
    cells = [words_of(first[name]) for name in frame.columns]
    return tags_words([str(name) for name in frame.columns], [[*row] for row in zip(*cells, strict=True)])


def are_translations(frame: pd.DataFrame) -> bool:
    """Return whether two columns hold texts and their translations, and no other what could be learnt.

    They are two of texts, or two of words in different writing, Chinese and Latin say; beside them may stand
    numbers of the rows, or where each sentence is from. A question and its answer are such, too, known by
    their names.
    """
    # short sentences do not count as texts; for these, two scripts are enough below
    texts = [name for name in frame.columns if holds_texts(frame[name])]
    rest = [name for name in frame.columns if frame[name].notna().any() and not _counts(frame[name])]
    # files of Tatoeba, as ManyThings.org publishes them, have the licence of each pair behind it
    if len(rest) == 3 and is_text(frame[rest[2]]) and _origin(frame[rest[2]]):
        return all(is_text(frame[name]) for name in rest)
    # a question and its answer are learnt as translations are, unless a third column is a class of both
    asked = asked_and_answered(rest)
    if asked is not None and all(is_text(frame[name]) and _vary(frame[name]) for name in asked):
        return all(frame[name].notna().mean() < _MOSTLY or _vary(frame[name]) for name in rest)
    # a column that repeats itself is a class
    writing = [name for name in rest if is_text(frame[name]) and _vary(frame[name]) and not _noted(name)]
    if len(writing) != 2 or not all(frame[name].notna().mean() >= _FILLED for name in writing):
        return False
    if len(rest) == 2:
        return set(writing) == set(texts) or _of_two_scripts(frame[writing])
    beside = [name for name in rest if name not in writing]
    named = [name for name in beside if _SOURCE.fullmatch(str(name).strip())]
    noted = [name for name in beside if _noted(name) and is_text(frame[name])]
    # sentences may be short where nothing but notes of them stands beside
    telling = bool(texts) or len(noted) == len(beside)
    return telling and {*named, *noted} == {*beside} and _of_two_scripts(frame[writing])


def _noted(name: Any) -> bool:
    return _NOTES.fullmatch(str(name).strip()) is not None


def _vary(column: pd.Series[Any]) -> bool:
    return column.nunique() >= _FEWEST_SENTENCES * len(column)


def _counts(column: pd.Series[Any]) -> bool:
    """Return whether a column numbers the rows, each once."""
    return is_number(column) and not column.isna().any() and bool(column.is_unique)


def _of_two_scripts(frame: pd.DataFrame) -> bool:
    """Return whether of two columns one is written without blanks, as Chinese is, and the other is not."""
    eastern = [frame[name].dropna().astype(str).str.contains(UNSPACED).mean() for name in frame.columns]
    return min(eastern) <= 1 - _MOSTLY and max(eastern) >= _MOSTLY


def _origin(column: pd.Series[Any]) -> bool:
    """Return whether each cell says where a sentence is from, as CC-BY 2.0 (France) Attribution: ..."""
    words = [str(cell).split() for cell in column.dropna()]
    if not words or len(words) < _MOSTLY * len(column) or sum(map(len, words)) < FEWEST_WORDS * len(words):
        return False
    begins = Counter(cell[0] for cell in words if cell)
    return max(begins.values()) >= _MOSTLY * len(words)
