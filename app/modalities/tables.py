"""Tables: shown in a table; a row is typed to be predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.language.numbers import number, whole
from app.language.words import tr
from app.modalities.appearance import Appearance, Group, appears
from app.modalities.wanted import Wanted, WantedColumn
from app.views.drawing import Nothing
from engine.choices.words import rounded
from engine.data.cells.moments.date_words import date_at
from engine.data.inspection.records import Inspection
from engine.experiment import Experiment


def _wants(inputs: Mapping[str, Any], experiment: Experiment) -> Wanted:
    columns = inputs.get("columns")
    scaling = experiment.preprocessing.scaling
    found = [_column(_mapping(one), scaling) for one in columns] if isinstance(columns, list) else []
    known = tuple(one for one in found if one is not None)
    count = len(known)
    return Wanted(
        tr("takes rows with 1 column") if count == 1 else tr("takes rows with {count} columns", count=count),
        tr("A table with the columns of the training data: CSV, Excel, JSON or Parquet."),
        columns=known,
    )


def _column(found: Mapping[str, Any], scaling: str) -> WantedColumn | None:
    name = found.get("name")
    if not isinstance(name, str):
        return None
    match found.get("kind"):
        case "number":
            return WantedColumn(name, "number", (), *_typical(found, scaling))
        case "boolean":
            # fill is the share of ones in training: the form begins with the commoner word
            pair = (str(found.get("zero", "")), str(found.get("one", "")))
            return WantedColumn(name, "words", pair, pair[1 if _float(found.get("fill")) >= 0.5 else 0])
        case "category":
            known = found.get("words")
            words = tuple(str(word) for word in known) if isinstance(known, list) else ()
            return WantedColumn(name, "words", words, words[0] if words else "")
        case "choices":
            known = found.get("words")
            words = tuple(str(word) for word in known) if isinstance(known, list) else ()
            mark = str(found.get("mark", ""))
            # a list is also read without its brackets
            both = (", " if mark == "list" else mark).join(words[:2])
            return WantedColumn(name, "words", (), both, tr("several choices, such as {both}", both=both))
        case "date":
            return WantedColumn(name, "date", (), _usual_date(found), tr("a date, such as 2024-12-31"))
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
    # JSON's true is an int in Python
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _size(found: Inspection) -> str:
    if found.description is None:
        return ""
    inputs = found.description.inputs.size
    return tr(", 1 input") if inputs == 1 else tr(", {count} inputs", count=whole(inputs))


appears(
    Appearance(
        "table",
        Group("tables", lambda: tr("Tables"), 2),
        "table-2",
        lambda: tr("1 row"),
        lambda count: tr("{count} rows", count=count),
        lambda: "",
        lambda found: Nothing(""),
        _wants,
        _size,
        in_table=True,
    )
)
