"""Folders of tables: which of them is the data.

Told by names and first lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from engine.data.files.beside import lies_beside
from engine.data.files.endings import ARRAY, EXCEL, JSON, PARQUET, WEKA
from engine.data.files.layouts import (
    files_in,
    looks_marked,
    only_folder_in,
    sort_of_file,
)
from engine.data.files.placement import numbered_alike, part_of
from engine.data.files.shards import is_later_shard

_BEST_FIRST = (".csv", ".tsv", *PARQUET, *WEKA, *EXCEL, *JSON, ".txt", *ARRAY)
_FORMS = {ending: place for place, ending in enumerate(_BEST_FIRST)}
"""Endings of tables that programs write beside each other; those that say more of their cells come first."""
LONGEST_LINE = 1 << 20
"""Bytes of a line at most."""


def tables_in(folder: Path) -> tuple[Path, ...]:
    """Return the tables in a folder, or in the only folder in it, where that is all it holds.

    Files whose lines begin or end with their labels, as those of fastText, are such.
    """
    tables = _one_form_each([path for path in files_in(folder) if _holds_rows(path)])
    # archives unpack to a folder in a folder
    inner = None if tables else only_folder_in(folder)
    return tables if inner is None else tables_in(inner)


def forms_beside(table: Path) -> list[Path]:
    """Return the files beside a table that are called alike but for the ending: the same in other forms."""
    rows = [path for path in files_in(table.parent) if _holds_rows(path)]
    return [path for path in rows if path != table and _form(path) == _form(table) != (path.name, "")]


def _one_form_each(tables: Sequence[Path]) -> tuple[Path, ...]:
    """Return the tables, each in one form and by one file: of wine.csv and wine.arff the first."""
    tables = [path for path in tables if not is_later_shard(path)]
    best: dict[tuple[str, str], Path] = {}
    for path in sorted(tables, key=lambda one: _FORMS.get(one.suffix.lower(), len(_FORMS))):
        best.setdefault(_form(path), path)
    return tuple(path for path in tables if path in best.values())


def _form(path: Path) -> tuple[str, str]:
    """Return what files in other forms have in common: the name without its ending, unless that is a part."""
    known = path.suffix.lower() in _FORMS
    return (path.stem, "form") if known else (path.name, "")


def _holds_rows(path: Path) -> bool:
    sort = sort_of_file(path)
    return sort == "tables" or (sort == "texts" and looks_marked(path))


def main_table(folder: Path) -> Path | None:
    """Return the table that a folder of tables is about, None where that is not known.

    It is the one called train; where none is, the only one that is neither a test or validation part nor
    what lies beside data, as a sample of what a contest wants to have handed in.
    """
    tables = tables_in(folder)
    train = [path for path in tables if part_of(path.name) == "train"]
    # a contest puts sample_submission beside train and test
    rest = [path for path in tables if part_of(path.name) is None and not lies_beside(path.name)]
    chosen = train or (rest if len(tables) > 1 else tables)
    return chosen[0] if len(chosen) == 1 else None


def words_apart(files: Sequence[Path]) -> list[str]:
    """Return by which words of their names files differ, as the station of each; none where numbers alone do.

    Of weather_Bonn_2024.csv and weather_Kiel_2024.csv these are Bonn and Kiel.
    """
    stems = [path.stem for path in files]
    if numbered_alike(stems):
        return []
    pieces = [re.split(r"[\s._-]+", stem) for stem in stems]
    if len(set(map(len, pieces))) > 1:
        return stems
    differing = [place for place, column in enumerate(zip(*pieces, strict=True)) if len(set(column)) > 1]
    return ["_".join(one[place] for place in differing) for one in pieces]


def in_order(name: str) -> list[tuple[int, str]]:
    """Return a sort key by which day 2 comes before day 10."""
    return [(int(piece) if piece.isdecimal() else -1, piece) for piece in re.split(r"(\d+)", name)]


def first_line(path: Path) -> bytes:
    """Return the first line of a file, bare."""
    with path.open("rb") as file:
        return file.readline(LONGEST_LINE).strip()
