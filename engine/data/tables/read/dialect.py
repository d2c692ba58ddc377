"""Dialect: how a text table is written: separator, quotes, marks of numbers, and where it begins."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from engine.choices import Message
from engine.data.cells.number_marks import Marks
from engine.data.cells.shape_of_numerals import looks_like_number
from engine.data.cells.values import MISSING, counted, listed
from engine.data.decisions import decided
from engine.data.files.other_forms import form_words, other_form
from engine.data.files.text_forms import LONG_MARKS, NAMED_VALUE, SPARSE_LINE
from engine.data.refusal import refused
from engine.data.tables.read.beginning import find_beginning
from engine.data.tables.read.encodings import decode_errors
from engine.data.tables.read.format import TableFormat

_SAMPLE, _MOST_SAMPLE = 1 << 18, 1 << 25
_FEW_LINES = 3
_UNSURE = ("", ".txt", ".text", ".log")
"""Endings of plain text that need be no table."""
_GLANCE = 4_000
"""Letters of a line by which other forms than tables are told; patterns try longer ones for seconds."""
_MOST_ROWS = 500
_SURE = 0.9
"""Share of the rows that have the same number of cells, from which a separator is believed at once."""
_SEPARATORS = ("\t", ";", "|", ",", " ")
WIDE_SEPARATORS = ("\uff0c", "\uff1b", "、")
"""Those of Chinese keyboards, which are believed where no other parts a line: they stand within sentences."""
_SENTENCE_END = re.compile(r"[\u3002\uff01\uff1f!?]")
_EXCEL_LINE = re.compile(r'"?sep=(?P<mark>[^"\r\n])"?[ \t;,]*(?=\r|\n|$)', re.IGNORECASE)
"""The line with which Excel is told the separator."""


@dataclass(frozen=True)
class FileLine:
    """A row of cells, and the lines of the file from which and to which it goes, counted from 1."""

    cells: tuple[str, ...]
    start: int
    end: int


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
    short: tuple[tuple[int, int], ...] = ()
    """Rows with fewer cells than the others: which of the file each is, blank ones counted, and its line."""


def find_dialect(path: Path, encoding: str, how: TableFormat) -> Dialect:
    """Return how the table is written; what `how` leaves to be found out is.

    Raises Invalid where there is no row.
    """
    text, told = _without_excel_line(_sample(path, encoding))
    quote = _quote(text)
    _refuse_other_forms(text, path)
    separator = _chosen_separator(text, quote, told or how.separator, path)
    quote = "" if _quotes_are_text(text, separator, quote) else quote
    lines = cells(text, separator, quote)
    if not lines:
        raise refused(
            "data.path",
            Message("{name} has no rows; a table needs a row of names and rows of values", name=path.name),
        )
    rows = [line.cells for line in lines]
    marks = _marks(rows, separator, how)
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
        (*begin.notices, *_perhaps_wide(text, quote, width, how)),
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


def _perhaps_wide(text: str, quote: str, width: int, how: TableFormat) -> list[str]:
    """Return the question whether the lines of a single column are parted by marks of a Chinese keyboard."""
    mark = _wide_separator(text, quote)[0] if width == 1 and how.separator == "auto" else ""
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


def cells(text: str, separator: str, quote: str) -> list[FileLine]:
    """Return the first rows of a text as cells; blank lines do not count."""
    # newline="" as csv asks for: it counts the lines itself, and keeps the breaks within quoted cells
    lines: Iterable[str] = io.StringIO(text, newline="")
    if separator == " ":
        # "# x y" names two columns: # as a cell of its own would make three
        lines = (re.sub(r"[ \t]+", " ", re.sub(r"^#\s+", "#", line.strip())) + "\n" for line in lines)
    rows: list[FileLine] = []
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
                rows.append(FileLine(tuple(cell.strip() for cell in row), start, reader.line_num))
            start = reader.line_num + 1
            if len(rows) >= _MOST_ROWS:
                break
    except csv.Error:  # an endless quoted cell: what was read until then is the sample
        pass
    return rows


def _quote(text: str) -> str:
    """Return the quote character: ' only where cells begin and end with it and none with \"."""
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|]|$)", text[:20_000], re.MULTILINE))
    return "'" if single >= 2 and '"' not in text else '"'


def _quotes_are_text(text: str, separator: str, quote: str) -> bool:
    """Return whether a quotation mark is a letter like others, as in tables of films and messages.

    A cell begins with one that its line does not close, and yet every line has all of its cells: more than if
    the mark opened a cell of several lines.
    """
    lines = [line for line in text.splitlines()[:_MOST_ROWS] if line.strip()]
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


def _refuse_other_forms(text: str, path: Path) -> None:
    """Raise Invalid where lines hold pairs, as LIBSVM or logs have, or cells stand apart by two colons."""
    lines = [line[:_GLANCE] for line in text.splitlines()[:_MOST_ROWS] if line.strip()]
    if sum(bool(SPARSE_LINE.fullmatch(line)) for line in lines) > _SURE * len(lines):
        raise refused(
            "data.path",
            Message(
                "{name} has the form of LIBSVM (a label, then pairs as 3:0.5), which is not read: "
                "write a table with a column for each number before the colon (load_svmlight_file of "
                "scikit-learn does)",
                name=path.name,
            ),
        )
    if sum(len(NAMED_VALUE.findall(line)) > 1 for line in lines) > _SURE * len(lines):
        raise refused(
            "data.path",
            Message(
                "{name} holds names and values in each line, as {findall}, which is not read: write "
                "a table with a column for each name",
                name=path.name,
                findall=NAMED_VALUE.findall(lines[0])[0],
            ),
        )
    form = other_form(lines) if path.suffix.lower() in _UNSURE else None
    if form is not None:
        raise refused("data.path", form_words(path.name, form))
    closed = Counter(line.count(",") for line in lines if line.rstrip().find(";") == len(line.rstrip()) - 1)
    if closed and max(closed) > 1 and max(closed.values()) > _SURE * len(lines):
        raise refused(
            "data.path",
            Message(
                "{name}: commas part the cells, and every line ends in ';', which is not read: "
                "remove the ';' at the end of each line",
                name=path.name,
            ),
        )
    if _single_blanks(lines):
        raise refused(
            "data.path",
            Message(
                "{name}: a single blank parts the cells, and two in turn stand about an empty one, "
                "which is not read: replace each blank by a tab, and save the file as .tsv",
                name=path.name,
            ),
        )
    for mark in LONG_MARKS:
        counts = Counter(line.count(mark) for line in lines)
        usual, often = counts.most_common(1)[0] if counts else (0, 0)
        if usual and often > _SURE * len(lines):
            raise refused(
                "data.path",
                Message(
                    "{name}: cells stand apart by {mark!r}, which is not read: replace {mark!r} by a tab "
                    "throughout, and save the file as .tsv",
                    name=path.name,
                    mark=mark,
                ),
            )


def _single_blanks(lines: Sequence[str]) -> bool:
    """Return whether every line has as many blanks, but runs of them part it into fewer or more cells."""
    bare = [line.strip("\r\n") for line in lines]
    if len(bare) < _FEW_LINES or any(mark in line for line in bare for mark in ",;\t|"):
        return False
    blanks, words = {line.count(" ") for line in bare}, {len(line.split()) for line in bare}
    return len(blanks) == 1 and min(blanks) >= _FEW_LINES and len(words) > 1


def _chosen_separator(text: str, quote: str, chosen: str, path: Path) -> str:
    """Return the separator; a chosen one that stands in no row of a table does not hold."""
    if chosen != "auto" and any(len(line.cells) > 1 for line in cells(text, chosen, quote)):
        return chosen
    wide, measured = _wide_separator(text, quote)
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


def _wide_separator(text: str, quote: str) -> tuple[str, bool]:
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


_GROUPS = r"[+-]?\d{1,3}(?:[ \u00a0\u202f'’%s]\d{3})+"
_COMMA = re.compile(
    rf"[+-]?\d*,\d+([eE][+-]?\d+)?|{_GROUPS % '.'},\d+|[+-]?\d{{1,3}}(\.\d{{3}}){{2,}}", re.ASCII
)
_POINT = re.compile(
    rf"[+-]?\d*\.\d+([eE][+-]?\d+)?|{_GROUPS % ','}\.\d+|[+-]?\d{{1,3}}(,\d{{3}}){{2,}}", re.ASCII
)
_DRESSED = re.compile(
    r"(?:[$€£¥₹]\s?)?(?P<number>[+-]?[\d.,]*\d)\s?(?:[%‰€$£¥]|kg|g|mg|km|m|cm|mm|l|ml|kr\.?|zł)?", re.ASCII
)
"""A number with money or a unit that every table has: other letters may be those of versions and rooms."""
_SMALL = re.compile(r"[+-]?[1-9]\d{0,2}", re.ASCII)
_DOUBTFUL = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
# not with a point: every program writes 1.234e5, and thousands are hardly meant
_DOUBTFUL_POWER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}[eE][+-]?\d+", re.ASCII)


def _marks(rows: Sequence[Sequence[str]], separator: str, how: TableFormat) -> Marks:
    """Return the decimal mark, and whether it is chosen or some number shows it beyond doubt.

    A chosen one that parts the cells, and stands in none of them, does not hold.
    """
    apart = how.decimal == separator and not any(separator in cell for row in rows for cell in row)
    if how.decimal != "auto" and not apart:
        return Marks(how.decimal, True, how.thousands)
    if how.thousands in (".", ","):
        return Marks("," if how.thousands == "." else ".", True, how.thousands)
    cells = [cell for row in rows for cell in row]
    # of 209,815 beside 50.0%, the share says what the comma is; bare numbers say it first
    dressed = [match["number"] for cell in cells if (match := _DRESSED.fullmatch(cell))]
    # bare ones first, so that any of them outvotes those with a sign
    for some in (cells, dressed):
        numbers = [cell for cell in some if _COMMA.fullmatch(cell) or _POINT.fullmatch(cell)]
        sure = [cell for cell in numbers if not _is_doubtful(cell)]
        if sure:
            break
    commas = sum(bool(_COMMA.fullmatch(cell)) for cell in sure)
    if sure:
        return Marks("," if commas > len(sure) - commas else ".", True, how.thousands)
    # 7.557 beside 952: a fraction would not always have three digits
    for place in range(max(map(len, rows))):
        column = [row[place] for row in rows if place < len(row)]
        parting = {cell.lstrip("+-").lstrip("0123456789")[0] for cell in column if _DOUBTFUL.fullmatch(cell)}
        if len(parting) == 1 and any(_SMALL.fullmatch(cell) for cell in column):
            return Marks("," if parting == {"."} else ".", False, how.thousands)
    comma = separator == ";" and any("," in cell for cell in numbers)
    comma = comma or any(_DOUBTFUL_POWER.fullmatch(cell) for cell in numbers)
    return Marks("," if comma else ".", False, how.thousands)


def _is_doubtful(cell: str) -> bool:
    return (_DOUBTFUL.fullmatch(cell) or _DOUBTFUL_POWER.fullmatch(cell)) is not None


_LIMB = r"[+-]?(?:(?:\d+%s?\d*|%s\d+)(?:[eE][+-]?\d+)?|inf|Inf|INF)"
_PLAIN = {mark: re.compile(_LIMB % (re.escape(mark), re.escape(mark)), re.ASCII) for mark in ".,"}
# the last two are numbers, but recognition must see how they are written: 005.133 on a shelf, 1E05 of a seed
_CODE = re.compile(r"[+-]?(0\d+|\d{16,}|0\d+[.,]\d+|\d{1,3}[eE]\d{1,3})", re.ASCII)


def plain_numbers(dialect: Dialect, place: int) -> bool:
    """Return whether the parser of numbers can be trusted with a column, by the first rows of it.

    Codes as 007 are no numbers, and where every fraction has three digits the marks may part thousands.
    """
    found = [
        row[place] for row in dialect.sample if place < len(row) and row[place].casefold() not in MISSING
    ]
    if not all(_PLAIN[dialect.marks.decimal].fullmatch(cell) for cell in found):
        return False
    if any(_CODE.fullmatch(cell) for cell in found):
        return False
    marked = [cell for cell in found if "." in cell or "," in cell]
    return dialect.marks.seen or not marked or not all(map(_is_doubtful, marked))
