"""The records an inspection is made of. They need no pandas, so that the window, which only shows them,
does not load it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.choices import Problem
from engine.data.decisions import Decision
from engine.data.description import Description, TargetKind

Role = Literal["input", "target", "time", "identifier", "ignored", "left out"]
"""What a column is for: a time says in which order rows are, an identifier which of them are one series."""
Kind = Literal["number", "date", "words", "yes or no", ""]


_GOLDEN = (5**0.5 - 1) / 2


def evenly(count: int, most: int) -> NDArray[np.int64]:
    """Return at most so many indices, evenly spread over all."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


def mixed(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the same indices in an order in which neighbours are far apart: files are often sorted by class.

    Formula: by the fractional parts of k · φ, φ the golden ratio, of which any few in a row are spread evenly
    """
    return places[np.argsort(np.arange(len(places)) * _GOLDEN % 1, kind="stable")]


@dataclass(frozen=True)
class ColumnFacts:
    """One column.

    `kind` "" is a column that was not read. `became` says in words what the network receives of it, or why
    it receives nothing. For numbers and dates (in days since 1970) `statistics` holds mean, deviation, least,
    lower quarter, median, upper quarter and most, and `counts` the histogram between the `edges`; for words,
    `counts` belong to `words`, the most frequent first, and there are no edges.
    """

    name: str
    role: Role
    kind: Kind
    missing: int = 0
    different: int = 0
    became: str = ""
    statistics: tuple[tuple[str, float], ...] = ()
    edges: tuple[float, ...] = ()
    words: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Points:
    """A scatter of examples with one or two inputs that are numbers.

    `inputs`: float32 (N, 1 or 2) in the units of the data; `targets`: float32 (N,), class indices or numbers
    in the units of the data; `part`: uint8 (N,), 0 training, 1 validation, 2 test. At most 3,000, evenly
    chosen.
    """

    inputs: NDArray[np.float32]
    targets: NDArray[np.float32]
    part: NDArray[np.uint8]


@dataclass(frozen=True)
class Passage:
    """A text, or the beginning of a long one.

    `words` are the words of a tagged sentence with their `tags`, else the text alone; `translation` the other
    text of a pair; `tokens` what the network receives, ␣ before those that begin a word.
    """

    name: str
    words: tuple[str, ...]
    label: str = ""
    tags: tuple[str, ...] = ()
    translation: str = ""
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True)
class Course:
    """A series: `values` float32 (length, channels) in the units of the data, thinned where it is long.

    `label` is its class, or which of several courses it is; `times` says when each of the `values` was, as
    exactly as a thinned course says it.
    """

    name: str
    values: NDArray[np.float32]
    label: str = ""
    times: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inspection:
    """What the data of an experiment turned out to be.

    `kind` is that of the modality, `count` says how much was read; `columns` is every column and what became
    of it (tables); `candidates` the columns that could be targets; `guess` the task that fits the target
    best; `suggests` the kind of source that may read such data better, "" where this one does, with
    `suggests_rows` in each of its courses, and `suggests_why` what exactly it is, where that is more than
    the kind says, and the settings of columns that it `suggests_needs`; `group` what
    seems to say which examples belong together, where no group is chosen. `header` (of texts in a table all
    its columns) and `rows` are the first rows as text; `received` those rows as the network receives them,
    with the names of the inputs in `description.inputs.names` (tables). `pixels` (uint8, as the network
    receives them before scaling), `labels` and `names` are pictures, evenly chosen; so are `passages` of
    texts and `courses` of series, whose columns `channels` names; `borders` are the first forecast rows of
    validation and test in a course over time, the first of several, which has `drawn_rows`.
    `balance` counts the examples of each class per part.

    `problems` say why the data cannot be trained on yet, with the path of the setting to change; then
    `description`, `received`, `balance` and `points` are missing. `decisions` are what was decided while
    reading and preparing, those in doubt first; `found` is what reading found out, by the setting that was
    left to be found out.
    """

    kind: str
    count: int
    columns: tuple[ColumnFacts, ...] = ()
    candidates: tuple[str, ...] = ()
    guess: TargetKind | None = None
    suggests: str = ""
    suggests_rows: int = 0
    suggests_why: str = ""
    suggests_needs: tuple[str, ...] = ()
    group: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    received: NDArray[np.float32] | NDArray[np.int32] | None = None
    pixels: NDArray[np.uint8] | None = None
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    courses: tuple[Course, ...] = ()
    channels: tuple[str, ...] = ()
    borders: tuple[int, ...] = ()
    drawn_rows: int = 0
    balance: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    points: Points | None = None
    description: Description | None = None
    data_hash: str = ""
    problems: tuple[Problem, ...] = ()
    decisions: tuple[Decision, ...] = ()
    found: Mapping[str, object] = field(default_factory=dict)

    @property
    def notices(self) -> tuple[str, ...]:
        """Return what is worth knowing, as sentences."""
        return tuple(decision.said for decision in self.decisions if decision.said)
