"""Separators: which sign parts the cells of a text table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from engine.data.cells.shape_of_numerals import looks_like_number
from engine.data.tables.read.dialects.cells_of_lines import cells

_SEPARATORS = ("\t", ";", "|", ",", " ")
WIDE_SEPARATORS = ("\uff0c", "\uff1b", "、")
"""Those of Chinese keyboards, which are believed where no other parts a line: they stand within sentences."""
_SENTENCE_END = re.compile(r"[\u3002\uff01\uff1f!?]")
_FEW_LINES, _GLANCE = 3, 4_000
"""Lines from which on they show a form, and letters at the beginning in which a wide separator stands."""
_SURE = 0.9
"""Share of the rows that have the same number of cells, from which a separator is believed at once."""


def chosen_separator(text: str, quote: str, chosen: str, path: Path) -> str:
    """Return the separator; a chosen one that stands in no row of a table does not hold."""
    if chosen != "auto" and any(len(line.cells) > 1 for line in cells(text, chosen, quote)):
        return chosen
    wide, measured = wide_separator(text, quote)
    found = wide if measured else _separator(text, quote, path)
    if found == "\t" and _tabs_in_runs(text, quote):
        found = " "
    several = any(len(line.cells) > 1 for line in cells(text, found, quote))
    return found if chosen == "auto" or several else chosen


def _separator(text: str, quote: str, path: Path) -> str:
    """Return the separator. The rarer a character is within cells, the sooner it is believed."""
    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    best, most = ",", 0.0
    for candidate in _SEPARATORS:
        rows = [line.cells for line in cells(text, candidate, quote)]
        if sum(_cuts_quotes(row, quote) for row in rows) > len(rows) / 2:
            continue  # it stands within quoted cells
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        if width < 2:
            continue
        names = width - 1 if width > 2 else width  # R gives the names of the rows no name
        first = next(place for place, row in enumerate(rows) if len(row) in (width, names))
        marked = all(row[0].startswith(("#", "%")) for row in rows[:first])
        begun = marked or (candidate != " " and len(rows) - first >= max(3, first))
        share = count / (len(rows) - (first if begun else 0))  # titles and comments above do not count
        # blanks stand in words and dates: any other mark that holds for half of the rows is likelier
        if candidate == " " and most >= 0.5:
            break
        if first and not marked and _others_part_all(text, quote, candidate, first - 1):
            continue  # the names are no title: it stands within cells below them
        if share >= _SURE and begun:
            return " " if width == 2 and _apart_by_blanks(text, quote) else candidate
        if candidate != " " and share > most and len(rows[first if begun else 0]) > 1:
            best, most = candidate, share
    return best


def wide_separator(text: str, quote: str) -> tuple[str, bool]:
    """Return the separator of a Chinese keyboard that parts every line into as many cells, and whether a
    column of it is of numbers; "" where none does.

    Sentences have such marks, too; but they end in marks of their own, and hold no column of numbers.
    """
    for candidate in WIDE_SEPARATORS:
        if candidate not in text[:_GLANCE] or _SENTENCE_END.search(text):
            continue
        rows = [line.cells for line in cells(text, candidate, quote)]
        width = len(rows[0]) if rows else 0
        if len(rows) < _FEW_LINES or width < 2 or sum(len(row) == width for row in rows) < _SURE * len(rows):
            continue
        # a comma within a line stands in one cell, as between the numbers of a list, and parts no line alike
        others = {len(line.cells) for mark in "\t;|," for line in cells(text, mark, quote)[:1]}
        columns = list(zip(*(row for row in rows[1:] if len(row) == width), strict=True))
        if others == {1}:
            measures = ([cell for cell in column if cell] for column in columns)
            return candidate, any(some and all(map(looks_like_number, some)) for some in measures)
    return "", False


def _tabs_in_runs(text: str, quote: str) -> bool:
    """Return whether several tabs in turn part two cells, so that each line has as many only if runs are one.

    Where each tab parts cells, two in turn are an empty one, and the lines have as many all the same.
    """
    if "\t\t" not in text or len({len(line.cells) for line in cells(text, "\t", quote)}) == 1:
        return False
    return len({len(line.cells) for line in cells(text, " ", quote)}) == 1


def _others_part_all(text: str, quote: str, candidate: str, names: int) -> bool:
    """Return whether another separator parts every line from the names on into the same number of cells.

    `names` is the row above the first that the candidate parts; facts may stand above it.
    """
    others = (one for one in _SEPARATORS if one not in (candidate, " "))
    widths = ({len(line.cells) for line in cells(text, other, quote)[names:]} for other in others)
    return any(len(found) == 1 and min(found) > 1 for found in widths)


def _cuts_quotes(row: Sequence[str], quote: str) -> bool:
    """Return whether cells hold but one of two quotation marks that belong together."""
    counts = [cell.count(quote) for cell in row]
    return sum(counts) % 2 == 0 and any(count % 2 for count in counts)


def _apart_by_blanks(text: str, quote: str) -> bool:
    """Return whether blanks part every row into the same number of cells, many more than two."""
    rows = cells(text, " ", quote)
    widths = {len(line.cells) for line in rows}
    known = [cell for line in rows for cell in line.cells]
    numeric = sum(looks_like_number(cell) for cell in known)
    return len(widths) == 1 and min(widths) > 4 and numeric > len(known) / 2
