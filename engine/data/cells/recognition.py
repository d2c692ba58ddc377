"""Recognition: what the text of a column means: numbers as people write them, dates, or words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.amounts.rounded_counts import are_counts
from engine.data.cells.chosen_numbers import are_without_sign, point_up_and_down, read_by_type
from engine.data.cells.column_types import AS_WRITTEN, NUMERIC, ColumnType
from engine.data.cells.distinct_words import DistinctWords, number_written
from engine.data.cells.feet_or_minutes import FEET_OR_MINUTES, MarkedPairs
from engine.data.cells.missing.boxes import are_boxes, as_boxes, asked_of_boxes, ticks, told_of_boxes
from engine.data.cells.missing.sentinels import sentinel, sentinel_date
from engine.data.cells.missing.zeros import zeros_in_doubt
from engine.data.cells.moments.date_groups import regrouped, with_a_day
from engine.data.cells.moments.dates import ORDERS, DateOrder, east_of_greenwich, looks_like_date, read_dates
from engine.data.cells.moments.days_without_year import asked_of_days_without_year, with_a_year
from engine.data.cells.moments.decimal_months import with_dashes
from engine.data.cells.moments.eras import said_years
from engine.data.cells.moments.number_dates import read_days
from engine.data.cells.moments.number_dates import read_numbers as read_moments
from engine.data.cells.moments.relative_times import told_of_relative_times
from engine.data.cells.names_of_things import are_lettered_numbers
from engine.data.cells.number_forms import looks_like_stars
from engine.data.cells.number_kind import is_called_time, kind_of_numbers
from engine.data.cells.number_marks import Marks
from engine.data.cells.number_or_word import KeptAsWords, kept_as_words
from engine.data.cells.numbers_of_units import has_units_of_one_kind
from engine.data.cells.numerals import NumberStyle, Numerals
from engine.data.cells.rules import NEWEST, Rules
from engine.data.cells.unclear import RARE, as_above, east_or_west, grades, repeated_below, why_no_numbers
from engine.data.cells.values import (
    MISSING,
    NEVER_A_WORD,
    RARELY_MISSING,
    as_text,
    counted,
    is_date,
    is_number,
    numbers,
)
from engine.data.decisions import decided
from engine.data.judgement import Verdict

BOOLEANS = tuple(
    (zero, one)
    for zero, one in (
        pair.split()
        for pair in ("false true", "no yes", "n y", "f t", "off on", "否 是", "无 有", "nein ja", "non oui")
    )
)
"""Pairs of words (for 0, for 1) that make a column a yes-or-no column."""

_OPPOSITES = {"无": {"有"}, "没有": {"有"}, "-": {"+", "++", "±"}, "none": {"some"}, "na": {"eu"}}
"""Words that else may mean missing, and those beside which they are answers: NA beside EU is a continent."""
_MONTH_OR_CODE = re.compile(r"\d{4}[-/]\d{1,2}")
_SAMPLE, _FEW, _LOOKED_AT = 2_000, 20, 200
_LESS = 0.3
"""The same, where they are all one word beside many different numbers."""
_OFTEN_DIFFERENT = 0.5
_PLAUSIBLE = (np.datetime64("1500-01-01"), np.datetime64("2200-01-01"))
"""Between these are the months that digits alone write: 6200-01 is rather an account."""


@dataclass(frozen=True)
class CellStyle:
    """How cells are to be understood.

    `marks` are those of numbers, `order` that of day, month and year; `missing` the words and numbers that a
    person says mean missing; `odd` what odd cells make of a column; `kind` the type a person has chosen for
    the column, if any; `codes` whether 0300 is rather a word than the number 300; `durations` whether 45分钟
    is a time, in seconds, and not the number 45; `lacking` whether rows that lack a cell of the column lack
    cells of others, too.
    """

    marks: Marks = field(default_factory=Marks)
    order: str = "auto"
    missing: tuple[str, ...] = ()
    odd: Literal["words", "missing"] = "words"
    kind: ColumnType | None = None
    codes: bool = True
    durations: bool = True
    lacking: bool = False
    settled: bool = False
    """Whether training knew what the column is, though each cell is still read freely: limits as <0.5 are
    the numbers that they were there, however many of them a new file has."""
    rules: Rules = NEWEST
    """The newest of the rules by which it is read: earlier versions had less."""

    @property
    def is_free(self) -> bool:
        """Return whether what the column is, is still to be found out."""
        return self.kind is None and self.codes and not self.settled


@dataclass(frozen=True)
class Recognised:
    """A column with the type its text was found to have, and what a person should know about it."""

    column: pd.Series[Any]
    notices: tuple[str, ...] = ()
    day_first: bool = False
    """Whether its dates name the day before the month."""
    order: str = ""
    """What stands first in its dates, where that was found out and makes a difference."""
    doubt: str = ""
    """What keeps it from being a column of numbers or dates, where few cells do."""
    missing: tuple[str, ...] = ()
    """Words that were found to mean missing among words."""
    unit: str = ""
    """What is written with its numbers, as kg or €."""
    kind: ColumnType | None = None
    """The type by which it was read, where the column does not show it: durations are numbers, too."""
    of_target: tuple[str, ...] | None = None
    """What a person should know instead where the column is to be predicted; None where that is the same."""


def recognise(
    name: str, column: pd.Series[Any], style: CellStyle | None = None, rows: NDArray[np.int64] | None = None
) -> Recognised:
    """Return the column as numbers or dates where its text is that, else as text without outer blanks.

    `rows` says which row of the file each stands in, counted from 1.
    """
    how = style or CellStyle()
    if how.kind == "positive":
        read = recognise(name, column, replace(how, kind="number"), rows)
        return replace(read, column=read.column.where(read.column > 0)) if is_number(read.column) else read
    perhaps = how.is_free and not how.missing and are_boxes(column)
    if how.kind == "ticked" or (perhaps and ticks(column) and not how.lacking):
        said = (told_of_boxes(name, column),) if how.kind is None else ()
        return Recognised(as_boxes(column), said, kind="ticked")
    read = _recognise(name, column, how, rows)
    if not perhaps:
        return read
    asked = asked_of_boxes(name, column)
    of_target = None if read.of_target is None else (*read.of_target, asked)
    return replace(read, notices=(*read.notices, asked), of_target=of_target)


def _recognise(
    name: str, column: pd.Series[Any], how: CellStyle, rows: NDArray[np.int64] | None
) -> Recognised:
    """Return a column that holds no boxes by its numbers, dates or words."""
    keeps = how.kind in (*AS_WRITTEN, "as_above")
    if is_date(column) and not keeps:
        return _of_dates(name, column, how)
    if how.kind == "date":
        moments = _as_moments(name, column)
        if moments is not None:
            return moments
    # for pandas bool is a number, too; true and false are two words here
    elif is_number(column) and not pd.api.types.is_bool_dtype(column.dtype) and not keeps:
        return _of_numbers(name, column, how)
    words = DistinctWords.of(name, column, rows)
    # both: who lists -999 means -999.0 as well, and who lists "none" means None
    gone = words.among({word.casefold() for word in how.missing} | {""}) | words.equal_to(how.missing)
    if keeps:
        kept = words.as_words(gone)
        return Recognised(repeated_below(kept) if how.kind == "as_above" else kept, kind=how.kind)
    long = how.is_free and words.are_long
    found = None if long else _as_numbers(words, gone, how) or _as_dates(words, gone, how)
    if found is None:
        return _as_words(words, gone, how)
    if is_number(found.column) and how.is_free:
        there = [word for word, absent in zip(words.words, gone.tolist(), strict=True) if not absent]
        told = (*found.notices, *zeros_in_doubt(name, found.column))
        # what is written with a unit is measured
        kind = [] if found.unit else kind_of_numbers(name, found.column, there)
        # of what is to be predicted the task says whether it is classes or sizes
        return replace(found, notices=(*told, *kind), of_target=told)
    return found


def _of_dates(name: str, column: pd.Series[Any], how: CellStyle) -> Recognised:
    if not isinstance(column.dtype, np.dtype):  # of a zone
        return Recognised(column)
    listed_dates = read_dates(how.missing) if how.missing else None
    if listed_dates is not None:
        known = listed_dates.values[~np.isnat(listed_dates.values)]
        column = column.mask(np.isin(column.to_numpy().astype("datetime64[us]"), known))
    return Recognised(column, tuple(sentinel_date(name, column)))


def _of_numbers(name: str, column: pd.Series[Any], how: CellStyle) -> Recognised:
    values = column.to_numpy(np.float64, na_value=np.nan)
    listed_numbers = [number for number in map(number_written, how.missing) if number is not None]
    gone = np.isin(values, listed_numbers)
    if gone.any():
        # a column of int64 has no place for a missing value
        column = column.astype(np.float64).mask(gone)
    told = (*sentinel(name, column), *(zeros_in_doubt(name, column) if how.is_free else ()))
    kind = kind_of_numbers(name, column) if how.is_free else []
    return Recognised(column, (*told, *kind), of_target=told)


def _as_moments(name: str, column: pd.Series[Any]) -> Recognised | None:
    """Return numbers as the moments that they write; None where the cells are not all such numbers."""
    values, wrong = numbers(column)
    read = None if wrong.any() else read_moments(values)
    if read is not None:
        text = Message("{name}: numbers are read as {read}", name=name, read=read[1])
        told = decided(text, "data.types", "number", column=name)
        return Recognised(pd.Series(read[0], column.index, name=column.name), (told,))
    days = None if wrong.any() else read_days(values)
    if days is None:
        return None
    odd = np.isnat(days) & ~np.isnan(values)
    first = as_text(values[odd][0])
    text = Message(
        "{name}: numbers are read as year, month and day; {first} in {rows} is no day and counts as missing",
        name=name,
        first=first,
        rows=counted(int(odd.sum()), "row"),
    )
    told = decided(text, "data.types", "number", column=name, cells=(first,))
    return Recognised(pd.Series(days, column.index, name=column.name), (told,))


def _as_numbers(words: DistinctWords, gone: NDArray[np.bool_], how: CellStyle) -> Recognised | None:
    """Return the column as numbers, None where it holds none or too much else."""
    # columns of plain words, the most frequent ones, end here before any pattern is tried
    digits = any(
        any(sign.isdigit() for sign in word) or looks_like_stars(word) for word in words.words[:_SAMPLE]
    )
    if how.kind == "date" or not (digits or how.kind in NUMERIC):
        return _nothing(words, gone, how)
    absent = gone | words.among(MISSING)
    rarely = words.among(RARELY_MISSING) & ~absent
    present = ~(absent | rarely)
    texts = [words.words[place] for place in np.flatnonzero(present)]
    if how.is_free and are_lettered_numbers(texts):
        return _as_codes(words, gone)
    minutes = _minutes(words.name, texts) if how.is_free and how.durations else None
    read, kind = _read_in_form(words, texts, present, how, minutes)
    values = np.full(len(words.words), np.nan)
    values[present] = read.values
    # where the first cells are none of these pairs, nothing was read as such
    if minutes is not None and read.notices:
        other = "number" if kind == "duration" else "duration"
        said = decided(
            read.notices[0],
            "data.types",
            other,
            "category",
            column=words.name,
            cells=texts[:1],
            doubtful=minutes.asked,
        )
        read = replace(read, notices=(said, *read.notices[1:]))
    odd = present & np.isnan(values)
    if read.codes:
        return _as_codes(words, gone)
    if how.kind in NUMERIC or not odd.any():
        return _numbers(words, values, odd, rarely, read, kind)
    if not _few(words, odd, ~np.isnan(values)):
        return None
    if how.odd == "missing":
        return _numbers(words, values, odd, rarely, read, kind)
    doubt = words.shown(odd)
    text = Message(
        "{name}: would be numbers but for {doubt}; to count such cells as missing, set Odd "
        "cells to missing, or the type of the column to number",
        name=words.name,
        doubt=doubt,
    )
    told = decided(text, "data.types", "number", column=words.name, cells=words.few(odd), doubtful=True)
    return Recognised(
        words.as_words(gone), (told,), doubt=Message("it would be numbers but for {doubt}", doubt=doubt)
    )


def _read_in_form(
    words: DistinctWords,
    texts: Sequence[str],
    present: NDArray[np.bool_],
    how: CellStyle,
    minutes: Verdict | None,
) -> tuple[Numerals, ColumnType | None]:
    """Return the words that are not missing as numbers, and the type by which: its own, or that of a form.

    The type is kept with the column, so that a run of before reads what it learnt: a negative year.
    """

    def as_type(kind: ColumnType | None) -> Numerals:
        style = NumberStyle(how.marks, how.codes, how.durations, how.settled, how.rules)
        return read_by_type(words.name, texts, words.counts[present], style, kind)

    kind = how.kind
    if how.is_free and (are_without_sign(texts) or point_up_and_down(texts)):
        kind = "first_number"
    elif how.is_free and has_units_of_one_kind(texts, durations=how.durations):
        kind = "measure"
    elif minutes is not None and minutes.reading == "minutes":
        kind = "duration"
    read = as_type(kind)
    # 2万+ beside 500+ of the same are counts, where no other form reads all
    if how.is_free and kind is None and np.isnan(read.values).any() and are_counts(texts):
        return as_type("measure"), "measure"
    return read, kind


def _minutes(name: str, texts: Sequence[str]) -> Verdict | None:
    """Return whether cells as 3'45" are minutes or feet; None where they are neither."""
    facts = MarkedPairs.of(name, texts)
    return None if facts is None else FEET_OR_MINUTES.verdict(facts)


def _nothing(words: DistinctWords, gone: NDArray[np.bool_], how: CellStyle) -> Recognised | None:
    """Return a column in which every cell is missing as numbers."""
    if how.kind == "date" or not bool((gone | words.among(MISSING | RARELY_MISSING)).all()):
        return None
    return Recognised(words.spread(np.full(len(words.words), np.nan), np.nan))


def _few(words: DistinctWords, odd: NDArray[np.bool_], good: NDArray[np.bool_]) -> bool:
    """Return whether the odd cells are few beside the good ones: OVER again and again is one word."""
    share = int(words.counts[odd].sum()) / int(words.counts[good | odd].sum())
    return share <= RARE or (share <= _LESS and int(odd.sum()) == 1 and int(good.sum()) >= _FEW)


def _numbers(
    words: DistinctWords,
    values: NDArray[np.float64],
    odd: NDArray[np.bool_],
    rarely: NDArray[np.bool_],
    read: Numerals,
    kind: ColumnType | None,
) -> Recognised:
    """Return the column as numbers; odd cells are missing and told."""
    told = list(read.notices)
    if odd.any():
        text = Message(
            "{name}: {shown} is no number and counts as missing", name=words.name, shown=words.shown(odd)
        )
        told.append(decided(text, "data.types", "category", column=words.name, cells=words.few(odd)))
    if rarely.any():
        text = Message("{name}: {shown} is taken as missing", name=words.name, shown=words.shown(rarely))
        told.append(decided(text, "data.types", "category", column=words.name, cells=words.few(rarely)))
    whole = bool(
        np.isfinite(values).all() and (values == np.round(values)).all() and (words.codes >= 0).all()
    )
    column = words.spread(values, np.nan)
    # beyond it not every whole number is a double, and int64 would show wrong digits as if they were right
    if whole and np.abs(values).max(initial=0) < 2**53:
        column = column.astype(np.int64)
    told += sentinel(words.name, column)
    return Recognised(column, tuple(told), unit=read.unit, kind=kind)


def _as_codes(words: DistinctWords, gone: NDArray[np.bool_]) -> Recognised:
    shown = next((word for word in words.words if word[:1] == "0" and len(word) > 1), words.words[0])
    text = Message(
        "{name}: numbers as {shown} name something and are taken as words; if they count "
        "something, set the type of the column to number",
        name=words.name,
        shown=shown,
    )
    # 05032024 and 0603 are told apart by this: as codes each day would be a value of its own
    dated = all(looks_like_date(word) for word in words.words[:_LOOKED_AT] if any(map(str.isdigit, word)))
    ways = ("date", "number") if dated else ("number",)
    told = decided(text, "data.types", *ways, column=words.name, cells=(shown,), doubtful=dated)
    return Recognised(words.as_words(gone | words.among(MISSING)), (told,))


def _as_dates(words: DistinctWords, gone: NDArray[np.bool_], how: CellStyle) -> Recognised | None:
    """Return the column as dates, None where it holds none or too much else."""
    present = np.flatnonzero(~(gone | words.among(MISSING)))
    texts = [words.words[place] for place in present]
    wanted = how.kind == "date"
    # a word that is no date is tried on all patterns: the first few decide whether that is worth it
    form_known = any(looks_like_date(text) for text in texts[:_FEW])
    if not texts or not (wanted or form_known or regrouped(texts[:_FEW])):
        return None
    chosen = next((one for one in ORDERS if one == how.order), None)
    # only where a person says that they are dates: which year is meant nobody knows
    dated = _as_days(texts) if wanted else texts
    read = read_dates(dated, chosen)
    if read is None or (not wanted and _are_codes(texts, read.values)):
        return None
    values = np.full(len(words.words), np.datetime64("NaT", "us"))
    values[present] = read.values
    odd = np.zeros(len(words.words), np.bool_)
    odd[present] = np.isnat(read.values)
    notices = [said_order(words.name, texts[0], read.order)] if read.doubtful and read.order else []
    if not form_known and not np.isnat(read.values[0]):
        moment = str(read.values[0].astype("datetime64[s]")).replace("T", " ")
        text = Message(
            "{name}: {written} is read as {moment}", name=words.name, written=texts[0], moment=moment
        )
        notices.append(decided(text, "data.types", "category", column=words.name, cells=texts[:1]))
    notices += said_years(words.name, texts, read.values)
    # clocks of summer and winter are compared, and an hour that comes twice in autumn is two hours
    if east_of_greenwich(texts[0]):
        utc = str(read.values[0].astype("datetime64[s]")).replace("T", " ")
        notices.append(
            Message(
                "{name}: times are in UTC: {written} is {utc}", name=words.name, written=texts[0], utc=utc
            )
        )
    if odd.any():
        if not wanted and not _few(words, odd, ~np.isnat(values)):
            return None
        if not wanted and how.odd == "words":
            doubt = words.shown(odd)
            text = Message(
                "{name}: would be dates but for {doubt}; to count such cells as missing, set Odd "
                "cells to missing, or the type of the column to date",
                name=words.name,
                doubt=doubt,
            )
            told = decided(text, "data.types", "date", column=words.name, cells=words.few(odd), doubtful=True)
            return Recognised(
                words.as_words(gone), (told,), doubt=Message("it would be dates but for {doubt}", doubt=doubt)
            )
        text = Message(
            "{name}: {shown} is no date and counts as missing", name=words.name, shown=words.shown(odd)
        )
        notices.append(decided(text, "data.types", "category", column=words.name, cells=words.few(odd)))
    column = words.spread(values, np.datetime64("NaT", "us"))
    notices += sentinel_date(words.name, column, words.as_words(gone))
    return Recognised(column, tuple(notices), read.order == "day", order=read.order or "")


def _as_days(texts: Sequence[str]) -> list[str]:
    """Return words of which somebody says that they are days as days are written: with a day and a year."""
    return with_a_day(with_a_year(with_dashes(texts)))


def _are_codes(texts: Sequence[str], read: NDArray[np.datetime64]) -> bool:
    """Return whether cells as 6200-01, which might be months, are rather codes: some year is out of reach."""
    if not all(_MONTH_OR_CODE.fullmatch(text) for text in texts):
        return False
    known = read[~np.isnat(read)]
    return bool(((known < _PLAUSIBLE[0]) | (known >= _PLAUSIBLE[1])).any())


_KEPT = "{name}: {word!r} stands in {rows} and is kept as a word; list it under Missing if it means missing"
_A_CLASS = (
    "{name}: {word!r} stands in {rows} and is a class to be predicted; list it under Missing if it means "
    "missing, and these rows are left out"
)
"""In words of its own: what is said of many inputs is one notice, in which a target would not be named."""


def _as_words(words: DistinctWords, gone: NDArray[np.bool_], how: CellStyle) -> Recognised:
    """Return the column as words; those that might mean missing are told."""
    never = words.among(NEVER_A_WORD) & ~gone
    perhaps = words.among(MISSING) & ~gone & ~never & ~_opposites(words)
    notices = [_said_missing(words, place) for place in np.flatnonzero(never).tolist()]
    doubts = [_asked_missing(words, place, _KEPT) for place in np.flatnonzero(perhaps).tolist()]
    classes = [_asked_missing(words, place, _A_CLASS) for place in np.flatnonzero(perhaps).tolist()]
    missing = tuple(words.words[place] for place in np.flatnonzero(never))
    texts = [words.words[place] for place in np.flatnonzero(~(gone | never))]
    of_degrees = east_or_west(words.name, texts)
    of_days = asked_of_days_without_year(words.name, texts, called_time=is_called_time(words.name))
    relative = told_of_relative_times(words.name, texts)
    notices += [*of_degrees, *of_days, *relative, *as_above(words.name, texts), *grades(words.name, texts)]
    doubt = why_no_numbers(texts)
    held = ~(gone | words.among(MISSING | RARELY_MISSING))
    # where nearly every cell differs, an input is left out and its doubt told with that
    used = int((words.counts == 1).sum()) <= _OFTEN_DIFFERENT * int(words.counts.sum())
    as_input = as_target = KeptAsWords()
    if held.any() and not (of_degrees or of_days or relative):
        meant = [words.words[place] for place in np.flatnonzero(held)]
        as_input = kept_as_words(words.name, meant, words.counts[held], how.marks)
        as_target = kept_as_words(words.name, meant, words.counts[held], how.marks, target=True)
    return Recognised(
        words.as_words(gone | never),
        (*doubts, *notices, *(as_input.notices if used else ())),
        doubt=doubt or as_input.doubt,
        missing=missing,
        of_target=(*classes, *notices, *(as_input if used else as_target).notices),
    )


def _opposites(words: DistinctWords) -> NDArray[np.bool_]:
    """Return which words that may mean missing are rather answers, as the opposite stands beside them."""
    there = {word.casefold() for word in words.words}
    meant = {word for word, opposites in _OPPOSITES.items() if there & opposites}
    return words.among(meant)


def _said_missing(words: DistinctWords, place: int) -> str:
    word = words.words[place]
    said = Message(
        "{name}: {word!r} in {rows} is taken as missing; to keep it as a word, set the type of the column to "
        "words",
        name=words.name,
        word=word,
        rows=counted(int(words.counts[place]), "row"),
    )
    return decided(said, "data.types", "words", column=words.name, cells=(word,))


def _asked_missing(words: DistinctWords, place: int, question: str) -> str:
    word = words.words[place]
    said = Message(question, name=words.name, word=word, rows=counted(int(words.counts[place]), "row"))
    return decided(said, "data.missing", word, column=words.name, cells=(word,), doubtful=True)


def measured(column: pd.Series[Any]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return a column as numbers as `engine.data.cells.values.numbers` does.

    Those are read, too, that are written as people write them: 3,5 or 12 kg.
    """
    values, wrong = numbers(column)
    if wrong.any() and not is_date(column):
        read = recognise(str(column.name), column, CellStyle(codes=False)).column
        if is_number(read):
            return numbers(read)
    return values, wrong


def said_order(name: str, word: str, order: DateOrder) -> str:
    """Return the sentence that says how dates were read that can be read in two ways."""
    read = {"day": "day/month", "month": "month/day", "year": "year/month/day"}[order]
    said = Message(
        "{name}: dates like {word} are read as {read}; if that is wrong, set the order of dates",
        name=name,
        word=word,
        read=read,
    )
    others = [other for other in ORDERS if other != order]
    return decided(said, "data.date_order", *others, column=name, now=order, cells=(word,), doubtful=True)


def dates(column: pd.Series[Any], day_first: bool) -> pd.Series[Any]:
    """Return text as dates (in UTC where a time zone is named), NaT where it is no date."""
    if is_date(column):
        return column.astype("datetime64[us]")
    present = column.notna().to_numpy()
    values = np.full(len(column), np.datetime64("NaT", "us"))
    words = _as_days([str(value) for value in column[present]])
    read = read_dates(words, "day" if day_first else "month") if words else None
    if words and (read is None or np.isnat(read.values).all()):
        read = read_dates(words)  # of two digits each, perhaps the year first
    moments = _as_moments(str(column.name), column) if read is None else None
    if moments is not None:
        return moments.column
    if read is not None:
        values[present] = read.values
    return pd.Series(values, column.index, name=column.name)
