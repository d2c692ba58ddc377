"""Messages: sentences that a person is told, as values, so that another language can say them."""

from __future__ import annotations

import re
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Self

_OPENING = re.compile(r"\{(?P<name>\w+)[^}]*\}")


class Message(str):
    """A sentence that knows its template and the values in it.

    It is the English sentence itself, so that all who only say it, at the prompt or in a file, need to know
    nothing of the rest. Whoever translates looks the template up and puts the values into what is found:

    >>> told = Message("{count} rows of {name!r} are blank", count=3, name="a.csv")
    >>> told, told.template, told.values
    ("3 rows of 'a.csv' are blank", '{count} rows of {name!r} are blank', {'count': 3, 'name': 'a.csv'})

    A value may be a message, too, and is translated first. A sentence without values is its own template:
    plain strings need not be made messages. Braces that stand for themselves are written twice, as in any
    template, where there are values.
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: str | float | Path | Exception) -> Self:
        """Put the values into the template: texts, numbers, messages; of paths and errors, what they read as.

        Raises KeyError for a value that the template names and nobody gave.
        """
        if isinstance(template, Message) and not values:  # made a message twice, by who cannot know
            values = template.values
            template = template.template
        plain = {name: _plain(value) for name, value in values.items()}
        made = super().__new__(cls, template.format(**plain) if plain else template)
        made.template, made.values = str(template), plain
        return made


def joined(separator: str, *parts: str) -> str:
    """Return sentences as one, each of which is still translated by itself: what `separator.join` does not.

    >>> joined("; ", "first", Message("{count} rows", count=2)).template
    '{part0}; {part1}'
    """
    names = [f"part{index}" for index in range(len(parts))]
    template = separator.join(f"{{{name}}}" for name in names)
    return Message(template, **dict(zip(names, parts, strict=True)))


def template_of(text: str) -> str:
    """Return the template of a message; of a plain sentence, that sentence."""
    return text.template if isinstance(text, Message) else text


def first_value(text: str) -> str:
    """Return the text that a message begins with where it comes from outside, as a column's name; else "".

    >>> first_value(Message("{name}: 3 cells are odd", name="income"))
    'income'
    """
    opening = _OPENING.match(template_of(text))
    first = text.values[opening["name"]] if opening and isinstance(text, Message) else ""
    # a part of the sentence is a message itself
    return first_value(first) if isinstance(first, Message) else str(first) * isinstance(first, str)


def _plain(value: object) -> Any:
    """Return a value as one that can travel: numpy's numbers cannot, nor can paths."""
    # by type: numpy's float64 is a float by inheritance, yet cannot travel; True is an Integral
    if isinstance(value, Message | bool) or type(value) in (str, int, float):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    return str(value)
