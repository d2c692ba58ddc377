"""New inputs: rows and pictures to predict, brought into the form that the network was trained on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.values import as_text
from engine.data.modality import modality_of
from engine.data.new.files import Trained, read_as_trained
from engine.data.preprocessor import Preprocessor
from engine.data.raw import TRAINED_UNITS, Raw
from engine.data.refusal import refused
from engine.data.source import Report, Source, silent

Given = Path | str | Sequence[Mapping[str, Any]] | NDArray[np.uint8]
"""A file or folder, rows as mappings of column to value, or pixels uint8 (N, height, width[, 1 or 3])."""

Unanswered = Mapping[int, str]
"""Rows that get no answer, each with the reason."""


class GivenTable(Protocol):
    """A table as a person gave it."""

    @property
    def frame(self) -> pd.DataFrame:
        """Its columns, as they were read."""

    def in_file(self, name: str) -> pd.Series[Any]:
        """Return the cells of a column as the file has them."""


@dataclass(frozen=True)
class ReadTable:
    """A table whose cells are shown as they were read."""

    frame: pd.DataFrame

    def in_file(self, name: str) -> pd.Series[Any]:
        """Return a column."""
        return self.frame[name]


@dataclass(frozen=True)
class NewInputs:
    """Inputs ready for the network.

    `names`: what each of the given rows is called, a file or a row counted from 1; `raw`: all rows or
    pictures that were given; `inputs`: float32 (N, *shape), int32 for tokens, of those that the network can
    answer; `rows`: int64 (N,), which of the given they are; `unanswered`: why each of the others has no
    answer; `given`: the table that was given, where it is one; `notices`: what a person should know.
    """

    inputs: NDArray[np.float32] | NDArray[np.int32]
    rows: NDArray[np.int64]
    names: tuple[str, ...]
    raw: Raw
    notices: tuple[str, ...]
    unanswered: Unanswered = field(default_factory=dict)
    given: GivenTable | None = None

    @property
    def lost(self) -> int:
        """Return how many of the given rows have no answer."""
        return len(self.unanswered)

    def repeated(self, times: int) -> NewInputs:
        """Return each input so many times, one after the other."""
        # several texts are written from one beginning
        places = np.repeat(np.arange(len(self.rows)), times)
        return replace(self, inputs=self.inputs[places], rows=self.rows[places])

    def as_given(self, most: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Return the names of the given columns, and all rows as text, "" where a cell is missing.

        Both are empty where no table was given, and where there are more than `most` cells.
        """
        # a window that shows a million cells would stand still
        if self.given is None or self.given.frame.size > most:
            return (), ()
        names = self.given.frame.columns
        columns = (_texts(self.given.in_file(name)) for name in names)
        return tuple(map(str, names)), tuple(zip(*columns, strict=True))


def read_new(given: Given, trained: Trained, report: Report = silent) -> NewInputs:
    """Return new data as inputs. Raises Invalid, saying what is missing or wrong, when the network cannot
    take them.

    Files are read by the source of the training, with its settings and what it found out.
    """
    modality = modality_of(trained.preprocessor.encoder.takes)
    with _where_told():
        if not isinstance(given, (str, Path)):
            typed = modality.typed(given, trained, report).found_out({TRAINED_UNITS: trained.units})
            return inputs_of(typed, trained.preprocessor)
        path = Path(given)
        if "\x00" in str(path) or not path.exists():
            raise refused("", Message("there is no file or folder {path}", path=path))
        modality.refuse_file(path)

        def use(source: Source) -> NewInputs:
            raw = source.read_new(trained.preprocessor, report).found_out({TRAINED_UNITS: trained.units})
            return inputs_of(raw, trained.preprocessor)

        # the file is read up to three times: as in training, then without what does not fit it
        found, told = read_as_trained(trained, path, use)
        return replace(found, notices=(*told, *found.notices))


def inputs_of(raw: Raw, preprocessor: Preprocessor) -> NewInputs:
    """Return data that was read as inputs."""
    found: NewInputs = modality_of(type(raw)).new(raw, preprocessor)
    return found


def latest_rows(raw: Raw, preprocessor: Preprocessor) -> NewInputs:
    """Return the end of the data of the training as one input, where what follows it can be forecast.

    Raises Invalid for all other data.
    """
    found: NewInputs = modality_of(type(raw)).latest(raw, preprocessor)
    return found


def plain_inputs(raw: Raw, preprocessor: Preprocessor, names: tuple[str, ...]) -> NewInputs:
    """Return data as inputs of which each has an answer."""
    notices: list[str] = []
    inputs = preprocessor.inputs(raw, notices.append)
    return NewInputs(inputs, np.arange(len(inputs), dtype=np.int64), names, raw, (*raw.notices, *notices))


def _texts(column: pd.Series[Any]) -> list[str]:
    gone = column.isna().tolist()
    return ["" if lacks else as_text(value) for value, lacks in zip(column.tolist(), gone, strict=True)]


@contextmanager
def _where_told() -> Iterator[None]:
    """Let problems keep the place of settings that can be told otherwise; the others have none."""
    try:
        yield
    except Invalid as error:
        raise Invalid([_placed(problem) for problem in error.problems]) from None


def _placed(problem: Problem) -> Problem:
    told = problem.path.startswith("data.") and problem.path != "data.path"
    # split and preprocessing are those of the training, and cannot be changed for new data
    return problem if told else Problem("", problem.message)
