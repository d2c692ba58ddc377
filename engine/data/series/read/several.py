"""Several courses in one table: what tells them apart, the rows of each, and which are not learnt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from engine.choices import Invalid, Message, did_you_mean
from engine.data.cells.values import as_text, counted, is_date, is_number, listed
from engine.data.decisions import decided
from engine.data.refusal import refused
from engine.data.series.read.time_columns import When, find_when
from engine.data.tables.across import TIME, told_within, turned
from engine.data.tables.raw import Table

_FEWEST_ROWS = 5
"""Rows of a course on average; what comes less often numbers rows."""
PANEL = 0.2
"""From this share of rows on whose time another row has, the table holds several courses."""
_FEWEST_SEEN = 50
"""Rows of a table from which on it is seen."""
_TOGETHER = 3
"""Columns that may together tell courses apart, as country, shop and product."""
_MOST_ASKED = 12
"""Columns of which every three are tried."""
_DENSE = 0.7
"""Share of the moments between its first and its last row that a course has a row for."""
_JOIN = " · "


def told_apart(frame: pd.DataFrame, when: When, measured: Collection[str] = ()) -> tuple[str, ...]:
    """Return the columns, as few as possible, that tell apart all rows of the same time; () for none.

    Each course has to go on without many gaps: what was measured may differ at every time, too, but comes and
    goes. Columns that are known to be `measured` are not asked.
    """
    beside = {*when.columns, *measured}
    there = [name for name in frame.columns if name not in beside and _may_name_courses(frame[name])]
    times = pd.Series(when.values, frame.index)
    places = pd.Series(np.unique(when.values, return_inverse=True)[1], frame.index)
    for count in range(1, _TOGETHER + 1):
        for names in combinations(there[:_MOST_ASKED], count):
            again = frame[[*names]].assign(**{_JOIN: times}).duplicated().any()
            if not again and _go_on(places, frame, names):
                return tuple(map(str, names))
    return ()


def _go_on(places: pd.Series[Any], frame: pd.DataFrame, names: Sequence[Any]) -> bool:
    """Return whether courses have many rows, and one at most of the moments between first and last.

    A course of a row or two has no gaps by its nature, and a row that lacks a name is in none: both count
    against it, as in sales of houses by street and flat.
    """
    each = places.groupby([frame[name] for name in names], sort=False, observed=True)
    facts = each.agg(["min", "max", "size"])
    dense = facts["size"] / (facts["max"] - facts["min"] + 1)
    going_on = (dense * facts["size"])[facts["size"] >= _FEWEST_ROWS]
    return len(facts) > 1 and bool(going_on.sum() >= _DENSE * len(frame))


def share_again(when: When) -> float:
    """Return the share of rows whose time an earlier row has."""
    known = when.values[~np.isnan(when.values)]
    return 1 - len(np.unique(known)) / len(known) if len(known) else 0.0


def are_several(frame: pd.DataFrame) -> bool:
    """Return whether rows of a time belong to as many courses, each of which goes on without many gaps."""
    return bool(_apart(frame))


def _apart(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns that tell the courses of a table apart; none where it does not hold several."""
    if len(frame) < _FEWEST_SEEN:
        return ()
    when = find_when(frame, ())
    if when is None or not when.dated or np.isnan(when.values).any() or share_again(when) < PANEL:
        return ()
    return told_apart(frame, when) if len(np.unique(when.values)) > _FEWEST_ROWS else ()


def seen_several(frame: pd.DataFrame, targets: Collection[str] = ()) -> str:
    """Return how many series over time a table holds, and what tells them apart, or that a row is a day of
    values in order; "" where it is one course, row by row.
    """
    if not {*targets} & {*map(str, frame.columns)} and (said := told_within(frame)):
        return said
    names = _apart(frame)
    if not names:
        return ""
    count = len(frame[[*names]].drop_duplicates())
    return Message(
        "the rows are {count} series over time, told apart by {columns}", count=count, columns=listed(names)
    )


def rows_of_each(frame: pd.DataFrame) -> int:
    """Return how many rows each of the courses in a table has; all where it is one."""
    across = turned(frame)
    if across is not None:
        return int(across[0][TIME].nunique())
    when = find_when(frame, ())
    if when is None or share_again(when) < PANEL:
        return len(frame)
    return len(np.unique(when.values[~np.isnan(when.values)]))


def courses_in(
    table: Table, frame: pd.DataFrame, columns: Sequence[str], only: str
) -> tuple[pd.DataFrame, Mapping[str, pd.DataFrame], int]:
    """Return the table without the columns that tell its courses apart, the rows of each, by its name, and
    how many rows name no course and are left out.

    With `only`, it is that course alone. Raises Invalid where there is
    none of that name.
    """
    words = [_words(table, frame, name) for name in columns]
    names = words[0]
    for more in words[1:]:
        names = names + _JOIN + more
    rest = frame.drop(columns=[*columns])
    if only:
        there = [str(word) for word in names.dropna().unique()]
        # 1 means 000001 as well: an earlier version called it so
        meant = only if only in there else next((word for word in there if _same_number(word, only)), None)
        if meant is None:
            raise refused(
                "data.only",
                Message(
                    "no course {only!r} in {column}{guess}",
                    only=only,
                    column=listed(columns),
                    guess=did_you_mean(only, there),
                ),
            )
        return rest[names == meant], {meant: rest[names == meant]}, 0
    each = {str(name): rows for name, rows in rest.groupby(names, sort=False)}
    return rest[names.notna()], each, int(names.isna().sum())


def _words(table: Table, frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return the cells of a column as the file writes them: a share is called 000001, and not 1."""
    if is_number(frame[name]) and table.written is not None:
        return table.written(name).reindex(frame.index)
    return frame[name].map(as_text, na_action="ignore")


def told_several(columns: Sequence[str], names: Sequence[str]) -> str:
    """Return that a network learns all courses, with how one alone is chosen."""
    said = Message(
        "{columns} tells {count} courses apart ({names}): one network learns all of them, each window lies "
        "within one; to forecast one alone, name it under Course",
        columns=_JOIN.join(columns),
        count=len(names),
        names=listed(names),
    )
    return decided(said, "data.only", names[0])


def told_refused(left: Sequence[tuple[str, Invalid]]) -> list[str]:
    """Return which courses are left out, and why the first of them."""
    if not left:
        return []
    said = Message(
        "{courses} left out ({names}); of {first}: {why}",
        courses=counted(len(left), "course"),
        names=listed(name for name, _ in left),
        first=left[0][0],
        why=left[0][1].problems[0].message,
    )
    return [said]


def told_empty(lacking: Mapping[str, Sequence[str]], targets: Sequence[str]) -> list[str]:
    """Return which courses have no row in which every column has a value, by the columns that they lack.

    These can be left out instead, unless they are to be forecast.
    """
    told: list[str] = []
    for columns in dict.fromkeys(map(tuple, lacking.values())):
        names = [name for name, own in lacking.items() if tuple(own) == columns]
        courses = counted(len(names), "course")
        if not columns:
            said = "{courses} left out ({names}): in no row has every column a value"
            told.append(Message(said, courses=courses, names=listed(names)))
        elif {*columns} & {*targets}:
            said = "{courses} left out ({names}): without any value to forecast in {columns}"
            told.append(Message(said, courses=courses, names=listed(names), columns=listed(columns)))
        else:
            words = Message(
                "{courses} left out ({names}): without any value in {columns}; to learn from all, "
                "ignore what they lack",
                courses=courses,
                names=listed(names),
                columns=listed(columns, 10),
            )
            told.append(decided(words, "data.ignore", columns, doubtful=True))
    return told


def told_nameless(rows: int, columns: Sequence[str]) -> list[str]:
    """Return that rows are of no course, as no name stands in them."""
    if not rows:
        return []
    said = "{rows} without a name in {columns} left out: nothing says which course they are of"
    return [Message(said, rows=counted(rows, "row"), columns=listed(columns))]


def _same_number(one: str, other: str) -> bool:
    return one.isdecimal() and other.isdecimal() and int(one) == int(other)


def _may_name_courses(column: pd.Series[Any]) -> bool:
    """Return whether the values of a column come often enough to be the names of courses."""
    if is_date(column) or (is_number(column) and (column % 1 != 0).any()):
        return False
    return bool(column.nunique() > 1 and column.nunique() * _FEWEST_ROWS <= len(column))
