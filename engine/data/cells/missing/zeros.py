"""Zeros that may mean missing: 0 among blood pressures, where nothing was measured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.values import counted
from engine.data.decisions import TYPES, decided
from engine.data.judgement import Evidence, Judgement

_OF_BODIES = re.compile(
    r"glucose|insulin|pressure|(^|[\W_])bp($|[\W_\d])|bmi|body.?mass|skin|thickness|chol|triglyc|hemoglobin|haemoglobin|"
    r"pulse|heart.?rate|temperature|weight|height|血压|血糖|体重|身高|心率|脉搏|胆固醇|体温",
    re.IGNORECASE,
)
"""What measures of living bodies and of things are called, of which 0 is none."""
_NEVER_NONE = re.compile(
    r"budget|revenue|gross|box.?office|power(ps)?$|horse.?power|\b[bc]?hp\b|displacement|engine.?(size|cc)|runtime|"
    r"population|floor.?area|living.?area|预算|票房|马力|排量|片长|人口",
    re.IGNORECASE,
)
"""What is called so was mostly not known where it is 0: no film is made for nothing."""
_AMOUNTS = re.compile(
    r"gain|loss|fee|tax|cost|price|paid|pay($|ment)|amount|balance|income|salary|wage|sales|revenue|profit|discount|"
    r"bonus|debt|loan|number|count|num($|_)|^n_|area|sqft|sq.?ft|minutes|hours|days|duration|rain|precip|snow|"
    r"delay|distance|usage|score|points|change|diff|speed|power|flow|current|shipping|"
    r"component|content|dose|dosage|additive|concentration|ash|slag|含量|掺量|用量|浓度|剂量|delivery|freight|postage|tip($|s$)|charge|deposit|output|volume|traffic|load|运费|金额|面积|数量|次数|费|价",
    re.IGNORECASE,
)
"""What is called so may well be none: no garage has an area of 0."""
_FEWEST, _FEWEST_DIFFERENT, _REPEATED, _MOST = 20, 8, 3, 0.7
"""Numbers of a column, different ones above 0, zeros, and the share of these: more are what is usual."""
_FAR = 4.0
"""The mean of what is above 0, in standard deviations."""
_STEPS = 5.0
"""The smallest number above 0, in steps between the smallest."""
_LOWEST, _STRAY = 0.1, 0.02
"""Share of the numbers above 0 that are the smallest, and of those that may be mistakes: a budget of 1."""
_YEARS = (1500, 2100)


@dataclass(frozen=True)
class ZerosOfColumn:
    """What a pile of exact zeros below all other numbers of a column says of itself.

    `gap`: whether no other number is near it, by the steps between the smallest of them; `far`: whether the
    others lie in a heap of their own, with its mean several deviations from 0; `name`: that of the column;
    `empty`: whether there are empty cells besides; `years`: whether all others are years of the calendar.
    """

    name: str
    gap: bool
    far: bool
    empty: bool
    years: bool = False

    @property
    def never_none(self) -> bool:
        """Return whether the name is one of what is hardly ever none."""
        return _NEVER_NONE.search(self.name) is not None

    @classmethod
    def of(cls, name: str, values: NDArray[np.float64]) -> ZerosOfColumn | None:
        """Return that of a column; None where it has no such zeros, or other numbers below them."""
        known = values[np.isfinite(values)]
        above = known[known > 0]
        zeros = len(known) - len(above)
        different = np.unique(above)
        years = _are_years(different)
        most = len(known) if years else _MOST * len(known)
        if len(known) < _FEWEST or not _REPEATED <= zeros <= most or known.min() < 0:
            return None
        if len(different) < _FEWEST_DIFFERENT:
            return None
        lowest = different[: max(int(_LOWEST * len(different)), 2) + 1]
        step = float(np.median(np.diff(lowest)))
        deviation = float(above.std())
        return cls(
            name,
            bool(np.quantile(above, _STRAY, method="lower") >= _STEPS * step),
            bool(above.mean() >= _FAR * deviation),
            len(known) < len(values),
            years,
        )


def _are_years(different: NDArray[np.float64]) -> bool:
    whole = bool(len(different)) and bool((different == np.round(different)).all())
    return whole and bool(different[0] >= _YEARS[0] and different[-1] <= _YEARS[1])


_TABLE: tuple[Evidence[ZerosOfColumn], ...] = (
    Evidence(
        "a gap above", "missing", 2, lambda one: one.gap,
        "0 is the end of what can be measured, and then there is something near it: 1 child beside none",
    ),
    Evidence(
        "a heap of their own", "missing", 3, lambda one: one.gap and one.far,
        "what varies by a quarter of its size never comes to 0, as weights and temperatures in kelvin",
    ),
    Evidence(
        "called as a measure of a body", "missing", 3,
        lambda one: bool(_OF_BODIES.search(one.name)),
        "nobody lives with a blood pressure of 0",
    ),
    Evidence(
        "called as what nothing lacks", "missing", 5, lambda one: one.never_none,
        "films cost something, engines have power and places have people, or nobody wrote it down",
    ),
    Evidence(
        "years", "missing", 3, lambda one: one.years,
        "0 is no year: beside 1991 and 2005 nothing has happened yet, or nobody knows when",
    ),
    Evidence(
        "called as an amount", "zero", 3, lambda one: bool(_AMOUNTS.search(one.name)) and not one.never_none,
        "fees, areas and counts may be none, and what runs may stand: the least that is some may be large",
    ),
    Evidence(
        "empty cells besides", "zero", 2, lambda one: one.empty,
        "what is missing is left empty in this column",
    ),
)  # fmt: skip

ZERO_OR_MISSING = Judgement((("zero", 4.0), ("missing", 0.0)), _TABLE, costly=frozenset({"missing"}))
"""A zero is one unless four bits say otherwise; it never counts as missing before a person says so."""


def zeros_in_doubt(name: str, column: pd.Series[Any]) -> list[str]:
    """Return the question whether 0 means missing, where it stands apart from measures above it."""
    values: NDArray[np.float64] = column.to_numpy(np.float64, na_value=np.nan)
    facts = ZerosOfColumn.of(name, values)
    if facts is None or not ZERO_OR_MISSING.verdict(facts).asked:
        return []
    said = Message(
        "{name}: 0 stands in {rows}, apart from all other values; if nothing was measured there, set the "
        "type of the column to positive, where 0 counts as missing",
        name=name,
        rows=counted(int((values == 0).sum()), "row"),
    )
    return [decided(said, TYPES, "positive", column=name, cells=("0",), doubtful=True)]
