"""New files, read by the source of the training: every setting, chosen or found, holds as it held there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from engine.choices import Family, Invalid, Message, Problem, did_you_mean, fields
from engine.data.cells.number_forms import SECONDS
from engine.data.cells.units import are_of_one_kind, in_seconds
from engine.data.files.layouts import sort_of
from engine.data.modality import file_sorts, modality_of
from engine.data.preprocessor import Preprocessor
from engine.data.raw import UNITS, Found, Raw
from engine.data.source import Source


class Attempt(Protocol):
    """What was made of a new file, read in one way."""

    @property
    def raw(self) -> Raw:
        """The data as it was read."""

    @property
    def lost(self) -> int:
        """How many rows nothing could be made of."""


T = TypeVar("T", bound=Attempt)


@dataclass(frozen=True)
class Trained:
    """What is known of how a network's training read its data.

    `source` is that of the run, `found` what reading found out there, `told` the settings of the source that
    a person wants otherwise for what is new.
    """

    preprocessor: Preprocessor
    source: Source | None = None
    found: Found = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)

    def reader(self, path: Path) -> Source:
        """Return the source that reads a new file, before anything that was found is filled in.

        Raises Invalid where a setting that is told is none of it, or has no such value, and where a path
        leads to no file.
        """
        own = None if self.source is None else self.source.at(path)
        if own is None:
            usual: Any = Family.every["data"][modality_of(self.preprocessor.encoder.takes).usual_source]
            own = usual(path=str(path))
        _refuse_unknown(own, self.told)
        # before it is read, so that a wrong value is told of its setting and not of the file
        told = own.told(self.told)
        told.refuse_odd_paths()
        return told

    def setting(self, name: str, otherwise: Any) -> Any:
        """Return what a setting of the source is, chosen or found."""
        if name in self.told:
            return self.told[name]
        return self.found.get(name, getattr(self.source, name, otherwise))

    @property
    def units(self) -> Mapping[str, str]:
        """Return the unit of each column of numbers that had one in training; runs of before know none."""
        units = self.found.get(UNITS, {})
        return units if isinstance(units, Mapping) else {}

    def known(self) -> Found:
        """Return what was found in training, or of a run that kept nothing what its preprocessing tells."""
        found = {**self.preprocessor.encoder.implied, **self.found}
        # the path found in training is that of the old file
        return {name: value for name, value in found.items() if name not in self.told and name != "path"}


def _refuse_unknown(source: Source, told: Mapping[str, Any]) -> None:
    names = [field.name for field in fields(type(source))]
    problems = [
        Problem(
            f"data.{name}",
            Message(
                "is no setting of {title}{guess}",
                title=source.title,
                guess=did_you_mean(name, names),
            ),
        )
        for name in told
        if name not in names
    ]
    if problems:
        raise Invalid(problems)


def read_as_trained(trained: Trained, path: Path, use: Callable[[Source], T]) -> tuple[T, list[str]]:
    """Return what `use` makes of a new file, and what a person should know of how it was read.

    What was chosen always holds. What was found in training holds where the file can be read so: what does
    not fit (an encoding that does not decode it, a column that is not there) is found anew and told, and so
    is everything where fewer rows are lost that way. Raises Invalid as `use` does.
    """
    reader, known = trained.reader(path), trained.known()
    tries: list[Found] = [known, {}]
    results: list[T] = []
    refusals: list[Invalid] = []
    # a file that fits is read once; only where rows are lost another way may be better
    while tries and not any(result.lost == 0 for result in results):
        found = tries.pop(0)
        try:
            results.append(use(reader.filled(found)))
        except Invalid as error:
            refusals.append(error)
            wrong = {problem.path.removeprefix("data.") for problem in error.problems} & set(found)
            if wrong:  # first without what was said not to fit, and only then without anything
                tries.insert(0, {name: value for name, value in found.items() if name not in wrong})
    if not results:
        # the first refusal: it says what did not fit to the training, the later ones follow from guesses
        raise _with_kinds(refusals[0], trained.preprocessor.encoder.takes, path)
    # min takes the first of equals, which is as in training
    best = min(results, key=lambda result: result.lost)
    return best, _told(reader, known, best.raw.found, trained.preprocessor.predicted.names)


def _with_kinds(refusal: Invalid, taken: type[Raw], path: Path) -> Invalid:
    """Return a refusal that says first what the network takes and what was given, where these differ."""
    given = sort_of(path)
    modality = modality_of(taken)
    if given is None or given in modality.read_from:
        return refusal
    words = Message(
        "this network was trained on {name}; {other} holds {words}",
        name=modality.name,
        other=path.name,
        words=file_sorts()[given].words,
    )
    return Invalid([Problem("", words), *refusal.problems])


def _in_words(reader: Source, name: str, value: object) -> str:
    """Return what a setting amounts to as the form shows it: UTF-16, and not utf-16."""
    options = next((one.setting.options for one in fields(type(reader)) if one.name == name), {})
    return options.get(value, value) if isinstance(value, str) else str(value)


def _told(reader: Source, known: Found, found: Found, targets: Collection[str]) -> list[str]:
    """Return what was found otherwise than in training; a reader reports what it had to find out."""
    labels = {one.name: one.setting.label for one in fields(type(reader))}
    other: list[str] = [
        Message(
            "{setting}: {here}, not {before}",
            setting=labels.get(name, name),
            here=_in_words(reader, name, found[name]),
            before=_in_words(reader, name, known[name]),
        )
        for name in known
        if found.get(name, known[name]) != known[name] and not isinstance(known[name], Mapping)
    ]
    told = _other_units(known, found, targets)
    if other:
        told.append(
            Message(
                "read otherwise than in training, as the file does not fit that: {other}",
                other="; ".join(other),
            )
        )
    return told


def _other_units(known: Found, found: Found, targets: Collection[str]) -> list[str]:
    """Return which numbers of a new file have another unit than those of training had."""
    before, here = known.get(UNITS), found.get(UNITS)
    if not isinstance(before, Mapping) or not isinstance(here, Mapping):
        return []  # runs of earlier versions do not say it
    types = known.get("types")
    numbers = (
        {
            name
            for name, kind in types.items()
            if kind in ("number", "positive", "measure", "range", "first_number")
        }
        if isinstance(types, Mapping)
        else set()
    )
    told: list[str] = []
    for name, unit in here.items():
        usual = before.get(name, "")
        # durations are taken in any unit of time, but for answers, which are as they stand in the file
        if usual == SECONDS and name not in targets and in_seconds(unit) is not None:
            continue
        if name not in targets and usual != unit and are_of_one_kind((usual, unit)):
            told.append(
                Message(
                    "{name}: numbers in {unit} are taken in {usual}, as in training",
                    name=name,
                    unit=unit,
                    usual=usual,
                )
            )
            continue
        # a number without a unit may well be in the usual one, but 45 % is neither 45 nor 0.45
        if name in numbers and unit.casefold() != usual.casefold() and (usual or unit in ("%", "‰")):
            trained = Message("in {unit}" if usual else "without a unit", unit=usual)
            told.append(
                Message(
                    "{name}: numbers in {unit}, but in training {trained}: unless both mean the same, "
                    "predictions are wrong; write them as in training",
                    name=name,
                    unit=unit,
                    trained=trained,
                )
            )
    return told
