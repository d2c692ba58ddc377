"""A query: which runs a person wants to see, as words and conditions.

`optimizer.learning_rate < 0.01 tag:paper digits` is one. Several words and conditions must all hold; `or`,
`not` and parentheses join them otherwise. Text in quotation marks is one word.
"""

from __future__ import annotations

import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Protocol

from typing_extensions import override

from engine.choices import Invalid, Message, Problem
from engine.runs.lists.listing import RunEntry

Metrics = Mapping[str, Mapping[str, float]]


class Queried(Protocol):
    """What a query looks at of one run."""

    @property
    def words(self) -> str:
        """Return all that words are looked for in, in lower case."""

    def values(self, name: str) -> Iterable[object]:
        """Return the values of the fields that a name means; none where the run has no such field."""


class Query(ABC):
    """A condition on a run."""

    @abstractmethod
    def matches(self, run: Queried) -> bool:
        """Return whether the run is wanted."""

    @property
    @abstractmethod
    def names(self) -> frozenset[str]:
        """The names of the fields that are asked for."""


@dataclass(frozen=True)
class WordQuery(Query):
    """The run's words hold this text, in lower case."""

    text: str

    @override
    def matches(self, run: Queried) -> bool:
        return self.text in run.words

    @property
    @override
    def names(self) -> frozenset[str]:
        return frozenset()


@dataclass(frozen=True)
class Condition(Query):
    """A field of that name compares so with a value, which is a number where it reads as one."""

    name: str
    sign: str
    value: str

    @override
    def matches(self, run: Queried) -> bool:
        found = list(run.values(self.name))
        if self.sign == "!=":
            # a run without the field is neither equal nor different
            return bool(found) and not any(_equal(one, self.value) for one in found)
        return any(_SIGNS[self.sign](one, self.value) for one in found)

    @property
    @override
    def names(self) -> frozenset[str]:
        return frozenset({self.name})


@dataclass(frozen=True)
class Every(Query):
    """All of these hold; of none, every run is wanted."""

    parts: tuple[Query, ...]

    @override
    def matches(self, run: Queried) -> bool:
        return all(part.matches(run) for part in self.parts)

    @property
    @override
    def names(self) -> frozenset[str]:
        return frozenset().union(*(part.names for part in self.parts))


@dataclass(frozen=True)
class Either(Query):
    """At least one of these holds."""

    parts: tuple[Query, ...]

    @override
    def matches(self, run: Queried) -> bool:
        return any(part.matches(run) for part in self.parts)

    @property
    @override
    def names(self) -> frozenset[str]:
        return frozenset().union(*(part.names for part in self.parts))


@dataclass(frozen=True)
class Not(Query):
    """This does not hold."""

    part: Query

    @override
    def matches(self, run: Queried) -> bool:
        return not self.part.matches(run)

    @property
    @override
    def names(self) -> frozenset[str]:
        return self.part.names


def query_of(text: str) -> Query:
    """Return what a person has written as a query; raises Invalid where something is missing."""
    reader = _QueryReader(text)
    found = reader.either()
    if reader.next:  # all that can be left over
        raise _missing(Message("one ) too many"))
    return found


def unknown_names(query: Query, runs: Sequence[Queried]) -> tuple[str, ...]:
    """Return the names that a query asks for and none of the runs has a value of, as misspelt ones."""
    asked = sorted(query.names - set(_FACTS) - set(_ORIGINS))
    return tuple(name for name in asked if not any(any(True for _ in run.values(name)) for run in runs))


def values_of(name: str, entry: RunEntry, experiment: Mapping[str, Any], scores: Metrics) -> list[object]:
    """Return the values of the fields of a run that a name means.

    First a fact of the run (state, epoch, tag, whether it is a branch, its parent), then a field
    by its path (optimizer.learning_rate), by its last name (learning_rate) or a section, which stands for its
    kind (optimizer); then a score by part (test.accuracy), where none is named on the validation part.
    """
    if name in _FACTS:
        return list(_FACTS[name](entry))
    if name in _ORIGINS:
        start = experiment.get("start")
        return list(_ORIGINS[name](start if isinstance(start, Mapping) else {}))
    part, _, rest = name.partition(".")
    found = list(_fields(experiment, name))
    if not found and rest:
        found = [scores[part][rest]] if rest in scores.get(part, {}) else []
    elif not found:
        found = [one for section in experiment.values() for one in _fields(section, name)]
    known = scores.get("validation", {})
    # by "loss" one means its kind, or what it came to, which compares with numbers alone
    if name in _LOSSES and "loss" in known:
        return [*found, known["loss"]]
    return found or ([known[name]] if name in known else [])


_ORIGINS: Mapping[str, Callable[[Mapping[str, Any]], Iterable[object]]] = {
    # with weights of a step; what begins with the kept ones is a fine-tuned run
    "branch": lambda start: [bool(start.get("weights")) and type(start.get("step")) is int],
    "parent": lambda start: [PurePath(str(start["weights"])).name] if start.get("weights") else [],
}
"""Where a run comes from, by how it was begun."""

_LOSSES = ("loss", "best_loss")
"""How people call the loss on validation; the second as the table does."""


_FACTS: Mapping[str, Callable[[RunEntry], Iterable[object]]] = {
    "name": lambda entry: [entry.name],
    "note": lambda entry: [entry.note],
    "tag": lambda entry: entry.tags,
    "starred": lambda entry: [entry.starred],
    "state": lambda entry: [entry.state],
    # as the table calls it
    "status": lambda entry: [entry.state],
    "epoch": lambda entry: [entry.epoch],
    "step": lambda entry: [entry.step],
    "seconds": lambda entry: [entry.seconds],
}
"""What a run is beside its experiment and its scores. Their names come before those of settings."""


def _fields(within: object, path: str) -> Iterable[object]:
    """Yield the values at a path; those of each entry where a list is on the way, a section by its kind."""
    if isinstance(within, list):
        # Of one by its kind, as "regularizers.weight_decay.strength", or of all: "regularizers.strength".
        kind, _, rest = path.partition(".")
        named = [one for one in within if isinstance(one, Mapping) and one.get("kind") == kind]
        for one in named or within:
            yield from _fields(one, (rest or "kind") if named else path)
    elif isinstance(within, Mapping):
        name, _, rest = path.partition(".")
        value = within.get(name)
        if rest:
            yield from _fields(value, rest)
        else:
            for one in value if isinstance(value, list) else [value]:
                itself = one.get("kind") if isinstance(one, Mapping) else one
                # an empty section has no kind, and TOML has no None
                yield from () if itself is None else (itself,)


# -------------------------------------------------------------------------------------- comparing


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _equal(one: object, text: str) -> bool:
    if isinstance(one, bool):
        return text.casefold() in (("yes", "true", "1") if one else ("no", "false", "0"))
    if isinstance(one, int | float):
        return one == _number(text)
    return str(one).casefold() == text.casefold()


def _holds(one: object, text: str) -> bool:
    return text.casefold() in one.casefold() if isinstance(one, str) else _equal(one, text)


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[object, str], bool]:
    def holds(one: object, text: str) -> bool:
        limit = _number(text)
        known = isinstance(one, int | float) and not isinstance(one, bool)
        return known and limit is not None and compare(float(one), limit)  # type: ignore[arg-type]

    return holds


_SIGNS: Mapping[str, Callable[[object, str], bool]] = {
    ":": _holds,
    "=": _equal,
    "==": _equal,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
}

# ---------------------------------------------------------------------------------------- reading

_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"?|(?P<sign><=|>=|!=|==|[<>=:()])|(?P<plain>[^\s<>=!:()"]+|!)')
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_WIDE = {ord(sign) + 0xFEE0: sign for sign in ":<>=()!"} | {0x3000: " "}
"""Signs as a Chinese keyboard writes them: Unicode has wide forms of all of ASCII, 0xFEE0 further on."""


class _QueryReader:
    """Reads a query from left to right, each method one rule of its grammar."""

    def __init__(self, text: str) -> None:
        self._tokens = [
            (match.lastgroup or "", match["quoted"] or match["sign"] or match["plain"] or "")
            for match in _TOKEN.finditer(text.translate(_WIDE))
        ]

    @property
    def next(self) -> str:
        """Return the next token, "" at the end and for words in quotation marks, which mean themselves."""
        kind, text = self._tokens[0] if self._tokens else ("", "")
        return "" if kind == "quoted" else text

    def either(self) -> Query:
        """Return conditions joined by `or`."""
        parts = [self._every()]
        while self.next.casefold() == "or":
            self._take()
            parts.append(self._every(after="or"))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _every(self, after: str = "") -> Query:
        parts: list[Query] = []
        while self._tokens and self.next != ")" and self.next.casefold() != "or":
            if self.next.casefold() == "and":
                after = self._take()
            parts.append(self._one(after))
            after = ""
        if after:
            raise _missing(Message("something is missing after {word}", word=after))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self, after: str) -> Query:
        if self.next.casefold() == "not":
            return Not(self._one(self._take()))
        if self.next == "(":
            self._take()
            inside = self.either()
            if self.next != ")":
                raise _missing(Message("a ) is missing"))
            self._take()
            return inside
        if not self._tokens or self.next in (")", "or", "and"):
            raise _missing(Message("something is missing after {word}", word=after or self.next))
        quoted = self._tokens[0][0] == "quoted"
        word = self._take()
        if quoted or not self._tokens or self._tokens[0][0] != "sign" or self.next in ("(", ")"):
            return WordQuery(word.casefold())
        return self._comparison(word)

    def _comparison(self, name: str) -> Query:
        sign = self._take()
        if not self._tokens or self._tokens[0][0] == "sign":
            raise _missing(Message("the value after {name} {sign} is missing", name=name, sign=sign))
        value = self._take()
        if not _NAME.fullmatch(name):
            return WordQuery(f"{name}{sign}{value}".casefold())  # no field is called so: 12:30, a drive
        if sign in ("<", "<=", ">", ">=") and _number(value) is None:
            raise _missing(Message("after {name} {sign} a number is wanted", name=name, sign=sign))
        return Condition(name, sign, value)

    def _take(self) -> str:
        return self._tokens.pop(0)[1]


def _missing(why: Message) -> Invalid:
    return Invalid([Problem("", why)])
