"""What the training rows of a table say: its inputs, which columns are none and why, rows to leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message, joined
from engine.data.cells.column_types import ColumnType
from engine.data.cells.moments.days_without_year import LEAP_YEAR, is_day_without_year, is_pair_of_digits
from engine.data.cells.values import as_text, counted, is_date, is_number, listed
from engine.data.decisions import TYPES, decided, decision_in
from engine.data.encoder import Say
from engine.data.preprocessing import Preprocessing
from engine.data.refusal import refused
from engine.data.tables.encode import MOST_FEATURES, LeftOutColumn, TableEncoder
from engine.data.tables.fit_columns import LeftOut, fit_column
from engine.data.tables.fitted_columns import Column, Date
from engine.data.tables.identifiers import identifiers
from engine.data.tables.raw import Table
from engine.data.tables.read.columns import is_text
from engine.data.tables.read.rival_readings import readings_of
from engine.data.tables.read.text_columns import are_different

_LOOKED_AT = 20
"""Cells of days of one year that are looked at as they are written."""


def fit_table(raw: Table, train: NDArray[np.int64], preprocessing: Preprocessing, say: Say) -> TableEncoder:
    """Return the encoder that the training rows say. Raises Invalid where no column is left."""
    columns: list[Column] = []
    left_out: list[LeftOutColumn] = []
    numbering = identifiers(raw, train)
    types = raw.found.get("types")
    several = (
        {name for name, kind in types.items() if kind == "choices"} if isinstance(types, Mapping) else ()
    )
    for name in raw.frame.columns:
        if name in raw.targets:
            continue
        try:
            if name in numbering:
                raise LeftOut(numbering[name])
            rows = raw.frame[name].iloc[train]
            day_first = name in raw.day_first
            column = fit_column(
                name,
                rows,
                preprocessing,
                day_first,
                say,
                several=name in several,
                typed=name in raw.typed,
            )
            if isinstance(column, Date) and _lack_year(raw, name):
                # which weekday a day was depends on its year
                parts = tuple(part for part in column.parts if part.name != "weekday")
                column = column.model_copy(update={"parts": parts})
            columns.append(column)
        except LeftOut as reason:
            # that a column holds times, or two numbers a cell, says more than that all of its words differ
            why = raw.doubts.get(name, str(reason))
            left_out.append(LeftOutColumn(name=name, why=why))
            say(_left_out(raw, name, why, numbers_rows=name in numbering))
    if not columns:
        why = joined("; ", *(Message("{name}: {why}", name=one.name, why=one.why) for one in left_out[:5]))
        # Python works out the condition first, which is where `name` comes from
        words = [name for one in left_out if _may_be_texts(raw.frame[name := one.name])]
        texts = (
            Message(
                "; to learn from the words of {listed}, choose the kind Texts in a table",
                listed=listed(words),
            )
            if words
            else ""
        )
        raise refused(
            "data.target",
            Message(
                "leaves no column to predict from ({why}){texts}"
                if why
                else "leaves no column to predict from{texts}",
                why=why,
                texts=texts,
            ),
        )
    if sum(len(column.features) for column in columns) > MOST_FEATURES:
        raise refused(
            "data.ignore",
            Message(
                "the columns become more than {most} inputs: ignore some of them",
                most=MOST_FEATURES,
            ),
        )
    return TableEncoder(
        columns=tuple(columns), left_out=tuple(left_out), drop_missing=preprocessing.missing == "drop"
    )


def _lack_year(raw: Table, name: str) -> bool:
    """Return whether the days of a column are written without their year, so that they have no weekday."""
    if not (raw.frame[name].dt.year.dropna() == LEAP_YEAR).all():
        return False
    words = [as_text(cell).strip() for cell in raw.in_file(name).dropna().head(_LOOKED_AT)]
    return all(is_day_without_year(word) or is_pair_of_digits(word) for word in words)


def _left_out(raw: Table, name: str, why: str, *, numbers_rows: bool) -> str:
    """Return the notice of a column that is no input, with the types by which it would be one."""
    words = not is_number(raw.frame[name]) and not is_date(raw.frame[name])
    usable: list[ColumnType] = ["number"] if numbers_rows else readings_of(raw.frame[name]) if words else []
    # a list times False is empty
    usable += ["category"] * (words and raw.frame[name].nunique() > 1)
    # the same is asked once: what reading has asked of the column stands beside
    asked = any(one.doubtful and one.column == name for one in map(decision_in, raw.notices))
    doubtful = numbers_rows or (name in raw.doubts and not asked)
    return decided(
        Message("{name}: left out, because {why}", name=name, why=why),
        TYPES,
        *usable,
        column=name,
        now="leave_out",
        doubtful=doubtful and name not in raw.typed,
    )


def _may_be_texts(column: pd.Series[Any]) -> bool:
    return is_text(column) and are_different(column)


def whole_rows(raw: Table, usable: NDArray[np.bool_], say: Say) -> NDArray[np.bool_]:
    """Return which rows lack no number and no date, in columns that are not missing altogether."""
    # the rows that have an answer belong to the caller
    whole = usable.copy()
    for name in raw.frame.columns:
        column = raw.frame[name]
        if name in raw.targets or not (is_number(column) or is_date(column)):
            continue
        present = column.notna().to_numpy() if is_date(column) else np.isfinite(column.to_numpy(np.float64))
        if present.any():
            whole &= present
    if not whole.any():
        raise refused(
            "preprocessing.missing",
            "leaves no row: each lacks a number somewhere; "
            "choose mean or median, or ignore the columns with most missing values",
        )
    if whole.sum() < usable.sum():
        say(
            Message(
                "{counted} with missing numbers left out",
                counted=counted(int(usable.sum() - whole.sum()), "row"),
            )
        )
    return whole
