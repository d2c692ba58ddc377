"""Tagged sentences as JSON: each record has a list of words and lists of their tags, as under tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.data.endings import JSON
from engine.data.layouts import ends_in

_GLANCE = 1 << 16
"""Bytes at the beginning of a file, among which its first record stands."""
_WORDS = ("tokens", "words", "text", "sentence")
"""What the list of words is called, where it is not the first."""


def holds_word_lists(path: Path) -> bool:
    """Return whether the first record of a JSON file is a sentence: lists of words and of their tags."""
    if not (path.is_file() and ends_in(path, *JSON)):
        return False
    try:
        with path.open("rb") as file:
            start = file.read(_GLANCE).decode("utf-8-sig", "ignore")
        first, _ = json.JSONDecoder().raw_decode(start.lstrip().removeprefix("[").lstrip())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(first, dict) and bool(_columns(first))


def as_lines(text: str, path: Path) -> str:
    """Return the sentences of a JSON file as lines of a word and its tags, blank lines between sentences."""
    from engine.data.tables.json_records import records_of

    records, _ = records_of(text, path)
    named = next((columns for record in records if (columns := _columns(record))), [])
    sentences = []
    for record in records:
        lists = [record[name] for name in named if isinstance(record.get(name), list)]
        rows = zip(*lists, strict=False) if len(lists) == len(named) else ()
        sentences.append("\n".join("\t".join(_cell(cell) for cell in row) for row in rows))
    return "\n\n".join(sentences)


def _columns(record: Mapping[str, Any]) -> list[str]:
    """Return the names of the lists of a sentence, that of the words first; none where it is no sentence."""
    lists = {name: value for name, value in record.items() if isinstance(value, list) and value}
    plain = {
        name: value for name, value in lists.items() if all(isinstance(one, (str, int)) for one in value)
    }
    words = [name for name, value in plain.items() if all(isinstance(one, str) for one in value)]
    if not words:
        return []
    first = next((name for name in _WORDS if name in words), words[0])
    others = [name for name, value in plain.items() if name != first and len(value) == len(plain[first])]
    return [first, *others] if others or first in _WORDS[:2] else []


def _cell(cell: object) -> str:
    return " ".join(str(cell).split()) or "_"
