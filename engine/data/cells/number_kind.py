"""What the numbers of a column are: measures, codes that name something, or days and times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.moments.decimal_months import are_decimal_months, may_be_decimal_months
from engine.data.cells.moments.number_dates import COMPACT, YEARS_COUNTED, bits_of_digits, read_days
from engine.data.cells.moments.number_dates import read_numbers as read_moments
from engine.data.cells.signs_of_naming import (
    are_drawn_evenly,
    are_equally_often,
    are_few_codes,
    counts_things,
    is_joined_identifier,
    is_size_of_thing,
)
from engine.data.cells.values import as_text, is_date, is_number
from engine.data.decisions import decided
from engine.data.judgement import Evidence, Judgement

_TIME = re.compile(
    r"time|date|stamp|epoch|created|updated|(^|_)ts$|_at$|时间|日期|时刻|月份|年月|month$|"
    r"datum|fecha|zeit|dato\b|\bdata\b|\bjour|日$|날짜|일자|"
    r"\bhour$|ymd|yymm|booked|\b(due|dob|birth|start(ed)?|end(ed)?|arriv|depart|deliver|admi(tted|ssion)|discharge|check.?(in|out))",
    re.IGNORECASE,
)
"""What columns of moments are called."""
_CODE = re.compile(
    r"\b(codes?|cd|zip ?(codes?)?|zip ?[45]|(post|pin|area|bar|dial|eir)(al)? ?codes?|postal|plz|cep|"
    r"postleitzahl|c[oó]digo|postnummer|sku|isbn|ean|upc|dewey|icd|naics|fips|cpv|hs|npi)\b|"
    r"代码|编码|邮编|区号|型号|货号|款号|料号|条码|条形码|郵便番号|郵遞區號|우편번호"
)
"""What columns are called of codes, with their words apart and in small letters, as `_apart` writes them."""
_PIECES = re.compile(r"(?<=[a-z])(?=[A-Z])|[\W_]+")
_GROUP = re.compile(
    r"\b(type|class|group|category|cluster|zone|tariff|ward|district|region|route|batch|site|plot|block|hive|tray|"
    r"cage|store|shop|branch|machine|line|station|team|room|subject|patient|person|rater|operator)$|"
    r"[a-z]class$|(类型|类别|班级|组别|区号|机台)$",
    re.IGNORECASE,
)
"""What columns are called of which each number names one of a few."""
_THING = re.compile(
    r"(\b(title|name|brand|model|make|manufacturer|city|country|province|nation|nationality|company|agent|agency|"
    r"supplier|vendor|seller|dealer|merchant|distributor|hospital|school|college|department|occupation|profession|"
    r"job|race|ethnic|ethnicity|religion|genre|breed|species|colou?r|publisher|currency|airport|airline|carrier)|"
    r"(品牌|车型|城市|省份|地区|国家|职业|岗位|职位|部门|院系|学院|专业|民族|渠道|供应商|厂家|商家|医院|科室|银行|行业|颜色|品种))$"
)
"""What columns are called of things that have names, with their words apart and in small letters."""
_IDENTIFIER = re.compile(
    r"(?i:(^|[\W_\u2e80-\uffff])(id|uuid|guid))$|[a-z](Id|ID)$|(?<![信符型])[号號]$|"
    r"^[#№]$|(^|[\W_])(N[or]\.?|n[or]\.|[Nn]º)$"
)
"""What columns are called whose numbers stand for persons, places or things; not paid, Madrid or NO."""
_AMOUNT = re.compile(
    r"\b(prices?|costs?|salary|salaries|wages?|pay|income|earnings|revenues?|sales|amounts?|turnover|profits?|"
    r"budgets?|balance|population|inhabitants|volumes?|areas?|visitors|views|rents?|fees?|tax(es)?)\b|"
    r"价|金额|工资|薪|收入|销售额|营业额|费用|成本|预算|人口|产量|播放量"
)
"""What columns of amounts are called, with their words apart and in small letters."""
_PLACE = re.compile(
    r"\b(coordinates?|coords?|easting|northing|utm|[xyz]|lat(itude)?|lon(gitude)?|elevation|altitude|depth)\b|坐标|经度|纬度|海拔"
)
"""What columns are called that say where something lies."""
_SAYS_NOTHING = re.compile(
    r"(?:[a-z]|col|column|field|fld|feature|feat|attr|attribute|var|variable|cat|input|anon)[ _.-]?\d{1,4}",
    re.IGNORECASE,
)
"""What columns are called whose names were taken away."""
_FAR_APART, _FEWEST_SCATTERED, _FEWEST_SIZE = 20, 5, 100
"""Numbers between two that occur, at the mean; different ones; and the least that names something."""
_ROUND, _FEW_LARGE, _FEWEST_DIGITS, _MOST_NANOSECONDS = 0.1, 0.3, 10_000_000, 1e19
"""Share of numbers that end in 00 where some are rounded, and of those in the upper half of their span or in
its outer quarters, where sizes crowd below or in the middle."""
_FEW_ENDS = 3
_FEWEST_OF_TIME = 100_000
"""Smaller numbers are no dates of six digits; of those a year and a month are read, and a short year."""
_MOST_GROUPS, _FEWEST_GROUPS, _OFTEN = 30, 3, 3
"""Different numbers that may name groups, and rows of each."""
_MOST_INPUTS = 100
"""Different numbers of which each may have an input of its own; a category of more is left out."""
_DAYS, _SPAN = (36_526, 51_000), 5_500
"""Days of a spreadsheet from 2000 to 2039, and those of fifteen years."""
_MONTHS, _YEARS = (190_001, 209_912), (1900, 2100)
_MINUTES = 1_440
_EXPONENT = re.compile(r"\d{1,3}[eE]\d{1,3}")
_PADDED = re.compile(r"0\d")
_SAMPLE, _FEWEST_ROWS = 5_000, 20
_DECADES, _LONG, _DIALLED = 1e4, 1e11, (1e10, 1e11)
_TEN_DIGITS, _NEARLY_WHOLE, _THOUSAND = 1e9, 0.95, 1_000
"""Numbers of so many digits name somebody where they come again: written by programs, a few have decimals,
or only the first digits of all, and amounts of money as large are mostly round."""
_FEWEST_MONTHS = 6
"""Different numbers of six digits that are all a year and a month: one in eight ends so by chance."""
_NO_CHANCE = 10.0
"""Bits that say that numbers write moments digit by digit."""
_MOSTLY, _RARELY_NONE = 0.9, 0.15
"""Share of the numbers that come but once, and of those that are no days beside days, as 20070009."""
_COUNTED, _FEWEST_TENTHS = frozenset({11, 12}), 5
"""What may stand behind a point that is no decimal mark, from ten on, and how many others stand there."""


@dataclass(frozen=True)
class NumbersOfColumn:
    """What the numbers of a column say of their kind.

    `name`: that of the column; `moment`: as what they can be read as days or times, "" where they cannot;
    `minutes`: whether they are days with a time in whole minutes; `groups`: whether they are a few whole
    numbers that come again and again, `counted`: which begin at 0 or 1 without a gap, `even`: each as often
    as the others; `padded`: whether some are written with a zero before, and come again and again;
    `exponents`: whether all are written as 1E05, over many sizes; `long`: whether all have twelve digits and
    more, and about as many; `dialled`: whether all have eleven, and hardly one comes twice; `counted_on`:
    whether 1.9 is followed by 1.11, as what stands behind the point is counted; `identifies`: whether whole
    numbers, some of which come again, are called as identifiers are; `coded`: whether they are called
    codes; `many`: whether they are too many for a
    category; `digits`: how many digits all of them have, where hardly one comes twice, else 0; `rising`:
    whether hardly one comes twice and each is larger than the one before, by steps of any size. Of those of
    one length, `rounded`: whether more end in 00, or in another ending of prices, than by chance; `crowded`:
    whether they crowd below or in the middle of their span, as sizes do. `again`:
    whether nearly all have ten digits and more, about as many, and come again; `months`: whether they are
    written as a year and a month with a point between; `digits_of_moments`: whether so many others between
    them would write no moment that it is no chance; `scattered`: whether whole numbers that come again
    and again lie far apart at no even steps, under a name that says nothing.
    """

    name: str
    moment: str = ""
    minutes: bool = False
    groups: bool = False
    counted: bool = False
    even: bool = False
    padded: bool = False
    exponents: bool = False
    long: bool = False
    dialled: bool = False
    counted_on: bool = False
    identifies: bool = False
    coded: bool = False
    many: bool = False
    digits: int = 0
    rising: bool = False
    rounded: bool = False
    crowded: bool = False
    again: bool = False
    months: bool = False
    digits_of_moments: bool = False
    scattered: bool = False
    counts_things: bool = False
    drawn: float = 0.0
    few_codes: bool = False

    @classmethod
    def of(cls, name: str, column: pd.Series[Any], words: Sequence[str]) -> NumbersOfColumn:
        """Return those of a column; `words` are its different cells as they are written, if it is of text."""
        whole_column: NDArray[np.float64] = column.to_numpy(np.float64, na_value=np.nan)
        # sorting each of hundreds of long columns would take longer than reading them
        places = np.linspace(0, len(whole_column) - 1, min(len(whole_column), _SAMPLE)).astype(np.int64)
        values = whole_column[places]
        different, counts = np.unique(values[np.isfinite(values)], return_counts=True)
        if not len(different):
            return cls(name)
        whole = bool((different == np.round(different)).all())
        often = bool(counts.sum() >= _OFTEN * len(different))
        groups = whole and often and _FEWEST_GROUPS <= len(different) <= _MOST_GROUPS
        digits = whole and different[0] >= _FEWEST_OF_TIME and bits_of_digits(different) >= _NO_CHANCE
        called = _TIME.search(name) and len(different) >= _FEWEST_GROUPS
        least = _FEWEST_OF_TIME if called or digits else _FEWEST_DIGITS
        moment = _moment(values, different, least) and _moment(whole_column, different, least)
        if moment and not _TIME.search(name) and _is_far(whole_column, moment):
            moment = ""
        # seconds since 1970 are ten digits by chance, but hardly days
        dated = bool(moment) and (moment in COMPACT or _TIME.search(name) is not None)
        once = whole and not dated and _each_once(different, counts)
        return cls(
            name,
            moment,
            # only then are they small enough to be multiplied
            bool(moment) and not whole and _is_near(different * _MINUTES),
            groups,
            groups and different[0] in (0, 1) and different[-1] - different[0] == len(different) - 1,
            groups and are_equally_often(counts),
            often and any(map(_PADDED.match, words)),
            bool(words)
            and all(map(_EXPONENT.fullmatch, words))
            and bool(different[-1] / _DECADES >= max(different[0], 1)),
            whole
            and all(map(str.isdigit, words))
            and not _TIME.search(name)
            and different[0] >= _LONG
            # divided, as the largest doubles times ten thousand are infinite
            and different[-1] / _DECADES < different[0],
            whole
            and _DIALLED[0] <= different[0]
            and different[-1] < _DIALLED[1]
            and len(different) >= _MOSTLY * counts.sum(),
            _is_counted_on(different),
            _is_nearly_whole(different, counts)
            and _FEWEST_GROUPS <= len(different) < counts.sum()
            and _is_called_identifier(name),
            whole and len(different) >= _FEWEST_GROUPS and _is_called_code(name, different),
            len(different) > _MOST_INPUTS,
            _digits(different) if once else 0,
            once and _is_rising(values) and not _TIME.search(name),
            once and _is_rounded(different),
            once and _is_crowded(different),
            not (moment or _TIME.search(name) or _AMOUNT.search(_apart(name)))
            and _come_again(different, counts),
            are_decimal_months(words or [*map(as_text, different)], called_time=is_called_time(name))
            and (bool(words) or may_be_decimal_months(different)),
            bool(moment) and bool(digits),
            whole and often and _SAYS_NOTHING.fullmatch(name) is not None and _are_scattered(different),
            # in their order: of a long column the first rows
            not moment and counts_things(name, whole_column[:_SAMPLE]),
            different[-1]
            if once and not (moment or _is_rounded(different)) and are_drawn_evenly(different)
            else 0.0,
            groups and not (moment or _AMOUNT.search(_apart(name))) and are_few_codes(different),
        )


def is_called_time(name: str) -> bool:
    """Return whether a column is called as those of moments are."""
    return _TIME.search(name) is not None


def names_somebody(name: str, column: pd.Series[Any]) -> bool:
    """Return whether the cells of a column, some of which come again, name persons, places or things."""
    if is_date(column):
        return False
    called = _is_called_identifier(name)
    # most columns of a wide table end here, before their numbers are sorted
    if not is_number(column):
        return called
    # what is counted and stands still is somebody in several rows; what begins anew is another each time
    on = bool(column.is_monotonic_increasing)
    if not (called or on or column.max() >= _TEN_DIGITS):
        return False
    facts = NumbersOfColumn.of(name, column, ())
    return facts.identifies or facts.again or (on and facts.counts_things)


def _is_called_identifier(name: str) -> bool:
    return _IDENTIFIER.search(name) is not None or is_joined_identifier(name)


def _is_far(values: NDArray[np.float64], moment: str) -> bool:
    """Return whether numbers that count from 1970 on are moments of years of which hardly any are kept."""
    read = None if moment in COMPACT else read_moments(np.where(np.isfinite(values), values, np.nan))
    if read is None or "1970" not in moment:
        return False
    years = read[0][~np.isnat(read[0])].astype("datetime64[Y]").astype(np.int64) + 1970
    return bool(years.min() < YEARS_COUNTED[0] or years.max() > YEARS_COUNTED[1])


def _names_amount(name: str) -> bool:
    """Return whether a column is called as an amount or a place, and not as what numbers it, as priceId."""
    called = _AMOUNT.search(_apart(name)) or _PLACE.search(_apart(name))
    return bool(called) and not (_is_called_identifier(name) or _CODE.search(_apart(name)))


def _is_called_code(name: str, different: NDArray[np.float64]) -> bool:
    """Return whether whole numbers are called as codes are, or as what has a name; years are no names."""
    years = _YEARS[0] <= different[0] and different[-1] <= _YEARS[1]
    if is_size_of_thing(name):
        return False
    return bool(_CODE.search(_apart(name)) or (_THING.search(_apart(name)) and not years))


def _no_day(column: pd.Series[Any]) -> str:
    """Return the first number of a column that is no day, where the others are; "" where all are moments."""
    values = column.to_numpy(np.float64, na_value=np.nan)
    days = None if read_moments(values) else read_days(values)
    odd = np.zeros(len(values), np.bool_) if days is None else np.isnat(days) & ~np.isnan(values)
    return as_text(values[odd][0]) if odd.any() else ""


def _apart(name: str) -> str:
    """Return the name of a column with its words apart: zip code of ZipCode and zip_code."""
    return " ".join(filter(None, _PIECES.split(name))).casefold()


def _each_once(different: NDArray[np.float64], counts: NDArray[np.int64]) -> bool:
    return len(different) >= max(_FEWEST_ROWS, float(_MOSTLY * counts.sum()))


def _is_nearly_whole(different: NDArray[np.float64], counts: NDArray[np.int64]) -> bool:
    """Return whether nearly all numbers are whole, as names are but for some that a sheet spoilt."""
    return bool(counts[different == np.round(different)].sum() >= _NEARLY_WHOLE * counts.sum())


def _come_again(different: NDArray[np.float64], counts: NDArray[np.int64]) -> bool:
    """Return whether nearly all numbers have ten digits and more, some come again, and hardly one is round.

    Nine in ten are within a hundredth of the largest, as where all of a range are given out alike; the
    incomes of countries have as many digits, but differ by more.
    """
    if not _is_nearly_whole(different, counts) or len(different) >= counts.sum() or not len(different):
        return False
    large = different >= max(_TEN_DIGITS, different[-1] / 100)
    rounded = (different % _THOUSAND == 0).mean()
    return bool(len(different) >= _FEWEST_GROUPS and large.mean() >= _MOSTLY and 2 * rounded < 1)


def _digits(different: NDArray[np.float64]) -> int:
    """Return how many digits whole numbers have that are all of one length, 0 where they are not."""
    least, most = (len(as_text(value)) for value in (different[0], different[-1]))
    return least if least == most and different[0] > 0 else 0


def _is_rising(values: NDArray[np.float64]) -> bool:
    """Return whether each number is larger than the one before, and the steps are not even, as of a clock."""
    steps = np.diff(values[np.isfinite(values)])
    return bool(len(steps) and (steps > 0).all() and (steps == np.median(steps)).mean() < _MOSTLY)


def _is_rounded(different: NDArray[np.float64]) -> bool:
    """Return whether many numbers end in 00, or in 99 or the like; those of things do so as others do."""
    ends = np.bincount((different % 100).astype(np.int64), minlength=100) / len(different)
    # who numbers in steps of ten has ten ends, all as often
    least = max(_ROUND, 2 / np.count_nonzero(ends)) if np.count_nonzero(ends) > _FEW_ENDS else _ROUND
    return bool(ends[[0, 50, 90, 95, 98, 99]].max() >= least)


def _is_crowded(different: NDArray[np.float64]) -> bool:
    """Return whether numbers crowd below or in the middle of their span: those of things fill it evenly."""
    span = different[-1] - different[0]
    places = (different - different[0]) / max(span, 1)
    outer = (places < 0.25) | (places > 0.75)
    return bool(min((places > 0.5).mean(), outer.mean()) <= _FEW_LARGE)


def _is_counted_on(different: NDArray[np.float64]) -> bool:
    """Return whether 5.11 stands beside 5.9 and 6.2, and no 5.25, so that the point is no decimal mark.

    Whether 5.1 was written 5.10 is no longer seen; whoever measures to hundredths has others than 11 and 12.
    """
    # infinite ones times a hundred warn, and large ones have no hundredths
    if not len(different) or np.abs(different).max() >= _FEWEST_DIGITS:
        return False
    hundredths = different * 100
    behind = np.round(hundredths).astype(np.int64) % 100
    if not np.allclose(hundredths, np.round(hundredths), atol=1e-6):
        return False
    two, one = set(behind[behind % 10 != 0].tolist()), set(behind[behind % 10 == 0].tolist()) - {0}
    return bool(two) and two <= _COUNTED and len(one) >= _FEWEST_TENTHS


def _are_scattered(different: NDArray[np.float64]) -> bool:
    """Return whether few of the numbers between the least and the most occur, and these at no even steps."""
    if len(different) < _FEWEST_SCATTERED or different[0] < _FEWEST_SIZE or different[-1] >= _TEN_DIGITS:
        return False
    # amounts are rounded to tens and hundreds
    step = np.gcd.reduce(np.diff(different).astype(np.int64))
    return step == 1 and bool(different[-1] - different[0] >= _FAR_APART * len(different))


def _is_near(values: NDArray[np.float64]) -> bool:
    # decimal digits cut times of day off: 16:00 is 0.6666666667
    return bool((np.abs(values - np.round(values)) < 1e-3).all())


def _are_months(different: NDArray[np.float64]) -> bool:
    """Return whether all numbers are 190001 to 209912: a year and a month."""
    months = different % 100
    plausible = (different >= _MONTHS[0]) & (different <= _MONTHS[1])
    return bool((plausible & (months == np.round(months)) & (months >= 1) & (months <= 12)).all())


def _moment(values: NDArray[np.float64], different: NDArray[np.float64], least: int) -> str:
    """Return how numbers are read as moments, where they can be and hardly are so by chance.

    The largest is at least `least`, or all are days as spreadsheets count them.
    """
    in_sheets = (
        _DAYS[0] <= different[0] and different[-1] <= _DAYS[1] and different[-1] - different[0] < _SPAN
    )
    # numbers of fewer digits may be a year and a month by chance
    months = len(different) >= _FEWEST_MONTHS and _are_months(different)
    if not (in_sheets or months or least <= different[-1] < _MOST_NANOSECONDS):
        return ""
    finite = np.where(np.isfinite(values), values, np.nan)
    read = read_moments(finite)
    if read:
        return read[1]
    days = read_days(finite)
    odd = 0.0 if days is None else np.isnat(days)[~np.isnan(finite)].mean()
    return "year, month and day" if 0 < odd <= _RARELY_NONE else ""


_TABLE: tuple[Evidence[NumbersOfColumn], ...] = (
    Evidence(
        "read as moments", "date", 1, lambda one: bool(one.moment),
        "numbers of eight digits, or from 36526 to 51000, are days by chance about as often as meant",
    ),
    Evidence(
        "digit by digit", "date", 5, lambda one: one.digits_of_moments,
        "from one month or hour into the next, digits leave out what is no moment, as numbers hardly do",
    ),
    Evidence(
        "called as a time", "date", 3, lambda one: bool(one.moment and _TIME.search(one.name)),
        "a column called so holds hardly anything else that can be read so",
    ),
    Evidence(
        "whole minutes", "date", 4, lambda one: bool(one.moment and one.minutes),
        "amounts are no whole multiples of a 1440th, but for those that are whole",
    ),
    Evidence(
        "a year and a month", "date", 4, lambda one: one.moment == "year and month",
        "hardly six numbers of six digits begin with a year and end with a month by chance",
    ),
    Evidence(
        "months behind the point", "date", 6, lambda one: one.months,
        "2023.10 beside 2023.9 is October; as a number it is that of January",
    ),
    Evidence(
        "zeros before", "code", 5, lambda one: one.padded,
        "a zero is written before what is filed: 005.133 on a shelf; readings of meters come but once",
    ),
    Evidence(
        "exponents without a sign", "code", 5, lambda one: one.exponents,
        "programs write 1.0e+05; 1E05 and 2E10 are the names of plots, wells or seeds",
    ),
    Evidence(
        "twelve digits", "code", 5, lambda one: one.long,
        "nobody measures to twelve digits: chips, articles and accounts are numbered so",
    ),
    Evidence(
        "ten digits and more, again", "code", 5, lambda one: one.again,
        "nobody measures the same to ten digits twice; who comes twice has one number",
    ),
    Evidence(
        "eleven digits, each once", "code", 5, lambda one: one.dialled,
        "telephones of China have eleven digits; amounts as large are hardly all of one length",
    ),
    Evidence(
        "counted behind the point", "code", 5, lambda one: one.counted_on,
        "5.11 feet and version 1.11 come after 5.9 and 1.9, and 5.10 is read as 5.1",
    ),
    Evidence(
        "each once, of six digits and more", "code", 3, lambda one: one.digits >= 6,
        "numbers of persons and orders have one length; measures of this size hardly begin at 100000",
    ),
    Evidence(
        "each once, of eight digits and more", "code", 2, lambda one: one.digits >= 8,
        "the longer they are, the fewer measures are whole numbers of one length",
    ),
    Evidence(
        "rising", "code", 3, lambda one: one.rising and one.digits >= 3,
        "who sorts a table does so by the numbers of its rows more often than by a measure",
    ),
    Evidence(
        "counts on, with breaks", "code", 6, lambda one: one.counts_things,
        "what grows by one from row to row, and stands still or begins anew, numbers persons or samples",
    ),
    Evidence(
        "drawn evenly from 0 on", "code", 3, lambda one: one.drawn > 0,
        "sizes as large have few large ones; keys and seeds of programs are drawn evenly",
    ),
    Evidence(
        "drawn from many millions", "code", 3, lambda one: one.drawn >= _FEWEST_DIGITS,
        "nobody measures whole numbers so large, each another, that fill their range",
    ),
    Evidence(
        "few of one length, some neighbours, others far apart", "code", 2, lambda one: one.few_codes,
        "100, 101 and 305 are sorts of weather; amounts are rounded, and measures lie close together",
    ),
    Evidence(
        "called an amount or a place", "measure", 3,
        lambda one: bool(one.digits or one.drawn) and _names_amount(one.name),
        "prices, people of towns and metres to the equator may all have six digits, each row others",
    ),
    Evidence(
        "rounded", "measure", 3, lambda one: bool(one.digits and one.rounded),
        "prices end in 00 or 99, and who estimates rounds; numbers of things end as chance has it",
    ),
    Evidence(
        "crowded", "measure", 2, lambda one: bool(one.digits and one.crowded),
        "sizes have few large ones, or few at both ends; numbers that are given away fill their span",
    ),
    Evidence(
        "called a code", "code", 4, lambda one: one.coded,
        "a code has no size, though its numbers have; brand 12 is no more than brand 3",
    ),
    Evidence(
        "scattered under a name that says nothing", "code", 5, lambda one: one.scattered,
        "15706 comes again and its neighbours never do: who measures to five digits meets others",
    ),
    Evidence(
        "called an identifier", "code", 5, lambda one: one.identifies,
        "PULocationID 130 is no more than 65: numbers of places, shops and persons have no size",
    ),
    Evidence(
        "called a group", "code", 3,
        lambda one: one.groups and bool(_GROUP.search(one.name)) and not is_size_of_thing(one.name),
        "zone 4 is not twice zone 2; but classes of a ship and levels of a test do have an order",
    ),
    Evidence(
        "as often as the others", "code", 2, lambda one: one.counted and one.even,
        "counts have few large ones; who numbers cages or rounds has as many of each",
    ),
)  # fmt: skip

NUMBER_KIND = Judgement(
    (("measure", 5.0), ("code", 0.0), ("date", 0.0)), _TABLE, costly=frozenset({"code", "date"})
)
"""Numbers are measures unless five bits say otherwise; what else is asked, as sizes would be lost."""


def kind_of_numbers(name: str, column: pd.Series[Any], words: Sequence[str] = ()) -> list[str]:
    """Return what a person should know of numbers that may name something or be moments, if they may."""
    facts = NumbersOfColumn.of(name, column, words)
    verdict = NUMBER_KIND.verdict(facts)
    if verdict.outcome == "clear":
        return []
    # of codes, one that shows it
    first = next(filter(_PADDED.match, words), words[0]) if words else as_text(column.dropna().iloc[0])
    if verdict.other == "date":
        return [_told_moments(name, column, words, facts, first, doubtful=verdict.asked)]
    named = facts.identifies or facts.coded or facts.scattered or facts.few_codes
    said = Message(
        "{name}: numbers as {first} rather name something than measure it, but are learnt as sizes; leave "
        "the column out, or set its type to category, or to date where they are moments"
        if (facts.long or facts.dialled) and facts.moment
        else "{name}: numbers as {first}, of which some come again, rather name somebody than measure "
        "something, but are learnt as sizes; leave the column out, or set its type to category"
        if facts.again
        else "{name}: numbers as {first} rather name something than measure it, but are learnt as sizes; "
        "leave the column out, or set its type to category"
        if facts.long or facts.dialled
        else "{name}: of numbers as {first}, of one length, hardly one comes twice: they may number persons "
        "or things, but are learnt as sizes; if they only tell rows apart, leave the column out"
        if facts.digits and not named
        else "{name}: numbers that go on by one with the rows, some twice or from the first one anew, may "
        "number persons or things, but are learnt as sizes; if they only tell rows apart, leave the column "
        "out"
        if facts.counts_things and not named
        else "{name}: numbers as {first}, evenly from 0 on and hardly one twice, may number persons or "
        "things, but are learnt as sizes; if they only tell rows apart, leave the column out"
        if facts.drawn and not named
        else "{name}: numbers as {first} seem to name something, but are learnt as sizes; of so many, leave "
        "the column out"
        if named and facts.many
        else "{name}: numbers as {first} may name something, but are learnt as sizes; to learn from each as "
        "a value of its own, set the type of the column to category",
        name=name,
        first=first,
    )
    # where hardly one comes twice, a value of its own teaches nothing
    ways: tuple[str, ...] = ("category", "leave_out") if named else ("category",)
    if facts.digits and not (facts.long or facts.dialled):
        # moments that no name tells of stand in order; who is numbered so may stand anywhere
        ways = ("leave_out", "category", *(("date",) if facts.moment and facts.rising else ()))
    elif facts.long or facts.dialled or facts.again or ((facts.counts_things or facts.drawn) and not named):
        ways = ("leave_out", "category", *(("date",) if facts.moment else ()))
    elif named and facts.many:
        ways = ("leave_out",)
    return [decided(said, "data.types", *ways, column=name, cells=(first,), doubtful=verdict.asked)]


def _told_moments(
    name: str,
    column: pd.Series[Any],
    words: Sequence[str],
    facts: NumbersOfColumn,
    first: str,
    *,
    doubtful: bool,
) -> str:
    """Return what is said of numbers that seem to be months or days."""
    if facts.months and not words:
        # a sheet keeps numbers, in which the zero of 2023.10 is lost
        said = Message(
            "{name}: numbers as {first} seem to be a year and a month with a point between, but are learnt "
            "as sizes, and January and October are one number; write the months as text, as 2023-10, or "
            "leave the column out",
            name=name,
            first=first,
        )
        return decided(said, "data.types", "leave_out", column=name, doubtful=doubtful)
    if facts.months:
        october = next((word for word in words if word.endswith(".10")), max(words, key=len))
        said = Message(
            "{name}: numbers as {first} seem to be a year and a month with a point between, but are learnt "
            "as sizes, in which October is January; to learn from the month, set the type of the column to "
            "date",
            name=name,
            first=october,
        )
        shown = dict.fromkeys((october, words[0]))
        return decided(said, "data.types", "date", column=name, cells=shown, doubtful=doubtful)
    if odd := _no_day(column):
        said = Message(
            "{name}: numbers as {first} seem to be {read} and are learnt as numbers; to learn from the "
            "day, set the type of the column to date; such as {odd}, which are no days, then count as "
            "missing",
            name=name,
            first=first,
            read=facts.moment,
            odd=odd,
        )
        cells = (first, odd)
        return decided(said, "data.types", "date", column=name, cells=cells, doubtful=doubtful)
    said = Message(
        "{name}: numbers as {first} seem to be {read} and are learnt as numbers; to learn "
        "from the day and the hour, set the type of the column to date",
        name=name,
        first=first,
        read=facts.moment,
    )
    return decided(said, "data.types", "date", column=name, cells=(first,), doubtful=doubtful)
