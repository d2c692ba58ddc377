"""Fitting of texts: the tokenizer that the training part says, or the one of an earlier run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message
from engine.data.encoder import Say
from engine.data.preprocessing import Preprocessing
from engine.data.refusal import refused
from engine.data.source import Report, silent
from engine.data.texts.tokens.learning import learn_tokenizer
from engine.data.texts.tokens.sampling import sample
from engine.data.texts.tokens.tokenizer import Tokenizer, pieces, read_tokenizer

_STEP = 100_000
"""Letters after which it is told how far the learning is: a table may hold a million short texts."""


def fit_tokenizer(
    texts: Sequence[str], choices: Preprocessing, say: Say = lambda text: None, report: Report = silent
) -> Tokenizer:
    """Return the tokenizer for `texts`, those of the training part; of very many, a part of them is enough.

    Raises Invalid where the file holds none, the vocabulary is too small, or the texts are one token over and
    over.
    """
    if choices.tokenizer == "file":
        tokenizer = _from_file(choices.tokenizer_file)
    else:
        chosen, share = (
            (texts, 1.0)
            if choices.tokenizer == "characters"
            # characters take one look at each letter, so all texts may be gone through
            else sample(texts, lambda share, words: report(0.5 * share, words))
        )
        if share < 1:
            say(
                Message(
                    "the tokenizer is learnt from {value:.2g} % of the training texts, evenly spread",
                    value=100 * share,
                )
            )
        heard = _Heard(chosen, lambda share, words: report(0.5 + 0.5 * share, words))
        tokenizer = learn_tokenizer(choices.tokenizer, heard, choices.vocabulary, choices.lowercase)
    # also of a file: its vocabulary may know nothing of these texts
    _refuse_monotony(tokenizer, texts, report)
    return tokenizer


class _Heard:
    """Texts in pieces that report how far they have been gone through, and whose reader can so be stopped."""

    def __init__(self, texts: Sequence[str], report: Report) -> None:
        self._texts, self._report, self._most = texts, report, 0
        self._total = max(sum(map(len, texts)), 1)

    def __iter__(self) -> Iterator[str]:
        done = said = 0
        for piece in (piece for text in self._texts for piece in pieces(text)):
            if done >= said:
                self._most = max(self._most, done)  # word pieces go through all twice
                self._report(self._most / self._total, "Learning the tokenizer")
                said = done + _STEP
            done += len(piece)
            yield piece


def not_empty(sides: Sequence[Sequence[str]], say: Say) -> NDArray[np.int64]:
    """Return the rows that hold text on every side. Raises Invalid where none does."""
    rows = np.array(
        # blanks become no token, so a text of them has nothing to learn from
        [row for row, texts in enumerate(zip(*sides, strict=True)) if all(text.strip() for text in texts)],
        np.int64,
    )
    count = len(sides[0])
    if len(rows) == 0:
        raise refused(
            "data.path",
            "holds no text"
            if count == 0
            else Message("holds {count:,} texts, and all are empty", count=count),
        )
    if len(rows) < count:
        say(
            Message(
                "{count:,} of {total:,} texts are empty and left out", count=count - len(rows), total=count
            )
        )
    return rows


def _from_file(path: str) -> Tokenizer:
    if not path:
        raise refused(
            "preprocessing.tokenizer_file",
            "is missing: choose the tokenizer.json of an earlier run",
        )
    try:
        return read_tokenizer(Path(path))
    except Invalid as error:
        # the tokenizer knows no settings; here the one that named the file is known
        raise Invalid([problem.under("preprocessing.tokenizer_file") for problem in error.problems]) from None


def _refuse_monotony(tokenizer: Tokenizer, texts: Sequence[str], report: Report) -> None:
    different: set[int] = set()
    for piece in (piece for text in texts for piece in pieces(text)):
        report(1.0, "Looking at the tokens")
        # piece by piece, as the first one nearly always ends the search
        different.update(next(tokenizer.encode([piece])))
        if len(different) > 1:
            return
    what = (
        Message("{shown!r} over and over", shown=tokenizer.shown([*different])[0]) if different else "nothing"
    )
    raise refused(
        "preprocessing.tokenizer",
        Message(
            "makes of the training texts {what}, from which nothing can be learnt: choose "
            "another tokenizer or other texts",
            what=what,
        ),
    )
