"""The data family: where examples come from."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import PrivateAttr, ValidationError
from typing_extensions import override

from engine.choices import Choice, Field, Invalid, Message, Problem, Record, fields, problems_in
from engine.choices.settings import PATHS
from engine.data.cells.rules import NEWEST, Rules
from engine.data.files.layouts import ends_in
from engine.data.raw import Found, Raw
from engine.ordinary import is_ordinary

if TYPE_CHECKING:
    from engine.data.preprocessor import Preprocessor

_ANSWERS = ("target", "label")
"""Settings that name what is to be predicted, where it is a column."""
Report = Callable[[float, str], None]
"""Called with the share done in [0, 1] and a few words while something long goes on."""


def silent(share: float, words: str) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class ReadBefore:
    """What earlier versions read otherwise than today, for a run that learnt it so.

    `durations`: whether 45分钟 is a time, in seconds, and not the number 45; `rules`: the newest
    rules of its day for what cells mean; `columns`: those that are kept though they only count the rows;
    `timeless`: whether a course was learnt in the order of its rows, as no column was known to tell times;
    `only`: the columns that were read, as a later version may find more in the same file; None where all are.
    """

    durations: bool = True
    rules: Rules = NEWEST
    columns: tuple[str, ...] = ()
    timeless: bool = False
    only: frozenset[str] | None = None


class Source(Choice, family="data"):
    """A source of examples: a file, a folder, a shipped sample or a generator."""

    drawn: ClassVar[bool] = False
    """Whether the examples are computed from the settings and the seed, so that sliders may redraw them."""

    endings: ClassVar[tuple[str, ...]] = ()
    """How the names of files end that it reads: dialogs offer them, and one that no other source reads tells
    what a dropped file is."""

    came_later: ClassVar[Mapping[str, Any]] = {}
    """Settings that earlier versions had not, with the value that does as those did. A run's experiment names
    every setting, so that one that is lacking tells how old it is."""

    # no setting, as nobody chooses it and no new experiment has it: it is known of a run's own folder alone
    _before: ReadBefore = PrivateAttr(default_factory=ReadBefore)

    _by_hand: frozenset[str] = PrivateAttr(default=frozenset())

    def read_as(self, before: ReadBefore) -> Self:
        """Return the same source, to be read as an earlier version did."""
        made = self.model_copy()
        made._before = before
        return made

    @override
    def replaced(self, **changes: object) -> Self:
        """Do as every record does; how an earlier version read stays."""
        made = super().replaced(**changes).read_as(self._before)
        made._by_hand = self._by_hand
        return made

    @property
    def durations(self) -> bool:
        """Return whether minutes and hours are read as times."""
        return self._before.durations

    @property
    def rules(self) -> Rules:
        """Return the newest of the rules by which cells are read."""
        return self._before.rules

    @property
    def columns_read(self) -> frozenset[str] | None:
        """Return the columns that are read of all that today's rules find; None where all are."""
        return self._before.only

    def with_only(self, columns: Iterable[str]) -> Self:
        """Return the same source, to read these columns alone."""
        return self.read_as(replace(self._before, only=frozenset(columns)))

    @property
    def by_hand(self) -> frozenset[str]:
        """Return the columns whose type a person has chosen, where what was found stands beside it."""
        return self._by_hand

    @property
    def holds(self) -> type[Raw] | None:
        """Return which sort of data this is, where the settings alone tell; None where reading must."""
        return None

    @property
    def suits(self) -> str:
        """Return the kind of task that this data is usually for; empty: any that it has targets for."""
        return ""

    @classmethod
    def recognizes(cls, path: Path) -> bool:
        """Return whether a file or folder is of this source's own layout.

        That is told by the names of its files, and of plain text by how it begins; nothing is read.
        """
        return path.is_file() and cls.alone_reads(path)

    @classmethod
    def may_read(cls, path: Path) -> bool:
        """Return whether it is the one to try with a file or folder that no source recognizes."""
        return False

    @classmethod
    def alone_reads(cls, path: Path) -> bool:
        """Return whether the ending of a name says that this source reads the file, and no other does."""
        readers = [source for source in cls.every() if ends_in(path, *source.endings)]
        return readers == [cls]

    @classmethod
    def every(cls) -> list[type[Source]]:
        """Return all sources, simplest first."""
        return [*Source.kinds().values()]

    def named_paths(self) -> dict[str, str]:
        """Return the files and folders that the settings name, by the names of the settings."""
        named = [field.name for field in fields(type(self)) if field.setting.role in PATHS]
        return {name: value for name in named if isinstance(value := getattr(self, name), str) and value}

    def refuse_odd_paths(self) -> None:
        """Raise Invalid for every path that leads to a device, a pipe or a socket."""
        odd = [
            Problem(
                f"data.{name}",
                Message("{path} is a device, a pipe or a socket; choose a file or a folder", path=path),
            )
            for name, path in self.named_paths().items()
            if not is_ordinary(Path(path))
        ]
        if odd:
            raise Invalid(odd)

    def read_ordinary(self, seed: int, report: Report = silent) -> Raw:
        """Do as `read`, with the parts beside it that lie in files of their own.

        Paths that lead to no file, which would hold the reader for good, are refused.
        """
        from engine.data.files.parts_beside import told_beside
        from engine.data.joining import SETTINGS, with_part

        self.refuse_odd_paths()
        paths = self.named_paths()
        raw = self.read(seed, report)
        for part, setting in SETTINGS.items():
            if setting in paths:
                path = Path(paths[setting])
                raw = with_part(raw, self._read_part(raw, path, setting, report), part, path.name)
        if "path" not in paths or SETTINGS["test"] not in type(self).model_fields:
            return raw
        read = [Path(paths[setting]) for setting in SETTINGS.values() if setting in paths]
        return raw.told((*raw.notices, *told_beside(Path(paths["path"]), read)))

    def _read_part(self, raw: Raw, path: Path, setting: str, report: Report) -> Raw:
        """Return the examples of a part in a file of its own, read as the others were."""
        # as the training file was found to be: a short file may suggest something else
        other = self.filled(raw.found).at(path)
        assert other is not None  # sources with a file of their own for a part read files
        try:
            return other.read(0, report)
        except Invalid as error:
            # the settings of the second reading are nowhere to be seen; its file is
            elsewhere = [Problem(f"data.{setting}", problem.message) for problem in error.problems]
            raise Invalid(elsewhere) from None

    @classmethod
    def suited_to(cls, rows: int) -> dict[str, Any]:
        """Return the settings to begin with for data of so many rows. Nothing usually: the defaults do."""
        return {}

    @classmethod
    def taken_over(cls, before: Choice) -> dict[str, Any]:
        """Return what is said of the same data in another way: where it is, how its file is written.

        Only what differs from its default there and may be said here, so that nothing typed is lost. What is
        to be predicted is so in both, be it called target or label.
        """
        own = {field.name: field for field in fields(cls)}
        given = {
            field.name: getattr(before, field.name)
            for field in fields(type(before))
            # a default was chosen by nobody, and the new source may have a better one
            if field.name in own and getattr(before, field.name) != field.default
        }
        answer, chosen = _answer_of(cls), _answer_of(type(before))
        if answer is not None and chosen is not None and answer.name not in given:
            columns = getattr(before, chosen.name)
            columns = columns if isinstance(columns, tuple) else (columns,) * bool(columns)
            if columns and (answer.setting.role == "columns" or len(columns) == 1):
                given[answer.name] = columns if answer.setting.role == "columns" else columns[0]
        return {name: value for name, value in given.items() if cls._may_be(name, value)}

    @classmethod
    def _may_be(cls, name: str, value: object) -> bool:
        try:
            # one value alone, as the others of a whole source may be wrong or missing
            cls.__pydantic_validator__.validate_assignment(cls.model_construct(), name, value)
        except ValidationError:
            return False
        return True

    @abstractmethod
    def read(self, seed: int, report: Report = silent) -> Raw:
        """Return all examples as they are in the source, before splitting and preprocessing.

        Raises `engine.choices.Invalid`, every problem with the path of the setting to change, when the
        source cannot be read.
        """

    def read_new(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Return new data of this layout, for a network that was `trained` on such: answers may be missing.

        Where the rows of a file are the examples, each row of the file is one, also a blank one. What is
        there of the answers is read, too. Raises Invalid as `read`.
        """
        return self.read(0, report)

    def read_labelled(self, trained: Preprocessor, report: Report = silent) -> Raw:
        """Return new data with the answers, by which a network that was `trained` on such is to be judged.

        Raises Invalid as `read`.
        """
        return self.read(0, report)

    def at(self, path: Path) -> Self | None:
        """Return the same source for another file or folder; None where new data of its own sort is read
        in another way, as pictures beside those of MNIST, or where it reads no file at all.

        Other paths of the settings belong to the old file and are emptied.
        """
        paths = [field.name for field in fields(type(self)) if field.setting.role in PATHS]
        if "path" not in paths:
            return None
        return self.replaced(**{**dict.fromkeys(paths, ""), "path": str(path)})

    def filled(self, found: Found) -> Self:
        """Return the same source with what reading found out in the place of what was to be found out.

        What is no setting of this source, or no value that it may have, is left aside.
        """
        known = {name: value for name, value in found.items() if name in type(self).model_fields}
        try:
            made = self.replaced(**known)
        except ValidationError as error:
            # a run of another version may have found values that are none today
            wrong = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
            made = self.replaced(**{name: value for name, value in known.items() if name not in wrong})
        made._by_hand = frozenset(dict(getattr(self, "types", ())))
        return made

    def told(self, changes: Mapping[str, Any]) -> Self:
        """Return the same source with settings changed by a person. Raises Invalid where one cannot be."""
        try:
            return self.replaced(**changes)
        except ValidationError as error:
            raise Invalid([problem.under("data") for problem in problems_in(error)]) from None


def _answer_of(source: type[Record]) -> Field | None:
    """Return the setting that names what is to be predicted by its column; None where there is none."""
    named = (field for field in fields(source) if field.name in _ANSWERS)
    return next((field for field in named if field.setting.role in ("column", "columns")), None)
