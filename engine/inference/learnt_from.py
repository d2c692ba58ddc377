"""Whether a network learnt from the very examples that it is to be judged by: such scores say little."""

from __future__ import annotations

import filecmp
from itertools import islice
from pathlib import Path
from typing import Any

from engine.choices import Invalid, Message, fields
from engine.data.joining import SETTINGS
from engine.data.new.files import Trained
from engine.data.source import Source
from engine.runs.folder import RunFolder

_MOST_FILES = 20_000
"""So many files of two folders are compared; larger ones are told apart by their places alone."""


def learnt_notes(folder: RunFolder, source: Source, path: Path, trained: Trained) -> list[str]:
    """Return a sentence where a file or folder is data of the run's training, lies in it or holds it.

    `source` is that of the run, its paths where the data lies now. A file of its own that is a validation or
    test part does not count: nothing is learnt from that; nor does another sheet of the same workbook.
    """
    if _another_table(source, trained):
        return []
    for name, known in source.named_paths().items():
        place = Path(known)
        if name in SETTINGS.values() or not place.exists():
            continue
        if _holds_the_same(path, place):
            return [_same_words(folder)]
        given, own = path.resolve(), place.resolve()
        if own in given.parents:
            return [_partly("lies in the data of the training")]
        if given in own.parents:
            return [_partly("holds the data of the training")]
    return []


def _another_table(source: Source, trained: Trained) -> bool:
    """Return whether another table of a file is told than the one that training read."""
    for one in fields(type(source)):
        if one.setting.role == "sheet" and one.name in trained.told:
            used = getattr(source, one.name) or trained.found.get(one.name, "")
            return bool(used) and trained.told[one.name] != used
    return False


def _same_words(folder: RunFolder) -> str:
    counts = _counts(folder)
    total = sum(counts.values())
    if not total:
        return Message("this is the data of the training: {little}", little=Message(_LITTLE))
    learnt = counts.get("train", 0)
    many = Message("{learnt:,} of its {total:,} examples", learnt=learnt, total=total)
    return Message(
        "this is the data of the training: the network learnt from {many}; {little}",
        many=many,
        little=Message(_LITTLE),
    )


_LITTLE = "these scores do not tell how it does on new data; those of the test part do"


def _partly(how: str) -> str:
    return Message(
        "what is scored {how}: the network may have learnt from these examples; {little}",
        how=Message(how),
        little=Message(_LITTLE),
    )


def _counts(folder: RunFolder) -> dict[str, int]:
    """Return how many examples each part of the run has, nothing where it did not get so far."""
    try:
        parts: dict[str, Any] = folder.read_json(folder.metrics)
    except (Invalid, OSError):
        return {}
    found = {name: part.get("count") for name, part in parts.items() if isinstance(part, dict)}
    return {name: count for name, count in found.items() if isinstance(count, int)}


def _holds_the_same(one: Path, other: Path) -> bool:
    """Return whether two files are one or hold the same; of folders, files of the same names and sizes."""
    try:
        if one.samefile(other):
            return True
        if one.is_file() and other.is_file():
            # Not shallow: two files of one size and time need not hold the same.
            # all empty files hold the same, which says nothing
            return one.stat().st_size > 0 and filecmp.cmp(one, other, shallow=False)
        return one.is_dir() and other.is_dir() and _listing(one) == _listing(other) != set()
    except OSError:
        return False


def _listing(folder: Path) -> set[tuple[str, int]]:
    """Return the names and sizes of the files below a folder; nothing where there are very many."""
    files = list(islice((path for path in folder.rglob("*") if path.is_file()), _MOST_FILES + 1))
    if len(files) > _MOST_FILES:
        return set()
    # Names and sizes, not content: a folder of pictures would be read for minutes only for this note.
    return {(path.relative_to(folder).as_posix(), path.stat().st_size) for path in files}
