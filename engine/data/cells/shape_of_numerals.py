"""The shape of numerals: digits with signs, money or a unit around them, and which of them are codes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.data.cells.amounts.sizes import MAGNITUDES, size_in_words
from engine.data.cells.number_forms import with_powers
from engine.data.cells.units import STREET

_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-", "\ufe63": "-",
                        "▲": "-", "△": "-"})  # the last two in accounts of Japan  # fmt: skip
_CURRENCIES = (
    r"(?:US\$|R\$|A\$|C\$|HK\$|NT\$|S\$|Rs\.?|Rp\.?|[$€£¥₹₽₩₺₪฿₫₴¢]|kr\.?|zł|Kč|Ft|Fr\.?|元|円|원|"
    r"USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|KRW|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|TRY|RUB|SGD|HKD)"
)
_UNITS = (
    r"%|‰|°|°?[CFK]|[mµ\u03bcuknMG]?(?:m|g|s|l|L|V|A|W|Wh|Hz|Pa|bar|mol|J|N|Ω|eV|B|t)|[cd]m|min|h|hrs?|mmHg|psi|"
    r"/(?:[a-zA-Z]{2,}|[mhsdlL])[23]?|ppm|ppb|dB|kmh?|km/h|mph|rpm|lb|lbs|oz|ft|in|mi|cal|kcal|kn|px|°[CF]|[mcdk]?m[23]|[a-zA-Zµ\u03bc]+/[a-zA-Z0-9µ\u03bc]+|[kM]"
)
"""Micro is its own sign or the Greek letter, which `plain` makes of it."""
_SYMBOL = re.compile(rf"{_CURRENCIES}|{_UNITS}")
NUMERAL = re.compile(
    rf"""(?P<open>\()?\s*(?P<limit>[<>≤≥]=?)?\s*(?P<before>[+-])?\s*(?P<money>{_CURRENCIES}|%)?\s*
    (?P<sign>[+-])?\s*(?P<body>\d[\d.,'’ ]*(?<![ '’])|[.,]\d+)(?P<power>[eE][+-]?\d+)?(?P<beyond>\+)?
    (?P<gap>\s*)(?P<after>-(?!\S))?\s*(?P<unit>/?(?u:[^\W\d_])[^\d]*[23]?|[%‰°$€£¥₹₽₩₺µ²³][^\d]*)?\s*(?P<close>\))?""",
    # ASCII: \d is 0 to 9 alone (`plain` has turned the others); (?u:) lets units have all letters
    re.ASCII | re.VERBOSE,
)
FLAG = re.compile(r"[bepdcusrfz]{1,3}")
"""Letters that statistical offices put behind a number: break, estimated, provisional ..."""
_FLAGGED = re.compile(
    r"(?P<number>.*\d)\s?(?P<open>\()?(?:(?P<flag>[a-z]{1,3})|(?P<sign>[*†‡]{1,3}))(?(open)\))"
)
SPELLED = {
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
_NAMES = re.compile(r"0\d|.*[.,]$")
"""Digits that number something: with a zero before them, or the point of an ending behind."""
_NO_CENTS = re.compile(r"(?<=\d)[.,](?:--?|[\u2013\u2014])(?=\s|$|€)")
"""What stands in the place of cents where there are none: 12,- and 5.--; 12,50- is negative."""
_MASKED = re.compile(r"[xX]{2,}")
"""Digits that are hidden: zip codes of persons are published as 917xx."""
_EAST = "\u2e80"
"""The first letter of the scripts of China, Japan and Korea."""
_NEARLY_ALL = 0.9
"""Share of the cells behind whose numbers the same word stands, so that it is their unit."""
_SHORTEST_WORD = 3
"""Letters of a unit up to which an s at its end is no plural."""
CODE_DIGITS = 16
"""A whole number of so many digits has more than a double can hold: it names something."""

_LONGEST_UNIT, _FEWEST_OF_NAME = 16, 8
_SEVERAL = 3


def parted(word: str) -> tuple[str, str]:
    """Return a number and the flag behind it, as offices have them; a flag "" where there is none.

    >>> parted("4.8 u"), parted("12.3 (e)"), parted("7.5**"), parted("11.0")
    (('4.8', 'u'), ('12.3', 'e'), ('7.5', '**'), ('11.0', ''))
    """
    found = _FLAGGED.fullmatch(word)
    return (found["number"], found["flag"] or found["sign"]) if found else (word, "")


def plain(word: str) -> str:
    """Return a word with the digits, blanks and minus signs of other keyboards made plain."""
    # before digits are made plain: 10⁵ would be 105
    word = _NO_CENTS.sub("", with_powers(word))
    if word.isascii():
        return word
    kept = word.replace("²", "2").replace("³", "3")
    # as degrees below zero are told in Chinese
    kept = f"-{kept[2:].lstrip()}" if kept.startswith("零下") else kept
    return unicodedata.normalize("NFKC", kept).translate(_MINUS).replace("’", "'").strip()


def unit_behind(match: re.Match[str]) -> str:
    """Return the unit that stands behind a numeral, "" where none does."""
    return (match["unit"] or "").strip()


def singular(unit: str) -> str:
    """Return a unit as it is of one: baths beside 1 bath; what is as short as ms or lbs stays."""
    return unit[:-1] if len(unit) > _SHORTEST_WORD and unit.isascii() and unit[-1] == "s" else unit


def fits(match: re.Match[str], own: str = "") -> bool:
    """Return whether what stands around the digits can stand around a number; `own` is the unit of others."""
    if bool(match["open"]) != bool(match["close"]):
        return False
    if match["beyond"] and match["limit"]:
        return False
    if sum(bool(match[sign]) for sign in ("open", "before", "sign", "after")) > 1:
        return False
    unit = unit_behind(match)
    # 917xx: who cannot see the last digits is shown so
    if _MASKED.fullmatch(unit):
        return False
    # $1.2M is money with a size, $5 kg nothing
    if not unit or match["money"]:
        return not unit or unit in MAGNITUDES or bool(match["money"] and size_in_words(unit))
    apart = bool(match["gap"]) or unit[0] >= _EAST  # scripts without blanks between words
    known = unit in MAGNITUDES or _SYMBOL.fullmatch(unit) is not None or bool(own and singular(unit) == own)
    return len(unit) <= _LONGEST_UNIT and (apart or known) and not (" " in unit and STREET.search(unit))


def is_code(match: re.Match[str]) -> bool:
    """Return whether digits name something: 007, or more of them than a number holds."""
    body = match["body"]
    around = match["power"] or match["beyond"] or match["money"] or match["limit"]
    # the last digit of an identity card may be an X
    if not body.isdigit() or around or unit_behind(match) not in ("", "X", "x"):
        return False
    return len(body) >= CODE_DIGITS or (not unit_behind(match) and len(body) > 1 and body[0] == "0")


def own_unit(found: Sequence[re.Match[str] | None], counts: NDArray[np.int64]) -> str:
    """Return the word that stands right behind the numbers of nearly all cells, whatever it is; "" if none.

    5000mAh and 300dpi are so: what no list knows is a unit where it comes again with other numbers.
    """
    often: Counter[str] = Counter()
    bodies: dict[str, set[str]] = {}
    for match, count in zip(found, counts.tolist(), strict=True):
        unit = unit_behind(match) if match else ""
        # 0001.png and 007b are numbered
        named = match is not None and _NAMES.match(match["body"])
        if match and not named and unit.isalpha() and len(unit) <= _LONGEST_UNIT:
            often[singular(unit)] += count
            bodies.setdefault(singular(unit), set()).add(match["body"])
    unit, count = next(iter(often.most_common(1)), ("", 0))
    lengths = {len(body) for body in bodies.get(unit, ())}
    # 200500001BS: numbers as long, each of one length, are no sizes, whatever stands behind all of them
    if (
        len(lengths) == 1
        and min(lengths) >= _FEWEST_OF_NAME
        and len(bodies[unit]) >= _NEARLY_ALL * counts.sum()
    ):
        return ""
    # 7a and 8a are classes of a school
    several = len(bodies.get(unit, ())) > (1 if len(unit) > 1 else _SEVERAL)
    return unit if several and count >= _NEARLY_ALL * counts.sum() else ""


def without_unit(word: str, unit: str) -> str:
    """Return a word without the unit that numbers had in training; of one cell nobody sees that it is a unit.

    >>> without_unit("5000 mAh", "mAh"), without_unit("1 bath", "baths"), without_unit("5000 W", "mAh")
    ('5000', '1', '5000 W')
    """
    found = NUMERAL.fullmatch(plain(word)) if unit else None
    behind = unit_behind(found) if found else ""
    if found is None or not behind or singular(behind) != singular(unit):
        return word
    return plain(word)[: found.start("unit")].rstrip()


def units_of(words: Sequence[str]) -> dict[str, str]:
    """Return the units of words that are numbers, each with the first such word; "" is none at all."""
    found: dict[str, str] = {}
    for word in words:
        match = NUMERAL.fullmatch(plain(word))
        if match and fits(match):
            unit = match["money"] or unit_behind(match)
            found.setdefault(SPELLED.get(unit, unit), word)
    return found


def looks_like_number(word: str) -> bool:
    """Return whether a cell is written like a number, of whatever unit."""
    match = NUMERAL.fullmatch(plain(word))
    return match is not None and fits(match)


def looks_like_unit(word: str) -> bool:
    """Return whether a cell is written like a unit: kPa, (l/min), [%]."""
    bracketed = len(word) > 2 and word[0] + word[-1] in ("()", "[]", "{}", "<>")
    return bracketed or word in ("-", "--") or _SYMBOL.fullmatch(word) is not None
