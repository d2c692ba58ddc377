"""What a workbook may hold before it is given to openpyxl, which counts nothing.

A few kilobytes unpack to millions of cells, styles or texts, each of which takes the parser microseconds and
up to a kilobyte. So the parts are unpacked piece by piece and their tags counted, a gigabyte in seconds.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from engine.choices import Invalid, Message
from engine.data.refusal import refused
from engine.data.source import Report

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What Excel itself allows in a sheet; a file that claims more is damaged or hostile."""
MOST_CELLS = 20_000_000
"""So many cells take a minute to read from XML."""
_MOST_TAGS = 500_000
"""Tags in a part that is not a sheet or its texts: Excel's 65,490 styles with all they have are fewer."""
_FEW_TAGS = 1_000_000
"""Parts of fewer tags are read in seconds, whatever they are."""
_PIECE = 1 << 20
# some libraries write every tag with its namespace: <x:row>
_TAGS = {name: re.compile(rb"<(?:\w+:)?" + name.encode() + rb"[\s/>]") for name in ("row", "c", "si")}
_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml", re.IGNORECASE)
_TEXTS = re.compile(r"xl/sharedStrings\.xml", re.IGNORECASE)
_READ = re.compile(
    r"(\[Content_Types\]\.xml|(xl/)?_rels/.*|xl/(workbook|styles)\.xml|docProps/.*)", re.IGNORECASE
)
"""The other parts that are parsed when a table is read."""


def refuse_bombs(archive: zipfile.ZipFile, path: Path, report: Report) -> None:
    """Raise Invalid where a workbook claims more than a workbook can hold."""
    look = _Look(archive, path, report)
    entries = archive.infolist()
    cells = sum(look.cells(entry) for entry in entries if _SHEET.fullmatch(entry.filename))
    most = max(cells, _FEW_TAGS)
    for entry in entries:
        if _TEXTS.fullmatch(entry.filename):
            if look.tags(entry, most) > most and look.count(entry, "si", most) > most:
                raise look.hostile(
                    Message("more than {most:,} texts for {cells:,} cells", most=most, cells=cells)
                )
        elif _READ.fullmatch(entry.filename) and look.tags(entry, _MOST_TAGS) > _MOST_TAGS:
            raise look.hostile(
                Message(
                    "more than {most:,} entries in {filename}",
                    most=_MOST_TAGS,
                    filename=entry.filename,
                )
            )


class _Look:
    """Looks through the parts of a workbook, no further than it must."""

    def __init__(self, archive: zipfile.ZipFile, path: Path, report: Report) -> None:
        self._archive, self._path, self._report = archive, path, report

    def cells(self, sheet: zipfile.ZipInfo) -> int:
        """Return the cells of a sheet, at most; raises Invalid where there are more than it has room for."""
        tags = self.tags(sheet, _FEW_TAGS)
        if tags <= _FEW_TAGS:
            return tags
        rows = self.count(sheet, "row", MOST_ROWS)
        room = min(rows * MOST_COLUMNS, MOST_CELLS)
        cells = self.count(sheet, "c", room)
        if rows > MOST_ROWS or cells > rows * MOST_COLUMNS:
            raise self.hostile(Message("at least {cells:,} cells in {rows:,} rows", cells=cells, rows=rows))
        if cells > MOST_CELLS:
            raise refused(
                "data.path",
                Message(
                    "{name} has more than {most:,} cells; save the sheet as CSV or Parquet, which "
                    "are read faster, or remove what lies far to the right",
                    name=self._path.name,
                    most=MOST_CELLS,
                ),
            )
        return cells

    def tags(self, entry: zipfile.ZipInfo, most: int) -> int:
        """Return the tags of a part that open something; the count ends just above `most`."""
        found = 0
        for piece in self._pieces(entry):
            # counting bytes is far quicker than a pattern, and enough for nearly every workbook
            found += piece.count(b"<") - piece.count(b"</")
            if found > most:
                break
        return found

    def count(self, entry: zipfile.ZipInfo, tag: str, most: int) -> int:
        """Return the tags of that name in a part; the count ends just above `most`."""
        found, left = 0, b""
        for piece in self._pieces(entry):
            text = left + piece
            cut = text.rfind(b"<")
            cut = len(text) if cut < 0 or len(text) - cut > _PIECE else cut  # a tag goes on in the next piece
            found += len(_TAGS[tag].findall(text, 0, cut))
            left = text[cut:]
            if found > most:
                return found
        return found + len(_TAGS[tag].findall(left))

    def hostile(self, what: str) -> Invalid:
        """Return what is wrong with a workbook that claims `what`."""
        return refused(
            "data.path",
            Message(
                "{name} claims {what}, which no workbook has; save it anew", name=self._path.name, what=what
            ),
        )

    def _pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        with self._archive.open(entry) as part:
            while piece := part.read(_PIECE):
                # nothing to show, but it is in the report that cancelling is felt
                self._report(0.0, Message("Looking through {name}", name=self._path.name))
                yield piece
