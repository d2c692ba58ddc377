"""Dialect: how a text table is written: separator, quotes, marks of numbers, and where it begins."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.choices import Message
from engine.data.cells.number_marks import Marks
from engine.data.cells.values import counted, listed
from engine.data.decisions import decided
from engine.data.refusal import refused
from engine.data.tables.read.beginning import find_beginning
from engine.data.tables.read.dialects.cells_of_lines import (
    MOST_ROWS,
    FileLine,
    cells,
    quote_of,
    quotes_are_text,
)
from engine.data.tables.read.dialects.decimal_marks import marks_of_table
from engine.data.tables.read.dialects.line_ends import END_OF_LINE, mark_at_ends, without_mark_at_ends
from engine.data.tables.read.dialects.refused_forms import refuse_other_forms
from engine.data.tables.read.dialects.separators import chosen_separator, wide_separator
from engine.data.tables.read.encodings import decode_errors
from engine.data.tables.read.format import TableFormat

_SAMPLE, _MOST_SAMPLE = 1 << 18, 1 << 25
_FEW_LINES = 3
_EXCEL_LINE = re.compile(r'"?sep=(?P<mark>[^"\r\n])"?[ \t;,]*(?=\r|\n|$)', re.IGNORECASE)
"""The line with which Excel is told the separator."""


@dataclass(frozen=True)
class Dialect:
    """How a text table is written."""

    encoding: str
    separator: str
    quote: str
    marks: Marks
    width: int
    """Cells in a row."""
    names: tuple[str, ...]
    """The names of the columns; none where no row holds names."""
    named: int
    """Rows that hold names."""
    skip: int
    """Lines before the data."""
    row_names: bool
    """Whether the rows begin with a name that has none above it, as R writes them."""
    sample: tuple[tuple[str, ...], ...]
    """The first rows of the data."""
    notices: tuple[str, ...] = ()
    ends: str = ""
    """The mark that ends each line, and parts no cells."""
    short: tuple[tuple[int, int], ...] = ()
    """Rows with fewer cells than the others: which of the file each is, blank ones counted, and its line."""

    def first_cells(self, place: int) -> list[str]:
        """Return the first cells of a column."""
        return [row[place] for row in self.sample if place < len(row)]


def find_dialect(path: Path, encoding: str, how: TableFormat) -> Dialect:
    """Return how the table is written; what `how` leaves to be found out is.

    Raises Invalid where there is no row.
    """
    text, told = _without_excel_line(_sample(path, encoding))
    ends = "" if how.separator == END_OF_LINE else mark_at_ends(text.splitlines()[:MOST_ROWS])
    text = without_mark_at_ends(text) if ends else text
    quote = quote_of(text)
    refuse_other_forms(text, path)
    separator = chosen_separator(text, quote, told or how.separator, path)
    quote = "" if quotes_are_text(text, separator, quote) else quote
    lines = cells(text, separator, quote)
    if not lines:
        raise refused(
            "data.path",
            Message("{name} has no rows; a table needs a row of names and rows of values", name=path.name),
        )
    rows = [line.cells for line in lines]
    marks = marks_of_table(rows, separator, how)
    begin = find_beginning(rows, [line.end for line in lines], how, marks.decimal)
    data = lines[begin.data :]
    widths = Counter(len(line.cells) for line in data) or Counter([len(begin.names)])
    most = max(widths.values())
    width = max(max(size for size, count in widths.items() if count == most), len(begin.names))
    # where the last cell is empty in all rows, a separator ends each line, and no name is lacking
    row_names = len(begin.names) == width - 1 and any(
        line.cells[-1] for line in data if len(line.cells) == width
    )
    skip = lines[begin.data - 1].end if begin.data else lines[0].start - 1
    # a separator behind the last name is no further name: rows without it lack nothing
    named = max((place for place, name in enumerate(begin.names, 1) if name.strip()), default=0)
    least = named or len(data[0].cells) if data else 0
    rows_of_file = _numbers_of_rows(data, skip)
    short = tuple(
        (row, line.start)
        for row, line in zip(rows_of_file, data, strict=True)
        if len(line.cells) < min(width, least)
    )
    return Dialect(
        encoding,
        separator,
        quote,
        marks,
        width,
        begin.names,
        begin.named,
        skip,
        row_names,
        tuple(line.cells for line in data),
        (*_told_of_ends(ends), *begin.notices, *_perhaps_wide(text, quote, width, how)),
        ends,
        short,
    )


def _numbers_of_rows(data: Sequence[FileLine], skip: int) -> list[int]:
    """Return which row below `skip` lines each is, counted from 1; a blank line is a row, too."""
    numbers, row, end = [], 0, skip
    for line in data:
        # a cell may hold ends of lines, so that a row is not always one line
        row += line.start - end
        end = line.end
        numbers.append(row)
    return numbers


def told_short(short: Sequence[tuple[int, int]], kept: Container[int]) -> list[str]:
    """Return what is said of rows with fewer cells than the others, of those alone that are `kept`.

    A note below a table has one cell, and is left out for that: nothing is missing in it.
    """
    lines = [line for row, line in short if row in kept]
    rows = counted(len(lines), "row has", "rows have")
    told = Message(
        "{rows} fewer cells than the first (line {listed}); the rest counts as missing. Where such a line is "
        "no example, take it out of the file; where cells are lacking, write them, or their separators",
        rows=rows,
        listed=listed(lines, 3),
    )
    return [told] if lines else []


def _told_of_ends(mark: str) -> list[str]:
    """Return that the mark that ends each line is left out."""
    said = Message("every line ends in {mark!r}, which parts no cells and is left out", mark=mark)
    return [said] if mark else []


def _perhaps_wide(text: str, quote: str, width: int, how: TableFormat) -> list[str]:
    """Return the question whether the lines of a single column are parted by marks of a Chinese keyboard."""
    mark = wide_separator(text, quote)[0] if width == 1 and how.separator == "auto" else ""
    if not mark:
        return []
    said = Message(
        "each line holds {mark} as often as the first: if it parts cells, set the separator to it", mark=mark
    )
    return [decided(said, "data.separator", mark, doubtful=True)]


def _without_excel_line(text: str) -> tuple[str, str]:
    """Return the text with the line that tells Excel the separator left blank, and what it tells."""
    found = _EXCEL_LINE.match(text)
    return (text[found.end() :], found["mark"]) if found else (text, "")


def _sample(path: Path, encoding: str) -> str:
    """Return the beginning of the file as text, cut after a whole line."""
    with path.open("rb") as file:
        block = file.read(_SAMPLE)
        while len(block) < _MOST_SAMPLE and _line_ends(block) < _FEW_LINES:  # of very many columns, say
            more = file.read(len(block))
            if not more:
                break
            block += more
        # only at the end of the file must the last character be whole
        whole = not file.read(1)
    try:
        text = codecs.getincrementaldecoder(encoding)(decode_errors(encoding)).decode(block, final=whole)
    except UnicodeDecodeError as error:
        raise refused(
            "data.encoding",
            Message(
                "{name} is not written in {encoding}: byte {start} does not fit; choose auto or "
                "another encoding",
                name=path.name,
                encoding=encoding,
                start=error.start,
            ),
        ) from None
    text = text.removeprefix("\ufeff")
    # \r alone ends lines in files of old Macs, and of Excel for Mac as "CSV (Macintosh)"
    end = max(text.rfind("\n"), text.rfind("\r"))
    if not whole and end < 0:
        raise refused(
            "data.path",
            Message(
                "{name} begins with a line of more than {most} MB; a table has a line per row",
                name=path.name,
                most=_MOST_SAMPLE >> 20,
            ),
        )
    return text if whole else text[: end + 1]


def _line_ends(block: bytes) -> int:
    return max(block.count(b"\n"), block.count(b"\r"))
