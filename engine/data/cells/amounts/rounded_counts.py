"""Counts as shops and platforms round them: 500+人付款 beside 2万+人付款, 1.5k+ sold, 2M downloads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.data.cells.amounts.sizes import COUNTED

_LONGEST, _GLANCE = 40, 200
_DIGITS = r"\d+(?:[.,]\d+)*"
_SIZE = (
    # those of 千克 and kg are parts of a unit
    r"\s?(?:十万|百万|千万|[万萬만亿億억]|千(?![克米瓦卡帕赫焦伏字]))|[kKMBwW](?![A-Za-z])"
    r"|\s?(?:thousand|million|billion|lakh|crore)s?(?!\w)"
)
_COUNT = re.compile(
    rf"(?P<before>[^\d+\-.,]*?)\s?(?P<about>[约約超近逾]过?|~|≈)?\s?(?P<number>{_DIGITS})(?P<size>{_SIZE})?\s?"
    r"(?P<more>\+|[多余来](?=[\u2e80-\uffff]|$))?\s?(?P<behind>[^\d+]*?)(?P<end>\+)?",
)
_NEARLY_ALL = 0.9
_FEWEST_WORDS = 3


def read_counts(
    words: Sequence[str], number: Callable[[Sequence[str]], NDArray[np.float64]]
) -> tuple[NDArray[np.float64], str, str] | None:
    """Return rounded counts as numbers, NaN for other cells, with the first that is one, and what is counted.

    None where no cell has a size behind its number, or a sign that there are more. What stands before the
    numbers, and what is counted, is the same in most cells. `number` reads digits with their marks.
    """
    found = [_COUNT.fullmatch(word) if len(word) <= _LONGEST else None for word in words]
    around = Counter(_around(match) for match in found if match)
    usual = next(iter(around.most_common(1)), (("", ""), 0))[0]
    alike = [match if match and _around(match) in (usual, ("", "")) else None for match in found]
    rounded = [word for word, match in zip(words, alike, strict=True) if match and _is_rounded(match)]
    if not rounded:
        return None
    # 2万+ shows more than 500+
    sized = (word for word, match in zip(words, alike, strict=True) if match and match["size"])
    first = next(sized, rounded[0])
    values = np.full(len(words), np.nan)
    known = [match for match in alike if match]
    scale = np.array([COUNTED.get(_size(match), 1.0) for match in known])
    values[[match is not None for match in alike]] = number([match["number"] for match in known]) * scale
    return values, first, usual[1]


def are_counts(words: Sequence[str]) -> bool:
    """Return whether nearly all words are counts of the same, of several sizes, as thousands."""
    # most columns end here: of numbers, and of words without digits
    glance = words[:: max(len(words) // _GLANCE, 1)]
    if not any(word[-1:].isalpha() or word[-1:] == "+" for word in glance):
        return False
    found = [match for word in glance if len(word) <= _LONGEST and (match := _COUNT.fullmatch(word))]
    around = Counter(map(_around, found))
    often = next(iter(around.most_common(1)), (("", ""), 0))[1]
    sizes = {_size(match) for match in found}
    return (
        len(found) >= _FEWEST_WORDS
        and often >= _NEARLY_ALL * len(glance)
        and len(sizes) > 1
        and any(_is_rounded(match) and _around(match) != ("", "") for match in found)
    )


def _around(match: re.Match[str]) -> tuple[str, str]:
    behind = match["behind"].strip().casefold()
    # 1 download beside 500 downloads
    return match["before"].strip(), behind[:-1] if behind.isascii() and behind[-1:] == "s" else behind


def _size(match: re.Match[str]) -> str:
    size = (match["size"] or "").strip()
    return size.removesuffix("s") if len(size) > 1 else size


def _is_rounded(match: re.Match[str]) -> bool:
    return any(match[sign] for sign in ("size", "more", "end", "about"))
