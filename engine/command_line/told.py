"""What is told otherwise at the prompt: settings of the data of a run, for a new file or a new place.

Every setting of the run's source can be told with --set data.NAME=VALUE; those that several sources share
have an option of their own, made from their fields.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.choices import Family, Field, Invalid, Message, Problem, fields
from engine.choices.settings import PATHS
from engine.command_line.experiments import toml_value
from engine.data import rooms  # noqa: F401 - fills the family of sources
from engine.data.source import Source

MOVED = "say with --data PATH where it lies now"
_SHARED = 2
"""Settings that so many sources have get an option of their own."""


def every_setting() -> frozenset[str]:
    """Return the names of the settings that sources of files have."""
    sources_of_files = [source for source in Family.every["data"].values() if "path" in source.model_fields]
    return frozenset(field.name for source in sources_of_files for field in fields(source))


@contextmanager
def asking_for_data(source: Source, words: str) -> Iterator[None]:
    """Add to a refusal how a person says where the data lies now, where some of it is not there any more."""
    try:
        yield
    except Invalid as error:
        # everything is there, so that its place is not what is wrong
        if all(Path(path).exists() for path in source.named_paths().values()):
            raise
        raise Invalid(
            [*error.problems, Problem("", Message("if the data was moved, {words}", words=words))]
        ) from None


@cache
def shared_settings() -> tuple[Field, ...]:
    """Return the settings that several sources of files have, each once; paths are told in other ways."""
    there = [
        field
        for source in Family.every["data"].values()
        if "path" in source.model_fields
        for field in fields(source)
        if field.setting.role not in PATHS
    ]
    counts = Counter(field.name for field in there)
    # the last of a name stays in a dict: backwards, the first
    first = {field.name: field for field in reversed(there) if counts[field.name] >= _SHARED}
    return tuple(dict(sorted(first.items())).values())


def add_told(parser: argparse.ArgumentParser, taken: Sequence[str] = ()) -> None:
    """Add the options by which settings of the data are told otherwise; `taken` names other options."""
    group = parser.add_argument_group("how the data is read, where it is not as in training")
    group.add_argument(
        "--set",
        action="extend",
        nargs="+",
        default=[],
        metavar="data.NAME=VALUE",
        help="change any setting of the source, as in data.longest_gap=100",
    )
    for field in shared_settings():
        if field.name not in taken:
            option, text = "--" + field.name.replace("_", "-"), field.setting.help.replace("%", "%%")
            group.add_argument(option, dest=f"told_{field.name}", metavar="VALUE", help=text)


def told_in(chosen: argparse.Namespace) -> dict[str, str]:
    """Return what was told by name, as it was written. Raises Invalid where --set is written wrongly."""
    found: dict[str, str] = {}
    for change in chosen.set:
        path, equals, value = change.partition("=")
        section, _, name = path.strip().partition(".")
        if not equals or section != "data" or not name:
            raise Invalid([Problem(change, "must be data.NAME=VALUE, as in data.sheet=2024")])
        found[name] = value.strip()
    # with a prefix of their own, as a source may call a setting like an option of the command
    options = {
        name.removeprefix("told_"): value for name, value in vars(chosen).items() if name[:5] == "told_"
    }
    return found | {name: value for name, value in options.items() if value is not None}


def read_told(source: Source, written: Mapping[str, str]) -> dict[str, Any]:
    """Return values as the source takes them: a text where it takes texts, else what it means in TOML.

    A path is meant from the current folder. What it does not take is left for it to refuse.
    """
    return {name: _read(source, name, text) for name, text in written.items()}


def _read(source: Source, name: str, text: str) -> Any:
    roles = {field.name: field.setting.role for field in fields(type(source))}
    # who knows TOML quotes texts, which are not read as TOML here
    plain = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
    if roles.get(name) in PATHS:
        return str(Path(plain).expanduser().absolute()) if plain else ""
    # the text first: a sheet called 2024 is a name, and only elsewhere a number
    if name in roles and _takes(source, name, plain):
        return plain
    return toml_value(text)


def _takes(source: Source, name: str, value: object) -> bool:
    try:
        source.replaced(**{name: value})
    except ValidationError:
        return False
    return True
