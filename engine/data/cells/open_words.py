"""Open words: numbers from which on, or up to which, something counts: 少于50人, under 18, 10 or more."""

from __future__ import annotations

import re

_BEFORE = (
    r"(?:no |not )?(?:less|fewer|lower|smaller|more|greater|higher|older|younger) than|under|below"
    r"|up to|over|above|at (?:least|most)|weniger als|mehr als|unter|über|bis zu|moins de"
    r"|plus de|menos de|más de"
    r"|不(?:足|到|满)|不?(?:少于|低于|小于|超过|高于|大于|多于)|未满|至少|至多|最少|最多"
)
_BEHIND = (
    r"(?:and|or|und|oder|et|ou) (?:over|up|above|older|more|higher|under|below|less|fewer|lower|younger|"
    r"mehr|älter|weniger|jünger|plus|moins)|plus"
)
_BEHIND_EASTERN = r"[及或]?以[上下内內]|未満|未满|이상|이하|미만|초과"
_MONEY = r"[^\w\s]?\s?"
_OPEN_BEFORE = re.compile(rf"(?:{_BEFORE})\s?(?={_MONEY}\d)", re.IGNORECASE)
_OPEN_BEHIND = re.compile(rf"(?:\s(?:{_BEHIND})|\s?(?:{_BEHIND_EASTERN}))$", re.IGNORECASE)
_SIGN = re.compile(r"[<>≤≥]=?\s?(?=[^\w\s]?\d)|(?<=\d)\+(?!\d)")
_LONGEST = 40


def without_open_words(word: str) -> str:
    """Return a word without those that say whether more or less is meant; others as they are.

    >>> without_open_words("少于50人"), without_open_words("$50,000 or more"), without_open_words("18-24")
    ('50人', '$50,000', '18-24')
    """
    # most words end here: none begins or ends with a letter beside a number
    if len(word) > _LONGEST or not any(map(str.isdigit, word)):
        return word
    found = _OPEN_BEFORE.match(word)
    return word[found.end() :] if found else _OPEN_BEHIND.sub("", word)


def with_signs(word: str) -> str:
    """Return a word with a sign in the place of open words, as limits of measurement are written.

    >>> with_signs("less than 1 year"), with_signs("5")
    ('<1 year', '5')
    """
    bare = without_open_words(word)
    return word if bare == word else f"<{bare}"


def limit_itself(word: str) -> str:
    """Return a word as the number that it says is the least or the most, without words and signs that say it.

    >>> limit_itself("under 18"), limit_itself("65+"), limit_itself("10+ years"), limit_itself("≥ 5")
    ('18', '65', '10 years', '5')
    """
    return _SIGN.sub("", without_open_words(word))
