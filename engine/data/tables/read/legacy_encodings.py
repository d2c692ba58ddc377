"""Legacy encodings: which one the bytes of a text are written in that is no UTF-8.

Told by our own rules rather than by a detection library: tables are short and full of digits, and on thirteen
short tables of as many encodings charset-normalizer 3.5 was wrong about seven, this one about none. For
East Asian encodings, the common characters lie in known ranges of bytes. For the others, the letters that are
no ASCII must be those of one language.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

_SIGNS = "°µ²³€£§±–—\u2018’“”„…×·½¼¾\u00a0«»©®™ºª¿¡"
_BETWEEN_WORDS = "\u2018“”„…×·½¼¾\u00a0«»©®™ºª¿¡"
"""Signs that no letters stand on both sides of, unlike the apostrophe of don’t and d’un."""
_LANGUAGES = {
    "western": (
        "äöüßÄÖÜ", "éèêëàâçîïôùûüœÉÀÇÈÊÎÔ", "áéíóúñüÁÉÍÓÚÑÜ", "ãõáéíóúâêôçàÃÕÁÉÍÓÚÂÊÔÇ", "àèéìòùÀÈÉÌÒÙ",
        "æøåÆØÅé", "åäöÅÄÖéü", "áðéíóúýþæöÁÐÉÍÓÚÝÞÆÖ", "ëéïèöüê", "àèéíïòóúüç",
    ),
    "central": (
        "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", "áäčďéíĺľňóôŕšťúýžÁČĎÉÍĽŇÓŠŤÚÝŽ", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
        "áéíóöőúüűÁÉÍÓÖŐÚÜŰ", "čćđšžČĆĐŠŽ", "ăâîşţĂÂÎŞŢ",
    ),
    "turkish": ("çğıöşüâîÇĞİÖŞÜ",),
}  # fmt: skip
"""The letters of each language that are no ASCII."""
_ICELANDIC = frozenset("áæóúéí")
"""Some of these stand in any Icelandic text; þ, ð and ý alone are Turkish letters misread."""
_LATIN = {
    "cp1252": "western", "cp1250": "central", "cp1254": "turkish", "mac_roman": "western",
    "iso8859_2": "central", "cp850": "western",
}  # fmt: skip
"""Encodings of Latin letters, the commonest first: it wins where several fit alike."""
_ALPHABETS = {
    "cp1251": ("\u0430-яёіїєґў", "оеаинтсрвлкм"),
    "koi8_r": ("\u0430-яё", "оеаинтсрвлкм"),
    "cp1253": ("α-ωάέήίόύώϊϋΐΰ", "αοιετσνηυρπκ"),
    "cp874": ("ก-ฺเ-๎", "านรอกเงมยลวดทสตหปบค"),
    "cp1255": ("א-ת", "יוהלרתאמבשנ"),
    "cp1256": ("ء-ي", "اليمنرتوبةعد"),
}
"""Encodings of other alphabets: their small letters, and the commonest of these."""
_USUAL_SHARE = 0.45
"""Share of the commonest letters in a text; below, it is hardly a text of that language."""
_BETWEEN = 0.05
_FEWEST_PAIRS, _FEWEST_LETTERS = 4, 3


def legacy_encoding(block: bytes) -> tuple[str, bool]:
    """Return the encoding of bytes that are no UTF-8, and whether it is but a guess."""
    best, most = "", 0.7
    for encoding, common in _ASIAN.items():
        if not _can_be(block, encoding):
            continue
        share = common(block)
        if share > most:
            best, most = encoding, share
    if best:
        return best, True
    scores = {encoding: _latin(block, encoding, kind) for encoding, kind in _LATIN.items()}
    scores |= {encoding: _alphabetic(block, encoding) for encoding in _ALPHABETS}
    found = max(scores, key=scores.__getitem__)
    if scores[found] <= max(scores["cp1252"], 0.5):
        return "cp1252", scores["cp1252"] < 0.9
    return found, True


def likeness(block: bytes, encoding: str) -> float:
    """Return how far bytes are letters of a language in an encoding, by the rules that tell them apart."""
    if encoding in _ASIAN:
        return _ASIAN[encoding](block) if _can_be(block, encoding) else 0.0
    # windows-1250 and cp1250 are one; Python says so, and calls it by its own name
    own = codecs.lookup(encoding).name
    for name, kind in _LATIN.items():
        if codecs.lookup(name).name == own:
            return _latin(block, name, kind)
    return max(
        (_alphabetic(block, name) for name in _ALPHABETS if codecs.lookup(name).name == own), default=0.0
    )


def _can_be(block: bytes, encoding: str) -> bool:
    """Return whether bytes are letters of an encoding; at its end, a block may be cut within one."""
    try:
        block.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start >= len(block) - 4
    return True


# ------------------------------------------------------------------------------------------ East Asia


def _shift_jis(block: bytes) -> float:
    """Return the share of kana and first-level kanji among the pairs of bytes."""
    # a letter, 0x92 and a letter are rather don’t in cp1252, and no pair
    pairs = re.findall(rb"[A-Za-z]\x92[A-Za-z]|[\x81-\x9f\xe0-\xfc][\x40-\xfc]|[\xa1-\xdf]", block)
    common = sum(
        len(pair) == 2 and (pair[0] in (0x81, 0x82, 0x83) or 0x88 <= pair[0] <= 0x97) for pair in pairs
    )
    return common / len(pairs) if len(pairs) >= _FEWEST_PAIRS else 0.0


def _big5(block: bytes) -> float:
    pairs = re.findall(rb"[\x81-\xfe][\x40-\xfe]", block)
    common = sum(0xA4 <= pair[0] <= 0xC6 for pair in pairs)
    low = sum(pair[1] < 0xA1 for pair in pairs)  # some of the second bytes; never in the EUC encodings
    return common / len(pairs) if len(pairs) >= _FEWEST_PAIRS and low >= 0.1 * len(pairs) else 0.0


def _euc(first: Callable[[list[bytes]], float]) -> Callable[[bytes], float]:
    def common(block: bytes) -> float:
        pairs = re.findall(rb"[\x81-\xfe][\x30-\xff]", block)
        inside = [pair for pair in pairs if pair[0] >= 0xA1 and pair[1] >= 0xA1]
        if len(inside) < _FEWEST_PAIRS // 2 or len(inside) < 0.7 * len(pairs):
            return 0.0
        return first(inside)

    return common


def _japanese(pairs: list[bytes]) -> float:
    kana = sum(pair[0] in (0xA4, 0xA5) for pair in pairs) / len(pairs)
    return 0.95 if kana >= 0.15 else 0.0


def _korean(pairs: list[bytes]) -> float:
    hangul = sum(0xB0 <= pair[0] <= 0xC8 for pair in pairs) / len(pairs)
    return hangul - 0.02 if len(pairs) >= 8 and hangul > 0.93 else 0.0


def _chinese(pairs: list[bytes]) -> float:
    # signs in 0xA1 and 0xA3, common characters up to 0xD7, rarer ones beyond; 0xA4 to 0xAF are hardly used
    # at most 0.9, as text in Korean fills the same bytes, and kana and hangul are the surer signs
    return min(0.9, sum(pair[0] in (0xA1, 0xA3) or 0xB0 <= pair[0] <= 0xF7 for pair in pairs) / len(pairs))


def _gb18030(block: bytes) -> float:
    # signs that older standards lack take four bytes, as ¥ does: before each price they outnumber letters
    return _euc(_chinese)(re.sub(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]", b"", block))


_ASIAN: dict[str, Callable[[bytes], float]] = {
    "cp932": _shift_jis,
    "cp950": _big5,
    "euc_jp": _euc(_japanese),
    "cp949": _euc(_korean),
    "gb18030": _gb18030,
}
"""For each encoding, the share of its characters that are common ones."""


# ------------------------------------------------------------------------------------ Latin and others


def _latin(block: bytes, encoding: str, kind: str) -> float:
    """Return the share of the letters beyond ASCII that are of the best fitting language."""
    text = block.decode(encoding, "replace")
    foreign = [sign for sign in text if sign > "\x7f" and sign not in _SIGNS]
    if not foreign:
        return 1.0
    within = sum(sign in _BETWEEN_WORDS for sign in re.findall(r"(?<=[a-z])[^\x00-\x7f](?=[a-z])", text))
    within += len(re.findall(r"[©®½¼¾](?=[^\W\d_])", text))
    misfit = sum(sign.isupper() for sign in re.findall(r"(?<=[a-z])[^\x00-\x7f]", text))  # cafÚ
    languages = list(_LANGUAGES[kind])
    if not _ICELANDIC & set(text):
        languages = [letters for letters in languages if "þ" not in letters]
    best = max(sum(sign in letters for sign in foreign) for letters in languages)
    return float(best - misfit) / (len(foreign) + within)


def _alphabetic(block: bytes, encoding: str) -> float:
    """Return how far a text is of words all in one alphabet, small letters mostly, the common ones often."""
    small, common = _ALPHABETS[encoding]
    if not _can_be(block, encoding):
        return 0.0
    words = re.findall(r"[^\W\d_]+", block.decode(encoding, "replace"))
    foreign = [word for word in words if not word.isascii()]
    letters = sum(map(len, foreign))
    if not letters or (letters == len(foreign) and len(set("".join(foreign).lower())) < _FEWEST_LETTERS):
        return 0.0  # a letter or two that stand alone again and again are no words of an alphabet
    whole = [word for word in foreign if re.fullmatch(rf".[{small}]*|[^{small}]+", word)]
    whole = [word for word in whole if not re.search(r"[A-Za-z]", word)]
    usual = sum(sign in common for word in whole for sign in word.lower()) / letters
    fits = sum(map(len, whole)) / letters * min(1.0, usual / _USUAL_SHARE)
    return float(fits + _BETWEEN * usual)  # of two that fit alike, the one whose letters are the usual ones
