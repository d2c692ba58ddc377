"""Tables that are more than a table: columns of texts, rows in time, lists of images."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from engine.choices import Family, Message
from engine.data.decisions import Decided, Decision
from engine.data.modality import Modality, modalities

_TELLING = 2_000_000
"""Cells of a table that are looked at for what it is, each time that it is learnt from."""


def better_source(frame: pd.DataFrame, folder: Path | None = None, targets: Collection[str] = ()) -> str:
    """Return the kind of source that reads a table as what it is; "" for any other table.

    `folder` is the one it lies in, `targets` are the columns to be predicted, where some are chosen.
    """
    found = _better(frame, folder, targets)
    return "" if found is None else found.usual_source


def seen_in(frame: pd.DataFrame, kind: str, targets: Collection[str] = ()) -> str:
    """Return what exactly a table is that a source of that kind reads better; "" where that says it all."""
    found = _read_by(kind)
    return "" if found is None else found.seen_in(frame, targets)


def split_by_chance(frame: pd.DataFrame, targets: Collection[str]) -> list[str]:
    """Return that a table holds series over time, whose rows are divided by chance as if each stood alone."""
    found = _better(frame, None, targets) if frame.size <= _TELLING else None
    seen = "" if found is None else found.seen_in(frame, targets)
    if not seen or found is None:
        return []
    said = Message(
        "{seen}, and are divided by chance: what happened at one time lies in training and test alike, and "
        "scores look better than they will be on what is to come; to read them so, choose the kind {title}",
        seen=seen,
        title=Message(Family.every["data"][found.usual_source].title),
    )
    return [Decided(said, Decision(doubtful=True))]


def rows_of_each(frame: pd.DataFrame, kind: str) -> int:
    """Return how many rows each course of a table has, read by a source of that kind; else all its rows."""
    read = _read_by(kind)
    return len(frame) if read is None else read.rows_of_each(frame)


def _better(frame: pd.DataFrame, folder: Path | None, targets: Collection[str]) -> Modality[Any] | None:
    asked = sorted(modalities().values(), key=lambda modality: modality.precedence)
    found = (one for one in asked if one.stands_in(frame.head(one.looks_at), folder, targets))
    return next(found, None)


def _read_by(kind: str) -> Modality[Any] | None:
    return next((one for one in modalities().values() if one.usual_source == kind), None)
