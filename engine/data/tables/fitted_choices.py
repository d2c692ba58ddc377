"""Fitted columns of several choices: each choice of a cell becomes an input of its own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from engine.choices import Message, joined
from engine.data.cells.label_sets import all_labels, indicators
from engine.data.cells.values import counted, listed
from engine.data.encoder import Fitted, Name, Say


class Choices(Fitted):
    """Several of some words: an input per word, 1 where the cell holds it, else 0 (multi-hot).

    `mark` stands between the words of a cell, as label sets have it. With `other`, rare words of training and
    those never seen there share an input. With `missing`, an empty cell has one; without, it holds no word.
    """

    kind: Literal["choices"] = "choices"
    name: Name
    mark: Annotated[str, Field(min_length=1, max_length=8)]
    words: Annotated[tuple[Name, ...], Field(min_length=1, max_length=10_000)]
    other: bool = False
    missing: bool = False

    @property
    def features(self) -> tuple[str, ...]:
        """Return the names of the inputs it becomes."""
        # a list times False is empty
        rest = [Message("{name}: another", name=self.name)] * self.other + [
            Message("{name} is missing", name=self.name)
        ] * self.missing
        return (*(f"{self.name}: {word}" for word in self.words), *rest)

    @property
    def units(self) -> tuple[tuple[float, float], ...]:
        """Return (offset, scale) of each input: value in the data = offset + scale · input."""
        return ((0.0, 1.0),) * len(self.features)

    def encode(self, column: pd.Series[Any], say: Say) -> NDArray[np.float64]:
        """Return (N, inputs) zeros and ones; words that training did not know are told."""
        known = set(self.words)
        strange = tuple(word for word in all_labels(column, self.mark) if word not in known)
        if strange and not self.other:
            say(
                Message(
                    "{name}: not seen in training: {listed}; counted as none of the known",
                    name=self.name,
                    listed=listed(strange),
                )
            )
        held = indicators(column, self.mark, (*self.words, *strange))
        gone = np.isnan(held).any(axis=1)
        if gone.any():
            how = "which has an input of its own" if self.missing else "taken as none of the known"
            say(Message("{name}: {gone} missing, {how}", name=self.name, gone=int(gone.sum()), how=how))
        held = np.nan_to_num(held)
        count = len(self.words)
        rest = [held[:, count:].any(axis=1)] * self.other + [gone] * self.missing
        return np.column_stack([held[:, :count], *rest])

    def summary(self) -> str:
        """Return in words what becomes of the column."""
        rest = ["one for all others"] * self.other + ["one for missing"] * self.missing
        each = Message(
            "{inputs}: one for each of {count} choices",
            inputs=counted(len(self.features), "input"),
            count=len(self.words),
        )
        return joined(", ", each, *map(Message, rest))
