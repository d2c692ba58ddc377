"""Encoders: how raw data of one kind becomes the inputs of a network. Fitted on the training part."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from engine.data.cells.values import LONGEST_NAME
from engine.data.description import Inputs
from engine.data.raw import Found, Raw

Say = Callable[[str], None]
"""Takes a sentence that a person should read."""

Name = Annotated[str, Field(max_length=LONGEST_NAME)]
FARTHEST = 1e30
"""Encoded values are held within this, so that no float32 becomes infinite."""


class Fitted(BaseModel):
    """A frozen record read from JSON with suspicion."""

    # a file from elsewhere: NaN as a scale would make every input NaN and raise nothing
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Encoder(Fitted, ABC):
    """How raw data of one kind becomes the inputs of a network."""

    kind: str
    """What preprocessing.json calls it."""
    takes: ClassVar[type[Raw]]
    """The raw data it is for."""
    what: ClassVar[str]
    """What such data is called in a sentence."""

    @property
    @abstractmethod
    def received(self) -> Inputs:
        """Return one example as the network receives it."""

    @abstractmethod
    def encode(self, raw: Any, say: Say) -> NDArray[np.float32] | NDArray[np.int32]:
        """Return (N, *shape) from raw data of the kind it takes. Raises Invalid where it does not fit.

        `say` is told what a person should know.
        """

    def answers(self, raw: Any) -> NDArray[np.int64] | NDArray[np.int32] | NDArray[np.float32]:
        """Return targets that lie in the data itself (tags, tokens, the future), where it has them."""
        # no Invalid: who asks has not looked at what is predicted, a fault of the program
        raise TypeError(f"the targets of {self.what} are labels")

    @property
    def named(self) -> tuple[str, ...]:
        """Return the columns or channels that are inputs, where they have names."""
        return ()

    @property
    def measured(self) -> tuple[str, ...]:
        """Return the columns of a table that are numbers."""
        return ()

    @property
    def units(self) -> NDArray[np.float64]:
        """Return (numbers of an example, 2), offset and scale: value in the data = offset + scale · input.

        Inputs that have no units of their own are as they are.
        """
        return np.tile([0.0, 1.0], (self.received.size, 1))

    @property
    def implied(self) -> Found:
        """Return what it tells of the settings of the source, for runs that kept nothing they found."""
        return {}
