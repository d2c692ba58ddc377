"""Encoders: how raw data of one sort becomes the inputs of a network. Fitted on the training part."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.data.description import Inputs
from engine.data.fitted import Fitted, Say
from engine.data.raw import Raw


class Encoder(Fitted, ABC):
    """How raw data of one sort becomes the inputs of a network."""

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
        """Return (N, *shape) from raw data of the sort it takes. Raises Invalid where it does not fit.

        `say` is told what a person should know.
        """

    def answers(self, raw: Any) -> NDArray[np.int64] | NDArray[np.int32] | NDArray[np.float32]:
        """Return targets that lie in the data itself (tags, tokens, the future), for sorts that have them."""
        raise TypeError(f"the targets of {self.what} are labels")
