"""What files and folders are that somebody opens: an experiment, a run, or data, and of which kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from engine.choices import Choice, Message, fields, joined
from engine.data.files.endings import ARCHIVES, DOCUMENTS, INSTEAD, OTHER_PROGRAMS, USUALLY, VIDEO
from engine.data.files.layouts import (
    below,
    ends_in,
    files_in,
    folders_in,
    form_of,
    left_out,
    sort_of_file,
)
from engine.data.files.other_forms import form_words
from engine.data.files.parts_beside import parts_beside
from engine.data.files.table_folders import main_table, tables_in
from engine.data.images.read.array_names import holds_images
from engine.data.modality import file_sorts, modality_of
from engine.data.source import Source
from engine.runs.packed.contents import ENDING

_FEW = 5
EXPERIMENT, RUN, PACKED, DATA, UNKNOWN = "experiment", "run", "packed run", "data", "unknown"
"""What a path may be. Data is called by its room (tables, images, ...) where its source tells."""


def sort_of(path: Path) -> str:
    """Return what a path is, by its name and by what most of the files in it are."""
    if path.is_dir() and (path / "experiment.toml").is_file():
        return RUN
    if path.is_file() and path.suffix.lower() == ".toml":
        return EXPERIMENT
    if path.is_file() and path.suffix.lower() == ENDING:
        return PACKED
    choice = _kind_of(_unwrapped(path))
    if choice is None:
        return UNKNOWN
    held = choice().holds
    return DATA if held is None else modality_of(held).room


def source_of(path: Path) -> Source | None:
    """Return the data choice that reads this file or folder; None where there is none.

    A folder in which nothing but another folder lies is that one, or nothing but a file of arrays.
    """
    path = _unwrapped(path)
    choice = _kind_of(path)
    if choice is not None and choice.kind in ("table", "text_table") and path.is_dir():
        table = main_table(path)
        if table is not None:
            # a table may hold the pictures themselves
            own_kind = _kind_of(table)
            choice = choice if own_kind is None or own_kind.holds is None else own_kind
            own = {f"{part}_path": str(path) for part, path in parts_beside(table).items()}
            return cast("Source", made(choice, table, **own))
    return None if choice is None else cast("Source", made(choice, path))


def _unwrapped(path: Path) -> Path:
    while path.is_dir() and not files_in(path) and len(inner := folders_in(path)) == 1:
        path = inner[0]
    files = files_in(path) if path.is_dir() else []
    return files[0] if len(files) == 1 and holds_images(files[0]) else path


def why_unknown(path: Path) -> str:
    """Return in words why a path is no data, and what a person may do."""
    # needs pandas, which the window does without until there is data
    from engine.data.cells.values import listed

    within = [*below(path)] if path.is_dir() else []
    tables = tables_in(path) if within else ()
    # those that lie in folders, too, which are no classes where no other source takes them
    tables = tables or tuple(file for file in within if sort_of_file(file) == "tables")
    if len(tables) > 1:
        return Message(
            "{path} holds {count} tables, none of which alone is called train: {names}. Open the one to "
            "learn from; where each holds a part of the rows, or a class, join them into one file, with a "
            "column that says which",
            path=path,
            count=len(tables),
            names=", ".join(table.name for table in tables[:_FEW]) + " …" * (len(tables) > _FEW),
        )
    words = Message(
        "{path} holds no data that is read here ({sorts}; tables as CSV, TSV, Excel, JSON, Parquet, ARFF "
        "or NPY), and is neither an experiment (TOML) nor the folder of a run",
        path=path,
        sorts=joined(", ", *(Message(sort.words) for sort in file_sorts().values())),
    )
    files = left_out(within)
    if files:
        words = Message("{words}; it holds files that are not read: {files}", words=words, files=files)
    others = within or [path]
    packed = [file.name for file in others if ends_in(file, *ARCHIVES)]
    if packed:
        return Message(
            "{words}. Unpack {packed} first; where each holds the examples of one class, into a folder that "
            "is called as the class",
            words=words,
            packed=listed(packed, _FEW),
        )
    films = [file.name for file in others if ends_in(file, *VIDEO)]
    if films:
        return Message(
            "{words}. Films are not read ({films}): save some of their frames as PNG or JPEG, in a folder "
            "for each class",
            words=words,
            films=listed(films, _FEW),
        )
    other = next((file.suffix.lower() for file in others if ends_in(file, *OTHER_PROGRAMS)), "")
    if other in OTHER_PROGRAMS:
        return Message(
            "{words}. There is {what}: {instead}",
            words=words,
            what=OTHER_PROGRAMS[other],
            instead=Message(INSTEAD.get(other, USUALLY)),
        )
    written = next((DOCUMENTS[file.suffix.lower()] for file in others if ends_in(file, *DOCUMENTS)), "")
    if written:
        return Message(
            "{words}. There is {what}: save each as plain text (.txt); where their folders are classes, in "
            "these",
            words=words,
            what=written,
        )
    plain = next((file for file in others if file.is_file() and form_of(file) is not None), None)
    form = None if plain is None else form_of(plain)
    if plain is not None and form is not None:
        return form_words(plain.name, form)
    return Message(
        "{words}. Plain text is read where its name ends in .txt, or .csv for rows of cells", words=words
    )


def made(choice: type[Choice], path: Path, **settings: object) -> Choice:
    """Return a data choice with its path."""
    annotation = next(field.annotation for field in fields(choice) if field.name == "path")
    return choice.model_validate({"path": path if annotation is Path else str(path), **settings})


def _kind_of(path: Path) -> type[Source] | None:
    every = Source.every()
    # all are asked what is surely theirs before any is asked what it may read
    sure = next((choice for choice in every if choice.recognizes(path)), None)
    return sure or next((choice for choice in every if choice.may_read(path)), None)


@dataclass(frozen=True)
class Several:
    """Several files or folders opened at once, as one source of data; None where they are none together.

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
    # more than a line each: two short notes are no text and its translation
    if len(paths) == 2 == len(texts) and _lines(texts[0]) == _lines(texts[1]) > 1:
        first, second = sorted(texts)
        pairs = Source.family["text_pairs"]
        return Several(cast("Source", made(pairs, first, translations=str(second))), first)
    parents = {path.parent for path in paths}
    if len(parents) == 1:
        (parent,) = parents
        source = source_of(parent)
        sorts = {sort_of(path) for path in paths if path.is_dir()}
        files = (sort_of_file(path) for path in paths if path.is_file())
        sorts |= {sort for sort in files if sort is not None and file_sorts()[sort].each}
        if source is not None and sorts == {sort_of(parent)}:
            return Several(source, parent)
    return Several(source_of(paths[0]), paths[0], len(paths) - 1)


def _lines(path: Path) -> int:
    try:
        # bytes: an encoding need not be guessed in order to count lines
        with path.open("rb") as file:
            return sum(1 for _ in file)
    except OSError:
        # fewer than 2, so that what cannot be read is no pair of texts
        return 0
