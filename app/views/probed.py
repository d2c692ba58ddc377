"""Reading what probes measured: texts that travel as arrays, names of classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from app.views.drawing import Word

SPACE = "␣"
"""What probes put before a token that begins a word."""


def lines_of(array: NDArray[Any]) -> list[str]:
    """Return the texts that a probe wrote as UTF-8, a line each."""
    text = array.tobytes().decode("utf-8", "replace")
    return text.split("\n") if text else []


def names_in(found: Mapping[str, Any] | None) -> list[str]:
    """Return the names of what a probe measured; none before it did."""
    return lines_of(found["names"]) if found else []


def subjects(title: str, chosen: str, found: Mapping[str, str]) -> dict[str, str]:
    """Return what a panel's title offers: the view by itself, what is chosen, and what there is to choose."""
    kept = {chosen: chosen.replace("\t", " · ")} if chosen else {}
    return {"": title, **kept, **found}


def name_of(classes: Sequence[str], index: int) -> str:
    """Return the name of a class, or its number where nobody named it."""
    return classes[index] if 0 <= index < len(classes) else str(index)


def cells_of(line: str) -> list[str]:
    """Return the parts of a line between tabulators."""
    return line.split("\t") if line else []


def words_of(tokens: Sequence[str], tones: Sequence[str] = (), strengths: Sequence[float] = ()) -> list[Word]:
    """Return tokens, ␣ before those that begin a word, as words coloured as strongly as `strengths` say."""
    words = []
    for place, token in enumerate(tokens):
        tone = tones[place] if place < len(tones) else ""
        strength = strengths[place] if place < len(strengths) else 0.0
        begins = token.startswith(SPACE)
        words.append(Word(token.removeprefix(SPACE) or " ", tone, strength, glued=not begins))
    return words


def ordinary(tokens: Sequence[str]) -> slice:
    """Return where a text stands between its special tokens for start and end."""
    first = int(bool(tokens) and tokens[0] == f"{SPACE}[START]")
    return slice(first, len(tokens) - int(len(tokens) > first and tokens[-1] == f"{SPACE}[END]"))
