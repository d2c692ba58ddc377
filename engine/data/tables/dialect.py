"""Dialect: how a text table is written: encoding, separator, quotes, decimal mark, header.

Encodings are told apart by our own few rules rather than by a detection library: byte order marks and UTF-8
are certain, and between GB18030 and Windows-1252 one count decides, which is exact where a general detector
weighs ninety encodings and errs on short tables.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.choices import Invalid
from engine.data.dates import looks_like_date
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.values import MISSING

_BLOCK = 1 << 22
_SAMPLE, _MOST_SAMPLE = 1 << 18, 1 << 25
_FEW_LINES = 3
_MOST_ROWS = 500

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = (
    (b"PK\x03\x04", "an Excel workbook or ZIP archive", "name it .xlsx, or save it as CSV"),
    (b"PAR1", "a Parquet file", "name it .parquet"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls)", "save it as .xlsx or CSV"),
    (b"%PDF", "a PDF document", "save what it holds as text or CSV"),
    (b"\x89PNG", "a picture", 'choose the kind "images"'),
    (b"\xff\xd8\xff", "a picture", 'choose the kind "images"'),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
)


@dataclass(frozen=True)
class Dialect:
    """How a text table is written. `decimal_seen`: whether some number shows which decimal mark is used."""

    encoding: str
    separator: str
    quote: str
    decimal: str
    decimal_seen: bool
    header: bool
    width: int
    """Cells in a row."""
    first: tuple[str, ...]
    """The cells of the first row."""
    row_names: bool
    """Whether the rows begin with a name that has none above it, as R writes them."""
    short_rows: int
    """Rows of the sample that have fewer cells than `width`."""
    begin: int | None = None
    """Lines before the first row, where blank ones after it count as rows; None: blank lines are no rows."""


def find_encoding(path: Path, report: Report) -> str:
    """Return the encoding of a text file. Raises Invalid when it is no text."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
        _refuse_foreign(path, start)
        for mark, encoding in _MARKS:
            if start.startswith(mark):
                return encoding
        if b"\x00" in start:
            return _utf16_without_mark(path, start)
        strange = sum(byte < 9 or 13 < byte < 27 for byte in start[:4096])
        if strange > len(start[:4096]) * 0.05:
            raise _not_text(path)
        file.seek(0)
        wrong = _first_block_not_utf8(file, path.stat().st_size, report)
    return "utf-8" if wrong is None else _legacy(wrong)


def _refuse_foreign(path: Path, start: bytes) -> None:
    if not start.strip():
        raise refused("data.path", f"{path.name} is empty; choose a file with text or a table in it")
    for mark, what, remedy in _FOREIGN:
        if start.startswith(mark):
            raise refused("data.path", f"{path.name} is {what}, not text: {remedy}")


def _not_text(path: Path) -> Invalid:
    return refused("data.path", f"{path.name} is a binary file, not text; save what it holds as text or CSV")


def _utf16_without_mark(path: Path, start: bytes) -> str:
    pairs = len(start) // 2
    even, odd = start[0 : 2 * pairs : 2].count(0), start[1 : 2 * pairs : 2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeDecodeError:
        raise _not_text(path) from None
    if min(even, odd) > 0 or any(character < " " and character not in "\t\r\n" for character in text):
        raise _not_text(path)
    return encoding


def _first_block_not_utf8(file: BinaryIO, size: int, report: Report) -> bytes | None:
    """Return None when all of the file is UTF-8, else what stands from the first line that is not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    done = 0
    while block := file.read(_BLOCK):
        held = decoder.getstate()[0]  # the beginning of a character that the block before was cut in
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            near = held + block
            line = near.rfind(b"\n", 0, error.start) + 1
            return (near[line:] + file.read(_SAMPLE))[:_SAMPLE]
        done += len(block)
        report(done / max(size, 1) * 0.1, "Looking at the encoding")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return b"\xe9"  # cut off within a character at its very end
    return None


def _legacy(block: bytes) -> str:
    """Tell GB18030 from Windows-1252 in bytes that are no UTF-8.

    In Chinese text, a byte above 127 opens a pair whose second byte nearly always lies above 160 too (the
    7,445 characters of GB 2312); in Western text a letter with an accent stands between plain letters.
    """
    try:
        codecs.getincrementaldecoder("gb18030")().decode(block)
    except UnicodeDecodeError:
        return "cp1252"
    pairs = re.findall(rb"[\x81-\xfe][\x30-\xff]", block)
    chinese = sum(0xA1 <= pair[0] <= 0xF7 and pair[1] >= 0xA1 for pair in pairs)
    return "gb18030" if pairs and chinese >= 0.7 * len(pairs) else "cp1252"


def decode_errors(encoding: str) -> str:
    """Return how to decode: Windows-1252 leaves five bytes undefined, which are shown as a question mark."""
    return "replace" if encoding == "cp1252" else "strict"


def find_dialect(path: Path, encoding: str, separator: str, decimal: str, header: bool | None) -> Dialect:
    """Return how the table is written. `separator` and `decimal` "auto", and `header` None, are found out."""
    text = _sample(path, encoding)
    quote = _quote(text)
    found = separator if separator != "auto" else _separator(text, quote, path)
    rows = cells(text, found, quote)
    if not rows:
        raise refused(
            "data.path", f"{path.name} has no rows; a table needs a row of names and rows of values"
        )
    mark, seen = _decimal(rows, found) if decimal == "auto" else (decimal, True)
    widths = Counter(len(row) for row in rows[1:] or rows)
    width = max(max(size for size, count in widths.items() if count == max(widths.values())), len(rows[0]))
    named = header if header is not None else has_header(rows, mark)
    short = sum(len(row) < min(width, len(rows[0])) for row in rows)
    row_names = len(rows[0]) == width - 1 and any(row[-1] for row in rows[1:] if len(row) == width)
    return Dialect(encoding, found, quote, mark, seen, named, width, tuple(rows[0]), row_names, short)


def _sample(path: Path, encoding: str) -> str:
    """Return the beginning of the file as text, cut after a whole line."""
    with path.open("rb") as file:
        block = file.read(_SAMPLE)
        while len(block) < _MOST_SAMPLE and _line_ends(block) < _FEW_LINES:  # of very many columns, say
            more = file.read(len(block))
            if not more:
                break
            block += more
        whole = not file.read(1)
    try:
        text = codecs.getincrementaldecoder(encoding)(decode_errors(encoding)).decode(block, final=whole)
    except UnicodeDecodeError as error:
        raise refused(
            "data.encoding",
            f"{path.name} is not written in {encoding}: byte {error.start} "
            "does not fit; choose auto or another encoding",
        ) from None
    text = text.removeprefix("\ufeff")
    end = max(text.rfind("\n"), text.rfind("\r"))
    if not whole and end < 0:
        raise refused("data.path", f"{path.name} begins with a line of more than {_MOST_SAMPLE >> 20} MB; "
                      "a table has a line per row")  # fmt: skip
    return text if whole else text[: end + 1]


def _line_ends(block: bytes) -> int:
    return max(block.count(b"\n"), block.count(b"\r"))


def cells(text: str, separator: str, quote: str) -> list[list[str]]:
    """Return the first rows of a text as cells; blank lines do not count."""
    lines: Iterable[str] = io.StringIO(text, newline="")
    if separator == " ":
        lines = (re.sub(r"[ \t]+", " ", line.strip()) + "\n" for line in lines)
    rows = []
    try:
        for row in csv.reader(lines, delimiter=separator, quotechar=quote):
            if row and any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
            if len(rows) >= _MOST_ROWS:
                break
    except csv.Error:  # an endless quoted cell: what was read until then is the sample
        pass
    return rows


def _quote(text: str) -> str:
    """Return the quote character: ' only where cells begin and end with it and none with \"."""
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|]|$)", text[:20_000], re.MULTILINE))
    return "'" if single >= 2 and '"' not in text else '"'


def _separator(text: str, quote: str, path: Path) -> str:
    """Return the separator. The rarer a character is within cells, the sooner it is believed."""
    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    best, most = ",", 0.0
    for candidate in ("\t", ";", "|", ",", " "):
        rows = cells(text, candidate, quote)
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        share = count / len(rows)
        if width < 2:
            continue
        if share >= 0.9 and len(rows[0]) in (width, width - 1) and len(rows[0]) > 1 - (len(rows) == 1):
            return candidate
        if candidate != " " and share > most and len(rows[0]) > 1:
            best, most = candidate, share
    return best


_GROUPS = r"[+-]?\d{1,3}(?:[ \u00a0\u202f'’%s]\d{3})+"
_COMMA = re.compile(
    rf"[+-]?\d*,\d+([eE][+-]?\d+)?|{_GROUPS % '.'},\d+|[+-]?\d{{1,3}}(\.\d{{3}}){{2,}}", re.ASCII
)
_POINT = re.compile(
    rf"[+-]?\d*\.\d+([eE][+-]?\d+)?|{_GROUPS % ','}\.\d+|[+-]?\d{{1,3}}(,\d{{3}}){{2,}}", re.ASCII
)
_DOUBTFUL = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def _decimal(rows: Sequence[Sequence[str]], separator: str) -> tuple[str, bool]:
    """Return the decimal mark, and whether a number shows it beyond doubt (1,5 but not 1,500)."""
    numbers = [cell for row in rows for cell in row if _COMMA.fullmatch(cell) or _POINT.fullmatch(cell)]
    sure = [cell for cell in numbers if not _DOUBTFUL.fullmatch(cell)]
    commas = sum(bool(_COMMA.fullmatch(cell)) for cell in sure)
    if commas or len(sure):
        return ("," if commas > len(sure) - commas else "."), True
    doubtful = sum("," in cell for cell in numbers)
    return ("," if separator == ";" and doubtful else "."), False


def has_header(rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """Return whether the first row names the columns rather than being data.

    Each column votes: words above numbers or dates say yes; a number above numbers, or a word that occurs
    again below, says no. Without votes, a first row of different words is taken for names.
    """
    first, votes = rows[0], 0
    for index, name in enumerate(first):
        below = [row[index] for row in rows[1:] if index < len(row) and row[index].casefold() not in MISSING]
        if not below:
            continue
        if all(_is_value(cell, decimal) for cell in below):
            votes += _vote(name, below, decimal)
        elif name and name in below:
            votes -= 1
    if votes:
        return votes > 0
    return len(set(first)) == len(first) and all(
        _is_year(cell) or looks_like_date(cell) or not _is_value(cell, decimal) for cell in first
    )


def _vote(name: str, below: Sequence[str], decimal: str) -> int:
    for kind in (_is_year, looks_like_date):  # they stand above the columns of many tables
        if kind(name) and not all(kind(cell) for cell in below):
            return 0
    return -1 if _is_value(name, decimal) or name.casefold() in MISSING - {""} else 1


def _is_year(cell: str) -> bool:
    """Return whether a cell may be a year, which stands above the columns of many tables."""
    return len(cell) == 4 and cell.isdecimal() and 1800 <= int(cell) <= 2100


def _is_value(cell: str, decimal: str) -> bool:
    number = cell.replace(".", "").replace(",", ".") if decimal == "," else cell.replace(",", "")
    try:
        float(number.replace(" ", "").replace("'", ""))
    except ValueError:
        return looks_like_date(cell)
    return True
