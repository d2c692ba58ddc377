"""Text files: one, or all of a folder, in any encoding and with the line ends of any system."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from engine.choices import Invalid
from engine.data.memory import free_memory
from engine.data.refusal import refused
from engine.data.source import Report, silent
from engine.data.tables.dialect import decode_errors, find_encoding
from engine.data.values import listed, natural

_HELD = 6
"""Memory that reading takes, in sizes of the file."""


def read_plain(path: Path, encoding: str) -> str:
    """Return the text of a file, every line ending with a line feed. `encoding` "auto" is found out.

    Raises Invalid when there is no such file, it is no text, or it does not fit into memory.
    """
    _refuse_absent(path)
    try:
        if path.stat().st_size * _HELD > free_memory():
            raise refused(
                "data.path", f"{path.name} does not fit into the memory that is free: take a part of it"
            )
        found = find_encoding(path, silent) if encoding == "auto" else encoding
        text = path.read_text(found, decode_errors(found))
    except UnicodeError as error:
        raise refused(
            "data.encoding",
            f"{path.name} is not written in {encoding} ({error}); choose auto or another encoding",
        ) from None
    except OSError as error:
        raise refused("data.path", f"{path} cannot be read: {error.strerror or error}") from None
    return text.removeprefix("\ufeff")


def read_all(paths: Sequence[Path], encoding: str, report: Report) -> tuple[list[str], list[int], list[str]]:
    """Return the texts, which of the paths they are of, and those that cannot be read, each with its reason.

    Raises Invalid when none can be read.
    """
    texts: list[str] = []
    read: list[int] = []
    broken: list[str] = []
    for place, path in enumerate(paths):
        if place % 100 == 0:
            report(place / len(paths), f"Reading {path.name}")
        try:
            texts.append(read_plain(path, encoding))
            read.append(place)
        except Invalid as error:
            broken.append(error.problems[0].message)
    if not texts:
        raise refused("data.path", f"none of the {len(paths)} text files can be read: {listed(broken, 3)}")
    return texts, read, broken


def told_broken(broken: Sequence[str], count: int) -> list[str]:
    """Return the notice about files that cannot be read, if there are any."""
    return (
        [f"{len(broken)} of {count} files cannot be read, left out: {'; '.join(broken[:5])}"]
        if broken
        else []
    )


def text_paths(folder: Path, endings: tuple[str, ...] = (".txt",)) -> list[Path]:
    """Return all text files in a folder, in the natural order of their names, links left aside.

    Raises Invalid when there are none.
    """
    _refuse_absent(folder, a_folder=True)
    found = [
        Path(place) / name
        for place, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith(endings) and not name.startswith(".")
    ]
    if not found:
        raise refused(
            "data.path", f"{folder} holds no text files ({', '.join(endings)}); choose another folder"
        )
    return sorted(found, key=lambda path: natural(path.relative_to(folder).as_posix()))


def _refuse_absent(path: Path, a_folder: bool = False) -> None:
    what = "folder" if a_folder else "file"
    if str(path) in ("", "."):
        raise refused("data.path", f"is missing: choose a {what}")
    if "\x00" in str(path) or not path.exists():
        raise refused("data.path", f"there is no {what} {str(path)!r}; choose one that exists")
    if path.is_dir() != a_folder or not (a_folder or path.is_file()):
        raise refused("data.path", f"{path} is no {what}; choose a {what}")
