"""Prepared data: examples of each part, the facts, and how it all came about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from engine.data.description import PARTS, Description, PartName
from engine.data.examples import Examples
from engine.data.preprocessor import Preprocessor
from engine.data.raw import Found, Labelled, Raw

_ROWS = 4096


@dataclass(frozen=True)
class Prepared:
    """Data that is ready for training: examples of each part, the facts, and how it all came about."""

    description: Description
    train: Examples
    validation: Examples
    test: Examples
    preprocessor: Preprocessor
    raw: Raw
    notices: tuple[str, ...] = field(default=())
    """What a person should know: what was left out, filled or guessed."""
    group: str = ""
    """What seems to say which examples belong together, where no group is chosen."""
    raw_of_test: Raw | None = None
    """What the test part was read from, where that is a file of its own that came later."""

    def raw_of(self, name: PartName) -> Raw:
        """Return what the examples of a part were read from, which their rows count."""
        return self.raw_of_test if name == "test" and self.raw_of_test is not None else self.raw

    def part(self, name: PartName) -> Examples:
        """Return the examples of one part."""
        return {"train": self.train, "validation": self.validation, "test": self.test}[name]

    def truth(self, examples: Examples) -> NDArray[np.float64]:
        """Return the true numbers (N, T) of some of the examples as they were read, in the data's units.

        Those of a forecast are worked out from what is learnt, as its examples are windows and no rows.
        Formula: value = standardised * scale + mean, per target
        """
        if self._numbers is not None:
            return self._numbers[examples.rows]
        targets = self.description.targets
        return np.asarray(examples.targets * np.array(targets.scale) + np.array(targets.mean), np.float64)

    @cached_property
    def _numbers(self) -> NDArray[np.float64] | None:
        # Not from the standardised targets: their 24 bits lose the cents of a price in millions.
        return self.preprocessor.numbers(self.raw) if isinstance(self.raw, Labelled) else None

    @property
    def found(self) -> Found:
        """Return what reading found out of the settings of the source, kept for reading new data alike."""
        return self.raw.found

    def watched(self) -> Prepared:
        """Return the same data with the training part in the place of a validation part that is empty.

        Scores are then followed on what is learnt, which says nothing about new data; the facts stay as they
        are.
        """
        return self if len(self.validation) else replace(self, validation=self.train)

    @property
    def data_hash(self) -> str:
        """Return BLAKE2b (128 bits, hexadecimal) of inputs, targets, rows and weights, part by part."""
        digest = blake2b(digest_size=16)
        for part in PARTS:
            examples = self.part(part)
            weights = () if examples.weights is None else (examples.weights,)
            for array in (examples.inputs, examples.targets, examples.rows, *weights):
                wide = np.dtype(np.int64) if array.dtype == np.int32 else array.dtype
                # form and type as well: the same bytes may be another array
                digest.update(f"{part} {wide.str} {array.shape}\n".encode())
                for start in range(
                    0, len(array), _ROWS
                ):  # tokens are counted as runs of earlier versions did
                    digest.update(np.ascontiguousarray(array[start : start + _ROWS], wide).data)
        return digest.hexdigest()
