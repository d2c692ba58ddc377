"""Rows of a table that sum up others, wherever they stand: subtotals, the points that can be reached."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.cells.moments.dates import looks_like_date
from engine.data.cells.shape_of_numerals import looks_like_number
from engine.data.cells.values import is_date, is_number, numbers

TOTAL = re.compile(
    r"(grand |sub)?total(s|e|i)?|totaux|sum|sums|((overall|class|group|course) )?(average|mean)|"
    r"summe|gesamt|gesamtsumme|insgesamt|mittelwert|durchschnitt|"
    r"gesamtdurchschnitt|somme|moyenne( globale| générale)?|suma|promedio( global| general)?|media|totaal|"
    r"razem|итого|всего|[本当][日月季年期页](合计|累计|小计|汇总)|汇总|累计|合计|总计|總計|合計|总数|(总|全班|班级)?平均[分值]?|"
    r"最[高低大小][分值]|中位数|标准差|及格率|优秀率|합계|총계",
    re.IGNORECASE,
)
"""What stands in the first cell of a row of totals."""
STATISTIC = re.compile(
    r"mean ?(±|\+/-) ?s\.?[de]\.?m?|s\.?d\.?|std\.?( ?dev(iation)?\.?)?|(standard|mean) (deviation|error)|"
    r"s\.?e\.?m?\.?|(%? ?c\.?v\.?|r\.?s\.?d\.?)( ?\(?%\)?)?|max(imum)?\.?|min(imum)?\.?|median|count|n|"
    r"range|var(iance)?|geo(metric)? ?mean|"
    r"(25|50|75)%|q1|q3|avg\.?|standardabweichung|anzahl|maximalwert|minimalwert|écart[- ]type|nombre|"
    r"均值|最[大小高低]值?|方差|极差|变异系数|总?人数|应考人数|实考人数|缺考人数|参考人数|及格人数|优秀人数|均分|标准偏差|相对标准偏差",
    re.IGNORECASE,
)
"""What statistics of the rows above are called; persons may be called Max, so that this alone says little."""
_OF_SOME = re.compile(
    rf"(?P<before>.+?)[ :\-–]\s*(?:{TOTAL.pattern})|"
    rf"(?:{TOTAL.pattern})[ :\-–]\s*(?:of |for |der |des )?(?P<behind>.+)"
    r"|(?P<chinese>.+?)\s?(?:汇总|小计|小計|合计|合計)",
    re.IGNORECASE,
)
"""The same of some of the rows: North Total, Total North, 北京 汇总."""
_POINTS = re.compile(r"(points|marks) possible|max(imum|\.)? (points|marks|score)|out of", re.IGNORECASE)
"""What course systems write before the points that can be reached."""
_LASTING = re.compile(r"\d+:\d\d:\d\d")
"""How long something lasts, as 00:03:21."""
_FIRST = 3
"""Columns in which a row says that it sums up others."""
_LONGEST, _LOOKED_AT = 80, 200
_FILLED = 0.9
"""Share of the rows from which on a column of words is expected to be filled."""
_FEWEST_SUMMED = 5
"""Rows, with that of the sums: fewer numbers are a sum by chance."""
_RARE = 0.34
"""Rows that sum up others are at most so large a share of a table."""


def summary_rows(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows sum up others: they say so in their first word, and lack the other words rows have.

    Of the other columns of words that are filled in nearly all other rows at least half are empty there: an
    account gives the side of its balance with the sum of a month, and its date. Without such a column the
    words name what is summed up, which stands in other rows, or stand in the last row alone. A cell in
    brackets, as (read only), counts as empty. The last row may as well say nothing, where its numbers are
    such sums.
    """
    found = np.zeros(len(frame), np.bool_)
    if len(frame.columns) < 2 or len(frame) < 3:
        return found
    found[_nameless_total(frame)] = True
    for name in frame.columns[:_FIRST]:
        column = frame[name]
        said = {} if is_number(column) or is_date(column) else _said(column)
        rows = column.isin(list(said)).to_numpy(np.bool_)
        if not said or rows.mean() > _RARE:
            continue
        others = [frame[other] for other in frame.columns if other != name and _holds_words(frame[other])]
        if len(others) == len(frame.columns) - 1:
            continue  # there are no numbers that could be summed up
        # where there is no other column of words, np.array alone would have one axis
        empty = np.array([_empty(other) for other in others], np.bool_).reshape(len(others), len(frame))
        usual = [place for place in range(len(others)) if 1 - empty[place][~rows].mean() >= _FILLED]
        telling = [place for place in usual if not _holds_dates(others[place])] or usual
        lacking = 2 * empty[telling].sum(axis=0) >= max(len(telling), 1)
        beside = column.isin([word for word, known in said.items() if known]).to_numpy(np.bool_)
        if not usual:
            beside = beside | _at_end(column, rows)
        found |= rows & (lacking if usual else beside)
    return found


def _at_end(column: pd.Series[Any], rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return those rows that say that they sum up others where they are the end of the table, and no others.

    A single one has to speak of a sum or a mean: the last of the pupils may be called Max.
    """
    last = np.arange(len(column)) >= np.flatnonzero(rows).min(initial=len(column))
    filled = column.notna().to_numpy(np.bool_)
    words = [str(word).strip().rstrip(":").strip() for word in column[rows]]
    alone = len(words) == 1 and STATISTIC.fullmatch(words[0]) and not TOTAL.fullmatch(words[0])
    whole = bool((rows == (last & filled)).all()) and not alone
    return rows if whole else np.zeros(len(column), np.bool_)


def _nameless_total(frame: pd.DataFrame) -> list[int]:
    """Return the last row that holds anything where it has sums or means of the rows above, and no words.

    Every column of words and dates that nearly all rows above fill is empty there.
    """
    tail = frame.tail(_LOOKED_AT).notna().any(axis=1).to_numpy()  # of a long table all cells take long
    last = len(frame) - len(tail) + int(np.flatnonzero(tail).max(initial=-1))
    if last < _FEWEST_SUMMED - 1 or not tail.any():
        return []
    row, above = frame.iloc[last], frame.iloc[:last]
    naming = [name for name in frame.columns if _holds_words(frame[name]) or is_date(frame[name])]
    naming = [name for name in naming if above[name].notna().mean() >= _FILLED]
    if not naming or row[naming].notna().any():
        return []
    filled = [name for name in frame.columns if not pd.isna(row[name])]
    sums = sum(sums_up(row[name], above[name]) for name in filled)
    return [last] if 2 * sums > len(filled) else []


def sums_up(value: Any, above: pd.Series[Any]) -> bool:
    """Return whether a value is the sum or the mean of those above, but for rounding."""
    values, wrong = numbers(pd.concat([above, pd.Series([value])], ignore_index=True))
    if wrong.any() or np.isnan(values[:-1]).all():
        return False
    wanted = np.array([np.nansum(values[:-1]), np.nanmean(values[:-1])])
    # what is rounded to two decimals is off by up to 0.005
    return bool(np.isclose(values[-1], wanted, rtol=1e-4, atol=0.006).any())


def is_statistic(value: Any, above: pd.Series[Any]) -> bool:
    """Return whether a value is the sum, the mean or another statistic of those above, but for rounding."""
    if sums_up(value, above):
        return True
    values, wrong = numbers(pd.concat([above, pd.Series([value])], ignore_index=True))
    known = values[:-1][~np.isnan(values[:-1])]
    if wrong.any() or len(known) < 2:
        return False
    spread = [known.std(), known.std(ddof=1)]
    mean = known.mean() or 1.0  # of numbers around zero there is no coefficient of variation
    wanted = [known.min(), known.max(), np.median(known), len(known), *spread]
    wanted += [one / np.sqrt(len(known)) for one in spread] + [100 * one / mean for one in spread]
    return bool(np.isclose(values[-1], wanted, rtol=1e-3, atol=0.006).any())


def _holds_words(column: pd.Series[Any]) -> bool:
    """Return whether a column holds rather words than numbers, which may be written as text."""
    if is_number(column) or is_date(column):
        return False
    sample = _sample(column)
    # a total has a mean of how long visits last, too
    measured = sum(looks_like_number(cell) or _LASTING.fullmatch(cell) is not None for cell in sample)
    return 2 * measured <= len(sample)


def _holds_dates(column: pd.Series[Any]) -> bool:
    """Return whether a column of words holds rather dates, written as text."""
    sample = _sample(column)
    return 2 * sum(looks_like_date(cell) for cell in sample) > len(sample)


def _sample(column: pd.Series[Any]) -> list[str]:
    cells = column.dropna()
    places = np.linspace(0, len(cells) - 1, min(len(cells), _LOOKED_AT)).astype(np.int64)
    return [str(cell).strip() for cell in cells.iloc[places]]


def _said(column: pd.Series[Any]) -> dict[str, bool]:
    """Return the cells of a column that speak of a sum, and whether what they sum up stands in others."""
    # in long texts, patterns that may begin anywhere take their time
    texts = {word for word in column.dropna().unique() if isinstance(word, str) and len(word) <= _LONGEST}
    bare = {word.strip().casefold() for word in texts}
    said: dict[str, bool] = {}
    for word in texts:
        text = word.strip().rstrip(":").strip()
        if TOTAL.fullmatch(text) or STATISTIC.fullmatch(text) or _POINTS.fullmatch(text):
            said[word] = False
        elif match := _OF_SOME.fullmatch(text):
            summed = match["before"] or match["behind"] or match["chinese"]
            if summed.strip().casefold() in bare:
                said[word] = True
    return said


def _empty(column: pd.Series[Any]) -> NDArray[np.bool_]:
    gone: NDArray[np.bool_] = column.isna().to_numpy(np.bool_)
    bracketed = column.map(
        lambda cell: isinstance(cell, str) and cell.strip()[:1] + cell.strip()[-1:] == "()"
    )
    found: NDArray[np.bool_] = gone | bracketed.to_numpy(np.bool_)
    return found
