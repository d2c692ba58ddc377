"""Units: what a text is made of whose tokens do not depend on what stands beside it, each different one once.

Prose says few words very often. 200 MB of it are 31 million words but some 50,000 different ones, and only
those are handed to the machine that cuts them; the rest is counting, done by columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int32]
Cut = Callable[[Sequence[str]], list[Tokens]]
"""Cuts texts into tokens, each for itself."""

_BLANK = np.isin(np.arange(256), list(b" \n\t\r"))
"""Whether a byte is a blank."""
_KEPT = 4_000_000
"""Letters of different units that are remembered; then all are forgotten and learnt anew."""
_FEW = 20_000
"""Letters below which cutting a batch as it is takes no time worth saving."""
_NEW = 0.5
"""Share of a batch's letters in units not seen before, above which cutting it as it is takes less time."""
_REST = 15
"""Batches that are cut as they are after such a one, without looking: texts seldom change their nature."""
_CODES = 0x110000
"""How many characters Unicode has room for."""


class Units:
    """Cuts batches of pieces into tokens by their units: `letters`, or words with the blanks before them."""

    def __init__(self, cut: Cut, *, letters: bool) -> None:
        self._cut = cut
        self._split = _letters if letters else _words
        self._known: dict[str, Tokens] = {}
        self._held = 0
        self._resting = 0

    def tokens(self, pieces: Sequence[str]) -> list[Tokens]:
        """Return the tokens of each piece, as `cut` gives them."""
        size = sum(map(len, pieces))
        # all ways give the same tokens; this is about time alone
        if self._resting or size < _FEW:
            self._resting = max(self._resting - 1, 0)
            return self._cut(pieces)
        units, codes, counts = self._split(pieces)
        new = [unit for unit in units if unit not in self._known]
        if sum(map(len, new)) > _NEW * size:
            self._resting = _REST
            return self._cut(pieces)
        if self._held > _KEPT:
            self._known, self._held, new = {}, 0, units
        self._known.update(zip(new, self._cut(new), strict=True))
        self._held += sum(map(len, new))
        return _laid_out([self._known[unit] for unit in units], codes, counts)


def _laid_out(found: Sequence[Tokens], codes: NDArray[np.int64], counts: Sequence[int]) -> list[Tokens]:
    """Return the tokens of pieces that have so many units each; a code says which of `found` a unit is."""
    if not found:
        return [np.zeros(0, np.int32) for _ in counts]
    every = np.concatenate(found)
    sizes = np.fromiter(map(len, found), np.int64, len(found))
    starts = np.cumsum(sizes) - sizes
    lengths = sizes[codes]
    ends = np.cumsum(lengths)
    # all ranges one behind the other without a loop: a running number, moved to the start of each unit
    places = np.arange(lengths.sum()) + np.repeat(starts[codes] - ends + lengths, lengths)
    borders = np.concatenate([[0], ends])[np.cumsum(counts)]
    return np.split(every[places], borders[:-1])


def _letters(pieces: Sequence[str]) -> tuple[list[str], NDArray[np.int64], list[int]]:
    """Return the different letters, which of them stands at each place, and how many each piece has."""
    # four bytes a letter, so that an array holds one letter at each place
    numbers = np.frombuffer("".join(pieces).encode("utf-32-le"), np.uint32)
    # counting is quicker than np.unique, which sorts
    different = np.flatnonzero(np.bincount(numbers, minlength=_CODES))
    place_of = np.zeros(_CODES, np.int64)
    place_of[different] = np.arange(len(different))
    return [chr(number) for number in different.tolist()], place_of[numbers], [*map(len, pieces)]


def _words(pieces: Sequence[str]) -> tuple[list[str], NDArray[np.int64], list[int]]:
    """Return the same of words with the blanks before them.

    Each kind of tokenizer that goes by words begins anew at blanks that stand behind something else.
    """
    import pyarrow as arrow

    encoded = [piece.encode() for piece in pieces]
    content = b"".join(encoded)
    # in UTF-8 no part of a longer letter is as small as a blank, so bytes can be asked
    blank = _BLANK[np.frombuffer(content, np.uint8)]
    sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
    starts = np.cumsum(sizes) - sizes
    begins = np.zeros(len(content), np.bool_)  # marked, as np.union1d takes ten times as long as all the rest
    begins[1:] = blank[1:] & ~blank[:-1]
    # an empty piece begins nothing; its start is that of the next
    begins[starts[sizes > 0]] = True
    places = np.flatnonzero(begins)
    offsets = np.append(places, len(content)).astype(np.int32)
    # pyarrow finds the different words by a hash of the bytes, without making Python strings of all
    column = arrow.StringArray.from_buffers(len(places), arrow.py_buffer(offsets), arrow.py_buffer(content))
    found = column.dictionary_encode()
    borders = np.searchsorted(places, np.append(starts, len(content)))
    return found.dictionary.to_pylist(), found.indices.to_numpy().astype(np.int64), np.diff(borders).tolist()
