"""Groups: examples that belong together, as those of one person, and stay in one part of the split."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import did_you_mean
from engine.data.cells.values import as_text, counted, is_date, is_number, listed
from engine.data.partition import Parts
from engine.data.raw import NAMES, ImageSet, Raw, SeriesSet, Table, Texts
from engine.data.refusal import refused

FOLDER, FILE_NAME = "folder", "file name"
"""What files can be grouped by beside columns: the folder each lies in, and the beginning of its name, up to
the last number: anna_01.png and anna_02.png are of one group."""
_COUNTED = re.compile(r"[\W_]*\d+$")
_NAMED = frozenset(
    {"id", "patient", "subject", "person", "participant", "proband", "animal", "customer", "client", "user"}
    | {
        "household",
        "family",
        "specimen",
        "donor",
        "record",
        "pupil",
        "student",
        "author",
        "speaker",
        "writer",
    }
)
"""Words of which one stands in the name of a column that says to whom or what a row belongs."""
_LEAST_GROUPS, _LEAST_ROWS = 5, 1.5
"""A column is proposed where it names so many groups of so many rows each, on average."""


def group_columns(raw: Raw) -> Mapping[str, pd.Series[Any]]:
    """Return what the examples may be grouped by: columns, and of files their folder and their name."""
    frame = _frame(raw)
    found: dict[str, pd.Series[Any]] = {}
    if isinstance(raw, ImageSet | SeriesSet | Texts) and any("." in name for name in raw.names[:1]):
        paths = [PurePosixPath(name.replace("\\", "/")) for name in raw.names]
        found[FOLDER] = pd.Series([str(path.parent) for path in paths])
        found[FILE_NAME] = pd.Series([_COUNTED.sub("", path.stem) or path.stem for path in paths])
    if isinstance(raw, Table):
        return {name: raw.as_written(name) for name in frame.columns if name not in raw.targets}
    return {**found, **{str(name): frame[name] for name in frame.columns}}


def _frame(raw: Raw) -> pd.DataFrame:
    if isinstance(raw, Table):
        return raw.frame
    beside = raw.beside if isinstance(raw, ImageSet | SeriesSet | Texts) else None
    return pd.DataFrame() if beside is None else beside


def groups_of(raw: Raw, rows: NDArray[np.int64], name: str) -> NDArray[np.int64] | None:
    """Return which group each row belongs to, None without a `name`; rows that name no group are one each.

    Raises Invalid where such data has no such groups.
    """
    if not name:
        return None
    if isinstance(raw, Table) and name in raw.targets:
        raise refused("split.group", f"{name!r} is the target: choose another column, or none")
    there = group_columns(raw)
    if not there:
        raise refused("split.group", f"{NAMES[type(raw)]} like these have nothing to be grouped by: empty it")
    if name not in there:
        also = "" if isinstance(raw, Table) else f". There are: {listed(there, 20)}"
        raise refused("split.group", f"no column {name!r}{did_you_mean(name, there)}{also}")
    words = there[name].astype(object).where(there[name].notna(), None)
    codes = np.asarray(words.iloc[rows].replace("", None).factorize(use_na_sentinel=True)[0], np.int64)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(alone.sum())
    return codes


def without_group(raw: Raw, name: str) -> Any:
    """Return the data without what says which examples belong together: it is no input."""
    if isinstance(raw, Table) and name:
        return replace(raw, frame=raw.frame.drop(columns=[name]))
    if isinstance(raw, SeriesSet) and name in raw.channels and len(raw.channels) > 1:
        kept = [place for place, channel in enumerate(raw.channels) if channel != name]
        values = tuple(one[:, kept] for one in raw.values)
        return replace(raw, values=values, channels=tuple(raw.channels[place] for place in kept))
    return raw


def told_groups(name: str, groups: NDArray[np.int64], rows: NDArray[np.int64], parts: Parts) -> list[str]:
    """Return how many groups there are, and which stand in several parts, as published parts may have it."""
    known = {part: set(groups[np.isin(rows, chosen)].tolist()) for part, chosen in parts.items()}
    every = [group for held in known.values() for group in held]
    shared = len(every) - len(set(every))
    told = [f"{name}: {counted(len(set(every)), 'group')}, each in one part of the split"]
    if shared:
        told = [
            f"{name}: {counted(shared, 'group stands', 'groups stand')} in more than one of the parts as "
            "published: scores look better than they are; to divide them anew, switch off As published "
            "(split.published)"
        ]
    return told


def proposed_group(raw: Raw, rows: NDArray[np.int64]) -> str:
    """Return the column that says which rows belong together, told by its name and repeats; else ""."""
    frame = _frame(raw)
    for name in frame.columns:
        column = frame[name]
        if (isinstance(raw, Table) and name in raw.targets) or is_date(column) or not _called(str(name)):
            continue
        known = column.iloc[rows].dropna()
        if is_number(known) and not (known % 1 == 0).all():
            continue
        if _LEAST_GROUPS <= known.nunique() <= len(known) / _LEAST_ROWS:
            return as_text(name)
    return ""


def _called(name: str) -> bool:
    """Return whether a name is that of an identifier: patient, record_id, subjectID, User Id."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = re.split(r"[\W_]+", apart.casefold())
    return bool(_NAMED.intersection(words)) or any(
        word[:-2] in _NAMED for word in words if word.endswith("id")
    )
