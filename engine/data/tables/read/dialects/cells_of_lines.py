"""Lines of text tables as cells, and what quotes them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

MOST_ROWS = 500
"""Rows by which it is told how a table is written."""
_SURE = 0.9
"""Share of the lines that have all of their cells, where a quotation mark is a letter like others."""


@dataclass(frozen=True)
class FileLine:
    """A row of cells, and the lines of the file from which and to which it goes, counted from 1."""

    cells: tuple[str, ...]
    start: int
    end: int


def cells(text: str, separator: str, quote: str) -> list[FileLine]:
    """Return the first rows of a text as cells; blank lines do not count."""
    # newline="" as csv asks for: it counts the lines itself, and keeps the breaks within quoted cells
    return list(islice(every_row(io.StringIO(text, newline=""), separator, quote), MOST_ROWS))


def every_row(lines: Iterable[str], separator: str, quote: str) -> Iterator[FileLine]:
    """Give the rows of lines as cells, up to a quoted cell without an end; blank lines do not count."""
    if separator == " ":
        # "# x y" names two columns: # as a cell of its own would make three
        lines = (re.sub(r"[ \t]+", " ", re.sub(r"^#\s+", "#", line.strip())) + "\n" for line in lines)
    reader = (
        csv.reader(lines, delimiter=separator, quotechar=quote)
        # csv.reader does not take an empty quotechar
        if quote
        else csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    )
    start = 1
    try:
        for row in reader:
            if row and any(cell.strip() for cell in row):
                yield FileLine(tuple(cell.strip() for cell in row), start, reader.line_num)
            start = reader.line_num + 1
    except csv.Error:  # an endless quoted cell: what was read until then is the sample
        pass


def quote_of(text: str) -> str:
    """Return the quote character: ' only where cells begin and end with it and none with \"."""
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|]|$)", text[:20_000], re.MULTILINE))
    return "'" if single >= 2 and '"' not in text else '"'


def quotes_are_text(text: str, separator: str, quote: str) -> bool:
    """Return whether a quotation mark is a letter like others, as in tables of films and messages.

    A cell begins with one that its line does not close, and yet every line has all of its cells: more than if
    the mark opened a cell of several lines.
    """
    lines = [line for line in text.splitlines()[:MOST_ROWS] if line.strip()]
    opened = [line for line in lines if _left_open(line, separator, quote)]
    if not opened or separator != "\t":  # where commas stand apart, a lone one is rather a mistake
        return False
    counts = Counter(line.count(separator) for line in lines)
    usual, often = counts.most_common(1)[0]
    whole = {len(line.cells) for line in cells(text, separator, quote)}
    if len(whole) == 1 and min(whole) > usual + 1:
        return False
    after = [line for before, line in pairwise(lines) if before in opened]
    if after and all(line.count(separator) < usual for line in after):
        return False  # what follows is no row, but goes on with the cell
    return often >= _SURE * len(lines) and all(line.count(separator) == usual for line in opened)


def _left_open(line: str, separator: str, quote: str) -> bool:
    """Return whether a cell begins with a quotation mark that nothing in its line closes."""
    return line.count(quote) % 2 == 1 and any(
        cell.strip().startswith(quote) for cell in line.split(separator)
    )
