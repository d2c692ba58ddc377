"""Tagged sentences that are no lines of words: JSON with lists of words and tags, or with a text and marked
spans; tables with a word in each row; a sentence a line, whose words carry their tags behind a slash.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from engine.data.files.endings import JSON
from engine.data.files.layouts import ends_in
from engine.data.files.text_forms import tagged_words, tags_its_words

Span = tuple[int, int, str]
"""What is marked in a text: the place of its first letter, that behind its last, and its name."""

_TABLES, _FEW_ROWS = (".csv",), 50
_GLANCE = 1 << 16
"""Bytes at the beginning of a file, among which its first record stands."""
ALONE = r"[\u3040-\u30ff\u3400-\u9fff]"
"""A letter of Chinese or Japanese, which is tagged by itself: no blank tells words apart."""
SPACED = rf"(?:(?!{ALONE})\w)+"
_WORD = re.compile(rf"{ALONE}|{SPACED}(?:[-'’.]{SPACED})*|[^\w\s]")
_SENTENCE = re.compile(r"sent(ence)?([ _]?(#|id|idx|no|number))?|句子?(编号|序号|号|id)?|文(番号)?")
_WORD_NAMES = ("word", "token", "words", "tokens", "form", "词", "词语", "单词", "字", "分词", "単語")
_TAG_NAMES = re.compile(r".*(tag|pos|label|entity|ner|词性|标注|标签|实体|品詞).*")
"""What the columns of a table with a word in each row are called."""
_LONGEST_WORD = 20
"""Letters on average: longer cells are sentences."""
_WORDS = ("tokens", "words", "text", "sentence")
"""What the list of words is called, where it is not the first."""


def holds_word_lists(path: Path) -> bool:
    """Return whether the first record of a JSON file is a sentence, as lists of words and of their tags; or a
    table has a word in each row.
    """
    if not (path.is_file() and ends_in(path, *JSON, *_TABLES)):
        return False
    try:
        with path.open("rb") as file:
            # the piece may end within a letter
            start = file.read(_GLANCE).decode("utf-8-sig", "ignore")
        if ends_in(path, *_TABLES):
            return word_places([*islice(csv.reader(io.StringIO(start)), _FEW_ROWS)]) is not None
        # raw_decode stops after the first record, and does not mind what follows or breaks off
        first, _ = json.JSONDecoder().raw_decode(start.lstrip().removeprefix("[").lstrip())
    # very many brackets within each other end in RecursionError
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(first, dict) and bool(_columns(first) or _spans(first))


def as_lines(text: str, path: Path) -> str:
    """Return the sentences of a file as lines of a word and its tags, blank lines between sentences."""
    from engine.data.tables.read.json_files.records import records_of

    if ends_in(path, *_TABLES):
        return of_rows([*csv.reader(io.StringIO(text))]) or text
    if not ends_in(path, *JSON):
        lines = text.splitlines()
        return _of_sentences(lines) if tags_its_words(lines[:_FEW_ROWS]) else text
    records, _ = records_of(text, path)
    if any(map(_spans, records)):
        return "\n\n".join(marked_words(_text(record), _spans(record)) for record in records)
    named = next((columns for record in records if (columns := _columns(record))), [])
    sentences = []
    for record in records:
        lists = [record[name] for name in named if isinstance(record.get(name), list)]
        # strict would refuse a sentence of which one list is shorter, and with it the file
        rows = zip(*lists, strict=False) if len(lists) == len(named) else ()
        sentences.append("\n".join("\t".join(_cell(cell) for cell in row) for row in rows))
    return "\n\n".join(sentences)


def tags_words(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether rows of cells are words with their sentences and tags, perhaps, by names or by cells."""
    whole = [[*map(str, names)], *rows]
    if word_places(whole) is not None:
        return True
    # called otherwise: sentences are counted, punctuation is a word, and the third column is called a tag
    if len(names) != 3 or not _TAG_NAMES.fullmatch(str(names[2]).strip().casefold()):
        return False
    numbers, words = [row[0] for row in rows], [row[1] for row in rows if row[1]]
    again = sum(one in ("", before) for before, one in pairwise(numbers))
    marks = any(re.fullmatch(r"[^\w\s]+", word) for word in words)
    short = bool(words) and sum(map(len, words)) < _LONGEST_WORD * len(words)
    return marks and short and 3 * again > len(numbers)


def word_places(rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    """Return where rows have the number of the sentence and the word; None where not a word in each row.

    The number of a sentence stands in its first row or in every row.
    """
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    sentence = next((place for place, name in enumerate(names) if _SENTENCE.fullmatch(name)), None)
    word = next((place for place, name in enumerate(names) if name in _WORD_NAMES), None)
    if sentence is None or word is None or len(names) < 3:
        return None
    numbers = [row[sentence].strip() for row in rows[1:] if len(row) == len(names)]
    again = sum(one in ("", before) for before, one in pairwise(numbers))
    # a third at least: rows of a table of sentences have another number each
    return (sentence, word) if 3 * again > len(numbers) else None


def of_rows(rows: Sequence[Sequence[str]]) -> str:
    """Return rows with a word each, names above them, as lines of words and their tags; "" for any others."""
    places = word_places(rows[:_FEW_ROWS])
    # columns called otherwise are number, word and tag, as `tags_words` has them
    if places is None and rows and tags_words(rows[0], rows[1:_FEW_ROWS]):
        places = (0, 1)
    if places is None:
        return ""
    sentence, word = places
    lines: list[str] = []
    before = ""
    for row in rows[1:]:
        if len(row) <= max(places):
            continue
        # many tables write the number of a sentence only at its first word
        if lines and row[sentence].strip() not in ("", before):
            lines.append("")
        before = row[sentence].strip() or before
        rest = (cell for place, cell in enumerate(row) if place not in places)
        lines.append("\t".join(map(_cell, (row[word], *rest))))
    return "\n".join(lines)


def _of_sentences(lines: Sequence[str]) -> str:
    return "\n\n".join("\n".join(map("\t".join, tagged_words(line))) for line in lines if line.strip())


def _columns(record: Mapping[str, Any]) -> list[str]:
    """Return the names of the lists of a sentence, that of the words first; none where it is no sentence."""
    lists = {name: value for name, value in record.items() if isinstance(value, list) and value}
    plain = {
        name: value for name, value in lists.items() if all(isinstance(one, (str, int)) for one in value)
    }
    # sentences of two classes are two lists of texts as well, but have blanks
    words = [name for name, value in plain.items() if all(map(_is_word, value))]
    if not words:
        return []
    # tags may be written as words as well, and stand before them
    first = next((name for name in _WORDS if name in words), words[0])
    others = [name for name, value in plain.items() if name != first and len(value) == len(plain[first])]
    # new sentences have no tags, and are told by the name of their list alone
    return [first, *others] if others or first in _WORDS[:2] else []


def _is_word(cell: object) -> bool:
    return isinstance(cell, str) and cell.strip().count(" ") < 2


def _text(record: Mapping[str, Any]) -> str:
    """Return the text of a record in which spans are marked; Label Studio has it under data. "" for none."""
    inner = record.get("data")
    found = (inner if isinstance(inner, dict) else record).get("text")
    return found if isinstance(found, str) else ""


def _spans(record: Mapping[str, Any]) -> list[Span]:
    """Return what is marked in the text of a record: first and last letter and the name of each span.

    Tools of annotation write [0, 3, "PER"] or {"start": 0, "end": 3, "label": "PER"}; Label Studio puts these
    into the result of an annotation, of which the first is taken; CLUENER writes
    {"PER": {"叶老桂": [[9, 11]]}}, where the words say how long a span is.
    """
    if not _text(record):
        return []
    for value in (*record.values(), _result(record)):
        found = [_span(one) for one in value] if isinstance(value, list) else _named(value)
        # another list of the record may be of something else
        if found and all(found):
            return sorted(one for one in found if one)
    return []


def _result(record: Mapping[str, Any]) -> list[object]:
    """Return what the first annotation of a record of Label Studio marks; relations between marks aside."""
    every = record.get("annotations")
    first = every[0] if isinstance(every, list) and every else None
    result = first.get("result") if isinstance(first, dict) else None
    return (
        [one for one in result if isinstance(one, dict) and "value" in one]
        if isinstance(result, list)
        else []
    )


def _named(value: object) -> list[Span | None]:
    """Return the spans of names that hold words with the places where each stands."""
    kinds = value.items() if isinstance(value, dict) else ()
    there = ((name, word, place) for name, words in kinds if isinstance(words, dict)
             for word, places in words.items() if isinstance(places, list) for place in places)  # fmt: skip
    return [
        _span([place[0], place[0] + len(word), name]) if isinstance(place, list) and place else None
        for name, word, place in there
    ]


def _span(one: object) -> Span | None:
    if isinstance(one, dict):
        within = one.get("value")
        one = within if isinstance(within, dict) else one
        labels = one.get("labels")
        # Label Studio allows several names of one span
        label = labels[0] if isinstance(labels, list) and labels else one.get("label")
        one = [one.get("start"), one.get("end"), label]
    if not isinstance(one, list) or len(one) != 3:
        return None
    first, end, name = one
    # not isinstance: True and False are int, too
    return (first, end, name) if type(first) is type(end) is int and isinstance(name, str) else None


def marked_words(text: str, spans: Sequence[Span]) -> str:
    """Return the words of a text, each with B- and I- before the name of the span it lies in, else O."""
    lines = []
    for found in _WORD.finditer(text):
        # a span that ends within a word still takes the word whole
        inside = next((one for one in spans if one[0] < found.end() and found.start() < one[1]), None)
        begins = inside is not None and found.start() <= inside[0]
        tag = "O" if inside is None else f"{'B' if begins else 'I'}-{_cell(inside[2]).replace(' ', '_')}"
        lines.append(f"{found.group()}\t{tag}")
    return "\n".join(lines)


def _cell(cell: object) -> str:
    # a tab or line end in a cell would part it; _ stands for nothing in CoNLL-U
    return " ".join(str(cell).split()) or "_"
