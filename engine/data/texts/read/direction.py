"""Which side of pairs of texts is read and which is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Literal

from engine.choices import Message, Setting
from engine.data.decisions import Decided, Decision, OtherReading, Specimen, shortened
from engine.data.texts.raw import TextPairs

Direction = Annotated[
    Literal["auto", "forward", "back"],
    Setting(
        "Direction",
        "Which side the network reads and which it writes. The first side is the first column, or of two "
        "files that whose name comes first.",
        options={
            "auto": "as the names say, de-en; else forward",
            "forward": "the first side is read, the second written",
            "back": "the second side is read, the first written",
        },
    ),
]
_ORDERED = "in input source src text question original 上联 原文"
"""What a first side is called where its name says that it is the one to be read."""


def directed(pairs: TextPairs, direction: Direction, names: Iterable[str], *, by_name: bool) -> TextPairs:
    """Return pairs with what is read as the texts and what is written as the translations, and tell it.

    `names` are those of the files and their folder, which may say the direction: news.de-en.de. Where the
    two are put in order by their names alone (`by_name`), which is meant is a guess, and doubtful.
    """
    first, second = pairs.languages
    said = _in_names(first, second, names)
    chosen = direction if direction != "auto" else said or "forward"
    made = pairs
    if chosen == "back":
        made = replace(pairs, texts=pairs.translations, translations=pairs.texts, languages=(second, first))
    doubtful = direction == "auto" and not said and by_name and first.lower() not in _ORDERED.split()
    return replace(
        made,
        notices=(_told(made, chosen, doubtful=doubtful), *made.notices),
        found={**pairs.found, "direction": chosen} if direction == "auto" else pairs.found,
    )


def _in_names(first: str, second: str, names: Iterable[str]) -> Literal["forward", "back"] | None:
    """Return the direction that names say, as de-en, en2zh or German to English; None where none does."""
    one, other = (re.escape(name.lower()) for name in (first, second))
    for name in names:
        for before, behind, meant in ((one, other, "forward"), (other, one, "back")):
            if re.search(rf"(?<![a-z]){before}(?:[-_>]|2|_?to_?){behind}(?![a-z])", name.lower()):
                return "forward" if meant == "forward" else "back"
    return None


def _told(pairs: TextPairs, chosen: Literal["forward", "back"], *, doubtful: bool) -> str:
    read, written = pairs.languages
    said = Message("{read} is read and {written} is written", read=read, written=written)
    there = next((pair for pair in zip(pairs.texts, pairs.translations, strict=True) if all(pair)), None)
    shown = () if there is None else (Specimen(shortened(there[0]), shortened(there[1])),)
    turned = "back" if chosen == "forward" else "forward"
    return Decided(said, Decision("", "data.direction", "", chosen, shown, (OtherReading(turned),), doubtful))
