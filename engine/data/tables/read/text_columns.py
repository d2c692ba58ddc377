"""Columns of texts in tables: told from words, categories and structures."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from engine.data.tables.read.columns import is_text

FEWEST_WORDS = 4.0
"""Cells that hold so many words on average are texts, not categories."""
_LETTERS = re.compile(r"\S*[^\W\d_]\S*")
"""A word of a text; numbers in a cell are none, as those of a vector."""
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_FEWEST_FILLED = 0.1
_STRUCTURE = re.compile(r"\s*[\[{].*[\]}]\s*", re.DOTALL)
"""A list or a dictionary in a cell, which is no text."""
_LETTERS_OF_WORD = 3
"""Letters of writing without blanks (Chinese, Japanese, Thai, Khmer) that count as a word of a text."""
_FEWEST_DIFFERENT = 0.5
_GLANCE = 100
"""Cells."""
_CALLED = re.compile(
    r"text|review|comment|content|sentence|message|body|正文|文本|句子|内容|评[论价]$|留言|弹幕",
    re.IGNORECASE,
)
"""What columns of texts are called: of these, half so many words and half so many different ones will do."""


def holds_texts(column: pd.Series[Any]) -> bool:
    """Return whether a column holds words, many at a time and mostly different ones."""
    known = column.dropna()
    share = 0.5 if _CALLED.search(str(column.name)) else 1.0
    # counting the words of all cells takes longest, and so comes last
    if not is_text(column) or len(known) < _FEWEST_FILLED * len(column) or not are_different(column, share):
        return False
    return not holds_structures(column) and sum(
        _words(str(text)) for text in known.tolist()
    ) >= share * FEWEST_WORDS * len(known)


def holds_structures(column: pd.Series[Any]) -> bool:
    """Return whether most cells are lists or dictionaries as programs write them, which are no texts."""
    first = column.dropna().head(_GLANCE)
    return sum(bool(_STRUCTURE.fullmatch(str(text))) for text in first) > len(first) / 2


def are_different(column: pd.Series[Any], share: float = 1.0) -> bool:
    """Return whether most cells of a column differ from each other; or a share of so many."""
    known = column.dropna()
    return bool(len(known)) and known.nunique() >= share * _FEWEST_DIFFERENT * len(known)


def _words(text: str) -> float:
    unspaced = len(UNSPACED.findall(text)) / _LETTERS_OF_WORD
    return max(unspaced, len(_LETTERS.findall(text)))
