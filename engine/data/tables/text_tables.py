"""Text tables: CSV and TSV files read in chunks, with progress, within the memory there is."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any

import pandas as pd

from engine.choices import Invalid
from engine.data.file_settings import codec
from engine.data.raw import MOST_COLUMNS, Table
from engine.data.recognition import recognise
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.dialect import Dialect, decode_errors, find_dialect, find_encoding
from engine.data.tables.format import TableFormat
from engine.data.values import MISSING_WORDS

_CHUNK = 1 << 24
"""Bytes of the file per chunk; small enough that progress moves and cancelling is felt."""
_PEAK = 3.5
"""Memory at the peak (chunks, their join, the inputs made of it) in sizes of the finished table."""

_PANDAS = tuple(int(part) for part in pd.__version__.split(".")[:2])
_EXACT: dict[str, Any] = {} if _PANDAS >= (3, 1) else {"float_precision": "round_trip"}
"""Every number is read as the double nearest to its text; pandas does so by itself from 3.1 on."""


def read_text_table(
    path: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int
) -> Table:
    """Return the table in a CSV or TSV file. `memory`: bytes that may be used.

    Raises Invalid when it is no table, a row has too many cells, or it does not fit into memory.
    """
    size = path.stat().st_size
    refuse_too_large(path, size, memory)
    encoding = find_encoding(path, report) if how.encoding == "auto" else codec(how.encoding)
    dialect = find_dialect(
        path, encoding, how.separator, how.decimal, None if how.header == "auto" else how.header != "no"
    )
    first = (["row"] * dialect.row_names + [*dialect.first]) if dialect.header else []
    names, notices = column_names(first, dialect.width)
    if how.header == "auto" and not dialect.header:
        notices.append("the first row is taken for data, and the columns are numbered")
    if dialect.short_rows:
        notices.append(
            f"{dialect.short_rows} rows have fewer cells than the first; the rest counts as missing"
        )
    ignored = set(how.ignore)
    wanted = [name for name in names if name not in ignored]
    if not wanted:
        raise refused("data.ignore", "names every column: leave at least two")
    frame = _read(path, dialect, names, wanted, how, report, memory)
    columns, day_first = {}, []
    for index, name in enumerate(wanted):
        report(0.8 + 0.2 * (index + 1) / len(wanted), "Looking at the columns")
        column = frame[name]
        if how.keeps(name):
            bare = column.astype(object).map(lambda cell: str(cell).strip(), na_action="ignore")
            columns[name] = bare.where(column.notna(), None)
            continue
        found = recognise(name, column, dialect.decimal, dialect.decimal_seen, how.date_order)
        columns[name] = found.column
        notices += found.notices
        day_first += [name] * found.day_first
    whole = pd.DataFrame(columns, copy=False)  # not column by column into `frame`, slow for thousands of them
    return Table(whole, targets, tuple(names), how.ignore, tuple(notices), tuple(day_first))


def column_names(first: Sequence[str], width: int) -> tuple[list[str], list[str]]:
    """Return a name for each of `width` columns, each once, and notices about those that were changed.

    Raises Invalid when there are too many.
    """
    refuse_too_wide(width)
    names: dict[str, None] = {}
    seen: dict[str, int] = {}
    doubled = []
    for index in range(width):
        name = (first[index].strip() if index < len(first) else "") or f"column {index + 1}"
        unique = name
        while unique in names:
            seen[name] = seen.get(name, 1) + 1
            unique = f"{name} ({seen[name]})"
        if unique != name:
            doubled.append(name)
        names[unique] = None
    notices = [f"the name {name!r} occurs more than once; numbered" for name in dict.fromkeys(doubled)]
    return list(names), notices


def _read(
    path: Path,
    dialect: Dialect,
    names: list[str],
    wanted: list[str],
    how: TableFormat,
    report: Report,
    memory: int,
) -> pd.DataFrame:
    """Read all chunks; columns that turn out to be text in a later chunk are read as text from the start."""
    as_text = [name for name in wanted if how.keeps(name)]
    if how.blanks:
        dialect = replace(dialect, begin=_blank_before(path, dialect))
    frames = list(_chunks(path, dialect, names, wanted, as_text, report, memory))
    if not frames or not sum(len(frame) for frame in frames):
        raise refused("data.path", f"{path.name} has no rows below its first; add rows of values")
    mixed = [
        name
        for name in wanted
        if len({_is_text(frame[name]) for frame in frames if len(frame)}) > 1
        and any(_is_text(frame[name]) for frame in frames)
    ]
    if mixed:
        frames = list(_chunks(path, dialect, names, wanted, as_text + mixed, report, memory))
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def _blank_before(path: Path, dialect: Dialect) -> int:
    """Return how many blank lines stand before the first row."""
    with _opened(path, dialect.encoding) as (text, _):
        return sum(1 for _ in takewhile(lambda line: not line.strip(), text))


def _is_text(column: pd.Series[Any]) -> bool:
    """Return whether a chunk's column holds text; one that is all missing may be either."""
    return not pd.api.types.is_numeric_dtype(column.dtype)


def _chunks(
    path: Path,
    dialect: Dialect,
    names: list[str],
    wanted: list[str],
    as_text: list[str],
    report: Report,
    memory: int,
) -> Iterator[pd.DataFrame]:
    size = max(path.stat().st_size, 1)
    held = 0
    with _opened(path, dialect.encoding) as (text, raw), _explained(path, dialect):
        reader = pd.read_csv(
            text,
            sep=r"\s+" if dialect.separator == " " else dialect.separator,
            quotechar=dialect.quote,
            decimal=dialect.decimal,
            header=0 if dialect.header else None,
            names=names,
            index_col=False,
            dtype=dict.fromkeys(as_text, str),
            keep_default_na=False,
            na_values=list(MISSING_WORDS),
            skipinitialspace=True,
            skiprows=dialect.begin,
            skip_blank_lines=dialect.begin is None,
            chunksize=_rows_per_chunk(path, dialect),
            low_memory=False,
            **_EXACT,
        )
        for whole in _all_cells(reader):
            frame = whole[wanted]  # not through usecols, with which pandas overlooks rows that are too long
            held += int(frame.memory_usage(deep=True).sum())
            share = min(raw.tell() / size, 1.0)
            refuse_too_large(path, int(held / max(share, 0.01) * _PEAK), memory)
            report(0.1 + 0.7 * share, f"Reading {path.name}")
            yield frame


def _all_cells(reader: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Yield the chunks; cells that pandas would drop with a warning are an error."""
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            whole = next(reader, None)
        if whole is None:
            return
        yield whole


def _rows_per_chunk(path: Path, dialect: Dialect) -> int:
    with path.open("rb") as file:
        start = file.read(1 << 16)
    lines = max(start.count(b"\n"), start.count(b"\r"), 1)
    return max(1_000, _CHUNK * lines // max(len(start), 1))


def refuse_too_wide(width: int) -> None:
    """Raise Invalid when a table has more columns than can be worked with."""
    if width > MOST_COLUMNS:
        raise refused(
            "data.path", f"has {width:,} columns, more than {MOST_COLUMNS:,}: keep those that are needed"
        )


def refuse_too_large(path: Path, needed: int, memory: int) -> None:
    """Raise Invalid when reading needs more bytes than there are."""
    if needed > memory:
        raise refused(
            "data.path",
            f"{path.name} needs about {_gigabytes(needed)} of memory, and "
            f"{_gigabytes(memory)} are free: keep fewer rows, or put columns that are not needed "
            "under ignore",
        )


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 5e7 else f"{count / 1e6:.1f} MB"


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[tuple[io.TextIOWrapper, io.BufferedReader]]:
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding, decode_errors(encoding), newline="") as text:
        yield text, raw


@contextmanager
def _explained(path: Path, dialect: Dialect) -> Iterator[None]:
    """Say in our words what the parser and the decoder complain about."""
    try:
        yield
    except Invalid:
        raise
    except UnicodeError as error:
        raise refused(
            "data.encoding",
            f"{path.name} is not written in {dialect.encoding} throughout "
            f"({error}); choose auto or another encoding",
        ) from None
    except pd.errors.ParserWarning:
        raise refused(
            "data.path",
            f"{path.name}: some rows have more cells than the first; mend them, or say which separator it is",
        ) from None
    except (pd.errors.ParserError, csv.Error, ValueError, OverflowError) as error:
        raise refused("data.path", f"{path.name}: {_ragged(str(error))}") from None


def _ragged(text: str) -> str:
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", text)
    if found:
        expected, line, seen = found.groups()
        return (
            f"line {line} has {seen} cells where the rows before have {expected}: mend the line, or put "
            "cells that contain the separator in quotes"
        )
    if "EOF inside string" in text:
        return "a quoted cell is opened and never closed: close or remove the lone quotation mark"
    return f"cannot be read as a table ({text.strip().rstrip('.')}); check separator and quotation marks"
