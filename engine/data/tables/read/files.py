"""Table files of every format by their extension: CSV and TSV, Excel, Parquet."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from engine.choices import Message
from engine.data.files.endings import (
    ARRAY,
    ARRAYS,
    DOCUMENTS,
    EXCEL,
    INSTEAD,
    JSON,
    OTHER_PROGRAMS,
    PARQUET,
    USUALLY,
    WEKA,
)
from engine.data.files.layouts import begins_as_record
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.joined_files import read_joined
from engine.data.tables.read.json_files.tables import read_json_table
from engine.data.tables.read.programs.arff import read_arff_table
from engine.data.tables.read.programs.named_values import read_named_values
from engine.data.tables.read.programs.numpy_arrays import read_array_table
from engine.data.tables.read.text_tables import read_text_table

Reader = Callable[[Path, TableFormat, tuple[str, ...], Report, int], Table]
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<(?:html|head|meta|style|table)[\s>]|"
    rb"<\?xml[^>]*\?>\s*<(?:html|\?mso))",
    re.IGNORECASE,
)
_BEGINNING = 512
_UNSURE = ("", ".txt", ".text")
"""Endings of plain text that may be records of JSON."""
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_table(path: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int) -> Table:
    """Return the table in a file, or in the files of a folder.

    Raises Invalid when there is none or it cannot be read.
    """
    ending = path.suffix.lower()
    _refuse_absent(path)
    try:
        if path.is_dir():
            return read_joined(path, lambda one: read_table(one, how, targets, report, memory))
        reader = _reader_of(path)
        if reader is not None:
            return reader(path, how, targets, report, memory)
        if ending in OTHER_PROGRAMS and (ending != ".xls" or _begins(path, _OLD_WORKBOOK)):
            what = OTHER_PROGRAMS[ending]
            drawn = "; pictures in it as PNG, in a folder per class" if ending in ARRAYS else ""
            raise refused(
                "data.path",
                Message(
                    "{name} is {what}: {instead}{drawn}",
                    name=path.name,
                    what=what,
                    instead=Message(INSTEAD.get(ending, USUALLY)),
                    drawn=drawn,
                ),
            )
        if ending in DOCUMENTS:
            said = Message(
                "{name} is {documents}: save it as plain text (.txt)",
                name=path.name,
                documents=DOCUMENTS[ending],
            )
            raise refused("data.path", said)
        with path.open("rb") as file:
            # systems of schools and banks write their tables as web pages and call them .xls or .csv
            if _WEB_PAGE.match(file.read(_BEGINNING)):
                said = Message(
                    "{name} is a web page (HTML), whatever its name: open it in Excel or WPS and save it as "
                    ".xlsx or CSV",
                    name=path.name,
                )
                raise refused("data.path", said)
        named = read_named_values(path, how, targets, report, memory)
        return named if named is not None else read_text_table(path, how, targets, report, memory)
    except OSError as error:
        raise refused(
            "data.path",
            Message("{path} cannot be read: {why}", path=path, why=error.strerror or error),
        ) from None


def _reader_of(path: Path) -> Reader | None:
    """Return what reads a file of this ending; None for plain text, and for what is not read."""
    ending = path.suffix.lower()
    # openpyxl and pyarrow are loaded for files of their kind alone
    if ending in EXCEL or (ending == ".xls" and _begins(path, _WORKBOOK)):
        from engine.data.tables.read.workbooks.excel import read_excel_table

        return read_excel_table
    if ending in PARQUET:
        from engine.data.tables.read.programs.parquet import read_parquet_table

        return read_parquet_table
    if ending in JSON or (ending in _UNSURE and begins_as_record(path)):
        return read_json_table
    others: dict[str, Reader] = {
        **dict.fromkeys(WEKA, read_arff_table),
        **dict.fromkeys(ARRAY, read_array_table),
    }
    return others.get(ending)


def _begins(path: Path, mark: bytes) -> bool:
    """Return whether a file begins so: what other programs name .xls is often a newer workbook, or text."""
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


def _refuse_absent(path: Path) -> None:
    checks: tuple[tuple[Callable[[], bool], str], ...] = (
        (
            # Path("") is "."
            lambda: str(path) in ("", "."),
            "is missing: choose a file of rows and columns (CSV, TSV, Excel, Parquet, JSON)",
        ),
        (lambda: "\x00" in str(path), "is no path"),
        (lambda: not path.exists(), Message("there is no file {path}; choose one that exists", path=path)),
        (lambda: not (path.is_file() or path.is_dir()), Message("{path} is no ordinary file", path=path)),
    )
    for fails, text in checks:
        if fails():
            raise refused("data.path", text)
