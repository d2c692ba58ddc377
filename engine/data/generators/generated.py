"""What generated sources share: their settings, and how points become a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.raw import Raw
from engine.data.source import Source
from engine.data.tables.raw import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

Samples = Annotated[int, Setting("Examples", "How many points are drawn.", least=10, most=100_000, log=True)]
Noise = Annotated[
    float,
    Setting(
        "Noise", "Standard deviation of the noise added to both coordinates.", symbol="σ", least=0, most=2
    ),
]
TargetNoise = Annotated[
    float,
    Setting("Noise", "Standard deviation of the noise added to the value.", symbol="σ", least=0, most=10),
]

CLASS_NAMES = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Generated(Source):
    """Examples that are computed, as a table."""

    drawn = True

    @property
    def holds(self) -> type[Raw]:
        """Return a table."""
        return Table


def labelled(points: NDArray[np.float64], codes: NDArray[np.int64]) -> Table:
    """Return points (N, 2) with classes A, B, ... as a table with the columns x1, x2 and class."""
    names = np.array(CLASS_NAMES, dtype=object)[codes]
    return table({"x1": points[:, 0], "x2": points[:, 1], "class": names}, ("class",))


def table(columns: Mapping[str, NDArray[np.generic]], targets: tuple[str, ...]) -> Table:
    """Return named columns as a table."""
    # late: the window lists the generators and does without pandas
    import pandas as pd

    frame = pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})
    for name in frame.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes]]:
        frame[name] = frame[name].astype(object)
    return Table(frame, targets, tuple(columns))


def alternating(samples: int, classes: int) -> NDArray[np.int64]:
    """Return class indices 0, 1, ..., 0, 1, ...: the classes are as equal in number as can be."""
    return np.arange(samples, dtype=np.int64) % classes
