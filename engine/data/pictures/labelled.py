"""Labelled pictures: from a folder with one folder per class, or from a CSV of paths and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from engine.data.pictures.files import (
    ENDINGS,
    Fit,
    Frame,
    common_size,
    in_colours,
    is_grey,
    picture_files,
    read_pictures,
)
from engine.data.raw import Found, Pictures
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.columns import chosen_column, likely_label, words_of
from engine.data.tables.files import EXCEL, PARQUET, TEXT, read_table
from engine.data.tables.format import TableFormat
from engine.data.values import listed, natural

if TYPE_CHECKING:
    import pandas as pd

Side = int | Literal["auto"]
TABLES = (*TEXT, *EXCEL, *PARQUET)


@dataclass(frozen=True)
class PictureFormat:
    """Where the pictures are and what they are brought to, as `engine.data.sources.images.Images` says."""

    path: str
    height: Side = "auto"
    width: Side = "auto"
    fit: Fit = "stretch"
    colour: Literal["auto", "grey", "colour"] = "auto"
    paths: str = ""
    label: str = ""
    labelled: bool = True
    """Whether each has a label; new ones need none, and may be a single picture."""


@dataclass(frozen=True)
class Listing:
    """Which pictures there are, before any is decoded; `table` lists them, `rows` says where each stands."""

    paths: list[Path]
    names: list[str]
    labels: list[str]
    target: str
    notices: list[str]
    table: pd.DataFrame | None = None
    rows: Sequence[int] = ()


def read_labelled(images: PictureFormat, report: Report, memory: int) -> Pictures:
    """Return the pictures that `images` describes. Raises Invalid where there are none."""
    listing = _listing(images, report, memory)
    frame = _frame(images, listing.paths, lambda share, words: report(0.1 * share, words))
    pixels, read, broken = read_pictures(
        listing.paths, frame, lambda share, words: report(0.1 + 0.9 * share, words), memory
    )
    notices = list(listing.notices)
    if broken:
        notices.append(
            f"{len(broken)} of {len(listing.paths)} pictures cannot be read, left out: {listed(broken)}"
        )
    grey = images.colour == "grey" or (images.colour == "auto" and is_grey(pixels))
    labels = np.array([listing.labels[index] for index in read], dtype=np.str_)
    classes = tuple(sorted(set(labels.tolist()) - {""}, key=natural))
    names = tuple(listing.names[index] for index in read)
    return Pictures(
        in_colours(pixels, 1 if grey else 3),
        labels,
        classes,
        names,
        listing.target,
        tuple(notices),
        found=_found(images, frame, grey=grey),
        given=listing.table,
        rows=None if listing.table is None else np.array([listing.rows[index] for index in read], np.int64),
    )


def _found(images: PictureFormat, frame: Frame, *, grey: bool) -> Found:
    """Return what was found out of what was left to be."""
    found = {"height": frame.height, "width": frame.width, "colour": "grey" if grey else "colour"}
    return {name: value for name, value in found.items() if getattr(images, name) == "auto"}


def _listing(images: PictureFormat, report: Report, memory: int) -> Listing:
    path = Path(images.path)
    if not images.path:
        raise refused("data.path", "is missing: choose a folder that holds one folder per class")
    if "\x00" in images.path or not path.exists():
        raise refused("data.path", f"there is no folder {images.path!r}; choose one that exists")
    if path.is_dir():
        return _from_folder(path, labelled=images.labelled)
    if not images.labelled and path.suffix.lower() in ENDINGS:
        return Listing([path], [path.name], [""], "label", [])
    if path.suffix.lower() in TABLES:
        return _from_table(images, path, report, memory)
    raise refused("data.path", f"{path.name} is neither a folder nor a CSV of paths and labels")


def _from_folder(folder: Path, *, labelled: bool) -> Listing:
    try:
        found = picture_files(folder)
    except OSError as error:
        raise refused("data.path", f"{folder} cannot be read: {error.strerror}") from None
    inside = [path for path in found if path.parent != folder or not labelled]
    if not found:
        raise refused(
            "data.path",
            f"{folder} holds no pictures ({', '.join(sorted(ENDINGS))}); choose a "
            "folder that holds one folder per class",
        )
    if not inside:
        raise refused(
            "data.path",
            f"the pictures in {folder} lie in no folders: give each class a folder of "
            "its own, named as the class, or list the pictures in a CSV with labels",
        )
    loose = len(found) - len(inside)
    notices = [f"{loose} pictures beside the class folders left out"] if loose else []
    names = [path.relative_to(folder).as_posix() for path in inside]
    return Listing(inside, names, [name.split("/")[0] for name in names], "label", notices)


def _from_table(images: PictureFormat, path: Path, report: Report, memory: int) -> Listing:
    how = TableFormat() if images.labelled else TableFormat(typed=(), blanks=True)
    found = read_table(path, how, (), report, memory)
    frame = found.frame
    paths = chosen_column(frame, images.paths, "data.paths", _path_like(frame))
    rest = [name for name in frame.columns if name != paths]
    label = _label(frame, rest, images)
    given = words_of(frame[paths])
    kept = [index for index, text in enumerate(given) if text and "\x00" not in text]
    notices = [f"{len(given) - len(kept)} rows without a path left out"] * (len(kept) < len(given))
    marks = [""] * len(given) if label is None else words_of(frame[label])
    return Listing(
        [path.parent / given[index] for index in kept],
        [given[index] for index in kept],
        [marks[index] for index in kept],
        "label" if label is None else str(label),
        [*found.notices, *notices],
        None if images.labelled else frame,
        kept,
    )


def _label(frame: pd.DataFrame, rest: list[Any], images: PictureFormat) -> Any:
    """Return the column of labels; None where none is needed and that of training is not there."""
    if not images.labelled and images.label not in frame.columns:
        return None
    return chosen_column(frame, images.label, "data.label", likely_label(rest))


def _path_like(frame: pd.DataFrame) -> Any:
    """Return the first column that mostly holds names of picture files, or None."""
    for name in frame.columns:
        words = frame[name].dropna().astype(str).head(100)
        if len(words) and sum(Path(word).suffix.lower() in ENDINGS for word in words) > len(words) / 2:
            return name
    return None


def _frame(images: PictureFormat, paths: list[Path], report: Report) -> Frame:
    if images.height != "auto" and images.width != "auto":
        return Frame(images.height, images.width, images.fit)
    height, width = common_size(paths, report)
    return Frame(
        height if images.height == "auto" else images.height,
        width if images.width == "auto" else images.width,
        images.fit,
    )
