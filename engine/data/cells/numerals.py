"""Numerals: numbers as people write them, with thousands marks, per cent, money, units, minus signs of every
kind and limits of measurement.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.number_forms import first_number, read_compound, with_powers
from engine.data.cells.sizes import ALONE, EASTERN, MAGNITUDES, OF_MONEY, size_in_words
from engine.data.cells.units import STREET, are_of_one_kind, converted
from engine.data.cells.values import counted, listed
from engine.data.decisions import decided

_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-", "\ufe63": "-",
                        "▲": "-", "△": "-"})  # the last two in accounts of Japan  # fmt: skip
_CURRENCIES = (
    r"(?:US\$|R\$|A\$|C\$|HK\$|[$€£¥₹₽₩₺₪฿₫₴¢]|kr\.?|zł|Kč|Ft|Fr\.?|元|円|원|"
    r"USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|KRW|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|TRY|RUB|SGD|HKD)"
)
_UNITS = (
    r"%|‰|°|°?[CFK]|[mµ\u03bcuknMG]?(?:m|g|s|l|L|V|A|W|Wh|Hz|Pa|bar|mol|J|N|Ω|eV|B|t)|[cd]m|min|h|hrs?|mmHg|psi|"
    r"/(?:[a-zA-Z]{2,}|[mhsdlL])[23]?|ppm|ppb|dB|kmh?|km/h|mph|rpm|lb|lbs|oz|ft|in|mi|cal|kcal|kn|px|°[CF]|[mcdk]?m[23]|[a-zA-Zµ\u03bc]+/[a-zA-Z0-9µ\u03bc]+|[kM]"
)
"""Micro is its own sign or the Greek letter, which `_plain` makes of it."""
_SYMBOL = re.compile(rf"{_CURRENCIES}|{_UNITS}")
_NUMERAL = re.compile(
    rf"""(?P<open>\()?\s*(?P<limit>[<>≤≥]=?)?\s*(?P<before>[+-])?\s*(?P<money>{_CURRENCIES}|%)?\s*
    (?P<sign>[+-])?\s*(?P<body>\d[\d.,'’ ]*(?<![ '’])|[.,]\d+)(?P<power>[eE][+-]?\d+)?(?P<beyond>\+)?
    (?P<gap>\s*)(?P<after>-(?!\S))?\s*(?P<unit>/?(?u:[^\W\d_])[^\d]*[23]?|[%‰°$€£¥₹₽₩₺µ²³][^\d]*)?\s*(?P<close>\))?""",
    # ASCII: \d is 0 to 9 alone (`_plain` has turned the others); (?u:) lets units have all letters
    re.ASCII | re.VERBOSE,
)
_FLAG = re.compile(r"[bepdcusrfz]{1,3}")
"""Letters that statistical offices put behind a number: break, estimated, provisional ..."""
_FLAGGED = re.compile(
    r"(?P<number>.*\d)\s?(?P<open>\()?(?:(?P<flag>[a-z]{1,3})|(?P<sign>[*†‡]{1,3}))(?(open)\))"
)
_INFINITE = {"inf": np.inf, "Inf": np.inf, "-inf": -np.inf, "-Inf": -np.inf}
_SPELLED = {
    **dict.fromkeys(("$", "US$"), "USD"),
    "€": "EUR",
    "£": "GBP",
    "円": "JPY",
    **dict.fromkeys(("元", "RMB"), "CNY"),
    "₹": "INR",
    "₩": "KRW",
    "원": "KRW",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "R$": "BRL",
    **dict.fromkeys(("Fr", "Fr."), "CHF"),
}
"""Money in several spellings."""
_LONGEST_UNIT, _LOOKED_AT = 16, 200
_FEW_CELLS = 3
_NAMES = re.compile(r"0\d|.*[.,]$")
"""Digits that number something: with a zero before them, or the point of an ending behind."""
_EAST = "\u2e80"
"""The first letter of the scripts of China, Japan and Korea."""
_BARE = 0.8
_NEARLY_ALL = 0.9
"""Share of the cells behind whose numbers the same word stands, so that it is their unit."""
_SHORTEST_WORD = 3
"""Letters of a unit up to which an s at its end is no plural."""
CODE_DIGITS = 16
"""A whole number of so many digits has more than a double can hold: it names something."""


@dataclass(frozen=True)
class Marks:
    """The marks of the numbers in a file.

    `seen`: whether a number shows the decimal mark beyond doubt, or a person chose it; `thousands`: "auto", a
    mark, or "none"; `flags`: letters behind numbers that are no units, as the table has them in several
    columns, where that is told.
    """

    decimal: str = "."
    seen: bool = False
    thousands: str = "auto"
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Numerals:
    """Words as numbers, NaN where one is none; what a person should know; whether all are codes as 007; the
    unit that is written behind them, or the money before.
    """

    values: NDArray[np.float64]
    notices: tuple[str, ...] = ()
    codes: bool = False
    unit: str = ""


def read_numerals(
    name: str,
    words: Sequence[str],
    counts: NDArray[np.int64],
    marks: Marks,
    *,
    codes: bool = True,
    durations: bool = True,
    one_unit: bool = False,
) -> Numerals:
    """Return the different words of a column as numbers; `counts` says how often each occurs.

    With `codes`, words as 007 make a column of codes, which is none of numbers; without `durations`, 45分钟
    is a number of a unit, as 45 kg is.

    Words of another unit than most have are no numbers there, unless they are to be told in `one_unit` and
    both measure the same.
    """
    if marks.flags:
        pairs = zip(words, map(parted, words), strict=True)
        words = [number if flag in marks.flags else word for word, (number, flag) in pairs]
    compound = None if one_unit else read_compound(words, durations=durations)
    if compound is not None:
        return Numerals(compound[0], (f"{name}: {compound[1]}",), unit=compound[2])
    pieces = [first_number(_plain(word)) for word in words]
    behind = next((second for _, second in pieces if second), "")
    found = [_NUMERAL.fullmatch(first) for first, _ in pieces]
    own = _own_unit(found, counts)
    parts = [match if match and _fits(match, own) else None for match in found]
    known = [match for match in parts if match]
    if not known:
        return Numerals(np.full(len(words), np.nan))
    if codes and any(map(_is_code, known)):
        return Numerals(np.full(len(words), np.nan), codes=all(parts))
    decimal, grouping, notices = _reading(name, known, marks)
    values = np.array([_value(match, decimal, grouping) if match else np.nan for match in parts])
    values = np.array([_INFINITE.get(word, value) for word, value in zip(words, values, strict=True)])
    units = [_unit(match) if match else "" for match in parts]
    if one_unit and are_of_one_kind(unit for unit in units if unit):
        values, told, unit = _in_one_unit(name, values, units, words, counts)
    else:
        values, told, unit = _of_one_unit(name, values, parts, counts)
    values, limits = _with_limits(name, values, words, parts, counts)
    if codes and all(match["open"] for match in known):
        said = Message(
            "{name}: numbers in brackets as {word} are read as negative, as accountants write them",
            name=name,
            word=words[0],
        )
        notices.append(
            decided(
                said, "data.types", "first_number", "category", column=name, cells=words[:1], doubtful=True
            )
        )
    if behind:
        notices.append(
            Message(
                "{name}: what stands behind the first number of a cell, as {behind}, is left out",
                name=name,
                behind=behind,
            )
        )
    return Numerals(values, (*notices, *told, *limits), unit=unit)


def parted(word: str) -> tuple[str, str]:
    """Return a number and the flag behind it, as offices have them; a flag "" where there is none.

    >>> parted("4.8 u"), parted("12.3 (e)"), parted("7.5**"), parted("11.0")
    (('4.8', 'u'), ('12.3', 'e'), ('7.5', '**'), ('11.0', ''))
    """
    found = _FLAGGED.fullmatch(word)
    return (found["number"], found["flag"] or found["sign"]) if found else (word, "")


def _plain(word: str) -> str:
    """Return a word with the digits, blanks and minus signs of other keyboards made plain."""
    # before digits are made plain: 10⁵ would be 105
    word = with_powers(word)
    if word.isascii():
        return word
    kept = word.replace("²", "2").replace("³", "3")
    return unicodedata.normalize("NFKC", kept).translate(_MINUS).replace("’", "'").strip()


def _own_unit(found: Sequence[re.Match[str] | None], counts: NDArray[np.int64]) -> str:
    """Return the word that stands right behind the numbers of nearly all cells, whatever it is; "" if none.

    5000mAh and 300dpi are so: what no list knows is a unit where it comes again with other numbers.
    """
    often: Counter[str] = Counter()
    bodies: dict[str, set[str]] = {}
    for match, count in zip(found, counts.tolist(), strict=True):
        unit = _unit(match) if match else ""
        # 0001.png and 007b are numbered
        named = match is not None and _NAMES.match(match["body"])
        if match and not named and unit.isalpha() and len(unit) <= _LONGEST_UNIT:
            often[_singular(unit)] += count
            bodies.setdefault(_singular(unit), set()).add(match["body"])
    unit, count = next(iter(often.most_common(1)), ("", 0))
    # 7a and 8a are classes of a school
    several = len(bodies.get(unit, ())) > (1 if len(unit) > 1 else _FEW_CELLS)
    return unit if several and count >= _NEARLY_ALL * counts.sum() else ""


def without_unit(word: str, unit: str) -> str:
    """Return a word without the unit that numbers had in training; of one cell nobody sees that it is a unit.

    >>> without_unit("5000 mAh", "mAh"), without_unit("1 bath", "baths"), without_unit("5000 W", "mAh")
    ('5000', '1', '5000 W')
    """
    found = _NUMERAL.fullmatch(_plain(word)) if unit else None
    behind = _unit(found) if found else ""
    if found is None or not behind or _singular(behind) != _singular(unit):
        return word
    return _plain(word)[: found.start("unit")].rstrip()


def _singular(unit: str) -> str:
    """Return a unit as it is of one: baths beside 1 bath; what is as short as ms or lbs stays."""
    return unit[:-1] if len(unit) > _SHORTEST_WORD and unit.isascii() and unit[-1] == "s" else unit


def _fits(match: re.Match[str], own: str = "") -> bool:
    """Return whether what stands around the digits can stand around a number; `own` is the unit of others."""
    if bool(match["open"]) != bool(match["close"]):
        return False
    if match["beyond"] and match["limit"]:
        return False
    if sum(bool(match[sign]) for sign in ("open", "before", "sign", "after")) > 1:
        return False
    unit = _unit(match)
    # $1.2M is money with a size, $5 kg nothing
    if not unit or match["money"]:
        return not unit or unit in MAGNITUDES or bool(match["money"] and size_in_words(unit))
    apart = bool(match["gap"]) or unit[0] >= _EAST  # scripts without blanks between words
    known = unit in MAGNITUDES or _SYMBOL.fullmatch(unit) is not None or bool(own and _singular(unit) == own)
    return len(unit) <= _LONGEST_UNIT and (apart or known) and not (" " in unit and STREET.search(unit))


def _unit(match: re.Match[str]) -> str:
    return (match["unit"] or "").strip()


def _is_code(match: re.Match[str]) -> bool:
    """Return whether digits name something: 007, or more of them than a number holds."""
    body = match["body"]
    around = match["power"] or match["beyond"] or match["money"] or match["limit"]
    # the last digit of an identity card may be an X
    if not body.isdigit() or around or _unit(match) not in ("", "X", "x"):
        return False
    return len(body) >= CODE_DIGITS or (not _unit(match) and len(body) > 1 and body[0] == "0")


# ------------------------------------------------------------------------------------------------ marks

_THREE = re.compile(r"[1-9]\d{0,2}([.,])\d{3}", re.ASCII)


def _reading(name: str, numbers: Sequence[re.Match[str]], marks: Marks) -> tuple[str, str, list[str]]:
    """Return the decimal mark, the marks that may part thousands, and what was decided in doubt."""
    decimal, other = marks.decimal, "," if marks.decimal == "." else "."
    # who says that the point parts thousands has said that the comma is the decimal mark
    if marks.thousands not in ("auto", "none") and marks.thousands == decimal:
        decimal, other = other, decimal
    everywhere = " '" if marks.thousands == "auto" else ""
    grouping = (
        ""
        if marks.thousands == "none"
        else everywhere + (other if marks.thousands == "auto" else marks.thousands)
    )
    if marks.thousands != "auto":
        return decimal, grouping, []
    bodies = [number["body"] for number in numbers]
    marked = [number for number in numbers if "." in number["body"] or "," in number["body"]]
    kinds = {match[1] if (match := _THREE.fullmatch(number["body"])) else "" for number in marked}
    if len(kinds) == 1 and kinds != {""}:
        return _doubtful(name, bodies, marked, kinds.pop(), marks)
    fitting = {mark: sum(_parsed(body, *mark) is not None for body in bodies) for mark in
               ((decimal, grouping), (other, everywhere + decimal))}  # fmt: skip
    # of two that fit alike, max takes the first: the decimal mark of the file
    best = max(fitting, key=fitting.__getitem__)
    return best[0], best[1], []


def _doubtful(
    name: str, bodies: list[str], marked: Sequence[re.Match[str]], mark: str, marks: Marks
) -> tuple[str, str, list[str]]:
    """Decide what 1.234 means where every mark of a column has three digits behind it.

    Beside whole numbers below a thousand it parts thousands: a fraction would not always have three digits.
    Before powers of ten it rather does not, and a point surely: every program writes 1.234e5.
    """
    other = "," if mark == "." else "."
    rest = [body for body in bodies if "." not in body and "," not in body]
    # a whole number above a thousand, written without a mark, shows that thousands are not parted here
    beside = bool(rest) and all(len(body.lstrip("0")) <= 3 for body in rest if body.isdigit())
    if marks.seen:
        return marks.decimal, " '" + ("," if marks.decimal == "." else "."), []
    cells = [number["body"] + (number["power"] or "") for number in marked]
    powers = all(number["power"] for number in marked)
    if not powers and (beside or mark != marks.decimal):
        text = Message(
            "{name}: numbers like {marked} are read as thousands ({parsed:,.0f}); if it is a "
            "decimal mark, set the decimal mark",
            name=name,
            marked=cells[0],
            parsed=_parsed(marked[0]["body"], other, mark, marked[0]["power"] or "") or 0.0,
        )
        return other, " '" + mark, [_mark_decided(text, "decimal", mark, name, cells)]
    if powers and mark == ".":
        return mark, " '" + other, []
    text = Message(
        "{name}: numbers like {marked} are read as decimals; if the mark parts thousands, "
        "set the thousands mark",
        name=name,
        marked=cells[0],
    )
    return mark, " '" + other, [_mark_decided(text, "thousands", mark, name, cells)]


def _mark_decided(said: str, setting: str, other: str, name: str, cells: Sequence[str]) -> str:
    return decided(said, f"data.{setting}", other, column=name, cells=cells[:_FEW_CELLS], doubtful=True)


def _parsed(body: str, decimal: str, grouping: str, power: str = "") -> float | None:
    """Return the number of digits and marks, by its power of ten as e5; None where they do not fit."""
    whole, point, fraction = body.rpartition(decimal) if decimal in body else (body, "", "")
    if point and (not fraction.isdigit() and fraction):
        return None
    used = {character for character in whole if not character.isdigit()}
    if len(used) > 1 or not used <= set(grouping):
        return None
    if used:
        first, *groups = whole.split(used.pop())
        # lakh and crore: 12,34,567
        indian = len(groups) > 1 and all(len(group) == 2 for group in groups[:-1])
        # 0,950 is a fraction: no thousands begin with a zero, but those of two marks, as 0,000,100
        if not (1 <= len(first) <= 3 and len(groups[-1]) == 3) or (first[0] == "0" and len(groups) == 1):
            return None
        if not indian and any(len(group) != 3 for group in groups):
            return None
        whole = "".join([first, *groups])
    # by way of text: whole + fraction / 10**n may be off in the last digit
    return float(f"{whole or '0'}.{fraction or '0'}{power}")


def _value(match: re.Match[str], decimal: str, grouping: str) -> float:
    number = _parsed(match["body"], decimal, grouping, match["power"] or "")
    if number is None:
        return float("nan")
    negative = match["open"] or match["after"] or "-" in ((match["before"] or "") + (match["sign"] or ""))
    return -number if negative else number


# ------------------------------------------------------------------------------------- units and limits


def _of_one_unit(
    name: str, values: NDArray[np.float64], parts: Sequence[re.Match[str] | None], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], list[str], str]:
    """Return the values, NaN for those of another unit than most have, what was decided, and the unit."""
    values, units, scaled = _with_eastern(values, parts)
    units = _of_one_spelling(units, counts)
    money = any(match and match["money"] for match in parts)
    often: Counter[str] = Counter()
    for unit, count, value in zip(units, counts.tolist(), values.tolist(), strict=True):
        # false for NaN: words that were not read have no say in the unit, nor have zeros without one
        if value == value and (unit or value):
            often[unit] += count
    if set(often) <= {""}:
        return values, [f"{name}: {scaled}"] if scaled else [], ""
    flagged = {unit for unit in often if unit} and all(_FLAG.fullmatch(unit) for unit in often if unit)
    if flagged and often[""] > sum(often.values()) / 2:
        shown = listed(sorted(unit for unit in often if unit))
        return (
            values,
            [Message("{name}: letters behind numbers ({shown}) are left out", name=name, shown=shown)],
            "",
        )
    if often[""] > _BARE * sum(often.values()):  # a few cells with a unit are odd among bare numbers
        return np.where([unit == "" for unit in units], values, np.nan), [], ""
    # 1.2M is a size; with a blank, 1.2 M is rather a unit
    close = not any(match["gap"] for match, unit in zip(parts, units, strict=True) if match and unit)
    behind = [_unit(match) if match else "" for match in parts]
    sizes = set(behind) & set(MAGNITUDES)
    # in every file alike, lest 1.2M alone be 1.2 in M
    if close and sizes - (set() if money else ALONE) and set(often) <= {"", *MAGNITUDES, *_moneys(parts)}:
        scale = np.array([MAGNITUDES.get(unit, 1.0) for unit in behind])
        return values * scale, [f"{name}: {_said_sizes(sizes)}"], ""
    usual = max((unit for unit in often if unit), key=often.__getitem__)
    bare = usual not in ("%", "‰")  # 0.5 beside 50 % is another scale
    fits = np.array([unit == usual or (unit == "" and bare) for unit in units])
    # zero is zero in every unit, in per cent, too
    zero = np.array([unit == "" for unit in units]) & (values == 0)
    told = [f"{name}: {scaled}"] if scaled else []
    said = Message("{name}: numbers in {usual}", name=name, usual=usual)
    with_unit = np.array([unit == usual for unit in units]) & fits
    without = fits & ~with_unit & ~zero & ~np.isnan(values)
    if without.any() and _apart(values[with_unit], values[without]):
        said = Message(
            "{name}: numbers without a unit are taken to be in {usual}, too, but none is of the size of "
            "those that have it; if they are of another unit, write all in one",
            name=name,
            usual=usual,
        )
        said = decided(said, "data.types", "category", column=name, doubtful=True)
    return np.where(fits | zero, values, np.nan), [*told, said], usual


def has_units_of_one_kind(words: Sequence[str], *, durations: bool) -> bool:
    """Return whether words are numbers of several units that measure the same, and none is bare.

    Those that have a form of their own, as 2小时 beside 45分钟, are no such.
    """
    # most columns have numbers without any: they end here
    if not words or not any(sign.isalpha() or sign in "°℃℉" for sign in words[0]):
        return False
    units = units_of([words[place] for place in range(0, len(words), max(len(words) // _LOOKED_AT, 1))])
    several = len(units) > 1 and "" not in units and are_of_one_kind(units)
    return several and read_compound(words, durations=durations) is None


def _in_one_unit(
    name: str,
    values: NDArray[np.float64],
    units: Sequence[str],
    words: Sequence[str],
    counts: NDArray[np.int64],
) -> tuple[NDArray[np.float64], list[str], str]:
    """Return the values in the unit that most of them have, what was decided, and the unit."""
    often: Counter[str] = Counter()
    for unit, count in zip(units, counts.tolist(), strict=True):
        often[unit] += count
    usual = max(filter(None, often), key=often.__getitem__)
    pairs = zip(values.tolist(), units, strict=True)
    # a number without a unit has the usual one, as everywhere
    read = np.array([converted(value, unit or usual, usual) for value, unit in pairs], np.float64)
    other = next((place for place, unit in enumerate(units) if unit not in ("", usual)), 0)
    said = Message(
        "{name}: numbers of different units are read in {usual}: {word} is {value:g}",
        name=name,
        usual=usual,
        word=words[other],
        value=read[other],
    )
    told = decided(said, "data.types", "category", "first_number", column=name, cells=(words[other],))
    return read, [told], usual


def _apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Return whether all numbers of one are larger than all of the other; few are so by chance."""
    if min(len(one), len(other)) < _FEW_CELLS:
        return False
    return bool(np.nanmin(one) > np.nanmax(other) or np.nanmax(one) < np.nanmin(other))


def _of_one_spelling(units: Sequence[str], counts: NDArray[np.int64]) -> list[str]:
    """Return the units, those that mean the same as it is written most often: $ for USD, baths for bath."""
    often: Counter[str] = Counter()
    for unit, count in zip(units, counts.tolist(), strict=True):
        often[unit] += count
    usual: dict[str, str] = {}
    for unit, _ in often.most_common():
        usual.setdefault(_SPELLED.get(unit, _singular(unit)), unit)
    return [usual[_SPELLED.get(unit, _singular(unit))] for unit in units]


def units_of(words: Sequence[str]) -> dict[str, str]:
    """Return the units of words that are numbers, each with the first such word; "" is none at all."""
    found: dict[str, str] = {}
    for word in words:
        match = _NUMERAL.fullmatch(_plain(word))
        if match and _fits(match):
            unit = match["money"] or _unit(match)
            found.setdefault(_SPELLED.get(unit, unit), word)
    return found


def _with_eastern(
    values: NDArray[np.float64], parts: Sequence[re.Match[str] | None]
) -> tuple[NDArray[np.float64], list[str], str]:
    """Return the values by what 万 and 亿 behind them say, the units without these, and what was decided."""
    units = [match["money"] or _unit(match) if match else "" for match in parts]
    sizes = [size_in_words(_unit(match)) if match and match["money"] else "" for match in parts]
    signs = [size or unit[:1] for size, unit in zip(sizes, units, strict=True)]
    known = {**EASTERN, **OF_MONEY}
    seen = sorted({sign for sign in signs if sign in known})
    if not seen:
        return values, units, ""
    scale = np.array([known.get(sign, 1.0) for sign in signs])
    # 5万+ is 50,000 and more
    rest = [unit[1:].strip().removeprefix("+") if unit[:1] in EASTERN else unit for unit in units]
    said = ", ".join(f"{sign} as {known[sign]:,.0f}" for sign in seen)
    return values * scale, rest, Message("numbers are read with {said}", said=said)


def _moneys(parts: Sequence[re.Match[str] | None]) -> set[str]:
    """Return the money of numbers, where it is all of one kind."""
    found = {match["money"] for match in parts if match and match["money"]}
    return found if len(found) == 1 else set()


def _said_sizes(sizes: set[str]) -> str:
    words = {1e3: "thousands", 1e6: "millions", 1e9: "billions", 1e12: "trillions"}
    by_size = sorted(sizes | {"K", "M"}, key=MAGNITUDES.__getitem__)
    signs = list(dict.fromkeys("K" if sign == "k" else sign for sign in by_size))
    meant = dict.fromkeys(words[MAGNITUDES[sign]] for sign in signs)
    return Message(
        "{joined} behind numbers are read as {meant}", joined=_joined(signs), meant=_joined(list(meant))
    )


def _joined(words: Sequence[str]) -> str:
    """Return two or more words as one says them: K, M and B."""
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _with_limits(
    name: str,
    values: NDArray[np.float64],
    words: Sequence[str],
    parts: Sequence[re.Match[str] | None],
    counts: NDArray[np.int64],
) -> tuple[NDArray[np.float64], list[str]]:
    """Return limits as <0.01 as the number behind the sign where few are such, else as no numbers."""
    limited = np.array([bool(match and (match["limit"] or match["beyond"])) for match in parts]) & ~np.isnan(
        values
    )
    if not limited.any():
        return values, []
    rows, known = int(counts[limited].sum()), int(counts[~np.isnan(values)].sum())
    if 2 * rows > known:
        return np.where(limited, np.nan, values), []
    first = words[int(np.argmax(limited))]
    number = values[int(np.argmax(limited))]
    text = Message(
        "{name}: limits as {first} in {counted} are read as the number, {number:g}; to count "
        "them as missing, list {first} under Missing",
        name=name,
        first=first,
        counted=counted(rows, "row"),
        number=number,
    )
    shown = [word for word, limit in zip(words, limited.tolist(), strict=True) if limit][:_FEW_CELLS]
    return values, [decided(text, "data.missing", first, column=name, cells=shown)]


def looks_like_number(word: str) -> bool:
    """Return whether a cell is written like a number, of whatever unit."""
    match = _NUMERAL.fullmatch(_plain(word))
    return match is not None and _fits(match)


def looks_like_unit(word: str) -> bool:
    """Return whether a cell is written like a unit: kPa, (l/min), [%]."""
    bracketed = len(word) > 2 and word[0] + word[-1] in ("()", "[]", "{}", "<>")
    return bracketed or word in ("-", "--") or _SYMBOL.fullmatch(word) is not None
