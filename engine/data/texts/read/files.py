"""Text files: one, or all of a folder, in any encoding and with the line ends of any system."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.choices import Invalid, Message
from engine.data.cells.values import listed, natural
from engine.data.files.endings import EXCEL, TEXTS
from engine.data.files.layouts import ending_of, ends_in, explains, is_litter, is_plain_text, left_out
from engine.data.memory import free_memory
from engine.data.raw import Found
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.read.encodings import decode_errors, encoding_of, encoding_of_all
from engine.data.texts.read.markup import bare_text, told_tables

_HELD = 6
"""Memory that reading takes, in sizes of the file."""
_EXPLAIN = ("notice", "changelog")
_BEGINNING = 4096
"""Bytes."""
_ENOUGH = 200
"""Letters by which a text is told from those of other alphabets."""
_TOLD = 5
"""Files that are named, which are written otherwise than was told."""


@dataclass(frozen=True)
class PlainText:
    """The text of a file, every line ending with a line feed.

    `encoding`: what it was read in, as the setting calls it, "auto" where it needs no name; `notices`: what
    is to be told of that.
    """

    text: str
    encoding: str
    notices: tuple[str, ...] = ()


def read_text(path: Path, encoding: str) -> PlainText:
    """Return the text of a file as one reads it, without tags and times; see `read_written`."""
    plain = read_written(path, encoding)
    told = told_tables(path, plain.text)
    text = _line_feeds(bare_text(path, plain.text))
    return replace(plain, text=text, notices=(*plain.notices, *told))


def read_written(path: Path, encoding: str) -> PlainText:
    """Return the text of a file as it is written. `encoding` "auto" is found out.

    A file that says itself that it is UTF-8 is read so, whatever older encoding is told: what the files of a
    training were written in need not be that of a new one. A lone carriage return ends a line where the file
    has no line feeds; elsewhere it is a blank, as other marks that Python takes for ends of lines are letters
    of the text. Raises Invalid when there is no such file, it is no text, or it does not fit into memory.
    """
    _refuse_absent(path)
    try:
        # before the file is opened: decoding and replacing hold several copies of the text
        if path.stat().st_size * _HELD > free_memory():
            raise refused(
                "data.path",
                Message(
                    "{name} does not fit into the memory that is free: take a part of it", name=path.name
                ),
            )
        found, notices = encoding_of(path, encoding)
        text = path.read_bytes().decode(found.codec, decode_errors(found.codec))
    except UnicodeError as error:
        raise refused(
            "data.encoding",
            Message(
                "{name} is not written in {encoding} ({error}); choose auto or another encoding",
                name=path.name,
                encoding=encoding,
                error=error,
            ),
        ) from None
    except OSError as error:
        raise refused(
            "data.path",
            Message("{path} cannot be read: {why}", path=path, why=error.strerror or error),
        ) from None
    # the codec utf-8 leaves the byte order mark in the text, where it would be a token
    return PlainText(_line_feeds(text.removeprefix("\ufeff")), found.setting, tuple(notices))


def read_plain(path: Path, encoding: str) -> str:
    """Return the text of a file as `read_text` does, where nothing is to be told of its encoding."""
    return read_text(path, encoding).text


def _line_feeds(text: str) -> str:
    if "\r" not in text:
        return text
    text = text.replace("\r\n", "\n")
    return text.replace("\r", " " if "\n" in text else "\n")


def found_encoding(read: Sequence[PlainText], chosen: str) -> tuple[Found, list[str]]:
    """Return the encoding that was found, as the setting calls it, and what is to be told of it.

    Of several files, it is the one of all that do not say themselves that they are UTF-8: alone, a short new
    one has not the evidence that they had together.
    """
    notices = list(dict.fromkeys(notice for one in read for notice in one.notices))
    rest = len(notices) - _TOLD
    told = [*notices[:_TOLD], Message("and {rest} more such files", rest=rest)] if rest > 0 else notices
    there = {one.encoding for one in read}
    # plain ASCII reads the same in every older encoding, and tells none
    legacy = {one.encoding for one in read if not one.text.isascii() and not one.encoding.startswith("utf")}
    telling = legacy or there
    agreed = len(telling) == 1 and telling != {"auto"} and chosen == "auto"
    return ({"encoding": next(iter(telling))} if agreed else {}), told


def read_each(paths: Sequence[Path], encoding: str, report: Report) -> list[PlainText | Invalid]:
    """Return the text of each file of one set, or why it cannot be read.

    Of files that are no UTF-8, those of few letters are in the encoding that all such files tell together.
    """
    found = []
    for place, path in enumerate(paths):
        if place % 100 == 0:
            report(place / len(paths), Message("Reading {name}", name=path.name))
        found.append(_text_or_why(path, encoding))
    # of few letters, windows-1252 and windows-1251 look alike; the files of a set are mostly written alike
    older = [place for place, one in enumerate(found) if _is_older(one)]
    if encoding == "auto" and len(older) > 1:
        together, notices = encoding_of_all([paths[place] for place in older])
        for place in filter(lambda place: _is_short(found[place]), older):
            one = _text_or_why(paths[place], together.setting)
            found[place] = replace(one, notices=tuple(notices)) if isinstance(one, PlainText) else one
    return found


def _text_or_why(path: Path, encoding: str) -> PlainText | Invalid:
    try:
        return read_text(path, encoding)
    except Invalid as error:
        return error


def _is_older(read: PlainText | Invalid) -> bool:
    """Return whether a file is in an older encoding, perhaps taken so wrongly that it could not be read."""
    if isinstance(read, PlainText):
        return read.encoding != "auto" and not read.encoding.startswith("utf")
    return any(problem.path == "data.encoding" for problem in read.problems)


def _is_short(read: PlainText | Invalid) -> bool:
    """Return whether a file has too few letters beyond ASCII to tell its encoding alone."""
    return isinstance(read, Invalid) or sum(letter > "\x7f" for letter in read.text) < _ENOUGH


def read_all(
    paths: Sequence[Path], encoding: str, report: Report
) -> tuple[list[PlainText], list[int], list[str]]:
    """Return the texts, which of the paths they are of, and those that cannot be read, each with its reason.

    Raises Invalid when none can be read.
    """
    every = read_each(paths, encoding, report)
    texts = [one for one in every if isinstance(one, PlainText)]
    read = [place for place, one in enumerate(every) if isinstance(one, PlainText)]
    broken = [one.problems[0].message for one in every if isinstance(one, Invalid)]
    if not texts:
        raise refused(
            "data.path",
            Message(
                "none of the {count} text files can be read: {listed}",
                count=len(paths),
                listed=listed(broken, 3),
            ),
        )
    return texts, read, broken


def told_broken(broken: Sequence[str], count: int) -> list[str]:
    """Return the notice about files that cannot be read, if there are any."""
    return (
        [
            Message(
                "{count} of {total} files cannot be read, left out: {broken}",
                count=len(broken),
                total=count,
                broken="; ".join(broken[:5]),
            )
        ]
        if broken
        else []
    )


def text_paths(folder: Path, endings: Collection[str] = TEXTS) -> tuple[list[Path], list[str]]:
    """Return all text files in a folder, as `text_files` does, and notices of what is left out."""
    found, strange = text_files(folder, endings)
    return found, told_strange(strange)


def told_strange(strange: Collection[Path]) -> list[str]:
    """Return the notice about files that are no texts, if there are any."""
    what = (
        "1 file that is no text"
        if len(strange) == 1
        else Message("{count} files that are no texts", count=len(strange))
    )
    tables = [path.name for path in strange if ends_in(path, *EXCEL, ".csv", ".tsv")]
    # marks of essays, say
    said = Message(
        "where {table} lists the texts with their answers, open it: a column names the files, as 01.txt",
        table=listed(tables, 1),
    )
    left: list[str] = (
        [Message("{what} left out: {left_out}", what=what, left_out=left_out(strange))] if strange else []
    )
    return [*left, said] if tables else left


def text_files(folder: Path, endings: Collection[str] = TEXTS) -> tuple[list[Path], list[Path]]:
    """Return all text files in a folder, in the natural order of their names, links left aside.

    Files without an ending, or with a number or a key for one, count where they hold text. The second are
    those that are no texts; what explains the folder, and what systems leave there, is neither. Raises
    Invalid when there is no text.
    """
    _refuse_absent(folder, a_folder=True)
    # os.walk follows no links to folders, which may lead back
    every = [
        Path(place) / name for place, _, names in os.walk(folder) for name in names if not is_litter(name)
    ]
    called = [path for path in every if path.suffix.lower() in endings or _plain_without_ending(path)]
    explained = [path for path in every if explains(path.name) or path.name.lower().startswith(_EXPLAIN)]
    found = [path for path in called if path not in explained]
    # programs, say: where nothing is called as texts are, what begins as text is one
    if not found and endings is TEXTS:
        found = [path for path in every if path not in explained and is_plain_text(path)]
    # where a readme is all there is, it is the text
    found = found or called
    if not found:
        raise refused(
            "data.path",
            Message(
                "{folder} holds no text files ({endings}); choose another folder",
                folder=folder,
                endings=", ".join(sorted(endings)),
            ),
        )
    strange = set(every) - set(found) - set(explained)
    return sorted(found, key=lambda path: natural(path.relative_to(folder).as_posix())), sorted(strange)


def _plain_without_ending(path: Path) -> bool:
    """Return whether a file whose name has no ending, or a number or a key for one, begins as text."""
    if ending_of(path.name):
        return False
    try:
        with path.open("rb") as file:
            start = file.read(_BEGINNING)
    except OSError:
        return False
    # control signs beside tab, line ends and escape stand in no text
    return bool(start.strip()) and not any(byte < 9 or 13 < byte < 27 for byte in start)


def _refuse_absent(path: Path, a_folder: bool = False) -> None:
    what = "folder" if a_folder else "file"
    if str(path) in ("", "."):
        raise refused("data.path", Message("is missing: choose a {what}", what=what))
    if "\x00" in str(path) or not path.exists():
        raise refused(
            "data.path",
            Message("there is no {what} {path!r}; choose one that exists", what=what, path=str(path)),
        )
    if path.is_dir() != a_folder or not (a_folder or path.is_file()):
        raise refused("data.path", Message("{path} is no {what}; choose a {what}", path=path, what=what))
