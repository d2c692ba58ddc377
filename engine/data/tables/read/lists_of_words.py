"""Lists of words in cells, as JSON and Parquet have them: how they become text, and what is said."""

from __future__ import annotations

import json
from collections.abc import Sequence

from engine.choices import Message
from engine.data.decisions import decided


def as_cell(words: Sequence[str] | None) -> str | None:
    """Return a list as it would stand in a CSV, from which sets of labels are known; None for none."""
    return None if words is None else json.dumps(list(words), ensure_ascii=False)


def told_list(name: str, *, several: bool) -> str:
    """Return that a column holds lists and is left out; of lists of words, of what use they can be."""
    if not several:
        return Message("{name}: holds lists and is left out", name=name)
    said = Message(
        "{name}: holds lists of words and is left out; to learn from each word, set the type of the column "
        "to choices, or to predict which of them apply, name it as what is to be predicted",
        name=name,
    )
    return decided(said, "data.types", "choices", column=name, doubtful=True)
