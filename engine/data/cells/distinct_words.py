"""The different words of a column, looked at once each: a million rows often have a few hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import as_text

LONGEST_VALUE = 300
"""Letters of a number, a date or a range with all that may be written beside it."""
_FEW_CELLS = 3


@dataclass(frozen=True)
class DistinctWords:
    """The different words of a column, how often each stands there, and in which row first."""

    name: str
    codes: NDArray[np.int64]
    words: tuple[str, ...]
    counts: NDArray[np.int64]
    rows: NDArray[np.int64]
    index: pd.Index[Any]

    @classmethod
    def of(cls, name: str, column: pd.Series[Any], rows: NDArray[np.int64] | None) -> DistinctWords:
        """Return those of a column; `rows` are the numbers of its rows, 1, 2, ... where there are none."""
        # all that follows looks at different words once: a column of a million rows often has a few hundred
        codes, different = pd.factorize(column, use_na_sentinel=True)
        words = tuple(_stripped(word) for word in np.asarray(different, dtype=object))
        counts = np.bincount(codes[codes >= 0], minlength=len(words))
        where = np.arange(1, len(column) + 1) if rows is None else rows
        return cls(name, codes, words, counts, where, column.index)

    @property
    def are_long(self) -> bool:
        """Return whether most are longer than any number or date is written: texts, or all pixels of a
        picture. Who looks for values in such goes through millions of letters for nothing.
        """
        return 2 * sum(len(word) > LONGEST_VALUE for word in self.words) > len(self.words)

    def among(self, meant: frozenset[str] | set[str]) -> NDArray[np.bool_]:
        """Return which of the words are among those given, whatever their case."""
        return np.array([word.casefold() in meant for word in self.words], np.bool_)

    def equal_to(self, numbers: Sequence[str]) -> NDArray[np.bool_]:
        """Return which of the words write one of the numbers given."""
        values = {number for number in map(number_written, numbers) if number is not None}
        if not values:
            return np.zeros(len(self.words), np.bool_)
        return np.array([number_written(word) in values for word in self.words], np.bool_)

    def spread(self, values: NDArray[Any], missing: object) -> pd.Series[Any]:
        """Return a column of one value for each word."""
        # missing cells have the code -1, which picks the last; of the same dtype, lest append change that
        whole = np.append(values, np.array([missing], values.dtype))
        return pd.Series(whole[self.codes], self.index, name=self.name)

    def as_words(self, gone: NDArray[np.bool_]) -> pd.Series[Any]:
        """Return the column as text, missing where a word is gone."""
        words = np.array(self.words, dtype=object)
        words[gone] = None
        return self.spread(words, None)

    def few(self, chosen: NDArray[np.bool_]) -> tuple[str, ...]:
        """Return the first of the chosen words."""
        return tuple(self.words[place] for place in np.flatnonzero(chosen)[:_FEW_CELLS])

    def shown(self, odd: NDArray[np.bool_]) -> str:
        """Return the odd words with the row of each: 'broken' in row 38 (and 2 more)."""
        first = int(np.argmax(np.isin(self.codes, np.flatnonzero(odd))))
        more = int(self.counts[odd].sum()) - 1
        word = self.words[self.codes[first]]
        return Message(
            "{word!r} in row {row} (and {more} more)" if more else "{word!r} in row {row}",
            word=word[:60],
            row=self.rows[first],
            more=more,
        )


def number_written(word: str) -> float | None:
    """Return the number that a word is, as a program reads it; None where it is none."""
    try:
        # float does not know the minus sign of typography
        return float(word.replace("\u2212", "-"))
    except ValueError:
        return None


def _stripped(value: object) -> str:
    word = as_text(value).strip()
    # ="007" is how exports keep Excel from making a number of digits
    return word[2:-1].strip() if word.startswith('="') and word.endswith('"') else word
