"""Choices and families: one registered option with its settings, and all options of one sort.

    class Optimizer(Choice, family="optimizers"): ...                  # a family: abstract
    class Adam(Optimizer, kind="adam", title="Adam"): ...              # a choice: final

Defining the class is all there is to adding a choice.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, cast

from pydantic import (
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from engine.choices.messages import Message
from engine.choices.problems import did_you_mean
from engine.choices.records import Record


@dataclass(frozen=True)
class ChoiceText:
    """What a choice says of itself, read from its docstring.

    The docstring's first line is the summary; paragraphs that begin with "Formula:" and "Source:" are the
    formula and the paper or book; everything else explains.
    """

    summary: str
    explanation: str
    formula: str
    source: str


class Choice(Record):
    """One option of a family with its own settings. Families are its direct subclasses, choices theirs."""

    family: ClassVar[Family]
    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    rank: ClassVar[int]

    def __init_subclass__(cls, *, family: str = "", kind: str = "", rank: int = 100, **config: Any) -> None:
        """Register the class as a family (`family=`) or as a choice of its family (`kind=`, `title=`).

        Choices are listed by `rank`, small first; those of equal rank as they were defined. A family that
        lies in several files, read in the order of their names, puts its simplest choice first this way.
        """
        super().__init_subclass__(**config)
        if family:
            cls.family = Family.create(family, cls)
        elif kind:
            # pydantic keeps what a class is defined with (title=...) in its configuration
            cls.kind, cls.title, cls.rank = kind, cls.model_config.get("title") or kind, rank
            cls.family.add(cls)

    @property
    def key(self) -> str:
        """Return what results of this choice are called: the kind, and settings that are not the usual ones.

        So two of one kind stand side by side, as `top_k` and `top_k(k=2)`.
        """
        # the usual settings go without saying: what was called so before there was a setting keeps its name
        chosen = {name: value for name, value in self if value != type(self).model_fields[name].default}
        settings = ", ".join(f"{name}={value}" for name, value in chosen.items())
        return f"{self.kind}({settings})" if settings else self.kind

    @classmethod
    def kinds(cls) -> Mapping[str, type[Self]]:
        """Return all choices of a family by kind, simplest first, with the type that its base class has."""
        return cast("Mapping[str, type[Self]]", cls.family)

    @classmethod
    def text(cls) -> ChoiceText:
        """Return the summary, explanation, formula and source from the docstring."""
        paragraphs = [" ".join(part.split()) for part in inspect.cleandoc(cls.__doc__ or "").split("\n\n")]
        marked = {"Formula: ": "", "Source: ": ""}
        plain = []
        for paragraph in paragraphs:
            mark = next((mark for mark in marked if paragraph.startswith(mark)), None)
            if mark is None:
                plain.append(paragraph)
            else:
                marked[mark] = paragraph.removeprefix(mark)
        return ChoiceText(plain[0], "\n".join(plain[1:]), marked["Formula: "], marked["Source: "])

    @classmethod
    def taken_over(cls, before: Choice) -> dict[str, Any]:
        """Return the settings that a choice of this kind keeps of one of another kind, chosen before.

        Nothing usually: the learning rate that suits one optimizer does not suit another.
        """
        return {}

    @model_serializer(mode="wrap")
    def _with_kind(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # first, so that it heads its section in a file
        return {"kind": self.kind, **handler(self)}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let a field annotated with a family's base class look its `kind` up in the registry."""
        # of its own: choices inherit the family, and have a schema like any record
        if "family" in cls.__dict__:
            return _lookup_schema(cls.family)
        schema: CoreSchema = handler(source)
        return schema

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Show a family as an object whose kind is one of the registered ones."""
        if "family" in cls.__dict__:
            return {
                "type": "object",
                "properties": {"kind": {"enum": list(cls.family)}},
                "required": ["kind"],
            }
        shown = super().__get_pydantic_json_schema__(schema, handler)
        handler.resolve_ref_schema(shown)["description"] = cls.text().summary
        return shown


class Family(Mapping[str, type[Choice]]):
    """All choices of one sort by kind, simplest first: by rank, then in the order they are defined."""

    every: ClassVar[dict[str, Family]] = {}
    """Every family of the program by name. Whole once `engine.experiment` is imported."""

    def __init__(self, name: str, base: type[Choice]) -> None:
        """Start an empty family; use `create`, which also registers it."""
        self.name, self.base = name, base
        self._choices: dict[str, type[Choice]] = {}

    @classmethod
    def create(cls, name: str, base: type[Choice]) -> Family:
        """Register a family under its name and return it."""
        return cls.every.setdefault(name, cls(name, base))

    def add(self, choice: type[Choice]) -> None:
        """Register a choice; raises ValueError when its kind is taken by another class."""
        taken = self._choices.get(choice.kind)
        # by name: a module that is loaded again brings the same class anew
        if taken is not None and taken.__qualname__ != choice.__qualname__:
            raise ValueError(
                Message(
                    "{family}: {kind!r} is both {one} and {other}",
                    family=self.name,
                    kind=choice.kind,
                    one=taken.__name__,
                    other=choice.__name__,
                )
            )
        self._choices[choice.kind] = choice
        # sorted() is stable: those of equal rank stay as they were defined
        self._choices = dict(sorted(self._choices.items(), key=lambda item: item[1].rank))

    def __getitem__(self, kind: str) -> type[Choice]:
        """Return the choice of that kind; raises KeyError, naming those there are."""
        if kind not in self._choices:
            raise KeyError(self._unknown(kind))
        return self._choices[kind]

    def __contains__(self, kind: object) -> bool:
        """Return whether there is a choice of that kind (without looking for similar names, as [] does)."""
        return kind in self._choices

    def __iter__(self) -> Iterator[str]:
        """Iterate over the kinds, simplest first."""
        return iter(self._choices)

    def __len__(self) -> int:
        """Return the number of choices."""
        return len(self._choices)

    def parse(self, value: object) -> Choice:
        """Return the choice that `value` (a choice of ours, a mapping with `kind`, or its kind) describes.

        Raises pydantic's ValidationError with every problem.
        """
        if isinstance(value, self.base):
            return value
        if isinstance(value, str) and value in self._choices:
            value = {"kind": value}
        if not isinstance(value, Mapping):
            raise _error(
                self,
                (),
                value,
                Message('must be a section with kind = "..."{guess}', guess=did_you_mean("", self)),
            )
        kind = value.get("kind")
        if not isinstance(kind, str) or kind not in self._choices:
            raise _error(self, ("kind",), kind, self._unknown(kind))
        # `kind` is no field, and unknown fields are refused
        return self._choices[kind].model_validate({key: item for key, item in value.items() if key != "kind"})

    def _unknown(self, kind: object) -> str:
        if kind is None:
            return Message("is missing{guess}", guess=did_you_mean("", self))
        return Message(
            "no {kind} among the {name}{guess}",
            kind=repr(kind),
            name=self.name,
            guess=did_you_mean(str(kind), self),
        )


def _error(family: Family, place: tuple[str, ...], value: object, text: str) -> ValidationError:
    # in the context: braces in the text would else be taken for values of pydantic's template
    problem = PydanticCustomError("problem", "{text}", {"text": text})
    return ValidationError.from_exception_data(
        family.name, [InitErrorDetails(type=problem, loc=place, input=value)]
    )


def _lookup_schema(family: Family) -> CoreSchema:
    return core_schema.no_info_plain_validator_function(
        family.parse,
        serialization=core_schema.plain_serializer_function_ser_schema(_dumped, info_arg=True),
    )


def _dumped(choice: Choice, info: SerializationInfo) -> dict[str, Any]:
    """Return the plain values of a choice, those that are None left out where that is asked for."""
    return choice.model_dump(exclude_none=info.exclude_none)


def kind_of(key: str) -> str:
    """Return the kind of the choice whose results are called so, whatever its settings."""
    return key.partition("(")[0]
