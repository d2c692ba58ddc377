"""What a person says the cells of a column are: the types that a source knows, and choosing one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.language.words import option_of
from engine.choices import fields
from engine.data.cells.column_types import NUMERIC, ColumnType
from engine.data.inspection.records import ColumnFacts, Inspection, Role
from engine.data.source import Source

AS_FOUND = ""
"""The type of a column that is left to be found out."""


_USUAL: tuple[ColumnType, ...] = ("number", "category", "words", "date")
"""The types of most columns, the commonest first."""


@dataclass(frozen=True)
class OfferedTypes:
    """Types of columns as a person looks for them; together they are all that a source knows."""

    usual: tuple[str, ...]
    numbers: tuple[str, ...]
    """Other types whose cells become numbers."""
    words: tuple[str, ...]
    """Other types whose cells become words."""
    last: tuple[str, ...]
    """What takes the column away."""


def offered(types: Collection[str]) -> OfferedTypes:
    """Return the types in the order and the groups in which they are offered."""
    rest = [one for one in types if one not in (*_USUAL, "leave_out")]
    return OfferedTypes(
        tuple(one for one in _USUAL if one in types),
        tuple(one for one in rest if one in NUMERIC),
        tuple(one for one in rest if one not in NUMERIC),
        tuple(one for one in types if one == "leave_out"),
    )


def types_of(source: Source) -> Mapping[str, str]:
    """Return the types of columns that a source knows, and what they are called; empty: it knows none."""
    kind = type(source)
    field = next((field for field in fields(kind) if field.setting.role == "types"), None)
    return {} if field is None else {one: option_of(kind, field, one) for one in field.setting.options}


def chosen_types(source: Source) -> Mapping[str, str]:
    """Return the type that was chosen by hand of each column that has one."""
    # sources of other kinds than tables have neither setting
    left_out = dict.fromkeys(getattr(source, "ignore", ()), "leave_out")
    return {**left_out, **dict(getattr(source, "types", ()))}


def with_type(source: Source, name: str, kind: str) -> Source:
    """Return the source with a column's type chosen by hand, or left to be found out."""
    types = {one: chosen for one, chosen in dict(getattr(source, "types", ())).items() if one != name}
    changes: dict[str, object] = {"types": {**types, name: kind} if kind != AS_FOUND else types}
    if name in getattr(source, "ignore", ()):  # the other way to leave a column out: one says it, not both
        changes["ignore"] = [one for one in getattr(source, "ignore", ()) if one != name]
    return source.replaced(**changes)


def columns_of(found: Inspection, source: Source) -> tuple[ColumnFacts, ...]:
    """Return the facts of every column; of those that became something else, as texts, what is known.

    A column that is left out, or was read as what it is not, can only be brought back where it is shown.
    """
    types = found.found.get("types")
    if not types_of(source) or not isinstance(types, Mapping):
        return found.columns
    told = {column.name for column in found.columns}
    others = (ColumnFacts(name, _role(name, source, found), "") for name in types if name not in told)
    return (*found.columns, *others)


def _role(name: str, source: Source, found: Inspection) -> Role:
    """Return what a source makes of a column, by its settings that are columns."""
    for field in fields(type(source)):
        if field.setting.role in ("column", "columns"):
            named = getattr(source, field.name) or found.found.get(field.name) or ()
            if name == named or (isinstance(named, (tuple, list)) and name in named):
                return _ROLES.get(field.name, "input")
    if name in found.channels:
        return "input"
    return "ignored" if chosen_types(source).get(name) == "leave_out" else "left out"


def found_type(name: str, found: Inspection) -> str:
    """Return the type by which a column was read, "" where that is not told."""
    types = found.found.get("types")
    return str(types.get(name, "")) if isinstance(types, Mapping) else ""


_ROLES: Mapping[str, Role] = {
    "target": "target",
    "labels": "target",
    "label": "target",
    "time": "time",
    "id": "identifier",
    "course": "identifier",
    "ignore": "ignored",
}
