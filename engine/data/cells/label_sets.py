"""Sets of labels: cells that hold several, as action;comedy, and columns that say yes or no for one label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.missing.boxes import NO, TICKS
from engine.data.cells.recognition import BOOLEANS
from engine.data.cells.values import as_text, is_date, is_number, listed, natural
from engine.data.decisions import Decided, Decision, OtherReading, Specimen
from engine.data.raw import Labelled, Raw

L = TypeVar("L", bound=Labelled)
SETTING = "label_separator"
"""What sources call what stands between the labels of a cell."""
# those that stand in names, too (AC/DC, R&B), come last; ┋ is what 问卷星, a service of surveys, exports
MARKS = (";", "|", "┋", "、", "\uff1b", "\uff0c", ",", "/", "+", "&")
"""What is tried for a mark between labels, in this order."""
_SURE = ("|", ";", "┋")
"""Marks that hardly stand in the name of one label."""
CHOICES = (";", "|", "┋", "、", "\uff1b", "\uff0c", ",", "/", "list")
"""What stands between choices that are inputs, in this order: C++ and R&B are one."""
_FEWEST_FACTS, _MOSTLY_ONE = 3, 0.9
_NEARLY_ALL = 0.9
NO_LABEL = "[]"
"""A cell that says that no label applies; an empty one is a missing answer."""
_LIST = re.compile(r"\[.*\]|\{.*\}", re.DOTALL)
_IN_QUOTES = re.compile(r""""((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^,\s][^,]*)""")
_OF_NAME = re.compile(r"""["'](?:name|title|label)["']\s*:\s*(["'])((?:\\.|(?!\1).)*)\1""")
"""The name in each of several records of a cell: [{"id": 35, "name": "Comedy"}, ...]."""
_WORDS: Mapping[str, float] = {
    "0": 0.0,
    "1": 1.0,
    "0.0": 0.0,
    "1.0": 1.0,
    **{word: float(place) for pair in BOOLEANS for place, word in enumerate(pair)},
}
"""Words that say no or yes for a label."""
_SIGNS = {"-1": "0", "1": "1", "-1.0": "0", "1.0": "1"}
"""Where nothing else stands in a column, -1 means no."""


def separator_in(words: Sequence[str], counts: Sequence[int] = ()) -> tuple[str, str]:
    """Return what stands between several labels in the different cells of a column, and one such cell.

    A mark is one where it joins parts in a third of the cells and most of the parts recur (an address is no
    set of labels; of a mark that is sure the same cell may recur), or where it joins nothing but cells that
    also stand alone, in two rows at least; `counts` says how often each cell stands there. Both are "" where
    there is none; "list" stands for ['a', 'b'].
    """
    lists = [word for word in words if _LIST.fullmatch(word)]
    several = [word for word in lists if len(labels_in(word, "list")) > 1]
    if len(lists) >= max(1, len(words) - 1) and several and _rows(words, several, counts) > 1:
        return "list", several[0]
    for mark in MARKS:
        pieces = [labels_in(one, mark) for one in words]
        joined = [one for one, parts in zip(words, pieces, strict=True) if len(parts) > 1]
        often = Counter(part for parts in pieces for part in parts)
        if mark in _SURE:  # in rows, not in different cells
            for parts, count in zip(pieces, counts or [1] * len(words), strict=True):
                often.update(dict.fromkeys(parts, count - 1))
        recurring = sum(count > 1 for count in often.values())
        # the last is a chain of two: most parts recur, and there are fewer parts than cells
        if len(joined) >= max(2, len(words) / 3) and recurring >= 0.7 * len(often) < len(words):
            return mark, joined[0]
        alone = {parts[0] for parts in pieces if len(parts) == 1}
        known = all(set(parts) <= alone for parts in pieces if len(parts) > 1)
        if joined and known and _rows(words, joined, counts) > 1:
            return mark, joined[0]
    return "", ""


def separator_between_choices(words: Sequence[str], counts: Sequence[int] = ()) -> tuple[str, str]:
    """Return what stands between several choices in a cell of an input, and one such cell; "" if nothing.

    Of 3/9 and 120/80 the stroke parts numbers, which are no choices.
    """
    mark, first = separator_in(words, counts)
    digits = mark == "/" and any(any(map(str.isdigit, label)) for label in labels_in(first, mark))
    return (mark, first) if mark in CHOICES and not digits else ("", "")


def separator_of_choices(cells: Sequence[str]) -> str:
    """Return what stands between the words of cells of which a person says that they hold several choices.

    What is no set of labels beyond doubt may still be meant so: then the first mark that stands in a cell.
    """
    different = Counter(cells)
    mark, _ = separator_in(list(different), list(different.values()))
    if mark in CHOICES:
        return mark
    if all(_LIST.fullmatch(cell) for cell in different):
        return "list"
    return next((mark for mark in CHOICES if any(mark in cell for cell in different)), mark or CHOICES[0])


def _rows(words: Sequence[str], chosen: Sequence[str], counts: Sequence[int]) -> int:
    """Return in how many rows the chosen cells stand."""
    return sum(count for word, count in zip(words, counts or [1] * len(words), strict=True) if word in chosen)


def with_separator(raw: L, chosen: str) -> L:
    """Return the data with what stands between its labels among what was found; nothing where none does.

    It is as `chosen`, or with "auto" what is found in the column to predict.
    """
    if chosen != "auto":
        return raw.found_out({SETTING: chosen})
    different = _different_cells(raw)
    mark = separator_in([*different], [*different.values()])[0]
    if mark:
        return raw.found_out({SETTING: mark})
    several = _apart_by_blanks([*different])
    return raw.told((*raw.notices, _told_blanks(raw.answered[0], several))) if several else raw


def holds_several(raw: Raw) -> bool:
    """Return whether cells of what is to be predicted hold several labels each."""
    return raw.found.get(SETTING, "none") != "none"


def _different_cells(raw: Labelled) -> dict[str, int]:
    """Return the different cells of a column of labels, with how often each stands there; none of numbers."""
    if len(raw.answered) != 1 or raw.lacking:
        return {}
    cells = raw.as_read(raw.answered[0])
    if is_number(cells) or is_date(cells):
        return {}
    # labels without an answer are "" in sets of examples, and missing in tables
    known = cells.dropna()
    counted = known[known != ""].value_counts()
    return {as_text(word): count for word, count in zip(counted.index, counted.tolist(), strict=True)}


def _apart_by_blanks(words: Sequence[str]) -> str:
    """Return a cell that may hold several labels with blanks between them, as clear primary road; else "".

    Most cells hold several words, though not all as many, and each word stands in several cells. The names of
    classes may be so, too (dark red, light red, red), so that a person is asked.
    """
    pieces = [labels_in(word, " ") for word in words]
    often = Counter(piece for parts in pieces for piece in parts)
    several = [word for word, parts in zip(words, pieces, strict=True) if len(parts) > 1]
    # a word that stands in one cell alone is part of a name, or of a text
    recurring = sum(count > 1 for count in often.values()) >= _NEARLY_ALL * len(often)
    uneven = len({len(parts) for parts in pieces}) > 1
    return (
        max(several, key=len) if 2 * len(several) > len(words) > len(often) and recurring and uneven else ""
    )


def _told_blanks(column: str, cell: str) -> str:
    said = Message(
        "{column}: a cell as '{cell}' is one class; if each of its words is a label, and several labels hold "
        "at once, set Between labels to blank",
        column=column,
        cell=cell,
    )
    apart = OtherReading(" ", (" + ".join(f'"{label}"' for label in labels_in(cell, " ")),))
    seen = (Specimen(cell, f'"{cell}"'),)
    return Decided(said, Decision("", f"data.{SETTING}", column, None, seen, (apart,), doubtful=True))


def labels_in(cell: str, mark: str) -> tuple[str, ...]:
    """Return the labels that a cell holds, each once; [] holds none, whatever the mark."""
    text = cell.strip()
    if text == NO_LABEL:
        return ()
    if mark == "list":
        inner = text[1:-1] if _LIST.fullmatch(text) else text
        named = [name for _, name in _OF_NAME.findall(inner)] if inner[:1] == "{" else []
        if named:
            return tuple(dict.fromkeys(name.strip() for name in named if name.strip()))
        # findall gives every group of the pattern, of which one is filled: "a", 'a' or a
        parts = [next(filter(None, found), "") for found in _IN_QUOTES.findall(inner)]
    else:
        parts = [text] if mark == "none" else text.split(None if mark == " " else mark)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def all_labels(cells: pd.Series[Any], mark: str) -> tuple[str, ...]:
    """Return the different labels of a column, in natural order."""
    words = cells.dropna().unique()
    return tuple(sorted({label for word in words for label in labels_in(as_text(word), mark)}, key=natural))


def indicators(cells: pd.Series[Any], mark: str, labels: Sequence[str]) -> NDArray[np.float64]:
    """Return (N, K): 1 where a row's cell holds the label, else 0; NaN throughout where the cell is empty."""
    codes, words = pd.factorize(cells, use_na_sentinel=True)
    places = {label: place for place, label in enumerate(labels)}
    rows = np.zeros((len(words) + 1, len(labels)))
    # factorize gives a missing cell the code -1, which picks this last row
    rows[-1] = np.nan
    for row, word in enumerate(words):
        rows[row, [places[label] for label in labels_in(as_text(word), mark) if label in places]] = 1
    return rows[codes]


def of_ticked(
    frame: pd.DataFrame, names: Sequence[Any], notices: list[str]
) -> tuple[list[str], dict[str, object]] | None:
    """Return the labels of each row from columns that say yes or no for one each; None without such.

    Two that are not mostly one or the other are rather two facts beside the example than labels of it.
    Where rows belong to several, a cell holds them all, [] where none applies; the second is then what stands
    between them, as it is found out of columns of such cells.
    """
    read = {name: yes_or_no(frame[name]) for name in names}
    # a column that never says yes is a label of no row, and there is nothing to learn of it
    ticked = [name for name, (values, strange) in read.items() if not strange and np.nansum(values) > 0]
    if len(ticked) < 2:
        return None
    marks = np.stack([read[name][0] == 1 for name in ticked], axis=1)
    held = marks.sum(axis=1)
    if len(ticked) < _FEWEST_FACTS and (held == 1).sum() < _MOSTLY_ONE * (held > 0).sum():
        return None
    several = bool((held > 1).any())
    none = NO_LABEL if several else ""
    if several:
        notices.append(
            Message(
                "labels are the columns {listed}, several of which may hold for a row", listed=listed(ticked)
            )
        )
    else:
        notices.append(
            Message(
                "classes are the columns {listed}, one of which holds 1 in each row", listed=listed(ticked)
            )
        )
    cells = [MARKS[0].join(str(ticked[place]) for place in np.flatnonzero(row)) or none for row in marks]
    return cells, {SETTING: MARKS[0]} if several else {}


def yes_or_no(column: pd.Series[Any]) -> tuple[NDArray[np.float64], str]:
    """Return 1 for yes, 0 for no and NaN where a cell is empty, and a word that is neither, "" if none.

    Where all that stands in a column is a tick (x, ✓), an empty cell means no.
    """
    codes, words = pd.factorize(column, use_na_sentinel=True)
    plain = [as_text(word).strip().casefold() for word in words]
    if plain and set(plain) <= TICKS | {NO} and set(plain) & TICKS:
        # the last is for the code -1 of empty cells, which say no
        return np.array([*(float(word != NO) for word in plain), 0.0])[codes], ""
    if plain and set(plain) <= _SIGNS.keys():
        plain = [_SIGNS[word] for word in plain]
    strange = next((word for word in plain if word not in _WORDS), "")
    # the last is for the code -1 of missing cells
    values = np.array([*(_WORDS.get(word, np.nan) for word in plain), np.nan])
    return values[codes], strange
