"""How the columns of a table become the inputs of a network."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from engine.choices import Invalid, Message, Problem
from engine.data.cells.values import listed
from engine.data.description import Inputs
from engine.data.encoder import Encoder, Fitted, Name, Say
from engine.data.raw import Found, Raw
from engine.data.tables.fitted_columns import Column, Number
from engine.data.tables.raw import MOST_COLUMNS, Table

MOST_FEATURES = 1_000_000


class LeftOutColumn(Fitted):
    """A column that is no input, and why."""

    name: Name
    why: Name


class TableEncoder(Encoder):
    """The columns of a table that are inputs, each with what training said about it."""

    kind: Literal["table"] = "table"
    takes: ClassVar[type[Raw]] = Table
    what: ClassVar[str] = "a table"
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=MOST_COLUMNS)]
    left_out: tuple[LeftOutColumn, ...] = ()
    drop_missing: bool = False

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        names = [column.name for column in self.columns]
        if len(set(names)) < len(names):
            # an encoder is read from the file of a run, which may have been edited or sent by anyone
            raise ValueError("a column occurs twice")
        if sum(len(column.features) for column in self.columns) > MOST_FEATURES:
            raise ValueError(Message("more than {most} inputs", most=MOST_FEATURES))
        return self

    @property
    def received(self) -> Inputs:
        """Return one example as the network receives it."""
        features = tuple(feature for column in self.columns for feature in column.features)
        return Inputs("vector", (len(features),), features)

    def encode(self, raw: Table, say: Say) -> NDArray[np.float32]:
        """Return (N, features). Raises Invalid with every column that is missing or holds wrong values."""
        frame = raw.frame
        # filled column by column: all of them side by side as float64 would take three times the memory
        inputs = np.empty((len(frame), self.received.size), np.float32)
        problems: list[Problem] = []
        missing = [column.name for column in self.columns if column.name not in frame.columns]
        if missing:
            problems.append(
                Problem(
                    "",
                    Message(
                        "columns the network needs are missing: {listed}; there are: {others}",
                        listed=listed(missing, 20),
                        others=listed(frame.columns, 20),
                    ),
                )
            )
        start = 0
        for column in self.columns:
            end = start + len(column.features)
            # on past what is missing or wrong, so that a person sees at once all that must be mended
            if column.name in frame.columns:
                try:
                    inputs[:, start:end] = column.encode(frame[column.name], say)
                except Invalid as error:
                    problems += error.problems
            start = end
        if problems:
            raise Invalid(problems)
        return inputs

    @property
    def named(self) -> tuple[str, ...]:
        """Return the columns that are inputs."""
        return tuple(column.name for column in self.columns)

    @property
    def measured(self) -> tuple[str, ...]:
        """Return the columns that are numbers."""
        return tuple(column.name for column in self.columns if isinstance(column, Number))

    @property
    def units(self) -> NDArray[np.float64]:
        """Return (features, 2), offset and scale: value in the data = offset + scale · input."""
        return np.array([unit for column in self.columns for unit in column.units])

    @property
    def implied(self) -> Found:
        """Return whether the file had names: those that it lacks are numbers."""
        numbered = all(column.name.startswith("column ") for column in self.columns)
        return {"header": "no" if numbered else "yes"}
