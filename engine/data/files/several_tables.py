"""Files that hold several tables, as workbooks and JSON do: one is read, and the others are told."""

from __future__ import annotations

from collections.abc import Sequence

from engine.choices import Message
from engine.data.cells.values import listed
from engine.data.decisions import Decided, decided

SETTING = "data.sheet"
"""The setting that says which table of a file is read."""


def told_others(words: str, read: str, rest: Sequence[str], *, doubtful: bool = False) -> Decided:
    """Return the notice of the tables of a file that are not read, each of which the setting can choose.

    `words` say which one is `read`. It is told of a table that was chosen, too: who judges this year's
    workbook by last year's sheet would else never learn of the new one.
    """
    said = Message(
        "{words}; there are also: {listed}; to read another one, set Sheet", words=words, listed=listed(rest)
    )
    return decided(said, SETTING, *rest, now=read, doubtful=doubtful)
