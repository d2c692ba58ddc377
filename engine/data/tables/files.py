"""Table files of every format by their extension: CSV and TSV, Excel, Parquet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.data.raw import Table
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.format import TableFormat
from engine.data.tables.text_tables import read_text_table

TEXT = (".csv", ".tsv", ".tab", ".txt", ".data", ".dat")
EXCEL = (".xlsx", ".xlsm")
PARQUET = (".parquet", ".pq")


def read_table(path: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int) -> Table:
    """Return the table in a file. Raises Invalid when there is none or it cannot be read."""
    ending = path.suffix.lower()
    _refuse_absent(path)
    try:
        if ending in EXCEL:
            from engine.data.tables.excel import read_excel_table

            return read_excel_table(path, how, targets, report, memory)
        if ending in PARQUET:
            from engine.data.tables.parquet import read_parquet_table

            return read_parquet_table(path, how, targets, report, memory)
        if ending == ".xls":
            raise refused("data.path", f"{path.name} is an old Excel file: save it as .xlsx or CSV")
        return read_text_table(path, how, targets, report, memory)
    except OSError as error:
        raise refused("data.path", f"{path} cannot be read: {error.strerror or error}") from None


def _refuse_absent(path: Path) -> None:
    checks: tuple[tuple[Callable[[], bool], str], ...] = (
        (
            lambda: str(path) in ("", "."),
            "is missing: choose a file of rows and columns (CSV, TSV, Excel, Parquet)",
        ),
        (lambda: "\x00" in str(path), "is no path"),
        (
            lambda: path.is_dir(),
            f'{path} is a folder; choose a file, or the kind "images" for a folder of pictures',
        ),
        (lambda: not path.exists(), f"there is no file {path}; choose one that exists"),
        (lambda: not path.is_file(), f"{path} is no ordinary file"),
    )
    for fails, text in checks:
        if fails():
            raise refused("data.path", text)
