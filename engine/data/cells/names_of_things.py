"""Names of things in letters and digits: hashes, addresses of networks, accounts, versions; no sizes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_LONGEST, _HALF, _CHANGES = 200, 0.5, 4
_FORMS = re.compile(
    r"""
    \{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?                     # UUID
    | [0-9a-f]{2}([:-][0-9a-f]{2}){5,7}                                 # MAC
    | (?!\d{1,3}(\.\d{3})+$)\d{1,3}(\.\d{1,3}){3}([:/]\d+)?             # IPv4; not 1.234.567
    | (?=.*[0-9a-f])[0-9a-f]{0,4}(:[0-9a-f]{0,4}){3,7}(%\w+|/\d+)?      # IPv6, below: with a letter or ::
    | 97[89][- ]?\d{1,5}[- ]\d+[- ]\d+[- ][\dx] | \d{1,5}-\d+-\d+-[\dx]  # ISBN
    | [A-Z]{2}\d{2}([ ]?[A-Z0-9]{4}){2,7}([ ]?[A-Z0-9]{1,3})?           # IBAN
    | (?!\d{1,3}(\.\d{3})+$)v?\d+(\.\d+){2,}([-+.]?[a-z][\w.+-]*)?      # version; not 1.234.567
    | (https?|ftp|s3|mailto|magnet|urn):\S+ | www\.\S+ | [^\s@]+@[^\s@]+\.[a-z]+
    | \d+x{2,}                                                            # with digits hidden: 917xx
    | \d{17}[\dx]                                                        # identity card of China
    | (doi:)?10\.\d{4,9}/\S+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CLOCK = re.compile(r"\d{1,3}(:\d{2}){1,3}(\.\d+)?|(?:[01]\d|2[0-4])\.[0-5]\d\.[0-5]\d")
_HEX = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{12,}", re.IGNORECASE)
_LONG_DIGITS = re.compile(r"(?=.*[A-Za-z].*\d)[A-Za-z0-9/_-]*\d{8,}[A-Za-z0-9/_-]*")
_TOKEN = re.compile(r"[A-Za-z0-9+/_=.-]+")
_RUNS = re.compile(r"[A-Za-z]+|\d+")
_LETTERED = re.compile(r"(?P<before>[A-Za-z]{0,2})-?(?P<digits>\d{5,})(?P<behind>[A-Za-z]{0,2})")
_NEARLY_ALL = 0.9
_LETTERS = re.compile(r"[A-Za-z]+")


def are_names_of_things(words: Sequence[str]) -> bool:
    """Return whether at least half of different words are names of things, in which no number is a size.

    Such have a form of their own, as 192.168.0.1, eight digits in a row beside letters, or letters and digits
    that alternate, other letters in each: units are the same in all.
    """
    if not words:
        return False
    named = sum(map(is_name_of_thing, words))
    if named >= _HALF * len(words):
        return True
    mixed = [word for word in words if _alternates(word)]
    letters = {tuple(_LETTERS.findall(word)) for word in mixed}
    return len(mixed) > 1 and len(mixed) + named >= _HALF * len(words) and 2 * len(letters) > len(mixed)


def is_name_of_thing(word: str) -> bool:
    """Return whether a word alone shows that it names something."""
    if len(word) > _LONGEST or _CLOCK.fullmatch(word):
        return False
    return any(form.fullmatch(word) for form in (_FORMS, _HEX, _LONG_DIGITS))


def are_lettered_numbers(words: Sequence[str]) -> bool:
    """Return whether nearly all words are numbers of one length, some with letters beside them.

    Invoices as 536365 beside C536379, and articles as 85123A and 85123B beside 71053, are so. What stands
    behind all numbers that have something behind them is rather a unit.
    """
    found = [match for word in words if (match := _LETTERED.fullmatch(word))]
    lengths = {len(match["digits"]) for match in found}
    before = {match["before"] for match in found} - {""}
    behind = {match["behind"] for match in found} - {""}
    plain = any(not match["before"] and not match["behind"] for match in found)
    lettered = bool(before) or len(behind) > 1
    return len(lengths) == 1 and plain and lettered and len(found) >= _NEARLY_ALL * len(words)


def _alternates(word: str) -> bool:
    if len(word) > _LONGEST or not _TOKEN.fullmatch(word):
        return False
    are_digits: list[bool] = [run.isdigit() for run in _RUNS.findall(word)]
    changes = [one is not other for one, other in pairwise(are_digits)]
    return sum(changes) >= _CHANGES
