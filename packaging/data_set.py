"""What a data set is: the packages it comes from, and how it is made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data_packages import Package

Make = Callable[[Sequence[Path], Path], None]
"""Given the folders of the unpacked packages, in their order, fill an empty folder with plain files.

Raises SetupError where the packages hold something else than expected.
"""


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """A published data set that packages carry.

    `size` is what it takes on disk, in words; `open_with` how an experiment names it, as lines of its [data]
    section in which FOLDER stands for the set's folder.
    """

    title: str
    licence: str
    size: str
    packages: tuple[Package, ...]
    make: Make
    open_with: str
