"""New texts to predict for: typed ones, the lines of a file, a column of a table, the files of a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.choices import Message
from engine.data.cells.values import listed, numbers
from engine.data.files.endings import TABLES, TAGGED, TEXTS
from engine.data.files.layouts import below, looks_tagged
from engine.data.new.inputs import NewInputs, ReadTable, plain_inputs
from engine.data.preprocessor import Preprocessor
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.read.columns import called_label, chosen_column, words_of
from engine.data.tables.read.files import read_table
from engine.data.tables.read.format import TableFormat
from engine.data.texts.encode import PairsEncoder, TaggedEncoder, TokensEncoder
from engine.data.texts.raw import TaggedTexts, Texts
from engine.data.texts.read.files import (
    found_encoding,
    read_all,
    read_plain,
    read_text,
    text_paths,
    told_broken,
)
from engine.data.texts.read.heads import without_heads
from engine.data.texts.read.listed_files import in_files
from engine.data.texts.read.marked_lines import read_marked
from engine.data.texts.read.pairs import PairsFormat, is_table, read_sources
from engine.data.texts.read.tables import longest_text
from engine.data.texts.read.tag_files import tag_files
from engine.data.texts.read.tagged import TaggedFormat, read_tagged, word_table
from engine.data.texts.read.word_lists import ALONE, SPACED, holds_word_lists
from engine.data.texts.spelled import tell_spelled

_OPEN = (*TEXTS, ".data", ".dat")
"""Tables or lines of text, which the beginning tells."""
_GLANCE = 200
"""Lines."""
_MOSTLY = 0.5
"""Share of a text that is unknown, from which nothing can rest on it."""
_FEW_FILES = 10
"""Of a folder, which stand for all."""
_WORD = re.compile(r"[@#]?\w+(?:[-'’.]\w+)*|[^\w\s]")
"""A word as in tagged files: what is joined by hyphens, apostrophes or points stays together."""
_LETTER_OR_WORD = re.compile(rf"{ALONE}|[@#]?{SPACED}(?:[-'’.]{SPACED})*|[^\w\s]")
"""Of Chinese and Japanese each letter, as where spans of them are marked; else a word."""
_SET_APART = re.compile(rf"{ALONE}\s+{ALONE}")
"""Blanks between letters of Chinese: somebody has cut the words already."""
_CUT = re.compile(r"\s[.,](?=\s|$)")
"""A point or comma between blanks: the same in other scripts. French sets apart no such marks."""
_APART = re.compile(r"\S+")


@dataclass(frozen=True)
class NewFormat:
    """How new texts are written: the column of a table that holds them, and how the file is read."""

    column: str = ""
    """"": the one that holds the longest, or where `first` the first that holds no numbers."""
    setting: str = "data.texts"
    """The setting that names the column."""
    label: str = ""
    first: bool = False
    heads: bool = True
    """Whether what stands beside running text is text, too."""
    text: TableFormat = field(default_factory=TableFormat)


def read_new_texts(path: Path, how: NewFormat, report: Report, memory: int) -> Texts:
    """Return the lines of a file, the column of a table, or the files of a folder.

    Each line and each row is one, also where it is blank. Raises Invalid where there is no text.
    """
    if "\x00" in str(path) or not path.exists():
        raise refused("data.path", Message("there is no file or folder {path!r}", path=str(path)))
    if path.is_dir():
        paths, stray = text_paths(path)
        texts, read, broken = read_all(paths, how.text.encoding, report)
        names = [paths[index].relative_to(path).as_posix() for index in read]
        notices = [*stray, *found_encoding(texts, how.text.encoding)[1], *told_broken(broken, len(paths))]
        whole = [one.text for one in texts]
        bare, gone = (whole, []) if how.heads else without_heads(whole)
        # as in training, where the line feed at the end of a file is no token
        return _texts([text.strip("\n") for text in bare], names, [*notices, *gone])
    ending = path.suffix.lower()
    # .txt and .data may be tables or lines of text, and only the column of training tells
    if (ending in TABLES and ending not in _OPEN) or _has_column(path, how):
        return _of_table(path, how, report, memory)
    marked = read_marked(path, how.text.encoding)
    if marked is not None:
        return marked
    plain = read_text(path, how.text.encoding)
    text, gone = ([plain.text], []) if how.heads else without_heads([plain.text])
    lines = lines_of(text[0])
    return _texts(
        lines,
        [Message("line {number}", number=number) for number in range(1, len(lines) + 1)],
        (*plain.notices, *gone),
    )


def _has_column(path: Path, how: NewFormat) -> bool:
    """Return whether a file of another ending begins with the names of a table, that of the texts among them.

    A table may be called reviews.txt; a single name alone is a text like those below it. Where columns have
    numbers for names, it is one whose lines are all parted as in training; commas stand in texts, too.
    """
    text = read_plain(path, how.text.encoding)
    cells = [cell.strip().strip('"') for cell in re.split(r"[\t;,|]", text.partition("\n")[0])]
    if how.text.header == "no" and how.text.separator in ("\t", "|"):
        # a table without names can be known only by its separator in every line
        counts = [line.count(how.text.separator) for line in text.splitlines()[:_GLANCE] if line.strip()]
        return bool(counts) and min(counts) > 0 and how.column.startswith("column ")
    return len(cells) > 1 and bool(how.column) and how.column in cells


def read_new_tagged(path: Path, how: TaggedFormat, report: Report, memory: int) -> TaggedTexts:
    """Return sentences whose words are to be tagged: of a file in columns, or texts of any other sort."""
    # its columns as in training; whatever else comes is cut into words
    files = islice(below(path), _FEW_FILES) if path.is_dir() else [path]
    in_columns = any(map(_is_tagged, files)) or (path.is_dir() and bool(tag_files(path)))
    if in_columns or word_table(path, how, report) is not None:
        return read_tagged(replace(how, path=str(path), tagged=False), report)
    return as_words(
        read_new_texts(path, NewFormat(text=TableFormat(how.encoding, sheet=how.sheet)), report, memory)
    )


def _is_tagged(path: Path) -> bool:
    return path.suffix.lower() in TAGGED or holds_word_lists(path) or looks_tagged(path)


def read_new_pairs(which: PairsFormat, how: TableFormat, report: Report, memory: int) -> Texts:
    """Return texts to be translated; their translations may be missing."""
    path = Path(which.path)
    if path.is_dir() or is_table(path) or not path.exists():
        columns = NewFormat(which.source, "data.source", first=True, text=how)
        return read_new_texts(path, columns, report, memory)
    texts, notices = read_sources(which, how)
    return _texts(
        texts, [Message("line {number}", number=number) for number in range(1, len(texts) + 1)], notices
    )


def as_words(texts: Texts) -> TaggedTexts:
    """Return texts cut into words, as those of tagged files are; of Chinese into letters, unless blanks stand
    between its words. Where marks stand between blanks, these part the words: Mr. is one.
    """
    words = tuple(tuple(_cut(text).findall(text)) for text in texts.texts)
    return TaggedTexts(words, tuple(() for _ in words), texts.names, texts.notices)


def _cut(text: str) -> re.Pattern[str]:
    """Return the form of one word of a text: a whole sentence as one word would get one tag."""
    if _CUT.search(text) and not re.search(ALONE, text):
        return _APART
    return _WORD if _SET_APART.search(text) else _LETTER_OR_WORD


def typed_texts(given: object) -> Texts:
    """Return typed texts: strings, or of rows of cells the longest string each."""
    if not isinstance(given, Sequence) or isinstance(given, (str, bytes)):
        raise refused("", "this network was trained on texts; give it texts, not pictures")
    texts = [_longest(row) for row in given]
    return _texts(texts, [Message("text {place}", place=place + 1) for place in range(len(texts))])


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, those at its end that hold nothing left out.

    Only line feeds end a line, as in files: a text may hold other marks that Python takes for ends of lines.
    """
    # str.splitlines would cut at U+2028 and form feeds within a text, too
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _of_table(path: Path, how: NewFormat, report: Report, memory: int) -> Texts:
    # as written, since a text of digits is a text; blank rows stay, as each given row gets an answer
    found = read_table(path, replace(how.text, typed=(), blanks=True), (), report, memory)
    frame = found.frame
    guess = frame.columns[0] if how.first else _longest_column(frame, how)
    name = chosen_column(frame, how.column, how.setting, guess)
    rows = [f"row {row}" for row in found.row_numbers]
    told: list[str] = (
        [Message("the texts are taken from the column {name!r}", name=name)]
        if len(found.names) > 1 and not how.column
        else []
    )
    labelled = bool(how.label) and how.label in frame.columns
    texts = words_of(frame[name])
    of_files = in_files(path, texts, how.text.encoding)
    if of_files is not None:
        texts, more = of_files
        told += more
    return Texts(
        tuple(texts),
        np.array(words_of(frame[how.label]) if labelled else [""] * len(frame), np.str_),
        tuple(rows),
        how.label if labelled else "label",
        (*found.told_of((), (name, how.label)), *told),
        columns=tuple(map(str, frame.columns)),
        given=frame,
    )


def _longest_column(frame: pd.DataFrame, how: NewFormat) -> Any:
    """Return the column of the longest texts that is not called as one of labels; else any that has texts."""
    labels = [how.label] if how.label else called_label(frame.columns)
    # read as written, numbers are words as well, and may be longer than texts
    figures = [name for name in frame.columns if not numbers(frame[name])[1].any()]
    found = longest_text(frame, *figures, *(labels if len(frame.columns) > 1 else ()))
    if found is None and not how.column:
        raise refused(
            "", Message("there is no column of texts; there are: {listed}", listed=listed(frame.columns, 20))
        )
    return found


def _longest(row: Any) -> str:
    if isinstance(row, str):
        return row
    # a row typed in a form has all columns, of which the longest is the text
    cells = row.values() if isinstance(row, Mapping) else ()
    return max((str(cell) for cell in cells if cell is not None), key=len, default="")


def _texts(texts: Sequence[str], names: Sequence[str], notices: Sequence[str] = ()) -> Texts:
    return Texts(tuple(texts), np.full(len(texts), "", np.str_), tuple(names), notices=tuple(notices))


def new_texts(raw: Texts | TaggedTexts, preprocessor: Preprocessor) -> NewInputs:
    """Return texts as tokens; to be continued, or to have their gaps filled, where the text is the target."""
    encoder = preprocessor.encoder
    if not isinstance(encoder, TokensEncoder):
        return plain_inputs(raw, preprocessor, raw.names)  # which is refused
    # a prompt has no END and keeps its end, where other texts keep their beginning
    continued = preprocessor.predicted.kind == "tokens"
    table = raw.given if isinstance(raw, Texts) else None
    if isinstance(encoder, TaggedEncoder) and isinstance(raw, Texts):
        raw = as_words(raw)
    texts = raw.texts if isinstance(raw, Texts) else tuple(" ".join(words) for words in raw.words)
    given = ReadTable(pd.DataFrame({"text": texts}) if table is None else table)
    if not texts:
        raise refused("", "no texts were given")
    notices = list(raw.notices)
    nothing = continued and len(texts) == 1  # a text may be written from nothing, where that is asked for
    blank = {row: "no text" for row, text in enumerate(texts) if not text.strip() and not nothing}
    rows = np.array([row for row in range(len(texts)) if row not in blank], np.int64)
    if not len(rows):
        raise refused("", "there is no text in what was given")
    chosen = tuple(texts[row] for row in rows)
    inputs = encoder.prompts(chosen) if continued else encoder.encode_texts(chosen, notices.append)
    if isinstance(encoder, PairsEncoder):
        encoder.tell_other_side(inputs, notices.append)
    unknown = encoder.tell_unknown([inputs], chosen, notices.append)
    if max(unknown, tell_spelled(encoder.tokenizer, chosen, notices.append)) >= _MOSTLY:
        notices.append(
            "of such a text the network knows little: its answer is a guess, however sure it looks"
        )
    return NewInputs(inputs, rows, raw.names, raw, tuple(notices), blank, given)
