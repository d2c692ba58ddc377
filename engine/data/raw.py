"""Raw data: what a source holds before splitting and preprocessing. A closed union."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


MOST_COLUMNS = 100_000
"""A table of more columns is refused."""


@dataclass(frozen=True)
class Table:
    """Rows and columns.

    `frame` has one of three types per column: numbers (int64 or float64, NaN where missing), dates
    (datetime64, NaT where missing) or text (str or object, NaN or None where missing); its index is 0 to
    N - 1. `targets` are the columns to be predicted as the person named them, perhaps none yet, perhaps not
    there. `names` are all columns of the source in order, `ignored` those the person left out, which `frame`
    lacks. `notices` say what reading decided that a person should know; `day_first` names the date columns
    whose text put the day before the month.
    """

    frame: pd.DataFrame
    targets: tuple[str, ...]
    names: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    day_first: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.frame)


@dataclass(frozen=True)
class Pictures:
    """Pictures of one size, each with a label.

    `pixels`: uint8 (N, height, width, channels), 0 dark; `labels`: text (N,), "" where there is none;
    `classes`: the labels there are, in the order of their indices; `names`: where each picture comes from;
    `target`: what the labels are of.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.str_]
    classes: tuple[str, ...]
    names: tuple[str, ...]
    target: str = "label"
    notices: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.pixels)


Raw = Table | Pictures
