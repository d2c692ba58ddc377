"""Presets as the start page shows them: title and a sentence from the comment at the head of the file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Preset:
    """A preset's file, what it is called, what it is in a sentence, and its data and task for the picture."""

    path: Path
    title: str
    text: str
    data: Mapping[str, Any]
    task: str
    architecture: str


def read_presets(folder: Path) -> tuple[Preset, ...]:
    """Return the presets of a folder, easy ones first; a file that cannot be read is passed over."""
    found = (_read(path) for path in sorted(folder.glob("*.toml")))
    return tuple(sorted((preset for preset in found if preset is not None), key=_place))


_MOST_LETTERS = 100
_FIRST = ("digits", "spirals", "iris", "wine")


def _place(preset: Preset) -> tuple[int, str]:
    """Put what a newcomer understands at a glance first."""
    stem = preset.path.name.split(".")[0]
    return next((i for i, word in enumerate(_FIRST) if stem.startswith(word)), len(_FIRST)), stem


def _read(path: Path) -> Preset | None:
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except (OSError, ValueError):
        return None
    name = str(values.get("name", path.stem))
    first = _first_paragraph(text)
    title, colon, rest = first.partition(": ")
    sections = {key: value for key, value in values.items() if isinstance(value, dict)}
    return Preset(
        path,
        title if colon else name,
        _shortened((rest[:1].upper() + rest[1:]) if colon else first),
        sections.get("data", {}),
        str(sections.get("task", {}).get("kind", "classification")),
        str(sections.get("architecture", {}).get("kind", "mlp")),
    )


def _shortened(text: str) -> str:
    """Return as many whole sentences as a card has room for, at least one."""
    sentences = text.split(". ")
    kept = sentences[0]
    for sentence in sentences[1:]:
        if len(kept) + len(sentence) > _MOST_LETTERS:
            return kept.rstrip(".") + "."
        kept += ". " + sentence
    return kept


def _first_paragraph(text: str) -> str:
    """Return the first paragraph of the comment at the head of a file."""
    words: list[str] = []
    for line in text.splitlines():
        bare = line.lstrip("#").strip()
        if not line.startswith("#") or not bare:
            break
        words.append(bare)
    return " ".join(words)
