"""What a trained network takes, for the page that asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.choices import fields
from engine.choices.settings import PATHS
from engine.data.source import Source
from engine.experiment import Experiment
from engine.inference.writing import Writing


@dataclass(frozen=True)
class WantedColumn:
    """A column a person may type a value for. `words` are those known from training."""

    name: str
    kind: Literal["number", "words", "date"]
    words: tuple[str, ...] = ()
    start: str = ""
    """The value the field begins with: typical for the training part."""
    hint: str = ""


Tab = Literal["rows", "drawing", "texts", "files"]
"""Where a person gives an input: cells of a row, a board to draw on, a text, or files alone."""


@dataclass(frozen=True)
class Wanted:
    """What one input is, and how a person gives it.

    `about` says what the network takes, `files` which files are understood; `folders`: inputs may lie in a
    folder, one in each file; `roomy`: answers need room; `forecasts`: it goes on from the end of the data of
    its training without new inputs. `picture` is (height, width, channels), `columns` those of a row; `task`
    is the kind of the task; `writing` the settings there are for how it writes texts.
    """

    about: str = ""
    files: str = ""
    tab: Tab = "rows"
    folders: bool = False
    roomy: bool = False
    forecasts: bool = False
    columns: tuple[WantedColumn, ...] = ()
    picture: tuple[int, int, int] | None = None
    task: str = ""
    writing: type[Writing] = Writing
    experiment: Experiment | None = None
    """The experiment of the run."""
    source: Source | None = None
    """How new files are read: the source of the training; None where it read none."""
    found: Mapping[str, object] = field(default_factory=dict)
    """What it found out of the settings that were left to be."""

    @property
    def place(self) -> Path | None:
        """Return the folder in which the data of the training lies, None where there is none."""
        if self.source is None:
            return None
        named = (one.name for one in fields(type(self.source)) if one.setting.role in PATHS)
        given = (Path(str(getattr(self.source, name))) for name in named if getattr(self.source, name))
        # a run from elsewhere names folders that this computer does not have
        return next((path.parent for path in given if path.is_absolute() and path.parent.is_dir()), None)
