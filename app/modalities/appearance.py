"""How a kind of data appears in the window: a record each, which pages ask instead of telling kinds apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.look.theme import Theme
from app.modalities.wanted import Wanted
from app.views.drawing import Drawing
from engine.data.inspection.records import Inspection
from engine.data.modality import modalities
from engine.experiment import Experiment

Words = Callable[[], str]
"""Words in the language of the window, which may change."""


Sketch = Callable[[QPainter, Theme, QRectF, str], None]
"""Draws the small picture of a preset into an area, for the kind of its task."""


@dataclass(frozen=True)
class Group:
    """A group of presets on the start page, in the order of `rank`.

    `sketch` draws the small picture of a preset for its task; None: points of classes, or a trend.
    """

    key: str
    title: Words
    rank: int
    sketch: Sketch | None = None


@dataclass(frozen=True)
class Appearance:
    """How data of the modality `kind` appears in the window.

    `one` and `several` say how much there is, `size` what more is said of it; `examples` is the title of what
    `draw` shows of it, where it does not stand in a table; `windows`: its parts are windows; `ahead`: its
    targets are columns and how far each is looked ahead. `wants` says what a network trained on such data
    takes, from the inputs in preprocessing.json, read with suspicion.
    """

    kind: str
    group: Group
    icon: str
    one: Words
    several: Callable[[str], str]
    examples: Words
    draw: Callable[[Inspection], Drawing]
    wants: Callable[[Mapping[str, Any], Experiment], Wanted]
    size: Callable[[Inspection], str] = lambda found: ""
    in_table: bool = False
    windows: bool = False
    ahead: bool = False


_APPEARANCES: dict[str, Appearance] = {}


def appears(*appearances: Appearance) -> None:
    """Register how kinds of data appear, each once."""
    for one in appearances:
        # two files may not claim one kind: the later one would silently win
        assert one.kind not in _APPEARANCES, one.kind
        _APPEARANCES[one.kind] = one


def appearance_of(kind: str) -> Appearance:
    """Return how data of a modality appears."""
    return _APPEARANCES[kind]


def of_encoder(kind: object) -> Appearance | None:
    """Return how the data appears whose encoder preprocessing.json calls so; None where no encoder is."""
    # encoders in preprocessing.json keep the names they began with
    found = (one.kind for one in modalities().values() if kind in (one.kind, *one.other_names))
    return next((_APPEARANCES[one] for one in found), None)


def icon_of(room: str) -> str:
    """Return the icon of the kinds of data of a room."""
    return next(_APPEARANCES[one.kind].icon for one in modalities().values() if one.room == room)


def groups() -> Mapping[str, Group]:
    """Return the groups of presets by their keys, in order."""
    found = sorted((one.group for one in _APPEARANCES.values()), key=lambda group: group.rank)
    return {group.key: group for group in found}
