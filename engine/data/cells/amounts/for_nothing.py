"""Words for nothing beside amounts of money: free, 免配送费; what they name costs 0."""

from __future__ import annotations

import re

MONEY = "$€£¥\uffe5₹₩"
"""Signs of money, the yen of East Asian width among them."""
_AMOUNT = re.compile(rf"\D*[{MONEY}]\s?\d.*")
_FOR_NOTHING = re.compile(
    r"免\w{0,5}|包邮|無料|무료|free( (of charge|shipping|delivery))?|gratis|kostenlos|gratuite?",
    re.IGNORECASE,
)


def is_for_nothing(word: str) -> bool:
    """Return whether a word says that something costs nothing."""
    return _FOR_NOTHING.fullmatch(word) is not None


def is_amount(word: str) -> bool:
    """Return whether a sign of money stands right before the first digit, perhaps behind words: 配送¥3."""
    return _AMOUNT.fullmatch(word) is not None
