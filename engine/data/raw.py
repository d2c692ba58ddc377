"""Raw data: what a source holds before splitting and preprocessing. A closed union."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.data.description import InputKind, TargetKind

if TYPE_CHECKING:
    import pandas as pd


MOST_COLUMNS = 100_000
"""A table of more columns is refused."""

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


@dataclass(frozen=True)
class Table:
    """Rows and columns.

    `frame` has one of three types per column: numbers (int64 or float64, NaN where missing), dates
    (datetime64, NaT where missing) or text (str or object, NaN or None where missing); its index is 0 to
    N - 1. `targets` are the columns to be predicted as the person named them, perhaps none yet, perhaps not
    there. `names` are all columns of the source in order, `ignored` those the person left out, which `frame`
    lacks. `notices` say what reading decided that a person should know; `day_first` names the date columns
    whose text put the day before the month.

    `rows` says which row of the file each is, counted from 1 below the names; `doubts` what keeps columns
    from being numbers or dates, where few cells do; `typed` the columns whose type the person chose, perhaps
    not there; `written` gives the cells of a column as the file has them, by the number of the row;
    `published` is as of pictures; `all_rows`: totals and notes are rows like all others.
    """

    frame: pd.DataFrame
    targets: tuple[str, ...]
    names: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    day_first: tuple[str, ...] = ()
    found: Found = field(default_factory=dict)
    rows: NDArray[np.int64] | None = None
    doubts: Mapping[str, str] = field(default_factory=dict)
    typed: tuple[str, ...] = ()
    written: Callable[[str], pd.Series[Any]] | None = field(default=None, compare=False)
    published: NDArray[np.str_] | None = None
    all_rows: bool = False

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.frame)

    def doubted(self, names: Iterable[str]) -> str:
        """Return what is wrong with the first of the columns with which something is; "" where nothing is."""
        return next((f"{name}: {self.doubts[name]}" for name in names if name in self.doubts), "")

    def as_written(self, name: str) -> pd.Series[Any]:
        """Return the cells of a column as text as it is written in the file, None where one is missing.

        Classes are these: 1.1 and 1.10 are equal as numbers only.
        """
        from engine.data.cells.values import as_text, is_date, is_number, without_exponents

        column = self.frame[name]
        if self.written is None or not (is_number(column) or is_date(column)):
            known = column.astype(object).where(column.notna(), None)
            return known.map(lambda value: value if value is None else as_text(value))
        return without_exponents(self.in_file(name).where(column.notna(), None))

    def in_file(self, name: str) -> pd.Series[Any]:
        """Return the cells of a column as the file has them, those too that count as missing."""
        if self.written is None:
            return self.as_written(name)
        cells = self.written(name)
        if self.rows is not None:  # the file has rows that are none of the table
            cells = cells.reindex(self.rows).reset_index(drop=True)
        return cells.loc[self.frame.index]


@dataclass(frozen=True)
class ImageSet:
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
    beside: pd.DataFrame | None = field(default=None, compare=False)

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.pixels)


@dataclass(frozen=True)
class SeriesSet:
    """Series (recordings, courses of measurements), each with a label.

    `values`: float32 (length, channels) each, of any length, nothing missing; `channels`: their names;
    `labels`, `names`, `target`, `published`, `beside` as of pictures.
    """

    values: tuple[NDArray[np.float32], ...]
    channels: tuple[str, ...]
    labels: NDArray[np.str_]
    names: tuple[str, ...]
    target: str = "label"
    notices: tuple[str, ...] = ()
    published: NDArray[np.str_] | None = None
    found: Found = field(default_factory=dict)
    beside: pd.DataFrame | None = field(default=None, compare=False)

    def __len__(self) -> int:
        """Return the number of series."""
        return len(self.values)


@dataclass(frozen=True)
class Timeline:
    """Rows in the order of time, from which windows are cut: the past is the input, the future the target.

    `values`: float32 (rows, columns), nothing missing; `columns`: their names; `targets`: those to be
    forecast; `times`: text (rows,), when each row was; `history` rows are looked at, `horizon` rows forecast;
    `season` rows after which things repeat, 0 where nobody said; a window begins every `stride` rows; `time`:
    the column of times, "" where there is none. With `changes`, the network also sees how far each target is
    from where it was one season before.
    """

    values: NDArray[np.float32]
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    times: NDArray[np.str_]
    history: int
    horizon: int
    season: int = 0
    notices: tuple[str, ...] = ()
    stride: int = 1
    time: str = ""
    changes: bool = False
    found: Found = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values)


@dataclass(frozen=True)
class Texts:
    """Texts, each with a label ("" where there is none).

    `labels`, `names`, `target`, `published`, `beside` as of pictures; `columns`: those of the table they
    stand in; `given`: of new ones, that table.
    """

    texts: tuple[str, ...]
    labels: NDArray[np.str_]
    names: tuple[str, ...]
    target: str = "label"
    notices: tuple[str, ...] = ()
    published: NDArray[np.str_] | None = None
    columns: tuple[str, ...] = ()
    found: Found = field(default_factory=dict)
    given: pd.DataFrame | None = None
    beside: pd.DataFrame | None = field(default=None, compare=False)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)


@dataclass(frozen=True)
class TaggedTexts:
    """Sentences as words, each word with a tag; `published` as of pictures."""

    words: tuple[tuple[str, ...], ...]
    tags: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    notices: tuple[str, ...] = ()
    published: NDArray[np.str_] | None = None
    found: Found = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.words)


@dataclass(frozen=True)
class TextPairs:
    """Texts and their translations.

    `languages`: what the two are called; `columns`: those of the table they stand in.
    """

    texts: tuple[str, ...]
    translations: tuple[str, ...]
    languages: tuple[str, str]
    notices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    found: Found = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.texts)


@dataclass(frozen=True)
class Corpus:
    """Long running text, one or several documents in order, from which windows are cut."""

    documents: tuple[str, ...]
    names: tuple[str, ...]
    notices: tuple[str, ...] = ()
    found: Found = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.documents)


Labelled = Table | ImageSet | SeriesSet | Texts
"""Data whose examples are there already, each with its own target."""

Raw = Table | ImageSet | SeriesSet | Timeline | Texts | TaggedTexts | TextPairs | Corpus

INPUT_KINDS: dict[type[Raw], InputKind] = {
    Table: "vector",
    ImageSet: "image",
    SeriesSet: "series",
    Timeline: "series",
    Texts: "tokens",
    TaggedTexts: "tokens",
    TextPairs: "tokens",
    Corpus: "tokens",
}
"""What a network receives of each sort of data."""

TARGET_KINDS: dict[type[Raw], tuple[TargetKind, ...]] = {
    Table: ("classes", "numbers", "labels"),
    ImageSet: ("classes", "numbers", "labels"),
    SeriesSet: ("classes", "numbers"),
    Timeline: ("numbers",),
    Texts: ("classes", "numbers", "labels", "tokens"),
    TaggedTexts: ("tags",),
    TextPairs: ("translation",),
    Corpus: ("tokens",),
}
"""What can be predicted of each sort of data, the likeliest first."""

NAMES: dict[type[Raw], str] = {
    Table: "a table",
    ImageSet: "pictures",
    SeriesSet: "series",
    Timeline: "a course over time",
    Texts: "texts",
    TaggedTexts: "tagged texts",
    TextPairs: "texts with translations",
    Corpus: "running text",
}
"""What each sort of data is called in a sentence."""
