"""Images as they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.data.memory import lies_on_disk
from engine.data.raw import Found, LabelledSet

if TYPE_CHECKING:
    import pandas as pd

BYTES_OF_PIXEL = 9
"""What one number of a picture takes until it is prepared: a byte as it is read, four for the network, and
four more while the parts are copied out (measured: 9.1 and 9.3)."""


@dataclass(frozen=True)
class ImageSet(LabelledSet):
    """Pictures of one size, each with a label.

    `pixels`: uint8 (N, height, width, channels), 0 dark; `labels`: text (N,), "" where there is none;
    `classes`: the labels there are, in the order of their indices; `names`: where each picture comes from;
    `target`: what the labels are of; `published`: text (N,), the part of the split ("train", "validation",
    "test") that whoever published the data has put each into, None where nobody has; `given`: of new
    ones, the table that lists them, and `rows` (N,) which row of it each is; `beside`: the other columns of
    the table that examples stand in, a row for each, by which they may be kept together.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.str_]
    classes: tuple[str, ...]
    names: tuple[str, ...]
    target: str = "label"
    notices: tuple[str, ...] = ()
    published: NDArray[np.str_] | None = None
    found: Found = field(default_factory=dict)
    given: pd.DataFrame | None = None
    rows: NDArray[np.int64] | None = None
    # not compared: tables compared give a table, which is neither true nor false
    beside: pd.DataFrame | None = field(default=None, compare=False)

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.pixels)

    @property
    def on_disk(self) -> bool:
        """Return whether the pictures are read from a file in every step."""
        return lies_on_disk(self.pixels)

    @property
    def classes_in_order(self) -> tuple[str, ...]:
        """Return the labels there are, in the order of their indices."""
        return self.classes
