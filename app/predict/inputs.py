"""What a trained network takes, read from its run's preprocessing.json for the form that asks for it.

Read with suspicion and without pandas: what is not as expected is left out; the engine has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from app.language.numbers import number
from app.language.words import tr
from engine.choices import Invalid, fields
from engine.choices.settings import PATHS
from engine.choices.words import rounded
from engine.data.cells.date_words import date_at
from engine.data.source import Source
from engine.experiment import Experiment
from engine.inference.writing import Writing, writing_of
from engine.runs.folder import RunFolder

MOST_COLUMNS = 200


@dataclass(frozen=True)
class Column:
    """A column a person may type a value for. `words` are those known from training."""

    name: str
    kind: Literal["number", "words", "date"]
    words: tuple[str, ...] = ()
    start: str = ""
    """The value the field begins with: typical for the training part."""
    hint: str = ""


Kind = Literal["rows", "picture", "texts", "series", "course"]


@dataclass(frozen=True)
class Wanted:
    """What one input is: columns of a row, a picture of a size (height, width, channels), a text, a series,
    or the end of a course, of which `history` rows are looked at and `horizon` rows forecast.

    `task` is the kind of the task; `writing` the settings there are for how it writes texts.
    """

    kind: Kind = "rows"
    columns: tuple[Column, ...] = ()
    picture: tuple[int, int, int] | None = None
    history: int = 0
    horizon: int = 0
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
        return next((path.parent for path in given if path.is_absolute() and path.parent.is_dir()), None)

    @property
    def folders(self) -> bool:
        """Return whether such inputs may lie in a folder, one in each file."""
        return self.kind in ("picture", "texts", "series")


def wanted_by(folder: RunFolder) -> Wanted:
    """Return what the run's network takes; raises Invalid where the run does not say so yet."""
    return replace(
        _wanted(folder), source=_source(folder), found=_found(folder), experiment=folder.read_experiment()
    )


def _source(folder: RunFolder) -> Source | None:
    source = folder.read_experiment().data
    return source if "path" in type(source).model_fields else None


def _found(folder: RunFolder) -> Mapping[str, object]:
    return _mapping(folder.read_json(folder.preprocessing).get("found"))


def _wanted(folder: RunFolder) -> Wanted:
    inputs = _mapping(folder.read_json(folder.preprocessing).get("inputs"))
    experiment = folder.read_experiment()
    match inputs.get("kind"):
        case "texts" | "corpus" | "tagged" | "pairs":
            return Wanted("texts", task=experiment.task.kind, writing=writing_of(experiment.task))
        case "series":
            return Wanted("series")
        case "timeline":
            history, horizon = (int(_float(inputs.get(name))) for name in ("history", "horizon"))
            return Wanted("course", history=history, horizon=horizon)
    if inputs.get("kind") == "pictures":
        sizes = [inputs.get(name) for name in ("height", "width", "channels")]
        if all(isinstance(size, int) and 0 < size <= 4096 for size in sizes):
            height, width, channels = sizes
            return Wanted("picture", picture=(height, width, channels))  # type: ignore[arg-type]
    columns = inputs.get("columns")
    scaling = experiment.preprocessing.scaling
    found = [_column(_mapping(one), scaling) for one in columns] if isinstance(columns, list) else []
    return Wanted(columns=tuple(one for one in found if one is not None)[:MOST_COLUMNS])


def about(wanted: Wanted) -> str:
    """Return in words what the network takes."""
    match wanted.kind:
        case "picture" if wanted.picture is not None:
            height, width, channels = wanted.picture
            colour = tr("grey") if channels == 1 else tr("colour")
            return tr(
                "takes pictures of {width}×{height}, {colour}", width=width, height=height, colour=colour
            )
        case "texts":
            return tr("takes texts")
        case "series":
            return tr("takes series")
        case "course":
            words = tr("looks at {history} rows and forecasts the next {horizon}")
            return words.format(history=wanted.history, horizon=wanted.horizon)
    count = len(wanted.columns)
    return (
        tr("takes rows with 1 column") if count == 1 else tr("takes rows with {count} columns", count=count)
    )


def is_ready(folder: RunFolder) -> bool:
    """Return whether the run has kept weights that can predict."""
    try:
        return folder.model.is_file() and folder.preprocessing.is_file()
    except (OSError, Invalid):
        return False


def _column(found: Mapping[str, Any], scaling: str) -> Column | None:
    name = found.get("name")
    if not isinstance(name, str):
        return None
    match found.get("kind"):
        case "number":
            return Column(name, "number", (), *_typical(found, scaling))
        case "boolean":
            pair = (str(found.get("zero", "")), str(found.get("one", "")))
            return Column(name, "words", pair, pair[1 if _float(found.get("fill")) >= 0.5 else 0])
        case "category":
            known = found.get("words")
            words = tuple(str(word) for word in known) if isinstance(known, list) else ()
            return Column(name, "words", words, words[0] if words else "")
        case "date":
            return Column(name, "date", (), _usual_date(found), tr("a date, such as 2024-12-31"))
        case _:
            return None


def _typical(found: Mapping[str, Any], scaling: str) -> tuple[str, str]:
    """Return a start value and the hint: where the values of training lie."""
    offset, scale, fill = (_float(found.get(name)) for name in ("offset", "scale", "fill"))
    hints = {
        "standardize": tr("in training {mean} ± {spread}", mean=number(offset), spread=number(scale)),
        "unit_range": tr("in training {low} … {high}", low=number(offset), high=number(offset + scale)),
    }
    return rounded(fill, 4), hints.get(scaling, "")


def _usual_date(found: Mapping[str, Any]) -> str:
    """Return the date in the middle of training; "" where only its month or hour mattered."""
    parts = found.get("parts")
    known = [_mapping(one) for one in parts] if isinstance(parts, list) else []
    fills = {one.get("name"): _float(one.get("fill")) for one in known}
    return date_at(fills["days"], timed="hour" in fills) if "days" in fills else ""


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
