"""Modalities: each kind of data, and everything the program must know of it, as one class in its room.

A room of the data is a folder with a file `modality.py`; whoever meets data of a kind asks `modality_of`.
Nothing here imports what a window does without (pandas, the readers): methods import what they need.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from engine.choices import Family, Message
from engine.data.description import InputKind, PartName, TargetKind
from engine.data.raw import Raw
from engine.data.refusal import refused

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.encoder import Encoder
    from engine.data.inspection.records import Inspection
    from engine.data.new.files import Trained
    from engine.data.new.inputs import Given, NewInputs
    from engine.data.prepared import Prepared
    from engine.data.preprocessing import Preprocessing
    from engine.data.preprocessor import Preprocessor
    from engine.data.source import Report
    from engine.data.split import Split

R = TypeVar("R", bound=Raw)


@dataclass(frozen=True)
class FileSort:
    """A sort of files: what a file of it is called in a sentence, and how the names of such files end.

    Where a folder holds as many files of two sorts, as pictures with a text beside each, it is of the one of
    the lower `rank`. `each`: each file is an example, so that several are as good as their folder. `less`:
    the sort of a file that is called alike and holds the same once more, with less.
    """

    key: str
    words: str
    endings: Collection[str]
    rank: int
    each: bool = False
    less: str = ""


# eq=False: the same is the same object, which lets them be keys though mappings cannot be
@dataclass(frozen=True, eq=False)
class SmallData:
    """Small data of a kind, from which the self-test learns in a few seconds.

    `data`: the settings of its source; `task`: the kind of the task that learns from it; `files`: the content
    of the files that are read, by their paths, where it is no sample: one file, or several in one folder. Of
    lower `rank` is what is simpler.
    """

    data: Mapping[str, Any]
    task: str
    rank: int
    files: Mapping[str, bytes] = field(default_factory=dict)


class Modality(ABC, Generic[R]):
    """One kind of data. A subclass registers itself, once: `class Tables(Modality[Table], kind="table")`."""

    kind: ClassVar[str]
    """What inspections and samples call it."""
    raw: ClassVar[type[Raw]]
    """What its sources read."""
    name: ClassVar[str]
    """What it is called in a sentence."""
    other_names: ClassVar[tuple[str, ...]] = ()
    """What files of earlier versions call it, too."""
    receives: ClassVar[InputKind]
    """What a network receives of it."""
    predicts: ClassVar[tuple[TargetKind, ...]]
    """What can be predicted of it, the likeliest first."""
    sorts: ClassVar[tuple[FileSort, ...]] = ()
    """The sorts of files that are its own."""
    read_from: ClassVar[tuple[str, ...]]
    """The keys of the sorts of files that it is usually read from; others are tried, too."""
    usual_source: ClassVar[str]
    """The kind of source that reads new files where that of the training reads none, as a sample."""

    small: ClassVar[tuple[SmallData, ...]] = ()
    """What the self-test learns from such data, one for each task."""
    looks_at: ClassVar[int] = 2_000
    """Rows of a table by which it is asked: what a table is shows in its beginning, and tables are asked at
    every edit."""
    precedence: ClassVar[int] = 0
    """Of several that a table may hold, it is the one with the lowest."""

    def __init_subclass__(cls, kind: str = "", **rest: Any) -> None:
        """Register a modality; without a kind it is what several share."""
        super().__init_subclass__(**rest)
        if kind:
            # one instance, made here: modalities keep nothing, so that all may share it
            cls.kind = kind
            _REGISTER[kind] = cls()

    @property
    def room(self) -> str:
        """Return the folder of the data that it lies in."""
        # modules are called engine.data.ROOM.modality
        return type(self).__module__.split(".")[-2]

    @property
    @abstractmethod
    def encoder(self) -> type[Encoder]:
        """Return what turns such data into inputs."""

    @abstractmethod
    def prepare(
        self,
        raw: R,
        split: Split,
        preprocessing: Preprocessing,
        target: TargetKind,
        seed: int,
        report: Report,
    ) -> Prepared:
        """Return the data, split, and preprocessed as the training part says. Raises Invalid."""

    @abstractmethod
    def inspect(self, raw: R, prepared: Prepared | None, split: Split, folder: Path | None) -> Inspection:
        """Return what the data page shows of it; `prepared` is None where it cannot be trained on yet.

        `folder` is the one in which the file lies that was read.
        """

    def guess(self, raw: R) -> TargetKind | None:
        """Return which kind of target fits what is to be predicted; None where nothing is chosen."""
        return self.predicts[0]

    def joined(self, raw: R, other: R, part: PartName) -> tuple[R, list[str]]:
        """Return both as one, `other` published as that part, and what a person should know of that.

        Raises Invalid, with the setting that names its file, when they do not fit or there is no such part.
        """
        raise refused(
            f"data.{part}_path",
            Message(
                "{name} can have no file of its own for a part: it is split in its order", name=self.name
            ),
        )

    @abstractmethod
    def sample(self, path: Path, facts: Mapping[str, Any], settings: Any, report: Report) -> R:
        """Return a shipped sample: its file, and what the TOML beside it says.

        `settings` are those of the source. Raises OSError, ValueError or KeyError when it is damaged.
        """

    @abstractmethod
    def new(self, raw: R, preprocessor: Preprocessor) -> NewInputs:
        """Return new data that was read as inputs. Raises Invalid where the network cannot take it."""

    def latest(self, raw: R, preprocessor: Preprocessor) -> NewInputs:
        """Return the end of the data as one input, whose future nobody knows yet. Raises Invalid without."""
        raise refused("", "only a forecast can do without new inputs; give a file, or a folder")

    @abstractmethod
    def typed(self, given: Given, trained: Trained, report: Report) -> Raw:
        """Return rows, texts or pixels that a person typed or drew, for a network trained on such data.

        Raises Invalid where they are of another kind.
        """

    def stands_in(self, table: pd.DataFrame, folder: Path | None, targets: Collection[str]) -> bool:
        """Return whether the first rows of a table say that it holds such data, and is more than a table.

        `folder` is the one it lies in, `targets` are the columns to be predicted, where some are chosen.
        """
        return False

    def rows_of_each(self, table: pd.DataFrame) -> int:
        """Return how many rows of a table each course in it has; of data that is none, all."""
        return len(table)

    def seen_in(self, table: pd.DataFrame, targets: Collection[str]) -> str:
        """Return what exactly a table holds, as "4 series over time"; "" where its kind says it all."""
        return ""

    def refuse_file(self, path: Path) -> None:
        """Raise Invalid where a file that is there is plainly of another kind than that of the training."""


_REGISTER: dict[str, Modality[Any]] = {}


def modalities() -> Mapping[str, Modality[Any]]:
    """Return every modality by its kind."""
    import_module("engine.data.rooms")  # by its name: rooms stand on this file, and not the other way round
    return _REGISTER


@cache
def modality_of(raw: type[Raw]) -> Modality[Any]:
    """Return the modality of raw data of a class."""
    # by identity: sets of labelled examples share a base class, and each has a modality of its own
    return next(one for one in modalities().values() if one.raw is raw)


@cache
def file_sorts() -> Mapping[str, FileSort]:
    """Return every sort of files, first those that decide what a folder is where two are equally many.

    An ending that a source alone knows belongs to the first sort of what the source reads.
    """
    found = {sort.key: sort for one in modalities().values() for sort in one.sorts}
    known = {ending for sort in found.values() for ending in sort.endings}
    # by the family: importing sources here would go round in a circle
    for choice in Family.every["data"].values():
        held = getattr(choice(), "holds", None)
        own = set(getattr(choice, "endings", ())) - known
        if own and held is not None and modality_of(held).sorts:
            sort = found[modality_of(held).sorts[0].key]
            found[sort.key] = replace(sort, endings=(*sort.endings, *sorted(own)))
    return {sort.key: sort for sort in sorted(found.values(), key=lambda sort: sort.rank)}
