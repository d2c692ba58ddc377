"""Experiment files: an experiment as readable TOML that keeps its author's comments.

Read with the standard library's parser, which is strict and quick on hostile text, and written with tomlkit,
which keeps comments, order and spelling of what does not change.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from engine.atomic import write_bytes
from engine.choices import Invalid, Message, Problem, problems_in
from engine.experiment import FORMAT, Experiment
from engine.toml_lines import lines_of

MOST_BYTES = 200_000
"""Larger files are no experiments; the limit keeps hostile ones from taking long."""

_MOST_DEPTH = 20
_UNKNOWN = "unknown_setting"
_KEY = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_DEEP_KEY = re.compile(rf"(?<![\w-])(?:{_KEY}){{{_MOST_DEPTH + 1}}}")
"""A key of very many parts, over which the parser would take minutes."""
_DOTTED = re.compile(rf"^[ \t]*+(?:{_KEY})++[\w\"'-]", re.MULTILINE)
_MOST_DOTTED, _MOST_COMMAS = 200, 20_000
"""More names with a point, or values in lists, than any experiment has; tomlkit takes minutes over them."""


@dataclass(frozen=True)
class Loaded:
    """An experiment as read, and what a person should know about the file."""

    experiment: Experiment
    warnings: tuple[Problem, ...]


def read(path: Path) -> Experiment:
    """Return the experiment in a file, its paths as they are written there; see `load`."""
    return load(path).experiment


def load(path: Path) -> Loaded:
    """Return the experiment in a file and its warnings; raises Invalid with every problem found."""
    return parse(read_text(path))


def read_text(path: Path) -> str:
    """Return the text of a file; raises Invalid when it cannot be an experiment."""
    try:
        if not path.is_file():
            found = Message("is a folder" if path.is_dir() else "does not exist")
            raise Invalid(
                [
                    Problem(
                        "",
                        Message("{path} {found}; give an experiment file (*.toml)", path=path, found=found),
                    )
                ]
            )
        if path.stat().st_size > MOST_BYTES:
            raise Invalid(
                [
                    Problem(
                        "",
                        Message(
                            "{path} is larger than {most:,} bytes: not an experiment file",
                            path=path,
                            most=MOST_BYTES,
                        ),
                    )
                ]
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = Message(
            "{path} is not an experiment file: byte {place:,} is not UTF-8 text",
            path=path,
            place=error.start + 1,
        )
        raise Invalid([Problem("", message)]) from None
    except OSError as error:
        raise Invalid(
            [
                Problem(
                    "",
                    Message("{path} cannot be read: {why}", path=path, why=error.strerror or error),
                )
            ]
        ) from None


def parse(text: str) -> Loaded:
    """Return the experiment that `text` describes and its warnings.

    Settings that this program does not know are problems, but only warnings where the file says that it was
    written by a newer one. Raises Invalid with every problem, each with its path and line.
    """
    return understood(parse_values(text), lines_of(text))


def understood(values: dict[str, Any], lines: Mapping[str, int] = MappingProxyType({})) -> Loaded:
    """Do as `parse` with the values of a text; `lines` says where each setting stands.

    Settings of a newer program are taken out of `values`.
    """
    newer = isinstance(values.get("format"), int) and values["format"] > FORMAT
    warnings: list[Problem] = []
    while True:
        try:
            return Loaded(Experiment.model_validate(values), tuple(warnings))
        except ValidationError as error:
            unknown = [tuple(found["loc"]) for found in error.errors() if found["type"] == _UNKNOWN]
            if not newer or not unknown:
                raise Invalid([_with_line(problem, lines) for problem in problems_in(error)]) from None
            for place in unknown:
                _remove(values, place)
                warnings.append(_with_line(_ignored(place), lines))


def parse_values(text: str) -> dict[str, Any]:
    """Return the plain values in a TOML text; raises Invalid saying in which line it is not TOML."""
    if _DEEP_KEY.search(text):
        raise _too_deep()
    if text.count(",") > _MOST_COMMAS or len(_DOTTED.findall(text)) > _MOST_DOTTED:
        why = Message(
            "has more than {names} names with a point, or {commas:,} values in lists",
            names=_MOST_DOTTED,
            commas=_MOST_COMMAS,
        )
        raise Invalid(
            [Problem("", Message("is not an experiment: it {why}; write sections as [data]", why=why))]
        )
    try:
        values = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        last = Message("at the end, line {line}", line=text.count("\n") + 1)
        message = str(error).replace("at end of document", last)
        raise Invalid(
            [Problem("", Message("the experiment file is not valid TOML: {message}", message=message))]
        ) from None
    level: list[Any] = [values]
    for _ in range(_MOST_DEPTH):
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)]
        level = [value for value in level if isinstance(value, dict | list)]
    if level:
        raise _too_deep()
    return values


def _too_deep() -> Invalid:
    return Invalid([Problem("", "is not an experiment: lists or sections are nested too deeply")])


def dump(experiment: Experiment) -> str:
    """Return the experiment as TOML with every default written out."""
    document = tomlkit.document()
    for key, value in plain(experiment).items():
        document.add(key, tomlkit.item(value))
    return tomlkit.dumps(document)


def plain(experiment: Experiment) -> dict[str, Any]:
    """Return the experiment as plain mappings, lists, numbers and texts; what is None is left out."""
    values = experiment.model_dump(mode="json", exclude_none=True)
    simple = {key: value for key, value in values.items() if not isinstance(value, dict | list)}
    sections = {key: value for key, value in values.items() if isinstance(value, dict)}
    lists = {key: value for key, value in values.items() if isinstance(value, list)}
    return simple | sections | lists


def merged(text: str, experiment: Experiment) -> str:
    """Return `text`, an experiment file, changed so that it describes `experiment`.

    Only what differs is touched, so that comments, order and settings of newer programs stay. A text that
    is no experiment is replaced.
    """
    try:
        old = plain(parse(text).experiment)
        document = tomlkit.parse(text)
        _merge(document, old, plain(experiment))
        result = tomlkit.dumps(document)
        return result if parse(result).experiment == experiment else dump(experiment)
    except (Invalid, TOMLKitError, RecursionError):
        return dump(experiment)


def write(experiment: Experiment, path: Path) -> None:
    """Save the experiment, merged into the file where there is one; never leaves half a file.

    Raises OSError when the place cannot be written.
    """
    try:
        text = merged(read_text(path), experiment)
    except Invalid:
        text = dump(experiment)
    write_bytes(path, text.encode())


# ------------------------------------------------------------------------------------------- problems


def _with_line(problem: Problem, lines: Mapping[str, int]) -> Problem:
    place = problem.path
    while place and place not in lines:
        place = place.rpartition(".")[0]
    return (
        Problem(problem.path, Message("{problem} (line {line})", problem=problem.message, line=lines[place]))
        if place
        else problem
    )


def _ignored(place: Sequence[str | int]) -> Problem:
    path = ".".join(str(part) for part in place)
    return Problem(path, "is a setting of a newer version: kept in the file, but not used here")


def _remove(values: Any, place: Sequence[str | int]) -> None:
    for part in place[:-1]:
        values = values[part]
    del values[place[-1]]


# -------------------------------------------------------------------------------------------- merging


def _merge(document: MutableMapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Change the section `document`, which means `old` once defaults are added, so that it means `new`."""
    other_kind = old.get("kind") != new.get("kind")
    for key in old.keys() - new.keys():
        document.pop(key, None)
    for key, value in new.items():
        before = old.get(key)
        if before == value and type(before) is type(value) and not other_kind:
            continue
        if (
            isinstance(before, dict)
            and isinstance(value, dict)
            and isinstance(document.get(key), MutableMapping)
        ):
            _merge(document[key], before, value)
        elif (
            isinstance(before, list)
            and _same_kinds(before, value)
            and len(document.get(key, ())) == len(value)
        ):
            for item, item_before, item_after in zip(document[key], before, value, strict=True):
                _merge(item, item_before, item_after)
        else:
            _put(document, key, value)


def _same_kinds(before: list[Any], after: list[Any]) -> bool:
    """Return whether both are lists of the same choices in the same order, so that each can be merged."""
    kinds = [
        [item.get("kind") if isinstance(item, dict) else None for item in items] for items in (before, after)
    ]
    return kinds[0] == kinds[1] and all(kind is not None for kind in kinds[0])


def _put(document: MutableMapping[str, Any], key: str, value: Any) -> None:
    """Set one value; a comment behind the old one stays."""
    before = document.get(key)
    item = tomlkit.item(value)
    comment = getattr(getattr(before, "trivia", None), "comment", "")
    if comment and not isinstance(value, dict | list):
        item.comment(comment.lstrip("# "))
    document[key] = item
