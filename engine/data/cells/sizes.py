"""Sizes behind numbers: thousands, millions and what other countries count by, in letters and words."""

from __future__ import annotations

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
