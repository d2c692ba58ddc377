"""Results: what the engine answers to the requests of the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.description import TargetKind
from engine.events import Layer, Reading


@dataclass(frozen=True)
class Looked:
    """What probes measured of a run's network as it was after a step; those that fit its data alone."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Sketched:
    """The network of an experiment, layer by layer; `multiply_adds` for one example.

    `taken` of its `tensors` will be filled by the pretrained weights; both 0 where none are chosen. `parts`
    says what the network is made of, as `Facts.network`.
    """

    layers: tuple[Layer, ...]
    parameters: int
    multiply_adds: int
    taken: int = 0
    tensors: int = 0
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class SelfTest:
    """What the self-test will try: the names of its checks in order, and the versions of what matters."""

    versions: Mapping[str, str]
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """One check of the self-test: its name, and what went wrong, "" if nothing."""

    name: str
    trouble: str


@dataclass(frozen=True)
class Augmented:
    """Some pictures of the training part, each as it is and then as augmentation changed it, several times.

    `pixels`: uint8 (pictures, variants, height, width, channels), the first variant being the picture itself.
    """

    pixels: NDArray[np.uint8]


@dataclass(frozen=True)
class Guesses:
    """The most probable tokens of a place, ␣ before those that begin a word, and their probabilities."""

    tokens: tuple[str, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Weighed:
    """A text's tokens, ␣ before those that begin a word, and how much each mattered for the class, 0 ... 1.

    `weights`: float32 (tokens,); `by`: "attention" or "saliency".
    """

    tokens: tuple[str, ...]
    weights: NDArray[np.float32]
    by: str


@dataclass(frozen=True)
class Begun:
    """A text that was continued: `letters` of it were given, and `following` could have come next."""

    letters: int
    following: Guesses


@dataclass(frozen=True)
class Filled:
    """A text without gaps: its tokens, which of them were put into the `gaps`, and the guesses for each."""

    tokens: tuple[str, ...]
    gaps: tuple[int, ...]
    guesses: tuple[Guesses, ...]


@dataclass(frozen=True)
class Aligned:
    """Tokens of a translation and of its source, and how much each of them looked at those.

    `weights`: float32 (written, source), each row adding up to 1; no columns where there is no attention.
    """

    written: tuple[str, ...]
    source: tuple[str, ...]
    weights: NDArray[np.float32]


@dataclass(frozen=True)
class Trace:
    """A series, or what a forecast continues: `values` float32 (steps, names), in the units of the data.

    `times` says when each step was; it is empty where nobody said. `name` says which of several it is.
    """

    names: tuple[str, ...]
    values: NDArray[np.float32]
    times: tuple[str, ...] = ()
    name: str = ""


Behind = Weighed | Begun | Filled | Aligned | Trace
"""What a prediction was made from, or could have been."""


@dataclass(frozen=True)
class Predicted:
    """Predictions for new inputs.

    `kind` "classes": `values` are probabilities (N, K), one column for each of `names`; "labels": the
    probability of each label by itself, and `texts` says those that apply; "numbers": they are
    numbers (N, T) in the units of the data, float64 and rounded to the figures that count, one column for
    each of `names`, the target columns. Of the other kinds `values` has no column, and `texts` says in words
    what is predicted for each input: the text gone on with or its gaps filled ("tokens"), its translation, or
    its words with their tags; `words` and `tags` ("tags") hold these one by one, "" for words beyond the
    longest text, and `names` are all tags there are.

    `rows` names each input: its line in the file, or its file name. `pixels`: the pictures as the network
    received them, uint8 (N, H, W) or (N, H, W, 3), at most the first 200, or None. `warnings` are sentences,
    such as of columns that were not needed. `columns` and `cells` are the rows as they were given, in text,
    one for each of `rows`; both are empty for pictures. `behind` tells more of the first predictions, as many
    as were to be looked at closely. A forecast has a row for each step, and one `behind`: what was before.
    Forecasts of several courses stand one below another, the name of the course first among the cells, with a
    `behind` for each.

    `unanswered` says of each of `rows` why it has no prediction, "" where it has one; it is empty where all
    have. Such a row has values that are NaN, no text and nothing `behind`. `separator` and `decimal` are the
    marks of the file that was read, with which a table of predictions is best written, too.
    """

    kind: TargetKind
    names: tuple[str, ...]
    rows: tuple[str, ...]
    values: NDArray[np.float32] | NDArray[np.float64]
    pixels: NDArray[np.uint8] | None = None
    warnings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    texts: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    tags: tuple[tuple[str, ...], ...] = ()
    behind: tuple[Behind | None, ...] = ()
    unanswered: tuple[str, ...] = ()
    separator: str = ","
    decimal: str = "."

    def why_not(self, row: int) -> str:
        """Return why a row has no prediction; empty where it has one."""
        return self.unanswered[row] if self.unanswered else ""


def table_of(found: Predicted) -> list[list[str]]:
    """Return predictions as a table of texts with a header, as files and terminals show them.

    Each row begins with the columns that were given, or where there are none with the name of the input. One
    without a prediction ends with the reason. Numbers have the decimal mark of the file that was read.
    """
    # the row as it was given stands before its answer, so that the table needs no joining by hand
    before = [list(cells) for cells in found.cells] if found.columns else [[row] for row in found.rows]
    header, names = list(found.columns) or ["row"], list(_headings(found))
    width = len(names)
    after = [
        [*[""] * width, why] if (why := found.why_not(row)) else [*_answer(found, row), ""]
        for row in range(len(found.rows))
    ]
    # a column that is empty from top to bottom would only puzzle
    names.append("why not")
    if not any(found.unanswered):
        names, after = names[:width], [said[:width] for said in after]
    return [once(header + names), *(given + said for given, said in zip(before, after, strict=True))]


def _headings(found: Predicted) -> tuple[str, ...]:
    match found.kind:
        case "classes" | "labels":
            return ("prediction", *(Message("probability of {name}", name=name) for name in found.names))
        case "numbers":
            return tuple(Message("prediction of {name}", name=name) for name in found.names)
    return ({"tags": "tags", "tokens": "written"}.get(found.kind, "translation"),)


def _answer(found: Predicted, row: int) -> list[str]:
    values = found.values[row]
    if found.kind == "classes":
        # with the decimal mark of the file, or a spreadsheet of that country takes numbers for words
        shares = [f"{value:.6f}".replace(".", found.decimal) for value in values]
        return [found.names[int(values.argmax())], *shares]
    if found.kind == "labels":
        return [found.texts[row], *(f"{value:.6f}".replace(".", found.decimal) for value in values)]
    if found.kind == "numbers":
        return [in_full(float(value), found.decimal) for value in values]
    return [found.texts[row]]


def in_full(value: float, decimal: str) -> str:
    """Return a number that is predicted with every figure that it has."""
    # as few as tell it from others, as it is rounded already; any fixed count would cut some again
    return repr(value).removesuffix(".0").replace(".", decimal)


def once(names: list[str]) -> list[str]:
    """Return the names with a number behind those that occur before: the file may hold old predictions."""
    seen: dict[str, None] = {}
    for name in names:
        number, unique = 1, name
        # not only once: "prediction (2)" may stand in the file already
        while unique in seen:
            number += 1
            unique = f"{name} ({number})"
        seen[unique] = None
    return list(seen)
