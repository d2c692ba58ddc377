"""Leakage: inputs that give the target away, as its rank, its class, its parts, or the day it ended do."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import combinations, pairwise, permutations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import is_date, is_number, listed
from engine.data.decisions import TYPES, Decided, Decision, OtherReading, decision_in
from engine.data.tables.raw import Table

_FEWEST_DIFFERENT, _LOOKED_AT = 10, 500
"""Different values of a target that sizes may give away, and rows that are looked at before all are."""
_MOST_SUMS, _MOST_OF_SUM = 5_000, 60
"""Sums of two or three inputs that are tried, and inputs among which larger sums are looked for."""
_MOST_DATES, _MOST_FACTORS = 6, 40
"""Dates of which differences are taken, and inputs of which products are."""
_CLOSE, _ROUNDED = 0.01, 2e-3
"""Error of a sum of rounded numbers, in deviations of the target, and of a product, in parts of itself."""
_MOST_DECIMALS, _EXACT = 9, 1e-9
_MOST_PARTED, _FEWEST_OF_CLASS = 5, 5
"""Classes that one number may part, and rows of each: fewer are parted by chance."""

Numbers = NDArray[np.float64]


def giving_away(raw: Table, unread: Collection[str] = ()) -> list[str]:
    """Return which inputs give the only target away, in every row; those that are `unread` give nothing."""
    if len(raw.targets) != 1 or raw.targets[0] not in raw.frame.columns:
        return []
    target = raw.frame[raw.targets[0]]
    inputs = [str(name) for name in raw.frame.columns if name not in (*raw.targets, *unread)]
    together = _together(raw.frame, inputs, target)
    told = {name for one in together for name in (decision_in(one).column, *decision_in(one).also)}
    rest = [name for name in inputs if name not in told]
    # with a single input, that it says everything is what there is to learn
    return [*together, *(_alone(raw.frame, rest, target) if len(inputs) > 1 else [])]


def _alone(frame: pd.DataFrame, inputs: Sequence[str], target: pd.Series[Any]) -> list[str]:
    """Return what is said of the inputs of which each by itself says the target, or the order of its rows."""
    classes, different = pd.factorize(target, use_na_sentinel=True)
    if is_number(target) and len(different) >= _FEWEST_DIFFERENT:
        sizes = _sizes(target)
        found = [name for name in inputs if gives_order(frame[name], sizes)]
        words = (
            "{listed}: puts all rows in the order of {target}, as its rank, its class or another unit would; "
            "if it is not known before, leave it out"
        )
    elif 2 <= len(different) < len(target) / _FEWEST_OF_CLASS:
        count = len(different)
        found = [
            name
            for name in inputs
            if _parts(frame[name], classes, count) or _names(frame[name], classes, count)
        ]
        words = (
            "{listed}: says by itself what {target} is in every row; if it is not known before, leave it out"
        )
    else:
        return []
    if not found:
        return []
    said = Message(words, listed=listed(found), target=str(target.name))
    others = (OtherReading("leave_out"),)
    decision = Decision("", TYPES, found[0], None, (), others, doubtful=True, also=tuple(found[1:]))
    return [Decided(said, decision)]


def gives_order(column: pd.Series[Any], target: Numbers) -> bool:
    """Return whether the values of a column part the rows into those of small and of large targets.

    Of numbers either order does: neighbours share no more than the target between them. Words do so by the
    targets of their rows; each needs several, as a single row overlaps with none.
    """
    if is_date(column):
        return False
    known = column.notna().to_numpy() & ~np.isnan(target)
    values, sizes = column.to_numpy()[known], target[known]
    # sorting each of hundreds of long columns would take longer than reading them
    some = _evenly(len(values))
    if is_number(column):
        numbers: Numbers = values.astype(np.float64)
        ways = [way for way in (1, -1) if _rises(way * numbers[some], sizes[some])]
        return len(np.unique(numbers[some])) > 1 and any(_rises(way * numbers, sizes) for way in ways)
    if len(pd.unique(values[some])) < 2 or not _rises_by_words(values[some], sizes[some]):
        return False
    often = np.bincount(pd.factorize(values)[0])
    return bool(often.min() >= _FEWEST_OF_CLASS) and _rises_by_words(values, sizes)


def _rises_by_words(words: NDArray[np.generic], sizes: Numbers) -> bool:
    """Return whether the sizes of each word lie apart from those of the others."""
    codes, _ = pd.factorize(words)
    groups = pd.Series(sizes).groupby(codes)
    # those of one smallest target follow each other by their largest
    place = np.lexsort((groups.max().to_numpy(), groups.min().to_numpy())).argsort()
    return _rises(place[codes].astype(np.float64), sizes)


def _rises(by: Numbers, sizes: Numbers) -> bool:
    """Return whether sizes never fall where what they are sorted by rises."""
    order = np.lexsort((sizes, by))
    return len(order) >= 2 * _FEWEST_OF_CLASS and bool((np.diff(sizes[order]) >= 0).all())


def _parts(column: pd.Series[Any], classes: NDArray[np.int64], count: int) -> bool:
    """Return whether a number parts the classes without an exception, as a mark parts pass and fail."""
    if count > _MOST_PARTED or not is_number(column):
        return False
    values = column.to_numpy(np.float64, na_value=np.nan)
    known = (classes >= 0) & ~np.isnan(values)
    values, codes = values[known], classes[known]
    some = _evenly(len(values))
    # most columns end here, before all of their rows are looked at for each class
    if not _are_parted(values[some], codes[some]):
        return False
    # one that is given in a single class alone, as pages of books, parts nothing
    if np.bincount(codes, minlength=count).min() < _FEWEST_OF_CLASS:
        return False
    return _are_parted(values, codes)


def _are_parted(values: Numbers, codes: NDArray[np.int64]) -> bool:
    present = np.unique(codes)
    low = [values[codes == code].min() for code in present]
    high = [values[codes == code].max() for code in present]
    return all(high[one] < low[other] for one, other in pairwise(np.argsort(low)))


def _evenly(count: int) -> NDArray[np.int64]:
    """Return some rows from all over a table, as its beginning may be zeros."""
    return np.linspace(0, count - 1, min(count, _LOOKED_AT)).astype(np.int64)


def _names(column: pd.Series[Any], classes: NDArray[np.int64], count: int) -> bool:
    """Return whether few values of a column stand with one class each, and every class with some of them.

    Each class has several rows with the value: a rare one stands with the most frequent class by chance.
    """
    # a million different numbers are no names, and take a second each time that they are counted
    if column.iloc[_evenly(len(column))].nunique() > 2 * count:
        return False
    values, different = pd.factorize(column, use_na_sentinel=True)
    held = (values >= 0) & (classes >= 0)
    if not count <= len(different) <= 2 * count or not held.any():
        return False
    pairs = np.bincount(values[held] * count + classes[held], minlength=len(different) * count)
    often = pairs.reshape(len(different), count)
    alone = bool(((often > 0).sum(axis=1) <= 1).all())
    return alone and bool(often.max(axis=0).min() >= _FEWEST_OF_CLASS)


def _together(frame: pd.DataFrame, inputs: Sequence[str], target: pd.Series[Any]) -> list[str]:
    """Return that inputs give the target together: as their sum, product, quotient or difference of days."""
    if not is_number(target):
        return []
    wanted = _sizes(target)
    known = np.flatnonzero(~np.isnan(wanted))
    rows = known[_evenly(len(known))]
    if len(np.unique(wanted[rows])) < _FEWEST_DIFFERENT:
        return []
    sizes = {name: _sizes(frame[name])[rows] for name in inputs if is_number(frame[name])}
    sizes = {name: values for name, values in sizes.items() if len(np.unique(values)) > 1}
    days = {
        name: frame[name].astype("datetime64[us]").to_numpy().astype(np.float64)[rows]
        for name in inputs
        if is_date(frame[name]) and frame[name].notna().all()
    }
    ways: tuple[Callable[[], Iterator[tuple[str, tuple[str, ...]]]], ...] = (
        lambda: _sums(sizes, wanted[rows]),
        lambda: _larger_sums(sizes, wanted[rows]),
        lambda: _products(sizes, wanted[rows]),
        lambda: _between(days, wanted[rows]),
    )
    for way in ways:
        for what, names in way():
            return [_told_of_parts(str(target.name), what, names)]
    return []


def _sizes(column: pd.Series[Any]) -> Numbers:
    return column.to_numpy(np.float64, na_value=np.nan)


def _sums(sizes: dict[str, Numbers], target: Numbers) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield an input of the same numbers as the target, or two or three whose sum it is."""
    for count in (1, 2, 3):
        if math.comb(len(sizes), count) > _MOST_SUMS:
            return
        for names in combinations(sizes, count):
            # a missing cell makes its sum NaN, which is close to nothing: only inputs without gaps are told
            if np.allclose(sum(sizes[name] for name in names), target, rtol=1e-6, atol=1e-9):
                yield " + ".join(names), names


def _larger_sums(sizes: dict[str, Numbers], target: Numbers) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield inputs that are added or taken away, as least squares tells them, up to what rounding makes."""
    names = [name for name, values in sizes.items() if not np.isnan(values).any()]
    if not 1 < len(names) <= min(_MOST_OF_SUM, len(target) // 3):
        return
    columns = np.stack([sizes[name] for name in names], axis=1)
    # as deviations from the mean, in units of their own: incomes beside shares are no worse than others
    scale = columns.std(axis=0)
    found = np.linalg.lstsq((columns - columns.mean(axis=0)) / scale, target - target.mean(), rcond=None)[0]
    signs = np.round(found / scale)
    chosen = np.flatnonzero(signs)
    if len(chosen) < 2 or np.abs(signs).max() > 1:
        return
    error = target - columns[:, chosen] @ signs[chosen]
    # each was rounded by up to half of its last digit
    digits = min(map(_decimals, (target, *columns[:, chosen].T)))
    rounded = (len(chosen) + 1) * 0.5 * 10.0**-digits + _EXACT * np.abs(target).max()
    if np.abs(error).max() > rounded or error.std() > _CLOSE * target.std():
        return
    # what is added comes first
    chosen = np.array(sorted(chosen, key=lambda place: -signs[place]))
    written = "".join((" + " if signs[place] > 0 else " \N{MINUS SIGN} ") + names[place] for place in chosen)
    yield written.removeprefix(" + ").strip(), tuple(names[place] for place in chosen)


def _decimals(values: Numbers) -> int:
    """Return how many digits stand behind the point of numbers, at most."""
    close = (
        places
        for places in range(_MOST_DECIMALS)
        if np.allclose(values, np.round(values, places), 1e-12, 1e-12)
    )
    return next(close, _MOST_DECIMALS)


def _products(sizes: dict[str, Numbers], target: Numbers) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield two inputs whose product or quotient the target is, up to what rounding makes."""
    if len(sizes) > _MOST_FACTORS:
        return

    def alike(found: Numbers) -> bool:
        return bool(np.allclose(found, target, rtol=_ROUNDED, atol=1e-9))

    with np.errstate(all="ignore"):
        for first, second in combinations(sizes, 2):
            if alike(sizes[first] * sizes[second]):
                yield f"{first} \N{MULTIPLICATION SIGN} {second}", (first, second)
        for first, second in permutations(sizes, 2):
            if alike(sizes[first] / sizes[second]):
                yield f"{first} / {second}", (first, second)


def _between(days: dict[str, Numbers], target: Numbers) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield two dates between which as much time lies as the target says, in whatever unit."""
    if len(days) > _MOST_DATES:
        return
    for last, first in permutations(days, 2):
        apart = days[last] - days[first]
        if len(np.unique(apart)) >= _FEWEST_DIFFERENT and _rises(apart, target):
            yield f"{last} \N{MINUS SIGN} {first}", (last, first)


def _told_of_parts(target: str, what: str, names: tuple[str, ...]) -> str:
    """Return that inputs give the target; the way out leaves out all of them.

    What is left of a sum still nearly gives it: of lent bicycles, registered riders take four of five.
    """
    words = (
        "{what} is {target} in every row: who has it need predict nothing. If it is not known before, leave "
        "it out"
        if len(names) == 1
        else "{what} is {target} in every row: who has them need predict nothing. If they are not known "
        "before, leave out all of them, as what is left of a sum still nearly gives it"
    )
    said = Message(words, what=what, target=target)
    others = (OtherReading("leave_out"),)
    return Decided(said, Decision("", TYPES, names[0], None, (), others, doubtful=True, also=names[1:]))
