"""Classes or sizes: what the numbers of a target are, where they could be either."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.column_types import NUMERIC
from engine.data.cells.label_sets import holds_several, yes_or_no
from engine.data.cells.values import as_text, is_number, numbers
from engine.data.decisions import TYPES, Decided, Decision, OtherReading, Specimen
from engine.data.description import TargetKind
from engine.data.judgement import Evidence, Judgement, Verdict
from engine.data.preparation.target import MANY_NUMBERS, MOST_CLASSES
from engine.data.raw import UNITS
from engine.data.tables.raw import Table
from engine.data.tables.read.columns import names_classes

_SIZE = re.compile(
    r"\b(count|counts|number|num|no of|how many|amount|qty|quantity|quantities|age|ages|years?|months?|"
    r"weeks?|days?|hours?|minutes|duration|rings|rooms?|bedrooms?|beds?|baths?|bathrooms?|floors?|children|persons?|people|guests|"
    r"members|score|scores|rating|ratings|stars|quality|marks?|points|grades?|gpa|satisfaction|price|sales|sold|"
    r"units|visits|orders|goals|wins|likes|views|comments|size|length|width|height|weight|level)\b|"
    r"(数|量|次|年龄|年齡|年限|天|分|评分|成绩|得分|评级|星级|满意度|价格|金额|时长|人数|件数|间|层)$",
    re.IGNORECASE,
)
"""What columns of sizes are called, with their words apart; few of them need be."""
_CLASS = re.compile(
    r"\b(class|type|category|label|labels|group|cluster|species|kind|outcome|diagnosis|segment|status|state|code)$|"
    r"(类别|类型|种类|类|分类|标签|结果|等级|状态|编码|代码)$",
    re.IGNORECASE,
)
_PIECES = re.compile(r"(?<=[a-z])(?=[A-Z])|[\W_]+")
_FEW, _MORE = 10, 7
_EVEN, _UNEVEN = 1.5, 3.0
"""The most frequent number, by the rarest: up to the first all are as frequent, from the second on not."""
_SPREAD, _FAR = 1.5, 20
"""Whole numbers between the smallest and the largest, for each that occurs, from which on there are gaps, and
hardly anything else."""
_SHOWN, _SAMPLE = 3, 5_000


@dataclass(frozen=True)
class NumbersOfTarget:
    """What the numbers of a target say of whether they are classes or sizes.

    `name`: that of the column; `different`: how many different numbers there are; `whole`: whether all are
    whole; `measured`: whether they are written with a unit or in a form of sizes, as ranges and durations;
    `least`: the smallest; `gapless`: whether none between the smallest and the largest is missing; `wide`:
    whether many are; `apart`: whether by far the most are; `even`: whether each is about as frequent as the
    others; `peaked`: whether they become rarer on both sides of the most frequent one; `recurs`: whether each
    stands in about five rows.
    """

    name: str
    different: int
    whole: bool
    measured: bool
    least: float
    gapless: bool
    wide: bool
    apart: bool
    even: bool
    peaked: bool
    recurs: bool

    @classmethod
    def of(cls, name: str, column: pd.Series[Any], *, measured: bool) -> NumbersOfTarget:
        """Return those of a column of numbers."""
        values, _ = numbers(column)
        different, counts = np.unique(values[~np.isnan(values)], return_counts=True)
        whole = bool((different == np.round(different)).all())
        span = float(different[-1] - different[0]) + 1 if len(different) else 0.0
        return cls(
            name,
            len(different),
            whole,
            measured,
            float(different[0]) if len(different) else 0.0,
            whole and span == len(different),
            whole and span >= _SPREAD * len(different),
            whole and span >= _FAR * len(different),
            len(different) > 0 and bool(counts.max() <= _EVEN * counts.min()),
            _is_peaked(counts),
            # 0 and 1 are classes in the smallest table; elsewhere each should have some five rows
            len(different) <= max(2, min(MANY_NUMBERS, len(values) // 5)),
        )

    @property
    def called_size(self) -> bool:
        """Return whether the column is called as sizes are."""
        return _SIZE.search(_apart(self.name)) is not None

    @property
    def called_class(self) -> bool:
        """Return whether the column is called as classes are."""
        return names_classes(self.name) or _CLASS.search(_apart(self.name)) is not None


def _apart(name: str) -> str:
    return " ".join(filter(None, _PIECES.split(name)))


def _is_peaked(counts: NDArray[np.int64]) -> bool:
    """Return whether counts rise to the largest and fall from there, but for what chance makes of them."""
    if not len(counts) or counts.max() < _UNEVEN * counts.min():
        return False
    top = int(counts.argmax())
    # counts vary by their root; so does the difference of two
    slack = np.sqrt(counts[1:] + counts[:-1])
    steps = np.diff(counts)
    return bool((steps[:top] > -slack[:top]).all() and (steps[top:] < slack[top:]).all())


_TABLE: tuple[Evidence[NumbersOfTarget], ...] = (
    Evidence(
        "two", "classes", 8, lambda one: one.different <= 2 and one.whole and not one.measured,
        "0 and 1, or 1 and 2, are yes and no in nearly every table",
    ),
    Evidence(
        "called classes", "classes", 5, lambda one: one.called_class,
        "a column called class, type or label names one, whatever its numbers",
    ),
    Evidence(
        "counted on", "classes", 3,
        lambda one: one.gapless and one.least in (0, 1) and one.different <= _FEW,
        "who numbers classes begins at 0 or 1 and leaves none out",
    ),
    Evidence(
        "around zero", "classes", 4, lambda one: one.gapless and one.least == -1 and one.different == 3,
        "-1, 0 and 1 are worse, alike and better",
    ),
    Evidence(
        "each as often", "classes", 4, lambda one: one.even and one.recurs,
        "examples of classes are often collected in equal numbers; sizes are not spread so",
    ),
    Evidence(
        "fractions", "numbers", 14, lambda one: not one.whole,
        "classes are numbered by whole numbers",
    ),
    Evidence(
        "written as sizes", "numbers", 10, lambda one: one.measured,
        "what has a unit, or is a range, a share or a duration, is a size",
    ),
    Evidence(
        "hardly recur", "numbers", 8, lambda one: not one.recurs,
        "classes of a row or two each cannot be learnt, whatever they are",
    ),
    Evidence(
        "gaps", "numbers", 4, lambda one: one.wide and one.different > 2,
        "counts and amounts have gaps between the large ones; who numbers classes leaves few out",
    ),
    Evidence(
        "far apart", "numbers", 3, lambda one: one.apart and one.different > 2,
        "7500, 12500 and 20000 are amounts, or the middles of ranges",
    ),
    Evidence(
        "begins higher", "numbers", 2, lambda one: one.least > 1,
        "who numbers classes hardly begins at 3",
    ),
    Evidence(
        "more than ten", "numbers", 2, lambda one: one.different > _FEW,
        "most tables have fewer classes than that",
    ),
    Evidence(
        "one peak", "numbers", 3, lambda one: one.peaked and one.different >= _FEW // 2,
        "five classes become rarer on both sides of the largest by chance in one of eight orders",
    ),
    Evidence(
        "one peak of many", "numbers", 3, lambda one: one.peaked and one.different >= _MORE,
        "seven do so in one of eighty",
    ),
    Evidence(
        "called sizes", "numbers", 3, lambda one: one.called_size,
        "ages, counts, ratings and quantities have an order and distances",
    ),
)  # fmt: skip

TARGET_KIND = Judgement((("classes", 2.0), ("numbers", 0.0)), _TABLE)
"""Few whole numbers are rather classes, as most tables with such a target have them."""


def guess(raw: Table) -> TargetKind | None:
    """Return which task fits the target; None without a target.

    Words are classes. Numbers are what a person said by the type of the column, else what they look like.
    """
    chosen = [raw.frame[name] for name in raw.targets if name in raw.frame.columns]
    if not chosen:
        return None
    if len(chosen) > 1:
        ticked = all(not yes_or_no(column)[1] and column.nunique() <= 2 for column in chosen)
        return "labels" if ticked else "numbers"
    column = chosen[0]
    if not is_number(column):
        return "labels" if holds_several(raw) else "classes"
    if str(column.name) in raw.typed:
        return "numbers"
    return "numbers" if _verdict(raw, str(column.name)).reading == "numbers" else "classes"


def classes_or_sizes(raw: Table, learnt: TargetKind) -> list[str]:
    """Return what numbers to be predicted are `learnt` as, where they could as well be the other.

    Who has given the column a type has said what they are, and is told only where the task is another.
    """
    if len(raw.targets) != 1 or learnt not in ("classes", "numbers"):
        return []
    (name,) = raw.targets
    column = raw.frame[name]
    if not is_number(column):
        return []
    different = sorted({float(value) for value in column.dropna().unique()})
    if name in raw.typed:
        return [_told_of_type(name, len(different))] if learnt == "classes" else []
    verdict = _verdict(raw, name)
    if verdict.reading == learnt and verdict.outcome == "clear" and not _may_be_counted(verdict, different):
        return []
    values, written = column.to_numpy(np.float64, na_value=np.nan), raw.as_written(name)
    first = [int(np.flatnonzero(values == value)[0]) for value in different[:_SHOWN]]
    sizes = [as_text(values[place]) for place in first]
    words = (
        "{name}: its {count} different numbers, as {shown}, are learnt as classes, each by itself; if they "
        "are sizes, as counts, ages or marks, set the type of the column to number"
        if learnt == "classes"
        else "{name}: its {count} different numbers, as {shown}, are learnt as sizes, in their order; if "
        "each names a class, set the type of the column to category"
    )
    said = Message(words, name=name, count=len(different), shown=", ".join(sizes))
    # a size stands as a number, a class in quotation marks
    classes = [f'"{written.iloc[place]}"' for place in first]
    other, now, then = ("number", classes, sizes) if learnt == "classes" else ("category", sizes, classes)
    cells = tuple(
        Specimen(str(written.iloc[place]), read, int(raw.row_numbers[place]))
        for place, read in zip(first, now, strict=True)
    )
    doubtful = verdict.asked and verdict.reading == learnt
    others = (OtherReading(other, tuple(then)),)
    return [Decided(said, Decision("", TYPES, name, None, cells, others, doubtful=doubtful))]


def name_something(name: str, column: pd.Series[Any]) -> bool:
    """Return whether a column holds a few whole numbers that clearly are classes, as a target is judged."""
    if not is_number(column):
        return False
    # sorting each of hundreds of long columns would take longer than reading them
    sample = column.iloc[:: max(len(column) // _SAMPLE, 1)]
    facts = NumbersOfTarget.of(name, sample, measured=False)
    counted = 2 < facts.different <= _FEW and facts.gapless and facts.least in (0, 1) and facts.recurs
    if not counted or facts.called_size:
        return False
    verdict = TARGET_KIND.verdict(facts)
    return verdict.reading == "classes" and verdict.outcome == "clear"


def _may_be_counted(verdict: Verdict, different: list[float]) -> bool:
    """Return whether sizes are so few whole numbers that somebody may have meant classes."""
    whole = all(value.is_integer() for value in different)
    return verdict.reading == "numbers" and whole and len(different) <= MANY_NUMBERS


def _told_of_type(name: str, count: int) -> str:
    return Message(
        "{name}: has the type of a number, but its {count} different numbers are learnt as classes; to learn "
        'how large they are, set task.kind to "regression"',
        name=name,
        count=count,
    )


def _verdict(raw: Table, name: str) -> Verdict:
    types, units = raw.found.get("types"), raw.found.get(UNITS)
    kind = types.get(name) if isinstance(types, Mapping) else None
    unit = isinstance(units, Mapping) and bool(units.get(name))
    measured = unit or (kind in NUMERIC and kind != "number")
    column = raw.frame[name]
    facts = NumbersOfTarget.of(name, column, measured=measured)
    if facts.whole and names_classes(name) and facts.different <= min(MOST_CLASSES, len(column) // 2):
        # the letters of EMNIST are 26, and called so
        return Verdict("classes", "numbers", "clear", ("called classes",))
    return TARGET_KIND.verdict(facts)
