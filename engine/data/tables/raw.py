"""Tables as they were read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import first_value
from engine.data.decisions import GONE, decision_in
from engine.data.raw import Found, Labelled

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS = 100_000
"""A table of more columns is refused."""


@dataclass(frozen=True)
class Table(Labelled):
    """Rows and columns.

    `frame` has one of three types per column: numbers (int64 or float64, NaN where missing), dates
    (datetime64, NaT where missing) or text (str or object, NaN or None where missing); its index is 0 to
    N - 1. `targets` are the columns to be predicted as the person named them, perhaps none yet, perhaps not
    there. `names` are all columns of the source in order, `ignored` those the person left out, which `frame`
    lacks. `notices` say what reading decided that a person should know; `day_first` names the date columns
    whose text put the day before the month.

    `rows` says which row of the file each is, counted from 1 below the names; `doubts` what keeps columns
    from being numbers or dates, where few cells do; `typed` the columns whose type the person chose, perhaps
    not there; `written` gives the cells of a column as the file has them, by the number of the row;
    `all_rows`: totals and notes are rows like all others; `durations`: minutes and hours were read as times.
    """

    frame: pd.DataFrame
    targets: tuple[str, ...]
    names: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    day_first: tuple[str, ...] = ()
    found: Found = field(default_factory=dict)
    rows: NDArray[np.int64] | None = None
    doubts: Mapping[str, str] = field(default_factory=dict)
    typed: tuple[str, ...] = ()
    written: Callable[[str], pd.Series[Any]] | None = field(default=None, compare=False)
    published: NDArray[np.str_] | None = None
    all_rows: bool = False
    durations: bool = True

    @property
    def row_numbers(self) -> NDArray[np.int64]:
        """Return which row of the file each is, counted from 1 below the names."""
        return np.arange(1, len(self) + 1) if self.rows is None else self.rows

    @property
    def numbered(self) -> pd.DataFrame:
        """Return the rows with these numbers as their index."""
        return self.frame.set_axis(self.row_numbers)

    def told_of(self, read: Collection[object], written: Collection[object]) -> tuple[str, ...]:
        """Return what is told of the table as a whole, and of those of its columns that are learnt from.

        Of columns that are taken as they are `written`, as texts and labels are, only what counts as missing:
        what else they could be makes no difference. Of those that are not `read` at all, nothing does.
        """

        def matters(notice: str) -> bool:
            decision = decision_in(notice)
            named = (decision.column or first_value(notice), *decision.also)
            columns = [name for name in named if name in self.names]
            lacking = decision.setting == "data.missing" or any(
                cell.read == GONE for cell in decision.specimens
            )
            return not columns or any(name in read or (lacking and name in written) for name in columns)

        return tuple(filter(matters, self.notices))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.frame)

    @property
    def answered(self) -> tuple[str, ...]:
        """Return the columns to be predicted, also those that are not there."""
        return self.targets

    @property
    def lacking(self) -> tuple[str, ...]:
        """Return the targets that are no columns."""
        return tuple(name for name in self.targets if name not in self.frame.columns)

    @property
    def doubted(self) -> Mapping[str, str]:
        """Return what keeps columns from being numbers or dates, where few cells do."""
        return self.doubts

    def doubt_about(self, names: Iterable[str]) -> str:
        """Return what is wrong with the first of the columns with which something is; "" where nothing is."""
        return next((f"{name}: {self.doubts[name]}" for name in names if name in self.doubts), "")

    @property
    def columns_beside(self) -> pd.DataFrame:
        """Return the columns that are no targets."""
        return self.frame.drop(columns=[name for name in self.targets if name in self.frame.columns])

    def as_read(self, name: str) -> pd.Series[Any]:
        """Return a column as it was read."""
        return self.frame[name]

    def grouping(self) -> Mapping[str, pd.Series[Any]]:
        """Return the columns that are no targets, as written."""
        return {name: self.as_written(name) for name in self.columns_beside.columns}

    def without(self, name: str) -> Table:
        """Return the table without a column."""
        return replace(self, frame=self.frame.drop(columns=[name])) if name else self

    def as_written(self, name: str) -> pd.Series[Any]:
        """Return the cells of a column as text as it is written in the file, None where one is missing.

        Classes are these: 1.1 and 1.10 are equal as numbers only.
        """
        # at the call: the window knows the class of every table, and must load no pandas for it
        from engine.data.cells.values import as_text, is_date, is_number, without_exponents

        column = self.frame[name]
        if self.written is None or not (is_number(column) or is_date(column)):
            known = column.astype(object).where(column.notna(), None)
            return known.map(lambda value: value if value is None else as_text(value))
        return without_exponents(self.in_file(name).where(column.notna(), None))

    def in_file(self, name: str) -> pd.Series[Any]:
        """Return the cells of a column as the file has them, those too that count as missing."""
        if self.written is None:
            return self.as_written(name)
        cells = self.written(name)
        if self.rows is not None:  # the file has rows that are none of the table
            cells = cells.reindex(self.rows).reset_index(drop=True)
        # a frame cut to some rows (those of new data that can be answered) keeps their numbers as its index
        return cells.loc[self.frame.index]
