"""The data family: where examples come from."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from engine.choices import Choice
from engine.data.raw import Raw, Table

Report = Callable[[float, str], None]
"""Called with the share done in [0, 1] and a few words while something long goes on."""


def silent(share: float, words: str) -> None:
    """Report to nobody."""


class Source(Choice, family="data"):
    """A source of examples: a file, a folder, a shipped sample or a generator."""

    drawn: ClassVar[bool] = False
    """Whether the examples are computed from the settings and the seed, so that sliders may redraw them."""

    @property
    def holds(self) -> type[Raw] | None:
        """Return which sort of data this is, where the settings alone tell; None where reading must."""
        return Table if self.drawn else None

    @property
    def suits(self) -> str:
        """Return the kind of task that this data is usually for; empty: any that it has targets for."""
        return ""

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether a file or folder is of this source's own layout.

        That is told by the names of its files, and of plain text by how it begins; nothing is read.
        """
        return False

    @abstractmethod
    def read(self, seed: int, report: Report = silent) -> Raw:
        """Return all examples as they are in the source, before splitting and preprocessing.

        Raises `engine.choices.Invalid`, every problem with the path of the setting to change, when the
        source cannot be read.
        """
