"""Fitted columns: how each column of a table becomes numbers, with what was found in the training part.

Every class is a frozen record that travels through JSON unchanged; `encode` applies it to any rows.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from engine.choices import Invalid, Message, Problem, joined
from engine.choices.words import rounded
from engine.data.cells.moments.date_words import date_at
from engine.data.cells.recognition import dates
from engine.data.cells.values import (
    as_text,
    counted,
    days_since_1970,
    is_date,
    listed,
    numbers,
    shifted,
    without_midnight,
)
from engine.data.encoder import FARTHEST, Fitted, Name, Say
from engine.data.refusal import refused
from engine.data.tables.fitted_choices import Choices

_DATE_PARTS = {
    "days": "days since 1970",
    "month": "month 1-12",
    "weekday": "weekday 0-6",
    "hour": "hour 0-23",
}


class Number(Fitted):
    """A number: (value - offset) / scale, `fill` where it is missing, and perhaps a 0/1 that tells so."""

    kind: Literal["number"] = "number"
    name: Name
    offset: float
    scale: Annotated[float, Field(gt=0)]
    fill: float
    indicator: bool = False

    @property
    def features(self) -> tuple[str, ...]:
        """Return the names of the inputs it becomes."""
        return (self.name, Message("{name} is missing", name=self.name)) if self.indicator else (self.name,)

    @property
    def units(self) -> tuple[tuple[float, float], ...]:
        """Return (offset, scale) of each input: value in the data = offset + scale · input."""
        return ((self.offset, self.scale), (0.0, 1.0))[: len(self.features)]

    def encode(self, column: pd.Series[Any], say: Say) -> NDArray[np.float64]:
        """Return (N, 1 or 2) numbers. Raises Invalid when text stands where a number should."""
        values, wrong = numbers(column)
        if wrong.any():
            raise Invalid([_not_numbers(self.name, column, wrong)])
        gone = np.isnan(values)
        if gone.any():
            say(
                Message(
                    "{name}: {odd} missing, filled with {rounded}",
                    name=self.name,
                    odd=gone.sum(),
                    rounded=rounded(self.fill, 6),
                )
            )
        # a new row may lie anywhere, and what a tiny scale makes of that is infinite
        with np.errstate(over="ignore"):
            scaled = (np.where(gone, self.fill, values) - self.offset) / self.scale
        scaled = np.clip(scaled, -FARTHEST, FARTHEST)
        return np.stack([scaled, gone], axis=1) if self.indicator else scaled[:, None]

    def summary(self) -> str:
        """Return in words what becomes of the column."""
        how = "as it is" if (self.offset, self.scale) == (0, 1) else shifted("x", self.offset, self.scale, 4)
        fill = rounded(self.fill, 4)
        if self.indicator:
            return Message(
                "2 inputs: {how}, where missing {fill}; and 1 where it is missing, else 0", how=how, fill=fill
            )
        return Message("1 input: {how}; where missing {fill}", how=how, fill=fill)


class Boolean(Fitted):
    """One of two words: 0 or 1, and the share of ones in training where it is missing."""

    kind: Literal["boolean"] = "boolean"
    name: Name
    zero: Name
    one: Name
    fill: Annotated[float, Field(ge=0, le=1)]

    @property
    def features(self) -> tuple[str, ...]:
        """Return the names of the inputs it becomes."""
        return (f"{self.name} = {self.one}",)

    @property
    def units(self) -> tuple[tuple[float, float], ...]:
        """Return (offset, scale) of each input: value in the data = offset + scale · input."""
        return ((0.0, 1.0),)

    def encode(self, column: pd.Series[Any], say: Say) -> NDArray[np.float64]:
        """Return (N, 1) numbers; a third word counts as missing and is told."""
        codes, different = pd.factorize(column, use_na_sentinel=True)
        meaning = {self.zero.casefold(): 0.0, self.one.casefold(): 1.0}
        found = [meaning.get(as_text(value).strip().casefold()) for value in different]
        strange = [as_text(value) for value, code in zip(different, found, strict=True) if code is None]
        if strange:
            say(
                Message(
                    "{name}: neither {zero} nor {one} but {listed}, taken as missing",
                    name=self.name,
                    zero=self.zero,
                    one=self.one,
                    listed=listed(strange),
                )
            )
        gone = int((codes < 0).sum())
        if gone:
            say(
                Message(
                    "{name}: {gone} missing, filled with the share of {one}, {fill:.4g}",
                    name=self.name,
                    gone=gone,
                    one=self.one,
                    fill=self.fill,
                )
            )
        # the last is for missing cells, to which factorize gives the code -1
        place = np.array([self.fill if code is None else code for code in found] + [self.fill])
        return place[codes][:, None]

    def summary(self) -> str:
        """Return in words what becomes of the column."""
        return Message("1 input: {zero} is 0, {one} is 1", zero=self.zero, one=self.one)


class Category(Fitted):
    """One of several words: an input per word, 1 for the word that stands there and 0 for the rest (one-hot).

    With `other`, rare words of training share an input, and so do words never seen there; without, unseen
    words give 0 everywhere. With `missing`, a missing word has an input of its own.
    """

    kind: Literal["category"] = "category"
    name: Name
    words: Annotated[tuple[Name, ...], Field(min_length=1, max_length=10_000)]
    other: bool = False
    missing: bool = False

    @property
    def features(self) -> tuple[str, ...]:
        """Return the names of the inputs it becomes."""
        # a list times False is empty
        rest = [Message("{name}: another", name=self.name)] * self.other + [
            Message("{name} is missing", name=self.name)
        ] * self.missing
        return (*(f"{self.name} = {word}" for word in self.words), *rest)

    @property
    def units(self) -> tuple[tuple[float, float], ...]:
        """Return (offset, scale) of each input: value in the data = offset + scale · input."""
        return ((0.0, 1.0),) * len(self.features)

    def encode(self, column: pd.Series[Any], say: Say) -> NDArray[np.float64]:
        """Return (N, inputs) zeros and ones; words that training did not know are told."""
        codes, different = pd.factorize(column, use_na_sentinel=True)
        gone = int((codes < 0).sum())
        if gone:
            how = "which has an input of its own" if self.missing else "taken as none of the known"
            say(Message("{name}: {gone} missing, {how}", name=self.name, gone=gone, how=how))
        days = {without_midnight(word): index for index, word in enumerate(self.words)}  # of earlier runs
        known = {**days, **{word: index for index, word in enumerate(self.words)}}
        count = len(self.words)
        names = [as_text(value) for value in different]
        strange = [name for name in names if name not in known]
        if strange:
            how = "counted as another" if self.other else "counted as none of the known"
            say(
                Message(
                    "{name}: not seen in training: {listed}; {how}",
                    name=self.name,
                    listed=listed(strange),
                    how=how,
                )
            )
        # the last is again for the code -1
        places = np.array([known.get(name, count) for name in names] + [count + 1])[codes]
        # unknown and missing words always have a column here; the last line leaves out what training had not
        hot = np.zeros((len(column), count + 2))
        hot[np.arange(len(column)), places] = 1
        return hot[:, [*range(count), *[count] * self.other, *[count + 1] * self.missing]]

    def summary(self) -> str:
        """Return in words what becomes of the column."""
        rest = ["one for all others"] * self.other + ["one for missing"] * self.missing
        each = Message(
            "{inputs}: one for each of {count} words",
            inputs=counted(len(self.features), "input"),
            count=len(self.words),
        )
        return joined(", ", each, *map(Message, rest))


class Date(Fitted):
    """A date: its parts as numbers, those that vary in training."""

    kind: Literal["date"] = "date"
    name: Name
    day_first: bool
    parts: Annotated[tuple[Number, ...], Field(min_length=1, max_length=4)]

    @property
    def features(self) -> tuple[str, ...]:
        """Return the names of the inputs it becomes."""
        return tuple(f"{self.name} ({feature})" for part in self.parts for feature in part.features)

    @property
    def units(self) -> tuple[tuple[float, float], ...]:
        """Return (offset, scale) of each input: value in the data = offset + scale · input."""
        return tuple(unit for part in self.parts for unit in part.units)

    def encode(self, column: pd.Series[Any], say: Say) -> NDArray[np.float64]:
        """Return (N, inputs) numbers. Raises Invalid when something stands there that is no date."""
        # a file with an odd cell, or rows typed by hand, give text where training had dates
        if not is_date(column):
            read = dates(column, self.day_first)
            wrong = (read.isna() & column.notna()).to_numpy()
            if wrong.any():
                raise refused(self.name, Message("must hold dates, but {shown}", shown=_shown(column, wrong)))
            column = read
        gone = int(column.isna().sum())
        if gone:
            say(
                Message(
                    "{name}: {gone} missing, filled with {middle}",
                    name=self.name,
                    gone=gone,
                    middle=self.middle,
                )
            )
        parts = date_parts(column)
        # the column is told as a whole: nobody knows its parts
        return np.concatenate([part.encode(parts[part.name], _unsaid) for part in self.parts], axis=1)

    @property
    def middle(self) -> str:
        """Return the date that stands for a missing one, or its parts where no days are among them."""
        fills = {part.name: part.fill for part in self.parts}
        if "days" not in fills:
            return ", ".join(f"{name} {rounded(fill, 3)}" for name, fill in fills.items())
        return date_at(fills["days"], timed="hour" in fills)

    def summary(self) -> str:
        """Return in words what becomes of the column."""
        parts = joined(", ", *(Message(_DATE_PARTS.get(part.name, part.name)) for part in self.parts))
        return Message("{inputs}: {parts}", inputs=counted(len(self.features), "input"), parts=parts)


Column = Annotated[Number | Boolean | Category | Choices | Date, Field(discriminator="kind")]


def _unsaid(sentence: str) -> None:
    """Take a sentence that is said in another way."""


def date_parts(column: pd.Series[Any]) -> dict[str, pd.Series[Any]]:
    """Return days since 1970 (with the time as a fraction), month 1-12, weekday 0-6 and hour 0-23."""
    clock = column.dt
    return {
        "days": pd.Series(days_since_1970(column), column.index),
        "month": clock.month,
        "weekday": clock.day_of_week,
        "hour": clock.hour,
    }


def _not_numbers(name: str, column: pd.Series[Any], wrong: NDArray[np.bool_]) -> Problem:
    return Problem(name, Message("must hold numbers, but {shown}", shown=_shown(column, wrong)))


def _shown(column: pd.Series[Any], wrong: NDArray[np.bool_]) -> str:
    first = int(np.argmax(wrong))
    more = Message(" (and {odd} more rows)", odd=wrong.sum() - 1) if wrong.sum() > 1 else ""
    return Message(
        "row {first} holds {as_text!r}{more}",
        first=first + 1,
        as_text=as_text(column.iloc[first])[:60],
        more=more,
    )
