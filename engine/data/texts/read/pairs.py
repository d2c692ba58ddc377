"""Texts and their translations: two files line by line, or two columns of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.choices import Invalid, Message, Problem
from engine.data.cells.names_of_things import are_names_of_things
from engine.data.cells.values import counted, listed
from engine.data.files.endings import EXCEL, JSON, LANGUAGE_NAMES, PARQUET
from engine.data.files.placement import part_of, told_parts
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.read.columns import chosen_column, is_text, words_of
from engine.data.tables.read.files import read_table
from engine.data.texts.raw import TextPairs
from engine.data.texts.read.files import PlainText, found_encoding, read_plain, read_text, read_written
from engine.data.texts.read.halves import LINE, halves
from engine.data.texts.read.markup import begins_in_two_languages, subtitles
from engine.data.texts.read.tables import refuse_numbers

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.tables.read.format import TableFormat

_HEADINGS = "source target src tgt text translation original sentence"
_NAMES = LANGUAGE_NAMES | frozenset(_HEADINGS.split())
_ASKED = re.compile(r"question|instruction|prompt|query|问题?|提问|指令", re.IGNORECASE)
_ANSWERED = re.compile(r"answer|output|response|completion|reply|答案?|回答|回复|输出", re.IGNORECASE)
_FAILED = re.compile(r"#(VALUE!|N/A|REF!|NAME\?|DIV/0!|NUM!|NULL!|ERROR!|SPILL!)|Loading\.{3}|正在加载.*")
"""What a sheet shows where a formula fails, or is still translating."""
_LOOKED_AT = 100
_MARKUP = re.compile(r"\s*<([A-Za-z][\w.-]*)(?:\s[^<>]*)?>(?:.*</\1>)?\s*|\s*</[A-Za-z][\w.-]*>\s*")
"""A line that is one element, or opens or closes one."""
_CODED = re.compile(r"(?=.*\d)[\w.:/#-]+", re.ASCII)
"""One word of letters and digits, as the number of a row in a corpus: train_17, en-0004."""
_NEARLY_ALL = 0.9
_CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")


@dataclass(frozen=True)
class PairsFormat:
    """Where texts and translations are: two files, or one with two columns; "" is found out."""

    path: str
    translations: str = ""
    source: str = ""
    target: str = ""


def read_pairs(which: PairsFormat, how: TableFormat, report: Report, memory: int) -> TextPairs:
    """Return the pairs. Raises Invalid where the two sides differ in length, or one is missing."""
    path = Path(which.path)
    if which.translations:
        return _of_two(path, Path(which.translations), how.encoding)
    if is_table(path):
        return _of_table(which, how, report, memory)
    return _of_lines(which, how)


def with_parts(
    first: TextPairs,
    path: str,
    others: Sequence[tuple[Path, Path]],
    how: TableFormat,
    report: Report,
    memory: int,
) -> TextPairs:
    """Return the pairs of the training part with those of other parts behind them, each of its own part.

    `path` is the file of the first.
    """
    read = [first]
    parts: list[str] = ["train"] * len(first)
    for one, other in others:
        found = read_pairs(PairsFormat(str(one), str(other)), how, report, memory)
        read.append(found)
        parts += [part_of(one.name) or "train"] * len(found)
    notices = dict.fromkeys(notice for found in read for notice in found.notices)
    return replace(
        first,
        texts=tuple(text for found in read for text in found.texts),
        translations=tuple(text for found in read for text in found.translations),
        notices=(*notices, told_parts([Path(path).name, *(one.name for one, _ in others)])),
        published=np.array(parts, np.str_),
    )


def is_table(path: Path) -> bool:
    """Return whether a file of pairs is read as a table; in others a line holds cells apart by tabs."""
    return path.suffix.lower() in (".csv", *EXCEL, *PARQUET, *JSON)


def _of_two(path: Path, other: Path, encoding: str) -> TextPairs:
    plain = read_text(path, encoding)
    texts, translations = _lines(plain.text), _lines(_translations(other, encoding))
    if len(texts) != len(translations):  # blank lines at an end, which some editors leave
        texts, translations = _without_end(texts), _without_end(translations)
    if len(texts) != len(translations):
        place = _parting(texts, translations)
        raise refused(
            "data.translations",
            Message(
                "{name} has {count:,} lines and {other} {total:,}: each line needs its translation "
                "in the same line. By their lengths they part near line {place:,}",
                name=path.name,
                count=len(texts),
                other=other.name,
                total=len(translations),
                place=place + 1,
            ),
        )
    found, told = found_encoding([plain], encoding)
    told += _without_marks(texts, translations)
    return TextPairs(tuple(texts), tuple(translations), _called(path, other), tuple(told), found=found)


def _without_marks(texts: list[str], translations: list[str]) -> list[str]:
    """Empty the pairs of lines that say something of the sentences, as <url> in talks of IWSLT; tell of them.

    They are left blank and not taken out, so that each pair keeps its line; blank ones are no examples.
    """
    marked = [
        place
        for place, pair in enumerate(zip(texts, translations, strict=True))
        if all(map(_MARKUP.fullmatch, pair))
    ]
    # where most lines are elements, they are the sentences
    if not marked or 2 * len(marked) > len(texts):
        return []
    names = dict.fromkeys(found[1] for place in marked if (found := _MARKUP.fullmatch(texts[place])))
    for place in marked:
        texts[place] = translations[place] = ""
    said = Message(
        "{counted} of marks beside the sentences left out: {names}",
        counted=counted(len(marked), "line"),
        names=listed([f"<{name}>" for name in names if name]),
    )
    return [said]


def _parting(texts: Sequence[str], translations: Sequence[str]) -> int:
    """Return where lines seem to be missing in the shorter file: what follows there fits best shifted."""
    short, long = (
        np.array([len(line) for line in lines]) for lines in sorted((texts, translations), key=len)
    )
    ahead = len(long) - len(short)
    # a translation is about as long as its text: the logarithm weighs half and twice as much alike
    plain, shifted = (
        np.concatenate([[0.0], np.cumsum(np.abs(np.log((1 + short) / (1 + part))))])
        for part in (long[: len(short)], long[ahead:])
    )
    # sums from the front and from the back, so that every place is tried in one pass
    return int(np.argmin(plain + shifted[-1] - shifted))


def _translations(path: Path, encoding: str) -> str:
    """Return the second file; what is wrong with it is told of the setting that names it."""
    try:
        return read_plain(path, encoding)
    except Invalid as error:
        raise Invalid([Problem("data.translations", problem.message) for problem in error.problems]) from None


def _called(path: Path, other: Path) -> tuple[str, str]:
    """Return the languages, as in news.en and news.es or en.txt and es.txt."""
    endings = path.suffix.removeprefix("."), other.suffix.removeprefix(".")
    # news.en and news.de end in their language, en.txt and de.txt begin with it
    found = endings if all(endings) and endings[0] != endings[1] else (path.stem, other.stem)
    return found if found[0] != found[1] else ("text", "translation")


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _of_table(which: PairsFormat, how: TableFormat, report: Report, memory: int) -> TextPairs:
    named = (name for name in (which.source, which.target) if name)
    found = read_table(Path(which.path), how.kept_as_written(*named), (), report, memory)
    text, translation = _columns(found.frame, which)
    refuse_numbers(found.frame[text], "data.source")
    refuse_numbers(found.frame[translation], "data.target")
    pairs = [*zip(words_of(found.frame[text]), words_of(found.frame[translation]), strict=True)]
    failed = [" ".join(cell for cell in pair if _FAILED.fullmatch(cell.strip())) for pair in pairs]
    # left blank and not taken out, so that each pair keeps its row; blank ones are no examples
    kept = [("", "") if why else pair for pair, why in zip(pairs, failed, strict=True)]
    return TextPairs(
        tuple(one for one, _ in kept),
        tuple(other for _, other in kept),
        (str(text), str(translation)),
        (
            *found.told_of((), (text, translation)),
            *_told_failed(failed),
            *_told_unused(found.frame, which, text, translation),
        ),
        tuple(map(str, found.frame.columns)),
        {**found.found, "source": str(text), "target": str(translation)},
    )


def _told_failed(failed: Sequence[str]) -> list[str]:
    """Return that pairs are left out in which a formula of the sheet had failed, or was not done."""
    there = [why for why in failed if why]
    return (
        [
            Message(
                "{count} pairs with cells in which a formula of the sheet has no result left out: {cells}",
                count=len(there),
                cells=listed(dict.fromkeys(there)),
            )
        ]
        if there
        else []
    )


def asked_and_answered(names: Sequence[Any]) -> tuple[Any, Any] | None:
    """Return the columns of questions and of answers, known by their names; None where not one each."""
    asked = [name for name in names if _ASKED.fullmatch(str(name).strip())]
    answered = [name for name in names if _ANSWERED.fullmatch(str(name).strip())]
    return (asked[0], answered[0]) if len(asked) == len(answered) == 1 else None


def _columns(frame: pd.DataFrame, which: PairsFormat) -> tuple[Any, Any]:
    """Return the columns of texts and translations: those chosen, else those of questions and answers, else
    the first two of words that do not name the rows.
    """
    of_words = [name for name in frame.columns if is_text(frame[name])]
    sentences = [name for name in of_words if not _names_rows(frame[name])]
    # what names the rows is no side of them, as the id before an article and its summary
    of_words = sentences if len(sentences) > 1 else of_words
    # between the instruction and the output of Alpaca stands an input that is mostly empty
    of_words = list(dict.fromkeys([*(asked_and_answered(of_words) or ()), *of_words]))
    # two Nones, so that the lack of a column is told by `chosen_column` and not by an IndexError
    free = [name for name in of_words if name not in (which.source, which.target)] + [None, None]
    text = chosen_column(frame, which.source, "data.source", free[0])
    translation = chosen_column(frame, which.target, "data.target", free[0 if which.source else 1])
    if text == translation:
        raise refused("data.target", Message("{text!r} is the column of texts; choose another", text=text))
    return text, translation


def _names_rows(column: pd.Series[Any]) -> bool:
    """Return whether cells are names of things (hashes, addresses), or one word with a number in each row."""
    words = [str(cell).strip() for cell in column.dropna().head(_LOOKED_AT)]
    coded = sum(_CODED.fullmatch(word) is not None for word in words)
    return bool(words) and (are_names_of_things(words) or coded >= _NEARLY_ALL * len(words))


def _told_unused(frame: pd.DataFrame, which: PairsFormat, text: Any, translation: Any) -> list[str]:
    """Return that other columns of words are not used, where names told questions and answers."""
    rest = [name for name in frame.columns if name not in (text, translation) and is_text(frame[name])]
    if which.source or which.target or not rest or asked_and_answered([text, translation]) is None:
        return []
    return [
        Message(
            "{listed} not used: where the answer depends on it, join it into {text}",
            listed=listed(rest),
            text=str(text),
        )
    ]


@dataclass(frozen=True)
class _Rows:
    """Lines of cells apart by tabs, or texts in two halves, and what the columns are called; or subtitles.

    Quotation marks are letters there.
    """

    names: list[str]
    named: bool
    body: list[list[str]]
    plain: PlainText


def _rows(path: Path, how: TableFormat, *, prose: bool = False) -> _Rows:
    """Return the rows of a file; where it may be `prose`, a mark in every line parts nothing."""
    if begins_in_two_languages(path):
        written = read_written(path, how.encoding)
        return _Rows(["line 1", "line 2"], False, subtitles(path, written.text), written)
    plain = read_text(path, how.encoding)
    parted = halves(plain.text, prose=prose)
    if parted is not None:
        told = replace(plain, notices=(*plain.notices, *parted.notices))
        return _Rows([*parted.names], False, parted.rows, told)
    # not read as CSV: sentences have quotation marks that nobody closes
    rows = [line.split("\t") for line in _lines(plain.text)]
    first = [cell.strip() for cell in rows[0]]
    named = _are_names(first) if how.header == "auto" else how.header != "no"
    names = first if named else [f"column {place}" for place in range(1, len(first) + 1)]
    return _Rows(names, named, rows[1:] if named else rows, plain)


def read_sources(which: PairsFormat, how: TableFormat) -> tuple[list[str], tuple[str, ...]]:
    """Return the texts to be translated in lines of cells, one for each line, and what is to be told.

    Other cells do not matter.
    """
    # texts to be translated may have a dash each: they are cut where those of training were
    rows = _rows(Path(which.path), how, prose=which.source != LINE)
    notices = rows.plain.notices
    if which.source not in rows.names and all(len(row) == 1 for row in (rows.names, *rows.body)):
        lines = _lines(rows.plain.text)  # texts alone, whatever their column was called in training
        return _without_end([line.strip() for line in lines]), notices
    place = _place(rows.names, which.source, 0, "data.source")
    texts = [row[place].strip() if place < len(row) else "" for row in rows.body]
    return _without_end(texts), notices


def _without_end(texts: list[str]) -> list[str]:
    """Return texts without the empty ones at their end."""
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def _of_lines(which: PairsFormat, how: TableFormat) -> TextPairs:
    """Read lines of two cells."""
    path = Path(which.path)
    rows = _rows(path, how)
    names, named, body = rows.names, rows.named, rows.body
    first, second = _of_words(body, len(names))
    chosen = [
        _place(names, which.source, first, "data.source"),
        _place(names, which.target, second, "data.target"),
    ]
    if len(names) < 2:
        raise refused(
            "data.translations",
            Message(
                "is missing: {name} has no tab in its first line, so the translations must be in a "
                "second file",
                name=path.name,
            ),
        )
    # counted as the file counts its lines, where the names are the first
    short = [number for number, row in enumerate(body, 1 + named) if any(row) and len(row) <= max(chosen)]
    pairs = [(row[chosen[0]].strip(), row[chosen[1]].strip()) for row in body if len(row) > max(chosen)]
    lines = "line" if len(short) == 1 else "lines"
    told = Message(
        "{count} {lines} without a translation left out: {listed}",
        count=len(short),
        lines=lines,
        listed=listed(short),
    )
    notices = (told,) if short else ()
    languages = (names[chosen[0]], names[chosen[1]]) if named else ("text", "translation")
    encoding, guessed = found_encoding([rows.plain], how.encoding)
    return TextPairs(
        tuple(text for text, _ in pairs),
        tuple(other for _, other in pairs),
        languages,
        (*guessed, *notices),
        tuple(names),
        {**encoding, "source": names[chosen[0]], "target": names[chosen[1]]},
    )


def _of_words(rows: Sequence[Sequence[str]], width: int) -> tuple[int, int]:
    """Return the first two columns that hold no numbers, as those of sentences beside their numbers."""
    first = rows[:_LOOKED_AT]
    places = [
        place
        for place in range(width)
        # Tatoeba has the number of each sentence before it
        if 2 * sum(place < len(row) and row[place].strip().isdecimal() for row in first) <= len(first)
    ]
    return (places[0], places[1]) if len(places) > 1 else (0, 1)


def _are_names(cells: list[str]) -> bool:
    """Return whether the first line names its columns, by usual names or codes of languages."""
    return len(set(cells)) == len(cells) > 1 and all(
        cell.lower() in _NAMES or _CODE.fullmatch(cell) for cell in cells
    )


def _place(names: list[str], chosen: str, otherwise: int, setting: str) -> int:
    if not chosen:
        return otherwise
    if chosen not in names:
        raise refused(
            setting,
            Message("no column {chosen!r}; there are: {listed}", chosen=chosen, listed=listed(names, 20)),
        )
    return names.index(chosen)
