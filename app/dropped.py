"""What files and folders are that were dropped onto the window, or named on the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from engine.choices import Choice, fields
from engine.data.endings import DOCUMENTS, EXCEL, JSON, OTHER_PROGRAMS, PARQUET
from engine.data.layouts import below, ends_in, files_in, holds_mostly, sort_of_file
from engine.data.placement import part_of
from engine.data.raw import Pictures, Raw, SeriesSet, Timeline
from engine.data.source import Source

Sort = Literal["experiment", "run", "table", "pictures", "series", "texts", "unknown"]


def sort_of(path: Path) -> Sort:
    """Return what a path is, by its name and by what most of the files in it are."""
    if path.is_dir() and (path / "experiment.toml").is_file():
        return "run"
    if path.is_file() and path.suffix.lower() == ".toml":
        return "experiment"
    choice = _kind_of(path)
    if choice is None:
        return "unknown"
    return "table" if choice.kind == "table" else _of_raw(choice().holds)


def source_of(path: Path) -> Source | None:
    """Return the data choice that reads this file or folder; None where there is none."""
    choice = _kind_of(path)
    if choice is not None and choice.kind == "table" and path.is_dir():
        table = _table_in(path)
        if table is not None:
            return cast("Source", made(choice, table, test_path=_test_beside(table)))
    return None if choice is None else cast("Source", made(choice, path))


def made(choice: type[Choice], path: Path, **settings: object) -> Choice:
    """Return a data choice with its path."""
    annotation = next(field.annotation for field in fields(choice) if field.name == "path")
    return choice.model_validate({"path": path if annotation is Path else str(path), **settings})


def _kind_of(path: Path) -> type[Source] | None:
    family = cast("dict[str, type[Source]]", Source.family)
    for choice in Source.every():
        if choice.recognizes(path):
            return choice
    if path.is_file():
        # files of other programs are refused by the reader, which says what to do instead
        known = ends_in(path, *family["table"].endings, *OTHER_PROGRAMS, *DOCUMENTS)
        return family["table"] if known or sort_of_file(path) == "tables" else None
    if _table_in(path) is not None:
        return family["table"]
    any_picture = path.is_dir() and any(sort_of_file(file) == "pictures" for file in below(path))
    return family["images"] if any_picture else None


def _table_in(folder: Path) -> Path | None:
    """Return the table that a folder of tables is about: the only one, or the only one called train."""
    if not holds_mostly(folder, "tables"):
        return None
    tables = [path for path in files_in(folder) if sort_of_file(path) == "tables"]
    train = [path for path in tables if part_of(path.stem) == "train"]
    chosen = tables if len(tables) == 1 else train
    return chosen[0] if len(chosen) == 1 else None


def _test_beside(table: Path) -> str:
    """Return the table beside one of training that is its test part: the only one, and of as many columns.

    "" where there is none: a table to be predicted has no column of answers.
    """
    if ends_in(table, *EXCEL, *PARQUET, *JSON):
        return ""
    beside = [path for path in files_in(table.parent) if path.suffix == table.suffix]
    tests = [path for path in beside if part_of(path.stem) == "test" and _may_continue(path, table)]
    return str(tests[0]) if part_of(table.stem) == "train" and len(tests) == 1 else ""


def _may_continue(path: Path, table: Path) -> bool:
    """Return whether a file may hold the same columns as another: as many, and no other names above them."""
    one, other = _first_line(path), _first_line(table)
    names = [name.strip().strip('"') for line in (one, other) for name in re.split(r"[,;\t]", line)]
    named = all(re.fullmatch(r"[^\W\d]\w{,40}", name) for name in names)
    return _cells(one) == _cells(other) and (one == other or not named)


def _first_line(path: Path) -> str:
    with path.open("rb") as file:
        return file.readline(1 << 20).decode("utf-8", "replace").strip().removeprefix("\ufeff")


def _cells(line: str) -> list[int]:
    """Return how often marks that part cells stand in a line; without any, how many words."""
    marks = [line.count(mark) for mark in ",;\t"]
    return marks if any(marks) else [len(line.split())]


def _of_raw(raw: type[Raw] | None) -> Sort:
    if raw is None or raw is Pictures:
        return "pictures"
    return "series" if raw in (SeriesSet, Timeline) else "texts"


@dataclass(frozen=True)
class Several:
    """Several files or folders dropped at once, as one source of data; None where they are none together.

    `path` is what to remember as opened; `rest` counts those that are not part of it.
    """

    source: Source | None
    path: Path
    rest: int = 0


def together(paths: Sequence[Path]) -> Several:
    """Return what several paths are together.

    Two texts of as many lines each, called alike, are a text and its translation. Files or folders of one
    folder, of one sort, are that folder: class folders of pictures, the texts of a collection.
    """
    texts = [path for path in paths if path.is_file() and sort_of_file(path) in (None, "texts")]
    if len(paths) == 2 == len(texts) and _lines(texts[0]) == _lines(texts[1]) > 1:
        first, second = sorted(texts)
        pairs = Source.family["text_pairs"]
        return Several(cast("Source", made(pairs, first, translations=str(second))), first)
    parents = {path.parent for path in paths}
    if len(parents) == 1:
        (parent,) = parents
        source = source_of(parent)
        sorts = {sort_of(path) for path in paths if path.is_dir()}
        sorts |= {"pictures" for path in paths if path.is_file() and sort_of_file(path) == "pictures"}
        if source is not None and sorts == {sort_of(parent)}:
            return Several(source, parent)
    return Several(source_of(paths[0]), paths[0], len(paths) - 1)


def _lines(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(1 for _ in file)
    except OSError:
        return 0
