"""Whether a table lists images that lie beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from engine.data.files.endings import IMAGES
from engine.data.files.layouts import folders_in, holds_mostly
from engine.data.images.read.pixel_columns import pixel_columns
from engine.data.tables.read.columns import is_text

_MOSTLY = 0.9
_GLANCE, _FEW = 100, 10
"""Cells of a column that may name pictures, and those that are looked for."""
_ADDRESS = re.compile(r"[a-z]+://|//|data:", re.IGNORECASE)
"""How a picture on the network begins, or one that stands in the cell itself."""
_LONGEST_NAME = 255
"""Letters, of a file on any system."""


def lists_images(frame: pd.DataFrame, folder: Path | None) -> bool:
    """Return whether a column names image files, those in `folder` perhaps, or the columns are pixels."""
    named = any(_names_images(frame[name], folder) for name in frame.columns if is_text(frame[name]))
    return named or pixel_columns(frame) is not None


def _names_images(column: pd.Series[Any], folder: Path | None) -> bool:
    """Return whether most cells name picture files, by their endings or because they lie beside the table."""
    words = [str(word).strip() for word in column.dropna().head(_GLANCE)]
    # pictures on the network are not fetched
    words = [word for word in words if not _ADDRESS.match(word)]
    if not words:
        return False
    # endings first: no file has to be looked for
    if sum(word.lower().endswith(tuple(IMAGES)) for word in words) >= _MOSTLY * len(words):
        return True
    long = max(map(len, words)) > _LONGEST_NAME  # no file is called so, and to look for it is an error
    # a column of classes repeats itself; one of pictures names another file in nearly every row
    if folder is None or long or len(set(words)) < _MOSTLY * len(words):
        return False
    beside = [path for path in (folder, *folders_in(folder)) if holds_mostly(path, "images")]
    return any(
        # lists as that of dog breeds name pictures without their ending
        sum(any((path / f"{word}{ending}").is_file() for ending in ("", *IMAGES)) for word in words[:_FEW])
        > len(words[:_FEW]) / 2
        for path in beside
    )
