"""Identifiers: columns of numbers that number the rows and say nothing of them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.signs_of_naming import is_joined_identifier
from engine.data.cells.values import is_number
from engine.data.decisions import TYPES, decided
from engine.data.tables.raw import Table

_FEWEST = 20
"""Rows from which on it is no chance that each has a number of its own."""
_MOSTLY, _MUCH_LARGER = 0.9, 20
_UNNAMED = re.compile(
    r"column 1|unnamed: 0(\.\d)?|__index_level_\d+__|level_0|_?index|idx|索引|行号|"
    r"instant|row|n[or]\.?|row ?names?|rn|#|(sample|frame)[ _]?(#|index)?|"
    r"rec(ord|num)?([ _]?(no|nr|number)\.?)?",
    re.IGNORECASE,
)
"""What a column of row numbers is called: R and pandas give it no name, and reading then numbers it."""
_NAMED = re.compile(
    r"(?i:(.*[\W_])?(id|uuid|guid|identifier|rowid|caseid|userid)|row[ _]?(no|nr|number)\.?|s[rl]\.? ?no\.?|"
    r"(order|invoice|account|acc|serial|ref(erence)?|transaction|receipt|ticket|case|policy|customer|patient|sample|"
    r"student|employee|registration|roll|booking|tracking|part|item)[ _]?(no|nr|num|number)\.?|"
    r"lfd\.? ?nr\.?|번호|№|"
    r"unnamed: 0(\.\d)?|__index_level_\d+__|level_0)|"
    r".*[a-z](Id|ID)|.*[\u2e80-\uffff](?i:id)|.*(?<![信符型])[号號]"
)
"""What a column of identifiers is called: id, user_id, customerID, 学号; not paid or Madrid. The last
three are what pandas calls the numbers of rows, which are in no order where rows were drawn from others."""
_TELEPHONE = re.compile(
    r"(?i:(.*[\W_])?(tele)?(phone|mobile|tel|whatsapp)[\W_ ]?(no|nr|number)?\.?)|"
    r".*(手机|电话|電話)(号码?)?|.*전화번호?"
)
_FEWEST_DIGITS = 1_000_000
"""Smaller numbers in a column of that name say whether there is a telephone, or how many."""


def identifiers(raw: Table, rows: NDArray[np.int64]) -> dict[str, str]:
    """Return which inputs only number the rows, each with the reason; `rows` are those of training.

    Such is a column that counts every row of the file, where it has no name or one as id; and one whose name
    says so, or that alone has none, and in which no number comes twice. What a person has given a type stays,
    and so does what is all that there is to predict from.
    """
    inputs = [name for name in raw.frame.columns if name not in raw.targets]
    found: dict[str, str] = {}
    for name in inputs:
        nameless = name == "column 1" and _has_names(raw)
        why = "" if name in raw.typed else _why(str(name), raw.frame[name], rows, nameless=nameless)
        if why:
            found[str(name)] = Message("{why}; to use it, set the type of the column to number", why=why)
    return found if len(found) < len(inputs) else {}


def perhaps_identifiers(raw: Table) -> list[str]:
    """Return that the first column of a table without names may number persons or samples.

    Its numbers are whole, many times as large as there are rows, and hardly one comes twice.
    """
    name = "column 1"
    if _has_names(raw) or name not in raw.frame.columns or name in raw.targets or name in raw.typed:
        return []
    column = raw.frame[name]
    if not is_number(column) or len(column) < _FEWEST:
        return []
    values = column.to_numpy(np.float64, na_value=np.nan)
    # false where one is missing, too: NaN equals nothing
    whole = bool((values == np.round(values)).all()) and values.min() >= 0
    if not whole or values.max() < _MUCH_LARGER * len(values) or column.nunique() < _MOSTLY * len(values):
        return []
    said = Message(
        "{name}: hardly one of its large numbers comes twice, as those of persons or "
        "samples; if it only tells rows apart, leave the column out",
        name=name,
    )
    return [decided(said, TYPES, "leave_out", column=name, doubtful=True)]


def identifiers_alone(raw: Table, rows: NDArray[np.int64]) -> list[str]:
    """Return that all there is to predict from seems to number the rows, which says nothing of new ones."""
    inputs = [str(name) for name in raw.frame.columns if name not in raw.targets]
    whys = [_why(name, raw.frame[name], rows, nameless=False) for name in inputs if name not in raw.typed]
    if not inputs or len(whys) < len(inputs) or not all(whys):
        return []
    said = Message(
        "{name}: all that there is to predict from, but {why}: nothing can be learnt from it; read "
        "other columns",
        name=", ".join(inputs),
        why=Message(whys[0]),
    )
    return [decided(said, TYPES, column=inputs[0], doubtful=True)]


def _has_names(raw: Table) -> bool:
    return raw.found.get("header", "no") != "no"


def counts_rows(name: str, column: pd.Series[Any]) -> bool:
    """Return whether a column is called as identifiers are, or not at all, and counts the rows."""
    called = _NAMED.fullmatch(name) or _UNNAMED.fullmatch(name) or is_joined_identifier(name)
    if not called or not is_number(column):
        return False
    steps = np.diff(column.to_numpy(np.float64, na_value=np.nan))
    # downwards as well: tables with the newest row first
    return len(steps) + 1 >= _FEWEST and bool((steps == steps[0]).all() and abs(steps[0]) == 1)


def _why(name: str, column: pd.Series[Any], rows: NDArray[np.int64], *, nameless: bool) -> str:
    named = _NAMED.fullmatch(name) or is_joined_identifier(name)
    unnamed = _UNNAMED.fullmatch(name)
    telephone = _TELEPHONE.fullmatch(name)
    if not (named or unnamed or telephone) or not is_number(column):
        return ""
    values = column.iloc[rows].to_numpy(np.float64, na_value=np.nan)
    whole = len(values) >= _FEWEST and bool((values == np.round(values)).all())
    if not whole:
        return ""
    # a person may stand in several rows, with one number
    if telephone:
        dialled = bool(values.min() >= _FEWEST_DIGITS)
        return "its name and its numbers say that these are dialled, and measure nothing" if dialled else ""
    steps = np.diff(column.to_numpy(np.float64, na_value=np.nan))
    if nameless and (steps != 1).any() and (steps == 1).mean() >= _MOSTLY:
        return "it has no name and counts rows, beginning anew now and then"
    if len(np.unique(values)) < len(values):
        return ""
    # one and the same distance to the number of the row, whether it counts from 0, 1 or 1001
    if len(np.unique(values - rows)) == 1:
        return "it counts the rows, as an identifier does"
    if nameless:
        return "it has no name, where all others have one, and none of its numbers comes twice"
    return (
        "its name and its numbers, none of which comes twice, say that it is an identifier" if named else ""
    )
