"""What files and folders are by their names, and plain text by how it begins: no source is read for it."""

from __future__ import annotations

import codecs
import re
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import dropwhile, islice
from pathlib import Path

from engine.data.files import endings
from engine.data.files.beside import lies_beside
from engine.data.files.named_values import usual_names
from engine.data.files.other_forms import OtherForm, other_form
from engine.data.files.text_forms import LONG_MARKS, SPARSE_LINE, marks_of_signs, message_head, tags_its_words
from engine.data.files.utf16 import utf16_without_mark
from engine.data.modality import file_sorts

_MOST_LOOKED_AT = 300
"""Entries of a folder."""
_MOST_FOLDERS, _MOST_EMPTY = 20, 500
"""Folders that hold files, and others."""
_LONGEST_ENDING = 12
_BEGINNING = 1 << 16
"""Bytes of a file of plain text."""
_GLANCE = 1 << 12
"""Bytes of one of many files."""
_FEW_LINES, _FEW_FILES = 5, 3
_AGREE = 0.95
"""Share of the lines that have to be alike for a file to be called a table, or tagged words."""
_FEWEST_CELLS = 3
"""Cells a line has to have, apart by blanks and mostly numbers, for a file to be called a table."""
_OPEN = ("", ".log", *endings.PARTS)
"""Endings of plain text that say nothing of what it is: tables, tagged words or prose."""
_PLAIN = (".txt", ".text")
_NOT_IN_PROSE = ("\t", ";", "|", *LONG_MARKS)
"""Marks that stand equally often in every line of a table, but not of prose; a comma or two may."""
_MANY_COMMAS = 4
"""So many in every line are not those of prose."""
_REMARK = ("%", "#")
"""What a line of remarks begins with."""
_NO_PLAIN = (*endings.VIDEO, *endings.SOUND, *endings.ARCHIVES)
_OF_OTHERS = frozenset({*endings.OTHER_PROGRAMS, *endings.DOCUMENTS, *_NO_PLAIN})
_BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF8",
    # TIFF, of both orders of bytes
    b"II*\x00",
    b"MM\x00*",
    # JPEG 2000, as a file and as the bare stream of its data
    b"\x00\x00\x00\x0cjP  ",
    b"\xff\x4f\xff\x51",
)

LABEL_MARK = "__label__"
"""What stands before a label in files of fastText."""
_MOST_LABELS = 20
"""Different labels behind the lines of a file; people that are called by name are more."""

_LITTER = frozenset({"__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db", "$recycle.bin"})
_RECORD = re.compile(rb'(\xef\xbb\xbf)?\s*(\[\s*)?\{\s*"[^"\n]*" *:')
_BETWEEN_NUMBERS = re.compile(r"[\s;,]+")
_WORDS = re.compile(r"[\W_]+")
_NO_DATA = ("readme", "licen", "notice", "dataset_info", "dataset_dict.json", "state.json", ".")


def folders_in(folder: Path) -> list[Path]:
    """Return folders that lie directly in a folder; not those without end."""
    return [entry for entry in _entries(folder) if entry.is_dir()]


def files_in(folder: Path) -> list[Path]:
    """Return files that lie directly in a folder, without those that only explain it."""
    return [entry for entry in _entries(folder) if entry.is_file()]


def only_folder_in(folder: Path) -> Path | None:
    """Return the folder that is all a folder holds, and that holds no folders itself; else None."""
    folders = folders_in(folder)
    return folders[0] if len(folders) == 1 and not files_in(folder) and not folders_in(folders[0]) else None


def holds_mostly(folder: Path, *sorts: str) -> bool:
    """Return whether `folder` is one, and the files of these sorts are the most of those that could be data.

    A note, a list of classes or a licence among hundreds of pictures does not change what a folder is. Where
    two sorts are equally many, as pictures with a text beside each, it is the one of the lower rank.
    """
    return folder.is_dir() and sort_of(folder) in sorts


def sort_of(path: Path) -> str | None:
    """Return the sort of a file, or of most of the files in a folder; None where that is not known."""
    if not path.is_dir():
        return sort_of_file(path)
    # a sample of the files is enough; data sets have millions
    files = [*below(path)]
    if mostly_sound(files):
        return None  # lists of the parts lie beside recordings of words
    counts = _census(files)
    most = max(file_sorts(), key=lambda sort: counts[sort])
    return most if counts[most] else "texts" if _are_plain_texts(files) else None


def _are_plain_texts(files: Collection[Path]) -> bool:
    """Return whether most files are prose by how they begin, whatever they are called.

    Programs in folders of languages are so, and sentences in files called by their class, as reviews.pos.
    Where any file is of a known sort, such are rather notes beside it.
    """
    plain = sum(is_plain_text(file) and _sort_of_text(file) == "texts" for file in files)
    return plain > 1 and 2 * plain > len(files)


def is_plain_text(path: Path) -> bool:
    """Return whether a file is running text by how it begins, and by its ending not that of a program."""
    try:
        with path.open("rb") as file:
            start = file.read(_GLANCE)
    except OSError:
        return False
    # control signs beside tab, line ends and escape stand in no text
    plain = bool(start.strip()) and not any(byte < 9 or 13 < byte < 27 for byte in start)
    return plain and ending_of(path.name) not in _OF_OTHERS and form_of(path) is None


def mostly_sound(files: Collection[Path]) -> bool:
    """Return whether most of these files are sound that is not read."""
    return 2 * sum(ends_in(file, *unread_sound()) for file in files) > len(files)


def unread_sound() -> tuple[str, ...]:
    """Return the endings of recordings that no sort of files has."""
    read = {ending for sort in file_sorts().values() for ending in sort.endings}
    return tuple(ending for ending in endings.SOUND if ending not in read)


def _census(files: Iterable[Path]) -> Counter[str]:
    """Return how many of these files are of each sort.

    Lists and answers beside the data do not count where there is any other file. A text of which the same
    folder holds the words with their tags is the same once more, and so is a table of what stands there as
    series, as UCR publishes them.
    """
    whole = [*files]
    data = [one for one in whole if not lies_beside(one.name)] or whole
    sorts = {path: sort_of_file(path) for path in data}
    once_more = {(file_sorts()[sort].less, path.with_suffix("")) for path, sort in sorts.items() if sort}
    return Counter(
        sort for path, sort in sorts.items() if sort and (sort, path.with_suffix("")) not in once_more
    )


def below(folder: Path) -> Iterator[Path]:
    """Give files in a folder and those within it, outer ones first; of very many, the first."""
    waiting = deque([folder])
    full = empty = 0
    # folders that only hold folders are counted apart, as classes may lie far below
    while waiting and full < _MOST_FOLDERS and empty < _MOST_EMPTY:
        entries = [(entry, entry.is_dir()) for entry in _entries(waiting.popleft())]
        waiting += [entry for entry, inner in entries if inner]
        files = [entry for entry, inner in entries if not inner]
        full, empty = full + bool(files), empty + (not files)
        yield from files


def sort_of_file(path: Path) -> str | None:
    """Return what a file holds by its ending, and by how it begins where that says nothing."""
    # a packed file is of the sort of what is packed
    ending = ending_of(path.name.removesuffix(".gz"))
    known = next((key for key, sort in file_sorts().items() if ending in sort.endings), None)
    # .txt says nothing: spectra, logs and tables are called so, too
    if known == "texts" and (_of_numbers(path) or _in_cells(path) or _named(path)):
        return "tables"
    if known is not None or begins_as_image(path):
        return known or "images"
    found = _sort_of_text(path)
    # of an ending that nothing is known of, prose may be anything: a program, settings, notes
    # and few lines may have as many marks by chance
    found = "tables" if found == "texts" and _of_numbers(path) else found
    telling = found != "texts" and ending not in _OF_OTHERS and len(_lines(path, _GLANCE)) > _FEW_LINES
    return found if ending in _OPEN or telling else None


def ending_of(name: str) -> str:
    """Return the ending of a file's name in small letters; "" where it is a number or too long for one.

    Messages are called comp.graphics.37261 or 00001.7c53336b37003a9286aba55d2945844c.
    """
    ending = Path(name).suffix.lower()
    return "" if ending[1:].isdecimal() or len(ending) > _LONGEST_ENDING else ending


def _sort_of_text(path: Path) -> str | None:
    """Return what plain text holds, by its first lines; None where it is no plain text."""
    if begins_as_record(path):
        return "tables"
    lines = [line for line in _lines(path, _GLANCE) if line]
    if not lines:
        return None
    if _looks_tagged(_lines(path, _GLANCE)):
        return "tagged"
    return "tables" if _tabular(lines) or usual_names(lines) else "texts"


def _named(path: Path) -> bool:
    """Return whether plain text names its values: in each line, as the logs of boards do, or as JSON."""
    return ends_in(path, *_PLAIN) and (begins_as_record(path) or bool(usual_names(_lines(path, _GLANCE))))


def _of_numbers(path: Path) -> bool:
    """Return whether plain text is a spectrum or the like: most of its lines hold numbers alone."""
    lines = _below_remarks(_lines(path, _GLANCE))
    if len(lines) <= _FEW_LINES:  # each may hold a whole series
        lines = _below_remarks(_lines(path))
    # instruments write above how they were set, in up to as many lines
    return _hold_numbers(lines) or _hold_numbers(lines[len(lines) // 2 :])


def _hold_numbers(lines: Sequence[str]) -> bool:
    cells = [[cell for cell in _BETWEEN_NUMBERS.split(line) if cell] for line in lines]
    plain = [row for row in cells if all(map(_is_number, row))]
    several = sum(len(row) > 1 for row in plain)
    # a recording of one channel has one number a line, and nothing else
    return len(lines) > _FEW_LINES and (several > 0.6 * len(lines) or len(plain) >= _AGREE * len(lines))


def _in_cells(path: Path) -> bool:
    """Return whether the lines of plain text are parted alike by marks that prose has not in every line."""
    whole = _lines(path, _GLANCE)
    lines = _below_remarks(whole)
    if len(lines) <= _FEW_LINES or not ends_in(path, *_PLAIN) or _looks_tagged(whole):
        return False
    fewest = {**dict.fromkeys((*_NOT_IN_PROSE, *marks_of_signs(lines)), 1), ",": _MANY_COMMAS}
    cells = [cell for line in lines for cell in line.split()]
    # blanks stand equally often in verses, too, but these are not half numbers
    if 2 * sum(map(_is_number, cells)) > len(cells):
        fewest[" "] = _FEWEST_CELLS
    return any(
        _alike([line.count(mark) for line in lines], range(least, 10_000)) for mark, least in fewest.items()
    )


def _below_remarks(lines: Sequence[str]) -> list[str]:
    """Return the lines that are not empty, without the remarks above them that instruments write."""
    return [line for line in dropwhile(lambda line: not line or line.startswith(_REMARK), lines) if line]


def begins_as_image(path: Path) -> bool:
    """Return whether a file begins as a picture does that can be read, whatever it is called."""
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError:
        return False
    # sound and films are RIFF as well; in both forms a length stands before the name
    riff = start[:4] == b"RIFF" and start[8:12] == b"WEBP"
    avif = start[4:12] in (b"ftypavif", b"ftypavis")
    return riff or avif or start.startswith(_BEGINNINGS)


def begins_as_record(path: Path) -> bool:
    """Return whether a file begins with a record of JSON, whatever it is called: {"id": 1, "text": ..."""
    # WikiExtractor gives its files of JSON lines no ending
    try:
        with path.open("rb") as file:
            return _RECORD.match(file.read(_GLANCE)) is not None
    except OSError:
        return False


def explains(name: str) -> bool:
    """Return whether a file only explains the data beside it, by its name: a readme, a licence."""
    low = name.lower()
    return low.startswith(_NO_DATA) or "readme" in _WORDS.split(low)


def is_litter(name: str) -> bool:
    """Return whether a file or folder is hidden, or one that operating systems leave everywhere."""
    return name.startswith(".") or name.lower() in _LITTER


def _entries(folder: Path) -> list[Path]:
    try:
        # a few of them, as a folder may hold a million files, and each would be asked what it is
        found = list(islice(folder.iterdir(), _MOST_LOOKED_AT))
    except OSError:
        return []
    return sorted(entry for entry in found if not explains(entry.name) and not is_litter(entry.name))


def left_out(paths: Iterable[Path]) -> str:
    """Return files that are left out: a few by their names, many by their endings with how many of each."""
    names = sorted(path.name for path in paths)
    if len(names) <= _FEW_FILES:
        return ", ".join(names)
    endings = Counter(Path(name).suffix.lower() or "no ending" for name in names)
    if len(endings) == 1:
        return f"{next(iter(endings))}, as {names[0]}"
    return ", ".join(f"{ending} ({count})" for ending, count in endings.most_common())


def ends_in(path: Path, *endings: str) -> bool:
    """Return whether a file's name ends so, packed or not."""
    return path.name.lower().removesuffix(".gz").endswith(endings)


def looks_tagged(path: Path) -> bool:
    """Return whether plain text holds a word and its tags a line, or a sentence whose words carry theirs."""
    return _looks_tagged(_lines(path))


def _looks_tagged(bare: Sequence[str]) -> bool:
    if tags_its_words(bare):
        return True
    lines = "\n".join(bare).strip("\n").split("\n")
    words = [line.split() for line in lines if line and not line.startswith(("#", "-DOCSTART-"))]
    # tags are no numbers: rows of them are measurements, whatever stands first
    numbers = sum(_is_number(row[0]) or 2 * sum(map(_is_number, row)) > len(row) for row in words)
    # a word and up to eleven more cells: CoNLL-U has ten columns
    alike = _alike([len(cells) for cells in words], range(2, 13))
    # blank lines tell sentences from a table; where most lines begin with a number, tags of entities do
    return "" in lines and alike and (numbers < 0.5 * len(words) or holds_entities(words))


_ENTITY = re.compile(r"O|[BIESLU]-\S+")


def holds_entities(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a column of rows holds tags of entities, as B-PER, I-PER and O."""
    for place in range(1, min(map(len, rows), default=0)):
        cells = [row[place] for row in rows]
        if any(cell != "O" for cell in cells) and all(map(_ENTITY.fullmatch, cells)):
            return True
    return False


def looks_running(path: Path) -> bool:
    """Return whether plain text is prose: no table, no tagged words."""
    lines = first_lines(path)
    # their marks and times would look like those of a table
    if ends_in(path, *endings.SUBTITLES, *endings.MARKUP):
        return bool(lines)
    spoken = path.suffix.lower().removeprefix(".") in endings.LANGUAGES  # news.de
    return (
        (sort_of_file(path) == "texts" or spoken)
        and bool(lines)
        and not (looks_tagged(path) or looks_marked(path) or form_of(path))
        # the times of a chat have a comma each, as a table of two columns
        and (looks_chatted(lines) or not _tabular(lines))
    )


def form_of(path: Path) -> OtherForm | None:
    """Return the form of a file of plain text that is neither prose nor rows of cells; None for any other."""
    return other_form(_lines(path, _GLANCE)) if path.is_file() else None


def looks_chatted(lines: Sequence[str]) -> bool:
    """Return whether most lines begin a message of an exported chat."""
    return 2 * sum(message_head(line) is not None for line in lines) > len(lines)


def looks_marked(path: Path) -> bool:
    """Return whether nearly every line of plain text begins with its label, as fastText writes them, or ends
    with it.
    """
    lines = first_lines(path)
    before = sum(line.startswith(LABEL_MARK) for line in lines)
    return bool(lines) and (before >= _AGREE * len(lines) or ends_with_labels(lines))


def ends_with_labels(lines: Sequence[str]) -> bool:
    """Return whether nearly every line ends with @ and one of a few labels: Profit rose .@positive"""
    labels = [label for text, label in map(label_behind, lines) if label and " " in text]
    few = 1 < len(set(labels)) <= min(_MOST_LABELS, len(labels) // _FEWEST_CELLS)
    return few and len(labels) >= _AGREE * len(lines)


_BEFORE = re.compile(r"([+-]?\d{1,2}|\w+:\w+|[\w-]{1,20}(?=[:\uff1a])|[A-Z][A-Z_-]+)[:\uff1a]?\s+(\S.*)")
"""A label before a text: 1 Profit rose, NUM:count How many .., pos: A fine film."""


def begins_with_labels(lines: Sequence[str]) -> bool:
    """Return whether every line begins with one of a few labels, as 1 Profit rose; a play may, too."""
    labels = [label_before(line)[1] for line in lines]
    few = 1 < len(set(labels)) <= min(_MOST_LABELS, len(labels) // _FEWEST_CELLS)
    return few and all(labels)


def label_before(line: str) -> tuple[str, str]:
    """Return a line without the label before it, and that label; "" where none stands there."""
    found = _BEFORE.fullmatch(line.strip())
    return (line, "") if found is None else (found[2], found[1])


def label_behind(line: str) -> tuple[str, str]:
    """Return a line without the label behind its last @, and that label; "" where none stands there."""
    text, mark, label = line.rstrip().rpartition("@")
    return (text.rstrip(), label) if mark and label.replace("-", "_").isidentifier() else (line, "")


def _tabular(lines: Sequence[str]) -> bool:
    """Return whether lines have the same number of cells throughout, or hold nothing but numbers.

    Lines drawn with signs and those that describe the file, behind # or !, do not count.
    """
    lines = [line for line in lines if line.strip("-=_+|: ") and line[0] not in "#!"]
    apart = any(
        # a mark that only ends the lines, as that of a program's, parts nothing
        _alike([line.rstrip(mark).count(mark) for line in lines], range(1, 10_000))
        for mark in ("\t", ";", "|", ",", *LONG_MARKS)
    )
    apart = apart or sum(bool(SPARSE_LINE.fullmatch(line)) for line in lines) >= _AGREE * len(lines)
    quoted = [line for line in lines if line.startswith('"')]  # as R writes them: "row 1" 2.5 TRUE
    if len(quoted) >= _AGREE * len(lines):
        apart = apart or _alike([re.sub('"[^"]*"', "", line).count(" ") for line in quoted], range(1, 10_000))
    cells = [cell for line in lines for cell in line.split()]
    numbers = sum(_is_number(cell) for cell in cells)
    even = _alike([len(line.split()) for line in lines], range(_FEWEST_CELLS, 10_000))
    return apart or numbers > 0.9 * len(cells) or (even and numbers > 0.5 * len(cells))


def _alike(counts: Sequence[int], allowed: range) -> bool:
    """Return whether nearly all counts are the commonest of them, which is one of those allowed."""
    commonest = max(set(counts), key=counts.count, default=0)
    return commonest in allowed and counts.count(commonest) >= _AGREE * len(counts)


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def first_lines(path: Path) -> list[str]:
    """Return the first lines of plain text that are not blank."""
    return [line for line in _lines(path) if line]


def _lines(path: Path, most: int = _BEGINNING) -> list[str]:
    """Return the first lines of a file, bare; none where it is no plain text."""
    try:
        with path.open("rb") as file:
            start = file.read(most)
    except OSError:
        return []
    marked = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    code = "utf-16" if marked else utf16_without_mark(start)
    if code is None and b"\0" in start:
        return []
    lines = start.decode(code or "utf-8", "replace").splitlines()
    # the last line may be cut off, and so of another number of cells
    whole = lines[:-1] if len(start) == most else lines
    # a tab at the end of a line parts an empty cell, and counts as in the others
    return [line.strip("\r\n \ufeff") if line.strip() else "" for line in whole]
