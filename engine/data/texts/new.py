"""New texts to predict for: typed ones, the lines of a file, a column of a table, the files of a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.data.raw import TaggedTexts, Texts
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.columns import words_of
from engine.data.tables.files import EXCEL, PARQUET, read_table
from engine.data.tables.format import TableFormat
from engine.data.texts.encoders import TaggedEncoder, Tokens, TokensEncoder
from engine.data.texts.files import read_all, read_plain, text_paths, told_broken
from engine.data.texts.tables import longest_text
from engine.data.texts.tagged import TaggedFormat, read_tagged
from engine.data.values import listed

_TABLES = (".csv", ".tsv", ".tab", *EXCEL, *PARQUET)
_TAGGED = (".conll", ".conllu", ".bio", ".iob")
_WORD = re.compile(r"[@#]?\w+(?:[-'’.]\w+)*|[^\w\s]")
"""A word as in tagged files: what is joined by hyphens, apostrophes or points stays together."""


@dataclass(frozen=True)
class NewTexts:
    """New texts, the tokens (N, length) that a network receives of them, and what a person should know."""

    raw: Texts | TaggedTexts
    inputs: Tokens
    notices: tuple[str, ...]


def new_texts(
    given: object, encoder: TokensEncoder, continued: bool, report: Report, memory: int
) -> NewTexts:
    """Return typed texts (strings, or rows with a text), or those of a file or folder.

    `continued`: they are to be gone on with, or to have their gaps filled. Raises Invalid where there is no
    text.
    """
    if isinstance(encoder, TaggedEncoder) and isinstance(given, Path) and given.suffix.lower() in _TAGGED:
        return _encoded(read_tagged(TaggedFormat(str(given)), report), encoder, continued)
    texts = _of_path(given, report, memory) if isinstance(given, Path) else _typed(given)
    if not texts.texts:
        raise refused("", "no texts were given")
    if not isinstance(encoder, TaggedEncoder):
        return _encoded(texts, encoder, continued)
    words = tuple(tuple(_WORD.findall(text)) for text in texts.texts)
    return _encoded(
        TaggedTexts(words, tuple(() for _ in words), texts.names, texts.notices), encoder, continued
    )


def _encoded(raw: Texts | TaggedTexts, encoder: TokensEncoder, continued: bool) -> NewTexts:
    notices = list(raw.notices)
    texts = raw.texts if isinstance(raw, Texts) else tuple(" ".join(words) for words in raw.words)
    empty = [name for name, text in zip(raw.names, texts, strict=True) if not text.strip()]
    if empty and not continued:
        notices.append(f"without any text, so that the prediction means nothing: {listed(empty)}")
    if continued:
        inputs = encoder.prompts(texts)
        encoder.tell_unknown(inputs, texts, notices.append)
    else:
        inputs = encoder.encode_texts(texts, notices.append)
    return NewTexts(raw, inputs, tuple(notices))


def _of_path(path: Path, report: Report, memory: int) -> Texts:
    if path.is_dir():
        paths = text_paths(path)
        texts, read, broken = read_all(paths, "auto", report)
        names = [paths[index].relative_to(path).as_posix() for index in read]
        return _texts([text.strip("\n") for text in texts], names, told_broken(broken, len(paths)))
    if path.suffix.lower() in _TABLES:
        return _of_table(path, report, memory)
    lines = [
        (number, line) for number, line in enumerate(read_plain(path, "auto").split("\n"), 1) if line.strip()
    ]
    return _texts([line for _, line in lines], [f"line {number}" for number, _ in lines])


def _of_table(path: Path, report: Report, memory: int) -> Texts:
    found = read_table(path, TableFormat(), (), report, memory)
    name = longest_text(found.frame)
    if name is None:
        raise refused("", f"{path.name} has no column of texts; there are: {listed(found.names, 20)}")
    rows = [f"row {row + 1}" for row in range(len(found.frame))]
    notices = [f"the texts are taken from the column {name!r}"] if len(found.names) > 1 else []
    return _texts(words_of(found.frame[name]), rows, [*found.notices, *notices])


def _typed(given: object) -> Texts:
    """Return strings, or of rows of cells the longest string each."""
    if not isinstance(given, Sequence) or isinstance(given, (str, bytes)):
        raise refused("", "this network was trained on texts; give it texts, not pictures")
    texts = [_longest(row) for row in given]
    return _texts(texts, [f"text {place + 1}" for place in range(len(texts))])


def _longest(row: Any) -> str:
    if isinstance(row, str):
        return row
    cells = row.values() if isinstance(row, Mapping) else ()
    return max((str(cell) for cell in cells if cell is not None), key=len, default="")


def _texts(texts: Sequence[str], names: Sequence[str], notices: Sequence[str] = ()) -> Texts:
    return Texts(tuple(texts), np.full(len(texts), "", np.str_), tuple(names), notices=tuple(notices))
