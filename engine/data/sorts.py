"""Tables that are more than a table: columns of texts, rows in time, a series in each row, pictures."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.data.cells.values import is_date, is_number
from engine.data.files.layouts import PICTURES, folders_in, holds_mostly
from engine.data.images.read.pixel_columns import pixel_columns
from engine.data.inspected import Suggestion
from engine.data.series.read.time_columns import When, find_when
from engine.data.tables.read.columns import is_text

_LOOKED_AT = 2000
"""Rows."""
_FEWEST_WORDS = 4.0
"""Cells that hold so many words on average are texts, not categories."""
_FEWEST_DIFFERENT, _FEWEST_SENTENCES = 0.5, 0.25
_LETTERS = re.compile(r"\S*[^\W\d_]\S*")
"""A word of a text; numbers in a cell are none, as those of a vector."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_SOURCE = re.compile(r"来源|出处|來源|source|origin|corpus|level|难度", re.IGNORECASE)
"""What a column is called that says where a sentence and its translation are from."""
_FEWEST_FILLED = 0.1
_STRUCTURE = re.compile(r"\s*[\[{].*[\]}]\s*", re.DOTALL)
"""A list or a dictionary in a cell, which is no text."""
_LETTERS_OF_WORD = 3
"""Letters of writing without blanks (Chinese, Japanese, Thai, Khmer) that count as a word of a text."""
_FEWEST_MOMENTS = 50
_MOST_COURSES = 40
_MOSTLY, _NEARLY = 0.9, 0.98
_GLANCE, _FEW = 100, 10
"""Cells of a column that may name pictures, and those that are looked for."""
_LONGEST_NAME = 255
"""Letters, of a file on any system."""
_MOST_BESIDE, _FEWEST_PLACES = 2, 30
"""Columns of words beside those of a series in each row, and the fewest of the series."""
_HOUR = 3_600e6
"""Microseconds."""
_SMOOTH = 0.5
"""Step from one value to the next, in standard deviations of the row; without any order it is 1.13."""


def better_source(
    frame: pd.DataFrame, folder: Path | None = None, targets: Collection[str] = ()
) -> Suggestion:
    """Return the kind of source that reads a table as what it is; "" for any other table.

    The kinds are texts, translations, a course over time, a series in each row, or a list of the pictures
    that lie in the `folder` of the table. Where `targets` are chosen that are words alone, it is no course.
    """
    first = frame.head(_LOOKED_AT)
    if any(_names_images(first[name], folder) for name in first.columns if is_text(first[name])):
        return "images"
    if pixel_columns(first) is not None:
        return "images"
    texts = [name for name in first.columns if holds_texts(first[name])]
    if _are_translations(first, texts):
        return "text_pairs"
    if texts:
        return "text_table"
    chosen = [name for name in targets if name in first.columns] or list(first.columns)
    measured = any(is_number(first[name]) for name in chosen)
    if measured and (any(_is_clock(first[name]) for name in first.columns) or _follows_time(first)):
        return "time_series"
    return "series_table" if _holds_series(first) else ""


def _are_translations(frame: pd.DataFrame, texts: list[Any]) -> bool:
    """Return whether two columns hold texts and their translations, and no other what could be learnt.

    They are two of texts, or two of words in different writing, Chinese and Latin say; beside them may stand
    numbers of the rows, or where each sentence is from.
    """
    rest = [name for name in frame.columns if frame[name].notna().any() and not _counts(frame[name])]
    if len(rest) == 3 and is_text(frame[rest[2]]) and _origin(frame[rest[2]]):
        return all(is_text(frame[name]) for name in rest)
    writing = [name for name in rest if is_text(frame[name]) and _vary(frame[name])]
    if len(writing) != 2 or not all(frame[name].notna().mean() >= _MOSTLY for name in writing):
        return False
    if len(rest) == 2:
        return set(writing) == set(texts) or _of_two_scripts(frame[writing])
    named = [name for name in rest if name not in writing and _SOURCE.fullmatch(str(name).strip())]
    return bool(texts) and len(rest) == len(writing) + len(named) and _of_two_scripts(frame[writing])


def _vary(column: pd.Series[Any]) -> bool:
    return column.nunique() >= _FEWEST_SENTENCES * len(column)


def _counts(column: pd.Series[Any]) -> bool:
    """Return whether a column numbers the rows, each once."""
    return is_number(column) and not column.isna().any() and bool(column.is_unique)


def _of_two_scripts(frame: pd.DataFrame) -> bool:
    """Return whether of two columns one is written without blanks, as Chinese is, and the other is not."""
    eastern = [frame[name].astype(str).str.contains(_UNSPACED).mean() for name in frame.columns]
    return min(eastern) <= 1 - _MOSTLY and max(eastern) >= _MOSTLY


def _origin(column: pd.Series[Any]) -> bool:
    """Return whether each cell says where a sentence is from, as CC-BY 2.0 (France) Attribution: ..."""
    words = [str(cell).split() for cell in column.dropna()]
    if not words or len(words) < _MOSTLY * len(column) or sum(map(len, words)) < _FEWEST_WORDS * len(words):
        return False
    begins = Counter(cell[0] for cell in words if cell)
    return max(begins.values()) >= _MOSTLY * len(words)


def _names_images(column: pd.Series[Any], folder: Path | None) -> bool:
    """Return whether most cells name picture files, by their endings or because they lie beside the table."""
    words = [str(word).strip() for word in column.dropna().head(_GLANCE)]
    if not words:
        return False
    if sum(word.lower().endswith(tuple(PICTURES)) for word in words) >= _MOSTLY * len(words):
        return True
    long = max(map(len, words)) > _LONGEST_NAME  # no file is called so, and to look for it is an error
    if folder is None or long or len(set(words)) < _MOSTLY * len(words):
        return False
    beside = [path for path in (folder, *folders_in(folder)) if holds_mostly(path, "pictures")]
    return any(
        sum(any((path / f"{word}{ending}").is_file() for ending in ("", *PICTURES)) for word in words[:_FEW])
        > len(words[:_FEW]) / 2
        for path in beside
    )


def _follows_time(frame: pd.DataFrame) -> bool:
    """Return whether rows follow each other in time, perhaps those of several sensors in turn."""
    if len(frame) < _FEWEST_MOMENTS:
        return False
    found = find_when(frame, ())
    if found is None or np.isnan(found.values).any():
        return False
    if not found.dated:
        return all(is_text(frame[name]) for name in found.columns)  # elapsed times, which are in order
    gaps = np.diff(np.sort(found.values))
    if (gaps > 0).mean() >= _NEARLY and (gaps == np.median(gaps)).mean() >= _NEARLY:
        return True  # in whatever order the file has the moments
    steps = np.diff(found.values)
    steps = steps if (steps >= 0).sum() >= (steps <= 0).sum() else -steps
    onward = steps.min() >= -_HOUR and (steps > 0).any()  # clocks are set back by an hour
    times = np.unique(found.values, return_counts=True)[1]
    several = times.min() == times.max() > 1 and len(times) >= _FEWEST_MOMENTS
    apart = several and any(is_text(frame[name]) for name in frame.columns if name not in found.columns)
    return bool(onward and ((steps > 0).mean() >= _NEARLY or apart)) or _one_below_another(frame, found)


def _one_below_another(frame: pd.DataFrame, found: When) -> bool:
    """Return whether a column of words, as of stations, tells courses apart that stand below each other."""
    for name in frame.columns:
        if name in found.columns or not is_text(frame[name]):
            continue
        codes, words = pd.factorize(frame[name])
        pieces = [found.values[codes == code] for code in range(min(len(words), _MOST_COURSES + 1))]
        if 2 <= len(pieces) <= _MOST_COURSES and all(
            len(piece) >= _FEWEST_MOMENTS and (np.diff(piece) > 0).all() for piece in pieces[:-1]
        ):
            return bool((np.diff(pieces[-1]) > 0).all())
    return False


def _holds_series(frame: pd.DataFrame) -> bool:
    """Return whether each row is a series: many columns of numbers, each near the one beside it."""
    values = frame[[name for name in frame.columns if is_number(frame[name])]].to_numpy(np.float64)
    if len(frame.columns) - values.shape[1] > _MOST_BESIDE or values.shape[1] < _FEWEST_PLACES:
        return False
    values = values[:, 1:-1]  # the label stands at an end
    size = math.isqrt(values.shape[1] + 1)
    if size * size in range(values.shape[1], values.shape[1] + 3) and (values == np.round(values)).all():
        return False  # a square picture of few levels in each row
    spread = np.nanstd(values, axis=1)
    near = np.nanmean(np.abs(np.diff(values, axis=1)), axis=1)
    known = spread > 0
    return bool(known.any()) and float(np.median(near[known] / spread[known])) < _SMOOTH


def holds_texts(column: pd.Series[Any]) -> bool:
    """Return whether a column holds words, many at a time and mostly different ones."""
    known = column.dropna()
    if not is_text(column) or len(known) < _FEWEST_FILLED * len(column) or not are_different(column):
        return False
    return not holds_structures(column) and sum(
        _words(str(text)) for text in known.tolist()
    ) >= _FEWEST_WORDS * len(known)


def holds_structures(column: pd.Series[Any]) -> bool:
    """Return whether most cells are lists or dictionaries as programs write them, which are no texts."""
    first = column.dropna().head(_GLANCE)
    return sum(bool(_STRUCTURE.fullmatch(str(text))) for text in first) > len(first) / 2


def are_different(column: pd.Series[Any]) -> bool:
    """Return whether most cells of a column differ from each other."""
    known = column.dropna()
    return bool(len(known)) and known.nunique() >= _FEWEST_DIFFERENT * len(known)


def _words(text: str) -> float:
    unspaced = len(_UNSPACED.findall(text)) / _LETTERS_OF_WORD
    return max(unspaced, len(_LETTERS.findall(text)))


def _is_clock(column: pd.Series[Any]) -> bool:
    """Return whether a column holds dates, each later than the one before, or each earlier."""
    enough = len(column) >= _FEWEST_MOMENTS and is_date(column) and not column.isna().any()
    ordered = enough and (column.is_monotonic_increasing or column.is_monotonic_decreasing)
    return bool(ordered) and bool(column.is_unique)
