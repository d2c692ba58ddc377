"""Sizes behind numbers: thousands, millions and what other countries count by, in letters and words."""

from __future__ import annotations

import re

MAGNITUDES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "bn": 1e9, "T": 1e12}
"""What stands behind numbers of different sizes, as in volumes of shares: 850K beside 1.2M."""
ALONE = frozenset({"T"})
"""Of these, what is rather a unit (tesla) where it stands behind all numbers, and no money before them."""
EASTERN = {"万": 1e4, "萬": 1e4, "만": 1e4, "亿": 1e8, "億": 1e8, "억": 1e8}
"""Thousands are counted by ten thousand there: 3500万 is 35,000,000, beside 1.2亿 or alone."""
OF_MONEY = {"lakh": 1e5, "lac": 1e5, "crore": 1e7, "thousand": 1e3, "million": 1e6, "billion": 1e9}
"""Sizes in words, behind amounts of money: ₹ 5.9 Lakh beside ₹ 1.2 Crore; elsewhere they may be units."""

COUNTED = {
    **EASTERN,
    **OF_MONEY,
    **{sign: MAGNITUDES[sign] for sign in "kKMB"},
    **{"千": 1e3, "十万": 1e5, "百万": 1e6, "千万": 1e7, "w": 1e4, "W": 1e4},
}
"""Sizes of rounded counts, where some cells have one and others none; w is how 万 is typed in a hurry."""


def size_in_words(unit: str) -> str:
    """Return the word for a size that stands behind money, of one or of several; "" where it is none."""
    word = unit.casefold().removesuffix("s")
    return word if word in OF_MONEY else ""


# 千克 and 千米 are units
_THOUSANDS = re.compile(r"(\d+(?:\.\d+)?)\s?千(?![克米瓦卡帕赫焦伏字])")


def with_thousands(word: str) -> str:
    """Return a word with numbers by thousands in Chinese written out: 8千 is 8000, and 3千克 stays.

    >>> with_thousands("8千"), with_thousands("1.5千元"), with_thousands("3千克")
    ('8000', '1500元', '3千克')
    """
    return _THOUSANDS.sub(lambda match: f"{float(match[1]) * 1_000:.10g}", word)
