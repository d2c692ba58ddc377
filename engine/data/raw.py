"""Raw data: what a source holds before splitting and preprocessing. Each kind of it lies in its room."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

FOLDER, FILE_NAME = "folder", "file name"
"""What files can be grouped by beside columns: the folder each lies in, and the beginning of its name, up to
the last number: anna_01.png and anna_02.png are of one group."""
_COUNTED = re.compile(r"[\W_]*\d+$")

OPEN_WORDS, RULES = "open words", "rules"
"""What readers call the newest rules by which they read cells, by number; before there were numbers, whether
they read under 18 as a limit. Runs of before did not, and do not say so."""
UNITS, TRAINED_UNITS = "units", "units of training"
"""What readers call the unit that they found of each column of numbers, and what new data is told it was."""

Found = Mapping[str, object]
"""What reading found out, by the name of the setting of the source that had been left to be found out: the
encoding, the sheet, the size of pictures. Plain JSON. It is kept with a run, so that new data is read as the
data of its training was."""


def agreed(found: Sequence[Found]) -> Found:
    """Return what was found out alike in each of several files that are one set of data."""
    first = found[0] if found else {}
    return {
        name: value
        for name, value in first.items()
        if all(name in one and one[name] == value for one in found)
    }


class _Read:
    """What all raw data has; outside of the dataclasses, each of which has its fields in its own order."""

    notices: tuple[str, ...]
    found: Found


@dataclass(frozen=True)
class Raw(_Read, ABC):
    """What a source holds; `notices` say what reading decided that a person should know."""

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of examples, or of what they are cut from."""

    def told(self, notices: Sequence[str]) -> Self:
        """Return the same data with other notices."""
        changes: dict[str, Any] = {"notices": tuple(notices)}  # the field stands in the subclasses
        return replace(self, **changes)

    def found_out(self, found: Found) -> Self:
        """Return the same data with more that was found out."""
        changes: dict[str, Any] = {"found": {**self.found, **found}}
        return replace(self, **changes)


class _Answered:
    """What all labelled data has."""

    published: NDArray[np.str_] | None


@dataclass(frozen=True)
class Labelled(_Answered, Raw):
    """Data whose examples are there already, each with its own target.

    `published`: text (N,), the part of the split ("train", "validation", "test") that whoever published the
    data has put each example into, None where nobody has.
    """

    @property
    @abstractmethod
    def answered(self) -> tuple[str, ...]:
        """Return the names of the targets."""

    @property
    def lacking(self) -> tuple[str, ...]:
        """Return the targets that are not there."""
        return ()

    @property
    def on_disk(self) -> bool:
        """Return whether the examples are read from a file in every step, as memory does not hold them."""
        return False

    @property
    @abstractmethod
    def columns_beside(self) -> pd.DataFrame:
        """Return the columns beside the targets, as they were read; a row for each example."""

    @abstractmethod
    def as_read(self, name: str) -> pd.Series[Any]:
        """Return the answers of a target; numbers and dates as such."""

    @abstractmethod
    def as_written(self, name: str) -> pd.Series[Any]:
        """Return the answers of a target as text, as it is written, None where one is missing."""

    @abstractmethod
    def grouping(self) -> Mapping[str, pd.Series[Any]]:
        """Return what the examples may be grouped by: columns, and of files their folder and their name."""

    def without(self, name: str) -> Labelled:
        """Return the data without the column or channel of a name, where it has one."""
        return self

    @property
    def classes_in_order(self) -> tuple[str, ...]:
        """Return the classes in the order of their publication; empty: in that of their names."""
        return ()

    @property
    def doubted(self) -> Mapping[str, str]:
        """Return what keeps columns from being numbers or dates, where few cells do."""
        return {}


class _Listed:
    """What all sets of labelled examples have."""

    labels: NDArray[np.str_]
    names: tuple[str, ...]
    target: str
    beside: pd.DataFrame | None


@dataclass(frozen=True)
class LabelledSet(_Listed, Labelled):
    """Examples that come one by one, from files or rows, each with a name and a label.

    `labels`: text (N,), "" where there is none; `names`: where each comes from; `target`: what the labels are
    of; `beside`: the other columns of the table that examples stand in, a row for each, by which they may be
    kept together.
    """

    @property
    def answered(self) -> tuple[str, ...]:
        """Return what the labels are of."""
        return (self.target,)

    @property
    def columns_beside(self) -> pd.DataFrame:
        """Return the other columns of the table that the examples stand in, if there is one."""
        import pandas as pd

        return pd.DataFrame() if self.beside is None else self.beside

    def as_read(self, name: str) -> pd.Series[Any]:
        """Return the labels, None where there is none."""
        import pandas as pd

        # objects, as only these can be None
        column = pd.Series(self.labels.astype(object), name=self.target, dtype=object)
        return column.where(column != "", None)

    def as_written(self, name: str) -> pd.Series[Any]:
        """Return the labels, None where there is none."""
        return self.as_read(name)

    def grouping(self) -> Mapping[str, pd.Series[Any]]:
        """Return the folder and the beginning of the name of each file, and the columns beside."""
        import pandas as pd

        beside = {str(name): column for name, column in self.columns_beside.items()}
        # the first name is enough: those of one source are all alike
        if not any("." in name for name in self.names[:1]):  # they are rows of a file, not files
            return beside
        # a list written on Windows has backslashes
        paths = [PurePosixPath(name.replace("\\", "/")) for name in self.names]
        folders = pd.Series([str(path.parent) for path in paths])
        # a name that is a number alone would be empty, and all of them one group
        names = pd.Series([_COUNTED.sub("", path.stem) or path.stem for path in paths])
        return {FOLDER: folders, FILE_NAME: names, **beside}
