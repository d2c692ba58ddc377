"""What can be opened, and in words why something cannot."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, cast

from app.language.words import tr
from app.widgets.saving import reason_of

if TYPE_CHECKING:  # the engine comes after the first paint, when something is opened
    from engine.data.source import Source
    from engine.experiment import Experiment

_MOST_LINES = 8


def reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return reason_of(error)
    lines = str(error).splitlines()
    rest = len(lines) - _MOST_LINES
    return "\n".join(lines[:_MOST_LINES]) + (tr("\n… and {count} more", count=rest) if rest > 0 else "")


def blank() -> Experiment:
    """Return the experiment to begin with: everything has its default, but the data is still to be chosen."""
    from engine.choices import Family
    from engine.experiment import Experiment

    return Experiment(data=cast("Source", Family.every["data"].parse({"kind": "table", "path": ""})))


def unreadable(path: Path) -> str:
    """Return why nothing can be read from a file or folder, found out by a look at its beginning; or ""."""
    try:
        if path.is_dir():
            return "" if next(path.iterdir(), None) is not None else tr("the folder is empty")
        with path.open("rb") as file:
            return "" if file.read(1) else tr("the file is empty")
    except OSError as error:
        return reason_of(error)


def absent_words(path: Path, known: Collection[str]) -> str:
    """Return that a path is not there; that it was, only where it is among the `known` ones."""
    if known:
        return tr("{path} is not there any more", path=path)
    if not path.parent.exists():
        return tr("{path} is not there: there is no folder {folder}", path=path, folder=path.parent)
    return tr("{path} is not there: there is no such file or folder", path=path)
