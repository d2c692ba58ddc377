"""Presets as the start page shows them: title and a sentence from the comment at the head of the file."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.language.words import title_of, tr
from app.modalities.appearance import Sketch, appearance_of, groups
from engine.choices import Family
from engine.data.modality import modality_of
from engine.data.source import Source

_POINTS = "points"
"""The group of data that is computed."""
_USUAL = "tables"
"""The group of presets of which nobody can tell."""


@dataclass(frozen=True)
class Preset:
    """A preset's file, what it is called, what it is in a sentence, and its data and task for the picture.

    `name` is that of the experiment; `group` one of `group_names`; `network` what the architecture is called.
    """

    path: Path
    title: str
    text: str
    data: Mapping[str, Any]
    task: str
    architecture: str
    name: str
    group: str
    network: str

    def matches(self, wanted: str) -> bool:
        """Return whether every word that is looked for is in what the preset says of itself."""
        said = " ".join((self.title, self.text, self.name, self.network, self.task, self.path.stem))
        said = f"{said} {group_names()[self.group]}".replace("_", " ").casefold()
        return all(word in said for word in wanted.casefold().split())


def group_names() -> Mapping[str, str]:
    """Return the kinds of data that presets are grouped by, in the order in which they are offered."""
    return {_POINTS: tr("Points"), **{key: group.title() for key, group in groups().items()}}


def sketch_of(group: str) -> Sketch | None:
    """Return what draws the small picture of the presets of a group; None: they are points, or a trend."""
    return groups()[group].sketch if group in groups() else None


FIRST = (
    "digits_cnn",
    "spirals",
    "iris",
    "fashion_mnist_cnn",
    "film_sentences_lstm",
    "austen_transformer",
    "temperatures_lstm",
    "japanese_vowels_lstm",
    "spanish_verses_transformer",
)
"""What a newcomer begins with: what is understood at a glance, then one of each kind of data."""


def read_presets(folder: Path) -> tuple[Preset, ...]:
    """Return the presets of a folder, easy ones first; a file that cannot be read is passed over."""
    found = [preset for path in sorted(folder.glob("*.toml")) if (preset := _read(path)) is not None]
    # presets of the same data may begin with the same words: then their names tell them apart
    titles = Counter(preset.title for preset in found)
    told = (one if titles[one.title] == 1 else replace(one, title=one.name) for one in found)
    return tuple(sorted((_shortly(one) for one in told), key=_place))


_MOST_LETTERS = 100
_PIECES = re.compile(r"(\D*)(\d*)")
"""Of a file's name, letters and the number after them, in turn."""


def _shortly(preset: Preset) -> Preset:
    """Return the preset under the shorter of its two names: a card has one line for it."""
    return replace(preset, title=min(preset.title, preset.name, key=len))


def _place(preset: Preset) -> tuple[int, int, list[tuple[str, int]]]:
    """Put what a newcomer begins with first, then group by group; numbers in names by what they count."""
    stem = preset.path.name.split(".")[0]
    place = FIRST.index(stem) if stem in FIRST else len(FIRST)
    # as text 10_20_10, the second of two, would stand before 10_5_2
    pieces = [(words, int(number or 0)) for words, number in _PIECES.findall(stem)]
    return place, list(group_names()).index(preset.group), pieces


def _group(data: Mapping[str, Any]) -> str:
    """Return the kind of data of a preset; tables where nobody can tell."""
    try:
        source = Family.every["data"].parse(data)
    except ValidationError:
        return _USUAL
    assert isinstance(source, Source)
    if source.drawn:
        return _POINTS
    return _USUAL if source.holds is None else appearance_of(modality_of(source.holds).kind).group.key


def _network(kind: str) -> str:
    """Return what an architecture is called; its kind where there is no such."""
    family = Family.every["architectures"]
    return title_of(family[kind]) if kind in family else kind


def _read(path: Path) -> Preset | None:
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    # no TOML and no UTF-8 are both a ValueError
    except (OSError, ValueError):
        return None
    name = str(values.get("name", path.stem))
    first = _first_paragraph(text)
    title, colon, rest = first.partition(": ")
    sections = {key: value for key, value in values.items() if isinstance(value, dict)}
    data = sections.get("data", {})
    architecture = str(sections.get("architecture", {}).get("kind", "mlp"))
    return Preset(
        path,
        title if colon else name,
        _shortened((rest[:1].upper() + rest[1:]) if colon else first),
        data,
        str(sections.get("task", {}).get("kind", "classification")),
        architecture,
        name,
        _group(data),
        _network(architecture),
    )


def _shortened(text: str) -> str:
    """Return as many whole sentences as a card has room for, at least one."""
    sentences = text.split(". ")
    kept = sentences[0]
    for sentence in sentences[1:]:
        if len(kept) + len(sentence) > _MOST_LETTERS:
            # cutting took the full stop of every sentence but the last
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
