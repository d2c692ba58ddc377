"""Names that have no room are shortened so that they still tell one from the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import groupby, takewhile

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

_WORTH = 3
"""Letters that all names share, from which on leaving them out gains room: "…" takes one itself."""
_WORD = re.compile(
    # a number is a whole: of 0.1 and 0.003 nothing is alike
    r"[#+−-]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?![^\W_])"
    # letters without a blank between words (Chinese, Japanese, Korean) may be parted anywhere
    r"|[^\W_\u3000-\u9fff\uac00-\ud7af]+|.",
    re.DOTALL,
)

_ONE_MARK = re.compile(r"[\s·,]*…[\s·,…]*")
"""What is left out, and the signs that then part nothing any more."""
_RIGHT = Qt.TextElideMode.ElideRight


def alike(names: Iterable[str]) -> int:
    """Return how many letters all these names begin with, up to the beginning of a word or a number."""
    different = set(names)
    if len(different) < 2:
        return 0
    # in alphabetical order the first and the last differ as early as any two
    first, last = (_WORD.findall(name) for name in (min(different), max(different)))
    pairs = zip(first, last, strict=False)
    words = [one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
    # a name that is the beginning of another keeps its last word
    beginning = "".join(words[: min(len(first), len(last)) - 1])
    # numbers, of which the beginning tells most, are not names
    return len(beginning) if len(beginning) >= _WORTH and any(map(str.isalpha, beginning)) else 0


def shortened(name: str, beginning: int, room: float, size: QFontMetricsF) -> str:
    """Return a name as long as there is room: without its first `beginning` letters, which others share, else
    without its middle, as both its ends may tell it from others.
    """
    if size.horizontalAdvance(name) <= room:
        return name
    if not beginning:
        return size.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
    rest = name[beginning:]
    told = f"…{rest}"
    # one "…" is enough: at so few letters a second one would take the room of those that tell most
    return (
        told
        if size.horizontalAdvance(told) <= room
        else size.elidedText(rest, Qt.TextElideMode.ElideRight, room)
    )


def kept_apart(names: Sequence[str], rooms: Sequence[float], size: QFontMetricsF) -> list[str]:
    """Return each name as long as it has room. What goes first is what all of them share.

    First the words that all begin with go, then all words that they share, then those that most of them share
    and words are cut, but no number: 0.003 cut to 0.00 is another one. Only then it goes from the side where
    most of them still differ.
    """
    beginning, bare = alike(names), _bare(names)
    forms = [
        next((form for form in (name, f"…{name[beginning:]}", rest) if _fits(form, room, size)), "")
        for name, rest, room in zip(names, bare, rooms, strict=True)
    ]
    worded = [
        [
            form or _as_long_as_it_fits(rest, room, size)
            for form, rest, room in zip(forms, _telling(names, least), rooms, strict=True)
        ]
        # symbols, as η before a number, go last
        for least in (_WORTH, 1)
    ]
    cut = [
        [
            form or size.elidedText(rest, side, room)
            for form, rest, room in zip(forms, bare, rooms, strict=True)
        ]
        for side in (Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideLeft)
    ]
    return max([*worded, *cut], key=lambda told: len(set(told)))


def _telling(names: Sequence[str], least: int) -> list[str]:
    """Return the names with "…" for what all or most of them share, as long as that leaves them different;
    words of fewer letters than `least` stay.
    """
    words = [_WORD.findall(name) for name in names]
    counts = Counter(word for line in words for word in set(line) if not word.isspace())
    left = set(counts)
    for word, count in counts.most_common():
        without = {tuple(one for one in line if one in left - {word}) for line in words}
        short = word.isalpha() and len(word) < least
        if not short and count > len(names) / 2 and len(without) == len(set(names)):
            left.remove(word)
    parts = [groupby(line, key=lambda word: word.isspace() or word in left) for line in words]
    marked = ["".join("".join(run) if kept else "…" for kept, run in line) for line in parts]
    return [_ONE_MARK.sub("…", name).removeprefix("…") for name in marked]


def _as_long_as_it_fits(name: str, room: float, size: QFontMetricsF) -> str:
    """Return a name with its words cut to as many letters as there is room for; numbers stay whole."""
    longest = max(map(len, _WORD.findall(name)), default=0)
    cut = (_ONE_MARK.sub("…", _with_short_words(name, most)) for most in range(longest, 0, -1))
    return next((one for one in cut if _fits(one, room, size)), size.elidedText(name, _RIGHT, room))


def _with_short_words(name: str, most: int) -> str:
    words = _WORD.findall(name)
    return "".join(f"{one[:most]}…" if one.isalpha() and len(one) > most + 1 else one for one in words)


def _fits(text: str, room: float, size: QFontMetricsF) -> bool:
    return size.horizontalAdvance(text) <= room


def _bare(names: Sequence[str]) -> list[str]:
    """Return the names with "…" for what all of them share, in the same order, where that gains room."""
    words = [_WORD.findall(name) for name in names]
    shared = reduce(_common, words) if len(set(names)) > 1 else []
    return ["".join(_without(one, shared)) for one in words]


def _without(words: Sequence[str], shared: Sequence[str]) -> list[str]:
    left = list(shared)
    marked = []
    for word in words:
        common = bool(left) and word == left[0]
        if common:
            left.pop(0)
        marked.append((common, word))
    parts = [
        (common, "".join(word for _, word in run)) for common, run in groupby(marked, key=lambda one: one[0])
    ]
    return ["…" if common and len(text) >= _WORTH else text for common, text in parts]


def _common(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Return the longest subsequence of words that two names have in common."""
    best: list[list[list[str]]] = [[[] for _ in range(len(second) + 1)] for _ in range(len(first) + 1)]
    for here, one in enumerate(first):
        for there, other in enumerate(second):
            best[here + 1][there + 1] = (
                [*best[here][there], one]
                if one == other
                else max(best[here][there + 1], best[here + 1][there], key=len)
            )
    return best[-1][-1]
