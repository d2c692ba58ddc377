"""Tagged sentences in the layout of the CoNLL shared tasks: a word a line, a blank line after a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path
from typing import Literal

import numpy as np

from engine.choices import Message
from engine.data.cells.values import as_text, counted, listed
from engine.data.files.endings import EXCEL, JSON, PARTS, TAGGED
from engine.data.files.layouts import below, ends_in
from engine.data.files.placement import part_of, told_parts
from engine.data.files.text_forms import tags_its_words
from engine.data.memory import free_memory
from engine.data.raw import Found
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.read.files import read_table
from engine.data.tables.read.format import TableFormat
from engine.data.texts.raw import TaggedTexts
from engine.data.texts.read.files import (
    PlainText,
    found_encoding,
    read_all,
    read_text,
    text_paths,
    told_broken,
    told_strange,
)
from engine.data.texts.read.tag_files import side_by_side, tag_files
from engine.data.texts.read.word_lines import WordLines, read_lines
from engine.data.texts.read.word_lists import as_lines, holds_word_lists, of_rows
from engine.data.texts.tokens.tags import as_bio

_ENDINGS = frozenset([*TAGGED, *PARTS, *JSON, ".txt", ".tsv"])
_GLANCE = 1 << 14
"""Letters at the beginning of a file, which tell its form."""
Column = int | Literal["auto", "last"]


@dataclass(frozen=True)
class TaggedFormat:
    """Where tagged sentences are: a file or a folder; which columns, from 1, hold words and tags."""

    path: str
    word: int | Literal["auto"] = "auto"
    tag: Column = "auto"
    encoding: str = "auto"
    sheet: str = ""
    """The sheet of a workbook; empty: found out."""
    tagged: bool = True
    """Whether the words have tags; new ones need none, and are kept where theirs are unknown."""


def read_tagged(how: TaggedFormat, report: Report) -> TaggedTexts:
    """Return the sentences of a file, or of all files in a folder.

    Files called train, dev and test are the parts as published. A sentence with a line that lacks a column is
    left out, and the line named. Raises Invalid when no sentence is left.
    """
    place = Path(how.path)
    read = _of_folder(place, how.encoding, report) if place.is_dir() else _of_file(place, how, report)
    encoding, guessed = found_encoding(read.texts, how.encoding)
    files = read.files
    # by the first file: all files of a set have the same columns
    found = _told_columns(how, files[0][1])
    columns = _WordColumns(*found, how.tagged)
    kept, short, bare = _Kept(), [], []
    for name, lines in files:
        # tests of contests are published without tags: a form of their own, and no sentences that are broken
        if how.tagged and len(files) > 1 and _untagged(columns, lines):
            bare.append(name)
            continue
        for sentence in lines.sentences:
            pairs = [columns.of(row) for _, row in sentence]
            if None in pairs:
                short.append(
                    Message("{name}, line {sentence}", name=name, sentence=sentence[pairs.index(None)][0])
                )
            else:
                # `pairs` holds no None here; the condition is for the types alone
                kept.add(
                    [pair for pair in pairs if pair],
                    Message("{name}, line {sentence}", name=name, sentence=sentence[0][0]),
                    name,
                )
    notices = [*read.notices, *guessed, *_told_others(bare), *_told_lines(files, short)]
    if not kept.words:
        _refuse(place, found[0], short, tagged=how.tagged)
    # one file that is no part leaves open where its sentences belong
    published = np.array(kept.parts, np.str_) if len(files) > 1 and all(kept.parts) else None
    if published is not None:
        notices.append(told_parts([name for name, _ in files if name not in bare], "split.published", False))
    # all files together, as whether O occurs at all tells entities from parts of speech
    known = as_bio(kept.tags) if how.tagged else tuple(() for _ in kept.words)
    auto = {"word": (how.word, found[0]), "tag": (how.tag, found[1])}
    return TaggedTexts(
        tuple(kept.words),
        known,
        tuple(kept.names),
        tuple(notices),
        published,
        {
            **encoding,
            **read.found,
            **{name: column for name, (said, column) in auto.items() if said == "auto"},
        },
    )


@dataclass(frozen=True)
class _Files:
    """The sentences of each file, with the name that tells its part; all texts; what is told, what found."""

    files: list[tuple[str, WordLines]]
    texts: list[PlainText]
    notices: list[str] = field(default_factory=list)
    found: Found = field(default_factory=dict)


def _of_file(path: Path, given: TaggedFormat, report: Report) -> _Files:
    if (table := word_table(path, given, report)) is not None:
        return table
    text = read_text(path, given.encoding)
    return _Files([(path.name, _lines(text.text, path))], [text])


def word_table(path: Path, given: TaggedFormat, report: Report) -> _Files | None:
    """Return the sentences of a workbook or CSV with a word a row; None for any other file."""
    if not path.is_file() or not ends_in(path, *EXCEL, ".csv") or holds_word_lists(path):
        return None
    how = TableFormat(given.encoding, sheet=given.sheet, typed=())
    table = read_table(path, how, (), report, free_memory())
    cells = table.frame.astype(object).where(table.frame.notna(), "")
    rows = [[*map(str, table.frame.columns)], *([*map(as_text, row)] for row in cells.to_numpy().tolist())]
    lines = of_rows(rows)
    if not lines:
        return None
    found = {name: value for name, value in table.found.items() if name == "sheet"}
    return _Files([(path.name, read_lines(lines))], [], [*table.notices], found)


def _of_folder(folder: Path, encoding: str, report: Report) -> _Files:
    pairs = tag_files(folder)
    if pairs:
        texts = [(read_text(words, encoding), read_text(tags, encoding)) for words, tags in pairs]
        sentences = [
            side_by_side(words.text, tags.text, path)
            for (words, tags), (_, path) in zip(texts, pairs, strict=True)
        ]
        strange = set(below(folder)) - {path for pair in pairs for path in pair}
        # the folder says which part it is: the files of all parts may be called alike
        files = [
            (words.parent.name if part_of(words.parent.name) else words.name, _lines(text, words))
            for (words, _), text in zip(pairs, sentences, strict=True)
        ]
        return _Files(files, [text for pair in texts for text in pair], told_strange(strange))
    paths, stray = text_paths(folder, _ENDINGS)
    named = [path for path in paths if ends_in(path, *TAGGED)]
    # beside files of tagged words lie their plain texts, and lists of the tags
    plain = [path for path in paths if not ends_in(path, *TAGGED, *PARTS)] if named else []
    paths = [path for path in paths if path not in plain]
    every, read, broken = read_all(paths, encoding, report)
    alike = _of_one_form([one.text for one in every])
    others = [path.name for path in plain]
    others += [paths[index].name for index, same in zip(read, alike, strict=True) if not same]
    texts_kept, paths_kept = list(compress(every, alike)), [paths[index] for index in compress(read, alike)]
    files = [(path.name, _lines(one.text, path)) for path, one in zip(paths_kept, texts_kept, strict=True)]
    return _Files(files, texts_kept, [*stray, *told_broken(broken, len(paths)), *_told_others(others)])


def _of_one_form(texts: Sequence[str]) -> list[bool]:
    """Return which texts carry tags behind the words of their sentences, where most do; else all."""
    # any line of two words would count as a word and its tag: Brown's corpus comes with a list of its files
    tagged = [tags_its_words(text[:_GLANCE].splitlines()) for text in texts]
    return tagged if 2 * sum(tagged) > len(tagged) else [True] * len(tagged)


def _untagged(columns: _WordColumns, lines: WordLines) -> bool:
    """Return whether no sentence of a file has a tag behind each word."""
    return all(None in [columns.of(row) for _, row in sentence] for sentence in lines.sentences)


def _told_others(names: Sequence[str]) -> list[str]:
    return (
        [
            Message(
                "{counted} without tags left out: {listed}; they can be neither learnt nor judged, but the "
                "network that has learnt predicts their tags",
                counted=counted(len(names), "file"),
                listed=listed(names),
            )
        ]
        if names
        else []
    )


def _lines(text: str, path: Path) -> WordLines:
    return read_lines(as_lines(text, path))


class _Kept:
    """The sentences that are kept, one after the other."""

    def __init__(self) -> None:
        self.words: list[tuple[str, ...]] = []
        self.tags: list[tuple[str, ...]] = []
        self.names: list[str] = []
        self.parts: list[str] = []

    def add(self, pairs: Sequence[tuple[str, str]], name: str, file: str) -> None:
        self.words.append(tuple(word for word, _ in pairs))
        self.tags.append(tuple(tag for _, tag in pairs))
        self.names.append(name)
        self.parts.append(part_of(file) or "")


@dataclass(frozen=True)
class _WordColumns:
    """Which columns, from 1, hold the words and their tags."""

    word: int
    tag: int | Literal["last"]
    tagged: bool

    def of(self, row: Sequence[str]) -> tuple[str, str] | None:
        """Return word and tag of a row, None where it lacks one of them."""
        # two tabs beside each other leave an empty cell, which is no word
        if self.word > len(row) or not row[self.word - 1]:
            return None
        if not self.tagged:
            return row[self.word - 1], ""
        place = len(row) if self.tag == "last" else self.tag
        # a line of a single word has no last column beside it
        if place > len(row) or (self.tag == "last" and place == self.word) or not row[place - 1]:
            return None
        return row[self.word - 1], row[place - 1]


def _told_columns(how: TaggedFormat, lines: WordLines) -> tuple[int, int | Literal["last"]]:
    """Return the columns of words and tags: those chosen, else what the first file seems to have."""
    word, tag = lines.columns
    last = tag == lines.width  # so that files of another width are read as well
    if lines.width == 1 and not how.tagged:  # new words alone, without the columns of training
        return 1, "last"
    found: int | Literal["last"] = "last" if last else tag
    return (word if how.word == "auto" else how.word), (found if how.tag == "auto" else how.tag)


def _told_lines(files: Sequence[tuple[str, WordLines]], short: Sequence[str]) -> list[str]:
    odd = [
        Message("{name}, line {number}", name=name, number=number)
        for name, lines in files
        for number in lines.odd
    ]
    notices: list[str] = []
    if odd:
        notices.append(
            Message(
                "lines whose cells stand apart otherwise than in the others: {listed}", listed=listed(odd)
            )
        )
    if short:
        notices.append(
            Message(
                "{counted} with a line that lacks a column left out: {listed}",
                counted=counted(len(short), "sentence"),
                listed=listed(short),
            )
        )
    return notices


def _refuse(place: Path, word: int, short: Sequence[str], *, tagged: bool) -> None:
    # words in rows are common in contests, and say how to go on better than a missing column does
    if short and place.suffix.lower() in (".csv", ".xlsx"):
        raise refused(
            "data.path",
            Message(
                "{name} is a table with a word a row; write it as text: a word and its tag a line, "
                "apart by a tab, and a blank line between sentences",
                name=place.name,
            ),
        )
    if short and not tagged:
        raise refused(
            "data.word",
            Message(
                "{name} has no sentence with a word in column {word} of every line ({listed}): "
                "choose another column",
                name=place.name,
                word=word,
                listed=listed(short),
            ),
        )
    if short:
        raise refused(
            "data.tag",
            Message(
                "{name} has no sentence with a word in column {word} and a tag in another "
                "({listed}): choose other columns",
                name=place.name,
                word=word,
                listed=listed(short),
            ),
        )
    raise refused(
        "data.path",
        Message("{name} holds no sentences: a word and its tag a line are needed", name=place.name),
    )
