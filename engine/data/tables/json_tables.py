"""JSON as tables: a record a line (.jsonl, .ndjson), or a list of records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.data.numerals import Marks
from engine.data.raw import Table
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.encodings import decode_errors, encoding_of
from engine.data.tables.format import TableFormat
from engine.data.tables.text_tables import refuse_too_large, refuse_too_wide
from engine.data.tables.typed import Cells, as_written, typed_table
from engine.data.values import as_text, listed

_PER_BYTE = 12
"""Memory per byte of the file, at the peak."""
_NESTED = (dict, list)


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
        text = path.read_bytes().decode(encoding.codec, decode_errors(encoding.codec)).removeprefix("\ufeff")
    except UnicodeError as error:
        raise refused("data.encoding", f"{path.name} is not written in {encoding.codec} ({error})") from None
    records = [_flat(record) for record in _records(text, path)]
    names = tuple(dict.fromkeys(name for record in records for name in record))
    refuse_too_wide(len(names))
    nested = [name for name in names if any(isinstance(record.get(name), list) for record in records)]
    notices += [f"{name}: holds lists and is left out" for name in nested]
    names = tuple(name for name in names if name not in nested)
    wanted = [name for name in names if name not in how.left_out]
    if not wanted or not records:
        raise refused("data.path", f"{path.name} holds no records with columns of numbers or text")
    report(0.6, f"Reading {path.name}")
    frame = pd.DataFrame({name: _column(records, name, how.keeps(name)) for name in wanted}, copy=False)
    rows = np.arange(1, len(records) + 1)

    def written(name: str) -> pd.Series[Any]:
        values = [record.get(name) for record in records]
        texts = [None if value is None else _text(value) for value in values]
        return as_written(pd.Series(texts, rows, dtype=object))

    marks, found = Marks(".", False, how.thousands), {"encoding": encoding.setting}
    cells = Cells(frame, names, rows, marks, notices, found, {}, written)
    return typed_table(cells, how, targets, report)


def _records(text: str, path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records: those of a list, or one a line. Numbers keep the digits they are written with."""
    start = text.lstrip()[:1]
    if start == "[":
        found = _loaded(text, path)
        wrong = next((place for place, one in enumerate(found, 1) if not isinstance(one, dict)), None)
        if wrong is not None:
            raise refused(
                "data.path",
                f"{path.name} is a list, but its entry {wrong} is no record {{name: value}}; a table is a "
                "list of records, or a record a line",
            )
        yield from found
        return
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    for number, line in lines:
        try:
            record = json.loads(line, parse_float=_Digits, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            if number == lines[0][0]:
                _refuse_other(text, path)
            said = f"{path.name}: line {number} is no JSON record; mend or remove it"
            raise refused("data.path", said) from None
        if not isinstance(record, dict):
            raise refused("data.path", f"{path.name}: line {number} is JSON but no record {{name: value}}")
        if len(lines) == 1 and any(isinstance(value, _NESTED) for value in record.values()):
            raise refused("data.path", _no_table(path, record))
        yield record


def _refuse_other(text: str, path: Path) -> None:
    """Raise Invalid for JSON that is one object over many lines."""
    found = _loaded(text, path)
    if isinstance(found, dict):
        raise refused("data.path", _no_table(path, found))


def _no_table(path: Path, found: dict[str, Any]) -> str:
    return (
        f"{path.name} is one JSON object ({listed(found, 4)}), not a table; write a list of records, "
        '[{"a": 1, "b": 2}, ...], or a record a line'
    )


def _loaded(text: str, path: Path) -> Any:
    try:
        return json.loads(text, parse_float=_Digits, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise refused("data.path", f"{path.name} is no JSON that can be read ({error})") from None


class _Digits(float):
    """A number that remembers how it was written: 1.10 is not 1.1 where it names a class."""

    digits: str

    def __new__(cls, digits: str) -> _Digits:
        """Return the number that `digits` write."""
        made = super().__new__(cls, digits)
        made.digits = digits
        return made

    def __str__(self) -> str:
        """Return the number as it was written."""
        return self.digits


def _flat(record: dict[str, Any], outer: str = "", depth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and depth < 4:
            found.update(_flat(value, f"{outer}{name}.", depth + 1))
        else:
            found[f"{outer}{name}"] = value
    return found


def _column(records: list[dict[str, Any]], name: str, kept: bool) -> pd.Series[Any]:
    values = [record.get(name) for record in records]
    present = [value for value in values if value is not None]
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in present)
    if present and numbers and not kept and all(abs(value) < 2**53 for value in present):
        plain = [np.nan if value is None else float(value) for value in values]
        column = pd.Series(plain)
        whole = len(present) == len(values) and all(isinstance(value, int) for value in present)
        return column.astype(np.int64) if whole else column
    column = pd.Series(values, dtype=object)
    return column.map(lambda value: None if value is None else _text(value))


def _text(value: Any) -> str:
    """Return a value of a record as text, numbers as they are written."""
    return str(value) if isinstance(value, _Digits) else as_text(value)
