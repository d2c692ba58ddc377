"""Text in UTF-16, which Windows calls Unicode: told without its mark from other files with zero bytes."""

from __future__ import annotations

import codecs
import unicodedata

_LOOKED_AT = 1 << 16
"""Bytes."""


def utf16_without_mark(start: bytes) -> str | None:
    """Return the codec of a text in UTF-16 that begins so without a mark; None where it is no such text.

    Of its two orders, the one in which all signs are such as people write: the other makes signs of it that
    do not exist, and so do numbers in binary. Where both would do, it is the one of more ends of lines.
    """
    if b"\0" not in start:
        return None  # no line end, no digit, no letter of ASCII
    texts = {code: _decoded(start[:_LOOKED_AT], code) for code in ("utf-16-le", "utf-16-be")}
    kept = {code: text for code, text in texts.items() if _is_written({*text})}
    return max(kept, key=lambda code: sum(map(kept[code].count, "\n ")), default=None)


def _decoded(start: bytes, code: str) -> str:
    try:
        return codecs.getincrementaldecoder(code)().decode(start)  # its end may be cut
    except UnicodeDecodeError:
        return ""


def _is_written(signs: set[str]) -> bool:
    """Return whether signs are those of a text, of which an end of a line, a blank or a digit is one."""
    return any(sign.isascii() for sign in signs) and not any(map(_no_one_writes, signs))


def _no_one_writes(sign: str) -> bool:
    """Return whether a sign is for control, of private use, or does not exist."""
    return sign not in "\t\r\n\f" and unicodedata.category(sign) in ("Cc", "Cn", "Co", "Cs")
