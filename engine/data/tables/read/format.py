"""How a table is to be read: the settings of `engine.data.files.settings` that a source has, by name."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

from engine.choices import Record
from engine.data.cells.column_types import AS_WRITTEN, ColumnType
from engine.data.cells.rules import NEWEST, Rules


@dataclass(frozen=True)
class TableFormat:
    """How a table is to be read; "auto", "" and () are found out.

    `expected` are columns that other settings name: the row in which one of them stands holds the names.
    With `typed`, the cells of all columns but those are kept as written. With `blanks`, a blank line is a row
    without values, so that each row of the file stays one of the table. Without `codes`, 0300 is the
    number 300. Without `durations`, 45分钟 is the number 45, and the newest of the `rules`
    of reading may be that of an earlier version. The
    types of the columns `by_hand` were chosen by a person, of the others found. `columns_read` are read of
    all that there are; None for all.
    """

    encoding: str = "auto"
    separator: str = "auto"
    decimal: str = "auto"
    thousands: str = "auto"
    header: Literal["auto", "yes", "two", "no"] = "auto"
    skip_above: int | Literal["auto"] = "auto"
    skip_below: int | Literal["auto"] = "auto"
    sheet: str = ""
    date_order: str = "auto"
    missing: tuple[str, ...] = ()
    odd_cells: Literal["words", "missing"] = "words"
    other_rows: Literal["leave_out", "leave_out_likely", "keep"] = "leave_out"
    types: tuple[tuple[str, ColumnType], ...] = ()
    ignore: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    typed: tuple[str, ...] | None = None
    blanks: bool = False
    codes: bool = True
    durations: bool = True
    rules: Rules = NEWEST
    by_hand: frozenset[str] = frozenset()
    columns_read: frozenset[str] | None = None

    @classmethod
    def of(
        cls,
        source: Record,
        *expected: str,
        typed: tuple[str, ...] | None = None,
        blanks: bool = False,
        codes: bool = True,
    ) -> TableFormat:
        """Return the format that a source describes; settings that it does not have are found out."""
        names = [field.name for field in fields(cls)]
        # asked of the class: pydantic warns from 2.11 on where an instance is asked
        told = {name: getattr(source, name) for name in names if name in type(source).model_fields}
        named = tuple(name for name in expected if name)
        told["durations"] = getattr(source, "durations", True)
        told["rules"] = getattr(source, "rules", NEWEST)
        told["by_hand"] = getattr(source, "by_hand", frozenset())
        told["columns_read"] = getattr(source, "columns_read", None)
        return cls(**told, expected=named, typed=typed, blanks=blanks, codes=codes)

    def kept_as_written(self, *columns: str) -> TableFormat:
        """Return the same, with the cells of these columns kept as they are written."""
        # in this order: the type that a person has chosen stays
        types: dict[str, ColumnType] = {**dict.fromkeys(columns, "category"), **dict(self.types)}
        return replace(self, types=tuple(types.items()))

    def keeps(self, name: str) -> bool:
        """Return whether the cells of a column are kept as they are written."""
        if self.typed is not None:
            return name not in self.typed
        return dict(self.types).get(name) in AS_WRITTEN

    @property
    def left_out(self) -> tuple[str, ...]:
        """Return the columns that are not read."""
        by_type = tuple(name for name, kind in self.types if kind == "leave_out" and name not in self.ignore)
        return self.ignore + by_type

    @property
    def names(self) -> frozenset[str]:
        """Return every column that some setting names."""
        return frozenset((*self.expected, *self.ignore, *(name for name, _ in self.types)))
