"""Text tables: CSV and TSV files read in chunks, with progress, within the memory there is."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from typing_extensions import override

from engine.choices import Invalid, Message
from engine.data.cells.missing.boxes import are_boxes
from engine.data.cells.moments.decimal_months import may_be_decimal_months
from engine.data.cells.number_kind import is_called_time
from engine.data.cells.shape_of_numerals import CODE_DIGITS
from engine.data.cells.values import MISSING_WORDS, counted, listed
from engine.data.refusal import refused
from engine.data.source import Report, silent
from engine.data.tables.raw import MOST_COLUMNS, Table
from engine.data.tables.read.dialects.cells_of_lines import every_row
from engine.data.tables.read.dialects.decimal_marks import plain_numbers
from engine.data.tables.read.dialects.dialect import Dialect, find_dialect, told_short
from engine.data.tables.read.dialects.line_ends import BareLines
from engine.data.tables.read.dialects.separators import WIDE_SEPARATORS
from engine.data.tables.read.encodings import decode_errors, encoding_of
from engine.data.tables.read.ending import end_of_data
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.names_and_units import is_ruler
from engine.data.tables.read.typed import Cells, as_written, typed_table

_CHUNK = 1 << 24
"""Bytes of the file per chunk; small enough that progress moves and cancelling is felt."""
_LONGEST_CODE = 1_000
_UNIT_SEPARATOR = "\x1f"
"""The control character that stands in for a separator of more than one byte, which pandas reads slowly."""
_FEW_RULERS = 3
_MOST_LINES = 20
"""Lines that are named which have to be mended."""
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
    refuse_too_large(path, path.stat().st_size, memory)
    encoding, notices = encoding_of(path, how.encoding, report)
    dialect = find_dialect(path, encoding.codec, how)
    notices += dialect.notices
    first = (["row"] * dialect.row_names + [*dialect.names]) if dialect.named else []
    names, told = column_names(first, dialect.width)
    wanted = [name for name in names if name not in set(how.left_out)]
    if not wanted:
        raise refused("data.ignore", "names every column: leave at least two")
    text = _TextFile(path, dialect, tuple(names), how, report, memory)
    frame = text.read(wanted, [name for name in targets if name in wanted])
    # kept now, as classes are called what is written: later the whole file would have to be read for them
    written = {name: _numbered(frame[name]) for name in targets if name in wanted}
    empty = [name for name in _nameless(first, names) if name in frame and _holds_nothing(frame[name])]
    if len(empty) < len(frame.columns):  # what a separator at the end of each line makes
        frame = frame.drop(columns=empty)
        names = [name for name in names if name not in empty]
    frame, rows = _without_blank_rows(frame, how, notices)
    if not len(frame):
        raise refused(
            "data.path", Message("{name} has no rows below its first; add rows of values", name=path.name)
        )
    found = {
        "encoding": encoding.setting,
        "separator": dialect.separator,
        "decimal": dialect.marks.decimal,
        "header": ("no", "yes", "two")[dialect.named],
    }
    cells = Cells(frame, tuple(names), rows, dialect.marks, (*notices, *told), found, {}, text.cells(written))
    table = typed_table(cells, how, targets, report)
    if not dialect.short:
        return table
    # each row of a new file has a place in the answer, where it is told of a note that it is one
    end = end_of_data(table.frame) if how.blanks else len(table)
    short = told_short(dialect.short, set(table.row_numbers[:end].tolist()))
    return replace(table, notices=(*short, *table.notices))


def _numbered(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return the cells of a column as they are written, by the number of the row in the file."""
    return as_written(column).set_axis(np.arange(1, len(column) + 1))


def _nameless(first: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the columns that have no name above them where others have one."""
    return [name for place, name in enumerate(names) if first and (place >= len(first) or not first[place])]


def _holds_nothing(column: pd.Series[Any]) -> bool:
    """Return whether a column holds no cell but lines drawn with signs."""
    known = column.dropna()
    return not len(known) or (len(known) <= _FEW_RULERS and all(is_ruler([str(cell)]) for cell in known))


def _without_blank_rows(
    frame: pd.DataFrame, how: TableFormat, notices: list[str]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the rows that hold something, and which row of the file each is, counted from 1.

    Where blank rows are to be kept, those at the end are no rows all the same.
    """
    blank = frame.iloc[:, 0].isna()
    # all cells are looked at in those rows alone whose first is empty
    if blank.any():
        blank &= frame[blank].isna().all(axis=1).reindex(frame.index, fill_value=False)
    filled = np.flatnonzero(~blank.to_numpy())
    if blank.any() and all(are_boxes(frame[name]) for name in frame.columns):
        # a row of boxes none of which is ticked is an example; behind the last that is, it is rather none
        filled = np.arange(filled[-1] + 1)
    if how.blanks:
        filled = np.arange(filled[-1] + 1 if len(filled) else 0)
    gone = (int(filled[-1]) + 1 if len(filled) else 0) - len(filled)
    if gone:
        notices.append(Message("{rows} left out", rows=counted(gone, "blank row")))
    if len(filled) < len(frame):
        frame = frame.iloc[filled]
    return frame, filled.astype(np.int64) + 1


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
        # a file may itself have a column called "a (2)"
        while unique in names:
            seen[name] = seen.get(name, 1) + 1
            unique = f"{name} ({seen[name]})"
        if unique != name:
            doubled.append(name)
        names[unique] = None
    notices: list[str] = [
        Message("the name {name!r} occurs more than once; numbered", name=name)
        for name in dict.fromkeys(doubled)
    ]
    return list(names), notices


@dataclass(frozen=True)
class _TextFile:
    """A text table whose dialect is known, to be read in chunks."""

    path: Path
    dialect: Dialect
    names: tuple[str, ...]
    how: TableFormat
    report: Report
    memory: int

    def read(self, wanted: list[str], kept: list[str]) -> pd.DataFrame:
        """Return the columns wanted, blank rows too; those `kept` or of no plain numbers as text.

        A column that turns out to be text in a later chunk is read as text from the start.
        """
        text = {name for name in wanted if name in kept or not self._plain(name)}
        frame = self._joined(wanted, text)
        late = {name for name in wanted if name not in text and not self._trusted(frame[name])}
        late |= self._perhaps_codes(frame, text | late)
        return self._joined(wanted, text | late) if late else frame

    def cells(self, kept: dict[str, pd.Series[Any]]) -> Callable[[str], pd.Series[Any]]:
        """Return what gives the cells of a column as they are written; those `kept` are at hand.

        The others are read together, as who asks for one of them asks for all.
        """

        def written(name: str) -> pd.Series[Any]:
            if name not in kept:
                rest = [one for one in self.names if one not in kept]
                frame = replace(self, report=silent)._joined(rest, set(rest))
                kept.update({one: _numbered(frame[one]) for one in rest})
            return kept[name]

        return written

    def _plain(self, name: str) -> bool:
        kind = dict(self.how.types).get(name, "number")
        return (
            kind in ("number", "positive")
            and not self.how.keeps(name)
            and plain_numbers(self.dialect.first_cells(self.names.index(name)), self.dialect.marks)
        )

    def _trusted(self, column: pd.Series[Any]) -> bool:
        """Return whether the parser has made numbers of a column, and lost nothing in it."""
        if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
            return False
        if not pd.api.types.is_float_dtype(column.dtype):
            return bool(column.abs().max() < 10 ** (CODE_DIGITS - 1))
        values = column.to_numpy(np.float64)
        known = values[np.isfinite(values)]
        if np.abs(known).max(initial=0) >= 2**53 and (known == np.round(known)).all():
            return False  # identifiers, the last digits of which a double has not
        if may_be_decimal_months(known, called_time=is_called_time(str(column.name))):
            return False  # 2023.10 and 2023.1 are one number, but October and January
        fractions = known[known != np.round(known)] * 1000  # 7.557 where all else is whole: perhaps 7557
        return self.dialect.marks.seen or not len(fractions) or (fractions != np.round(fractions)).any()

    def _perhaps_codes(self, frame: pd.DataFrame, text: set[str]) -> set[str]:
        """Return the columns of whole numbers of a file that holds a code as 007 in whatever row.

        The parser has made 7 of it; as text, these columns are looked at cell by cell.
        """
        typed = dict(self.how.types)
        whole = {
            name
            for name in frame.columns
            if name not in text and name not in typed and (frame[name].dropna() % 1 == 0).all()
        }
        return whole if whole and self.how.codes and holds_codes(self.path, self.dialect) else set()

    def _joined(self, wanted: list[str], text: set[str]) -> pd.DataFrame:
        frames = list(self._chunks(wanted, text))
        if not frames or not sum(len(frame) for frame in frames):
            raise refused(
                "data.path",
                Message("{name} has no rows below its first; add rows of values", name=self.path.name),
            )
        return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)

    def _chunks(self, wanted: list[str], text: set[str]) -> Iterator[pd.DataFrame]:
        path, dialect = self.path, self.dialect
        size = max(path.stat().st_size, 1)
        held = 0
        absent = ["", *MISSING_WORDS, *self.how.missing]
        with _opened(path, dialect) as (lines, raw), _explained(path, dialect):
            for _ in range(dialect.skip):
                lines.readline()
            wide = dialect.separator in WIDE_SEPARATORS
            reader = pd.read_csv(
                _OneByte(lines, dialect.separator) if wide else lines,
                sep=_UNIT_SEPARATOR if wide else r"\s+" if dialect.separator == " " else dialect.separator,
                quotechar=dialect.quote or '"',
                quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
                decimal=dialect.marks.decimal,
                header=None,
                names=list(self.names),
                # else pandas makes an index of the first column where rows have more cells than names
                index_col=False,
                dtype=dict.fromkeys(text, str),
                keep_default_na=False,
                na_values={name: [""] if name in text else absent for name in self.names},
                skipinitialspace=True,
                # rows are named by their number in the file, which blank ones have, too
                skip_blank_lines=False,
                chunksize=_rows_per_chunk(path, dialect),
                # with it, pandas guesses types piece by piece, and one column may hold 7 and "7"
                low_memory=False,
                **_EXACT,
            )
            for whole in _all_cells(reader):
                # not through usecols, with which pandas overlooks rows that are too long
                frame = whole[wanted]
                if wide:
                    # one within quotation marks is part of its cell
                    frame = frame.replace(_UNIT_SEPARATOR, dialect.separator, regex=True)
                held += int(frame.memory_usage(deep=True).sum())
                # of the bytes below: tell of the text itself decodes anew to find its place
                share = min(raw.tell() / size, 1.0)
                refuse_too_large(path, int(held / max(share, 0.01) * _PEAK), self.memory)
                self.report(0.1 + 0.7 * share, Message("Reading {name}", name=path.name))
                yield frame


def holds_codes(path: Path, dialect: Dialect) -> bool:
    """Return whether a cell of a text file is a whole number with a zero before it, as 007."""
    mark, quote = (r"\s" if sign == " " else re.escape(sign) for sign in (dialect.separator, dialect.quote))
    # two searches that each begin with one sign are far quicker than one with alternatives
    cells = [re.compile(f"{before}[ {quote}]*0[0-9]+[{quote}{mark}\\s]") for before in ("\n", mark)]
    with _opened(path, dialect) as (lines, _):
        for _ in range(dialect.skip):
            lines.readline()
        # the first cell of the file, too, stands behind a line break then
        rest = "\n"
        while block := lines.read(_CHUNK):
            rest += block.replace("\r", "\n")
            if any(cell.search(rest) for cell in cells):
                return True
            rest = rest[-_LONGEST_CODE:]  # a cell may lie across the border of two blocks
        return any(cell.search(rest + "\n") for cell in cells)


def _all_cells(reader: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Yield the chunks; cells that pandas would drop with a warning are an error."""
    while True:
        # around each step alone: around the loop, the filter would hold for whoever works on a chunk
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
            "data.path",
            Message(
                "has {width:,} columns, more than {most:,}: keep those that are needed",
                width=width,
                most=MOST_COLUMNS,
            ),
        )


def refuse_too_large(path: Path, needed: int, memory: int) -> None:
    """Raise Invalid when reading needs more bytes than there are."""
    if needed > memory:
        raise refused(
            "data.path",
            Message(
                "{name} needs about {needed} of memory, and {gigabytes2} are free: keep fewer "
                "rows, or put columns that are not needed under ignore",
                name=path.name,
                needed=_gigabytes(needed),
                gigabytes2=_gigabytes(memory),
            ),
        )


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 5e7 else f"{count / 1e6:.1f} MB"


class _OneByte(io.TextIOBase):
    """A file of text in which the control character stands in for a separator."""

    def __init__(self, lines: io.TextIOBase, separator: str) -> None:
        self._lines = lines
        self._separator = separator

    @override
    def read(self, size: int | None = -1, /) -> str:
        """Return the next letters."""
        return self._lines.read(size).replace(self._separator, _UNIT_SEPARATOR)

    @override
    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        """Return the next line."""
        return self._lines.readline(size).replace(self._separator, _UNIT_SEPARATOR)


@contextmanager
def _opened(path: Path, dialect: Dialect) -> Iterator[tuple[io.TextIOBase, io.BufferedReader]]:
    encoding = dialect.encoding
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding, decode_errors(encoding), newline="") as text:
        yield BareLines(text) if dialect.ends else text, raw


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
            Message(
                "{name} is not written in {encoding} throughout ({error}); choose auto or another encoding",
                name=path.name,
                encoding=dialect.encoding,
                error=error,
            ),
        ) from None
    # `_all_cells` has made errors of these warnings
    except (pd.errors.ParserWarning, pd.errors.ParserError, csv.Error, ValueError, OverflowError) as error:
        raise refused("data.path", f"{path.name}: {_ragged(path, dialect, str(error))}") from None


def _too_long(path: Path, dialect: Dialect) -> str:
    """Return which lines have more cells than the others; "" where the table has another fault.

    All of them: whoever mends one would else be told of the next.
    """
    with _opened(path, dialect) as (lines, _):
        for _ in range(dialect.skip):
            lines.readline()
        rows = every_row(lines, dialect.separator, dialect.quote)
        odd = [
            (row.start + dialect.skip, len(row.cells))
            for row in rows
            if len(row.cells) != dialect.width and any(row.cells)
        ]
    long = [one for one in odd if one[1] > dialect.width]
    few = [line for line, cells in odd if cells < dialect.width]
    if not long:
        return ""
    short = (
        Message(
            "; {counted} less, of which the last cells would count as missing (line {listed})",
            counted=counted(len(few), "line has", "lines have"),
            listed=listed(few, _MOST_LINES),
        )
        if few
        else ""
    )
    if len(long) == 1:
        return Message(
            "line {line} has {seen} cells where the others have {expected}: mend the line, or put cells that "
            "contain the separator in quotes{short}",
            short=short,
            line=long[0][0],
            seen=long[0][1],
            expected=dialect.width,
        )
    return Message(
        "{count} lines have more cells than the {expected} of the others (line {listed}): mend the lines, or "
        "put cells that contain the separator in quotes{short}",
        short=short,
        count=len(long),
        expected=dialect.width,
        listed=listed([line for line, _ in long], _MOST_LINES),
    )


def _ragged(path: Path, dialect: Dialect, text: str) -> str:
    """Return what is wrong with a table of which the parser complains so."""
    if "EOF inside string" in text:
        line = re.search(r"row (\d+)", text)
        where = Message(" in line {line}", line=int(line[1]) + dialect.skip + 1) if line else ""
        return Message(
            "a quoted cell is opened{where} and never closed: close or remove the lone quotation mark",
            where=where,
        )
    return _too_long(path, dialect) or Message(
        "cannot be read as a table ({why}); check separator and quotation marks",
        why=text.strip().rstrip("."),
    )
