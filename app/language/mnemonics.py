"""Mnemonics: the underlined letter by which Alt chooses a menu or an entry, each once among neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QMenu


def with_mnemonics(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words with "&" before the letter that chooses each.

    A translator may set a letter by writing "&"; the others get the first letter of a word that is free, else
    any free letter of theirs. Words without a letter of the keyboard (Chinese) are left as they are.
    """
    taken = {text[at + 1].casefold() for text in words if (at := _marked(text)) >= 0}
    made = []
    for text in words:
        place = -1 if _marked(text) >= 0 else _free(text, taken)
        if place >= 0:
            taken.add(text[place].casefold())
            text = f"{text[:place].replace('&', '&&')}&{text[place:].replace('&', '&&')}"
        made.append(text)
    return tuple(made)


def mark_letters(menu: QMenu) -> None:
    """Give every entry of a menu its letter, by the words it has now."""
    entries = [action for action in menu.actions() if not action.isSeparator()]
    for action, words in zip(entries, with_mnemonics([_bare(one.text()) for one in entries]), strict=True):
        action.setText(words)


def _bare(text: str) -> str:
    """Return a text without its mark."""
    # a doubled & is a letter, a single one a mark
    return "&".join(part.replace("&", "") for part in text.split("&&"))


def _marked(text: str) -> int:
    """Return where a text marks its letter, -1 where it does not; "&&" is a plain ampersand."""
    bare = text.replace("&&", "  ")
    return bare.find("&") if "&" in bare[:-1] and bare[bare.find("&") + 1].isalnum() else -1


def _free(text: str, taken: set[str]) -> int:
    first = [at for at, letter in enumerate(text) if letter.isalpha() and (at == 0 or text[at - 1] == " ")]
    others = [at for at, letter in enumerate(text) if letter.isalpha() and at not in first]
    free = (at for at in (*first, *others) if text[at].isascii() and text[at].casefold() not in taken)
    return next(free, -1)
