"""JSON as tables: each record a row, what it holds a column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.choices import Message
from engine.data.cells.number_marks import Marks
from engine.data.cells.values import as_text
from engine.data.decisions import decision_in
from engine.data.files.several_tables import SETTING
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.encodings import decode_errors, encoding_of
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.json_files.flat import flat
from engine.data.tables.read.json_files.records import Digits, records_of
from engine.data.tables.read.lists_of_words import as_cell, told_list
from engine.data.tables.read.text_tables import refuse_too_large, refuse_too_wide
from engine.data.tables.read.typed import Cells, as_written, typed_table

_PER_BYTE = 12
"""Memory per byte of the file, at the peak."""


def read_json_table(
    path: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int
) -> Table:
    """Return a table with a row for each record; what a record lacks is missing.

    Records within records become columns of their own, outer.inner; lists are left out with a notice. Raises
    Invalid for JSON that holds no records.
    """
    refuse_too_large(path, path.stat().st_size * _PER_BYTE, memory)
    encoding, notices = encoding_of(path, how.encoding, report)
    try:
        # json refuses a text that begins with a byte order mark
        text = path.read_bytes().decode(encoding.codec, decode_errors(encoding.codec)).removeprefix("\ufeff")
    except UnicodeError as error:
        raise refused(
            "data.encoding",
            Message(
                "{name} is not written in {codec} ({error})",
                name=path.name,
                codec=encoding.codec,
                error=error,
            ),
        ) from None
    found_records, where = records_of(text, path, how.header, how.sheet)
    records = [flat(record) for record in found_records]
    notices += where
    names = _names(records)
    refuse_too_wide(len(names))
    nested = [name for name in names if not _in_words(records, name)]
    sets = [name for name in nested if _are_sets(records, name)]
    # as they would stand in a CSV, from which sets of labels are known; only where somebody names the column:
    # earlier runs learnt without it
    for name in (name for name in sets if name in how.names):
        nested.remove(name)
        for record in records:
            if name in record:
                record[name] = as_cell(record[name])
    notices += [told_list(name, several=name in sets) for name in nested]
    names = tuple(name for name in names if name not in nested)
    wanted = [name for name in names if name not in how.left_out]
    if not wanted or not records:
        raise refused(
            "data.path", Message("{name} holds no records with columns of numbers or text", name=path.name)
        )
    report(0.6, Message("Reading {name}", name=path.name))
    frame = pd.DataFrame({name: _column(records, name, how.keeps(name)) for name in wanted}, copy=False)
    rows = np.arange(1, len(records) + 1)

    def written(name: str) -> pd.Series[Any]:
        values = [record.get(name) for record in records]
        texts = [None if value is None else _text(value) for value in values]
        return as_written(pd.Series(texts, rows, dtype=object))

    marks, found = Marks(".", False, how.thousands), {"encoding": encoding.setting}
    decisions = [decision_in(notice) for notice in where]
    if any(decision.setting == "data.header" for decision in decisions):
        # new rows of the same form may look as if they had names
        found["header"] = "no"
    if chosen := [decision for decision in decisions if decision.setting == SETTING]:
        found["sheet"] = str(chosen[0].value)
    cells = Cells(frame, names, rows, marks, notices, found, {}, written)
    return typed_table(cells, how, targets, report)


def _names(records: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return the names of the columns, without those that are empty wherever they hold no record.

    Of {"place": null} and {"place": {"town": "x"}} the column is place.town.
    """
    names = dict.fromkeys(name for record in records for name in record)
    outer = {name[:end] for name in names for end in range(len(name)) if name[end] == "."}
    nothing = {name for name in outer & names.keys() if all(record.get(name) is None for record in records)}
    return tuple(name for name in names if name not in nothing)


def _are_sets(records: list[dict[str, Any]], name: str) -> bool:
    """Return whether a column holds nothing but lists of words, as keywords and codes."""
    cells = [record[name] for record in records if record.get(name) is not None]
    return all(isinstance(cell, list) and all(isinstance(one, str) for one in cell) for cell in cells)


def _in_words(records: list[dict[str, Any]], name: str) -> bool:
    """Return whether a column holds no lists, once those that are pieces of a text are joined.

    A message with a link in it is such a list, beside messages that are texts.
    """
    lists = [record for record in records if isinstance(record.get(name), list)]
    beside = any(isinstance(record.get(name), str) and record[name] for record in records)
    if lists and beside and all(_is_piece(piece) for record in lists for piece in record[name]):
        for record in lists:
            pieces = (piece if isinstance(piece, str) else piece["text"] for piece in record[name])
            record[name] = "".join(pieces)
        return True
    return not lists


def _is_piece(piece: Any) -> bool:
    return isinstance(piece, str) or (isinstance(piece, dict) and isinstance(piece.get("text"), str))


def _column(records: list[dict[str, Any]], name: str, kept: bool) -> pd.Series[Any]:
    values = [record.get(name) for record in records]
    present = [value for value in values if value is not None]
    # for isinstance, True is an int
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in present)
    # larger ones are mostly identifiers, which would lose their last digits as doubles
    if present and numbers and not kept and all(abs(value) < 2**53 for value in present):
        plain = [np.nan if value is None else float(value) for value in values]
        column = pd.Series(plain)
        whole = len(present) == len(values) and all(isinstance(value, int) for value in present)
        return column.astype(np.int64) if whole else column
    column = pd.Series(values, dtype=object)
    return column.map(lambda value: None if value is None else _text(value))


def _text(value: Any) -> str:
    """Return a value of a record as text, numbers as they are written."""
    return str(value) if isinstance(value, Digits) else as_text(value)
